"""How personal numbers are hidden on screens, in logs and in notices: the usual practice of the county offices."""

import re

_NUMBERS = ("id", "phone", "bank")  # the masks of numbers; names stay, or nobody could find the household
# behind an ID number the kind and level of a disability, and how often the certificate was issued again
_DISABILITY = r"(?<![0-9])[0-9]{6}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx][0-9]{2}(?:B[0-9])?(?![0-9])"
_ID_NUMBER = re.compile(rf"(?<![0-9])[0-9]{{17}}[0-9Xx](?![0-9])|{_DISABILITY}")
_MOBILE_NUMBER = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_MASK = re.compile(r"\*{4}[0-9]{3}[0-9Xx]")  # how each of these ends once it is masked
_BANK_CARD = re.compile(r"(?<![0-9])62[0-9]{14,17}(?![0-9])")  # of UnionPay; an ID number is masked before


def mask_text(text: str, style: str) -> str:
    """`text` with its middle hidden.

    Args:
        style: "id" first 6 and last 4 (of a 20-digit card too, whose kind and level are hidden), "phone" first 3 and
            last 4, "bank" last 4, "name" the first character
    """
    if style == "id":
        visible = text[:18]
        hidden_count = len(visible) - 10
        return (
            f"{visible[:6]}{'*' * hidden_count}{visible[-4:]}{'*' * (len(text) - 18)}"
            if hidden_count > 0
            else "*" * len(text)
        )
    if style == "phone":
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else "*" * len(text)
    if style == "bank":
        return f"****{text[-4:]}" if len(text) > 4 else "****"
    return f"{text[:1]}**"


def mask_numbers(text: str) -> str:
    """A sentence with every ID number, bank card and mobile number in it masked."""
    masked = _ID_NUMBER.sub(lambda match: mask_text(match[0], "id"), text)
    masked = _BANK_CARD.sub(lambda match: mask_text(match[0], "bank"), masked)
    return _MOBILE_NUMBER.sub(lambda match: mask_text(match[0], "phone"), masked)


def holds_mask(text: str) -> bool:
    """Whether a number in a sentence was masked."""
    return bool(_MASK.search(text))


def mask_kind(mask: str, name: str, *, long: bool) -> str:
    """How a column is masked: as a number, or "text" where numbers may stand in what was written; "" for neither.

    Args:
        mask, name, long: of the column; of what is long the lines are wrapped
    """
    if mask in _NUMBERS:
        return mask
    return "text" if long or name == "value" else ""


def mask_value(value: str, kind: str) -> str:
    """A value by what `mask_kind` says of its column."""
    if kind == "text":
        return mask_numbers(value)
    return mask_text(value, kind) if value and kind else value
