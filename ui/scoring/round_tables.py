"""What a round came to, as tables: who is left, places, honours, what to put right, groups, the last round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.checklists.ranking import RoundComparison, group_summaries
from app.checklists.results import HouseholdResult
from app.checklists.rounds import RoundRow
from app.records.field import field_label
from app.viewed_lists.round_change_source import CHANGES_LIST
from app.viewed_lists.round_failed_source import FAILED_LIST
from app.viewed_lists.round_honours_source import HONOURS_LIST
from app.viewed_lists.round_left_source import LEFT_LIST
from app.viewed_lists.round_list import RoundList, RoundOutcome, round_source
from app.viewed_lists.round_ranking_source import RANKING_LIST
from ui.household.household_columns import group_key
from ui.list_views.viewed_tab import ListedRows
from ui.widgets.row_table import Column, Row

WHOLE_VILLAGE = "全村"


def _format_date(value: date) -> str:
    return value.isoformat()


def _format_change(value: Decimal) -> str:
    return f"+{value}" if value > 0 else str(value)


_GROUP = Column("group", field_label("household", "group_name"), width=10, sort_key=group_key)
NONE_LEFT = "各户都已评完。"
_HOUSEHOLD_WIDTHS = {"group": 10, "head": 8, "no": 20}
ROUND_COLUMNS = (
    Column("title", "轮次", width=0),
    Column("seen", "已评", "right", width=6, text=lambda pair: f"{pair[0]}/{pair[1]}"),
    Column("average", "平均分", "right", width=6),
    Column("state", "状态", width=7),
    Column("started", "开始", width=11, text=_format_date, hidden=True),
    Column("due", "截止", width=11, text=_format_date, hidden=True),
)


def round_row(row: RoundRow) -> Row:
    return Row(
        row.id,
        {
            "title": row.title,
            "seen": (row.inspected, row.households),
            "average": row.average,
            "state": row.state,
            "started": row.started_on,
            "due": row.due_on,
        },
        emphasis="" if row.open else "quiet",
    )


@dataclass(frozen=True, slots=True)
class RoundTable:
    """How one of the lists of a round is shown.

    Attributes:
        name: of the table
        report: the printout of app/reports/village that says the same
        emphasis: of the rows that stand out
        nothing: stands in the table where it has no rows
    """

    listed: RoundList
    name: str
    report: str
    columns: tuple[Column, ...]
    emphasis: str
    nothing: str


def _columns(listed: RoundList, widths: Mapping[str, int], formats: Mapping[str, Any]) -> tuple[Column, ...]:
    """The columns in the order of `widths`, with their fields' labels; those that the list does not show are hidden."""
    fields = {one.name: one for one in listed.fields}
    return tuple(
        Column(
            key,
            fields[key].label,
            "right" if fields[key].is_number else "left",
            width=width,
            hidden=key not in listed.columns,
            **({"text": formats[key]} if key in formats else {}),
        )
        for key, width in widths.items()
    )


ROUND_TABLES = (
    RoundTable(
        LEFT_LIST,
        "left",
        "score_sheet",
        _columns(LEFT_LIST, {**_HOUSEHOLD_WIDTHS, "state": 20, "address": 0}, {}),
        "warn",
        NONE_LEFT,
    ),
    RoundTable(
        RANKING_LIST,
        "places",
        "round_summary",
        _columns(
            RANKING_LIST,
            {
                "village_place": 4, "group_place": 6, **_HOUSEHOLD_WIDTHS, "points": 5, "grade": 6, "passed": 6,
                "flag": 8, "inspectors": 9, "seen_on": 11, "failing": 0,
            },
            {"seen_on": _format_date},
        ),
        "bad",
        "还没有评完的户，评完一户就有排名。",
    ),
    RoundTable(
        HONOURS_LIST,
        "honours",
        "honour_roll",
        _columns(HONOURS_LIST, {**_HOUSEHOLD_WIDTHS, "points": 5, "grade": 6, "honour": 0}, {}),
        "",
        "还没有够得上红榜的户。",
    ),
    RoundTable(
        FAILED_LIST,
        "wrong",
        "round_rectification",
        _columns(
            FAILED_LIST,
            {**_HOUSEHOLD_WIDTHS, "points": 5, "recheck": 10, "items": 16, "checks": 0, "hard_fails": 24},
            {"recheck": _format_date},
        ),
        "bad",
        "没有未达标的户。",
    ),
    RoundTable(
        CHANGES_LIST,
        "steps",
        "round_summary",
        _columns(
            CHANGES_LIST,
            {**_HOUSEHOLD_WIDTHS, "before": 9, "now": 9, "gain": 8, "grade_before": 9, "grade_now": 0},
            {"gain": _format_change},
        ),
        "bad",
        "同一评分标准还没有上一轮。",
    ),
)  # fmt: skip
GROUPS = "groups"  # name of the table of 分组汇总
GROUPS_REPORT = "round_summary"


@dataclass(frozen=True, slots=True)
class RoundTables:
    """All tables of one round. `lists`: by the names of the tables."""

    lists: Mapping[str, ListedRows]
    group_columns: Sequence[Column]
    group_rows: Sequence[Row]
    comparison: RoundComparison | None


def round_tables(outcome: RoundOutcome) -> RoundTables:
    """Made off the window's thread, for a round of many households."""
    return RoundTables(
        {shown.name: _listed(shown, outcome) for shown in ROUND_TABLES},
        group_columns(outcome.results),
        group_rows(outcome.results),
        outcome.comparison,
    )


def _listed(shown: RoundTable, outcome: RoundOutcome) -> ListedRows:
    lines = list(shown.listed.lines(outcome))
    rows = [Row(line.household.household_id, line.cells, shown.emphasis if line.stands_out else "") for line in lines]
    return ListedRows({row.id: row for row in rows}, round_source(shown.listed, lines, outcome.title))


def group_columns(results: Sequence[HouseholdResult]) -> list[Column]:
    """One column a grade, as the checklist names them."""
    grades = [grade.name for grade in results[0].checklist.grades] if results else []
    return [
        _GROUP,
        Column("homes", "应评户数", "right", width=8),
        Column("seen", "已评", "right", width=4),
        Column("average", "平均分", "right", width=6),
        Column("passed", "达标户数", "right", width=8),
        *(Column(f"grade_{name}", name, "right", width=6) for name in grades),
        Column("rest", "", width=0),
    ]


def group_rows(results: Sequence[HouseholdResult]) -> list[Row]:
    return [
        Row(
            WHOLE_VILLAGE if line.group is None else f"group {line.group}",
            {
                "group": WHOLE_VILLAGE if line.group is None else line.group or "未分组",
                "homes": line.households,
                "seen": line.inspected,
                "average": line.average,
                "passed": line.passed,
            }
            | {f"grade_{name}": count for name, count in line.grades},
        )
        for line in group_summaries(results)
    ]
