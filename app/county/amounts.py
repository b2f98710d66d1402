"""Numbers as they are typed on the page of the county's rules, or stand in a county's file."""

from decimal import Decimal, InvalidOperation

from app.errors import UserError
from app.records.validators import FULL_WIDTH

_LIMIT = 10**8  # no rule of a county counts so far


def parse_amount(label: str, typed: str, *, whole: bool = False) -> Decimal | None:
    """The number that was typed, None for an empty cell.

    Args:
        label: what is counted, for the sentence
        whole: the program counts it in whole ones

    Raises:
        UserError: it is no number, or not a whole one
    """
    text = typed.strip()
    if not text:
        return None
    amount = finite(text.translate(FULL_WIDTH).replace(",", ""))
    if amount is None:
        raise UserError(f"“{label}”应填写数字，“{text[:20]}”不符合要求。")
    if whole and amount % 1:
        raise UserError(f"“{label}”应填写整数，“{text[:20]}”不符合要求。")
    return amount


def finite(text: object) -> Decimal | None:
    """A number within what can be counted with, None for anything else."""
    try:
        amount = Decimal(str(text))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < _LIMIT else None
