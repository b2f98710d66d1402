"""Take a roster into the workbook: first what would change, then, in one transaction, the change.

What a sheet leaves empty is never erased in the workbook, nobody is removed because a list does not name them, and
taking the same file in again changes nothing.
"""

import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, update

from app.progress import Progress, Task
from app.sheets.cell_parsing import OVERFLOW_TARGETS
from app.sheets.conservation import merge_equal_remarks, report_lost_cells
from app.sheets.errors import NoHeaderRow, StalePreview, WrittenListFound, WrongVillage
from app.sheets.header_matching import HeaderRow, recognized_headers
from app.sheets.helper_import import HelperImport
from app.sheets.household_grouping import HouseholdGrouper, absent_household_numbers, identify_heads_by_name
from app.sheets.household_import import HouseholdPlanner
from app.sheets.import_choices import SheetChoices, remember
from app.sheets.import_plan import ImportPlan
from app.sheets.import_preview import COUNT_NAMES, ImportPreview, RecordChange
from app.sheets.imported_sheet import ImportedSheet
from app.sheets.indicator_import import is_village_list
from app.sheets.listed_values import ListedValues, count_unobserved, listed_values, observe_list
from app.sheets.mapped_column import YEARLY_TABLES
from app.sheets.reader import read_with_hidden
from app.sheets.register_exports import register_of_export
from app.sheets.roster import RejectedRow, Remark, RosterRow
from app.sheets.roster_origin import RosterOrigin, find_origin
from app.sheets.row_reader import roster_rows
from app.sheets.row_selection import RowSelection
from app.sheets.sheet import HIDDEN_SHEET, Sheet
from app.sheets.sheet_recognition import RecognizedSheet, recognize, unread_sheets
from app.sheets.village_match import VillageMatcher
from app.sheets.workbook_snapshot import changed_since, take_snapshot
from app.sheets.written_sheet import WrittenList, refuse_worked_out
from app.workbook import backup, preferences
from app.workbook.workbook import Workbook
from db.journal.operations import unmade_rows
from db.schema import records

_STEP = 200
_EXPORT_YEAR = re.compile(r"导出(?:时间|日期)[：:]?\s*(20\d\d)")
_YEAR_IN_TITLE = re.compile(r"(20\d\d)\s*年")
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?:[01]\d[0-3]\d)?(?!\d)")


@dataclass(frozen=True, slots=True)
class RosterImportResult:
    """What was written: records made, records changed, and cells changed in them."""

    created: int
    changed: int
    cells: int


def preview(
    workbook: Workbook,
    path: Path,
    *,
    year: int | None = None,
    sheet: str | None = None,
    choices: Mapping[str, SheetChoices] | None = None,
    origin: RosterOrigin | None = None,
) -> Task[ImportPreview]:
    """What taking a file in would do. Writes nothing.

    Args:
        year: whose living conditions and income the file tells; by default its 导出时间, its title or its name say it
        sheet: only the sheet of this name
        choices: sheet → what the officer decided about it; by default as remembered, else as proposed
        origin: whether it was exported from the national system, and when; by default as remembered, else as it says

    Raises:
        NoHeaderRow: no sheet has the column names of a roster
        WrittenListFound: this program wrote the file as a list
        WrongVillage: every row is of a village that this workbook does not have
        UserError: the file cannot be read (app/sheets/errors.py)
    """
    sheets, all_sheets = yield from _sheets_to_read(path, sheet)
    with workbook.reading() as session:
        recognized = recognize(session, path.stem, sheets, choices or {})
        taken = [one for one in recognized if one.is_taken]
        origin = origin or find_origin(session, path, [one.header_row for one in taken])
        snapshot = take_snapshot(session, _affected_columns(one.header_row for one in taken)) if recognized else None
    if snapshot is None:
        raise _no_header_error(path.name, sheets or all_sheets, None if sheets else sheet)
    data_year, year_remark = _data_year(year, [one.header_row for one in taken], path)
    plan = ImportPlan(snapshot, year_remark, unread_sheets(sheets, recognized))
    rows = yield from _parse_rows(taken, plan.remarks)
    described = _describe_sheets(recognized, taken, rows)
    del all_sheets, sheets, recognized, taken  # 50,000 rows are held by what is planned, and let go with it
    yield from _plan_rows(plan, VillageMatcher(workbook.villages), rows, data_year, path.name)
    listed = listed_values(plan, path.name, origin)
    plan.placements.clear()
    del rows
    yield Progress(0, 0, "比对工作簿")
    changes = tuple(plan.changes())
    listed = _with_news(workbook, listed, changes)
    rejected, remarks = _in_order(plan.rejected, described), merge_equal_remarks(plan.remarks)
    return ImportPreview(path.name, data_year, described, changes, rejected, remarks, snapshot.base_seq, origin, listed)


def _sheets_to_read(path: Path, name: str | None) -> Task[tuple[Sequence[Sheet], Sequence[Sheet]]]:
    """The sheets that are wanted, and all of the file; `name`: only this one."""
    found = yield from read_with_hidden(path)
    _refuse_written_list(path.name, found)
    _refuse_register_export(path.name, found)
    return [one for one in found if name is None or one.name == name], found


