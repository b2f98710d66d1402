"""问责记录: who was called to account for what, until it was put right. Names are masked in lists."""

from app.registers.engine.register import Count, Layout, Ledger, Register, Step
from app.registers.engine.topic import Topic
from db.schema.responsibility import Accountability

REGISTER = Register(
    record=Accountability,
    topic=Topic.SUPERVISION,
    subject="village",
    order=79,
    columns=(
        "name", "post", "matter", "kind", "decided_by", "document", "decided_on", "corrected_on", "lifted_on", "note",
    ),
    filters=("kind",),
    sort="-decided_on",
    dated="decided_on",
    in_archive=False,
    steps=(
        Step("决定", "decided_on", needs=("kind", "matter")),
        Step("整改", "corrected_on"),
        Step("期满", "lifted_on", optional=True),
    ),
    sheet=Layout({"matter": ("问责情形", "问题"), "decided_by": ("问责机关",), "document": ("文号",)}),
    ledger=Ledger(
        "问责情况台账",
        columns=("name", "post", "matter", "kind", "decided_by", "document", "decided_on", "corrected_on"),
        widths={"matter": 60, "decided_by": 36},
        progress=False,
    ),
    figures=(Count("问责人次"), Count("未整改", where=Accountability.corrected_on.is_(None))),
)  # fmt: skip
