"""Files that open with a password only: AES-256 (ISO 32000-2, revision 6), by pikepdf.

A locked file is drawn in memory and only its locked form reaches the disk. It is no PDF/A, which forbids encryption.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO

LEAST = 6


@contextmanager
def writing(file: BinaryIO, password: str) -> Iterator[BinaryIO]:
    """What to draw a PDF into: the file itself, or with a password what is locked into the file at the end."""
    if not password:
        yield file
        return
    import pikepdf

    content = BytesIO()
    yield content
    content.seek(0)
    lock = pikepdf.Encryption(user=password, owner=secrets.token_urlsafe(24), R=6)
    with pikepdf.open(content) as pdf:
        pdf.save(file, encryption=lock)
