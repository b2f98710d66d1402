"""文艺队伍: the village's troupes, who leads them, and what they performed."""

from sqlalchemy import func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Sum
from app.registers.engine.topic import Topic
from db.schema.public_service import CultureEvent, CultureTeam

_of_team = (CultureEvent.team_id == CultureTeam.id, ~CultureEvent.withdrawn)
_events = select(func.count()).select_from(CultureEvent).where(*_of_team).correlate(CultureTeam).scalar_subquery()

REGISTER = Register(
    record=CultureTeam,
    topic=Topic.FACILITIES,
    subject="village",
    order=51,
    columns=("name", "genre", "leader", "size", "events", "founded_on", "ended_on", "note"),
    totals=("size", "events"),
    public=("name", "genre", "leader"),
    filters=("genre",),
    sort="ended_on,name",
    dated="founded_on",
    in_archive=False,
    computed=(Computed("events", "活动次数", _events, kind="integer", places=0),),
    children=(Children(CultureEvent, ("title", "held_on", "place", "audience"), totals=("audience",)),),
    sheet=Layout({"name": ("文艺队名称",), "genre": ("文艺类型",), "leader": ("文化骨干",), "size": ("人数",)}),
    ledger=Ledger("业余文艺队伍台账", columns=("name", "genre", "leader", "size", "events", "founded_on")),
    figures=(Count("队伍支数"), Sum("活动次数", "events"), Count("没有活动", where=_events == 0)),
)  # fmt: skip
