"""驻村任职: who came with which batch, until when, and to whom the work was handed over."""

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Slip, Step
from app.registers.engine.topic import Topic
from db.schema.work_team import TeamTerm
from resources.limits import Limit

_NORMS = Limit("village_work")

REGISTER = Register(
    record=TeamTerm,
    topic=Topic.TEAM,
    subject="helper",
    order=61,
    columns=(
        "batch", "post", "sending_unit", "started_on", "term_until", "party_moved_on", "ended_on",
        "successor", "handed_over", "handed_over_on", "note",
    ),
    filters=("post",),
    sort="-started_on",
    dated="started_on",
    steps=(
        Step("到岗", "started_on", needs=("batch", "post")),
        Step("离岗", "ended_on", due=("term_until",), waiting="在岗", warn_days=_NORMS["term_warn_days"]),
        Step("交接", "handed_over_on", needs=("handed_over",), within_days=_NORMS["days"]["handover"]),
    ),
    sheet=Layout({
        "batch": ("批次",),
        "post": ("职务", "队内职务"),
        "started_on": ("驻村起始日期", "到岗时间", "选派日期"),
        "term_until": ("任期截止日期", "届满日期"),
        "ended_on": ("离岗时间", "期满离岗日期"),
    }),
    ledger=Ledger(
        "驻村工作队员名册和任期台账",
        columns=(
            "batch", "post", "started_on", "term_until", "party_moved_on", "ended_on", "handed_over_on",
        ),
        widths={"batch": 22, "post": 28},
        signatures=("填表人", "队长", "村党组织书记"),
    ),
    slips=(
        Slip(
            "handover", "任期交接清单",
            ("batch", "post", "sending_unit", "started_on", "ended_on", "successor", "handed_over", "handed_over_on",
             "note"),
            ("移交人", "接收人", "监交人"),
        ),
    ),
    figures=(
        Count("任职人次"),
        Count("在岗队员", distinct="helper_id", where=TeamTerm.ended_on.is_(None)),
        Overdue("届满未换"),
    ),
)  # fmt: skip
