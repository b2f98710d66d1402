"""责任体系: who answers for the village on each level, from the county to the grid, and to whom."""

from datetime import date

from sqlalchemy import ColumnElement

from app.registers.engine.register import Count, Layout, Ledger, Register, Slip, Step
from app.registers.engine.topic import Topic
from db.schema.responsibility import DutyPost

CARD = Slip(
    "card",
    "责任卡",
    ("level", "name", "post", "role", "duty", "answers_to_id", "public_phone", "started_on"),
    ("责任人", "村党组织书记"),
)


def in_office(today: date) -> ColumnElement[bool]:
    """In SQL: posts that were not given to somebody else by a day."""
    return DutyPost.ended_on.is_(None) | (DutyPost.ended_on > today)


REGISTER = Register(
    record=DutyPost,
    topic=Topic.ORGANISATION,
    subject="village",
    order=75,
    columns=(
        "level", "name", "post", "role", "duty", "answers_to_id", "public_phone", "started_on", "ended_on", "note",
    ),
    blank_texts={"answers_to_id": "没有"},
    public=("level", "name", "post", "role", "public_phone"),
    filters=("level",),
    sort="ended_on,level,name",
    dated="started_on",
    in_archive=False,
    steps=(
        Step("上任", "started_on", needs=("name", "post", "role")),
        Step("调整", "ended_on", waiting="现任"),
    ),
    sheet=Layout({
        "level": ("层级",),
        "name": ("责任人",),
        "post": ("职务",),
        "role": ("责任分工", "责任内容"),
        "public_phone": ("办公电话", "监督电话"),
    }),
    ledger=Ledger(
        "脱贫攻坚责任体系一览表",
        columns=("level", "name", "post", "role", "duty", "answers_to_id", "public_phone", "started_on"),
        widths={"post": 40, "role": 26, "duty": 50, "answers_to_id": 30},
        signatures=("填表人", "村党组织书记"),
        sort="level,name",
        progress=False,
    ),
    slips=(CARD,),
    figures=(
        Count("责任人数"),
        Count("现任", where=DutyPost.ended_on.is_(None)),
        Count("没有职责内容", where=DutyPost.duty.is_(None)),
    ),
)  # fmt: skip
