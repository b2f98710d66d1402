"""What a patient pays of a medical bill."""

from decimal import Decimal

from db.schema.health import MedicalExpense

SCHEMES = ("basic", "serious", "rescue", "supplement")  # in the order in which they pay


def own_part(bill: MedicalExpense, *schemes: str) -> Decimal:
    """What these schemes leave over of the eligible costs, of all costs where nobody says which are eligible; yuan."""
    costs = bill.eligible if bill.eligible is not None else bill.total or Decimal()
    return max(costs - sum((getattr(bill, name) or Decimal() for name in schemes), Decimal()), Decimal())
