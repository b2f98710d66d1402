"""会议活动: meetings of all kinds, evening schools and events, with those who came."""

from datetime import date

from sqlalchemy import ColumnElement, func, select

from app.registers.engine.register import Children, Computed, Count, Layout, Ledger, Register, Roll, Slip, Sum
from app.registers.engine.topic import Topic
from db.schema.community import Meeting, MeetingParticipant


def _participants(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    of_meeting = (MeetingParticipant.meeting_id == Meeting.id, ~MeetingParticipant.withdrawn, *conditions)
    return select(func.count()).select_from(MeetingParticipant).where(*of_meeting).correlate(Meeting).scalar_subquery()


REGISTER = Register(
    record=Meeting,
    topic=Topic.WORK,
    subject="village",
    order=70,
    columns=(
        "title", "kind", "held_on", "grid_id", "place", "host", "speaker", "recorder", "hours", "expected", "listed",
        "signed", "content", "decisions", "note",
    ),
    blank_texts={"grid_id": "全村"},
    starts={"held_on": date.today},
    author="recorder",
    totals=("hours", "listed", "signed"),
    filters=("kind",),
    sort="-held_on",
    dated="held_on",
    in_archive=False,
    computed=(
        Computed("listed", "到会人数", _participants(), kind="integer", places=0),
        Computed("signed", "签到人数", _participants(MeetingParticipant.signed.is_(True)), kind="integer", places=0),
    ),
    children=(Children(MeetingParticipant, ("member_id", "name", "unit", "signed", "note")),),
    sheet=Layout({
        "title": ("会议名称", "活动名称", "夜校主题", "主题"),
        "kind": ("会议类别", "活动类别", "会议类型"),
        "held_on": ("会议日期", "活动日期", "会议时间", "开课日期"),
        "place": ("会议地点", "活动地点"),
        "speaker": ("授课人", "主讲人"),
        "content": ("主要内容", "会议记录"),
        "decisions": ("会议决议", "表决结果"),
    }),
    ledger=Ledger(
        "会议活动台账",
        columns=("title", "kind", "held_on", "place", "host", "listed", "signed", "decisions"),
        widths={"title": 52, "kind": 26, "place": 28, "host": 20, "listed": 14, "signed": 14, "decisions": 58},
        signatures=("填表人", "村党组织书记"),
    ),
    slips=(
        Slip(
            "minutes", "会议活动记录",
            ("title", "kind", "held_on", "place", "host", "speaker", "recorder", "expected", "signed", "content",
             "decisions"),
            ("主持人", "记录人"),
        ),
        Slip(
            "sign_in", "会议签到表", ("held_on", "place", "host", "recorder"), ("记录人",),
            Roll(("member_id", "unit"), ("签到",)),
        ),
    ),
    figures=(
        Count("会议活动次数"),
        Sum("到会人次", "listed"),
        Sum("签到人次", "signed"),
        Count("没有签到记录", where=_participants() == 0),
    ),
)  # fmt: skip
