"""What an event writes, a cell a row; records that need not follow can be left as they are."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.life_events.planning import PlannedLine
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("tick", "改", width=6),
    Column("whom", "哪一条", width=30),
    Column("label", "项目", width=16),
    Column("before", "现在", width=18),
    Column("after", "改为", width=0),
)
_ALWAYS, _TICKED = "必改", "✓"


class PlanTable(RowTable):
    """Space takes the tick of a record away, or gives it back.

    Signals:
        kept_changed: another choice of records is left as it is
    """

    kept_changed = Signal()

    def __init__(self) -> None:
        super().__init__("event_plan", "要写进户档的内容")
        self.set_columns(_COLUMNS)
        self.setSortingEnabled(False)
        self.kept: frozenset[str] = frozenset()
        self._lines: dict[str, PlannedLine] = {}

    def forget(self) -> None:
        """Another event: nothing is left as it is."""
        self.kept = frozenset()

    def show_lines(self, lines: Sequence[PlannedLine]) -> None:
        self._lines = {f"{n}": line for n, line in enumerate(lines)}
        self.set_rows(
            Row(
                key,
                {
                    "tick": self._tick(line),
                    "whom": line.whom,
                    "label": line.label,
                    "before": line.before,
                    "after": line.after,
                },
                "quiet" if line.record_id in self.kept else "",
            )
            for key, line in self._lines.items()
        )

    def _tick(self, line: PlannedLine) -> str:
        if not line.is_choice:
            return _ALWAYS
        return "" if line.record_id in self.kept else _TICKED

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line = self._lines.get(self.current_id())
        if event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)
        elif line is not None and line.is_choice:
            self.kept ^= {line.record_id}
            self.kept_changed.emit()
