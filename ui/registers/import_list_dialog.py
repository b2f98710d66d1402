"""What taking a list in would do, line by line, before it is written."""

from collections.abc import Iterator

from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QListWidget, QVBoxLayout, QWidget

from app.records.masking import mask_numbers
from app.registers import get_register
from app.sheets.register_import import apply_import, take_sheet_values
from app.sheets.register_preview import RegisterPreview
from ui.shell.page import AppContext
from ui.widgets.button_row import ButtonRow


class ImportListDialog(QDialog):
    """Counts above; below what is refused, twice, changed on both sides or not understood, each with its place."""

    def __init__(self, context: AppContext, shown: RegisterPreview, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._shown = context, shown
        self.setObjectName("importList")
        self.setWindowTitle(f"导入{get_register(shown.register).title}")
        self.resize(760, 480)
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
        self.lines.addItems(list(preview_lines(shown)))
        self.take_sheet = QCheckBox(f"两边都改了的 {len(shown.conflicts)} 格，用表里的")
        self.take_sheet.setObjectName("take_sheet")
        self.take_sheet.setVisible(bool(shown.conflicts))
        layout = QVBoxLayout(self)
        layout.addWidget(summary)
        layout.addWidget(self.lines, 1)
        layout.addWidget(self.take_sheet)
        layout.addWidget(ButtonRow(self, "写入", "write"))

    def accept(self) -> None:
        shown = take_sheet_values(self._shown, self._shown.conflicts) if self.take_sheet.isChecked() else self._shown
        task = apply_import(self._context.workbook, shown)
        self._context.tasks.start(
            task, lambda count: self._context.status_bar.saved(f"已导入 {count} 条"), title="导入台账"
        )
        super().accept()


def preview_lines(shown: RegisterPreview) -> Iterator[str]:
    """One sentence a line: what needs a look first."""
    for refused in shown.refused:
        yield f"没有收　{refused}"
    for one in shown.conflicts:
        yield (
            f"两边都改了　“{one.sheet}”{one.cell} {one.title}的“{one.label}”：导出时“{one.left}”，"
            f"本册现在“{one.here}”，表里“{one.there}”"
        )
    for duplicate in shown.duplicates:
        yield f"重复　“{duplicate.sheet}”第 {duplicate.row} 行 {duplicate.title}，与{duplicate.of}相同"
    for remark in shown.remarks:
        yield f"提醒　“{remark.sheet}”{f'第 {remark.row} 行 ' if remark.row else ''}{mask_numbers(remark.describe())}"
    for row in shown.to_write():
        verb = "新增" if row.state == "new" else "变更"
        yield f"{verb}　“{row.sheet}”第 {row.row} 行 {row.title}"
