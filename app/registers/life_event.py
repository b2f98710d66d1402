"""动态管理: births, deaths, splits, exits and returns, each with what it rests on and how it was decided."""

from dataclasses import replace
from functools import partial

from app.registers.engine.register import Count, Layout, Ledger, Overdue, Register, Slip, Step
from app.registers.engine.topic import Topic
from db.county_values import options_of_role
from db.schema.life_event import LifeEvent
from resources.limits import Limit

_DAYS = Limit("village_work")["days"]
_LEDGER = Ledger(
    "动态管理台账",
    columns=("kind", "people", "cause", "happened_on", "basis", "other_household_id", "notice_on", "county_on",
             "settled_on"),
    widths={"kind": 17, "people": 19, "cause": 16, "basis": 20, "other_household_id": 20},
    signatures=("填表人", "审核人", "村党组织书记"),
    sort="happened_on",
)  # fmt: skip
_decided = partial(Step, if_filled="publicity_days")  # what is posted and decided above; the others need a proof alone

REGISTER = Register(
    record=LifeEvent,
    topic=Topic.SUPPORT,
    subject="household",
    order=26,
    columns=(
        "kind", "people", "cause", "happened_on", "basis", "basis_note", "other_household_id", "effect", "applied_on",
        "checked_on", "checked_by", "publicity_days", "appraised_on", "notice_on", "notice_until", "objection",
        "town_on", "county_on", "announced_on", "settled_on", "note",
    ),
    groups=(
        ("变更", ("kind", "people", "cause", "happened_on", "basis", "basis_note", "effect")),
        ("办理", ("applied_on", "checked_on", "checked_by", "publicity_days", "appraised_on", "notice_on",
                "notice_until", "objection", "town_on", "county_on", "announced_on", "settled_on", "note")),
    ),
    blank_texts={"other_household_id": "无"},
    filters=("kind", "basis"),
    public=("kind", "cause", "happened_on", "notice_on", "notice_until"),
    sort="-happened_on",
    dated="happened_on",
    steps=(
        Step("申请", "applied_on"),
        Step("核查", "checked_on", needs=("checked_by",), within_days=_DAYS["event_check"]),
        _decided("评议", "appraised_on"),
        _decided("公示", "notice_on", within_days=_DAYS["event_publish"]),
        _decided("乡镇审核", "town_on", needs=("notice_until",)),
        _decided("县级批准", "county_on"),
        _decided("公告", "announced_on", optional=True),
        Step("办结", "settled_on", needs=("basis",)),
    ),
    sheet=Layout(
        {
            "kind": ("变动类型", "动态类型"),
            "people": ("姓名", "变更人员"),
            "cause": ("变动原因", "增减原因"),
            "happened_on": ("变更时间", "变动日期", "变动时间"),
            "basis": ("佐证材料", "证明材料"),
            "notice_on": ("公示时间", "公示起始日期"),
            "county_on": ("审批时间", "批准时间"),
        },
        national=(
            "kind", "people", "cause", "happened_on", "basis", "effect", "other_household_id", "applied_on",
            "notice_on", "notice_until", "town_on", "county_on",
        ),
    ),
    ledger=_LEDGER,
    more_ledgers=tuple(
        replace(_LEDGER, name=name, title=title, only=("kind", role))
        for name, title, role in (
            ("joined_roll", "动态调整花名册（增）", "joins"),
            ("left_roll", "动态调整花名册（减）", "leaves"),
            ("changed_roll", "动态调整花名册（变）", "changes"),
        )
    ),
    slips=(
        Slip(
            "form", "动态管理变更登记表",
            ("kind", "people", "cause", "happened_on", "basis", "basis_note", "other_household_id", "effect",
             "applied_on", "checked_on", "checked_by", "appraised_on", "notice_on", "notice_until", "objection",
             "town_on", "county_on", "settled_on"),
            ("户主签字", "核查人", "村民委员会盖章", "乡镇人民政府盖章"),
        ),
        Slip("notice", "动态调整公示", ("kind", "cause", "happened_on"), ("村民委员会盖章",), public=True),
    ),
    figures=(
        Count("变动次数"),
        Count("增", where=LifeEvent.kind.in_(options_of_role("life_event_kind", "joins"))),
        Count("减", where=LifeEvent.kind.in_(options_of_role("life_event_kind", "leaves"))),
        Count("变", where=LifeEvent.kind.in_(options_of_role("life_event_kind", "changes"))),
        Count("没有依据", where=LifeEvent.basis.is_(None)),
        Overdue("超期未办"),
    ),
)  # fmt: skip
