"""Some households out of many, for a list on a form."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.records.field import label_of
from app.records.lists import HouseholdRow
from ui.household.list_columns import by_group, by_pinyin, group_of
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("head", "户主", width=9, sort_key=by_pinyin),
    Column("group", label_of("household", "group_name"), width=10, sort_key=by_group),
    Column("size", "人数", align="right", width=5),
    Column("kind", label_of("household", "household_kind"), width=14),
    Column("household_no", label_of("household", "household_no"), width=0),
)


class HouseholdChoice(QDialog):
    """A line narrows the list down; Ctrl and Shift choose several."""

    def __init__(self, homes: Sequence[HouseholdRow], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("列入农户")
        self.setObjectName("household_choice")
        self.resize(640, 480)
        self.typed = QLineEdit()
        self.typed.setObjectName("narrow")
        self.typed.setAccessibleName("户主、村民组或户编号")
        self.typed.setPlaceholderText("户主、村民组或户编号")
        self.table = RowTable("households_to_list", "农户")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "没有可以列入的户。"
        self.table.set_rows(
            [
                Row(
                    one.id,
                    {
                        "head": one.head,
                        "group": group_of(one),
                        "size": one.size,
                        "kind": one.kind,
                        "household_no": one.household_no,
                    },
                )
                for one in homes
            ]
        )
        self.typed.textChanged.connect(self._narrow)
        self.table.opened.connect(lambda _: self.accept())
        said = QLabel("Ctrl 或 Shift 多选，Ctrl+A 全选，按回车列入。")
        said.setProperty("quiet", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setObjectName("ok")
        ok.setText("列入")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        for part in (self.typed, self.table, said, buttons):
            whole.addWidget(part)

    @property
    def chosen(self) -> list[str]:
        """Ids of the households that are selected."""
        return self.table.chosen()

    def _narrow(self, text: str) -> None:
        wanted = text.strip().lower()
        self.table.filter(
            (lambda row: any(wanted in str(row.cells[key]).lower() for key in ("head", "group", "household_no")))
            if wanted
            else None
        )
