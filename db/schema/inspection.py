"""Rounds and inspections by checklist. docs/domain/checklists.md §1.3–1.4."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Event, Record, reference


class ChecklistVersion(Record):
    """A checklist as it was when a round first used it, word for word, so that an old round prints as it was scored."""

    __tablename__ = "checklist_used"
    LABEL = "评分标准"
    TITLE = ("title",)
    PARENT = ""
    KEY = ("village", "text")
    PRINTED = ("inspections", "score_sheet")

    code: Mapped[str | None] = column("标准代码", derived=True)
    title: Mapped[str | None] = column("标准名称", derived=True)
    text: Mapped[str | None] = column("标准全文", "long", derived=True)


class Round(Record):
    """一轮检查: a dated inspection of all households of a village, or of chosen ones."""

    __tablename__ = "round"
    LABEL = "检查轮次"
    TITLE = ("title",)
    PARENT = ""
    KEY = ("village", "checklist_id", "title", "started_on")
    PRINTED = ("inspections", "round_summary")

    checklist_id: Mapped[str | None] = reference("评分标准", "checklist_used")
    title: Mapped[str | None] = column("轮次名称", required=True)
    period: Mapped[str | None] = column("周期", "choice", options="round_period")
    started_on: Mapped[date | None] = column("开始日期", "date", required=True)
    due_on: Mapped[date | None] = column("截止日期", "date")
    state: Mapped[str | None] = column("状态", "choice", options="round_state")
    scope: Mapped[str | None] = column("检查范围", "long", derived=True)
    note: Mapped[str | None] = column("备注", "long")


class Inspection(Record):
    """One inspector at one household. A round may hold several for a household; the checklist says which one counts."""

    __tablename__ = "inspection"
    LABEL = "入户检查"
    TITLE = ("seen_on", "inspector")
    PARENT = "household_id"
    KEY = ("round_id", "household_id", "inspector")
    PRINTED = ("inspections", "score_sheet")
    EVENTS = (Event("评分", ("seen_on",), ("round_id",)),)

    round_id: Mapped[str | None] = reference("检查轮次", "round")
    household_id: Mapped[str | None] = reference("户", "household")
    inspector: Mapped[str | None] = column("检查人", required=True, short=True)
    seen_on: Mapped[date | None] = column("检查日期", "date", required=True)
    note: Mapped[str | None] = column("情况说明", "long")


class Answer(Record):
    """The value given to one check point. The total is never stored: it follows from the answers and the checklist."""

    __tablename__ = "answer"
    LABEL = "检查要点结果"
    TITLE = ("check",)
    PARENT = "inspection_id"
    KEY = ("inspection_id", "check")
    PRINTED = ("inspections", "score_sheet")

    inspection_id: Mapped[str | None] = reference("入户检查", "inspection")
    check: Mapped[str | None] = column("检查要点", derived=True)
    value: Mapped[str | None] = column("结果", "choice", options="check_value")
    note: Mapped[str | None] = column("情况说明")
