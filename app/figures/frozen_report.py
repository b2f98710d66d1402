"""Freezing a report: its figures and the records behind each are written down as they are on the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.figures.catalogue import figures_of_kind, months_of_kind
from app.figures.definition import Period, Reading, VillageFigure, period_of_months
from app.records.draft import Draft, is_taken, new_draft, open_draft, write_draft
from app.records.field import Value, field
from app.registers import all_registers
from app.registers.engine.rows import id_values
from app.workbook.workbook import Workbook
from db.schema import records, relations
from db.schema.period_report import PeriodReport, ReportFigure

_DATE_OF_FROZEN = "frozen_on"


@dataclass(frozen=True, slots=True)
class FrozenFigure:
    """One figure as a report keeps it: what it came to, and the records of `table` that it counted."""

    name: str
    section: str
    label: str
    unit: str
    value: Decimal | None
    missing: str
    table: str
    ids: tuple[str, ...]


def make_report(workbook: Workbook, kind: str, period: Period | None, today: date) -> str:
    """Begin a report of this kind and freeze it at once; returns its id.

    Args:
        period: None for the one of the kind's months that `today` lies in

    Raises:
        UserError: as `freeze_report`; a report of no fixed length without a period
    """
    kind = str(field("period_report", "kind").parse_and_validate(kind))
    months = months_of_kind(kind)
    if period is None and not months:
        raise UserError(f"“{kind}”没有固定的期间，请写明从哪天到哪天。")
    period = period or period_of_months(today, months)
    with workbook.operation(f"生成{kind}：{period.title}") as session:
        village = workbook.villages[0].code
        report_id = PeriodReport.id_of(village, kind, period.first, period.last, today)
        if is_taken(session, "period_report", report_id):
            raise UserError(f"{period.title}的{kind}今天已经生成过一份，请打开那一份。")
        values: dict[str, Value] = {"kind": kind, "first_on": period.first, "last_on": period.last, "made_on": today}
        draft = new_draft("period_report", village, report_id, **values, made_by=workbook.operator or None)
        write_draft(session, draft)
        freeze(session, report_id, today)
    return report_id


def freeze_report(workbook: Workbook, report_id: str, today: date) -> int:
    """Write the figures of a report down, in one operation; returns how many.

    Raises:
        UserError: it is frozen already, its period is not complete or lies ahead, or nothing is recorded in it
    """
    with workbook.operation("统计调度报告") as session:
        return freeze(session, report_id, today)


def freeze(session: Session, report_id: str, today: date) -> int:
    """`freeze_report` inside a transaction that writes more."""
    draft = open_draft(session, "period_report", report_id)
    if draft.values[_DATE_OF_FROZEN]:
        on = draft.values[_DATE_OF_FROZEN]
        raise UserError(f"这份报告 {on} 已经统计过，数据不再改动。要按现在的数据，请新建一份。")
    period = report_period(draft, today)
    readings = [
        (section, one, one.read(session, period.until(today)))
        for section, one in figures_of_kind(str(draft.values["kind"]))
    ]
    if not any(reading.ids for _, figure, reading in readings if figure.in_period):
        raise UserError(f"{period.title}没有走访、会议、任务、检查等任何记录，不能统计。请核对期间。")
    rows = [_figure_row(draft, place, *told) for place, told in enumerate(readings, 1)]
    _write_figures(session, draft, rows)
    write_draft(session, draft.with_values(**{_DATE_OF_FROZEN: today}))
    return len(readings)


def report_period(draft: Draft, today: date) -> Period:
    """The period of a report.

    Raises:
        UserError: a day is missing, the last is before the first, or the period has not begun
    """
    first, last = draft.values["first_on"], draft.values["last_on"]
    if not draft.values["kind"]:
        raise UserError("请先选“报告种类”。")
    if not isinstance(first, date) or not isinstance(last, date):
        raise UserError("请先填“期间开始”和“期间结束”。")
    if last < first:
        raise UserError(f"期间写反了：开始 {first}，结束 {last}。请核对。")
    if first > today:
        raise UserError(f"{Period(first, last).title}还没有到，不能统计。")
    return Period(first, last)


def frozen_figures(session: Session, report_id: str) -> list[FrozenFigure]:
    """The figures of a report in their order."""
    rows = session.scalars(
        select(ReportFigure)
        .where(ReportFigure.report_id == report_id, ~ReportFigure.withdrawn)
        .order_by(ReportFigure.place, ReportFigure.name)
    )
    return [
        FrozenFigure(
            name=row.name or "",
            section=row.section or "",
            label=row.label or "",
            unit=row.unit or "",
            value=row.value,
            missing=row.missing or "",
            table=row.counted_table or "",
            ids=tuple((row.counted_ids or "").split(",")) if row.counted_ids else (),
        )
        for row in rows
    ]


def earlier_reports(session: Session, report_id: str) -> Sequence[tuple[str, str]]:
    """Id and title of other frozen reports, the one of the same kind that ended last before this one first."""
    report = session.get_one(PeriodReport, report_id)
    rows = session.scalars(
        select(PeriodReport).where(
            ~PeriodReport.withdrawn, PeriodReport.frozen_on.is_not(None), PeriodReport.id != report_id
        )
    ).all()
    ended = report.last_on or date.max

    def distance(row: PeriodReport) -> tuple[bool, bool, int, date, str]:
        other = row.last_on or date.min
        return row.kind != report.kind, other >= ended, -other.toordinal(), row.made_on or date.min, row.id

    return [(row.id, report_title(row)) for row in sorted(rows, key=distance)]


def report_title(report: PeriodReport) -> str:
    """2018年11月—12月双月调度."""
    if report.first_on is None or report.last_on is None:
        return report.kind or ""
    return f"{Period(report.first_on, report.last_on).title}{report.kind or ''}"


def _figure_row(report: Draft, place: int, section: str, figure: VillageFigure, reading: Reading) -> dict[str, Value]:
    return {
        "id": ReportFigure.id_of(report.id, figure.name),
        "report_id": report.id,
        "name": figure.name,
        "place": place,
        "section": section,
        "label": figure.label,
        "unit": figure.unit,
        "value": reading.value,
        "missing": reading.missing or None,
        "counted_table": figure.table,
        "counted_ids": ",".join(reading.ids) or None,
    }


def _write_figures(session: Session, report: Draft, rows: Sequence[dict[str, Value]]) -> None:
    """In one statement; rows whose freezing was taken back are there already, withdrawn, and are written one by one."""
    there = set(session.scalars(select(ReportFigure.id).where(ReportFigure.report_id == report.id)))
    new = [row | {"village": report.village} for row in rows if row["id"] not in there]
    if new:
        session.execute(insert(ReportFigure), new)
    for row in rows:
        if row["id"] in there:
            values = {name: value for name, value in row.items() if name != "id"}
            write_draft(session, new_draft("report_figure", report.village, str(row["id"]), **values))


def rows_behind(session: Session, table: str, ids: Sequence[str]) -> tuple[str, list[str]]:
    """The list that shows what a figure counted, and its rows: people are shown by their households, sums of lines by
    what the lines stand below."""
    listed = {"household", *(register.key for register in all_registers())}
    while table not in listed:
        model = records()[table]
        parent = select(getattr(model, relations.parent_column(table))).where(model.id.in_(id_values(ids)))
        ids = [str(one) for one in session.scalars(parent.distinct()) if one]
        table = relations.parent_table(table)
    return table, list(ids)
