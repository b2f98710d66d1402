"""Whether a kind of record says all that the program asks of it (db/schema/record.py)."""

from collections.abc import Iterator

from sqlalchemy import Table

from db.schema.record import NoKey, NotPrinted, Record

_PURPOSE = {
    "LABEL": "say what the kind of record is called",
    "TITLE": "name the columns that tell one row from another",
    "PARENT": 'name the reference to what a row belongs to, or say "" for the village',
    "KEY": "name the columns that make two rows the same thing, or say with NoKey why none do",
    "PRINTED": "name the parts of the archive or reports that print it, or say with NotPrinted why none does",
}


def declaration_errors(record: type[Record]) -> list[str]:
    """What a kind of record fails to declare, in sentences; empty when its declaration is complete."""
    table = record.__table__
    assert isinstance(table, Table)
    return [f"{table.name}: {error}" for error in (*_omissions(record), *_wrong_columns(record, table))]


def _omissions(record: type[Record]) -> Iterator[str]:
    for attribute, purpose in _PURPOSE.items():
        if not hasattr(record, attribute):
            yield f"{attribute} is missing: {purpose}"
        elif attribute != "PARENT" and not getattr(record, attribute):
            yield f"{attribute} is empty: {purpose}"


def _wrong_columns(record: type[Record], table: Table) -> Iterator[str]:
    parent, key = getattr(record, "PARENT", ""), getattr(record, "KEY", NoKey.EVENT)
    declared_events = getattr(record, "EVENTS", None) or ()
    key_columns = () if isinstance(key, NoKey) else key
    named = {
        "TITLE": getattr(record, "TITLE", ()),
        "PARENT": (parent,) if parent else (),
        "KEY": key_columns,
        "ALTERNATE_KEYS": tuple(column for columns in record.ALTERNATE_KEYS for column in columns),
        "EVENTS": tuple(column for event in declared_events for column in (*event.dated, *event.details)),
    }
    for attribute, columns in named.items():
        for column in columns:
            if column not in table.columns:
                yield f"{attribute} names {column}, which is no column"
    if parent in table.columns and not table.columns[parent].info["declared"].refers:
        yield f"PARENT names {parent}, which is no reference"
    for column in record.BLANK_IN_KEY:
        if column not in key_columns:
            yield f"BLANK_IN_KEY names {column}, which is not in KEY"
    printed = getattr(record, "PRINTED", NotPrinted.ABOUT_PRINTS)
    if not isinstance(printed, NotPrinted | tuple):
        yield "PRINTED is neither names of parts nor a NotPrinted"
