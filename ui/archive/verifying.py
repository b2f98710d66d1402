"""核对纸质档案: the code on a cover, typed, scanned or on a photograph, held against the record of today."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
)

from app.errors import OfficeError
from ui.page import Office

if TYPE_CHECKING:
    from app.archive.verifying import Verified

_HOW = "扫描或输入封面上的码（码旁的 12 位校验码也行），或打开封面的照片、档案的 PDF。"
_FILES = "照片或 PDF (*.jpg *.jpeg *.png *.bmp *.webp *.pdf)"
_MOST = 40


class Verifying(QDialog):
    """Stays open, for one cover after the other.

    Signals:
        opened: id of the household that the officer wants to look at
    """

    opened = Signal(str)

    def __init__(self, office: Office) -> None:
        super().__init__(office.window)
        self.setObjectName("verifying")
        self.setWindowTitle("核对纸质档案")
        self.setMinimumWidth(560)
        self._office, self._household = office, ""
        self.code = QLineEdit()
        self.code.setObjectName("code")
        self.code.setAccessibleName("封面上的码")
        self.code.setPlaceholderText("例如 7K3D-9QXM-2F4T")
        self.told = QLabel(_HOW)
        self.told.setObjectName("verified")
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.changes = QListWidget()
        self.changes.setObjectName("changes")
        self.changes.setAccessibleName("打印以后的变更")
        self.changes.hide()
        self.check = self._button("check", "核对(&H)", self._check)
        self.check.setDefault(True)
        self.file = self._button("fromFile", "打开照片或 PDF(&O)…", self._ask_file)
        self.home = self._button("openHome", "打开这一户(&K)", lambda: self.opened.emit(self._household))
        self.home.setEnabled(False)
        self._lay_out()

    def _button(self, name: str, text: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: run())
        return button

    def _lay_out(self) -> None:
        line, below = QHBoxLayout(), QHBoxLayout()
        line.addWidget(self.code, 1)
        line.addWidget(self.check)
        line.addWidget(self.file)
        below.addStretch()
        below.addWidget(self.home)
        below.addWidget(self._button("leave", "关闭", self.accept))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 16, 20, 16)
        whole.setSpacing(10)
        whole.addLayout(line)
        whole.addWidget(self.told)
        whole.addWidget(self.changes, 1)
        whole.addLayout(below)

    def _check(self) -> None:
        if self.code.text().strip():
            self.verify(self.code.text().strip())
        else:
            self._tell(_HOW)

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "封面的照片或档案的 PDF", "", _FILES)
        if name:
            self.verify(Path(name))

    def verify(self, what: str | Path) -> None:
        """Hold a code, a photograph or a PDF against the record."""
        from app.archive.verifying import verify

        self._office.jobs.start(
            verify(self._office.workbook, what), self._show, failed=self._refused, lane="read", title="核对档案"
        )

    def _show(self, found: "Verified") -> None:
        self._tell(found.sentence, fault=not found.equal)
        self._household = found.household_id
        self.home.setEnabled(True)
        self.changes.addItems(
            [f"{one.at:%Y-%m-%d %H:%M}　{one.operator}　{one.label}" for one in found.changes[:_MOST]]
        )
        self.changes.setVisible(bool(found.changes))
        self.code.selectAll()
        self.code.setFocus()

    def _refused(self, error: OfficeError) -> None:
        self._tell(str(error), fault=True)

    def _tell(self, sentence: str, *, fault: bool = False) -> None:
        self._household = ""
        self.home.setEnabled(False)
        self.changes.clear()
        self.changes.hide()
        self.told.setProperty("fault", fault)
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)
        self.told.setText(sentence)
