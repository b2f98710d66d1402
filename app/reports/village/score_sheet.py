"""四净两规范评分表: for each household of a round, filled in if it was inspected, else empty."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.checklists import template
from app.checklists.results import HouseholdResult, RoundResult, load_round, round_results
from app.checklists.rounds import DEFAULT_CHECKLIST
from app.checklists.template import Checklist, ChecklistItem
from app.pdf.flowables import Flowable, HeaderLine, PageBreak
from app.pdf.page_style import LABEL, SMALL, SMALL_LABEL, TextStyle
from app.pdf.table import Cell, CheckboxList, Table, TableRow
from app.reports import formatting
from app.reports.blank_sheet import SheetTitle
from app.reports.household_selection import select_households
from app.reports.parameters import ReportParameters
from app.reports.sections import inspections

TITLE = "评分表"
GROUP = "四净两规范"
ORDER = 10
SUBJECT = "round"
PARAMETERS = ("blank",)
_COLUMNS = (20, 76, 57, 17)
_CHECKBOX_STYLE = TextStyle("fangsong", 8, 10.5)  # four steps fit on one line, and the form on one page


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """One form for each household; all empty if blank ones are asked for, a single nameless one without a round."""
    if not parameters.round:
        return _empty_sheet(
            template.checklist(DEFAULT_CHECKLIST),
            HeaderLine("户主：　　　　　　　户编号：", "村组：　　　　　　　　"),
        )
    round_version = load_round(session, parameters.round)
    household_results = [
        result
        for result in round_results(session, parameters.round)
        if not parameters.households or _is_selected(result, parameters)
    ]
    place, flowables = select_households(session, parameters).place, list[Flowable]()
    for result in household_results:
        if result.inspector_results and not parameters.blank:
            round_result = RoundResult(round_version.id, round_version.title, round_version.started_on, result)
            sheet_flowables = inspections.round_sheet(session, result.household.household_id, round_result)
        else:
            header_line, household_id = _header_line(result, place), result.household.household_id
            sheet_flowables = _empty_sheet(round_version.checklist, header_line, round_version.title, household_id)
        flowables += [PageBreak(), *sheet_flowables]
    return flowables or _empty_sheet(
        round_version.checklist, HeaderLine("户主：　　　　　　　户编号：", ""), round_version.title
    )


def _is_selected(result: HouseholdResult, parameters: ReportParameters) -> bool:
    return result.household.household_id in parameters.households


def _header_line(result: HouseholdResult, place: str) -> HeaderLine:
    return HeaderLine(
        f"户主：{result.household.name}　　户编号：{result.household.household_no or '—'}",
        f"村组：{place}{result.household.group}",
    )


def _empty_sheet(
    checklist: Checklist, header_line: HeaderLine, round_title: str = "", household_id: str = ""
) -> list[Flowable]:
    scale = CheckboxList(tuple(step.value for step in checklist.scale), ())
    header_rows = [TableRow([Cell(text, LABEL, shaded=True) for text in ("项目", "检查要点", "结果", "情况说明")])]
    rows = [row for item in checklist.items for row in _item_rows(item, scale)]
    passed_options = CheckboxList((formatting.YES, formatting.NO), ())
    result_rows = [
        TableRow([Cell("总分", LABEL, shaded=True), Cell(""), Cell("等级", LABEL, shaded=True), Cell("")]),
        TableRow(
            [Cell("检查日期", LABEL, shaded=True), Cell(""), Cell("是否达标", LABEL, shaded=True), Cell(passed_options)]
        ),
    ]
    return [
        SheetTitle(f"{checklist.title}评分表", checklist.code, household_id, round_title),
        header_line,
        Table(_COLUMNS, rows, header_rows, padding=0.9, min_height=5.1),
        Table((28, 57, 28, 57), result_rows, min_height=6.4),
        inspections.score_signatures(),
    ]


def _item_rows(item: ChecklistItem, scale: CheckboxList) -> list[TableRow]:
    name = f"{item.label}\n{formatting.number(_whole_points(item))}分"
    table_rows = []
    for n, check in enumerate(item.checks):
        item_cell = [Cell(name, SMALL_LABEL, row_span=len(item.checks))] if n == 0 else []
        table_rows.append(
            TableRow(
                [*item_cell, Cell(f"{check.code} {check.label}", SMALL), Cell(scale, _CHECKBOX_STYLE), Cell("", SMALL)]
            )
        )
    return table_rows


def _whole_points(item: ChecklistItem) -> int:
    return round(item.points)
