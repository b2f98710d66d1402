"""问题整改: found, put right by its day, seen again by a visit, and only then closed out.

The classes of deadline: resources/dictionaries/rectification_deadline.toml. 回访销号: docs/domain/mechanisms.md 4.5-3,
4.5-4, 5.2-5.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func
from sqlalchemy.orm import aliased

from app.errors import UserError
from app.records.field import options
from app.registers.engine.register import Computed, Count, Layout, Ledger, Overdue, Register, Slip, Step
from app.registers.engine.topic import Topic
from db.county_values import limit_value
from db.schema.record import new_id
from db.schema.rectification import Rectification
from resources.limits import Limit
from resources.option_roles import value_of

IMMEDIATE_DEADLINE = value_of("rectification_deadline", "at_once")
DEFAULT_DEADLINE = value_of("rectification_deadline", "usual")
TO_PUT_RIGHT = Step(
    "整改", "done_on", needs=("outcome",), due=("extended_to", "due_on"), responsible="responsible", waiting="整改中"
)
TO_CLOSE = Step("销号", "closed_on", needs=("reviewed_by",))
PHOTOS = ("before_photo_id", "after_photo_id")
_NORMS = Limit("village_work")
_former = aliased(Rectification)
# 反弹: a problem of the same class was closed in the household not long before this one was found
_recurs = exists().where(
    _former.household_id == Rectification.household_id,
    _former.problem_class == Rectification.problem_class,
    _former.id != Rectification.id,
    ~_former.withdrawn,
    _former.closed_on <= Rectification.found_on,
    func.julianday(Rectification.found_on) - func.julianday(_former.closed_on)
    <= limit_value(_NORMS["recurrence_days"]),
)


def due_date(found_on: date, deadline: str) -> date:
    """The last day of a class of deadline (立即, 7天, 15天, 30天).

    Raises:
        UserError: there is no such class
    """
    for option in options("rectification_deadline"):
        if option.value == deadline:
            return found_on + timedelta(days=int(option.extra["days"]))
    raise UserError(f"没有“{deadline}”这种整改时限，请从列表里选。")


def to_look_again(today: ColumnElement[Any]) -> ColumnElement[bool]:
    """In SQL: problems that were closed so long ago that somebody looks whether they have stayed away."""
    days = func.julianday(today) - func.julianday(Rectification.closed_on)
    return and_(Rectification.rechecked_on.is_(None), days >= limit_value(_NORMS["recheck_days"]))


def new_number(found_on: date) -> str:
    """A number that no other laptop gives."""
    return f"{found_on.year}-{new_id()[:4].upper()}"


REGISTER = Register(
    record=Rectification,
    topic=Topic.PROBLEMS,
    subject="household",
    order=12,
    columns=(
        "number", "problem", "source", "check_id", "call_id", "level", "problem_class", "task_force", "recurs",
        "issued_by", "found_on", "responsible", "plan", "due_on", "extended_to", "extension_reason",
        "extension_approved_by", "done_on", "outcome", "evidence", *PHOTOS, "followup_on", "followup_by", "opinion",
        "reviewed_by", "closed_on", "rechecked_on", "recheck_result", "note",
    ),
    blank_texts={"check_id": "没有督查", "call_id": "没有抽查"} | dict.fromkeys(PHOTOS, "没有照片"),
    computed=(Computed("recurs", "是否反弹", _recurs, kind="yes_no", places=0),),
    groups=(
        ("问题", ("problem", "source", "level", "problem_class", "task_force", "found_on", "due_on", "number",
                "issued_by", "responsible", "plan")),
        ("整改", ("done_on", "outcome", "evidence", "extended_to", "extension_reason", "extension_approved_by")),
        ("回访和回头看", ("followup_on", "followup_by", "opinion", "rechecked_on", "recheck_result", "note")),
    ),
    # the day of closing is written when it is closed out, photographs where they are taken in (app/rectifications)
    form_excludes=("closed_on", "reviewed_by", *PHOTOS),
    explained={"extended_to": ("extension_reason", "extension_approved_by")},
    starts={
        "number": lambda: new_number(date.today()),
        "source": value_of("rectification_source", "visit"),
        "level": value_of("rectification_level", "listed"),
        "found_on": date.today,
        "due_on": lambda: due_date(date.today(), DEFAULT_DEADLINE),
    },
    filters=("source", "level", "problem_class", "task_force"),
    sort="step,due",  # those that are overdue come first
    dated="found_on",
    steps=(TO_PUT_RIGHT, Step("回访", "followup_on", needs=("followup_by",)), TO_CLOSE),
    reminds=False,  # 今日 tells of them in a line of its own
    section="rectifications",
    sheet=Layout({
        "number": ("问题编号", "编号"),
        "source": ("来源",),
        "issued_by": ("交办单位", "督查单位"),
        "found_on": ("发现时间", "交办日期", "交办时间"),
        "problem": ("问题", "问题描述", "具体问题", "问题内容"),
        "responsible": ("整改责任人",),
        "plan": ("整改方案", "拟整改措施"),
        "due_on": ("整改期限", "完成时限"),
        "done_on": ("完成时间", "整改完成时间", "整改日期"),
        "outcome": ("整改情况", "整改完成情况", "整改结果"),
        "closed_on": ("销号时间",),
        "followup_on": ("回访时间",),
    }),
    ledger=Ledger(
        "问题整改台账",
        columns=(
            "number", "source", "found_on", "problem", "responsible", "plan", "due_on", "outcome", "closed_on",
            "followup_on",
        ),
        widths={
            "number": 17.5, "source": 15, "found_on": 24.5, "problem": 32, "responsible": 13, "plan": 20.5,
            "due_on": 24.5, "outcome": 18, "closed_on": 24.5, "followup_on": 24.5,
        },
        progress=False,
        sort="found_on,number",
    ),
    more_ledgers=(
        Ledger(
            "问题线索台账",
            columns=("number", "source", "check_id", "found_on", "issued_by", "problem_class", "problem"),
            widths={"number": 24, "source": 24, "check_id": 26, "issued_by": 26, "problem": 50},
            sort="found_on,number", name="lead_list",
        ),
        Ledger(
            "整改责任清单",
            columns=("number", "problem", "task_force", "responsible", "plan", "due_on", "extended_to"),
            widths={"number": 24, "problem": 42, "task_force": 24, "plan": 34, "due_on": 24, "extended_to": 24},
            sort="responsible,due_on", name="duty_list", signatures=("填表人", "责任人", "审核人"),
        ),
    ),
    slips=tuple(
        Slip(name, title, ("number", "source", "level", "issued_by", "problem_class", "found_on", "problem", "plan",
                           "due_on", "responsible", *more), signatures, photographs=PHOTOS)
        for name, title, more, signatures in (
            ("order", "现场交办单", (), ("交办单位章", "责任人签收")),
            ("notice", "问题整改通知单", (), ("下发单位章", "责任人签收")),
            ("supervision", "督办单", ("extended_to", "extension_reason"), ("督办单位章", "责任人签收")),
            ("talk", "约谈记录", ("note",), ("约谈人", "被约谈人", "记录人")),
            ("closing", "销号单",
             ("done_on", "outcome", "evidence", "followup_on", "followup_by", "opinion", "reviewed_by", "closed_on"),
             ("回访人", "户主", "审核人")),
        )
    ),
    figures=(
        Count("问题数"),
        Count("已销号", where=Rectification.closed_on.is_not(None)),
        Count("没有责任人", where=Rectification.responsible.is_(None) & Rectification.done_on.is_(None)),
        Count("反弹", where=_recurs),
        Count("应回头看", where=to_look_again(func.date("now", "localtime"))),
        Overdue(),
    ),
)  # fmt: skip
