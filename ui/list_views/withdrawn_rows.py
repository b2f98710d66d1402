"""What was withdrawn, as a view of the list shows it: all of it is read, since a view may order it by anything."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.list_views.definition import ListView
from app.list_views.list_source import ListSource
from app.list_views.rows import view_ids
from app.progress import Task
from app.records.withdrawn_records import WithdrawnRecord, WithdrawnRecords, find_withdrawn
from app.viewed_lists.withdrawn_source import withdrawn_source
from app.workbook.workbook import Workbook
from ui.list_views.view_rows import FoundRows, added_fields, with_added, with_headings
from ui.widgets.row_table import Column, Row

WITHDRAWN_COLUMNS = (
    Column("label", "类别", width=12),
    Column("title", "记录", width=0),
    Column("household", "户", width=16),
    Column("parts", "一起撤回的", width=26),
    Column("operator", "撤回人", width=10),
    Column("at", "撤回时间", width=16),
)


@dataclass(frozen=True, slots=True)
class ViewedRecords:
    """Records as a view shows them; `source`: the list with all that were found."""

    found: WithdrawnRecords
    listed: FoundRows
    source: ListSource | None = None


def as_listed(found: WithdrawnRecords) -> ViewedRecords:
    """The latest first."""
    rows = withdrawn_rows(found.records)
    return ViewedRecords(found, FoundRows([row.id for row in rows], rows, []))


def find_in_view(workbook: Workbook, typed: str, view: ListView, shown: Sequence[str]) -> Task[ViewedRecords]:
    """All that contains these words and fits the view, in its order and groups; `shown`: keys of the columns."""
    found = yield from find_withdrawn(workbook, typed, None)
    source = withdrawn_source(found.records)
    by_id = {row.id: row for row in withdrawn_rows(found.records)}
    with workbook.reading() as session:
        ids = view_ids(session, source, view)
        placed, headings = with_headings(session, source, view, ids, shown, "条")
        added = added_fields(source, view, WITHDRAWN_COLUMNS)
        rows = with_added(session, source, [by_id[id] for id in ids], added)
    by_view = frozenset(ids)
    kept = tuple(record for record in found.records if record.key in by_view)
    return ViewedRecords(WithdrawnRecords(kept, is_whole=True), FoundRows(placed, rows, headings), source)


def withdrawn_rows(records: Iterable[WithdrawnRecord]) -> list[Row]:
    """Records as rows of the table."""
    return [_row(record) for record in records]


def _row(record: WithdrawnRecord) -> Row:
    cells = {
        "label": record.label,
        "title": record.title,
        "household": record.household,
        "parts": record.parts,
        "operator": record.operator,
        "at": record.at_text,
    }
    return Row(record.key, cells)
