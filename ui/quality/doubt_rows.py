"""The tables of the doubts: which rules are broken how often, and by whom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.progress import Progress, Work
from app.quality.doubts import SEVERITIES, Doubt, of_household, of_village, with_household
from app.records.field import label_of
from app.workbook.workbook import Workbook
from ui.household.list_columns import by_group, by_pinyin
from ui.tables.row_table import Column, Row

ALL = "all"  # id of the line that stands for every rule
LOOKS = {"错误": "bad", "疑点": "warn", "提示": ""}
RULES = (
    Column("severity", "轻重", width=6, sort_key=SEVERITIES.index),
    Column("rule", "规则", width=0),
    Column("count", "条数", align="right", width=6),
)
DOUBTS = (
    Column("severity", "轻重", width=6, sort_key=SEVERITIES.index),
    Column("home", "户主", width=8, sort_key=by_pinyin),
    Column("group", label_of("household", "group_name"), width=9, sort_key=by_group),
    Column("called", "对象", width=15),
    Column("sentence", "说明", width=0),
    Column("rule", "规则", width=20, hidden=True),
    Column("settled", label_of("verdict", "reason"), width=20, hidden=True),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """Doubts made ready for the page: by id, as rows, and in the words by which they are found."""

    doubts: Mapping[str, Doubt]
    rows: Sequence[Row]
    words: Mapping[str, str]


def check_all(workbook: Workbook) -> Work[Listed]:
    """All households, settled doubts too."""
    return _listed((yield from of_village(workbook, settled=True)))


def check_some(workbook: Workbook, before: Listed, household_ids: Iterable[str]) -> Work[Listed]:
    """These households only; the others stay as they were found."""
    yield Progress(0, 1)
    doubts: Sequence[Doubt] = tuple(before.doubts.values())
    with workbook.reading() as session:
        for id in household_ids:
            doubts = with_household(doubts, id, of_household(session, id, settled=True))
    return _listed(doubts)


def _listed(doubts: Sequence[Doubt]) -> Listed:
    by_id = {id_of(one): one for one in doubts}
    words = {
        id: f"{one.home} {one.group} {one.called} {one.title} {one.sentence}".casefold() for id, one in by_id.items()
    }
    return Listed(by_id, [doubt_row(one) for one in doubts], words)


def id_of(doubt: Doubt) -> str:
    """A rule finds at most one doubt of a record."""
    return f"{doubt.household_id} {doubt.rule} {doubt.about}"


def rule_rows(doubts: Sequence[Doubt]) -> list[Row]:
    """How often each rule is broken, in the order of the doubts; one line for all of them comes first."""
    counted = Counter(one.rule for one in doubts)
    first = {one.rule: one for one in reversed(doubts)}
    rows = [
        Row(rule, {"severity": first[rule].severity, "rule": first[rule].title, "count": number})
        for rule, number in counted.items()
    ]
    return [Row(ALL, {"rule": "全部规则", "count": len(doubts)}), *rows]


def doubt_row(doubt: Doubt) -> Row:
    """One doubt; what is settled stands back."""
    cells = {
        "severity": doubt.severity,
        "home": doubt.home,
        "group": doubt.group,
        "called": doubt.called,
        "sentence": doubt.sentence,
        "rule": doubt.title,
        "settled": doubt.settled.reason if doubt.settled else "",
    }
    return Row(id_of(doubt), cells, "quiet" if doubt.settled else LOOKS[doubt.severity])
