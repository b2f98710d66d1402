"""What a round came to, as tables: who is left, places, honours, what to put right, groups, the last round."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.checklists.homes import Home, walking_order
from app.checklists.ranking import Comparison, honour_roll, ranking, summary, to_put_right
from app.checklists.results import Result
from app.checklists.rounds import RoundRow
from app.records.field import label_of
from ui.tables.row_table import Column, Row

VILLAGE_LINE = "全村"


def _day(value: date) -> str:
    return value.isoformat()


def _gain(value: Decimal) -> str:
    return f"+{value}" if value > 0 else str(value)


_GROUP = Column(
    "group",
    label_of("household", "group_name"),
    width=10,
    sort_key=lambda name: walking_order(Home("", "", "", name, "")),
)
_HEAD = Column("head", "户主", width=8)
_NUMBER = Column("no", label_of("household", "household_no"), width=20, hidden=True)
_POINTS = Column("points", "得分", "right", width=5)

ROUNDS = (
    Column("title", "轮次", width=0),
    Column("seen", "已评", "right", width=6, text=lambda pair: f"{pair[0]}/{pair[1]}"),
    Column("average", "平均分", "right", width=6),
    Column("state", "状态", width=7),
    Column("started", "开始", width=11, text=_day, hidden=True),
    Column("due", "截止", width=11, text=_day, hidden=True),
)
LEFT = (_GROUP, _HEAD, _NUMBER, Column("state", "进度", width=14), Column("address", "住址", width=0))
RANKING = (
    Column("village_place", "名次", "right", width=4),
    Column("group_place", "组名次", "right", width=6),
    _GROUP,
    _HEAD,
    _NUMBER,
    _POINTS,
    Column("grade", "等级", width=6),
    Column("passed", "达标", width=6),
    Column("flag", "荣誉", width=8),
    Column("inspectors", label_of("inspection", "inspector"), width=9),
    Column("seen_on", label_of("inspection", "seen_on"), width=11, text=_day, hidden=True),
    Column("failing", "待整改项目", width=0),
)
HONOURS = (_GROUP, _HEAD, _NUMBER, _POINTS, Column("grade", "等级", width=6), Column("honour", "荣誉", width=0))
WRONG = (
    _GROUP,
    _HEAD,
    _NUMBER,
    _POINTS,
    Column("recheck", "复查日期", width=10, text=_day),
    Column("items", "待整改项目", width=16),
    Column("checks", "不达标要点", width=0),
    Column("hard_fails", "安全与核对提示", width=24),
)
STEPS = (
    _GROUP,
    _HEAD,
    _NUMBER,
    Column("before", "上轮得分", "right", width=9),
    Column("now", "本轮得分", "right", width=9),
    Column("gain", "增减", "right", width=8, text=_gain),
    Column("grade_before", "上轮等级", width=9),
    Column("grade_now", "本轮等级", width=0),
)


def round_row(row: RoundRow) -> Row:
    return Row(
        row.id,
        {
            "title": row.title,
            "seen": (row.seen, row.homes),
            "average": row.average,
            "state": row.state,
            "started": row.started_on,
            "due": row.due_on,
        },
        look="" if row.open else "quiet",
    )


RoundTables = Mapping[str, tuple[Sequence[Column], Sequence[Row]]]  # name of the table → its columns and rows


def round_tables(found: Sequence[Result], comparison: Comparison | None) -> RoundTables:
    """All tables of one round; made off the window's thread, for a round of many homes."""
    return {
        "left": (LEFT, left_rows(found)),
        "places": (RANKING, ranking_rows(found)),
        "honours": (HONOURS, honour_rows(found)),
        "wrong": (WRONG, wrong_rows(found)),
        "groups": (group_columns(found), group_rows(found)),
        "steps": (STEPS, step_rows(comparison)),
    }


def left_rows(found: Sequence[Result]) -> list[Row]:
    """The homes without a finished inspection, in walking order."""
    return [
        Row(
            result.home.household_id,
            _of(result.home) | {"state": _progress(result), "address": result.home.address},
            look="warn" if result.begun else "",
        )
        for result in found
        if not result.finished
    ]


def ranking_rows(found: Sequence[Result]) -> list[Row]:
    return [
        Row(
            place.result.home.household_id,
            _of(place.result.home)
            | {
                "village_place": place.village_place,
                "group_place": place.group_place,
                "points": place.result.points,
                "grade": place.result.grade,
                "passed": "达标" if place.result.passed else "未达标",
                "flag": "流动红旗" if place.flag else "",
                "inspectors": "、".join(place.result.inspectors),
                "seen_on": place.result.seen_on,
                "failing": "、".join(place.result.failing),
            },
            look="" if place.result.passed else "bad",
        )
        for place in ranking(found)
    ]


def honour_rows(found: Sequence[Result]) -> list[Row]:
    """红榜, and the homes with the 流动红旗 of their group, which need not be of the best grade."""
    listed = {result.home.household_id for result in honour_roll(found)}
    return [
        Row(
            place.result.home.household_id,
            _of(place.result.home)
            | {
                "points": place.result.points,
                "grade": place.result.grade,
                "honour": "、".join(filter(None, ("流动红旗" if place.flag else "", "红榜" if honoured else ""))),
            },
        )
        for place in ranking(found)
        if (honoured := place.result.home.household_id in listed) or place.flag
    ]


def wrong_rows(found: Sequence[Result]) -> list[Row]:
    return [
        Row(
            one.result.home.household_id,
            _of(one.result.home)
            | {
                "points": one.result.points,
                "recheck": one.recheck_on,
                "items": "、".join(one.items),
                "checks": "；".join(one.checks),
                "hard_fails": "；".join(one.hard_fails),
            },
            look="" if one.result.passed else "bad",
        )
        for one in to_put_right(found)
    ]


def group_columns(found: Sequence[Result]) -> list[Column]:
    """One column a grade, as the checklist names them."""
    grades = [grade.name for grade in found[0].checklist.grades] if found else []
    return [
        _GROUP,
        Column("homes", "应评户数", "right", width=8),
        Column("seen", "已评", "right", width=4),
        Column("average", "平均分", "right", width=6),
        Column("passed", "达标户数", "right", width=8),
        *(Column(f"grade_{name}", name, "right", width=6) for name in grades),
        Column("rest", "", width=0),
    ]


def group_rows(found: Sequence[Result]) -> list[Row]:
    return [
        Row(
            VILLAGE_LINE if line.group is None else f"group {line.group}",
            {
                "group": VILLAGE_LINE if line.group is None else line.group or "未分组",
                "homes": line.homes,
                "seen": line.seen,
                "average": line.average,
                "passed": line.passed,
            }
            | {f"grade_{name}": count for name, count in line.grades},
        )
        for line in summary(found)
    ]


def step_rows(comparison: Comparison | None) -> list[Row]:
    """Homes that both rounds saw first, those that lost most at the top."""
    if comparison is None:
        return []
    steps = sorted(comparison.steps, key=lambda step: (step.difference is None, step.difference or Decimal()))
    return [
        Row(
            step.home.household_id,
            _of(step.home)
            | {
                "before": step.before,
                "now": step.now,
                "gain": step.difference,
                "grade_before": step.grade_before,
                "grade_now": step.grade_now,
            },
            look="bad" if step.difference is not None and step.difference < 0 else "",
        )
        for step in steps
    ]


def _of(home: Home) -> dict[str, Any]:
    return {"group": home.group, "head": home.name, "no": home.household_no}


def _progress(result: Result) -> str:
    if result.score is None:
        return "未评"
    return f"评到一半，还有 {len(result.score.open)} 项"
