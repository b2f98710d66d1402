"""Columns whose headings do not say whose they are, because they stand beside those that do: the members across a row,
and the telephone behind a helper's name."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.sheets.column_heading import heading_parts, numbered
from app.sheets.mapped_column import MappedColumn
from app.sheets.roster_aliases import RosterKind, aliases, normalize_header

_OF_HELPERS = ("helper.name", "helper.unit", "helper.phone", "helper.post", "helper.rank", "helper.political")


def with_people_across(columns: list[MappedColumn], kind: RosterKind) -> list[MappedColumn]:
    """Blocks of 姓名, 关系, 证件号码 … that repeat: each block is one more person.

    Only the first column of a block may be numbered (家庭成员1, 关系, 证件号码, 家庭成员2 …), or none of them.
    """
    if kind == "helper":
        return columns
    as_member = [aliases("member").get(normalize_header(column.header), "") for column in columns]
    named = [n for n, column in enumerate(columns) if column.person and column.target == "member.name"]
    if len(named) > 1:
        for n in named:
            as_member[n] = "member.name"
        return _with_blocks(columns, as_member, named, [columns[n].person for n in named])
    starts = [n for n, target in enumerate(as_member) if target == "member.name" and not columns[n].person]
    starts = [n for n in starts if columns[n].kind != "helper"]
    if len(starts) < 2 or len({columns[n].header for n in starts}) > 1:
        return columns
    has_head = any(column.target == "member.name" for column in columns[: starts[0]])
    first = 1 if has_head else 0
    return _with_blocks(columns, as_member, starts, range(first, first + len(starts)))


def _with_blocks(
    columns: list[MappedColumn], as_member: Sequence[str], starts: Sequence[int], people: Sequence[int]
) -> list[MappedColumn]:
    """The columns of each block as those of one person; nothing is changed where the blocks are not alike."""
    blocks = [list(_block(columns, as_member, range(a, b))) for a, b in _pairs(starts, len(columns))]
    shared = {as_member[n] for n in blocks[0]} & {as_member[n] for n in blocks[1]}
    if len(shared) < 2:
        return columns
    mapped = list(columns)
    for number, block in zip(people, blocks, strict=True):
        for n in block:
            if as_member[n] in shared or not number:
                mapped[n] = replace(columns[n], kind="member", target=as_member[n], person=number, doubt="")
    return mapped


def _pairs(starts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    yield from zip(starts, [*starts[1:], end], strict=True)


def _block(columns: Sequence[MappedColumn], as_member: Sequence[str], places: range) -> Iterator[int]:
    """The columns from a name on that belong to the same person: each field once, up to what is none of a member."""
    seen: set[str] = set()
    for n in places:
        target = as_member[n]
        if not target.startswith("member.") or target in seen or (seen and columns[n].person):
            return
        seen.add(target)
        yield n


def with_helpers_across(columns: list[MappedColumn], kind: RosterKind) -> list[MappedColumn]:
    """单位, 电话 … right behind the name of a helper are the helper's, though alone they would be the household's.

    They are a doubt where neither a number nor a group says so.
    """
    if kind == "helper":
        return columns
    mapped: list[MappedColumn] = []
    for column in columns:
        before = mapped[-1] if mapped else None
        if before is not None and before.kind == "helper" and column.kind != "helper" and column.group == before.group:
            column = _of_helper(column, before, [one.target for one in mapped if one.person == before.person])
        mapped.append(column)
    return mapped


def _of_helper(column: MappedColumn, before: MappedColumn, known: Sequence[str]) -> MappedColumn:
    """The column as one of the helper whose column stands before it, where its heading may be a helper's."""
    name, number = numbered(heading_parts(column.header).name)
    target = aliases("helper").get(normalize_header(name), "")
    if target not in _OF_HELPERS[1:] or target in known or number not in (0, before.person):
        return column
    doubt = "" if number else f"紧跟在“{before.header}”后面，当作帮扶联系人的"
    return replace(column, kind="helper", target=target, person=before.person, unit="", doubt=doubt)
