"""After an import: what came in, and how its sender learns of it — a receipt to take along, or a number to read out."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.sync.package_import import PackageImportResult
from ui.widgets.scrolling import scrolling


@dataclass(frozen=True, slots=True)
class ImportedPackage:
    """A package that is in, with the code of its receipt; "" where it has none."""

    result: PackageImportResult
    code: str


class ImportResultCard(QFrame):
    """One part a package.

    Signals:
        save_requested: n and sender, the receipt of this import is to be written
        conflicts_requested: the page of conflicts is to be opened
        closed: the officer has seen it
    """

    save_requested = Signal(int, str)
    conflicts_requested = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("arrived")
        self.setProperty("card", True)
        content = QWidget()
        self._sections = QVBoxLayout(content)
        self._sections.setSpacing(14)
        scroll = scrolling(content)
        self.conflicts_button, self.done_button = QPushButton("处理冲突"), QPushButton("完成（Esc）")
        self.conflicts_button.setObjectName("toConflicts")
        self.conflicts_button.clicked.connect(self.conflicts_requested)
        self.done_button.setObjectName("leaveArrived")
        self.done_button.setProperty("primary", True)
        self.done_button.clicked.connect(self.closed)
        close_action = QAction("完成", self)
        close_action.setShortcut("Esc")
        close_action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        close_action.triggered.connect(self.closed)
        self.addAction(close_action)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.conflicts_button)
        buttons.addWidget(self.done_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 14)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)

    def show_packages(self, packages: tuple[ImportedPackage, ...]) -> None:
        """What has just come in."""
        while (item := self._sections.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for package in packages:
            self._sections.addWidget(self._make_section(package))
        self._sections.addStretch()
        self.conflicts_button.setVisible(any(package.result.conflicts for package in packages))
        self.done_button.setFocus()

    def _make_section(self, package: ImportedPackage) -> QFrame:
        section = QFrame()
        layout = QVBoxLayout(section)
        layout.setContentsMargins(0, 6, 0, 6)
        layout.setSpacing(8)
        layout.addWidget(_label(package.result.message, "heading"))
        if not package.code:
            return section
        code_label = _label(package.code, "code")
        code_label.setObjectName("receiptCode")
        code_label.setAccessibleName("回执码")
        code_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        code_label.setWordWrap(False)
        save_button = QPushButton("保存回执…")
        save_button.setObjectName("saveReceiptHere")
        save_button.clicked.connect(lambda: self.save_requested.emit(package.result.n, package.result.sender))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(code_label)
        row.addWidget(save_button)
        row.addStretch()
        instructions = (
            f"请告诉“{package.result.sender}”收到了：打电话报这个号，或把回执拷给他。他登记以后，下次就不再重发这些。\n"
            "导错了，到“往来记录”里可以整包撤销。"
        )
        layout.addWidget(_label(instructions, "quiet"))
        layout.addLayout(row)
        return section


def _label(text: str, style: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names come from outside
    label.setWordWrap(True)
    label.setProperty(style, True)
    return label
