"""按名单修改工作簿: what would be written, person by person, before it is."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.comparison.decision import Acceptance
from app.workbook.masking import mask_numbers
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("state", "会怎样", width=10),
    Column("household", "户", width=16),
    Column("name", "姓名", width=9),
    Column("told", "改动或原因", width=0),
)


class AcceptanceDialog(Dialog):
    """Lines that are taken over with old and new value, then those that are not, each with its reason."""

    def __init__(self, acceptance: Acceptance, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("acceptance")
        self.setWindowTitle("按名单修改工作簿")
        self.resize(860, 480)
        refused = f"，{len(acceptance.refused)} 人不能这样改" if acceptance.refused else ""
        message = QLabel(f"要改 {len(acceptance.lines)} 人{refused}。改好后可以按 Ctrl+Z 一次撤销。")
        message.setProperty("heading", True)
        message.setWordWrap(True)
        self.table = RowTable("acceptedLines", "改动")
        self.table.set_columns(_COLUMNS)
        taken = [("改", line, "；".join(one.describe() for one in line.changes)) for line in acceptance.lines]
        left = [("不改", line, reason) for line, reason in acceptance.refused]
        self.table.set_rows(
            Row(
                line.id,
                {"state": state, "household": line.about, "name": line.name, "told": mask_numbers(told)},
                "" if state == "改" else "quiet",
            )
            for state, line, told in [*taken, *left]
        )
        self.buttons = ButtonRow(self, f"改 {len(acceptance.lines)} 人", "write")
        self.buttons.accept_button.setEnabled(bool(acceptance.lines))
        layout = QVBoxLayout(self)
        layout.addWidget(message)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.buttons)
        self.buttons.accept_button.setFocus()  # in the table Enter would be the table's
