"""Ctrl+B: what is done to all chosen rows, and with which value."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.registers.engine.register import Register
from ui.bulk_edit.bulk_choices import BulkChoice
from ui.bulk_edit.bulk_panes import BulkPane, PhotoPane, RecordPane, ValuePane, YearPane
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.search_combo import SearchCombo


class BulkDialog(Dialog):
    """One list says what is done; below it stands what this asks. Enter in the list goes on, then to the preview.

    Attributes:
        choice: what is done, None while nothing is chosen
        pane: what was asked, None where nothing is
    """

    def __init__(
        self, register: Register, choices: Sequence[BulkChoice], about: str, operator: str, parent: QWidget
    ) -> None:
        """`about`: how many rows, in words."""
        super().__init__(parent)
        self._register, self._operator = register, operator
        self._choices = {one.key: one for one in choices}
        self._has_just_chosen = False  # Enter chooses, and must not go on to the preview with the same stroke
        self.choice: BulkChoice | None = None
        self.pane: BulkPane | None = None
        self.setObjectName("bulkEdit")
        self.setWindowTitle(f"批量修改{about}")
        self.resize(720, 440)  # a screen of 768 lines at 150 % has hardly more
        label = QLabel("做什么（可打字或拼音首字母查找）")
        self.what = SearchCombo("bulk_what", "做什么", [(one.label, one.key) for one in choices])
        if line_edit := self.what.lineEdit():
            line_edit.setPlaceholderText("修改某一栏、新增一种记录、照抄上年……按 ↓ 看全部")
        self.what.chosen.connect(self._choose)
        label.setBuddy(self.what)
        self._panes = QStackedWidget()
        self._panes.addWidget(QWidget())
        self.complaint_label = QLabel()
        self.complaint_label.setObjectName("bulk_complaint")
        self.complaint_label.setProperty("remark", "fault")
        self.complaint_label.setWordWrap(True)
        self.buttons = ButtonRow(self, "预览", "preview", on_accept=self._go_on)
        layout = QVBoxLayout(self)
        for widget in (label, self.what, self._panes, self.complaint_label, self.buttons):
            layout.addWidget(widget, 1 if widget is self._panes else 0)
        self.what.setFocus()

    def _choose(self, key: str) -> None:
        choice = self._choices.get(key)
        if choice is None or choice is self.choice:
            return
        self._has_just_chosen = True
        QTimer.singleShot(0, self._forget_choosing)
        self.choice = choice
        self.pane = self._make_pane(choice)
        if (former := self._panes.widget(1)) is not None:
            self._panes.removeWidget(former)
            former.deleteLater()
        if self.pane is None:  # nothing is asked: the helper is chosen in a dialog of its own
            QTimer.singleShot(0, self.accept)
        else:
            self._panes.addWidget(self.pane)
            self._panes.setCurrentWidget(self.pane)
            self.pane.begin()
        self.complaint_label.clear()

    def _make_pane(self, choice: BulkChoice) -> BulkPane | None:
        if choice.kind == "set":
            return ValuePane(self._register, choice.column)
        if choice.kind == "add":
            assert choice.register is not None
            return RecordPane(choice.register, self._operator)
        return PhotoPane() if choice.kind == "photo" else YearPane() if choice.kind == "copy" else None

    def _forget_choosing(self) -> None:
        self._has_just_chosen = False

    def _go_on(self) -> None:
        """Enter: from the list to what it asks, from there to the preview."""
        self.what.settle()
        if self.choice is None:
            self.complaint_label.setText("请选择做什么。")
        elif self.pane is None:
            return
        elif self._has_just_chosen:
            self.pane.begin()
        elif complaint := self.pane.complaint():
            self.complaint_label.setText(complaint)
        else:
            QTimer.singleShot(0, self.accept)  # not while the list of what fits still has this key
