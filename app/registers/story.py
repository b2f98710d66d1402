"""典型和故事: stories of people and of the village; none is published before whom it is about has agreed."""

from datetime import date

from app.registers.engine.register import Count, Layout, Ledger, Register, Slip, Step
from app.registers.engine.topic import Topic
from db.schema.social import Story

REGISTER = Register(
    record=Story,
    topic=Topic.SOCIETY,
    subject="village",
    order=78,
    columns=(
        "title", "kind", "about", "household_id", "author", "written_on", "text", "has_photo", "consent_on",
        "consent_way", "published_on", "published_in", "withdrawn_on", "withdraw_reason", "note",
    ),
    blank_texts={"household_id": "不属于农户"},
    groups=(
        ("故事", ("title", "kind", "about", "household_id", "author", "written_on", "text", "has_photo")),
        ("同意和刊发", ("consent_on", "consent_way", "published_on", "published_in", "withdrawn_on", "withdraw_reason",
                   "note")),
    ),
    starts={"written_on": date.today},
    author="author",
    filters=("kind",),
    sort="-written_on",
    dated="written_on",
    in_archive=False,
    steps=(
        Step("撰写", "written_on", needs=("title", "about", "text")),
        Step("征得同意", "consent_on", needs=("consent_way",)),
        Step("刊发", "published_on", needs=("consent_on", "published_in")),
    ),
    abandoned=Step("不再使用", "withdrawn_on", needs=("withdraw_reason",)),
    sheet=Layout({
        "title": ("故事题目", "标题"),
        "about": ("人物", "典型人物", "典型名称"),
        "author": ("撰稿人",),
        "published_in": ("刊发媒体", "发布平台"),
    }),
    ledger=Ledger(
        "典型和帮扶故事台账",
        columns=("title", "kind", "about", "author", "written_on", "consent_on", "published_on", "published_in"),
        widths={"title": 52, "published_in": 34},
    ),
    slips=(
        Slip(
            "page", "典型材料和本人同意书",
            ("title", "kind", "about", "author", "written_on", "text", "has_photo", "consent_way", "consent_on"),
            ("本人（同意刊发）", "撰写人", "村负责人"),
        ),
    ),
    figures=(
        Count("篇数"),
        Count("已刊发", where=Story.published_on.is_not(None)),
        Count("未经同意刊发", where=Story.published_on.is_not(None) & Story.consent_on.is_(None)),
    ),
)  # fmt: skip
