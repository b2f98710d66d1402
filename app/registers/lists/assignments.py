"""结对帮扶: which helper has which household from when to when; past ones stay in the list."""

from app.registers.engine.register import Layout, Register
from db.schema.aid import Assignment

LIST = Register(
    record=Assignment,
    group="",
    subject="household",
    order=13,
    columns=("helper_id", "started_on", "ended_on", "change_reason", "note"),
    sheet=Layout({"helper_id": ("帮扶人姓名", "帮扶责任人")}),
)
