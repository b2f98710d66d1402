"""What each column of a list becomes, decided by its heading and the group that it stands under.

A list may be about several people in one row: the household's head, further members across the row, a helper. So a
column says not only which field it becomes but also whose.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from app.records.field import field as field_of
from app.sheets.column_blocks import with_helpers_across, with_people_across
from app.sheets.column_heading import (
    GroupRole,
    HeadingParts,
    group_role,
    heading_parts,
    is_whole_year,
    names_helper,
    numbered,
    numbered_helper,
)
from app.sheets.mapped_column import UNKNOWN, YEARLY_TABLES, MappedColumn
from app.sheets.roster_aliases import SKIPPED_COLUMN, RosterKind, aliases, normalize_header
from app.sheets.sheet import column_letters
from app.sheets.units import factor

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
# how many of each part make a year
_PARTS_OF_YEAR = {"季": 4, "半年": 2, "月": 12}


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
    headers: Sequence[str], groups: Sequence[str], kind: RosterKind, table_units: Sequence[str]
) -> tuple[MappedColumn, ...]:
    """What each column becomes in a list of this kind.

    Args:
        headers: "" for a column without one
        table_units: what the lines above the table say of all numbers
    """
    columns = [
        _map_column(index, header, group, kind)
        for index, (header, group) in enumerate(zip(headers, groups, strict=True))
    ]
    columns = with_helpers_across(with_people_across(columns, kind), kind)
    columns = _without_parts_of_years([with_unit(column, table_units) for column in columns])
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
        own.period or above.period,
        UNKNOWN,
    )
    if not header:
        return column
    if role == "unknown":
        return replace(column, doubt=f"“{group}”说的不是本户的人，存到“其他列”")
    if above.name and ((not own.name and (own.year or own.period)) or is_whole_year(own.name)):
        return _with_target(column, above, "")  # the group names the item, the heading below it whose part it is
    return _with_target(column, own, role)


def _with_target(column: MappedColumn, own: HeadingParts, role: GroupRole) -> MappedColumn:
    kind = column.kind
    if role == "helper" and kind != "helper":
        target = _known(own, column.header, "helper")
        is_helper = target.startswith(("helper.", "assignment."))
        number = numbered_helper(column.group)[1]
        return replace(column, kind="helper", target=target, person=number, doubt="") if is_helper else column
    if column.person or role == "person":
        target = _known(own, column.header, "member") if own.name else "member.name"  # “家庭成员1” is one by name
        if target.startswith("member."):
            return replace(column, kind="member", target=target, doubt="")
    target = _known(own, column.header, kind)
    if not target and kind != "helper" and names_helper(column.header):
        name, number = numbered_helper(own.name)
        target = _known(own, column.header, "helper") or aliases("helper").get(normalize_header(name), "")
        return replace(column, kind="helper", target=target, person=number, doubt="") if target else column
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


def _without_parts_of_years(columns: list[MappedColumn]) -> list[MappedColumn]:
    """Quarters are added up to their year's number where all of them are there; what else tells of a part of a year
    is a note."""
    parts: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    for column in columns:
        if column.period and column.target:
            parts[column.target, column.year, _part_of_year(column.period)].add(column.period)
    return [_as_part_of_year(column, parts) if column.period else column for column in columns]


def _as_part_of_year(column: MappedColumn, parts: dict[tuple[str, int, str], set[str]]) -> MappedColumn:
    part = _part_of_year(column.period)
    needed = _PARTS_OF_YEAR[part]
    found = len(parts[column.target, column.year, part])
    if column.target in ("", SKIPPED_COLUMN):
        return column
    if found == needed and column.is_part_of_year:
        doubt = f"“{column.period}”的数与同一年其余的相加，作全年的数；各单元格另存到“其他列”"
        return replace(column, doubt="；".join(filter(None, (doubt, column.doubt))))
    missing = f"这张表里只有 {found} 个" if 0 < found < needed else "本工作簿只按年记"
    return replace(column, target="", unit="", doubt=f"“{column.period}”的数，{missing}，存到“其他列”")


def _part_of_year(period: str) -> str:
    return next(part for part in _PARTS_OF_YEAR if part in period)


def with_unit(column: MappedColumn, table_units: Sequence[str]) -> MappedColumn:
    """The column with the unit of its numbers, and what is doubtful about it."""
    own = field_unit(column.target)
    unit = column.unit or next((unit for unit in table_units if factor(own, unit) is not None), "")
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
    firsts: dict[tuple[str, int, int, str], MappedColumn] = {}
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