def _plan_rows(
    plan: ImportPlan, village_matcher: VillageMatcher, rows: Sequence[Sequence[RosterRow]], year: int, file: str
) -> Generator[Progress, None, None]:
    """Put the rows of all sheets into the plan: households and people first, then helpers, then what was lost."""
    grouper = HouseholdGrouper(plan, village_matcher)
    for sheet_rows in rows:
        grouper.next_sheet()
        identify_heads_by_name(sheet_rows)
        for row in sheet_rows:
            if row.kind != "helper":
                grouper.add(row)
    yield Progress(0, 0, "比对户和成员")
    HouseholdPlanner(plan, grouper.groups, year).finish()
    helper_import = HelperImport(plan, village_matcher, grouper)
    for row in (row for sheet_rows in rows for row in sheet_rows if row.kind == "helper"):
        helper_import.add(row)
    _reject_foreign_file(file, plan, village_matcher, sum(map(len, rows)))
    if any(rows):
        _remark_absent_households(plan, grouper)
    report_lost_cells(plan)


def _describe_sheets(
    recognized: Sequence[RecognizedSheet], taken: Sequence[RecognizedSheet], rows: Sequence[Sequence[RosterRow]]
) -> tuple[ImportedSheet, ...]:
    """What each sheet was taken for, and how many rows of it are read."""
    counts = {one.sheet.name: len({row.row for row in read}) for one, read in zip(taken, rows, strict=True)}
    return tuple(one.describe(counts.get(one.sheet.name, 0)) for one in recognized)


def apply_import(workbook: Workbook, import_preview: ImportPreview) -> Task[RosterImportResult]:
    """Write what a preview showed, whole or (cancelled, disk full) not at all; a backup first, unless the officer
    has switched that off.

    Raises:
        StalePreview: the workbook was changed since the preview was made
    """
    total, done = import_preview.count_writes(), 0
    new = [record for record in import_preview.records if record.state == "new"]
    changed = [record for record in import_preview.records if record.state == "changed"]
    if not import_preview.has_news:
        return RosterImportResult(0, 0, 0)
    if total and preferences.get(workbook, "backup_before_import"):
        yield from backup.automatic_backup(workbook, "导入名册前")
    with workbook.operation(f"导入表格：{import_preview.file}") as session:
        if changed_since(session, import_preview.base_seq):
            raise StalePreview("预览之后工作簿又有了改动，没有导入。请重新预览，核对后再写入。")
        for table in COUNT_NAMES:
            target_table: Any = records()[table].__table__
            rows = _insert_rows([record for record in new if record.table == table])
            unmade = unmade_rows(session, table)  # made once and taken back: the row is there still
            for row in rows:
                if row["id"] in unmade:
                    session.execute(update(target_table).where(target_table.c.id == row["id"]), row)
            rows = [row for row in rows if row["id"] not in unmade]
            for start in range(0, len(rows), _STEP):
                yield Progress(done, total, "写入")
                session.execute(insert(target_table), rows[start : start + _STEP])
                done += len(rows[start : start + _STEP])
        for record in changed:
            if done % _STEP == 0:
                yield Progress(done, total, "写入")
            changed_table: Any = records()[record.table].__table__
            session.execute(
                update(changed_table).where(changed_table.c.id == bindparam("row")), {"row": record.id, **record.after}
            )
            done += 1
        observe_list(session, import_preview.listed)
    yield Progress(total, total, "已写入")
    return RosterImportResult(len(new), len(changed), sum(len(record.after) for record in changed))


def _in_order(rejected: Iterable[RejectedRow], sheets: Sequence[ImportedSheet]) -> tuple[RejectedRow, ...]:
    """Refused rows as they stand in the file."""
    order = {sheet.name: n for n, sheet in enumerate(sheets)}
    return tuple(sorted(rejected, key=lambda row: (order[row.sheet], row.row)))


def _with_news(workbook: Workbook, listed: ListedValues, changes: Sequence[RecordChange]) -> ListedValues:
    """What the list says that the national system holds; of one that changes no record, whether that is new."""
    if all(record.state == "unchanged" for record in changes):
        with workbook.reading() as session:
            listed.news = count_unobserved(session, listed)
    return listed


def remember_all(workbook: Workbook, sheets: Iterable[ImportedSheet], choices: Mapping[str, SheetChoices]) -> None:
    """Keep what was decided about the columns of each sheet for the next list of the same layout."""
    for sheet in sheets:
        if sheet.name in choices:
            remember(workbook, sheet.heading, choices[sheet.name])


def _insert_rows(changes: Sequence[RecordChange]) -> list[dict[str, Any]]:
    """One dict a record, all with the same keys, so that they go in together."""
    columns: dict[str, None] = {}
    for record in changes:
        columns.update(dict.fromkeys(record.after))
    empty: dict[str, Any] = dict.fromkeys(columns)
    return [
        {**empty, **record.after, "id": record.id, "village": record.village, "withdrawn": False} for record in changes
    ]


