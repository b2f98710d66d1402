"""年度标准: the lines of each year, a grid of years and kinds; each is a record of its own (db/schema/standard.py)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.county.sheet import NEW_KEY, CountySheet, EntryColumn, EntryRow, plain_number
from app.errors import UserError
from app.records.field import field, options
from app.records.standards import load_standards
from db.schema.standard import Standard
from db.schema.village import Village

KIND, TITLE, TITLE_COLUMN = "standard", "年度标准", "year"
_FIRST_YEAR = 2014
_SOURCE = EntryColumn("source", "依据文件")


def load(session: Session) -> CountySheet:
    """The years to the present one, the latest first; what the program brings along stands there too."""
    standards, kinds = load_standards(session), options("standard_kind")
    years = sorted({*range(_FIRST_YEAR, date.today().year + 1), *(key[1] for key in standards.entered)}, reverse=True)
    entered = {(line.year, line.kind): line.amount for line in standards.entered.values()}
    rows = []
    for year in years:
        cells, shipped = {"year": str(year)}, []
        for kind in kinds:
            known = entered.get((year, kind.value))
            if known is None:
                known = standards.shipped_amount(year, kind.value)
                shipped.append(kind.value)
            cells[kind.value] = plain_number(known)
        own = any(of_year == year for of_year, _ in entered)
        rows.append(EntryRow(str(year), cells, own=own, defaults=frozenset(shipped)))
    columns = (
        EntryColumn("year", "年度", "number", only_new=True, width=4),
        *(EntryColumn(kind.value, kind.label, "number", width=6) for kind in kinds),
    )
    units: dict[str, list[str]] = {}
    for kind in kinds:
        units.setdefault(kind.extra.get("per", "元"), []).append(kind.label)
    told = "；".join(f"{'、'.join(labels)}：{unit}" for unit, labels in units.items())
    note = f"{told}。灰字是程序默认值，请与县文件核对；空着的就是没有录入，用到它的数会说缺哪一项，不会算成 0"
    return CountySheet(
        KIND, "", TITLE, note, columns, tuple(rows), (_SOURCE,), {"source": ""}, ("年度",), bool(entered)
    )


def amend(edited: CountySheet) -> list[tuple[int, dict[str, Decimal | None]]]:
    """Year and its amounts, as they are stored.

    Raises:
        UserError: a year that is to come, an amount that cannot be; of the first such cell
    """
    found: list[tuple[int, dict[str, Decimal | None]]] = []
    for row in edited.rows:
        typed_year = row.cells.get("year", "").strip()
        if not typed_year and not any(text.strip() for text in row.cells.values()):
            continue
        year = field(KIND, "year").parse_and_validate(typed_year)
        if not isinstance(year, int):
            raise UserError("新增的一行没有填写年度。请填写四位年份，或删除这一行。")
        if any(year == other for other, _ in found):
            raise UserError(f"{year} 年有两行。请合并成一行，再删除另一行。")
        amounts: dict[str, Decimal | None] = {}
        for kind in options("standard_kind"):
            text = row.cells.get(kind.value, "").strip()
            try:
                amount = field(KIND, "amount").parse_and_validate(text) if text else None
            except UserError as error:
                raise UserError(f"{year} 年{kind.label}：{error}") from error
            amounts[kind.value] = amount if isinstance(amount, Decimal) else None
        found.append((year, amounts))
    return found


def check(base: CountySheet, edited: CountySheet) -> None:
    """What was typed can be read, and a document goes with an amount.

    Raises:
        UserError: it does not
    """
    if _source(edited) and not list(_changed(base, edited)):
        raise UserError("只填写了依据文件，没有改动标准。请同时填写这份文件规定的标准。")


def _source(edited: CountySheet) -> str:
    return edited.head_cells.get("source", "").strip()


def write(session: Session, base: CountySheet, edited: CountySheet) -> None:
    """Write the lines that were typed; an emptied one goes back to what the program has."""
    for year, kind, amount in _changed(base, edited):
        write_line(session, year, kind, amount, _source(edited))


def write_line(session: Session, year: int, kind: str, amount: Decimal | None, source: str) -> None:
    """One line of every village of the workbook; None takes it back."""
    for village in session.scalars(select(Village.village).where(~Village.withdrawn)).all():
        row_id = Standard.id_of(village, year, kind)
        of_line = (Standard.village == village, Standard.year == year, Standard.kind == kind, ~Standard.withdrawn)
        for other in session.scalars(select(Standard).where(*of_line, Standard.id != row_id)):
            other.withdrawn = True  # typed in the register without an id of its key
        row = session.get(Standard, row_id)
        if row is None and amount is not None:
            row = Standard(id=row_id, village=village, year=year, kind=kind)
            session.add(row)
        if row is not None:
            row.withdrawn = amount is None
        if row is not None and amount is not None:
            row.amount, row.confirmed, row.source = amount, True, source or row.source


def new_row(year: int) -> EntryRow:
    """An empty row for one more year."""
    return EntryRow(f"{NEW_KEY}{year}", {"year": str(year)})


def _changed(base: CountySheet, edited: CountySheet) -> Iterator[tuple[int, str, Decimal | None]]:
    before, after = dict(amend(_known(base))), dict(amend(edited))
    for year in {*before, *after}:
        for kind in options("standard_kind"):
            was, now = before.get(year, {}).get(kind.value), after.get(year, {}).get(kind.value)
            if was != now:
                yield year, kind.value, now


def _known(base: CountySheet) -> CountySheet:
    return replace(base, rows=tuple(row for row in base.rows if row.cells.get("year")))
