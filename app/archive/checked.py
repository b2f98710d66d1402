"""What an inspection by a checklist found, as a form of indicators: 两不愁三保障, 住房安全."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Gap, Signature, Slot, Title, Whole
from app.archive.paper import CELL, LABEL
from app.archive.subject import Subject
from app.archive.tables import Cell, Row, Table, Ticks
from app.checklists.results import RoundResult, results_of
from app.checklists.scoring import Score
from app.checklists.template import Item
from db.schema.inspection import Answer

_COLUMNS = (26, 60, 42, 18, 24)
_HEADS = ("指标", "标准", "核查情况", "是否达标", "整改")


def checked_years(session: Session, home: Subject, code: str, title: str) -> tuple[set[int], list[Block]]:
    """A form for each year in which the home was inspected by the checklist, from its last inspection of that year.

    Returns the years, so that a form filled in for one of them is not printed as well, and the blocks, newest first.
    """
    last: dict[int, RoundResult] = {}
    for one in results_of(session, home.household.id):
        if one.result.checklist.code == code and one.result.score is not None and one.result.seen_on:
            last[one.result.seen_on.year] = one
    blocks: list[Block] = []
    for year in sorted(last, reverse=True):
        blocks += [*([Gap(8)] if blocks else []), Whole(_form(session, home, last[year], f"{year}年{title}"))]
    return set(last), blocks


def _form(session: Session, home: Subject, one: RoundResult, title: str) -> list[Block]:
    result, score = one.result, one.result.score
    assert score is not None
    look = next((each for each in reversed(result.looks) if each.score is score), result.looks[-1])
    notes = {
        check or "": note or ""
        for check, note in session.execute(
            select(Answer.check, Answer.note).where(Answer.inspection_id == look.inspection_id, ~Answer.withdrawn)
        )
    }
    heads = [Row([Cell(text, LABEL, shaded=True) for text in _HEADS])]
    rows = [_row(item, score, notes) for item in result.checklist.items]
    verdict = [("核查结论", result.grade or "（未核查完）"), ("情况说明", look.note or wording.EMPTY)]
    inspectors = "、".join(result.inspectors)
    return [
        Title(title, "", look.seen_on),
        home.heading(f"核查日期：{wording.day(look.seen_on)}"),
        Table(_COLUMNS, rows, heads, padding=1.0),
        Table((26, 144), [Row([Cell(label, LABEL, shaded=True), Cell(text)]) for label, text in verdict]),
        Signature([Slot(f"核查人 {inspectors}"), Slot("核查人"), Slot("户主签字", finger=True)]),
    ]


def _row(item: Item, score: Score, notes: Mapping[str, str]) -> Row:
    scored = next(one for one in score.items if one.code == item.code)
    failed = [check for check in item.checks if check.code in score.failed]
    open_ones = [check for check in item.checks if check.code in score.open]
    said = [notes[check.code] for check in item.checks if notes.get(check.code)]
    found = "；".join([f"未做到：{check.label}" for check in failed] + said)
    met = None if scored.share is None and not failed else not scored.failing
    if not found:
        found = "未核查" if open_ones else "不涉及" if met is None else "符合"
    remedy = "；".join(check.hard_fail for check in failed if check.hard_fail) or ("需整改" if failed else "")
    return Row(
        [
            Cell(item.label, LABEL, shaded=True),
            Cell("；".join(check.label for check in item.checks), CELL),
            Cell(found, CELL),
            Cell(Ticks((wording.YES, wording.NO), () if met is None else (wording.YES if met else wording.NO,))),
            Cell(remedy or wording.EMPTY, CELL),
        ]
    )
