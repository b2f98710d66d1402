"""Prints a register: the ledger of the village, and the part in a household's archive, with the same table in both."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Heading, Title
from app.pdf.table import Table
from app.records.field import Field, Value
from app.registers.engine import widths
from app.registers.engine.register import Children, Register, reference_column
from app.registers.engine.rows import ChildRow, RegisterRow, RowQuery, child_rows, load_rows, row_ids, sums
from app.reports import formatting
from app.reports.household_context import load_context
from app.reports.household_selection import HouseholdSelection, select_households
from app.reports.ledger import LedgerColumn, field_column, ledger_table, signature_row
from app.reports.parameters import ReportParameters
from db.schema.household import Member
from resources.option_roles import values_with_role

_BLANK_ROWS = 15
_HEIGHT, _SIGNED_HEIGHT = 8, 13  # of a row, in millimetres
_STATE = "进度"
_OF_VILLAGE = "村级"  # stands for the head in a row about no household
_SUBJECT_LABELS = {
    "household": ("村民组", "户主"), "member": ("村民组", "户主", "姓名"), "helper": ("姓名", "单位"), "village": (),
}  # fmt: skip


def village_ledger(register: Register, session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """All rows, or those about the chosen households; blank to be filled in by hand."""
    selection = select_households(session, parameters)
    query = RowQuery(year=parameters.year, month=parameters.first_of_month, sort=register.ledger.sort)
    ids = [] if parameters.blank else row_ids(session, register, query)
    loaded = load_rows(session, register, ids, parameters.today, hide=not parameters.full)
    rows = _of_selection(register, selection, parameters, loaded)
    return [
        Title(f"{selection.village}{register.ledger_title}", "" if parameters.blank else _of_when(parameters)),
        selection.header_line(" " if parameters.blank else f"共 {len(rows)} 条"),
        _ledger(session, register, rows, blank_rows=_BLANK_ROWS if parameters.blank else 0),
        *(tables_below(session, register, rows, hide=not parameters.full) if register.ledger.below else ()),
        signature_row(*register.ledger.signatures),
    ]


def _of_when(parameters: ReportParameters) -> str:
    """The month or the year that is printed, or the day of printing where all is."""
    if first := parameters.first_of_month:
        return f"{first.year}年{first.month}月"
    return f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}"


def _of_selection(
    register: Register, selection: HouseholdSelection, parameters: ReportParameters, rows: Sequence[RegisterRow]
) -> list[RegisterRow]:
    """Rows of the households that are printed; those of the village itself unless households were chosen."""
    places = {household.id: n for n, household in enumerate(selection.households)}
    chosen = [row for row in rows if row.household_id in places or not (row.household_id or parameters.households)]
    if register.ledger.only:
        column, role = register.ledger.only
        wanted = values_with_role(register.field(column).spec.options, role) if role else None
        chosen = [row for row in chosen if (row.values[column] in wanted if wanted else row.values[column])]
    if register.ledger.blanks and register.abandoned:
        ended_on = register.abandoned.done_on
        chosen = [row for row in chosen if row.values[ended_on] is None]
    if register.ledger.by_household:
        chosen.sort(key=lambda row: places.get(row.household_id, len(places)))
    return chosen


def household_part(register: Register, session: Session, household_id: str) -> Sequence[Flowable]:
    """The rows of a household in the register; nothing if there are none."""
    rows = load_rows(session, register, row_ids(session, register, RowQuery(household_id=household_id)))
    if not rows:
        return []
    return [
        Title(register.title),
        load_context(session, household_id).header_line(f"共 {len(rows)} 条"),
        _ledger(session, register, rows),
        *tables_below(session, register, rows, household_id=household_id),
        signature_row(*register.ledger.signatures),
    ]


def _ledger(session: Session, register: Register, rows: Sequence[RegisterRow], blank_rows: int = 0) -> Table:
    fields = register.ledger_fields
    columns = [*_subject_columns(register), *(ledger_column(register, one) for one in fields)]
    if register.ledger_tells_progress:
        columns.append(LedgerColumn(_STATE, widths.STATE_MM))
    blanks = register.ledger.blanks
    columns += [LedgerColumn(label, widths.BLANK_MM) for label in blanks]
    cells = []
    for row in rows:
        state = (row.progress.label,) if register.ledger_tells_progress else ()
        own = [*_subject(register, row), *(_cell_text(register, one, row) for one in fields), *state]
        cells.append([*own, *(" " for _ in blanks)])
    height = _SIGNED_HEIGHT if blanks else _HEIGHT
    total = _totals(session, register, rows)
    return ledger_table(columns, cells, min_height=height, blank_rows=blank_rows, total=total)


def _totals(session: Session, register: Register, rows: Sequence[RegisterRow]) -> list[str]:
    """The last row: the sums, each under its column."""
    if not register.totals or not rows:
        return []
    total: dict[str, Decimal] = sums(session, register, [row.id for row in rows])
    shown = {name: value_text(register.field(name), value) for name, value in total.items()}
    blank = [" "] * len(_SUBJECT_LABELS[register.subject])
    return [
        *blank,
        *(shown.get(one.name, " ") for one in register.ledger_fields),
        *([" "] if register.ledger_tells_progress else ()),
        *(" " for _ in register.ledger.blanks),
    ]


def tables_below(
    session: Session,
    register: Register,
    rows: Sequence[RegisterRow],
    *,
    hide: bool = True,
    household_id: str = "",
    alone: bool = False,
) -> list[Flowable]:
    """The child records of these rows, a table for each kind; nothing if there are none.

    A household's archive has only the household's own: of those that share a project, none but itself.

    Args:
        alone: they stand on the paper of their only row, which need not be named beside each
    """
    result: list[Flowable] = []
    parents = {row.id: row for row in rows}
    for children in register.children:
        below = child_rows(session, register, children, list(parents), hide=hide)
        if household_id and children.listed:
            below = _of_household(session, children, below, household_id)
        if below:
            fields = [children.field(name) for name in children.columns]
            about = [] if alone else _subject_columns(register, named=True)
            columns = [*about, *(ledger_column(children, one) for one in fields)]
            named = [() if alone else _named(register, parents[row.parent_id]) for row in below]
            cells = [[*name, *(row_text(one, row) for one in fields)] for name, row in zip(named, below, strict=True)]
            total = _child_totals(children, below, len(about))
            result += [Heading(children.title), ledger_table(columns, cells, total=total)]
    return result


def _of_household(session: Session, children: Children, below: Sequence[ChildRow], household_id: str) -> list[ChildRow]:
    """Of what lists households or members, the rows of this household and its people."""
    own = {household_id, *session.scalars(select(Member.id).where(Member.household_id == household_id))}
    column = reference_column(children.record, children.listed)
    return [row for row in below if row.values[column] in own]


def _child_totals(children: Children, below: Sequence[ChildRow], columns_before: int) -> list[str]:
    if not children.totals:
        return []
    blank = [" "] * columns_before
    shown = []
    for name in children.columns:
        known = [value for row in below if isinstance(value := row.values[name], int | Decimal)]
        shown.append(value_text(children.field(name), Decimal(sum(known))) if name in children.totals else " ")
    return [*blank, *shown]


def _subject_columns(register: Register, *, named: bool = False) -> list[LedgerColumn]:
    """Columns of whom a row is about; with `named`, for child records of the village, of the title of their row."""
    labels = _SUBJECT_LABELS[register.subject]
    if named and not labels:
        return [LedgerColumn(register.title, 50, "left")]
    return [LedgerColumn(label, mm) for label, mm in zip(labels, widths.SUBJECT_MM[register.subject], strict=True)]


def _subject(register: Register, row: RegisterRow) -> tuple[str, ...]:
    about = row.subject
    return {
        "household": (about.group, about.head if row.household_id else _OF_VILLAGE),
        "member": (about.group, about.head, about.name),
        "helper": (about.name, about.unit),
        "village": (),
    }[register.subject]


def _named(register: Register, row: RegisterRow) -> tuple[str, ...]:
    return _subject(register, row) or (formatting.days_in(row.title),)


def has_numbers(columns: Sequence[Field]) -> bool:
    """Whether an officer may ask for these columns in full; a name that is masked stays masked."""
    return any(one.spec.mask not in ("", "name") for one in columns)


def ledger_column(of: Register | Children, one: Field) -> LedgerColumn:
    return field_column(one, widths.column_mm(of, one))


def _cell_text(register: Register, one: Field, row: RegisterRow) -> str:
    blank = register.blank_texts.get(one.name, "")
    return blank if blank and row.values[one.name] is None else row_text(one, row)


def row_text(one: Field, row: RegisterRow | ChildRow) -> str:
    """A value as a ledger prints it: personal numbers masked, references by name."""
    if one.spec.mask or one.kind == "reference":
        return row.texts[one.name]
    return value_text(one, row.values[one.name])


def value_text(one: Field, value: Value) -> str:
    """Dates in Chinese, numbers without the unit, which is in the header."""
    text = formatting.format_field(one, value)
    return text.removesuffix(one.unit) if one.unit else text
