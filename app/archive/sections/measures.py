"""D03: what the household and its members were given, on a sheet across, with a sum a year."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Signature, Slot, Title
from app.archive.paper import SMALL, SMALL_LABEL, Style
from app.archive.subject import rows, subject
from app.archive.tables import Cell, Row, Table
from db.schema.aid import Measure

ORDER = 100
TITLE = "帮扶措施台账"
LANDSCAPE = True
_COLUMNS = (8, 25, 24, 45, 18, 22, 22, 26, 34, 22, 16)
_HEADS = (
    "序号", "日期", "措施类别", "项目名称", "享受人", "规模（数量）", "金额（元）", "资金来源", "帮扶成效",
    "户主签字", "备注",
)  # fmt: skip
_MIDDLE, _RIGHT = SMALL.at("center"), SMALL.at("right")
_SUM = Style("hei", 9, 11.5)


def section(session: Session, household_id: str) -> list[Block]:
    """All years, the newest first."""
    home = subject(session, household_id)
    kept = rows(session, Measure, household_id)
    kept.sort(key=lambda one: (-(one.year or 0), one.started_on is None, one.started_on, one.id))
    if not kept:
        return []
    people = {one.id: one.name or "" for one in (*home.members, *home.left)}
    body: list[Row] = []
    number = 0
    for year, group in groupby(kept, key=lambda one: one.year):
        of_year = list(group)
        for one in of_year:
            number += 1
            body.append(_row(number, one, people))
        body.append(_sum(year, [one.amount for one in of_year if one.amount is not None]))
    heads = [Row([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADS], least=10)]
    return [
        Title(TITLE),
        home.heading(),
        Table(_COLUMNS, body, heads, padding=0.8, least=9),
        Signature([Slot(home.helper_word), Slot("户主签字", finger=True)]),
    ]


def _row(number: int, one: Measure, people: Mapping[str, str]) -> Row:
    began = wording.day(one.started_on) if one.started_on else f"{one.year}年" if one.year else wording.EMPTY
    title = "：".join(text for text in (one.title, one.content) if text)
    return Row(
        [
            Cell(str(number), _MIDDLE),
            Cell(began, _MIDDLE),
            Cell(one.kind or wording.EMPTY, _MIDDLE),
            Cell(title or wording.EMPTY, SMALL),
            Cell(people.get(one.member_id or "") or "全户", _MIDDLE),
            Cell(one.quantity or wording.EMPTY, _MIDDLE),
            Cell(wording.money(one.amount), _RIGHT),
            Cell(one.fund_source or wording.EMPTY, _MIDDLE),
            Cell("，".join(text for text in (one.state, one.effect) if text) or wording.EMPTY, SMALL),
            Cell("", SMALL),
            Cell(one.note or wording.EMPTY, SMALL),
        ]
    )


def _sum(year: int | None, amounts: list[Decimal]) -> Row:
    label = f"{year}年合计" if year else "年度未填的合计"
    total = wording.money(sum(amounts, Decimal())) if amounts else wording.EMPTY
    return Row(
        [
            Cell(label, _SUM.at("right"), 6, shaded=True),
            Cell(total, _RIGHT, shaded=True),
            Cell("", SMALL, 4, shaded=True),
        ]
    )
