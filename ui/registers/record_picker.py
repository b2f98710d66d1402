"""Choosing several records at once: helpers who came along, policies that were explained."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.registers.engine.new_row import Choices
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.filter_line import FilterLine
from ui.widgets.pinyin import initials
from ui.widgets.row_table import Column, Row, RowTable


class RecordPicker(Dialog):
    """All that can be chosen, narrowed by a word; Enter takes what is selected."""

    def __init__(self, choices: Choices, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chooseRecords")
        self.setWindowTitle(title)
        self.resize(560, 420)
        self._titles = dict(choices)
        self.filter_line = FilterLine("名称（可用拼音首字母）", {})
        self.filter_line.changed.connect(self._filter)
        self.filter_line.search.returnPressed.connect(self.accept)
        self.table = RowTable("recordChoice", title)
        self.table.set_columns((Column("title", "名称", width=40),))
        self.table.set_rows([Row(id, {"title": name}) for id, name in choices])
        self.table.row_activated.connect(lambda _: self.accept())
        self.filter_line.search.lead_to(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        for widget in (
            QLabel("哪几个？按住 Ctrl 或 Shift 多选。"),
            self.filter_line,
            self.table,
            ButtonRow(self, "添加", "takeRecords", cancel_name="leaveRecords"),
        ):
            layout.addWidget(widget)
        self.filter_line.focus_search()

    @property
    def record_ids(self) -> list[str]:
        """What is chosen: the selected rows, or the current one."""
        return self.table.selected_ids() or [id for id in (self.table.current_id(),) if id]

    def accept(self) -> None:
        if self.record_ids:
            super().accept()

    def _filter(self) -> None:
        typed = self.filter_line.search.text().strip().casefold()
        self.table.set_filter(
            lambda row: typed in self._titles[row.id].casefold() or typed in initials(self._titles[row.id])
        )
