"""Finding records by what they are called, in SQL: what db/schema/relations.py says of a title, as a condition."""

from db.schema.relations import column_spec, parent_column, parent_table, tables_below, title_columns
from resources.option_roles import value_of

_UNNUMBERED = "户编号未填"


def title_contains(table: str, row: str, word: str) -> str:
    """SQL: a record is called something with this text in it, by itself or by what its title refers to.

    Args:
        row: alias of the table that the record stands in
        word: the parameter that has the text, e.g. ":word"; a text without spaces
    """
    if table == "household":
        return f"instr({_household_title(row)}, {word}) > 0"
    conditions = ["0"]
    for column in title_columns(table):
        spec = column_spec(table, column)
        assert spec is not None
        cell = f'{row}."{column}"'
        if spec.refers:
            conditions.append(_refers_to_titled(cell, spec.refers, row, word))
        elif spec.kind == "year":
            conditions.append(f"instr({cell} || '年', {word}) > 0")
        elif spec.kind == "money":
            conditions.append(f"instr(printf('%.2f', {cell} / 100.0), {word}) > 0")
        else:
            conditions.append(f"instr({cell}, {word}) > 0")
    return f"({' OR '.join(conditions)})"


def household_title_contains(table: str, row: str, word: str) -> str:
    """SQL: the household that a record belongs to is called something with this text in it; false for those that
    belong to none, and for households."""
    if table not in tables_below("household"):
        return "0"
    cell, parent = f"{row}.{parent_column(table)}", parent_table(table)
    if parent == "household":
        return _refers_to_titled(cell, "household", row, word)
    above = f"{row}_"
    return f"{cell} IN (SELECT {above}.id FROM {parent} {above} WHERE {household_title_contains(parent, above, word)})"


def _refers_to_titled(cell: str, table: str, row: str, word: str) -> str:
    referred = f"{row}_{table}"
    return f"{cell} IN (SELECT {referred}.id FROM {table} {referred} WHERE {title_contains(table, referred, word)})"


def _household_title(row: str) -> str:
    """SQL: what `relations.household_titles` says."""
    head = value_of("relation", "head")
    name = (
        f"SELECT m.name FROM member m WHERE m.household_id = {row}.id AND m.relation = '{head}' "
        f"AND NOT m.withdrawn AND m.\"left\" IS NULL AND m.name <> '' LIMIT 1"
    )
    group = f"iif({row}.group_name <> '', '（' || {row}.group_name || '）', '')"
    return f"coalesce(({name}), nullif({row}.household_no, ''), '{_UNNUMBERED}') || {group}"
