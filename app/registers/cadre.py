"""村干部: who holds which office of the village, for which term, with which duty."""

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Step
from app.registers.engine.topic import Topic
from db.schema.community import Cadre

REGISTER = Register(
    record=Cadre,
    topic=Topic.ORGANISATION,
    subject="village",
    order=74,
    columns=(
        "name", "post", "sex", "birth", "education", "political", "phone", "duty", "started_on", "term_until",
        "ended_on", "end_reason", "note",
    ),
    public=("name", "post", "duty"),
    filters=("post",),
    sort="ended_on,started_on,name",
    dated="started_on",
    steps=(
        Step("任职", "started_on", needs=("name", "post")),
        Step("离任", "ended_on", due=("term_until",), waiting="在任", warn_days=60),
    ),
    sheet=Layout({
        "name": ("干部姓名",),
        "post": ("现任职务", "村内职务"),
        "birth": ("出生日期",),
        "duty": ("分管工作", "工作分工"),
        "started_on": ("任职时间", "当选日期"),
    }),
    ledger=Ledger(
        "村干部名册",
        columns=("name", "post", "sex", "birth", "education", "political", "phone", "duty", "started_on", "ended_on"),
        widths={"post": 30, "sex": 12, "political": 22, "duty": 30},
        signatures=("填表人", "村党组织书记"),
    ),
    figures=(Count("任职人次"), Count("在任", where=Cadre.ended_on.is_(None)), Overdue("任期届满")),
)  # fmt: skip
