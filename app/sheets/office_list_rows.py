"""The rows below the heading of another office's list, each with whom it names and what it says of him."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from app.comparison.id_number import fold_id_number
from app.comparison.list_row import ListRow
from app.comparison.subject import Subject
from app.errors import ValidationError
from app.records.field import Field, Value
from app.records.field import field as field_of
from app.records.validators import VALIDATORS
from app.sheets.cell_dates import parse_date
from app.sheets.cell_parsing import ColumnParser
from app.sheets.cells import is_date_or_time, lost_precision, text_of
from app.sheets.names_in_cell import names_in
from app.sheets.office_list_heading import HAPPENED, STATE, ListHeading
from app.sheets.roster import Remark
from app.sheets.row_selection import RowChoices, RowSelection
from app.sheets.sheet import Cell, Row, Sheet, column_letters
from app.sheets.village_match import short_name
from app.workbook.workbook import VillageInfo

_NUMBER = re.compile(r"[^:：]*\d[^:：]*")  # what may be an ID number, if a wrong one
_NUMBER_LENGTH = 18
_BETWEEN_NUMBERS = re.compile(r"[、,，;；/|\s]+")  # in one cell
_NO_NAMES = "本|全|各|我|该|外|贫困|脱贫|非贫困|出列|示范|重点|行政|自然|帮扶"  # 本村 and 脱贫村 name no village
_VILLAGE = re.compile(rf"(?!(?:{_NO_NAMES})村)\S{{1,8}}(村|社区|村委会|居委会)")  # as the name of a sheet
_normalize_name = VALIDATORS["person_name"].normalize


class ListReader:
    """Reads the rows of one sheet."""

    def __init__(
        self,
        sheet: Sheet,
        heading: ListHeading,
        subject: Subject,
        villages: Sequence[VillageInfo],
        *,
        is_of_absent: bool,
        choices: RowChoices,
    ) -> None:
        """`is_of_absent`: the list names those who are not, or no longer, in it; a column with a state goes before."""
        self._sheet, self._heading, self._subject, self._choices = sheet, heading, subject, choices
        self._villages = {short_name(one.name): one.code for one in villages}
        columns = {column.index: column for column in heading.row.columns}
        self._sheet_village = sheet.name if _VILLAGE.fullmatch(sheet.name) else ""
        self._titles = [column.title for column in heading.row.columns]
        self._names = heading.columns_for("member.name")
        self._numbers = heading.number_columns
        self._births = heading.columns_for("member.birth")
        self._places = heading.columns_for("village.name")
        self._states = heading.columns_for(STATE)
        self._dates = heading.columns_for(HAPPENED)
        self._parsers = [
            (one, ColumnParser(columns[index]))
            for one in subject.values
            for index in heading.columns_for(f"{one.table}.{one.name}")
        ]
        by_sheet = any(word in sheet.name for word in subject.absent.titles)
        self._is_of_absent = not self._states and (is_of_absent or by_sheet)

    def rows(self, left_out: list[Remark]) -> Iterator[ListRow]:
        """Every row of the list; sums, notes, repeated headings and struck rows go to `left_out` with their text."""
        selection = RowSelection(self._sheet, self._heading.row, self._choices)
        for index, cells in selection.rows():
            row = self._read(index, cells)
            number = row.number if _NUMBER.fullmatch(row.number) else None  # below a list there stands who signs
            named: dict[str, Value] = {"member.name": row.name or None, "member.id_no": number}
            given = {target: value for target, value in named.items() if value}
            if reason := selection.why_not(index, cells, given):
                text = " | ".join(text for _, text in row.cells)
                left_out.append(Remark(self._sheet.name, row.row, "", f"{reason}，没有比：{text}"))
            elif row.cells:
                if doubt := selection.doubt(index):
                    left_out.append(Remark(self._sheet.name, row.row, "", doubt))
                yield from self._people(row, cells)

    def _read(self, index: int, cells: Row) -> ListRow:
        doubts: list[str] = []
        number, fault = self._number(cells)
        village, elsewhere = self._village(cells)
        state = self._text(cells, self._states)
        birth = self._date(cells, self._births, doubts) or self._birth_in_number(cells)
        return ListRow(
            sheet=self._sheet.name,
            row=index + 1,
            name=_normalize_name(self._text(cells, self._names)),
            number=number,
            number_fault=fault,
            has_number=bool(self._text(cells, self._numbers)),
            birth=birth,
            village=village,
            elsewhere=elsewhere,
            is_absent=self._is_of_absent or state in self._subject.absent.values,
            state=state,
            happened_on=self._date(cells, self._dates, doubts),
            values=self._values(cells, doubts),
            cells=self._cells(index, cells, doubts),
            doubts=tuple(doubts),
        )

    def _people(self, row: ListRow, cells: Row) -> Iterator[ListRow]:
        """Whom a row names: several where a cell has as many whole numbers as the cell of names has names.

        What else the row says is about all of them together: it is shown with each, and compared with none.
        """
        names = names_in(self._text(cells, self._names))
        numbers = [fold_id_number(part) for part in _BETWEEN_NUMBERS.split(self._text(cells, self._numbers)) if part]
        if len(names) < 2 or len(names) != len(numbers) or any(fault for _, fault in numbers):
            yield row
            return
        doubts = (*row.doubts, f"这一行写着 {len(names)} 个人，按先后次序一人一条，其余的栏只看、不比")
        for name, (number, _) in zip(names, numbers, strict=True):
            person = replace(row, name=name, number=number, number_fault="", birth=None)
            yield replace(person, values={}, happened_on=None, doubts=doubts)

    def _text(self, cells: Row, columns: Sequence[int]) -> str:
        return next((text for index in columns if (text := text_of(_cell(cells, index)))), "")

    def _number(self, cells: Row) -> tuple[str, str]:
        """The first number without a fault; of numbers with one the first."""
        found = [_folded(cell) for index in self._numbers if text_of(cell := _cell(cells, index))]
        return next((one for one in found if not one[1]), found[0] if found else ("", "没有证件号码"))

    def _birth_in_number(self, cells: Row) -> date | None:
        """Of a number that lost its last digits the date of birth is still whole."""
        lost = [cell for index in self._numbers if lost_precision(cell := _cell(cells, index))]
        try:
            digits = str(int(float(text_of(lost[0])))) if lost else ""
            return date.fromisoformat(digits[6:14]) if len(digits) == _NUMBER_LENGTH else None
        except (ValueError, OverflowError):
            return None

    def _village(self, cells: Row) -> tuple[str, str]:
        name = self._text(cells, self._places) or self._sheet_village
        if not name:
            return "", ""
        code = self._villages.get(short_name(name)) or next(  # 响水镇石桥村下屋组
            (code for own, code in self._villages.items() if f"{own}村" in name), ""
        )
        return code, "" if code else name

    def _date(self, cells: Row, columns: Sequence[int], doubts: list[str]) -> date | None:
        for index in columns:
            if not text_of(cell := _cell(cells, index)):
                continue
            try:
                value, doubt = parse_date(field_of("member", "birth"), cell)
            except ValidationError:
                doubts.append(f"“{self._titles[index]}”的“{text_of(cell)[:20]}”不是日期，没有用")
                continue
            if doubt:
                doubts.append(f"“{self._titles[index]}”{doubt}")
            return value if isinstance(value, date) else None
        return None

    def _values(self, cells: Row, doubts: list[str]) -> dict[Field, Value]:
        values: dict[Field, Value] = {}
        for one, parser in self._parsers:
            result = parser.parse(_cell(cells, parser.index))
            if said := result.error or result.blank or result.warning:
                doubts.append(said)
            if result.value is not None and not result.error:
                values.setdefault(one, result.value)
        return values

    def _cells(self, index: int, cells: Row, doubts: list[str]) -> tuple[tuple[str, str], ...]:
        found = []
        for column, cell in enumerate(cells):
            title = self._titles[column] if column < len(self._titles) else f"{column_letters(column)}列"
            if text := text_of(cell):
                found.append((title, text))
            elif error := self._sheet.formula_errors.get((index, column)):
                doubts.append(f"“{title}”的{error}")
        return tuple(found)


def _cell(cells: Row, index: int) -> Cell:
    return cells[index] if index < len(cells) else ""


def _folded(cell: Cell) -> tuple[str, str]:
    if lost_precision(cell) or is_date_or_time(cell):
        return "", f"证件号码被存成了数字（{text_of(cell)[:24]}），后几位已经丢失"
    return fold_id_number(text_of(cell))
