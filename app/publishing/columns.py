"""What is published of each kind of record: its columns with their types, their comments, and how a cell is written.

All of it follows from db/schema; a new kind of record or column is published once it is declared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Date, Integer
from sqlalchemy.types import TypeEngine

from app.records.masked_reading import column_masks
from db.schema import records, relations
from db.schema.column import ColumnSpec
from db.types import ChoiceSet, ScaledDecimal

WRITTEN_BY = "written_by_publication"  # the publication that wrote a row last
KEY = ("village", "id")
_NULL = r"'\N'"
_TAB = "'\t'"
_SPECIAL = r"'\' || char(9, 10, 13)"


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """One column of a published table.

    Attributes:
        type: as PostgreSQL calls it
        comment: the label and what else a reader of the database has to know
        cell: SQL of the workbook that writes a cell for COPY; `masked_cell` the same with numbers of persons masked
    """

    name: str
    type: str
    comment: str
    cell: str
    masked_cell: str


@cache
def published_columns(table: str) -> tuple[PublishedColumn, ...]:
    """The columns of a kind of record in the order of db/schema, the key first; `WRITTEN_BY` is not among them."""
    columns = records()[table].__table__.columns
    ordered = sorted(columns, key=lambda column: KEY.index(column.name) if column.name in KEY else len(KEY))
    return tuple(_published_column(table, column) for column in ordered)


def copy_line(table: str, *, masked: bool) -> str:
    """SQL of the workbook that writes a row as one line of COPY, without `WRITTEN_BY`."""
    columns = published_columns(table)
    return _joined([column.masked_cell if masked else column.cell for column in columns])


def _joined(cells: Sequence[str]) -> str:
    """Cells with tabs between them, joined by halves: from left to right each || would copy all that stands before."""
    if len(cells) == 1:
        return cells[0]
    middle = len(cells) // 2
    return f"({_joined(cells[:middle])} || {_TAB} || {_joined(cells[middle:])})"


def _published_column(table: str, column: Any) -> PublishedColumn:
    spec: ColumnSpec | None = column.info.get("declared")
    stored, mask = f'r."{column.name}"', column_masks(table).get(column.name, "")
    plain = _written(stored, column.type, is_id=spec is None or spec.kind == "reference")
    masked = _escaped(f"masked({stored}, '{mask}')") if mask else plain
    return PublishedColumn(
        column.name,
        _server_type(column.type),
        _comment(spec) if spec else f"{relations.record_label(table)}的编号",
        f"CASE WHEN {stored} IS NULL THEN {_NULL} ELSE {plain} END",
        f"CASE WHEN {stored} IS NULL THEN {_NULL} ELSE {masked} END",
    )


def _server_type(stored: TypeEngine[object]) -> str:
    if isinstance(stored, ScaledDecimal):
        return "numeric"
    if isinstance(stored, ChoiceSet):
        return "text[]"
    if isinstance(stored, Boolean):
        return "boolean"
    if isinstance(stored, Integer):
        return "bigint"
    return "date" if isinstance(stored, Date) else "text"


def _comment(spec: ColumnSpec) -> str:
    notes = [
        spec.unit,
        f"选项表 {spec.options}" if spec.options else "",
        f"{spec.refers}.id" if spec.refers else "",
        "遮号发布时只有头尾" if spec.mask in ("id", "phone", "bank") else "",
    ]
    said = "；".join(filter(None, notes))
    return f"{spec.label}（{said}）" if said else spec.label


def _written(value: str, stored: TypeEngine[object], *, is_id: bool) -> str:
    """A value in the text format of COPY; an id holds nothing that has to be escaped."""
    if isinstance(stored, ScaledDecimal):
        scale, places = 10**stored.places, stored.places
        sign = f"iif({value} < 0, '-', '')"
        return f"printf('%s%d.%0{places}d', {sign}, abs({value}) / {scale}, abs({value}) % {scale})"
    if isinstance(stored, ChoiceSet):
        return _escaped(f"""'{{"' || replace({_quoted(value)}, ',', '","') || '"}}'""")
    if is_id or isinstance(stored, Boolean | Integer):
        return value
    # one look at most texts instead of four
    return f"iif({value} GLOB '*[' || {_SPECIAL} || ']*', {_escaped(value)}, {value})"


def _quoted(value: str) -> str:
    """An element of an array in double quotes."""
    return rf"""replace(replace({value}, '\', '\\'), '"', '\"')"""


def _escaped(value: str) -> str:
    for character, written in (("'\\'", r"'\\'"), ("char(9)", r"'\t'"), ("char(10)", r"'\n'"), ("char(13)", r"'\r'")):
        value = f"replace({value}, {character}, {written})"
    return value
