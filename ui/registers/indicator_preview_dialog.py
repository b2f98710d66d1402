"""What taking a list of villages in would write into 村情."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.sheets.indicator_import import IndicatorPreview
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("indicator", "指标", width=0),
    Column("now", "现在", align="right", width=14),
    Column("text", "表里", align="right", width=14),
)


class IndicatorPreviewDialog(Dialog):
    """Accepted: take it in."""

    def __init__(self, shown: IndicatorPreview, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"导入行政村表：{shown.village.name} {shown.year} 年")
        self.resize(640, 520)
        self.table = RowTable("indicator_changes", "村情指标")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "表里没有认得出的指标。"
        self.table.set_rows(
            Row(
                one.indicator,
                {"indicator": one.indicator, "now": one.now, "text": one.text},
                _emphasis(one.now, one.text),
            )
            for one in shown.changes
        )
        self.remarks_label = QLabel("\n".join(f"{one}。" for one in shown.remarks))
        self.remarks_label.setObjectName("remarks")
        self.remarks_label.setWordWrap(True)
        self.remarks_label.setVisible(bool(shown.remarks))
        buttons = ButtonRow(self, "导入")
        layout = QVBoxLayout(self)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.remarks_label)
        layout.addWidget(buttons)


def _emphasis(now: str, text: str) -> str:
    """Where something that stands there already would become something else."""
    return "warn" if now and now != text else ""
