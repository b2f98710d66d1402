"""表单: the paper forms of the household, filled in here and printed in its archive."""

from PySide6.QtWidgets import QVBoxLayout

from app.forms.definition import forms
from app.forms.entries import EntryRow, entries, open_entry
from app.records.household import HouseholdCard
from ui.household.desk import Desk, Tab
from ui.household.entries_pane import EntriesPane
from ui.household.new_form import NewForm


class FormsTab(Tab):
    """Its own forms, and those of the village that name it."""

    TITLE = "表单"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._card: HouseholdCard | None = None
        self._new = self.button("new_form_entry", "填写新表", "Alt+A", self.add)
        self._withdraw = self.button("withdraw_form_entry", "撤回", "Alt+D", lambda: self.pane.withdraw())
        self._pictures = self.button("form_pictures", "添加照片", "Alt+L", lambda: self.pane.ask_pictures())
        hint = "还没有填过表。按 Alt+A 填写：申请书、承诺授权书、脱贫验收表、收支台账……"
        self.pane = EntriesPane(desk, "form_entries", hint, (self._new, self._withdraw, self._pictures))
        self.pane.elsewhere = lambda id: desk.office.open("village", entry=id)
        whole = QVBoxLayout(self)
        whole.addWidget(self.pane)

    def show_card(self, card: HouseholdCard) -> None:
        if self._card is None or self._card.id != card.id:
            self.pane.clear()
        self._card = card
        self.desk.read(lambda rows: self._show(card.id, rows), entries, card.id)

    def may_leave(self) -> bool:
        return self.pane.may_leave()

    def add(self) -> None:
        """Choose a form; what is known is in it already."""
        if self._card is None or not self.may_leave():
            return
        offered = [one for one in forms() if one.about != "village"]
        dialog = NewForm(offered, self._card.members, self)
        if dialog.exec():
            work = open_entry(
                self.desk.office.workbook,
                dialog.form.code,
                self._card.id,
                member_id=dialog.member_id,
                year=dialog.of_year,
            )
            self.desk.write(work, self.pane.want, said=f"{dialog.form.title}：已知的内容已经填好，请核对后接着填")

    def _show(self, household_id: str, rows: list[EntryRow]) -> None:
        if self._card is not None and self._card.id == household_id:
            self.pane.show_rows(rows)
