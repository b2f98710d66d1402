"""Take a roster into the workbook: first what would change, then, in one transaction, the change.

What a sheet leaves empty is never erased in the workbook, nobody is removed because a list does not name them, and
taking the same file in again changes nothing.
"""

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, insert, update

from app.progress import Progress, Work
from app.sheets.aid import Aid
from app.sheets.belonging import Belonging
from app.sheets.columns import Heading, headers_seen, heading
from app.sheets.existing import changed_since, existing
from app.sheets.households import Families, absent
from app.sheets.preview import COUNTED, Preview, RecordChange, TakenSheet
from app.sheets.reading import read
from app.sheets.refusals import NoHeading, OtherVillage, StalePreview
from app.sheets.roster import RosterRow, roster_rows
from app.sheets.sheet import Sheet
from app.sheets.wanted import Plan
from app.workbook import backup, preferences
from app.workbook.workbook import Workbook
from db.schema import records

_STEP = 200
_EXPORTED = re.compile(r"导出(?:时间|日期)[：:]?\s*(20\d\d)")
_YEAR_IN_TITLE = re.compile(r"(20\d\d)\s*年")
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?:[01]\d[0-3]\d)?(?!\d)")


@dataclass(frozen=True, slots=True)
class Taken:
    """What was written: records made, records changed, and cells changed in them."""

    made: int
    changed: int
    cells: int


def preview(workbook: Workbook, path: Path, *, year: int | None = None, sheet: str | None = None) -> Work[Preview]:
    """What taking a file in would do. Writes nothing.

    Args:
        year: whose living conditions and income the file tells; by default its 导出时间, its title or its name say it
        sheet: only the sheet of this name

    Raises:
        NoHeading: no sheet has the column names of a roster
        OtherVillage: every row is of a village that this workbook does not have
        OfficeError: the file cannot be read (app/sheets/refusals.py)
    """
    found = yield from read(path)
    sheets = tuple(one for one in found if sheet is None or one.name == sheet)
    headed = [(one, head) for one in sheets if (head := heading(one)) is not None]
    if not headed:
        raise _no_heading(path.name, sheets or found, sheet if not sheets else None)
    meant, doubt = _year(year, [head for _, head in headed], path)
    with workbook.reading() as session:
        held = existing(session, _columns(headed))
    plan, belonging = Plan(held), Belonging(workbook.villages)
    if doubt:
        plan.remark(None, doubt)
    rows = yield from _rows(headed)
    families = Families(plan, belonging, meant)
    for (_, head), of_sheet in zip(headed, rows, strict=True):
        families.next_sheet()
        for row in of_sheet if head.about != "helper" else ():
            families.add(row)
    yield Progress(0, 0, "比对户和成员")
    families.finish()
    aid = Aid(plan, belonging, families)
    for (_, head), of_sheet in zip(headed, rows, strict=True):
        for row in of_sheet if head.about == "helper" else ():
            aid.add(row)
    _all_elsewhere(path.name, plan, belonging, sum(map(len, rows)))
    _report_absent(plan, families)
    yield Progress(0, 0, "比对工作簿")
    taken = tuple(
        TakenSheet(one.name, head.about, head.row + 1, len(of_sheet), _named(head, True), _named(head, False))
        for (one, head), of_sheet in zip(headed, rows, strict=True)
    )
    refused = sorted(plan.refused, key=lambda one: ([s.name for s in taken].index(one.sheet), one.row))
    return Preview(path.name, meant, taken, tuple(plan.changes()), tuple(refused), tuple(plan.remarks), held.seen)


def take_in(workbook: Workbook, shown: Preview, by: object | None = None) -> Work[Taken]:
    """Write what a preview showed, whole or (cancelled, disk full) not at all; a backup first, unless the officer
    has switched that off.

    Raises:
        StalePreview: the workbook was changed since the preview was made
    """
    total, done = shown.writes(), 0
    new = [one for one in shown.records if one.state == "new"]
    changed = [one for one in shown.records if one.state == "changed"]
    if not total:
        return Taken(0, 0, 0)
    if preferences.get(workbook, "backup_before_import"):
        yield from backup.before(workbook, "导入名册前")
    with workbook.writing(by) as session:
        if changed_since(session, shown.seen):
            raise StalePreview("预览之后工作簿又有了改动，没有导入。请重新预览，核对后再写入。")
        for table in COUNTED:
            origin: Any = records()[table].__table__
            rows = _as_rows([one for one in new if one.table == table])
            for start in range(0, len(rows), _STEP):
                yield Progress(done, total, "写入")
                session.execute(insert(origin), rows[start : start + _STEP])
                done += len(rows[start : start + _STEP])
        for one in changed:
            if done % _STEP == 0:
                yield Progress(done, total, "写入")
            table_of: Any = records()[one.table].__table__
            session.execute(update(table_of).where(table_of.c.id == bindparam("row")), {"row": one.id, **one.after})
            done += 1
    yield Progress(total, total, "已写入")
    return Taken(len(new), len(changed), sum(len(one.after) for one in changed))


