"""控辍保学: where each child of school age was term by term, who left, who came for it, and when it returned."""

from sqlalchemy import func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Overdue, Register, Slip, Step
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.education import ReturnPersuasion, SchoolTerm
from resources.limits import Limit

_DAYS = Limit("aid")["days"]
_missing = SchoolTerm.state.in_(options_of_role("schooling_state", "missing"))
_persuasions = (
    select(func.count())
    .where(ReturnPersuasion.term_id == SchoolTerm.id, ~ReturnPersuasion.withdrawn)
    .correlate(SchoolTerm)
    .scalar_subquery()
)

REGISTER = Register(
    record=SchoolTerm,
    topic=Topic.SCHOOL_AND_HEALTH,
    subject="member",
    order=22,
    columns=(
        "year", "term", "stage", "school", "state", "checked_on", "missed_on", "cause", "responsible", "persuaded_on",
        "persuasions", "returned_on", "arrangement", "note",
    ),
    filters=("term", "state"),
    sort="-year,term",
    dated="year",
    computed=(Computed("persuasions", "劝返次数", _persuasions, kind="integer", places=0),),
    children=(Children(ReturnPersuasion, ("visited_on", "visitors", "talked", "result"), widths={"talked": 70}),),
    steps=(
        Step("核查", "checked_on", needs=("year", "term", "state")),
        Step(
            "劝返", "persuaded_on", needs=("cause", "responsible"), if_filled="missed_on", counted_from="missed_on",
            within_days=_DAYS["dropout_persuade"], responsible="responsible",
        ),
        Step(
            "复学", "returned_on", needs=("arrangement",), if_filled="missed_on", counted_from="missed_on",
            within_days=_DAYS["dropout_return"], responsible="responsible",
        ),
    ),
    sheet=Layout({
        "year": ("年份", "学年"),
        "stage": ("学段", "年级", "就读年级"),
        "school": ("学校名称", "就读学校"),
        "state": ("就学状态", "在校情况", "就读情况"),
        "checked_on": ("核实日期", "排查日期"),
        "missed_on": ("失学日期", "辍学日期", "辍学时间"),
        "cause": ("辍学原因", "失学原因"),
        "responsible": ("包保责任人", "责任人"),
        "returned_on": ("复学时间", "返校日期"),
    }),
    ledger=Ledger(
        "控辍保学台账",
        columns=("year", "term", "stage", "school", "state", "missed_on", "responsible", "persuasions",
                 "returned_on"),
        widths={"term": 18, "stage": 20, "school": 28, "state": 24, "missed_on": 22,
                "responsible": 17, "persuasions": 12, "returned_on": 22},
        signatures=("填表人", "学校负责人", "村负责人"),
    ),
    slips=(
        Slip(
            "persuasion", "控辍保学劝返记录表",
            ("year", "term", "stage", "school", "state", "missed_on", "cause", "responsible", "persuaded_on",
             "returned_on", "arrangement"),
            ("劝返责任人", "学生监护人签字", "学校意见（盖章）", "村民委员会盖章"),
        ),
    ),
    figures=(
        Count("核查人次"),
        Count("学生人数", distinct="member_id"),
        Count("失学辍学", where=_missing & SchoolTerm.returned_on.is_(None)),
        Count("已复学", where=SchoolTerm.returned_on.is_not(None)),
        Overdue("超期未劝返或未复学"),
    ),
)  # fmt: skip
