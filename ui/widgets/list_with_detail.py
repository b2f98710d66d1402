"""Records in a list on the left, and on the right what belongs to the current one."""

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLayout, QSplitter, QVBoxLayout, QWidget

from ui.widgets.flow_grid import FlowGrid

_BUTTON_GAP = 6  # pixels


class RecordList(Protocol):
    """A list of records of which one is current, e.g. a RowTable; also a QWidget."""

    current_row_changed: Any  # Signal(str): id of the current record, "" for none

    def current_id(self) -> str: ...

    def set_current_id(self, row_id: str, /) -> bool: ...

    def blockSignals(self, block: bool, /) -> bool: ...


class RecordDetail(Protocol):
    """What shows one record, e.g. a RecordEditor."""

    @property
    def record_id(self) -> str:
        """Of the record that is shown, "" for none."""

    def can_leave(self) -> bool:
        """False while something that was typed is refused."""

    def open(self, record_id: str, /) -> None:
        """Show this record, or what changed in it since it was opened; "" for none."""


class ListWithDetail(QSplitter):
    """Opens the record that becomes current. While something typed on the right is refused, the list stays where it
    was.

    Signals:
        record_opened: id of the record that is shown on the right now, "" for none
    """

    record_opened = Signal(str)

    def __init__(
        self,
        records: RecordList,
        detail: RecordDetail,
        sizes: tuple[int, int],
        *,
        buttons: Sequence[QWidget] = (),
        header: QLayout | None = None,
        list_widget: QWidget | None = None,
        detail_widget: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """
        Args:
            sizes: of both sides, in pixels, to begin with
            buttons: in a row below the list
            header: above the list
            list_widget, detail_widget: what stands on a side where it is not `records` or `detail` itself
            parent: what it is laid out in: a splitter styles both sides at once, and put elsewhere once more
        """
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._records, self._detail = records, detail
        self._awaited_id = ""
        list_panel = QWidget(self)
        layout = QVBoxLayout(list_panel)
        layout.setContentsMargins(0, 0, 0, 0)
        if header is not None:
            layout.addLayout(header)
        layout.addWidget(list_widget or _as_widget(records), 1)
        if buttons:
            layout.addWidget(FlowGrid(buttons, len(buttons), _BUTTON_GAP))
        self.addWidget(list_panel)
        self.addWidget(detail_widget or _as_widget(detail))
        self.setSizes(sizes)
        self.setChildrenCollapsible(False)
        records.current_row_changed.connect(self._open)

    def select(self, record_id: str) -> None:
        """Make a record current, now or when the list shows it."""
        self._awaited_id = "" if self._records.set_current_id(record_id) else record_id

    def sync(self) -> bool:
        """Show the current record: to be called when the list holds other rows. Returns whether the record that
        `select` waited for has come."""
        has_come = bool(self._awaited_id) and self._records.set_current_id(self._awaited_id)
        if has_come:
            self._awaited_id = ""
        self._open(self._records.current_id())
        return has_come

    def _open(self, record_id: str) -> None:
        if record_id != self._detail.record_id and not self._detail.can_leave():
            self._return_to_detail()
            QTimer.singleShot(0, self, self._return_to_detail)  # a click selects its row after it has made it current
            return
        self._detail.open(record_id)
        self.record_opened.emit(record_id)

    def _return_to_detail(self) -> None:
        """Make the record current that is shown on the right."""
        self._records.blockSignals(True)
        self._records.set_current_id(self._detail.record_id)
        self._records.blockSignals(False)


def _as_widget(part: object) -> QWidget:
    assert isinstance(part, QWidget)
    return part
