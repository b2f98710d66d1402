"""表单: the paper forms of the household, filled in here and printed in its archive."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout

from app.forms.definition import offered_forms
from app.forms.entries import FormEntryRow, create_entry, entries_of_household
from app.records.household import HouseholdDetails
from ui.household.form_entries_pane import FormEntriesPane
from ui.household.household_part import HouseholdPart
from ui.household.new_form_dialog import NewFormDialog
from ui.shell.page import AppContext


class FormsPart(HouseholdPart):
    """Its own forms, and those of the village that name it."""

    TITLE = "表单"
    GROUP = "检查与档案"
    ORDER = 90
    KEY = "F"
    TABLE = "form_entry"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "表单", "Alt+L": "表单照片"}

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self._new_button = self.add_button("new_form_entry", "填写新表", "Alt+A", self.add_entry)
        self._withdraw_button = self.add_button("withdraw_form_entry", "撤回", "Alt+D", lambda: self.pane.withdraw())
        self._photos_button = self.add_button("form_pictures", "添加照片", "Alt+L", lambda: self.pane.choose_photos())
        hint = "还没有填过表。按 Alt+A 填写：申请书、承诺授权书、脱贫验收表、收支台账……"
        self.pane = FormEntriesPane(
            context, "form_entries", hint, (self._new_button, self._withdraw_button, self._photos_button)
        )
        self.pane.open_village_entry = lambda id: context.open("village", entry=id)
        layout = QVBoxLayout(self)
        layout.addWidget(self.pane)

    def show_card(self, card: HouseholdDetails) -> None:
        if self._card is None or self._card.id != card.id:
            self.pane.reset()
        self._card = card
        self.context.read(lambda rows: self._show_rows(card.id, rows), entries_of_household, card.id)

    def focus_field(self, record_id: str, column: str) -> None:
        self.pane.select_entry(record_id)

    def can_leave(self) -> bool:
        return self.pane.can_leave()

    def add_entry(self) -> None:
        """Choose a form; what is known is in it already."""
        if self._card is None or not self.can_leave():
            return
        available = [form for form in offered_forms() if form.subject != "village"]
        dialog = NewFormDialog(available, self._card.members, self._card.called, self)
        if dialog.exec():
            work = partial(
                create_entry,
                self.context.workbook,
                dialog.form.code,
                self._card.id,
                member_id=dialog.member_id,
                year=dialog.selected_year,
            )
            self.context.write(
                work, self.pane.select_entry, message=f"{dialog.form.title}：已知的内容已经填好，请核对后接着填"
            )

    def _show_rows(self, household_id: str, rows: list[FormEntryRow]) -> None:
        if self._card is not None and self._card.id == household_id:
            self.pane.show_rows(rows)
