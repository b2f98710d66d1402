"""The sheets of a file that are lists, each with what its columns become by proposal or by the officer's choice."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.sheets.cells import text_of
from app.sheets.header_matching import HeaderRow, find_header_row
from app.sheets.import_choices import SheetChoices, remembered, with_choices
from app.sheets.imported_sheet import ImportedSheet, SheetQuestion
from app.sheets.office_list import office_of
from app.sheets.roster import Remark
from app.sheets.sheet import Sheet

_SAMPLES, _SAMPLED_ROWS = 3, 300


@dataclass(frozen=True, slots=True)
class RecognizedSheet:
    """A sheet with its heading.

    Attributes:
        header_row: with the officer's choices in it
        choices: made now, or remembered for lists of this layout
        office: whose list it looks like, "" where it is a roster
    """

    sheet: Sheet
    header_row: HeaderRow
    choices: SheetChoices
    office: str

    @property
    def is_taken(self) -> bool:
        """Whether its rows are read at all."""
        return not self.office or bool(self.choices.is_roster)

    def samples(self, column: int) -> tuple[str, ...]:
        """The first different things that stand in a column."""
        found: dict[str, None] = {}
        first = self.header_row.row + 1
        for cells in self.sheet.rows[first : first + _SAMPLED_ROWS]:
            if column < len(cells) and (text := text_of(cells[column])):
                found[text] = None
                if len(found) == _SAMPLES:
                    break
        return tuple(found)

    def describe(self, rows: int) -> ImportedSheet:
        """As the officer is asked about it; `rows`: how many are read."""
        samples = tuple(self.samples(column.index) for column in self.header_row.columns)
        return ImportedSheet(
            self.sheet.name, rows, self.header_row, samples, tuple(self.questions()), self.choices, self.is_taken
        )

    def questions(self) -> Iterator[SheetQuestion]:
        """What is asked about the sheet as a whole; an answered question is asked no more."""
        rows = self.choices.rows
        first = self.header_row.row + 1
        hidden = sum(first <= row < len(self.sheet.rows) for row in self.sheet.hidden_rows)
        struck = sum(first <= row < len(self.sheet.rows) for row in self.sheet.struck_rows)
        if self.office and self.choices.is_roster is None:
            text = f"“{self.sheet.name}”像是{self.office}部门的名单，不是名册。要当作名册导入吗？"
            yield SheetQuestion("office", text, False)
        if hidden and rows.hidden is None:
            yield SheetQuestion("hidden", f"“{self.sheet.name}”有 {hidden} 行是隐藏的或被筛选掉了。也取吗？", True)
        if struck and rows.struck is None:
            yield SheetQuestion("struck", f"“{self.sheet.name}”有 {struck} 行划掉了。也取吗？", False)


def recognize(
    session: Session, file: str, sheets: Sequence[Sheet], choices: Mapping[str, SheetChoices]
) -> list[RecognizedSheet]:
    """The sheets that have a heading.

    Args:
        file: its name
        choices: sheet → what was decided; what is not there is remembered or proposed
    """
    found = []
    for sheet in sheets:
        header_row = find_header_row(sheet)
        if header_row is not None:
            chosen = choices.get(sheet.name) or remembered(session, header_row)
            office = office_of(header_row, f"{file} {sheet.name}")
            found.append(RecognizedSheet(sheet, with_choices(header_row, chosen), chosen, office))
    return found


def hidden_sheet_remark(sheet: Sheet) -> Remark:
    """What is said of a sheet that the file hides."""
    text = f"工作表“{sheet.name}”是隐藏的，没有读。里面有要收的内容，请在 Excel 里取消隐藏，存好再导入"
    return Remark(sheet.name, 0, "", text)


def unread_sheets(sheets: Sequence[Sheet], recognized: Sequence[RecognizedSheet]) -> Iterator[Remark]:
    """A remark for each sheet of a file of which nothing is taken, with its rows."""
    read = {one.sheet.name for one in recognized if one.is_taken}
    offices = {one.sheet.name: one.office for one in recognized}
    for sheet in sheets:
        if sheet.is_hidden:
            yield hidden_sheet_remark(sheet)
        rows = [index + 1 for index, cells in enumerate(sheet.rows) if any(text_of(cell) for cell in cells)]
        if sheet.name in read or not rows:
            continue
        office = offices.get(sheet.name)
        why = f"像是{office}部门的名单，没有当作名册取" if office else "没有认出名册的表头，没有取"
        text = f"工作表“{sheet.name}”{why}，有内容的 {len(rows)} 行"
        yield Remark(sheet.name, rows[0], "", text, tuple(rows[1:]))


def sheets_without_heading(sheets: Sequence[Sheet], read: Collection[str]) -> Iterator[Remark]:
    """A remark for each sheet of a list of our own of which nothing is taken, with its rows; `read`: the others."""
    for sheet in sheets:
        if sheet.is_hidden:
            yield hidden_sheet_remark(sheet)
        rows = [n for n, cells in enumerate(sheet.rows, 1) if any(text_of(cell) for cell in cells)]
        if sheet.name not in read and rows:
            text = f"工作表“{sheet.name}”没有认出表头，没有取，有内容的 {len(rows)} 行"
            yield Remark(sheet.name, rows[0], "", text, tuple(rows[1:]))
