"""What figures propose to other records: 村情, 年度任务, 村出列验收 and 考核记分; nothing that was typed is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.figures.catalogue import find_figure
from app.figures.counting import count_households
from app.figures.definition import Reading, year_period
from app.records.draft import new_draft, open_draft, write_draft
from app.records.field import Option, Value, field, options
from app.registers import get_register
from app.registers.engine.rows import RegisterRow, RowQuery, load_rows, row_ids
from app.registers.village_indicator import MET
from app.workbook.workbook import Workbook
from db.schema.assessment import AssessmentItem
from db.schema.record import Record
from db.schema.village_year import AnnualTarget, ExitCriterion, VillageIndicator
from resources.option_roles import values_with_role

_SOURCE = "按户档核算，在册 {} 户"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was written, and what was not.

    Attributes:
        kept: a sentence for each that stayed, because somebody had typed something else or it cannot be said
        line_year: the year of a line of the county that one of them lacks, 0 where none does
    """

    written: int
    kept: tuple[str, ...] = ()
    line_year: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    """Why one was not written, as in `Proposal`."""

    sentence: str
    line_year: int = 0


class _Written:
    """One was written."""


_Outcome = _Written | _Kept | None  # None where there is nothing to do


def _proposal(outcomes: Sequence[_Outcome]) -> Proposal:
    kept = [one for one in outcomes if isinstance(one, _Kept)]
    written = sum(isinstance(one, _Written) for one in outcomes)
    return Proposal(
        written, tuple(one.sentence for one in kept), next((one.line_year for one in kept if one.line_year), 0)
    )


def propose_indicators(workbook: Workbook, year: int, today: date) -> Proposal:
    """Work the indicators of a year out from the households, and mark them so.

    Raises:
        UserError: the year is still to come
    """
    if year > today.year:
        raise UserError(f"{year} 年还没有到，不能核算。")
    with workbook.operation(f"核算 {year} 年村情") as session:
        village = workbook.villages[0].code
        source = _SOURCE.format(len(count_households()(session, year_period(year)).ids))
        proposed = [_propose_indicator(session, village, year, one, source) for one in options("village_indicator")]
    return _proposal(proposed)


def _propose_indicator(session: Session, village: str, year: int, option: Option, source: str) -> _Outcome:
    figure = find_figure(option.extra.get("figure", ""))
    if figure is None:
        return None
    reading = figure.read(session, year_period(year))
    if reading.value is None:
        return _Kept(f"{option.label}：{reading.missing}", reading.line_year)
    row_id = VillageIndicator.id_of(village, year, option.value)
    values: dict[str, Value] = {"value": reading.value, "source": source, "from_records": True}
    row = session.get(VillageIndicator, row_id)
    if row is None:
        new: dict[str, Value] = {"year": year, "indicator": option.value, **values}
        write_draft(session, new_draft("village_indicator", village, row_id, **new))
        return _Written()
    if row.withdrawn or row.value == reading.value:
        return None
    if row.value is not None and not row.from_records:
        kept, proposed = (field("village_indicator", "value").text(one) for one in (row.value, reading.value))
        return _Kept(f"{option.label}：填的是 {kept}，按户档是 {proposed}")
    write_draft(session, open_draft(session, "village_indicator", row_id).with_values(**values))
    return _Written()


def measure_targets(workbook: Workbook, year: int, today: date) -> Proposal:
    """Write how far each target of a year has come whose figure is named."""
    with workbook.operation(f"统计 {year} 年任务完成数") as session:
        counted = select(AnnualTarget.id).where(
            ~AnnualTarget.withdrawn, AnnualTarget.year == year, AnnualTarget.measured_by.is_not(None)
        )
        measured = [_measure_target(session, id, today) for id in session.scalars(counted.order_by(AnnualTarget.id))]
    return _proposal(measured)


def missing_target_line(session: Session, target_id: str, today: date | None = None) -> int:
    """The year of the line of the county without which a target cannot be measured; 0 where it lacks none."""
    target = session.get_one(AnnualTarget, target_id)
    figure = find_figure(target.measured_by or "")
    if figure is None or target.year is None:
        return 0
    return figure.read(session, year_period(target.year).until(today or date.today())).line_year


