"""村情 from the list 行政村 of the national system: one row a village, one column an indicator."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from app.errors import ValidationError
from app.progress import Progress, Task
from app.records.draft import is_taken, new_draft, open_draft, write_draft
from app.records.field import Option, Value, field, options
from app.sheets.cells import text_of
from app.sheets.errors import NoHeaderRow, WrongVillage
from app.sheets.header_matching import MAX_HEADER_ROW
from app.sheets.reader import read
from app.sheets.roster_aliases import normalize_header
from app.sheets.sheet import Row, Sheet
from app.sheets.units import factor, split_quantity, unit_in_brackets
from app.sheets.village_match import short_name
from app.workbook.workbook import VillageInfo, Workbook
from db.schema.village_year import VillageIndicator
from resources.option_roles import value_of, values_with_role, yes_no
from resources.overlay import cached

_LEAST_COLUMNS = 4  # known headings that make a row the heading of such a list
_VILLAGE_HEADERS = frozenset(map(normalize_header, ("行政村", "行政村名称", "村", "村名", "村名称")))
_YEAR_HEADERS = frozenset(map(normalize_header, ("年度", "年份", "统计年度")))


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """One indicator as the list has it: `text` for people, `now` what 村情 has, "" where nothing."""

    indicator: str
    value: Decimal | None
    answer: bool | None
    text: str
    now: str


@dataclass(frozen=True, slots=True)
class IndicatorPreview:
    """What taking a list in would write; `remarks`: what was not understood, and what does not agree, as sentences."""

    file: str
    village: VillageInfo
    year: int
    changes: tuple[IndicatorChange, ...]
    remarks: tuple[str, ...]


def preview_indicators(workbook: Workbook, path: Path, year: int) -> Task[IndicatorPreview]:
    """Read a list of villages.

    Args:
        year: of the figures, where the list has no column for it

    Raises:
        NoHeaderRow: no row is a heading of such a list
        WrongVillage: none of its rows is one of the workbook's villages
    """
    for sheet in (yield from read(path)):
        found = _find_heading(sheet)
        if found is not None:
            yield Progress(0, 0, "正在对照村情")
            return _preview(workbook, path.name, sheet, *found, year)
    raise NoHeaderRow(
        f"“{path.name}”里没有找到行政村表的表头（总户数、总人口数、卫生室个数等）。请确认是行政村信息的导出表。"
    )


def is_village_list(sheet: Sheet) -> bool:
    """Whether a sheet is a list of villages with their indicators, not a roster."""
    return _find_heading(sheet) is not None


def apply_indicators(workbook: Workbook, shown: IndicatorPreview) -> int:
    """Write what the preview shows, in one operation; returns how many indicators changed."""
    with workbook.operation(f"导入行政村表：{shown.year} 年村情") as session:
        return sum(_write(session, shown, one) for one in shown.changes)


def _write(session: Session, shown: IndicatorPreview, one: IndicatorChange) -> bool:
    row_id = VillageIndicator.id_of(shown.village.code, shown.year, one.indicator)
    values: dict[str, Value] = {"value": one.value, "answer": one.answer, "source": shown.file, "from_records": False}
    if is_taken(session, "village_indicator", row_id):
        draft = open_draft(session, "village_indicator", row_id)
        if (draft.values["value"], draft.values["answer"]) == (one.value, one.answer):
            return False
        write_draft(session, draft.with_values(**values))
    else:
        about: dict[str, Value] = {"year": shown.year, "indicator": one.indicator}
        write_draft(session, new_draft("village_indicator", shown.village.code, row_id, **about, **values))
    return True


@cached
def _options_by_header() -> Mapping[str, Option]:
    return {
        normalize_header(wording): option
        for option in options("village_indicator")
        for wording in (option.value, *option.aliases)
    }


def _find_heading(sheet: Sheet) -> tuple[int, tuple[str, ...]] | None:
    """Number of the row and its texts."""
    for number, row in enumerate(sheet.rows[:MAX_HEADER_ROW]):
        headers = tuple(text_of(cell) for cell in row)
        if sum(normalize_header(header) in _options_by_header() for header in headers) >= _LEAST_COLUMNS:
            return number, headers
    return None


def _preview(
    workbook: Workbook, file: str, sheet: Sheet, heading: int, headers: Sequence[str], year: int
) -> IndicatorPreview:
    village, row = _find_row(workbook.villages, file, sheet.rows[heading + 1 :], headers)
    cells = {header: text_of(cell) for header, cell in zip(headers, row, strict=False) if text_of(cell)}
    told = next((text for header, text in cells.items() if normalize_header(header) in _YEAR_HEADERS), "")
    year = int(told[:4]) if told[:4].isdecimal() else year
    changes: list[IndicatorChange] = []
    remarks: list[str] = []
    with workbook.reading() as session:
        for header, text in cells.items():
            option = _options_by_header().get(normalize_header(header))
            if option is None:
                continue
            try:
                changes.append(_change(session, village.code, year, option, header, text))
            except ValidationError as error:
                remarks.append(f"“{header}”没有导入：{error}")
    remarks += [*_unknown_columns(cells), *_disagreements(changes)]
    return IndicatorPreview(file, village, year, tuple(changes), tuple(remarks))


def _find_row(
    villages: Sequence[VillageInfo], file: str, rows: Sequence[Row], headers: Sequence[str]
) -> tuple[VillageInfo, Row]:
    """The first row that is one of the workbook's villages; without a column for it the only row there is."""
    filled = [row for row in rows if any(text_of(cell) for cell in row)]
    column = next((n for n, header in enumerate(headers) if normalize_header(header) in _VILLAGE_HEADERS), None)
    if column is None and len(filled) == 1:
        return villages[0], filled[0]
    by_name = {short_name(village.name): village for village in villages}
    for row in filled:
        name = text_of(row[column]) if column is not None and column < len(row) else ""
        if name and short_name(name) in by_name:
            return by_name[short_name(name)], row
    own = "”“".join(village.name for village in villages[:3])
    raise WrongVillage(f"“{file}”里没有“{own}”这一行，没有导入。请核对是哪个村的表。")


