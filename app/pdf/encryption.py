"""Password-protected files: AES-256 (ISO 32000-2, revision 6), by pikepdf.

The file is drawn in memory, and only its encrypted form reaches the disk. It is not PDF/A, which forbids encryption.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO

from app.errors import UserError

MIN_PASSWORD_LENGTH = 6


def check_password(password: str) -> None:
    """Refuse a password that is too short; an empty one means no encryption.

    Raises:
        UserError: it is too short
    """
    if password and len(password) < MIN_PASSWORD_LENGTH:
        raise UserError(f"PDF 的打开密码至少 {MIN_PASSWORD_LENGTH} 个字符。")


@contextmanager
def encrypted_output(file: BinaryIO, password: str) -> Iterator[BinaryIO]:
    """The stream to draw a PDF into: the file itself, or with a password a buffer that is encrypted into it."""
    if not password:
        yield file
        return
    import pikepdf

    content = BytesIO()
    yield content
    content.seek(0)
    encryption = pikepdf.Encryption(user=password, owner=secrets.token_urlsafe(24), R=6)
    with pikepdf.open(content) as pdf:
        pdf.save(file, encryption=encryption)
