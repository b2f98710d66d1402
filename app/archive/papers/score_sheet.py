"""四净两规范评分表: of each home of a round, filled in where it was seen, empty where it is still to be seen."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Between, Block, NewLeaf, Signature, Slot, Title
from app.archive.listed import listed
from app.archive.paper import LABEL, SMALL, SMALL_LABEL, Style
from app.archive.sections import inspections
from app.archive.tables import Cell, Row, Table, Ticks
from app.checklists import template
from app.checklists.results import Result, RoundResult, results, round_kept
from app.checklists.rounds import USUAL
from app.checklists.template import Checklist, Item

TITLE = "评分表"
GROUP = "四净两规范"
ORDER = 10
ABOUT = "round"
ASKS = ("blank",)
_COLUMNS = (20, 76, 57, 17)
_TICKS = Style("fangsong", 8, 10.5)  # four steps stand in one line, and the whole form on one page


def paper(session: Session, about: About) -> Sequence[Block]:
    """One form a home; all of them empty if blank ones are asked for, one without a name where there is no round."""
    if not about.round:
        return _empty(template.checklist(USUAL), Between("户主：　　　　　　　户编号：", "村组：　　　　　　　　"), "")
    kept = round_kept(session, about.round)
    found = [one for one in results(session, about.round) if not about.households or _chosen(one, about)]
    place, blocks = listed(session, about).place, list[Block]()
    for one in found:
        if one.looks and not about.blank:
            standing = RoundResult(kept.id, kept.title, kept.started_on, one)
            sheet = inspections.sheet_of(session, one.home.household_id, standing)
        else:
            sheet = _empty(kept.checklist, _heading(one, place), kept.title)
        blocks += [NewLeaf(), *sheet]
    return blocks or _empty(kept.checklist, Between("户主：　　　　　　　户编号：", ""), kept.title)


def _chosen(one: Result, about: About) -> bool:
    return one.home.household_id in about.households


def _heading(one: Result, place: str) -> Between:
    return Between(f"户主：{one.home.name}　　户编号：{one.home.household_no or '—'}", f"村组：{place}{one.home.group}")


def _empty(checklist: Checklist, heading: Between, round_title: str) -> list[Block]:
    scale = Ticks(tuple(step.value for step in checklist.scale), ())
    heads = [Row([Cell(text, LABEL, shaded=True) for text in ("项目", "检查要点", "结果", "情况说明")])]
    rows = [row for item in checklist.items for row in _item(item, scale)]
    passed = Ticks((wording.YES, wording.NO), ())
    below = [
        Row([Cell("总分", LABEL, shaded=True), Cell(""), Cell("等级", LABEL, shaded=True), Cell("")]),
        Row([Cell("检查日期", LABEL, shaded=True), Cell(""), Cell("是否达标", LABEL, shaded=True), Cell(passed)]),
    ]
    return [
        Title(f"{checklist.title}评分表", round_title),
        heading,
        Table(_COLUMNS, rows, heads, padding=0.9, least=14.5),
        Table((28, 57, 28, 57), below, least=18),
        Signature([Slot("评分人签字"), Slot("户主签字")]),
    ]


def _item(item: Item, scale: Ticks) -> list[Row]:
    name = f"{item.label}\n{wording.number(_whole(item))}分"
    rows = []
    for n, check in enumerate(item.checks):
        first = [Cell(name, SMALL_LABEL, rows=len(item.checks))] if n == 0 else []
        rows.append(Row([*first, Cell(f"{check.code} {check.label}", SMALL), Cell(scale, _TICKS), Cell("", SMALL)]))
    return rows


def _whole(item: Item) -> int:
    return round(item.points)
