"""动态管理: what becomes of a household and its people, what it rests on, how it was decided, what it changed."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, reference


class LifeEvent(Record):
    """One event: a birth, a death, another head, a split, an exit. What it changed was written in the same operation.

    Steps and clocks: app/registers/life_event.py; what each kind asks for and touches: app/life_events.
    """

    __tablename__ = "life_event"
    LABEL = "动态管理"
    TITLE = ("kind", "happened_on")
    PARENT = "household_id"
    KEY = ("household_id", "kind", "happened_on", "people")
    BLANK_IN_KEY = ("people",)
    PRINTED = ("life_event", "life_event_ledger", "life_event_form", "life_event_notice")
    EVENTS = (Event("动态管理", ("happened_on",), ("kind", "people", "basis")),)

    household_id: Mapped[str | None] = reference("户", "household")
    other_household_id: Mapped[str | None] = reference("另一户", "household", required=False)
    kind: Mapped[str | None] = column("变更类型", "choice", options="life_event_kind", required=True)
    people: Mapped[str | None] = column("涉及成员", short=True)
    cause: Mapped[str | None] = column("变更原因")
    happened_on: Mapped[date | None] = column("变更日期", "date", required=True)
    basis: Mapped[str | None] = column("依据", "choice", options="life_event_basis", required=True)
    basis_note: Mapped[str | None] = column("依据文号或说明")
    effect: Mapped[str | None] = column("变更内容", "long", derived=True, sensitive=True)
    publicity_days: Mapped[int | None] = column("应公示天数", "integer", derived=True, unit="天")
    applied_on: Mapped[date | None] = column("申请日期", "date")
    checked_on: Mapped[date | None] = column("入户核查日期", "date")
    checked_by: Mapped[str | None] = column("核查人", short=True)
    appraised_on: Mapped[date | None] = column("民主评议日期", "date")
    notice_on: Mapped[date | None] = column("公示开始日期", "date")
    notice_until: Mapped[date | None] = column("公示结束日期", "date")
    objection: Mapped[str | None] = column("公示期间异议", "long")
    town_on: Mapped[date | None] = column("乡镇审核日期", "date")
    county_on: Mapped[date | None] = column("县级批准日期", "date")
    announced_on: Mapped[date | None] = column("公告日期", "date")
    settled_on: Mapped[date | None] = column("办结日期", "date")
    note: Mapped[str | None] = column("备注", "long")
