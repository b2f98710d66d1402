"""报告对比 as a list that can be viewed: one figure of a frozen report a row, beside another report and today's."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.figures.comparison import FigureComparison, ReportComparison, compare_report
from app.figures.frozen_report import earlier_reports
from app.list_views.catalogue import REPORT_FIGURES
from app.list_views.computed_source import ComputedRows, computed_fields, find_computed
from app.list_views.list_source import ListSource, made_field
from db.schema.period_report import PeriodReport

REPORT, OTHER = "report", "other"  # what is chosen beside the list: which report, and which one stands beside it
_PLACES = 2
_UNKNOWN = "这个版本的程序没有这一项"
_FIELDS = (
    made_field(REPORT_FIGURES, "section", "类别"),
    made_field(REPORT_FIGURES, "label", "指标"),
    made_field(REPORT_FIGURES, "unit", "单位"),
    made_field(REPORT_FIGURES, "value", "本期", "decimal", _PLACES),
    made_field(REPORT_FIGURES, "other", "对比期", "decimal", _PLACES),
    made_field(REPORT_FIGURES, "change", "增减", "decimal", _PLACES),
    made_field(REPORT_FIGURES, "now", "现在", "decimal", _PLACES),
    made_field(REPORT_FIGURES, "drift", "与统计时相差", "decimal", _PLACES),
    made_field(REPORT_FIGURES, "told", "说明"),
)
_SHOWN = tuple(one.name for one in _FIELDS)


def report_source(compared: ReportComparison | None) -> ListSource:
    """The list with the figures of a report, in their order; None: without rows."""
    figures = compared.figures if compared else ()
    rows = ComputedRows(lambda: ((one.frozen.name, _cells(one)) for one in figures))
    return ListSource(
        key=REPORT_FIGURES,
        title="报告对比",
        record=rows,
        fields=tuple(replace(one, summed=False) for one in computed_fields(rows, _FIELDS, {})),  # people beside yuan
        columns=_SHOWN,
        totals=(),
        find=find_computed(rows, lambda name, quick: True),
        computed=_loaded,
        about=compared.title if compared else "",
    )


@cache
def report_figure_list() -> ListSource:
    """The list without rows: its fields."""
    return report_source(None)


def newest_report(session: Session) -> str:
    """Id of the report that was frozen last, "" where none was."""
    frozen = select(PeriodReport.id).where(~PeriodReport.withdrawn, PeriodReport.frozen_on.is_not(None))
    return session.scalars(frozen.order_by(PeriodReport.frozen_on.desc(), PeriodReport.id).limit(1)).first() or ""


def kept_report(session: Session, report_id: str) -> str:
    """This report while it can be compared, else the one that was frozen last, "" where none was."""
    report = session.get(PeriodReport, report_id)
    is_there = report is not None and not report.withdrawn and report.frozen_on is not None
    return report_id if is_there else newest_report(session)


def figure_cells(one: FigureComparison) -> dict[str, object]:
    """Its cells by the names of the fields."""
    now_missing = one.now.missing if one.now else _UNKNOWN
    return {
        "section": one.frozen.section,
        "label": one.frozen.label,
        "unit": one.frozen.unit,
        "value": one.frozen.value,
        "other": one.other.value if one.other else None,
        "change": one.change,
        "now": one.now.value if one.now else None,
        "drift": one.drift,
        "told": one.frozen.missing or now_missing or ("记录有增减" if one.has_drifted and not one.drift else ""),
    }


def _loaded(session: Session, choices: Mapping[str, str]) -> ListSource:
    report_id = choices.get(REPORT) or newest_report(session)
    if not report_id:
        return report_source(None)
    other = choices.get(OTHER)
    if other is None:
        other = next((id for id, _ in earlier_reports(session, report_id)), "")
    return report_source(compare_report(session, report_id, other))


def _cells(one: FigureComparison) -> tuple[object, ...]:
    return tuple(_stored(value) for value in figure_cells(one).values())


def _stored(value: object) -> object:
    """As a column of its kind holds it."""
    return int(value.scaleb(_PLACES)) if isinstance(value, Decimal) else None if value == "" else value
