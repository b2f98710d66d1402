"""村属性: as what the village counts from which day on, and whether a team is sent to it."""

from app.registers.engine.register import Count, Layout, Ledger, Register, Step
from app.registers.engine.topic import Topic
from db.schema.public_service import VillageStatus

REGISTER = Register(
    record=VillageStatus,
    topic=Topic.REPORTS,
    subject="village",
    order=54,
    columns=("kind", "since", "document", "has_team", "team_size", "until", "note"),
    filters=("kind", "has_team"),
    sort="-since",
    dated="since",
    in_archive=False,
    steps=(Step("认定", "since", needs=("kind",)), Step("调整", "until", waiting="现行")),
    sheet=Layout({"kind": ("贫困村属性", "村类型"), "since": ("认定时间",), "document": ("文件", "文号")}),
    ledger=Ledger("村属性台账", columns=("kind", "since", "document", "has_team", "team_size", "until")),
    figures=(Count("认定次数"), Count("现行属性", where=VillageStatus.until.is_(None))),
)
