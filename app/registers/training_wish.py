"""培训意愿: what each labourer wants to learn, in which way, and whether a course came of it."""

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from db.schema.employment import TrainingWish
from resources.limits import Limit

_waiting = TrainingWish.arranged_on.is_(None) & TrainingWish.dropped_on.is_(None)

REGISTER = Register(
    record=TrainingWish,
    topic=Topic.EMPLOYMENT,
    subject="member",
    order=23,
    columns=(
        "year", "kind", "skill", "mode", "wants_job", "asked_on", "arranged_on", "training_id", "trained_on",
        "dropped_on", "drop_reason", "note",
    ),
    blank_texts={"training_id": "没有安排"},
    filters=("kind", "mode"),
    sort="-year",
    dated="year",
    steps=(
        Step("摸底", "asked_on", needs=("year", "kind")),
        Step("安排", "arranged_on", needs=("mode",), within_days=Limit("aid")["days"]["training_arrange"]),
        Step("结业", "trained_on"),
    ),
    abandoned=Step("不需要", "dropped_on", needs=("drop_reason",)),
    sheet=Layout({
        "year": ("年份",),
        "kind": ("培训意愿", "培训需求", "意向培训类别"),
        "skill": ("意向工种", "想学什么", "培训工种"),
        "mode": ("培训形式",),
        "wants_job": ("就业意愿", "就业意向"),
        "asked_on": ("调查日期", "登记日期"),
    }),
    ledger=Ledger(
        "劳动力培训意愿台账",
        columns=("year", "kind", "skill", "mode", "wants_job", "asked_on", "arranged_on", "training_id"),
        widths={"kind": 20, "skill": 24, "mode": 22, "wants_job": 24, "asked_on": 22, "arranged_on": 22,
                "training_id": 28},
    ),
    figures=(
        Count("意愿项数"),
        Count("有意愿人数", distinct="member_id"),
        Count("待安排", where=_waiting & TrainingWish.asked_on.is_not(None)),
        Count("已结业", where=TrainingWish.trained_on.is_not(None)),
        Overdue("超期未安排"),
    ),
)  # fmt: skip
