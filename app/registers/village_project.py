"""村级项目: proposed, voted, posted, applied for, reviewed, listed, approved, built, accepted, posted again."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.project import ProjectBenefit, ProjectMoney, VillageProject


def _money(column: InstrumentedAttribute[object]) -> ColumnElement[object]:
    """The sum of a column of the project's money."""
    of_project = (ProjectMoney.project_id == VillageProject.id, ~ProjectMoney.withdrawn)
    return select(func.coalesce(func.sum(column), 0)).where(*of_project).scalar_subquery()


_AMOUNTS = ("planned", "arrived", "paid")
_benefits = (
    select(func.count())
    .where(ProjectBenefit.project_id == VillageProject.id, ~ProjectBenefit.withdrawn)
    .correlate(VillageProject)
    .scalar_subquery()
)
_under_way = VillageProject.accepted_on.is_(None) & VillageProject.removed_on.is_(None)

REGISTER = Register(
    record=VillageProject,
    topic=Topic.PROJECTS,
    subject="village",
    order=40,
    columns=(
        "code", "name", "year", "kind", "place", "scale", "budget", "planned", "arrived", "paid", "households",
        "owner", "responsible", "builder", "goal", "proposed_on", "meeting_on", "meeting_result", "first_notice_on",
        "applied_on", "reviewed_on", "listed_on", "approved_on", "approval_no", "started_on", "planned_end_on",
        "accepted_on", "acceptance", "last_notice_on", "removed_on", "removed_reason", "note",
    ),
    totals=("budget", *_AMOUNTS),
    public=("name", "kind", "place", "scale", "budget", "owner", "builder", "accepted_on"),
    filters=("kind",),
    sort="-year",
    dated="year",
    computed=(
        Computed("planned", "计划资金", _money(ProjectMoney.planned)),
        Computed("arrived", "到位资金", _money(ProjectMoney.arrived)),
        Computed("paid", "已支出资金", _money(ProjectMoney.paid)),
        Computed("households", "受益户数", _benefits, kind="integer", places=0),
    ),
    children=(
        Children(ProjectMoney, ("source", "year", *_AMOUNTS, "document_no"), _AMOUNTS),
        Children(ProjectBenefit, ("household_id", "way", "amount", "signed_on", "note"), ("amount",)),
    ),
    steps=(
        Step("提出", "proposed_on", needs=("name", "kind")),
        Step("村民代表会", "meeting_on", within_days=30),
        Step("公示", "first_notice_on", needs=("meeting_result",), within_days=10),
        Step("申报", "applied_on", needs=("scale", "budget"), within_days=30),
        Step("评审", "reviewed_on"),
        Step("入库", "listed_on"),
        Step("立项", "approved_on", needs=("approval_no",)),
        Step("实施", "started_on", needs=("builder",), within_days=60, warn_days=10),
        Step(
            "验收", "accepted_on", needs=("acceptance",), due=("planned_end_on",), warn_days=15,
            responsible="responsible",
        ),
        Step("完工公示", "last_notice_on", within_days=10),
    ),
    abandoned=Step("退库", "removed_on", needs=("removed_reason",)),
    sheet=Layout({
        "name": ("项目名", "工程名称"),
        "kind": ("项目类型", "类别"),
        "place": ("实施地点", "项目地点"),
        "scale": ("建设内容", "主要建设内容", "建设规模及内容"),
        "budget": ("投资概算", "总投资", "项目总投资", "资金规模"),
        "owner": ("项目实施单位", "实施单位", "主管部门"),
        "started_on": ("开工时间", "实施日期"),
        "accepted_on": ("验收时间", "竣工验收日期"),
        "goal": ("绩效目标及带贫机制", "预期效益"),
    }),
    ledger=Ledger(
        "村级项目台账",
        columns=(
            "name", "kind", "place", "budget", "arrived", "paid", "households", "approved_on", "started_on",
            "accepted_on",
        ),
        widths={
            "name": 40, "kind": 22, "place": 22, "budget": 22, "arrived": 22, "paid": 22, "households": 12,
            "approved_on": 24, "started_on": 24, "accepted_on": 24,
        },
    ),
    more_ledgers=(
        Ledger(
            "村级项目库清单",
            columns=(
                "code", "name", "year", "kind", "place", "scale", "budget", "owner", "households", "goal", "listed_on",
            ),
            widths={
                "code": 20, "name": 34, "year": 13, "kind": 20, "place": 18, "scale": 30, "budget": 22, "owner": 22,
                "households": 12, "goal": 34, "listed_on": 22,
            },
            signatures=("填表人", "村民委员会盖章"), sort="year,code", name="list", progress=False, below=False,
        ),
        Ledger(
            "村级项目进度表",
            columns=(
                "name", "budget", "arrived", "paid", "approved_on", "started_on", "planned_end_on", "accepted_on",
                "last_notice_on", "responsible",
            ),
            widths={
                "name": 36, "budget": 22, "arrived": 21, "paid": 21, "approved_on": 23, "started_on": 23,
                "planned_end_on": 23, "accepted_on": 23, "last_notice_on": 23, "responsible": 15,
            },
            sort="year,code", name="progress", below=False,
        ),
    ),
    slips=(
        Slip(
            "application", "村级项目申报表",
            ("code", "name", "year", "kind", "place", "scale", "budget", "owner", "responsible", "goal", "meeting_on",
             "meeting_result", "first_notice_on", "applied_on"),
            ("村民委员会盖章", "乡镇人民政府盖章", "行业主管部门盖章"),
        ),
        Slip(
            "notice", "村级项目公示",
            ("name", "year", "kind", "place", "scale", "budget", "owner", "builder", "goal", "households"),
            ("村民委员会盖章",), public=True,
        ),
    ),
    figures=(
        Count("项目个数"),
        Count("在办项目", where=_under_way),
        Sum("概算投资", "budget"),
        Sum("到位资金", "arrived"),
        Overdue("超期项目"),
    ),
)  # fmt: skip
