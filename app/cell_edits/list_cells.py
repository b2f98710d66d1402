"""What stands in cells of a list: to be copied, and to be filled down."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.cell_edits.cell_edit import CellInput
from app.cell_edits.clipboard_block import PlacedBlock
from app.cell_edits.income_items import is_item_column, item_texts
from app.registers.engine.register import Register
from app.registers.engine.rows import load_rows


def cell_texts(
    session: Session, register: Register, ids: Sequence[str], columns: Sequence[str], *, hide: bool = True
) -> list[list[str]]:
    """The texts of these cells, row by row; `hide` masks personal numbers."""
    items = item_texts(session, ids) if any(map(is_item_column, columns)) else {}
    rows = {row.id: row for row in load_rows(session, register, ids, hide=hide)}
    subject = {id: {"head": row.subject.head, "group": row.subject.group} for id, row in rows.items()}
    names = {id: {"name": row.subject.name, "unit": row.subject.unit} for id, row in rows.items()}
    return [
        [
            items.get(id, {}).get(column, "")
            or rows[id].texts.get(column, "")
            or subject[id].get(column, "")
            or names[id].get(column, "")
            for column in columns
        ]
        for id in ids
        if id in rows
    ]


def fill_down(
    session: Session, register: Register, source: str, ids: Sequence[str], columns: Sequence[str]
) -> PlacedBlock:
    """Edits that give these rows what the source row says, personal numbers whole."""
    [texts] = cell_texts(session, register, [source], columns, hide=False) or [[]]
    pairs = list(zip(columns, texts, strict=True)) if texts else []
    return PlacedBlock(tuple(CellInput(id, column, text) for id in ids for column, text in pairs))
