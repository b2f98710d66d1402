"""驻村日志: 工作日志, 民情日记 and notes of study, with the households that a day tells of."""

from datetime import date

from app.registers.engine.register import Children, Count, Layout, Ledger, Register, Slip
from app.registers.engine.topic import Topic
from db.schema.work_team import DiaryEntry, DiaryHousehold

REGISTER = Register(
    record=DiaryEntry,
    topic=Topic.TEAM,
    subject="helper",
    order=63,
    columns=("day", "kind", "place", "content", "follow_up", "note"),
    starts={"day": date.today},
    filters=("kind",),
    sort="-day",
    dated="day",
    in_archive=False,
    children=(Children(DiaryHousehold, ("household_id", "told")),),
    sheet=Layout({
        "day": ("日志日期", "记录日期"),
        "kind": ("类别", "日志类型"),
        "content": ("工作内容", "日志内容", "记录内容"),
        "follow_up": ("下一步打算", "待办"),
    }),
    ledger=Ledger(
        "工作日志和民情日记",
        columns=("day", "kind", "place", "content", "follow_up"),
        widths={"content": 84, "follow_up": 40},
        signatures=("记录人", "队长"),
    ),
    slips=(
        Slip("page", "驻村日志", ("day", "kind", "place", "content", "follow_up", "note"), ("记录人", "审阅人")),
    ),
    figures=(Count("日志篇数"), Count("记录人数", distinct="helper_id")),
)  # fmt: skip
