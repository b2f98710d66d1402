"""A round of the checklist archive_completeness filled in from what the archives hold (app/reports/completeness.py)."""

from collections.abc import Sequence
from datetime import date

from app.checklists.inspections import load_sheet, record_inspection
from app.checklists.results import load_round, round_results
from app.checklists.template import Checklist
from app.errors import UserError
from app.reports.completeness import MISSING, UNSIGNED, PaperLine, told_together, village_papers
from app.reports.owed_parts import owed_parts
from app.workbook.workbook import Workbook

_BY_PROGRAM = "按工作簿："  # the note of an answer that may be written anew


def is_about_archives(checklist_codes: Sequence[str]) -> bool:
    """Whether a checklist has all check points that archives are asked for."""
    return {owed.check for owed in owed_parts()} <= set(checklist_codes)


def fill_from_archives(workbook: Workbook, round_id: str, inspector: str, day: date) -> int:
    """Answer the check points of every household of a round, in one operation; returns how many households.

    What an inspector has answered, or noted, stays as it is.

    Raises:
        UserError: the round is not about archives
        RoundClosed: it is closed
    """
    with workbook.operation("按档案填写检查表") as session:
        version = load_round(session, round_id)
        if not is_about_archives([check.code for check in version.checklist.checks()]):
            raise UserError(f"“{version.title}”用的不是档案完整性检查的标准，不能按档案填写。")
        papers = {one.id: lines for one, lines in village_papers(session, day)}
        filled = 0
        for result in round_results(session, round_id):
            lines = papers.get(result.household.household_id, ())
            sheet = load_sheet(session, round_id, result.household.household_id, inspector)
            told = {
                code: answer
                for code, answer in _answers(version.checklist, lines).items()
                if (code not in sheet.answers and not sheet.notes.get(code))
                or sheet.notes.get(code, "").startswith(_BY_PROGRAM)
            }
            if told:
                answers = {code: value for code, (value, _) in told.items()}
                notes = {code: note for code, (_, note) in told.items()}
                record_inspection(
                    session, version, result.household.household_id, inspector, sheet.seen_on or day, answers, notes
                )
                filled += 1
        return filled


def _answers(checklist: Checklist, papers: Sequence[PaperLine]) -> dict[str, tuple[str, str]]:
    """Check point → value and note: wholly passed where all is there, half where only signatures are missing."""
    earned = sorted((step.points, step.value) for step in checklist.scale if step.points is not None)
    failed, half, passed = earned[0][1], earned[len(earned) // 2][1], earned[-1][1]
    left_out = next((step.value for step in checklist.scale if step.points is None), passed)
    answers = {}
    for code in dict.fromkeys(owed.check for owed in owed_parts()):
        lines = [line for line in papers if line.check == code]
        states = {line.state for line in lines}
        value = failed if MISSING in states else half if UNSIGNED in states else passed if lines else left_out
        gaps = "；".join(
            f"{label}{'、'.join(told_together(lines, state))}"
            for label, state in (("缺", MISSING), ("未签字：", UNSIGNED))
            if state in states
        )
        answers[code] = (value, _BY_PROGRAM + (gaps or ("齐全" if lines else "不应有")))
    return answers
