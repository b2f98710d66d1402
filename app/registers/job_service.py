"""就业服务: posts that were offered, who was told of them, who wanted them and who got them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Roll, Slip, Step, Sum
from app.registers.engine.topic import Topic
from db.schema.public_service import JobCandidate, JobService


def _candidates(*conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    of_offer = (JobCandidate.offer_id == JobService.id, ~JobCandidate.withdrawn, *conditions)
    return select(func.count()).select_from(JobCandidate).where(*of_offer).correlate(JobService).scalar_subquery()


REGISTER = Register(
    record=JobService,
    topic=Topic.FACILITIES,
    subject="village",
    order=53,
    columns=(
        "employer", "post", "place", "openings", "pay", "source", "offered_on", "closes_on", "told", "hired",
        "filled_on", "note",
    ),
    starts={"offered_on": date.today},
    totals=("openings", "told", "hired"),
    public=("employer", "post", "place", "openings", "pay", "closes_on"),
    filters=("employer",),
    sort="-offered_on",
    dated="offered_on",
    in_archive=False,
    computed=(
        Computed("told", "推荐人数", _candidates(), kind="integer", places=0),
        Computed("hired", "上岗人数", _candidates(JobCandidate.hired_on.is_not(None)), kind="integer", places=0),
    ),
    children=(Children(JobCandidate, ("member_id", "wish", "hired_on", "result")),),
    steps=(
        Step("发布", "offered_on", needs=("employer", "post")),
        Step("办结", "filled_on", due=("closes_on",), optional=True),
    ),
    sheet=Layout({
        "employer": ("企业名称", "招聘单位"),
        "post": ("岗位名称", "工种"),
        "pay": ("薪资待遇", "工资"),
        "openings": ("需求人数",),
    }),
    ledger=Ledger(
        "就业岗位推荐台账",
        columns=("employer", "post", "place", "openings", "pay", "offered_on", "told", "hired"),
        widths={"employer": 52, "post": 36},
    ),
    slips=(
        Slip(
            "roll", "岗位推荐名册", ("post", "place", "openings", "pay", "offered_on", "closes_on"), ("经办人",),
            Roll(("member_id", "wish", "hired_on", "result"), ("本人签字",)),
        ),
    ),
    figures=(Count("岗位条数"), Sum("推荐人次", "told"), Sum("上岗人数", "hired"),
             Count("还没有推荐", where=_candidates() == 0)),
)  # fmt: skip
