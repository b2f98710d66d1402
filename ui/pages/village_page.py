"""What is known of the village itself, and the forms that are filled in for it: minutes of meetings, notices."""

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.forms.definition import all_forms, offered_forms
from app.forms.entries import FormEntryRow, add_households, create_entry, village_entries
from app.records.field import field_label
from app.records.village import village_keys
from app.rectifications.self_check_problems import hand_over_self_check
from app.workbook.workbook import WorkbookChanges
from ui.household.form_entries_pane import FormEntriesPane
from ui.household.household_picker import HouseholdPicker
from ui.household.new_form_dialog import NewFormDialog
from ui.registers.export_list_dialog import ExportableList, ExportListDialog
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import save_file_name
from ui.widgets.record_editor import RecordEditor


class VillagePage(Page):
    """Two tabs; each field is saved when it is left. The code is what the village is known by and never changes."""

    TITLE: ClassVar[str] = "本村资料"
    ICON: ClassVar[str] = "village"
    ORDER: ClassVar[int] = 950
    GROUP: ClassVar[str] = "管理"
    SHORTCUT: ClassVar[str] = "F8"
    CHAPTER: ClassVar[str] = "02-工作簿与口令"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.picker: HouseholdPicker | None = None
        self.export_dialog: ExportListDialog | None = None
        self.editor = RecordEditor(self.context, "village", excluded=("code",), hint="没有村的资料。")
        self.village_box = QComboBox()
        self.village_box.setObjectName("village")
        self.village_box.setAccessibleName(field_label("village", "name"))
        self.village_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.village_box.activated.connect(lambda _: self.editor.open(self.village_box.currentData()))
        hint = "还没有会议记录和公示。按 Ctrl+N 填写，再按 Ctrl+J 列入农户：写一次，名单上每一户的档案里都有。"
        self.form_entries = FormEntriesPane(self.context, "village_entries", hint, ())
        self._actions = [
            self.add_page_action("new_form_entry", "填写新表", "Ctrl+N", self._show_new_dialog, "add"),
            self.add_page_action("add_households", "列入农户", "Ctrl+J", self._start_adding_households, "households"),
            self.add_page_action("hand_over", "自查问题列入整改", "Ctrl+M", self._hand_over, "rectification"),
            self.add_page_action("form_pictures", "添加照片", "Ctrl+I", self.form_entries.choose_photos, "photo"),
            self.add_page_action("export", "导出表单", "Ctrl+E", self._ask_export, "export"),
            self.add_page_action("print_form", "打印这份表", "Ctrl+P", self._print, "print"),
            self.add_page_action("withdraw_form_entry", "撤回表单", "Ctrl+Delete", self.form_entries.withdraw, "close"),
        ]
        self._build_layout()

    def _build_layout(self) -> None:
        hint = QLabel("改动离开即保存，会印在档案上，也会随数据交换传给同事。")
        hint.setProperty("quiet", True)
        header = QHBoxLayout()
        header.addWidget(self.village_box)
        header.addWidget(hint, 1)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("village_tabs")
        for n, (widget, title) in enumerate(((self.editor, "资料"), (self.form_entries, "会议和公示"))):
            tab = QWidget()
            QVBoxLayout(tab).addWidget(widget)
            self.tabs.addTab(tab, title)
            self.add_page_action(f"tab_{n}", f"看{title}", f"Alt+{n + 1}", partial(self.tabs.setCurrentIndex, n))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addLayout(header)
        layout.addWidget(self.tabs, 1)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, entry: str = "", **params: Any) -> None:
        """`entry`: point at this form of the village."""
        if entry:
            self.tabs.setCurrentIndex(1)
            self.form_entries.select_entry(entry)
        self.context.read(self._show_villages, village_keys)
        self.context.read(self._show_entries, village_entries)

    def refresh(self, changes: WorkbookChanges) -> None:
        if changes.touches("village"):
            self.context.read(self._show_villages, village_keys)
        if changes.touches("form_entry", "form_answer"):
            self.context.read(self._show_entries, village_entries)

    def can_leave(self) -> bool:
        return self.editor.can_leave() and self.form_entries.can_leave()

    def _show_villages(self, villages: list[tuple[str, str, str]]) -> None:
        current_id = self.village_box.currentData()
        self.village_box.clear()
        for record_id, code, name in villages:
            self.village_box.addItem(f"{name}（{code}）", record_id)
        self.village_box.setCurrentIndex(max(0, self.village_box.findData(current_id)))
        self.editor.open(self.village_box.currentData() or "")

    def _show_entries(self, rows: list[FormEntryRow]) -> None:
        self.form_entries.show_rows(rows)

    def _show_new_dialog(self) -> None:
        villages = self.context.workbook.villages
        if not villages or not self.can_leave():
            return
        self.tabs.setCurrentIndex(1)
        available = [form for form in offered_forms() if form.subject == "village"]
        dialog = NewFormDialog(available, (), "村级", self)
        if dialog.exec():
            village_code = villages[max(0, self.village_box.currentIndex())].code
            work = partial(
                create_entry, self.context.workbook, dialog.form.code, village=village_code, year=dialog.selected_year
            )
            self.context.write(work, self.form_entries.select_entry, message=f"已新建{dialog.form.title}")

    def _print(self) -> None:
        """The form that is open, whole: minutes with the sign-in sheet and every household that was talked of."""
        entry = self.form_entries.current_entry
        if entry is None:
            self.context.status_bar.info("请先在“会议和公示”里选一份表。")
        elif self.can_leave():
            self.context.open("printing", paper="filled_form", entry=entry.id)

    def _hand_over(self) -> None:
        """The points of a self-check that are not met; the first problem is opened, one undo takes all back."""
        entry = self.form_entries.current_entry
        if entry is None:
            self.context.status_bar.info("请先在“会议和公示”里选一份年度自查表。")
        elif self.can_leave():
            work = partial(hand_over_self_check, self.context.workbook, entry.id)
            self.context.write(work, self._show_opened, message="")

    def _show_opened(self, problem_ids: tuple[str, ...]) -> None:
        if not problem_ids:
            self.context.status_bar.info("没有做到的要点都已列入整改；撤回了的，在“已撤回”里恢复。")
            return
        self.context.status_bar.saved(f"已列入 {len(problem_ids)} 个问题，请核对时限和责任人")
        self.context.open("rectification", record=problem_ids[0])

    def _ask_export(self) -> None:
        """Any form, of all households or of the village, one row an entry."""
        forms = [ExportableList(form.title) for form in all_forms()]
        self.export_dialog = ExportListDialog(forms, (), "填过的每一份，一份一行，表里的表格另成一张工作表", self)
        if current := self.form_entries.current_entry:
            self.export_dialog.content.setCurrentText(current.title)
        self.export_dialog.accepted.connect(self._choose_export_path)
        self.export_dialog.open()

    def _choose_export_path(self) -> None:
        assert self.export_dialog is not None
        choice = self.export_dialog.choice()
        form = all_forms()[choice.place]
        name = save_file_name(self, "导出表单", f"{form.title}.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(form.code, Path(name), choice.reason)

    def export(self, code: str, path: Path, reason: str = "") -> None:
        """Write every entry of a form as an Excel list that comes back; with a reason numbers are whole."""
        from app.sheets.form_export import write_entries

        self.context.tasks.start(
            write_entries(self.context.workbook, code, path, hide=not reason, reason=reason),
            lambda count: self.context.status_bar.written(f"已导出 {count} 份到“{path.name}”。", path),
            title="导出表单",
        )

    def _start_adding_households(self) -> None:
        if self.form_entries.entry is None:
            self.context.status_bar.info("请先在“会议和公示”里选一份表，再列入农户。")
            return
        form_entry = self.form_entries.entry
        key = next((item.key for item in form_entry.form.questions if item.households), "")
        if not key:
            self.context.status_bar.info("这份表没有农户名单。")
            return
        self.picker = picker = HouseholdPicker(
            self.context,
            "列入农户",
            f"把哪些户列入“{form_entry.form.title}”？",
            self,
            accept_label="列入",
            village=form_entry.village,
            excluded=form_entry.line_keys(key),
            multiple=True,
        )
        picker.accepted.connect(lambda: self._add_households(form_entry.id, key, picker.household_ids))
        picker.open()

    def _add_households(self, entry_id: str, key: str, household_ids: list[str]) -> None:
        work = partial(add_households, self.context.workbook, entry_id, key, household_ids)
        self.context.write(work, message=f"已列入 {len(household_ids)} 户")
