"""E02: the score sheet of each round, and how the home has done from round to round."""

from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Gap, Heading, Signature, Slot, Title, Whole
from app.archive.chart import Trend
from app.archive.paper import CELL, LABEL, SMALL, SMALL_LABEL
from app.archive.subject import Subject, picture, subject
from app.archive.tables import Cell, Row, Shown, Table
from app.checklists.results import Look, RoundResult, results_of
from app.checklists.scoring import Score, to_one_place
from app.checklists.template import Item
from db.schema.inspection import Answer

ORDER = 120
TITLE = "四净两规范评分表"
_COLUMNS = (22, 82, 16, 12, 38)
_HEADS = ("项目", "检查要点", "结果", "得分", "情况说明")
_PICTURES = 3
_ELSEWHERE = ("two_assurances", "housing_safety")  # G01 and G02 print these
_MIDDLE = SMALL.at("center")


def section(session: Session, household_id: str) -> list[Block]:
    """Each round's sheet, the latest first, then the trend. Scored with the checklist that the round used."""
    home = subject(session, household_id)
    rounds = tuple(one for one in results_of(session, household_id) if one.result.checklist.code not in _ELSEWHERE)
    if not rounds:
        return []
    notes = _notes(session, [look.inspection_id for one in rounds for look in one.result.looks])
    blocks: list[Block] = []
    for one in reversed(rounds):
        look = _standing(one)
        blocks.append(Whole(_sheet(session, home, one, look, notes.get(look.inspection_id, {}))))
    return [*blocks, *_trend(rounds)]


def sheet_of(session: Session, household_id: str, one: RoundResult) -> list[Block]:
    """The sheet of one round that has seen the home."""
    look = _standing(one)
    answers = _notes(session, [look.inspection_id]).get(look.inspection_id, {})
    return [Whole(_sheet(session, subject(session, household_id), one, look, answers))]


def _standing(one: RoundResult) -> Look:
    """The look whose score stands, the last one where several were put together."""
    return next((look for look in reversed(one.result.looks) if look.score is one.result.score), one.result.looks[-1])


def _notes(session: Session, inspections: list[str]) -> dict[str, dict[str, Answer]]:
    found: dict[str, dict[str, Answer]] = {}
    rows = session.scalars(select(Answer).where(Answer.inspection_id.in_(inspections), ~Answer.withdrawn))
    for row in rows:
        found.setdefault(row.inspection_id or "", {})[row.check or ""] = row
    return found


def _sheet(session: Session, home: Subject, one: RoundResult, look: Look, answers: dict[str, Answer]) -> list[Block]:
    result = one.result
    title = result.checklist.title
    heads = [Row([Cell(text, LABEL, shaded=True) for text in _HEADS])]
    body = [row for item in result.checklist.items for row in _item(item, look.score, answers)]
    inspectors = "、".join(result.inspectors)
    blocks: list[Block] = [
        Title(f"{title}评分表", "", look.seen_on),
        home.heading(f"{one.round_title}　{wording.day(look.seen_on)}"),
        Table(_COLUMNS, body, heads, padding=0.9, least=5.6),
        Table((28, 57, 28, 57), _result_rows(one, look, inspectors), least=6.4),
    ]
    found = [one for one in home.photos if one.inspection_id == look.inspection_id][:_PICTURES]
    if found:
        shown = [Shown(picture(session, one), (52, 40), content=one.content or "") for one in found]
        blocks.append(Table([1] * len(found), [Row([Cell(one) for one in shown])]))
    return [*blocks, Signature([Slot("评分人签字"), Slot("户主签字")])]


def _item(item: Item, score: Score, answers: dict[str, Answer]) -> list[Row]:
    """An item's check points beside its name and points; what one check point is worth is an even share of them."""
    steps = {step.value: step.points for step in score.checklist.scale}
    counted = [check for check in item.checks if steps.get(_value(answers, check.code)) is not None]
    each = item.points / len(counted) if counted else Fraction()
    scored = next(one for one in score.items if one.code == item.code)
    earned = "—" if scored.earned is None else wording.number(scored.earned)
    name = f"{item.label}\n{wording.number(scored.possible)}分\n得{earned}分"
    rows = []
    for n, check in enumerate(item.checks):
        value = _value(answers, check.code)
        share = steps.get(value)
        points = "—" if share is None else wording.number(to_one_place(share * each))
        note = answers[check.code].note if check.code in answers else ""
        cells = [
            Cell(f"{check.code} {check.label}", SMALL),
            Cell(value or "—", _MIDDLE),
            Cell(points, _MIDDLE),
            Cell(note or "", SMALL),
        ]
        first = [Cell(name, SMALL_LABEL, rows=len(item.checks))] if n == 0 else []
        rows.append(Row([*first, *cells]))
    return rows


def _value(answers: dict[str, Answer], code: str) -> str:
    return (answers[code].value or "") if code in answers else ""


def _result_rows(one: RoundResult, look: Look, inspectors: str) -> list[Row]:
    score = one.result.score or look.score
    points = "—" if score.points is None else f"{wording.number(score.points)}分"
    open_checks = f"（还有 {len(score.open)} 项未评）" if score.open else ""
    failing = "、".join(item.label for item in score.items if item.failing) or "无"
    several = f"（{len(one.result.looks)} 人评分，取定结果）" if len(one.result.looks) > 1 else ""
    rows = [
        Row([_label("总分"), Cell(points + open_checks + several), _label("等级"), Cell(score.grade or "—")]),
        Row([_label("评分人"), Cell(inspectors or "—"), _label("是否达标"), Cell("是" if score.passed else "否")]),
        Row([_label("需整改的项目"), Cell(failing, span=3)]),
    ]
    said = [one.result.checklist.check(code).hard_fail for code in score.hard_fails]
    if said:
        rows.append(Row([_label("须立即处理"), Cell("；".join(said), span=3)]))
    if look.note:
        rows.append(Row([_label("情况说明"), Cell(look.note, span=3)]))
    return rows


def _label(text: str) -> Cell:
    return Cell(text, LABEL, shaded=True)


def _trend(rounds: tuple[RoundResult, ...]) -> list[Block]:
    scored = [
        (one, one.result.score.points) for one in rounds if one.result.score and one.result.score.points is not None
    ]
    if len(scored) < 2:
        return []
    heads = [Row([Cell(text, LABEL, shaded=True) for text in ("轮次", "检查日期", "总分", "等级", "是否达标")])]
    middle = CELL.at("center")
    body = [
        Row(
            [
                Cell(one.round_title),
                Cell(wording.day(one.result.seen_on), middle),
                Cell(wording.number(points), middle),
                Cell((one.result.score.grade if one.result.score else "") or "—", middle),
                Cell("是" if one.result.passed else "否", middle),
            ]
        )
        for one, points in scored
    ]
    names = [f"{one.started_on:%Y-%m}" if one.started_on else one.round_title for one, _ in scored]
    chart = Trend(tuple(names), tuple(float(points) for _, points in scored), "历次得分")
    return [Whole([Heading("历次评分"), Table((62, 36, 22, 25, 25), body, heads), Gap(4), chart])]
