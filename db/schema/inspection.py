"""Rounds and inspections by checklist: what an inspector saw in a home on a day. docs/domain/checklists.md §1.3–1.4."""

from datetime import date

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, derived_id, reference


class ChecklistVersion(Record):
    """A checklist as it was when a round first used it, word for word, so that an old round prints as it was scored."""

    __tablename__ = "checklist_used"
    LABEL = "评分标准"

    code: Mapped[str | None] = column("标准代码", derived=True)
    title: Mapped[str | None] = column("标准名称", derived=True)
    text: Mapped[str | None] = column("标准全文", "long", derived=True)

    @staticmethod
    def id_of(village: str, text: str) -> str:
        return derived_id("checklist_used", village, text)


class Round(Record):
    """一轮检查: a dated inspection of all homes of a village, or of chosen ones."""

    __tablename__ = "round"
    LABEL = "检查轮次"

    checklist_id: Mapped[str | None] = reference("评分标准", "checklist_used")
    title: Mapped[str | None] = column("轮次名称", required=True)
    period: Mapped[str | None] = column("周期", "choice", options="round_period")
    started_on: Mapped[date | None] = column("开始日期", "date", required=True)
    due_on: Mapped[date | None] = column("截止日期", "date")
    state: Mapped[str | None] = column("状态", "choice", options="round_state")
    scope: Mapped[str | None] = column("检查范围", "long", derived=True)
    note: Mapped[str | None] = column("备注", "long")


class Inspection(Record):
    """One inspector's look at one home. A round may hold several of a home; the checklist says which one counts."""

    __tablename__ = "inspection"
    LABEL = "入户检查"

    round_id: Mapped[str | None] = reference("检查轮次", "round")
    household_id: Mapped[str | None] = reference("户", "household")
    inspector: Mapped[str | None] = column("检查人", required=True)
    seen_on: Mapped[date | None] = column("检查日期", "date", required=True)
    note: Mapped[str | None] = column("情况说明", "long")

    @staticmethod
    def id_of(round_id: str, household_id: str, inspector: str) -> str:
        """One inspector looks once at a home in a round, on whichever laptop it is written down."""
        return derived_id("inspection", round_id, household_id, inspector)


class Answer(Record):
    """The value given to one check point. The total is never stored: it follows from the answers and the checklist."""

    __tablename__ = "answer"
    LABEL = "检查要点结果"

    inspection_id: Mapped[str | None] = reference("入户检查", "inspection")
    check: Mapped[str | None] = column("检查要点", derived=True)
    value: Mapped[str | None] = column("结果", "choice", options="check_value")
    note: Mapped[str | None] = column("情况说明")

    @staticmethod
    def id_of(inspection_id: str, check: str) -> str:
        """Derived, so that two laptops answering one check point write one cell and not two rows."""
        return derived_id("answer", inspection_id, check)
