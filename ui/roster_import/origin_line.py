"""Whether a list was exported from the national system, and when: proposed, and changed here."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QWidget

from app.errors import ValidationError
from app.records.field import field
from app.sheets.import_preview import ImportPreview
from app.sheets.roster_origin import RosterOrigin, can_be_national
from ui.widgets.field_controls import make_control

_DAY = field("comparison", "list_date")
_EXPORTED = replace(_DAY, name="exported_on", spec=replace(_DAY.spec, label="导出日期"))
_HINT = "勾选后，表里的内容按这一天记为全国系统里的数，用于“待录入”和“三者一致”；不是系统导出的表请不要勾选"


class OriginLine(QWidget):
    """A box to tick, and a day.

    Signals:
        changed: the officer says something else
        refused: what was typed is no day, in a sentence
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._origin: RosterOrigin | None = None
        self.box = QCheckBox("这是全国系统导出的表（Alt+G）")
        self.box.setObjectName("isNational")
        self.box.setShortcut("Alt+G")
        self.box.setToolTip(_HINT)
        self.day = make_control(_EXPORTED)
        self._label = QLabel(_EXPORTED.label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addWidget(self._label)
        layout.addWidget(self.day)
        layout.addStretch(1)
        self.box.clicked.connect(lambda _: self._on_edited())
        self.day.editing_finished.connect(self._on_edited)

    def show_origin(self, preview: ImportPreview) -> None:
        """What is proposed for a file, or was said of it."""
        self._origin = preview.origin
        self.box.setEnabled(can_be_national([sheet.heading for sheet in preview.sheets]))
        self.box.setChecked(preview.origin.is_national)
        self.day.set_value(preview.origin.day)
        self._show_day()

    def origin(self) -> RosterOrigin | None:
        """What stands here now; None before a file was looked at."""
        if self._origin is None:
            return None
        day = _EXPORTED.parse(self.day.raw_value())
        return RosterOrigin(self.box.isChecked(), day if isinstance(day, date) else self._origin.day)

    def _on_edited(self) -> None:
        self._show_day()
        try:
            origin = self.origin()
        except ValidationError as error:
            self.refused.emit(error)
            return
        if origin is not None and origin != self._origin:
            self._origin = origin
            self.changed.emit()

    def _show_day(self) -> None:
        for widget in (self._label, self.day):
            widget.setVisible(self.box.isChecked())
