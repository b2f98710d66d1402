"""Some households out of many, for a list on a form."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.records.field import field_label
from app.records.row_views import HouseholdRow
from ui.household.household_columns import group_key, group_name, pinyin_key
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("head", "户主", width=9, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=10, sort_key=group_key),
    Column("size", "人数", align="right", width=5),
    Column("kind", field_label("household", "household_kind"), width=14),
    Column("household_no", field_label("household", "household_no"), width=0),
)


class HouseholdMultiPicker(QDialog):
    """A line narrows the list down; Ctrl and Shift choose several."""

    def __init__(self, households: Sequence[HouseholdRow], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("列入农户")
        self.setObjectName("household_choice")
        self.resize(640, 480)
        self.search = QLineEdit()
        self.search.setObjectName("narrow")
        self.search.setAccessibleName("户主、村民组或户编号")
        self.search.setPlaceholderText("户主、村民组或户编号")
        self.table = RowTable("households_to_list", "农户")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "没有可以列入的户。"
        self.table.set_rows(
            [
                Row(
                    household.id,
                    {
                        "head": household.head,
                        "group": group_name(household),
                        "size": household.size,
                        "kind": household.kind,
                        "household_no": household.household_no,
                    },
                )
                for household in households
            ]
        )
        self.search.textChanged.connect(self._apply_search)
        self.table.row_activated.connect(lambda _: self.accept())
        hint = QLabel("Ctrl 或 Shift 多选，Ctrl+A 全选，按回车列入。")
        hint.setProperty("quiet", True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setObjectName("ok")
        ok.setText("列入")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (self.search, self.table, hint, buttons):
            layout.addWidget(widget)

    @property
    def household_ids(self) -> list[str]:
        """Ids of the households that are selected."""
        return self.table.selected_ids()

    def _apply_search(self, text: str) -> None:
        query = text.strip().lower()
        self.table.set_filter(
            (lambda row: any(query in str(row.cells[key]).lower() for key in ("head", "group", "household_no")))
            if query
            else None
        )