def _measure_target(session: Session, target_id: str, today: date) -> _Outcome:
    draft = open_draft(session, "annual_target", target_id)
    name, year = str(draft.values["measured_by"]), int(str(draft.values["year"]))
    figure = find_figure(name)
    if figure is None:
        return _Kept(f"“{draft.values['title']}”的统计指标“{name}”没有这一项，请填调度报告里的指标名称")
    reading = figure.read(session, year_period(year).until(today))
    if reading.value is None:
        return _Kept(f"“{draft.values['title']}”：{reading.missing}", reading.line_year)
    unit = draft.values["unit"] or figure.unit
    changed: dict[str, Value] = {"reached": reading.value, "reached_on": min(today, date(year, 12, 31)), "unit": unit}
    return _Written() if write_draft(session, draft.with_values(**changed)).changed else None


def fill_criteria(workbook: Workbook, exit_id: str) -> Proposal:
    """List the indicators that a village is accepted by, as they stand in 村情 of that year.

    Raises:
        UserError: there are none of that year
    """
    with workbook.operation("填写出列指标") as session:
        draft = open_draft(session, "village_exit", exit_id)
        rows = _indicators_of(session, draft.values["year"], values_with_role("village_indicator", "exit"))
        if not rows:
            raise UserError(f"{draft.values['year']} 年的村情还没有填。请先在“村情”页按 Ctrl+M 核算，或导入行政村表。")
        lines = {str(row.values["indicator"]): _criterion(row) for row in rows}
        return _add_lines(session, draft.village, ExitCriterion, exit_id, lines)


def _indicators_of(session: Session, year: object, wanted: frozenset[str]) -> list[RegisterRow]:
    register = get_register("village_indicator")
    ids = row_ids(session, register, RowQuery(equals={"year": int(str(year))}, sort="indicator"))
    return [row for row in load_rows(session, register, ids) if row.values["indicator"] in wanted]


def _criterion(row: RegisterRow) -> dict[str, Value]:
    """What was asked, what was found; a standard that is missing is told as such and is not met."""
    standard, unit = row.texts["compared_with"], row.texts["unit"]
    told = row.texts["met"]
    return {
        "criterion": row.values["indicator"],
        "standard": f"{standard}{unit}" if standard else None if row.values["answer"] is not None else told,
        "actual": f"{row.texts['value']}{unit}" if row.values["value"] is not None else row.texts["answer"] or None,
        "met": told == MET if told else None,
    }


def fill_assessment(workbook: Workbook, assessment_id: str, today: date) -> Proposal:
    """List the items of the assessment with what each is worth, and count what happened in that year beside each."""
    with workbook.operation("填写考核项目") as session:
        draft = open_draft(session, "assessment", assessment_id)
        period = year_period(int(str(draft.values["year"])))
        lines: dict[str, dict[str, Value]] = {}
        for option in options("assessment_item"):
            figure = find_figure(option.extra.get("figure", ""))
            reading = figure.read(session, period.until(today)) if figure else Reading(None)
            lines[option.value] = {
                "item": option.value,
                "weight": Decimal(option.extra["weight"]),
                "occurrences": None if reading.value is None else int(reading.value),
                "evidence": None if figure is None else f"{period.title}{figure.label} {reading.value} {figure.unit}",
            }
        return _add_lines(session, draft.village, AssessmentItem, assessment_id, lines)


def _add_lines(
    session: Session, village: str, model: type[Record], parent_id: str, lines: Mapping[str, Mapping[str, Value]]
) -> Proposal:
    """Write the lines that are not there yet below a row; those that are stay as they are."""
    table, column = model.__tablename__, model.PARENT
    written = 0
    for name, values in lines.items():
        row_id = model.id_of(parent_id, name)
        if session.get(model, row_id) is None:
            write_draft(session, new_draft(table, village, row_id, **{column: parent_id}, **values))
            written += 1
    return Proposal(written)
