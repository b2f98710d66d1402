"""The heading of another office's list: which column names the person, and which are compared with fields of ours.

Unlike a roster it may have three columns only; what it must have is an ID number, or a name with a birth date.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from app.comparison.subject import Subject
from app.sheets.column_heading import group_role, heading_parts
from app.sheets.column_mapping import map_columns, with_unit
from app.sheets.header_matching import MAX_HEADER_ROW, HeaderRow, column_headers, group_headings, table_units
from app.sheets.mapped_column import MappedColumn
from app.sheets.roster_aliases import normalize_header
from app.sheets.sheet import Sheet, column_letters

STATE = "row.state"  # target of the column that says whether somebody is still on the list
HAPPENED = "row.happened"  # of the column with the date that goes with it
_TARGETS = {
    "name": "member.name",
    "id_no": "member.id_no",
    "birth": "member.birth",
    "village": "village.name",
    "date": HAPPENED,
}
_AS_PERSON = {"head.name": "member.name", "head.id_no": "member.id_no"}
_OWN_ROSTER = ("household.household_no", "member.person_no")  # only the national system's rosters have both
_USUAL = frozenset({"member.name", "member.id_no", "member.birth", "village.name", *_AS_PERSON, *_OWN_ROSTER})


@dataclass(frozen=True, slots=True)
class ListHeading:
    """A heading with what its columns are for this kind of list; a column without a target is only shown."""

    row: HeaderRow

    @property
    def titles(self) -> str:
        return " ".join(self.row.titles)

    @property
    def is_roster(self) -> bool:
        """Whether it has the numbers of households and of people that the national system gives."""
        return all(target in self.row.targets for target in _OWN_ROSTER)

    @property
    def has_own_number(self) -> bool:
        return any(target in self.row.targets for target in _OWN_ROSTER)

    def columns_for(self, target: str) -> list[int]:
        """The columns that become this, in their order."""
        return [column.index for column in self.row.columns if column.target == target and not column.person]

    @property
    def names_people(self) -> bool:
        """Whether somebody can be found by it."""
        by_name = self.columns_for("member.name") and self.columns_for("member.birth")
        return bool(self.number_columns or by_name)

    @property
    def number_columns(self) -> list[int]:
        """Where ID numbers stand: the front of a disability card's number is one."""
        return self.columns_for("member.id_no") or self.columns_for("member.disability_no")

    def for_comparison(self) -> HeaderRow:
        """The heading without what tells whose household somebody is: a comparison has no use for it."""
        columns = (
            replace(one, target="") if one.target in (*_AS_PERSON, *_OWN_ROSTER) else one for one in self.row.columns
        )
        return replace(self.row, columns=tuple(columns))

    def score(self) -> int:
        return sum(bool(column.target) and not column.person for column in self.row.columns)


def find_list_heading(sheet: Sheet, subject: Subject | None) -> ListHeading | None:
    """The best heading among the first rows, None where no row has two headings that are known.

    Args:
        subject: whose headings are known too; None knows the usual ones only
    """
    best: ListHeading | None = None
    for row in range(min(MAX_HEADER_ROW, len(sheet.rows))):
        for lines in ((row,), (row - 1, row)) if row else ((row,),):
            heading = _heading(sheet, lines, subject)
            if heading.score() > 1 and (best is None or _rank(heading) > _rank(best)):
                best = heading
    return best


def guess_heading(sheet: Sheet, subject: Subject) -> ListHeading | None:
    """The row among the first with the most different texts, for a list of which no heading is known; None for a sheet
    that has no such row."""
    rows = sheet.rows[:MAX_HEADER_ROW]
    texts = [{cell for cell in cells if isinstance(cell, str) and cell} for cells in rows]
    best = max(range(len(rows)), key=lambda row: len(texts[row]), default=-1)
    return _heading(sheet, (best,), subject) if best >= 0 and len(texts[best]) > 1 else None


def _rank(heading: ListHeading) -> tuple[bool, int]:
    return heading.names_people, heading.score()


def _heading(sheet: Sheet, lines: tuple[int, ...], subject: Subject | None) -> ListHeading:
    headers = column_headers(sheet, lines)
    titles = tuple(str(cell) for row in sheet.rows[: lines[0]] for cell in row if cell != "")
    units = table_units(sheet, lines[0])
    columns = map_columns(headers, group_headings(sheet, lines, headers), "member", units)
    columns = tuple(_for_subject(column, subject, units) for column in columns)
    for head, target in _AS_PERSON.items():  # a list of heads of households names nobody else
        if not any(column.target == target for column in columns):
            columns = tuple(replace(one, target=target) if one.target == head else one for one in columns)
    return ListHeading(HeaderRow("member", lines[-1], tuple(_with_doubts(columns)), titles))


def _with_doubts(columns: Sequence[MappedColumn]) -> Iterator[MappedColumn]:
    """Two columns for one thing are a doubt: the later one counts where the first is empty."""
    firsts: dict[str, MappedColumn] = {}
    for column in columns:
        first = firsts.setdefault(column.target, column) if column.target else column
        letters = column_letters(first.index)
        doubt = f"与 {letters} 列“{first.title}”是同一项，{letters} 列空着的行才用这一列"
        yield replace(column, doubt=doubt) if first is not column else column


def _for_subject(column: MappedColumn, subject: Subject | None, table_units: Sequence[str]) -> MappedColumn:
    """What a column is here: what the kind of list says of its heading, or the usual way to name a person."""
    if group_role(column.group) in ("unknown", "helper"):
        return replace(column, target="", unit="", doubt="")
    parts = heading_parts(column.header)
    known = _known_headings(subject) if subject is not None else {}
    target = known.get(normalize_header(column.header)) or known.get(normalize_header(parts.name), "")
    if target:
        known_column = replace(column, kind="member", target=target, unit=parts.unit, year=0, doubt="")
        with_own_unit = with_unit(known_column, table_units)
        return (
            with_own_unit if with_own_unit.target else replace(with_own_unit, doubt=f"单位“{parts.unit}”换不成，不比")
        )
    return replace(column, target=column.target if column.target in _USUAL else "", unit="", doubt="")


@cache
def _known_headings(subject: Subject) -> dict[str, str]:
    """Folded heading → target."""
    found: dict[str, str] = {}
    for name, headings in subject.columns.items():
        found |= {normalize_header(one): _TARGETS[name] for one in headings}
    for one, headings in subject.values.items():
        found |= {normalize_header(heading): f"{one.table}.{one.name}" for heading in headings}
    return found | {normalize_header(heading): STATE for heading in subject.absent.headers}
