"""What each column of a list becomes, decided by its heading and the group that it stands under.

A list may be about several people in one row: the household's head, further members across the row, a helper. So a
column says not only which field it becomes but also whose.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.records.field import field as field_of
from app.sheets.column_heading import GroupRole, HeadingParts, group_role, heading_parts, numbered
from app.sheets.roster_aliases import SKIPPED_COLUMN, RosterKind, aliases, normalize_header
from app.sheets.sheet import column_letters
from app.sheets.units import factor

YEARLY_TABLES = frozenset({"living_condition", "income_year", "income_line", "measure"})
_PERSON_TARGETS = ("member.", "head.", "helper.")
# what a column about the head becomes in a list of people, and in a list of helpers
_HEAD_TARGETS = {
    "member.name": "head.name",
    "member.id_no": "head.id_no",
    "helper.name": "head.name",
    "helper.id_no": "head.id_no",
    "head.name": "head.name",
    "head.id_no": "head.id_no",
}
_UNKNOWN = "无对应栏目，存到“其他列”"


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column of a list.

    Attributes:
        group: the heading above its own, "" where there is none
        kind: the kind of list that it would stand in: a helper's column may stand in a list of households
        target: "table.column"; "" is kept as a named note, `SKIPPED_COLUMN` put aside
        unit: that its numbers are written in, "" is the field's own
        year: whose year it is, 0 is that of the row or of the file
        person: which of the people across the row, 0 is whom the row itself is about
        doubt: what an officer should look at, with what is proposed; "" where nothing is doubtful
    """

    index: int
    header: str
    kind: RosterKind
    target: str
    group: str = ""
    unit: str = ""
    year: int = 0
    person: int = 0
    doubt: str = ""

    @property
    def key(self) -> tuple[str, int, int]:
        """What no two columns should be; a note is told from others by its name."""
        return self.target or f"note {self.title}", self.year, self.person

    @property
    def is_understood(self) -> bool:
        """Whether it is known what the column says, though there may be no field for it."""
        return bool(self.target) or self.doubt != _UNKNOWN

    @property
    def title(self) -> str:
        """The heading with its group, as people name it."""
        return f"{self.group}·{self.header}" if self.group else self.header


def field_unit(target: str) -> str:
    """The unit of the field behind a target, "" where it has none."""
    table, _, name = target.partition(".")
    if table == "income_line":
        name = "amount"
    try:
        return field_of(table, name).unit
    except KeyError:
        return ""


def map_columns(
    headers: Sequence[str], groups: Sequence[str], kind: RosterKind, table_unit: str
) -> tuple[MappedColumn, ...]:
    """What each column becomes in a list of this kind.

    Args:
        headers: "" for a column without one
        table_unit: what a line above the table says of all numbers, "" where nothing
    """
    columns = [
        _map_column(index, header, group, kind)
        for index, (header, group) in enumerate(zip(headers, groups, strict=True))
    ]
    columns = _with_people_across(columns, kind)
    columns = [_with_unit(column, table_unit) for column in columns]
    return tuple(_with_doubts_of_repetition(columns))


def _map_column(index: int, header: str, group: str, kind: RosterKind) -> MappedColumn:
    name = header or f"{column_letters(index)}列"
    own, above = heading_parts(header), heading_parts(group)
    role = group_role(group)
    column = MappedColumn(
        index,
        name,
        kind,
        "",
        group,
        own.unit or above.unit,
        own.year or above.year,
        own.person or above.person,
        _UNKNOWN,
    )
    if not header:
        return column
    if own.period or above.period:
        return replace(column, doubt=f"“{own.period or above.period}”的数，本工作簿只按年记，存到“其他列”")
    if role == "unknown":
        return replace(column, doubt=f"“{group}”说的不是本户的人，存到“其他列”")
    return _with_target(column, own, role)


