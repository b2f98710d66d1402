"""The results of an inspection by checklist as a form of indicators: 两不愁三保障, 住房安全."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.results import RoundResult, household_trend
from app.checklists.scoring import Score
from app.checklists.template import ChecklistItem
from app.pdf.flowables import Flowable, KeepTogether, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import CELL, LABEL
from app.pdf.table import Cell, CheckboxList, Table, TableRow
from app.reports import formatting
from app.reports.household_context import HouseholdContext, context_on
from db.schema.inspection import Answer

_COLUMNS = (26, 60, 42, 18, 24)
_HEADERS = ("指标", "标准", "核查情况", "是否达标", "整改")


def inspected_years(
    session: Session, context: HouseholdContext, code: str, title: str
) -> tuple[set[int], list[Flowable]]:
    """A form for each year in which the household was inspected by the checklist, from its last inspection in it.

    Returns the years, so that a form filled in for one of them is not printed as well, and the flowables, newest first.
    """
    latest: dict[int, RoundResult] = {}
    for round_result in household_trend(session, context.household.id):
        if (
            round_result.result.checklist.code == code
            and round_result.result.score is not None
            and round_result.result.seen_on
        ):
            latest[round_result.result.seen_on.year] = round_result
    flowables: list[Flowable] = []
    for year in sorted(latest, reverse=True):
        flowables += [
            *([Spacer(8)] if flowables else []),
            KeepTogether(_year_form(session, context, latest[year], f"{year}年{title}")),
        ]
    return set(latest), flowables


def _year_form(session: Session, context: HouseholdContext, round_result: RoundResult, title: str) -> list[Flowable]:
    result, score = round_result.result, round_result.result.score
    assert score is not None
    inspector_result = next(
        (candidate for candidate in reversed(result.inspector_results) if candidate.score is score),
        result.inspector_results[-1],
    )
    notes = {
        check or "": note or ""
        for check, note in session.execute(
            select(Answer.check, Answer.note).where(
                Answer.inspection_id == inspector_result.inspection_id, ~Answer.withdrawn
            )
        )
    }
    header_rows = [TableRow([Cell(text, LABEL, shaded=True) for text in _HEADERS])]
    rows = [_row(item, score, notes) for item in result.checklist.items]
    conclusion = [("核查结论", result.grade or "（未核查完）"), ("情况说明", inspector_result.note or formatting.EMPTY)]
    inspectors = "、".join(result.inspectors)
    return [
        Title(title, "", inspector_result.seen_on),
        context_on(session, context.household.id, inspector_result.seen_on).header_line(
            f"核查日期：{formatting.day(inspector_result.seen_on)}"
        ),
        Table(_COLUMNS, rows, header_rows, padding=1.0),
        Table((26, 144), [TableRow([Cell(label, LABEL, shaded=True), Cell(text)]) for label, text in conclusion]),
        SignatureBlock(
            [
                SignatureField(f"核查人 {inspectors}"),
                SignatureField("核查人"),
                SignatureField("户主签字", fingerprint=True),
            ]
        ),
    ]


def _row(item: ChecklistItem, score: Score, notes: Mapping[str, str]) -> TableRow:
    scored = next(item_score for item_score in score.items if item_score.code == item.code)
    failed = [check for check in item.checks if check.code in score.failed]
    unanswered = [check for check in item.checks if check.code in score.open]
    remarks = [notes[check.code] for check in item.checks if notes.get(check.code)]
    findings = "；".join([f"未做到：{check.label}" for check in failed] + remarks)
    is_met = None if scored.share is None and not failed else not scored.failed
    if not findings:
        findings = "未核查" if unanswered else "不涉及" if is_met is None else "符合"
    remedy = "；".join(check.hard_fail for check in failed if check.hard_fail) or ("需整改" if failed else "")
    return TableRow(
        [
            Cell(item.label, LABEL, shaded=True),
            Cell("；".join(check.label for check in item.checks), CELL),
            Cell(findings, CELL),
            Cell(
                CheckboxList(
                    (formatting.YES, formatting.NO),
                    () if is_met is None else (formatting.YES if is_met else formatting.NO,),
                )
            ),
            Cell(remedy or formatting.EMPTY, CELL),
        ]
    )
