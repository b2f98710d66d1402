"""What is known of the village itself, and the forms that are filled in for it: minutes of meetings, notices."""

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.forms.definition import forms
from app.forms.entries import EntryRow, add_households, open_entry, village_entries
from app.records.field import label_of
from app.records.lists import HouseholdRow, household_rows
from app.records.village import village_ids
from app.workbook.workbook import Changes
from ui.household.desk import Desk
from ui.household.editor import Editor
from ui.household.entries_pane import EntriesPane
from ui.household.household_choice import HouseholdChoice
from ui.household.new_form import NewForm
from ui.page import Office, Page


class VillagePage(Page):
    """Two tabs; each field is saved when it is left. The code is what the village is known by and never changes."""

    TITLE: ClassVar[str] = "本村资料"
    ICON: ClassVar[str] = "village"
    ORDER: ClassVar[int] = 950
    SHORTCUT: ClassVar[str] = "F8"

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.desk = Desk(office, self)
        self.editor = Editor(self.desk, "village", without=("code",), hint="没有村的资料。")
        self.choice = QComboBox()
        self.choice.setObjectName("village")
        self.choice.setAccessibleName(label_of("village", "name"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.activated.connect(lambda _: self.editor.open(self.choice.currentData()))
        hint = "还没有会议记录和公示。按 Ctrl+N 填写，再按 Ctrl+J 列入农户：写一次，名单上每一户的档案里都有。"
        self.pane = EntriesPane(self.desk, "village_entries", hint, ())
        self._actions = [
            self.action("new_form_entry", "填写新表", "Ctrl+N", self._ask_new, "add"),
            self.action("add_households", "列入农户", "Ctrl+J", self._ask_households, "households"),
            self.action("form_pictures", "添加照片", "Ctrl+I", self.pane.ask_pictures, "photo"),
            self.action("export", "导出表单", "Ctrl+E", self._ask_export, "export"),
            self.action("withdraw_form_entry", "撤回表单", "Ctrl+Delete", self.pane.withdraw, "close"),
        ]
        self._lay_out()

    def _lay_out(self) -> None:
        hint = QLabel("改动离开即保存，会印在档案上，也会随数据交换传给同事。")
        hint.setProperty("quiet", True)
        head = QHBoxLayout()
        head.addWidget(self.choice)
        head.addWidget(hint, 1)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("village_tabs")
        for n, (part, title) in enumerate(((self.editor, "资料"), (self.pane, "会议和公示"))):
            place = QWidget()
            QVBoxLayout(place).addWidget(part)
            self.tabs.addTab(place, title)
            self.action(f"tab_{n}", f"看{title}", f"Alt+{n + 1}", partial(self.tabs.setCurrentIndex, n))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.addLayout(head)
        whole.addWidget(self.tabs, 1)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, entry: str = "", **about: Any) -> None:
        """`entry`: point at this form of the village."""
        if entry:
            self.tabs.setCurrentIndex(1)
            self.pane.want(entry)
        self.desk.read(self._show, village_ids)
        self.desk.read(self._show_entries, village_entries)

    def refresh(self, changes: Changes) -> None:
        if changes.touches("village"):
            self.desk.read(self._show, village_ids)
        if changes.touches("form_entry", "form_answer"):
            self.desk.read(self._show_entries, village_entries)

    def may_leave(self) -> bool:
        return self.editor.may_leave() and self.pane.may_leave()

    def _show(self, villages: list[tuple[str, str, str]]) -> None:
        chosen = self.choice.currentData()
        self.choice.clear()
        for record_id, code, name in villages:
            self.choice.addItem(f"{name}（{code}）", record_id)
        self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))
        self.editor.open(self.choice.currentData() or "")

    def _show_entries(self, rows: list[EntryRow]) -> None:
        self.pane.show_rows(rows)

    def _ask_new(self) -> None:
        villages = self.office.workbook.villages
        if not villages or not self.may_leave():
            return
        self.tabs.setCurrentIndex(1)
        dialog = NewForm([one for one in forms() if one.about == "village"], (), self)
        if dialog.exec():
            chosen = villages[max(0, self.choice.currentIndex())].code
            work = open_entry(self.office.workbook, dialog.form.code, village=chosen, year=dialog.of_year)
            self.desk.write(work, self.pane.want, said=f"已新建{dialog.form.title}")

    def _ask_export(self) -> None:
        """Any form, of all households or of the village, one row an entry."""
        titles = [one.title for one in forms()]
        current = self.pane.current
        begin = titles.index(current.title) if current and current.title in titles else 0
        title, agreed = QInputDialog.getItem(self, "导出表单", "哪一种表", titles, begin, False)
        if not agreed:
            return
        name, _ = QFileDialog.getSaveFileName(self, "导出表单", f"{title}.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(forms()[titles.index(title)].code, Path(name))

    def export(self, code: str, path: Path) -> None:
        """Write every entry of a form as an Excel list."""
        from app.sheets.filled_forms import write_entries

        self.office.jobs.start(
            write_entries(self.office.workbook, code, path),
            lambda count: self.office.notices.tell(f"已导出 {count} 份到“{path.name}”。"),
            title="导出表单",
        )

    def _ask_households(self) -> None:
        if self.pane.entry is None:
            self.office.notices.tell("请先在“会议和公示”里选一份表，再列入农户。")
            return
        self.desk.read(self._choose, household_rows)

    def _choose(self, homes: list[HouseholdRow]) -> None:
        found = self.pane.entry
        if found is None:
            return
        key = next((one.key for one in found.form.questions if one.households), "")
        if not key:
            self.office.notices.tell("这份表没有农户名单。")
            return
        there = set(found.lines(key))
        dialog = HouseholdChoice([one for one in homes if one.village == found.village and one.id not in there], self)
        if dialog.exec() and dialog.chosen:
            work = add_households(self.office.workbook, found.id, key, dialog.chosen)
            self.desk.write(work, said=f"已列入 {len(dialog.chosen)} 户")
