"""The tables of the doubts: which rules are broken how often, and by whom."""

from collections import Counter
from collections.abc import Sequence

from app.quality.doubts import SEVERITIES, Doubt
from app.records.field import label_of
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
