"""Giving households to a helper, and ending it: the dialogs, also used by the page of helpers."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import (
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from app.records.assignment import HelperOverLimit, assign
from app.records.field import field
from app.records.row_views import HelperRow
from ui.shell.page import AppContext
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.question import ask
from ui.widgets.record_form import RecordForm
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.search_line import SearchLine

_COLUMNS = (
    Column("name", "姓名", width=9),
    Column("unit", "单位", width=0),
    Column("rank", "职级", width=12),
    Column("households", "户数", align="right", width=7),
)


class _DateReasonDialog(Dialog):
    def __init__(self, title: str, about: str, field_names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{title}（{about}）")
        self.main_layout = QVBoxLayout(self)
        self._field_names = field_names
        self.form = RecordForm([field("assignment", name) for name in field_names], columns=2)
        self.form.load({field_names[0]: date.today()})
        self._button_box = ButtonRow(self, title)

    @property
    def day(self) -> date | None:
        day = self.form.values()[self._field_names[0]]
        return day if isinstance(day, date) else None

    @property
    def reason(self) -> str:
        return str(self.form.values().get("change_reason") or "")

    def accept(self) -> None:
        for name in self._field_names:
            if not self.form.values()[name] and not self.form.error_text(name):
                self.form.set_message(name, f"请填写“{field('assignment', name).label}”。")
        if not any(self.form.error_text(name) for name in self._field_names):
            super().accept()


class AssignDialog(_DateReasonDialog):
    """Choose a helper by typing a part of the name or the unit; who is full already stands out."""

    def __init__(
        self,
        helpers: Sequence[HelperRow],
        households: int,
        replaces_current: bool,
        parent: QWidget,
        household: str = "",
    ) -> None:
        """
        Args:
            replaces_current: somebody helps already, so a reason of the change is asked for
            household: what it is called, where it is one that is known
        """
        asked = ("started_on", "change_reason") if replaces_current else ("started_on",)
        about = household or f"{households} 户"
        super().__init__("安排帮扶联系人", about, asked, parent)
        self.resize(620, 520)
        self.helper_id = ""
        self._search_texts = {helper.id: f"{helper.name}{helper.unit}".casefold() for helper in helpers}
        ending = "原帮扶联系人同日结束。" if replaces_current else ""
        self.main_layout.addWidget(QLabel(f"请选择“{about}”的帮扶联系人。{ending}"))
        self.search = SearchLine("helper_search", "查找帮扶联系人", "姓名或单位")
        self.table = RowTable("helper_choice", "帮扶联系人")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "没有这位帮扶联系人。"
        self.table.set_rows([_row(helper, households) for helper in helpers])
        self.search.textChanged.connect(self._apply_search)
        self.search.lead_to(self.table, by_enter=True)
        self.table.row_activated.connect(lambda _: self.accept())
        self.main_layout.addWidget(self.search)
        self.main_layout.addWidget(self.table, 1)
        self.main_layout.addWidget(self.form)
        self.main_layout.addWidget(self._button_box)
        self.search.setFocus()

    def _apply_search(self, typed: str) -> None:
        query = typed.strip().casefold()
        self.table.set_filter((lambda row: query in self._search_texts[row.id]) if query else None)

    def accept(self) -> None:
        self.helper_id = self.table.current_id()
        if self.helper_id:
            super().accept()
        else:
            self.search.setFocus()


class EndAssignmentDialog(_DateReasonDialog):
    """When and why an assignment ends."""

    def __init__(self, about: str, parent: QWidget) -> None:
        """`about`: whose assignment ends."""
        super().__init__("结束结对", about, ("ended_on", "change_reason"), parent)
        self.main_layout.addWidget(self.form)
        self.main_layout.addWidget(self._button_box)


def assign_with_confirmation(
    context: AppContext, households: Sequence[str], dialog: AssignDialog, parent: QWidget
) -> None:
    """Do what the dialog says; where the helper's limit is passed, ask whether the officer insists."""
    day, reason, helper = dialog.day, dialog.reason, dialog.helper_id
    assert day is not None

    def on_error(error: UserError) -> None:
        if isinstance(error, HelperOverLimit):
            choices = (("仍要结对", partial(start, insist=True)),)
            message = str(error)
            ask(parent, "over_limit", "超过帮扶限额", message, "仍要结对吗？", choices=choices, careful=True)
        else:
            context.status_bar.error(error)

    def start(insist: bool) -> None:
        work = partial(assign, context.workbook, households, helper, day, reason=reason, ignore_limit=insist)
        context.tasks.start(
            work, lambda assigned: context.status_bar.saved(f"已结对 {len(assigned)} 户"), failed=on_error
        )

    start(insist=False)


def _row(helper: HelperRow, added: int) -> Row:
    cells = {
        "name": helper.name,
        "unit": helper.unit,
        "rank": helper.rank,
        "households": f"{helper.households}/{helper.limit}",
    }
    return Row(helper.id, cells, "warn" if helper.households + added > helper.limit else "")
