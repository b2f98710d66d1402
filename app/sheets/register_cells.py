"""What stands in the cells of a register's sheet, row by row."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from app.list_views.catalogue import list_source
from app.list_views.rows import view_values
from app.records.field import Field
from app.registers.engine.rows import ChildRow, RegisterRow, child_rows, load_rows
from app.registers.engine.titles import SubjectTitle
from app.sheets import writer
from app.sheets.register_layout import DUE, PARENT_ID, PARENT_TITLE, PROGRESS, ROW_ID, VIEWED, RegisterLayout
from app.workbook.workbook import Workbook
from db.schema.relations import record_titles

BATCH = 500  # rows that are read together


def sheet_rows(
    workbook: Workbook, layout: RegisterLayout, ids: Sequence[str], hide: bool
) -> Iterator[list[list[object]]]:
    """The cells of these rows, or of the rows below them, in parcels."""
    villages = {village.code: village.name for village in workbook.villages}
    for start in range(0, len(ids), BATCH):
        with workbook.reading() as session:
            rows = load_rows(session, layout.register, ids[start : start + BATCH], hide=hide)
            yield list(_cells(session, layout, rows, villages, hide))


def _cells(
    session: Session, layout: RegisterLayout, rows: Sequence[RegisterRow], villages: Mapping[str, str], hide: bool
) -> Iterator[list[object]]:
    columns = [(target, None if "." in target else layout.field(target)) for target in layout.targets]
    if layout.children is None:
        viewed = _viewed_cells(session, layout, [row.id for row in rows], hide)
        for row in rows:
            yield [
                viewed[row.id][target] if target.startswith(VIEWED) else _cell(target, one, row, row, villages, hide)
                for target, one in columns
            ]
        return
    parents = {row.id: row for row in rows}
    titles = record_titles(session, layout.register.key, parents)
    for child in child_rows(session, layout.register, layout.children, list(parents), hide=hide):
        parent = parents[child.parent_id]
        yield [
            titles.get(parent.id) if target == PARENT_TITLE else _cell(target, one, parent, child, villages, hide)
            for target, one in columns
        ]


def _viewed_cells(
    session: Session, layout: RegisterLayout, ids: Sequence[str], hide: bool
) -> Mapping[str, Mapping[str, object]]:
    """Id → target → what stands in the columns of fields that only the list's views have."""
    fields = {target: layout.viewed(target) for target in layout.targets if target.startswith(VIEWED)}
    if not fields:
        return {}
    found = view_values(session, list_source(layout.register.key), ids, list(fields.values()))
    return {
        id: {
            target: writer.to_cell_value(value, one.field, hide)
            for (target, one), value in zip(fields.items(), values, strict=True)
        }
        for id, values in found
    }


def _cell(
    target: str,
    one: Field | None,
    parent: RegisterRow,
    row: RegisterRow | ChildRow,
    villages: Mapping[str, str],
    hide: bool,
) -> object:
    """What stands in one cell: a number or a date as such, everything else as text, None where it is empty.

    Args:
        one: the column of the record, None where the cell tells of something else
        parent: the row itself, or the one that it stands below
        hide: mask personal numbers
    """
    if one is not None:
        if one.kind == "reference":
            return row.texts[target] or None
        return writer.to_cell_value(row.values[target], one, hide)
    if target == ROW_ID:
        return row.id
    if target == PARENT_ID:
        return parent.id
    if target == DUE:
        return parent.progress.due_on
    if target == PROGRESS:
        return f"{parent.progress.label}{'（超期）' if parent.progress.overdue else ''}" or None
    return subject_text(parent.subject, target, villages.get(parent.village, "")) or None


def subject_text(subject: SubjectTitle, target: str, village: str) -> str:
    """What a column says of whom a row is about; `village`: the name of its village."""
    texts = {
        "village.name": village,
        "household.household_no": subject.number,
        "household.group_name": subject.group,
        "head.name": subject.head,
        "member.name": subject.name,
        "member.id_no": subject.id_no,
        "helper.name": subject.name,
        "helper.unit": subject.unit,
    }
    return texts.get(target, "")