def _with_target(column: MappedColumn, own: HeadingParts, role: GroupRole) -> MappedColumn:
    kind = column.kind
    if role == "helper" and kind != "helper":
        target = _known(own, column.header, "helper")
        is_helper = target.startswith(("helper.", "assignment."))
        return replace(column, kind="helper", target=target, doubt="") if is_helper else column
    if column.person or role == "person":
        target = _known(own, column.header, "member")
        if target.startswith("member."):
            return replace(column, kind="member", target=target, doubt="")
    target = _known(own, column.header, kind)
    if not target and kind != "helper" and "帮扶" in column.header:
        target = _known(own, column.header, "helper")
        return replace(column, kind="helper", target=target, doubt="") if target else column
    if not target:
        name, number = numbered(own.name)
        member = aliases("member").get(normalize_header(name), "") if number and kind != "helper" else ""
        return replace(column, kind="member", target=member, person=number, doubt="") if member else column
    if role == "household" and kind != "household" and target.startswith(_PERSON_TARGETS):
        head = _HEAD_TARGETS.get(target, "")
        doubt = "" if head else f"“{column.group}”的“{column.header}”，存到“其他列”"
        return replace(column, target=head, doubt=doubt)
    doubt = ""
    if column.year and target.partition(".")[0] not in YEARLY_TABLES and target != SKIPPED_COLUMN:
        doubt = f"标题里写着 {column.year} 年，这一项不分年度，按现在的情况取"
    return replace(column, target=target, doubt=doubt)


def _known(own: HeadingParts, header: str, kind: RosterKind) -> str:
    """The target of a heading, as it stands or without its year and unit."""
    known = aliases(kind)
    return known.get(normalize_header(header)) or known.get(normalize_header(own.name), "")


def _with_people_across(columns: list[MappedColumn], kind: RosterKind) -> list[MappedColumn]:
    """Blocks of 姓名, 关系, 证件号码 … that repeat without numbers: each block is one more person."""
    as_member = [
        aliases("member").get(normalize_header(column.header), "") if not column.person and kind != "helper" else ""
        for column in columns
    ]
    starts = [n for n, target in enumerate(as_member) if target == "member.name" and columns[n].kind != "helper"]
    if len(starts) < 2 or len({columns[n].header for n in starts}) > 1:
        return columns
    blocks = [range(start, end) for start, end in zip(starts, [*starts[1:], len(columns)], strict=True)]
    in_block = [{as_member[n] for n in block if as_member[n].startswith("member.")} for block in blocks]
    if len(in_block[1]) < 2 or len(in_block[0] & in_block[1]) < 2:
        return columns
    has_head = any(column.target == "member.name" for column in columns[: starts[0]])
    mapped = list(columns)
    for number, block in enumerate(blocks, start=1 if has_head else 0):
        seen: set[str] = set()
        for n in block:
            target = as_member[n]
            if not target.startswith("member.") or target in seen or (number and target not in in_block[0]):
                break
            seen.add(target)
            mapped[n] = replace(columns[n], kind="member", target=target, person=number, doubt="")
    return mapped


def _with_unit(column: MappedColumn, table_unit: str) -> MappedColumn:
    """The column with the unit of its numbers, and what is doubtful about it."""
    own = field_unit(column.target)
    unit = column.unit or (table_unit if factor(own, table_unit) is not None else "")
    if not own or not unit:
        return replace(column, unit="")
    times = factor(own, unit)
    if times is None:
        doubt = f"单位“{unit}”换不成这一项的“{own}”，存到“其他列”"
        return replace(column, target="", unit="", doubt=doubt)
    if times == 1:
        return replace(column, unit="")
    return replace(column, unit=unit, doubt=column.doubt or f"这一列的单位是“{unit}”，换成“{own}”再取")


def _with_doubts_of_repetition(columns: list[MappedColumn]) -> list[MappedColumn]:
    """Two columns for one field are a doubt; notes that would have one name get their group or letters."""
    firsts: dict[tuple[str, int, int], MappedColumn] = {}
    names = Counter(column.title for column in columns if not column.target)
    mapped = []
    for column in columns:
        if not column.target:
            if names[column.title] > 1:
                column = replace(column, header=f"{column.header}（{column_letters(column.index)}列）")
        elif column.target != SKIPPED_COLUMN:
            first = firsts.setdefault(column.key, column)
            if first is not column:
                letters = column_letters(first.index)
                doubt = f"与 {letters} 列“{first.title}”是同一项，以 {letters} 列为准，不同的存到“其他列”"
                column = replace(column, doubt=doubt)
        mapped.append(column)
    return mapped
