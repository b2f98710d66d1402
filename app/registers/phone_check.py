"""电话抽查: who was called, what was asked, what was answered right and what has to be explained again."""

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.rectification import Rectification
from db.schema.supervision import PhoneAnswer, PhoneCheck


def _answers(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    of_call = (PhoneAnswer.call_id == PhoneCheck.id, ~PhoneAnswer.withdrawn, *conditions)
    return select(func.count()).select_from(PhoneAnswer).where(*of_call).correlate(PhoneCheck).scalar_subquery()


_wrong = _answers(PhoneAnswer.is_right.is_(False))
_problems = (
    select(func.count())
    .where(Rectification.call_id == PhoneCheck.id, ~Rectification.withdrawn)
    .correlate(PhoneCheck)
    .scalar_subquery()
)

REGISTER = Register(
    record=PhoneCheck,
    topic=Topic.SUPERVISION,
    subject="household",
    order=17,
    columns=(
        "called_on", "unit", "answered_by", "asked", "wrong", "problems", "outcome", "explained_on", "explained_by",
        "note",
    ),
    totals=("asked", "wrong", "problems"),
    sort="-called_on",
    dated="called_on",
    computed=(
        Computed("asked", "所问题数", _answers(), kind="integer", places=0),
        Computed("wrong", "答错题数", _wrong, kind="integer", places=0),
        Computed("problems", "列入整改", _problems, kind="integer", places=0),
    ),
    children=(Children(PhoneAnswer, ("question", "answer", "is_right")),),
    steps=(
        Step("接听", "called_on"),
        Step("上门解释", "explained_on", needs=("explained_by",), optional=True),
    ),
    sheet=Layout({
        "called_on": ("抽查日期", "通话日期"),
        "unit": ("来电单位",),
        "outcome": ("抽查情况", "通话结果"),
    }),
    ledger=Ledger(
        "电话抽查台账",
        columns=("called_on", "unit", "answered_by", "asked", "wrong", "outcome", "explained_on", "explained_by"),
        widths={"unit": 34, "outcome": 40},
        progress=False,
    ),
    figures=(
        Count("抽查户次"),
        Sum("所问题数", "asked"),
        Sum("答错题数", "wrong"),
        Count("答错未解释", where=(_wrong > 0) & PhoneCheck.explained_on.is_(None)),
    ),
)  # fmt: skip
