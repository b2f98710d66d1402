"""Giving households to a helper, and ending it: the dialogs, also used by the page of helpers."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from app.errors import OfficeError
from app.records.assignment import OverLimit, assign
from app.records.field import field
from app.records.lists import HelperRow
from ui.forms.record_form import RecordForm
from ui.page import Office
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("name", "姓名", width=9),
    Column("unit", "单位", width=0),
    Column("rank", "职级", width=12),
    Column("households", "户数", align="right", width=7),
)


class _DayAndReason(QDialog):
    def __init__(self, title: str, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.whole = QVBoxLayout(self)
        self._names = names
        self.form = RecordForm([field("assignment", name) for name in names], columns=2)
        self.form.load({names[0]: date.today()})
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setObjectName("ok")
        ok.setText(title)
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    @property
    def day(self) -> date | None:
        day = self.form.values()[self._names[0]]
        return day if isinstance(day, date) else None

    @property
    def reason(self) -> str:
        return str(self.form.values().get("change_reason") or "")

    def accept(self) -> None:
        for name in self._names:
            if not self.form.values()[name] and not self.form.fault(name):
                self.form.show_fault(name, f"请填写“{field('assignment', name).label}”。")
        if not any(self.form.fault(name) for name in self._names):
            super().accept()


class AssignDialog(_DayAndReason):
    """Choose a helper by typing a part of the name or the unit; who is full already stands out."""

    def __init__(self, helpers: Sequence[HelperRow], households: int, replaces: bool, parent: QWidget) -> None:
        """`replaces`: somebody helps already, so a reason of the change is asked for."""
        super().__init__("安排帮扶", ("started_on", "change_reason") if replaces else ("started_on",), parent)
        self.resize(620, 520)
        self.helper_id = ""
        self._said = {one.id: f"{one.name}{one.unit}".casefold() for one in helpers}
        told = f"把这 {households} 户" if households > 1 else "把这一户"
        self.whole.addWidget(QLabel(f"{told}交给谁帮扶？" + ("原帮扶联系人同日结束。" if replaces else "")))
        self.search = QLineEdit()
        self.search.setObjectName("helper_search")
        self.search.setAccessibleName("查找帮扶联系人")
        self.search.setPlaceholderText("姓名或单位")
        self.search.setClearButtonEnabled(True)
        self.table = RowTable("helper_choice", "帮扶联系人")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "没有这位帮扶联系人。"
        self.table.set_rows([_row(one, households) for one in helpers])
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self.table.setFocus)
        self.table.opened.connect(lambda _: self.accept())
        self.whole.addWidget(self.search)
        self.whole.addWidget(self.table, 1)
        self.whole.addWidget(self.form)
        self.whole.addWidget(self._buttons)
        self.search.setFocus()

    def _narrow(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        self.table.filter((lambda row: wanted in self._said[row.id]) if wanted else None)

    def accept(self) -> None:
        self.helper_id = self.table.current()
        if self.helper_id:
            super().accept()
        else:
            self.search.setFocus()


class EndDialog(_DayAndReason):
    """When and why an assignment ends."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("结束结对", ("ended_on", "change_reason"), parent)
        self.whole.addWidget(self.form)
        self.whole.addWidget(self._buttons)


def assign_asking(office: Office, households: Sequence[str], dialog: AssignDialog, parent: QWidget) -> None:
    """Do what the dialog says; where the helper's limit is passed, ask whether the officer insists."""
    day, reason, helper = dialog.day, dialog.reason, dialog.helper_id
    assert day is not None

    def refused(error: OfficeError) -> None:
        if isinstance(error, OverLimit):
            answer = QMessageBox.question(parent, "超过帮扶限额", f"{error}\n仍要结对吗？")
            if answer == QMessageBox.StandardButton.Yes:
                start(insist=True)
        else:
            office.notices.refused(error)

    def start(insist: bool) -> None:
        work = assign(office.workbook, households, helper, day, reason=reason, beyond_limit=insist)
        office.jobs.start(work, lambda made: office.notices.saved(f"已结对 {len(made)} 户"), failed=refused)

    start(insist=False)


def _row(one: HelperRow, more: int) -> Row:
    cells = {"name": one.name, "unit": one.unit, "rank": one.rank, "households": f"{one.households}/{one.limit}"}
    return Row(one.id, cells, "warn" if one.households + more > one.limit else "")