def _parse_rows(
    recognized: Iterable[RecognizedSheet], left_out: list[Remark]
) -> Generator[Progress, None, list[list[RosterRow]]]:
    rows_by_sheet: list[list[RosterRow]] = []
    for one in recognized:
        rows: list[RosterRow] = []
        selection = RowSelection(one.sheet, one.header_row, one.choices.rows)
        for row in roster_rows(one.sheet, one.header_row, selection, left_out):
            if len(rows) % _STEP == 0:
                yield Progress(row.row, len(one.sheet.rows), f"核对“{one.sheet.name}”")
            rows.append(row)
        rows_by_sheet.append(rows)
    return rows_by_sheet


def _affected_columns(header_rows: Iterable[HeaderRow]) -> dict[str, set[str]]:
    """Table → the columns that these sheets may change."""
    columns_by_table: dict[str, set[str]] = {table: set() for table in COUNT_NAMES}
    for target in (target for header_row in header_rows for target in header_row.targets):
        for table, _, column in (one.partition(".") for one in (target, OVERFLOW_TARGETS.get(target, ""))):
            if table == "income_line":
                columns_by_table[table].add("amount")
            elif table in columns_by_table and table != "measure":  # whose columns are all looked up anyhow
                columns_by_table[table].add(column)
    columns_by_table["household"] |= {"import_extra", "household_kind"}
    columns_by_table["monitoring"] |= {"kind", "risks", "return_of_id"}
    columns_by_table["member"] |= {
        "import_extra",
        "left",
        "joined",
        "disability_no",
        "disability_kind",
        "disability_level",
    }
    return columns_by_table


def _data_year(year: int | None, header_rows: Sequence[HeaderRow], path: Path) -> tuple[int, str]:
    """The year that a file is about, and a remark where it had to be guessed."""
    titles = " ".join(title for header_row in header_rows for title in header_row.titles)
    for match in (_EXPORT_YEAR.search(titles), _YEAR_IN_TITLE.search(titles), _DATE_IN_NAME.search(path.stem)):
        if year is None and match:
            year = int(match[1])
    if year is not None:
        return year, ""
    this_year = date.today().year
    has_yearly_data = any(
        column.target.partition(".")[0] in YEARLY_TABLES and not column.year
        for header_row in header_rows
        for column in header_row.columns
    )
    has_year_column = all("row.year" in header_row.targets for header_row in header_rows if header_row.kind != "helper")
    remark = f"表里没有写导出时间，收入和生产生活条件按 {this_year} 年记；不对的话请改年度后重新预览"
    return this_year, remark if has_yearly_data and not has_year_column else ""


def _remark_absent_households(plan: ImportPlan, grouper: HouseholdGrouper) -> None:
    missing = absent_household_numbers(plan, grouper)
    if missing:
        listed = "、".join(missing[:10]) + ("…" if len(missing) > 10 else "")
        plan.remark(None, f"本工作簿里有 {len(missing)} 户不在这份名册里，未改动：{listed}")


def _refuse_written_list(name: str, sheets: Sequence[Sheet]) -> None:
    if any(sheet.name == HIDDEN_SHEET for sheet in sheets):
        refuse_worked_out(name, WrittenList.read(sheets))
        raise WrittenListFound(
            f"“{name}”是本软件导出的表，不是名册。请在“导入名册”页打开，或用 import-list 命令导入，只读取改过的单元格。"
        )


def _refuse_register_export(name: str, sheets: Sequence[Sheet]) -> None:
    for register in filter(None, map(register_of_export, sheets)):
        raise NoHeaderRow(f"“{name}”是{register.title}的表，不是名册。请到“{register.title}”页按 Ctrl+I 导入。")


def _reject_foreign_file(name: str, plan: ImportPlan, village_matcher: VillageMatcher, row_count: int) -> None:
    if row_count and len(plan.rejected) == row_count and sum(village_matcher.foreign_counts.values()) == row_count:
        raise WrongVillage(village_matcher.all_foreign_message(name))


def _no_header_error(name: str, sheets: Sequence[Sheet], sheet_name: str | None) -> NoHeaderRow:
    if sheet_name is not None:
        names = "”“".join(sheet.name for sheet in sheets)
        return NoHeaderRow(f"“{name}”里没有名为“{sheet_name}”的工作表，有“{names}”。请改选其中一个。")
    if any(is_village_list(sheet) for sheet in sheets):
        return NoHeaderRow(f"“{name}”是行政村表，不是名册。请到“村情”页按 Ctrl+Shift+I 导入。")
    recognized = max((recognized_headers(sheet) for sheet in sheets), key=len, default=())
    description = f"只认出“{'”“'.join(recognized[:6])}”" if recognized else "一个名册的列名也没有认出"
    return NoHeaderRow(
        f"“{name}”的前 20 行里没有找到名册的表头，{description}。"
        "表头要有“姓名”“与户主关系”“证件号码”“户编号”等列；请从国家系统重新导出，或补上表头后再导入。"
        "是别的部门的名单，请到“数据比对”页比对。"
    )
