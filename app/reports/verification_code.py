"""The code on a cover: which archive it is and its content when it was printed. It names no person.

"HD1|档号|content hash|check": the hash is that of app/reports/content_hash.py; the check tells a code that was misread
or altered from one that is unknown. Beside it is a short code for typing, of the hash alone.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from app.errors import UserError

_PREFIX = "HD1"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: without I, L, O and U, which are mistaken
_CONFUSABLE = str.maketrans("OIL", "011")
_PATTERN = re.compile(rf"{_PREFIX}\|([^|]*)\|([0-9a-f]{{32}})\|([0-9a-f]{{4}})")
_SHORT_LENGTH = 12


@dataclass(frozen=True, slots=True)
class VerificationCode:
    """The fields of a code. `content`: 32 hex digits of the hash; only the first ones if a short code was typed."""

    file_no: str
    content: str

    @property
    def payload(self) -> str:
        """The text of the QR code."""
        body = f"{_PREFIX}|{self.file_no.replace('|', ' ')}|{self.content}"
        return f"{body}|{_checksum(body)}"

    @property
    def short_code(self) -> str:
        """The short code, e.g. "7K3D-9QXM-2F4T"."""
        return short_code(self.content)


def short_code(content: str) -> str:
    """The short code of a content hash: its first 60 bits."""
    bits = int(content[:15], 16)
    letters = "".join(_ALPHABET[bits >> 5 * n & 31] for n in reversed(range(_SHORT_LENGTH)))
    return "-".join(letters[n : n + 4] for n in range(0, _SHORT_LENGTH, 4))


def parse(text: str) -> VerificationCode:
    """Read a code that was scanned or typed; `file_no` is "" for a short code.

    Raises:
        UserError: it is not one of our codes, or it was altered
    """
    match = _PATTERN.search(text)
    if match:
        code = VerificationCode(match[1], match[2])
        if code.payload != match[0]:
            raise UserError("这个校验码读错了或被改动过。请重新扫描封面上的码，或输入码旁的 12 位校验码。")
        return code
    typed = re.sub(r"[\s\-－—]", "", text).upper().translate(_CONFUSABLE)
    if len(typed) == _SHORT_LENGTH and set(typed) <= set(_ALPHABET):
        bits = 0
        for letter in typed:
            bits = bits << 5 | _ALPHABET.index(letter)
        return VerificationCode("", f"{bits:015x}")
    if _PREFIX in text:
        raise UserError("校验码不完整或被改动过。请重新扫描封面上的码，或输入码旁的 12 位校验码。")
    raise UserError("这不是档案封面上的校验码。请扫描封面上的码，或输入码旁的 12 位校验码。")


def _checksum(body: str) -> str:
    return sha256(body.encode()).hexdigest()[:4]
