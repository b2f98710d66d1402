"""The tables of the issues: which rules are broken how often, and by whom."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter
from typing import Any

from app.issues.issues import SEVERITIES, Issue, household_issues, replace_household, village_issues
from app.list_views.definition import ListView
from app.list_views.list_source import ListSource
from app.list_views.rows import view_ids
from app.progress import Task
from app.records.field import field_label
from app.viewed_lists.issue_source import issue_list, issue_source, passes, search_text
from app.workbook.workbook import Workbook
from ui.household.household_columns import group_key, pinyin_key
from ui.list_views.computed_rows import LookedUpRows, shown_rows
from ui.list_views.view_rows import added_fields, with_headings
from ui.widgets.made_rows import Cells, MadeRows
from ui.widgets.row_table import Column, Row

ALL_RULES = "all"  # id of the line that stands for every rule
ROW_EMPHASIS = {"错误": "bad", "疑点": "warn", "提示": ""}
RULE_COLUMNS = (
    Column("severity", "轻重", width=6, sort_key=SEVERITIES.index),
    Column("rule", "规则", width=0),
    Column("count", "条数", align="right", width=6),
)
ISSUE_COLUMNS = (
    Column("severity", "轻重", width=6, sort_key=SEVERITIES.index),
    Column("home", "户主", width=8, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=9, sort_key=group_key),
    Column("called", "对象", width=15),
    Column("sentence", "说明", width=0),
    Column("rule", "规则", width=20, hidden=True),
    Column("settled", field_label("verdict", "reason"), width=20, hidden=True),
)


@dataclass(frozen=True)
class IssueTable:
    """Issues made ready for the page: by id, as rows, and as a list for views."""

    issues: Mapping[str, Issue]
    rows: Mapping[str, Row]
    source: ListSource

    @cached_property
    def search_texts(self) -> Mapping[str, str]:
        """The words by which each is found; made when somebody first searches, they take a quarter of the table."""
        return {key: search_text(issue) for key, issue in self.issues.items()}

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Ids of those that fit what is set in the line above the list."""
        texts = self.search_texts if quick.get("text", "").strip() else {}
        return [key for key, issue in self.issues.items() if passes(issue, texts.get(key, ""), quick)]


@dataclass(frozen=True, slots=True)
class FoundIssues:
    """What the page shows.

    Attributes:
        ids: of what passes the line above the list and the view, whatever its rule
        rule: whose issues are listed
        listed: those in the order of the view
    """

    ids: Sequence[str]
    rule: str
    listed: LookedUpRows


EMPTY_TABLE = IssueTable({}, {}, issue_list())
_CELLS: Mapping[str, Callable[[Issue], Any]] = {
    "severity": attrgetter("severity"),
    "home": attrgetter("household_name"),
    "group": attrgetter("group_name"),
    "called": attrgetter("record_title"),
    "sentence": attrgetter("message"),
    "rule": attrgetter("title"),
    "settled": lambda issue: issue.dismissal.reason if issue.dismissal else "",
}


def load_all(workbook: Workbook) -> Task[IssueTable]:
    """All households, settled issues too."""
    return _build_table((yield from village_issues(workbook, include_dismissed=True)))


def reload_households(workbook: Workbook, table: IssueTable, household_ids: Iterable[str]) -> IssueTable:
    """These households only; the others stay as they were found."""
    issues: Sequence[Issue] = tuple(table.issues.values())
    with workbook.reading() as session:
        for household_id in household_ids:
            issues = replace_household(
                issues, household_id, household_issues(session, household_id, include_dismissed=True)
            )
    return _build_table(issues)


def _build_table(issues: Sequence[Issue]) -> IssueTable:
    by_id = {issue.id: issue for issue in issues}
    return IssueTable(by_id, MadeRows(by_id, _issue_row), issue_source(by_id))


def find_issues(
    session: Any, table: IssueTable, view: ListView, ids: Sequence[str], rule: str, shown: Sequence[str]
) -> FoundIssues:
    """Of these issues those of a view, and the ones of a rule among them in the view's order and groups."""
    wanted = frozenset(ids)
    in_view = [id for id in view_ids(session, table.source, replace(view, quick={})) if id in wanted]
    found = only_rule(table, in_view, rule)
    of_rule = found.listed.ids
    placed, headings = with_headings(session, table.source, view, of_rule, shown, "条")
    rows = shown_rows(session, table, of_rule, added_fields(table.source, view, ISSUE_COLUMNS))
    return replace(found, listed=LookedUpRows(placed, rows, headings))


def only_rule(table: IssueTable, ids: Sequence[str], rule: str) -> FoundIssues:
    """The issues of a rule among these; of all rules where it has none."""
    listed = [id for id in ids if table.issues[id].rule == rule]
    if not listed:
        rule, listed = ALL_RULES, list(ids)
    return FoundIssues(ids, rule, LookedUpRows(listed, table.rows, []))


def rule_rows(issues: Sequence[Issue]) -> list[Row]:
    """How often each rule is broken, in the order of the issues; one line for all of them comes first."""
    counts = Counter(issue.rule for issue in issues)
    first_by_rule = {issue.rule: issue for issue in reversed(issues)}
    rows = [
        Row(rule, {"severity": first_by_rule[rule].severity, "rule": first_by_rule[rule].title, "count": number})
        for rule, number in counts.items()
    ]
    return [Row(ALL_RULES, {"rule": "全部规则", "count": len(issues)}), *rows]


def _issue_row(id: str, issue: Issue) -> Row:
    """One issue; a dismissed one is dimmed."""
    return Row(id, Cells(issue, _CELLS), "quiet" if issue.dismissal else ROW_EMPHASIS[issue.severity])
