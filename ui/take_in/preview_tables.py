"""What a roster would do, in five tables: new, changed with before and after, unchanged, refused, to know."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtWidgets import QTabWidget

from app.progress import Progress, Work
from app.records.field import field, label_of, table_label
from app.sheets.preview import Preview, RecordChange
from ui.tables.row_table import Column, Row, RowTable

_STEP = 500
_TOLD_ELSEWHERE = {"name", "id_no", "household_no", "person_no"}
_RECORD = (
    Column("kind", "类别", width=14),
    Column("title", "名称", width=26),
    Column("household", "户", width=30),
    Column("number", label_of("member", "id_no"), width=22),
    Column("what", "内容", width=0),
    Column("row", "名册行", align="right", width=8),
)
_CELL = (
    Column("kind", "类别", width=14),
    Column("title", "名称", width=26),
    Column("field", "栏目", width=20),
    Column("before", "现在本册里", width=28),
    Column("after", "名册里（写入后）", width=0),
    Column("row", "名册行", align="right", width=8),
)
_SAME = (
    Column("kind", "类别", width=14),
    Column("title", "名称", width=30),
    Column("household", "户", width=0),
    Column("row", "名册行", align="right", width=8),
)
_REFUSED = (
    Column("sheet", "工作表", width=18),
    Column("row", "行", align="right", width=6),
    Column("name", "姓名", width=14),
    Column("reason", "为什么没有收", width=0),
)
_REMARKS = (
    Column("sheet", "工作表", width=18),
    Column("row", "行", align="right", width=6),
    Column("column", "栏目", width=20),
    Column("text", "提醒", width=0),
)
TABS = (
    ("new", "新增", _RECORD, "没有要新增的。"),
    ("changed", "变更", _CELL, "没有要改的。"),
    ("unchanged", "不变", _SAME, "没有与本册相同的。"),
    ("refused", "拒收", _REFUSED, "没有拒收的行。"),
    ("remarks", "提醒", _REMARKS, "没有要提醒的。"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview with the rows of each table, made off the window's thread."""

    preview: Preview
    rows: dict[str, list[Row]]


def prepared(work: Work[Preview]) -> Work[Shown]:
    """Run a preview and lay its rows out."""
    preview = yield from work
    rows: dict[str, list[Row]] = {key: [] for key, *_ in TABS}
    for n, one in enumerate(preview.records):
        if n % _STEP == 0:
            yield Progress(n, len(preview.records), "整理预览")
        rows[one.state].extend(_cells(one) if one.state == "changed" else [_record(one)])
    rows["refused"] = [
        Row(str(n), {"sheet": r.sheet, "row": r.row, "name": _name(r.headers, r.cells), "reason": r.reason}, "bad")
        for n, r in enumerate(preview.refused)
    ]
    rows["remarks"] = [
        Row(str(n), {"sheet": r.sheet, "row": r.row or None, "column": r.column, "text": r.text})
        for n, r in enumerate(preview.remarks)
    ]
    return Shown(preview, rows)


class PreviewTables(QTabWidget):
    """The five tables. Numbers of people are masked."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("previewTabs")
        self.setAccessibleName("预览")
        self.tables: dict[str, RowTable] = {}
        for key, label, columns, hint in TABS:
            table = RowTable(f"{key}Rows", label)
            table.set_columns(columns)
            table.hint = hint
            self.tables[key] = table
            self.addTab(table, label)

    def show_rows(self, shown: Shown) -> None:
        """Fill the tables, and look first at what deserves it most."""
        for n, (key, label, *_) in enumerate(TABS):
            self.tables[key].set_rows(shown.rows[key])
            self.setTabText(n, f"{label} {len(shown.rows[key])}")
        first = next((n for n, (key, *_) in enumerate(TABS) if shown.rows[key]), 0)
        self.setCurrentIndex(first)
        self.tables[TABS[first][0]].setFocus()

    def clear_rows(self) -> None:
        """Nothing is looked at any more."""
        for n, (key, label, *_) in enumerate(TABS):
            self.tables[key].set_rows([])
            self.setTabText(n, label)


def _record(one: RecordChange) -> Row:
    number = one.after.get("id_no")
    cells = {
        "kind": table_label(one.table),
        "title": one.title,
        "household": one.household,
        "number": field("member", "id_no").text(number, hide=True),
        "what": "" if one.state == "unchanged" else _what(one),
        "row": one.row,
    }
    return Row(f"{one.table}/{one.id}", cells, "quiet" if one.state == "unchanged" else "")


def _what(one: RecordChange) -> str:
    """The cells that say most, in a line."""
    told = (cell for cell in one.cells() if cell.field.name not in _TOLD_ELSEWHERE)
    return "　".join(f"{cell.field.label}：{cell.texts(hide=True)[1]}" for cell in told)


def _cells(one: RecordChange) -> Iterable[Row]:
    for cell in one.cells():
        before, after = cell.texts(hide=True)
        cells = {
            "kind": table_label(one.table),
            "title": one.title,
            "field": cell.field.label,
            "before": before or "（空）",
            "after": after,
            "row": one.row,
        }
        yield Row(f"{one.table}/{one.id}/{cell.field.name}", cells)


def _name(headers: tuple[str, ...], cells: tuple[str, ...]) -> str:
    return next((text for header, text in zip(headers, cells, strict=False) if "姓名" in header and text), "")
