"""The code on a cover: which volume it is and what it said when it was printed. It names no person.

"HD1|档号|content hash|check": the hash is app/archive/fingerprint.py's, the check tells a code that was read wrong or
altered from one that is not known. Beside it stands a short code to type, of the hash alone.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from app.errors import OfficeError

_MARK = "HD1"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: without I, L, O and U, which are mistaken
_MISTAKEN = str.maketrans("OIL", "011")
_SIGN = re.compile(rf"{_MARK}\|([^|]*)\|([0-9a-f]{{32}})\|([0-9a-f]{{4}})")
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Sign:
    """What a code says. `content`: 32 hex digits of the hash; only their beginning where a short code was typed."""

    file_no: str
    content: str

    @property
    def text(self) -> str:
        """The text in the square sign."""
        said = f"{_MARK}|{self.file_no.replace('|', ' ')}|{self.content}"
        return f"{said}|{_check(said)}"

    @property
    def short(self) -> str:
        """The short code, e.g. "7K3D-9QXM-2F4T"."""
        return short(self.content)


def short(content: str) -> str:
    """The short code of a content hash: its first 60 bits."""
    bits = int(content[:15], 16)
    letters = "".join(_LETTERS[bits >> 5 * n & 31] for n in reversed(range(_SHORT)))
    return "-".join(letters[n : n + 4] for n in range(0, _SHORT, 4))


def read(text: str) -> Sign:
    """The code in a text that was scanned or typed; `file_no` is "" for a short code.

    Raises:
        OfficeError: it is none of ours, or it was altered
    """
    found = _SIGN.search(text)
    if found:
        sign = Sign(found[1], found[2])
        if sign.text != found[0]:
            raise OfficeError("这个校验码读错了或被改动过。请重新扫描封面上的码，或输入码旁的 12 位校验码。")
        return sign
    typed = re.sub(r"[\s\-－—]", "", text).upper().translate(_MISTAKEN)
    if len(typed) == _SHORT and set(typed) <= set(_LETTERS):
        bits = 0
        for letter in typed:
            bits = bits << 5 | _LETTERS.index(letter)
        return Sign("", f"{bits:015x}")
    if _MARK in text:
        raise OfficeError("校验码不完整或被改动过。请重新扫描封面上的码，或输入码旁的 12 位校验码。")
    raise OfficeError("这不是档案封面上的校验码。请扫描封面上的码，或输入码旁的 12 位校验码。")


def _check(said: str) -> str:
    return sha256(said.encode()).hexdigest()[:4]
