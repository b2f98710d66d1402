"""What a roster would do, in five tables: new, changed with before and after, unchanged, refused, to know."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtWidgets import QTabWidget

from app.progress import Progress, Task
from app.records.field import field, field_label, table_label
from app.sheets.import_preview import ImportPreview, RecordChange
from app.workbook.masking import mask_numbers
from ui.widgets.row_table import Column, Row, RowTable

_PROGRESS_INTERVAL = 500
_FIELDS_IN_OTHER_COLUMNS = {"name", "id_no", "household_no", "person_no"}
_NEW_COLUMNS = (
    Column("kind", "类别", width=14),
    Column("title", "名称", width=26),
    Column("household", "户", width=30),
    Column("number", field_label("member", "id_no"), width=22),
    Column("what", "内容", width=0),
    Column("row", "名册行", align="right", width=8),
)
_CHANGED_COLUMNS = (
    Column("kind", "类别", width=14),
    Column("title", "名称", width=26),
    Column("field", "栏目", width=20),
    Column("before", "现在本工作簿里", width=28),
    Column("after", "名册里（写入后）", width=0),
    Column("row", "名册行", align="right", width=8),
)
_UNCHANGED_COLUMNS = (
    Column("kind", "类别", width=14),
    Column("title", "名称", width=30),
    Column("household", "户", width=0),
    Column("row", "名册行", align="right", width=8),
)
_REJECTED_COLUMNS = (
    Column("sheet", "工作表", width=18),
    Column("row", "行", align="right", width=6),
    Column("name", "姓名", width=14),
    Column("reason", "为什么没有收", width=0),
)
_REMARK_COLUMNS = (
    Column("sheet", "工作表", width=18),
    Column("row", "行", align="right", width=6),
    Column("column", "栏目", width=20),
    Column("text", "提醒", width=0),
)
TABS = (
    ("new", "新增", _NEW_COLUMNS, "没有要新增的。"),
    ("changed", "变更", _CHANGED_COLUMNS, "没有要改的。"),
    ("unchanged", "不变", _UNCHANGED_COLUMNS, "没有与本工作簿相同的。"),
    ("refused", "拒收", _REJECTED_COLUMNS, "没有拒收的行。"),
    ("remarks", "提醒", _REMARK_COLUMNS, "没有要提醒的。"),
)


@dataclass(frozen=True, slots=True)
class RosterPreviewRows:
    """A preview with the rows of each table, made off the window's thread."""

    preview: ImportPreview
    rows: dict[str, list[Row]]


def build_preview_rows(task: Task[ImportPreview]) -> Task[RosterPreviewRows]:
    """Run a preview and lay its rows out."""
    preview = yield from task
    rows: dict[str, list[Row]] = {key: [] for key, *_ in TABS}
    for n, change in enumerate(preview.records):
        if n % _PROGRESS_INTERVAL == 0:
            yield Progress(n, len(preview.records), "整理预览")
        rows[change.state].extend(_cell_rows(change) if change.state == "changed" else [_record_row(change)])
    rows["refused"] = [
        Row(
            str(n),
            {"sheet": r.sheet, "row": r.row, "name": _person_name(r.headers, r.cells), "reason": r.reason},
            "bad",
        )
        for n, r in enumerate(preview.rejected)
    ]
    rows["remarks"] = [
        Row(str(n), {"sheet": r.sheet, "row": r.row or None, "column": r.column, "text": mask_numbers(r.describe())})
        for n, r in enumerate(preview.remarks)
    ]
    return RosterPreviewRows(preview, rows)


class RosterPreviewTables(QTabWidget):
    """The five tables. Numbers of people are masked."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("previewTabs")
        self.setAccessibleName("预览")
        self.tables: dict[str, RowTable] = {}
        for key, label, columns, hint in TABS:
            table = RowTable(f"{key}Rows", label)
            table.set_columns(columns)
            table.placeholder = hint
            self.tables[key] = table
            self.addTab(table, label)

    def show_rows(self, contents: RosterPreviewRows) -> None:
        """Fill the tables, and look first at what deserves it most."""
        for n, (key, label, *_) in enumerate(TABS):
            self.tables[key].set_rows(contents.rows[key])
            self.setTabText(n, f"{label} {len(contents.rows[key])}")
        first = next((n for n, (key, *_) in enumerate(TABS) if contents.rows[key]), 0)
        self.setCurrentIndex(first)
        self.tables[TABS[first][0]].setFocus()

    def clear_rows(self) -> None:
        """Nothing is looked at any more."""
        for index, (key, label, *_) in enumerate(TABS):
            self.tables[key].set_rows([])
            self.setTabText(index, label)


def _record_row(change: RecordChange) -> Row:
    number = change.after.get("id_no")
    cells = {
        "kind": table_label(change.table),
        "title": change.title,
        "household": change.household,
        "number": field("member", "id_no").text(number, hide=True),
        "what": "" if change.state == "unchanged" else _fields_text(change),
        "row": change.row,
    }
    return Row(f"{change.table}/{change.id}", cells, "quiet" if change.state == "unchanged" else "")


def _fields_text(change: RecordChange) -> str:
    """The cells that say most, in a line."""
    cells = (cell for cell in change.cell_changes() if cell.field.name not in _FIELDS_IN_OTHER_COLUMNS)
    return "　".join(f"{cell.field.label}：{cell.display_texts(hide=True)[1]}" for cell in cells)


def _cell_rows(change: RecordChange) -> Iterable[Row]:
    for cell in change.cell_changes():
        before, after = cell.display_texts(hide=True)
        row_cells = {
            "kind": table_label(change.table),
            "title": change.title,
            "field": cell.field.label,
            "before": before or "（空）",
            "after": after,
            "row": change.row,
        }
        yield Row(f"{change.table}/{change.id}/{cell.field.name}", row_cells)


def _person_name(headers: tuple[str, ...], cells: tuple[str, ...]) -> str:
    return next((text for header, text in zip(headers, cells, strict=False) if "姓名" in header and text), "")
