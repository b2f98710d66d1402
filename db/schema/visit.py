"""What belongs to visits: helpers who came along, policies that were explained, and the plan of a month."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class VisitParticipant(Record):
    """走访的联系人: a helper who came along. Others are named in the visit's own text."""

    __tablename__ = "visit_participant"
    LABEL = "走访的联系人"
    TITLE = ("helper_id",)
    PARENT = "visit_id"
    KEY = ("visit_id", "helper_id")
    PRINTED = ("visits", "visit_ledger")

    visit_id: Mapped[str | None] = reference("走访记录", "visit")
    helper_id: Mapped[str | None] = reference("帮扶联系人", "helper")
    note: Mapped[str | None] = column("备注")


class VisitPolicy(Record):
    """宣讲的政策: a policy of the library that was explained at a visit."""

    __tablename__ = "visit_policy"
    LABEL = "宣讲的政策"
    TITLE = ("policy_id",)
    PARENT = "visit_id"
    KEY = ("visit_id", "policy_id")
    PRINTED = ("visits", "visit_ledger")

    visit_id: Mapped[str | None] = reference("走访记录", "visit")
    policy_id: Mapped[str | None] = reference("政策", "policy")
    note: Mapped[str | None] = column("农户反应")


class VisitPlan(Record):
    """走访计划: which helper is to visit which household in which month, and why."""

    __tablename__ = "visit_plan"
    LABEL = "走访计划"
    TITLE = ("month", "helper_id")
    PARENT = "household_id"
    KEY = ("household_id", "helper_id", "month")
    PRINTED = ("visit_plan_ledger",)

    household_id: Mapped[str | None] = reference("户", "household")
    helper_id: Mapped[str | None] = reference("帮扶联系人", "helper")
    month: Mapped[str | None] = column("计划月份", "month", required=True)
    target_on: Mapped[date | None] = column("计划日期", "date")
    reason: Mapped[str | None] = column("走访事由", "choice", options="visit_reason")
    note: Mapped[str | None] = column("备注", "long")
