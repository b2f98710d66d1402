"""A list of another office, compared with the workbook. Writes nothing; app/comparison/stored_lines.py keeps it."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.comparison.list_row import ListRow
from app.comparison.people import load_people
from app.comparison.row_comparison import compare_rows
from app.comparison.stored_lines import ComparedList, Standing, standings
from app.comparison.subject import Subject
from app.progress import Progress, Task
from app.sheets.conservation import merge_equal_remarks
from app.sheets.errors import NoHeaderRow, RosterFound, WrittenListFound
from app.sheets.import_choices import SheetChoices
from app.sheets.imported_sheet import ImportedSheet
from app.sheets.office_list_columns import choose_columns, with_chosen_fields
from app.sheets.office_list_heading import ListHeading, find_list_heading, guess_heading
from app.sheets.office_list_rows import ListReader
from app.sheets.office_list_subject import find_list_date, recognize_subject
from app.sheets.reader import read_with_hidden
from app.sheets.roster import Remark
from app.sheets.sheet import HIDDEN_SHEET, Sheet
from app.sheets.sheet_recognition import RecognizedSheet, hidden_sheet_remark
from app.sheets.written_sheet import WrittenList, refuse_worked_out
from app.workbook.workbook import Workbook

_BLOCK = 500


class NobodyNamed(NoHeaderRow):
    """No column is known to name people; an officer may say which one does.

    Attributes:
        sheets: with what is taken for their headings
        subject: the kind of list
    """

    def __init__(self, message: str, subject: Subject, sheets: tuple[ImportedSheet, ...]) -> None:
        super().__init__(message)
        self.subject, self.sheets = subject, sheets


@dataclass(frozen=True, slots=True)
class ListComparison:
    """What comparing a file gave.

    Attributes:
        compared: one line for each row, then those whom only the workbook has
        sheets: those that were read, with what their columns were taken for
        standings: of each line, in their order: how it stands to what earlier lists and decisions left
        remarks: rows and sheets that were not compared, with their text
    """

    compared: ComparedList
    sheets: tuple[ImportedSheet, ...]
    standings: tuple[Standing, ...]
    remarks: tuple[Remark, ...]


def compare_list(
    workbook: Workbook,
    path: Path,
    subject: Subject | None = None,
    *,
    sheet: str | None = None,
    is_complete: bool | None = None,
    choices: Mapping[str, SheetChoices] | None = None,
) -> Task[ListComparison]:
    """Compare a file with the workbook.

    Args:
        subject: the kind of list; by default its titles and headings say it
        sheet: only the sheet of this name
        is_complete: whether the list names everybody; by default as lists of the kind do
        choices: sheet → what the officer decided about it; by default as remembered, else as proposed

    Raises:
        NoHeaderRow: no column names the people, or nothing tells which kind of list it is
        RosterFound: it is a roster of the national system
        WrittenListFound: this program wrote it
        UserError: the file cannot be read (app/sheets/errors.py)
    """
    all_sheets = yield from read_with_hidden(path)
    sheets = _chosen_sheets(path.name, all_sheets, sheet)
    subject = subject or recognize_subject(path.stem, sheets)
    with workbook.reading() as session:
        read, kind = _headed(session, path.name, sheets, subject, choices or {})
    remarks = list(_unread(all_sheets, read))
    titles = " ".join(title for one in read for title in one.header_row.titles)
    of_absent = any(word in f"{path.stem} {titles}" for word in kind.absent.titles)
    compared_kind = with_chosen_fields(kind, map(_heading_of, read))
    rows = yield from _rows(workbook, read, compared_kind, of_absent, remarks)
    complete = kind.is_complete and not of_absent if is_complete is None else is_complete
    with workbook.reading() as session:
        index = yield from load_people(session, compared_kind)
        lines = yield from compare_rows(rows, index, compared_kind, is_complete=complete)
        stood = standings(session, kind, lines)
    compared = ComparedList(kind, path.name, find_list_date(path.stem, titles), complete, lines)
    return ListComparison(compared, _described(read, rows), stood, merge_equal_remarks(remarks))


def _chosen_sheets(name: str, all_sheets: Sequence[Sheet], sheet: str | None) -> list[Sheet]:
    if any(one.name == HIDDEN_SHEET for one in all_sheets):
        refuse_worked_out(name, WrittenList.read(all_sheets))
        raise WrittenListFound(
            f"“{name}”是本软件导出的表，不是别的部门的名单。改过以后要收回来，请到“导入名册”页打开它。"
        )
    shown = [one for one in all_sheets if not one.is_hidden]
    if sheet is None:
        return shown
    chosen = [one for one in shown if one.name == sheet]
    if not chosen:
        names = "”“".join(one.name for one in shown)
        raise NoHeaderRow(f"“{name}”里没有名为“{sheet}”的工作表，有“{names}”。请改选其中一个。")
    return chosen


def _headed(
    session: Session, name: str, sheets: Sequence[Sheet], subject: Subject | None, choices: Mapping[str, SheetChoices]
) -> tuple[list[RecognizedSheet], Subject]:
    """The sheets that name people, with what their columns are taken for, and the kind of list that they are.

    Raises:
        NoHeaderRow, RosterFound: none does, or they are no list of another office
    """
    found = {one.name: heading for one in sheets if (heading := find_list_heading(one, subject)) is not None}
    named = [heading for heading in found.values() if heading.names_people]
    if any(heading.is_roster for heading in named) or (
        subject is None and any(heading.has_own_number for heading in named)
    ):
        raise RosterFound(f"“{name}”像是国家系统导出的名册，不是别的部门的名单。请到“导入名册”页导入。")
    if subject is None:
        raise NoHeaderRow(f"看不出“{name}”是哪个部门的哪种名单。请在“名单种类”里选定后再比对。")
    guessed = {one.name: heading for one in sheets if (heading := guess_heading(one, subject)) is not None}
    read = choose_columns(session, subject, sheets, guessed | found, choices)
    naming = [one for one in read if _heading_of(one).names_people]
    if not naming:
        raise NobodyNamed(
            f"“{name}”里没有找到据以对人的列。要有“证件号码”列，或者“姓名”和“出生日期”两列。"
            "请在“列对照”里指定是哪一列；表里没有的，请向发名单的部门要带号码的表。",
            subject,
            _described(read, ()),
        )
    return naming, subject


def _heading_of(one: RecognizedSheet) -> ListHeading:
    return ListHeading(one.header_row)


def _described(read: Sequence[RecognizedSheet], rows: Sequence[ListRow]) -> tuple[ImportedSheet, ...]:
    """The sheets as the officer is asked about them."""
    counts = Counter(sheet for sheet, _ in {(row.sheet, row.row) for row in rows})
    return tuple(one.describe(counts[one.sheet.name]) for one in read)


def _unread(all_sheets: Sequence[Sheet], read: Sequence[RecognizedSheet]) -> Iterator[Remark]:
    """A remark for each sheet of the file that is not compared, with its rows, and for what stands above a list."""
    titles = {one.sheet.name: one.header_row.titles for one in read}
    for one in all_sheets:
        if one.is_hidden:
            yield hidden_sheet_remark(one)
        elif one.name in titles:
            if above := titles[one.name]:
                yield Remark(one.name, 1, "", f"表头以上写着：{' | '.join(above)}")
        elif rows := [n for n, cells in enumerate(one.rows, 1) if any(cells)]:
            text = f"工作表“{one.name}”没有比，有内容的 {len(rows)} 行"
            yield Remark(one.name, rows[0], "", text, tuple(rows[1:]))


def _rows(
    workbook: Workbook, read: Sequence[RecognizedSheet], subject: Subject, of_absent: bool, remarks: list[Remark]
) -> Generator[Progress, None, list[ListRow]]:
    rows: list[ListRow] = []
    for one in read:
        reader = ListReader(
            one.sheet, _heading_of(one), subject, workbook.villages, is_of_absent=of_absent, choices=one.choices.rows
        )
        for row in reader.rows(remarks):
            rows.append(row)
            if len(rows) % _BLOCK == 0:
                yield Progress(row.row, len(one.sheet.rows), f"核对“{one.sheet.name}”")
    return rows
