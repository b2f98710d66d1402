"""What taking a list in would do, line by line, before it is written."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtWidgets import QCheckBox, QLabel, QListWidget, QVBoxLayout, QWidget

from app.progress import Progress, Task
from app.records.field import field
from app.sheets.register_import import apply_import, take_sheet_values
from app.sheets.register_preview import ImportedRowChange, RegisterPreview
from app.workbook.masking import mask_numbers
from ui.registers.conflict_table import ConflictTable
from ui.shell.page import AppContext
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog

_STEP = 500  # lines between two reports of progress


class ImportListDialog(Dialog):
    """Counts above, then the cells that were changed on both sides, to choose from; below what is refused, there
    already, not understood, new or changed, each with its place."""

    def __init__(self, context: AppContext, described: "DescribedPreview", parent: QWidget) -> None:
        super().__init__(parent)
        shown = described.preview
        self._context, self._shown = context, shown
        self.setObjectName("importList")
        self.setWindowTitle(f"导入{shown.title}")
        self.resize(860, 520)
        counts = shown.counts()
        summary = QLabel(
            f"“{shown.file}”：新增 {counts['new']} 条，变更 {counts['changed']} 条，不变 {counts['unchanged']} 条；"
            f"没有收 {counts['refused']} 条，重复 {counts['duplicates']} 条，提醒 {counts['remarks']} 处。"
        )
        summary.setWordWrap(True)
        self.lines = QListWidget()
        self.lines.setObjectName("import_lines")
        self.lines.setAccessibleName("逐条说明")
        self.lines.setWordWrap(True)
        self.lines.setLayoutMode(QListWidget.LayoutMode.Batched)  # of 50,000 lines only some are measured at a time
        self.lines.addItems(described.lines)
        self.conflicts = ConflictTable(shown.conflicts)
        self.take_sheet = QCheckBox(f"导出以后两边都改了 {len(shown.conflicts)} 格：全用表里的(&B)")
        self.take_sheet.setObjectName("take_sheet")
        self.take_sheet.toggled.connect(self.conflicts.take_all)
        for widget in (self.take_sheet, self.conflicts):
            widget.setVisible(bool(shown.conflicts))
        self.buttons = ButtonRow(self, "写入", "write")
        self.buttons.accept_button.setEnabled(bool(shown.to_write() or shown.conflicts))
        layout = QVBoxLayout(self)
        layout.addWidget(summary)
        layout.addWidget(self.take_sheet)
        layout.addWidget(self.conflicts)
        layout.addWidget(self.lines, 1)
        layout.addWidget(self.buttons)

    def accept(self) -> None:
        shown = take_sheet_values(self._shown, self.conflicts.taken())
        task = apply_import(self._context.workbook, shown)
        self._context.tasks.start(
            task,
            lambda count: self._context.status_bar.info(f"已导入 {count} 条。按 Ctrl+Z 整张撤销。"),
            title="导入表格",
        )
        super().accept()


@dataclass(frozen=True, slots=True)
class DescribedPreview:
    """A preview with its lines, which are written off the window's thread because there may be very many."""

    preview: RegisterPreview
    lines: list[str]


def describe(task: Task[RegisterPreview]) -> Task[DescribedPreview]:
    """The preview that a task makes, with what the dialog says of it."""
    shown = yield from task
    lines = []
    for n, line in enumerate(_preview_lines(shown)):
        if n % _STEP == 0:
            yield Progress(n, 0, "整理")
        lines.append(line)
    return DescribedPreview(shown, lines)


def _preview_lines(shown: RegisterPreview) -> Iterator[str]:
    """One sentence a line: what needs a look first."""
    for refused in shown.refused:
        yield f"没有收　{mask_numbers(str(refused))}"
    for duplicate in shown.duplicates:
        yield f"重复　“{duplicate.sheet}”第 {duplicate.row} 行 {duplicate.title}，与{duplicate.of}相同"
    for remark in shown.remarks:
        yield f"提醒　“{remark.sheet}”{f'第 {remark.row} 行 ' if remark.row else ''}{mask_numbers(remark.describe())}"
    for row in shown.to_write():
        verb = "新增" if row.state == "new" else "变更"
        cells = "" if row.state == "new" else f"：{'；'.join(_changed_cells(row))}"
        yield f"{verb}　“{row.sheet}”第 {row.row} 行 {row.title}{cells}"


def _changed_cells(row: ImportedRowChange) -> Iterator[str]:
    """What each cell says now and will say; of what points to another record only that it changes."""
    for name, value in row.after.items():
        if name == "withdrawn":
            continue  # what was taken back stands again
        one = field(row.table, name)
        before, after = (one.text(held, hide=True) or "（空）" for held in (row.before.get(name), value))
        yield one.label if one.kind == "reference" else mask_numbers(f"{one.label} {before} → {after}")