def _as_rows(changes: Sequence[RecordChange]) -> list[dict[str, Any]]:
    """One dict a record, all with the same keys, so that they go in together."""
    columns: dict[str, None] = {}
    for one in changes:
        columns.update(dict.fromkeys(one.after))
    empty: dict[str, Any] = dict.fromkeys(columns)
    return [{**empty, **one.after, "id": one.id, "village": one.village, "withdrawn": False} for one in changes]


def _rows(headed: Iterable[tuple[Sheet, Heading]]) -> Generator[Progress, None, list[list[RosterRow]]]:
    found: list[list[RosterRow]] = []
    for sheet, head in headed:
        rows: list[RosterRow] = []
        for row in roster_rows(sheet, head):
            if len(rows) % _STEP == 0:
                yield Progress(row.row, len(sheet.rows), f"核对“{sheet.name}”")
            rows.append(row)
        found.append(rows)
    return found


def _columns(headed: Iterable[tuple[Sheet, Heading]]) -> dict[str, set[str]]:
    """Table → the columns that these sheets may change."""
    found: dict[str, set[str]] = {table: set() for table in COUNTED}
    for _, head in headed:
        for target in head.targets:
            table, _, column = target.partition(".")
            if table == "income_line":
                found[table].add("amount")
            elif table in found:
                found[table].add(column)
    found["household"] |= {"import_extra", "household_kind"}
    found["member"] |= {"import_extra", "left", "joined", "disability_no", "disability_kind", "disability_level"}
    return found


def _year(given: int | None, heads: Sequence[Heading], path: Path) -> tuple[int, str]:
    """The year that a file is about, and a remark where it had to be guessed."""
    titles = " ".join(title for head in heads for title in head.titles)
    for found in (_EXPORTED.search(titles), _YEAR_IN_TITLE.search(titles), _DATE_IN_NAME.search(path.stem)):
        if given is None and found:
            given = int(found[1])
    if given is not None:
        return given, ""
    this_year = date.today().year
    yearly = {"living_condition", "income_year", "income_line"}
    tells = any(target.partition(".")[0] in yearly for head in heads for target in head.targets)
    dated = all("row.year" in head.targets for head in heads if head.about != "helper")
    doubt = f"表里没有写导出时间，收入和生产生活条件按 {this_year} 年记；不对的话请改年度后重新预览"
    return this_year, doubt if tells and not dated else ""


def _named(head: Heading, known: bool) -> tuple[str, ...]:
    return tuple(h for h, target in zip(head.headers, head.targets, strict=True) if bool(target) is known)


def _report_absent(plan: Plan, families: Families) -> None:
    missing = absent(plan, families)
    if missing:
        some = "、".join(missing[:10]) + ("…" if len(missing) > 10 else "")
        plan.remark(None, f"本册里有 {len(missing)} 户不在这份名册里，未改动：{some}")


def _all_elsewhere(name: str, plan: Plan, belonging: Belonging, rows: int) -> None:
    if rows and len(plan.refused) == rows and sum(belonging.others.values()) == rows:
        raise OtherVillage(belonging.all_elsewhere(name))


def _no_heading(name: str, sheets: Sequence[Sheet], wanted: str | None) -> NoHeading:
    if wanted is not None:
        names = "”“".join(one.name for one in sheets)
        return NoHeading(f"“{name}”里没有名为“{wanted}”的工作表，有“{names}”。请改选其中一个。")
    seen = max((headers_seen(one) for one in sheets), key=len, default=())
    told = f"只认出“{'”“'.join(seen[:6])}”" if seen else "一个名册的列名也没有认出"
    return NoHeading(
        f"“{name}”的前 20 行里没有找到名册的表头，{told}。"
        "表头要有“姓名”“与户主关系”“证件号码”“户编号”等列；请从国家系统重新导出，或补上表头后再导入。"
    )