def _change(session: Session, village: str, year: int, option: Option, header: str, text: str) -> IndicatorChange:
    row = session.get(VillageIndicator, VillageIndicator.id_of(village, year, option.value))
    value, answer = _parse(option, header, text)
    return IndicatorChange(
        option.value,
        value,
        answer,
        _told(value, answer),
        _told(row.value, row.answer) if row and not row.withdrawn else "",
    )


def _parse(option: Option, header: str, text: str) -> tuple[Decimal | None, bool | None]:
    """The number in the indicator's unit, or the answer."""
    if option.value in values_with_role("village_indicator", "answer"):
        return None, bool(field("village_indicator", "answer").parse_and_validate(text))
    quantity = split_quantity(text)
    number, unit = quantity if quantity else (text, "")
    value = field("village_indicator", "value").parse_and_validate(number)
    times = factor(option.extra.get("unit", ""), unit or unit_in_brackets(header))
    return Decimal(str(value)) * (times if times is not None else 1), None


def _told(value: Decimal | None, answer: bool | None) -> str:
    if value is not None:
        return field("village_indicator", "value").text(value)
    return "" if answer is None else yes_no(answer)


def _unknown_columns(cells: Mapping[str, str]) -> Iterator[str]:
    known = (*_options_by_header(), *_VILLAGE_HEADERS, *_YEAR_HEADERS)
    unknown = [header for header in cells if normalize_header(header) not in known]
    if unknown:
        yield f"这 {len(unknown)} 列不是村情指标，没有导入：{'、'.join(unknown)}"


def _disagreements(changes: Sequence[IndicatorChange]) -> Iterator[str]:
    """What cannot be true, and what a village that has risen must not leave empty (rules R111, R112)."""
    values = {one.indicator: one.value for one in changes if one.value is not None}

    def of_role(role: str) -> Decimal:
        return values.get(value_of("village_indicator", role), Decimal())

    unsafe = of_role("unsafe_houses") + of_role("unsafe_water")
    households, people, registered = (of_role(one) for one in ("households", "people", "registered_people"))
    if households and unsafe > households:
        yield f"危房户和饮水不安全户合计 {_told(unsafe, None)} 户，多于总户数 {_told(households, None)} 户，请核对"
    if people and registered > people:
        yield f"建档立卡人口 {_told(registered, None)} 人，多于总人口 {_told(people, None)} 人，请核对"
    exited = next((one.answer for one in changes if one.indicator == value_of("village_indicator", "exited")), None)
    told = {one.indicator for one in changes}
    empty = [one.value for one in options("village_indicator") if one.extra.get("compare") and one.value not in told]
    if exited and empty:
        yield f"已出列的村不能为空：{'、'.join(empty)}"
