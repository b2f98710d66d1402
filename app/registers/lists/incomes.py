"""收入: one row a household and year, and on a second sheet one row an item."""

from app.registers.engine.register import Children, Register
from db.schema.income import IncomeLine, IncomeYear

LIST = Register(
    record=IncomeYear,
    subject="household",
    order=15,
    columns=(
        "year", "people", "period_start", "period_end", "reported_net", "reported_per_head", "medical_self_paid",
        "claim_income",         "calculated_by", "calculated_on", "note",
    ),
    dated="year",
    children=(
        Children(IncomeLine, ("item", "what", "quantity", "unit_price", "amount", "evidence", "note")),
    ),
)  # fmt: skip
