"""The other people that one row of a sheet is about: members across the row, helpers beside a household."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.records.field import Value
from app.sheets.cells import text_of
from app.sheets.names_in_cell import names_in
from app.sheets.roster import RosterRow, rest_title
from app.sheets.roster_aliases import RosterKind
from resources.option_roles import value_of


def related_rows(
    main: RosterRow, parts: Mapping[tuple[RosterKind, int], RosterRow], main_part: tuple[RosterKind, int]
) -> Iterator[RosterRow]:
    """A row of its own for each further person, told to which household it belongs.

    What names nobody (a unit without a helper's name) is kept as a note of the main row.
    """
    for part, row in parts.items():
        if part == main_part:
            continue
        household = _household_of(main)
        if row.kind == "helper":
            if row.reason or (row.text("helper.name") and household):
                yield from _helper_rows(row, household)
            else:
                _keep_as_notes(main, row)
        elif row.reason or row.text("member.name"):
            row.values = household | row.values
            if "member.relation" not in row.values:
                row.remark(f"“{row.text('member.name')}”没有写与户主关系")
            yield row
        else:
            _keep_as_notes(main, row)


def _household_of(main: RosterRow) -> dict[str, Value]:
    """What tells the household of the main row."""
    found: dict[str, Value] = {}
    for target in ("household.household_no", "head.id_no", "head.name", "village.name", "village.township"):
        if main.text(target):
            found[target] = main.values[target]
    is_head = main.kind == "household" or main.values.get("member.relation") == value_of("relation", "head")
    for own, of_head in (("member.id_no", "head.id_no"), ("member.name", "head.name")):
        if is_head and main.text(own):
            found.setdefault(of_head, main.values[own])
    return found if any(target in found for target in ("household.household_no", "head.id_no", "head.name")) else {}


def _keep_as_notes(main: RosterRow, row: RosterRow) -> None:
    main.remarks.extend(row.remarks)
    for column in row.columns:
        if text := text_of(row.cells[column.index]):
            main.note(column.title, text)


def _helper_rows(row: RosterRow, household: Mapping[str, Value]) -> Iterator[RosterRow]:
    """The helpers of a row, told whom they help."""
    row.values = {**household, **row.values}
    yield from split_helpers(row)


def split_helpers(row: RosterRow) -> Iterator[RosterRow]:
    """The row of each helper that a cell names: “吴敏、郑洁” are two."""
    names = names_in(row.cell_text("helper.name") or row.text("helper.name"))
    if len(names) < 2:
        yield row
        return
    phones, header = names_in(row.cell_text("helper.phone")), row.header("helper.phone")
    row.remarks = [remark for remark in row.remarks if not header or remark.column != header]
    for column in row.columns:
        if column.target == "helper.phone":
            row.extra.pop(rest_title(column.title), None)
    row.remark(f"“{row.header('helper.name')}”写了 {len(names)} 个人，分成 {len(names)} 名帮扶联系人")
    if phones and len(phones) != len(names):
        row.remark(f"几个人的“{header}”对不上：{'、'.join(phones)}，未取", header)
    for n, name in enumerate(names):
        values = {**row.values, "helper.name": name}
        values.pop("helper.phone", None)
        if len(phones) == len(names):
            values["helper.phone"] = phones[n]
        yield replace(row, values=values, remarks=row.remarks if n == 0 else [])
