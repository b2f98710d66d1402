"""What a round came to, as tables: who is left, places, honours, what to put right, groups, the last round."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.checklists.households import RoundHousehold, walking_order
from app.checklists.ranking import RoundComparison, find_failed_households, group_summaries, rank_households, red_list
from app.checklists.results import HouseholdResult
from app.checklists.rounds import RoundRow
from app.records.field import field_label
from ui.widgets.row_table import Column, Row

WHOLE_VILLAGE = "全村"


def _format_date(value: date) -> str:
    return value.isoformat()


def _format_change(value: Decimal) -> str:
    return f"+{value}" if value > 0 else str(value)


_GROUP = Column(
    "group",
    field_label("household", "group_name"),
    width=10,
    sort_key=lambda name: walking_order(RoundHousehold("", "", "", name, "")),
)
_HEAD = Column("head", "户主", width=8)
_NUMBER = Column("no", field_label("household", "household_no"), width=20, hidden=True)
_POINTS = Column("points", "得分", "right", width=5)

ROUND_COLUMNS = (
    Column("title", "轮次", width=0),
    Column("seen", "已评", "right", width=6, text=lambda pair: f"{pair[0]}/{pair[1]}"),
    Column("average", "平均分", "right", width=6),
    Column("state", "状态", width=7),
    Column("started", "开始", width=11, text=_format_date, hidden=True),
    Column("due", "截止", width=11, text=_format_date, hidden=True),
)
REMAINING_COLUMNS = (_GROUP, _HEAD, _NUMBER, Column("state", "进度", width=20), Column("address", "住址", width=0))
RANKING_COLUMNS = (
    Column("village_place", "名次", "right", width=4),
    Column("group_place", "组名次", "right", width=6),
    _GROUP,
    _HEAD,
    _NUMBER,
    _POINTS,
    Column("grade", "等级", width=6),
    Column("passed", "达标", width=6),
    Column("flag", "荣誉", width=8),
    Column("inspectors", field_label("inspection", "inspector"), width=9),
    Column("seen_on", field_label("inspection", "seen_on"), width=11, text=_format_date, hidden=True),
    Column("failing", "待整改项目", width=0),
)
HONOUR_COLUMNS = (_GROUP, _HEAD, _NUMBER, _POINTS, Column("grade", "等级", width=6), Column("honour", "荣誉", width=0))
FAILED_COLUMNS = (
    _GROUP,
    _HEAD,
    _NUMBER,
    _POINTS,
    Column("recheck", "复查日期", width=10, text=_format_date),
    Column("items", "待整改项目", width=16),
    Column("checks", "不达标要点", width=0),
    Column("hard_fails", "安全与核对提示", width=24),
)
CHANGE_COLUMNS = (
    _GROUP,
    _HEAD,
    _NUMBER,
    Column("before", "上轮得分", "right", width=9),
    Column("now", "本轮得分", "right", width=9),
    Column("gain", "增减", "right", width=8, text=_format_change),
    Column("grade_before", "上轮等级", width=9),
    Column("grade_now", "本轮等级", width=0),
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


RoundTables = Mapping[str, tuple[Sequence[Column], Sequence[Row]]]  # name of the table → its columns and rows


def round_tables(results: Sequence[HouseholdResult], comparison: RoundComparison | None) -> RoundTables:
    """All tables of one round; made off the window's thread, for a round of many households."""
    return {
        "left": (REMAINING_COLUMNS, remaining_rows(results)),
        "places": (RANKING_COLUMNS, ranking_rows(results)),
        "honours": (HONOUR_COLUMNS, honour_rows(results)),
        "wrong": (FAILED_COLUMNS, failed_rows(results)),
        "groups": (group_columns(results), group_rows(results)),
        "steps": (CHANGE_COLUMNS, change_rows(comparison)),
    }


def remaining_rows(results: Sequence[HouseholdResult]) -> list[Row]:
    """The households without a finished inspection, in walking order."""
    return [
        Row(
            result.household.household_id,
            _household_cells(result.household) | {"state": _progress(result), "address": result.household.address},
            emphasis="warn" if result.in_progress else "",
        )
        for result in results
        if not result.finished
    ]


def ranking_rows(results: Sequence[HouseholdResult]) -> list[Row]:
    return [
        Row(
            rank.result.household.household_id,
            _household_cells(rank.result.household)
            | {
                "village_place": rank.village_rank,
                "group_place": rank.group_rank,
                "points": rank.result.points,
                "grade": rank.result.grade,
                "passed": "达标" if rank.result.passed else "未达标",
                "flag": "流动红旗" if rank.has_flag else "",
                "inspectors": "、".join(rank.result.inspectors),
                "seen_on": rank.result.seen_on,
                "failing": "、".join(rank.result.items_to_rectify),
            },
            emphasis="" if rank.result.passed else "bad",
        )
        for rank in rank_households(results)
    ]


def honour_rows(results: Sequence[HouseholdResult]) -> list[Row]:
    """红榜, and the households with the 流动红旗 of their group, which need not be of the best grade."""
    red_list_ids = {result.household.household_id for result in red_list(results)}
    return [
        Row(
            rank.result.household.household_id,
            _household_cells(rank.result.household)
            | {
                "points": rank.result.points,
                "grade": rank.result.grade,
                "honour": "、".join(filter(None, ("流动红旗" if rank.has_flag else "", "红榜" if honoured else ""))),
            },
        )
        for rank in rank_households(results)
        if (honoured := rank.result.household.household_id in red_list_ids) or rank.has_flag
    ]


def failed_rows(results: Sequence[HouseholdResult]) -> list[Row]:
    return [
        Row(
            failed.result.household.household_id,
            _household_cells(failed.result.household)
            | {
                "points": failed.result.points,
                "recheck": failed.recheck_on,
                "items": "、".join(failed.items),
                "checks": "；".join(failed.checks),
                "hard_fails": "；".join(failed.hard_fails),
            },
            emphasis="" if failed.result.passed else "bad",
        )
        for failed in find_failed_households(results)
    ]


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


def change_rows(comparison: RoundComparison | None) -> list[Row]:
    """Homes that both rounds saw first, those that lost most at the top."""
    if comparison is None:
        return []
    changes = sorted(comparison.changes, key=lambda change: (change.difference is None, change.difference or Decimal()))
    return [
        Row(
            change.household.household_id,
            _household_cells(change.household)
            | {
                "before": change.previous,
                "now": change.current,
                "gain": change.difference,
                "grade_before": change.previous_grade,
                "grade_now": change.current_grade,
            },
            emphasis="bad" if change.difference is not None and change.difference < 0 else "",
        )
        for change in changes
    ]


def _household_cells(household: RoundHousehold) -> dict[str, Any]:
    return {"group": household.group, "head": household.name, "no": household.household_no}


def _progress(result: HouseholdResult) -> str:
    if result.score is None:
        return "未评"
    return f"评到一半，还有 {len(result.score.open)} 项"
