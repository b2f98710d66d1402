"""《扶贫手册》: the booklet kept at home, on leaves of A5: the household, its people, who helps it, with what."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Gap, NewLeaf, Signature, Slot, Text, Title
from app.archive.ledger import Column, ledger
from app.archive.paper import A5, BODY, SMALL_LABEL, Style
from app.archive.subject import Subject, rows, subject
from app.archive.tables import Cell, Row, Table
from app.records.field import label_of
from app.records.income import nets
from app.records.lists import assignment_rows, member_rows
from db.schema.aid import Measure, Visit

TITLE = "扶贫手册"
GROUP = "卡片"
ORDER = 40
ABOUT = "household"
FORMAT = A5
EDGE = "plain"
_COVER = Style("song_bold", 32, 44, "center")
_OWNER = Style("kai", 16, 30, "center")
_FACTS = ("household_kind", "household_attribute", "register_date", "cause_main", "cause_other", "plan_exit_year",
          "exit_year", "address")  # fmt: skip
_VISITS = 12  # rows of the page that visitors write into
_RULES = (
    "一、本手册由农户保管，帮扶人员每次入户填写，不得涂改、代签。",
    "二、手册内容应与村里的一户一档、国家系统一致。发现不一致，请告诉驻村工作队。",
    "三、手册载有家庭情况，请妥善保管，不要拍照外传。",
)


def paper(session: Session, about: About) -> Sequence[Block]:
    """Six chapters, each on leaves of its own; without numbers of persons, because the booklet lies about."""
    (household,) = about.households
    home = subject(session, household)
    chapters = (
        _cover(home),
        [Title("一、家庭情况"), Table((32, 86), _facts(home))],
        [Title("二、家庭成员"), _people(session, about, household)],
        [Title(f"三、{home.helper_word}"), _helpers(session, household)],
        [Title("四、帮扶措施和成效"), _measures(session, household), Gap(2), _income(session, household)],
        [Title("五、走访和签字"), *_visits(session, household)],
        [Title("六、说明"), *(Text(rule, BODY) for rule in _RULES), Signature([Slot("户主签字", finger=True)], 1)],
    )
    return [block for chapter in chapters for block in (NewLeaf(form=False), *chapter)]


def _cover(home: Subject) -> list[Block]:
    lines = (f"户主：{home.head_name}", home.whole_place, f"户编号：{home.number or wording.EMPTY}", home.unit)
    return [Gap(32, firm=True), Text("扶贫手册", _COVER), Gap(34), *(Text(line, _OWNER) for line in lines)]


def _facts(home: Subject) -> list[Row]:
    said = [("户主", home.head_name), ("家庭人口", f"{len(home.members)}人")]
    named = [wording.grid("household", home.household, [name], pairs=1)[0] for name in _FACTS]
    return [*(Row([Cell(label, SMALL_LABEL, shaded=True), Cell(text)], 9) for label, text in said), *named]


def _people(session: Session, about: About, household: str) -> Table:
    columns = [
        Column("姓名", 20),
        Column("关系", 18),
        Column("年龄", 10),
        Column("健康状况", 26),
        Column("劳动、就学", 34),
    ]
    people = [one for one in member_rows(session, household, about.today) if not one.left]
    return ledger(
        columns,
        [
            [
                one.name,
                one.relation,
                "" if one.age is None else str(one.age),
                "、".join(one.health),
                "，".join(text for text in (one.labour, one.school_status) if text),
            ]
            for one in people
        ],
    )


def _helpers(session: Session, household: str) -> Table:
    columns = [Column("姓名", 18), Column("单位", 44, "left"), Column("电话", 24), Column("起止", 32)]
    kept = assignment_rows(session, household)
    return ledger(
        columns, [[one.helper, one.unit, one.phone, wording.span(one.started_on, one.ended_on)] for one in kept]
    )


def _measures(session: Session, household: str) -> Table:
    columns = [Column("年度", 12), Column(label_of("measure", "kind"), 24), Column("内容", 40, "left"),
               Column("金额（元）", 20, "right"), Column("户主签字", 18)]  # fmt: skip
    kept = sorted(rows(session, Measure, household), key=lambda one: (-(one.year or 0), one.kind or "", one.id))
    said = [[str(one.year or ""), one.kind or "", one.title or "", wording.money(one.amount), " "] for one in kept]
    return ledger(columns, said)


def _income(session: Session, household: str) -> Table:
    columns = [Column("年度", 20), Column("纯收入（元）", 44, "right"), Column("人均纯收入（元）", 44, "right")]
    said = [[str(net.year), wording.money(net.net), wording.money(net.per_head)] for net in nets(session, household)]
    return ledger(columns, said)


def _visits(session: Session, household: str) -> list[Block]:
    columns = [Column("日期", 29), Column("走访人", 22), Column("主要内容", 39, "left"), Column("户主签字", 20)]
    kept = sorted(rows(session, Visit, household), key=lambda one: (one.visited_on is None, one.visited_on, one.id))
    said = [[wording.day(one.visited_on), one.visitors or "", one.found or "", " "] for one in kept[-_VISITS:]]
    return [ledger(columns, said, blanks=max(_VISITS - len(said), 4))]
