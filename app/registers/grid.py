"""扶贫单元: which households belong together, who leads them, who instructs them."""

from datetime import date

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Roll, Slip, Sum
from app.registers.engine.topic import Topic
from db.county_values import limit_value
from db.schema.community import Grid, GridHousehold, Meeting
from resources.limits import Limit

_MOST = Limit("village_work")["grid_most"]
_meetings = select(func.count()).where(Meeting.grid_id == Grid.id, ~Meeting.withdrawn).correlate(Grid).scalar_subquery()
_households = (
    select(func.count())
    .where(GridHousehold.grid_id == Grid.id, ~GridHousehold.withdrawn)
    .correlate(Grid)
    .scalar_subquery()
)


def in_force(today: date) -> ColumnElement[bool]:
    """In SQL: units that were not dissolved by a day."""
    return Grid.dissolved_on.is_(None) | (Grid.dissolved_on > today)


REGISTER = Register(
    record=Grid,
    topic=Topic.ORGANISATION,
    subject="village",
    order=71,
    columns=(
        "name", "kind", "area", "leader", "leader_phone", "instructor", "households", "meetings", "founded_on",
        "dissolved_on", "note",
    ),
    totals=("households", "meetings"),
    public=("name", "area", "leader", "instructor", "households"),
    filters=("kind",),
    sort="name",
    dated="founded_on",
    computed=(
        Computed("households", "户数", _households, kind="integer", places=0),
        Computed("meetings", "单元会议", _meetings, kind="integer", places=0),
    ),
    children=(Children(GridHousehold, ("household_id", "joined_on", "note")),),
    sheet=Layout({
        "name": ("网格名称", "扶贫单元名称"),
        "area": ("网格范围", "单元范围", "村民组"),
        "leader": ("网格员", "单元组长", "组长姓名"),
        "leader_phone": ("网格员电话", "联系电话"),
        "instructor": ("网格指导员", "单元指导员"),
    }),
    ledger=Ledger(
        "扶贫单元花名册",
        columns=(
            "name", "kind", "area", "leader", "leader_phone", "instructor", "households", "meetings", "founded_on",
        ),
        widths={"name": 40, "area": 50},
        signatures=("填表人", "村党组织书记"),
    ),
    slips=(
        Slip(
            "roll", "扶贫单元农户花名册", ("area", "leader", "instructor", "households", "founded_on"),
            ("组长", "指导员"), Roll(("household_id", "joined_on", "note")),
        ),
    ),
    figures=(
        Count("单元个数"),
        Sum("编入户数", "households"),
        Count("没有开过会", where=_meetings == 0),
        Count("超过户数上限", where=_households > limit_value(_MOST)),
    ),
)  # fmt: skip
