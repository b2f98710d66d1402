"""Joining two records of one household, and parting them: what is asked in which order."""

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from app.progress import Progress, Work
from app.records import joining
from app.records.joining import Joined, Likely, Parted
from app.records.lists import HouseholdRow, household_rows
from app.records.twins import Joining
from app.workbook.workbook import Workbook
from ui.household.choose_household import ChooseHousehold
from ui.household.join_dialog import JoinDialog
from ui.household.likely_dialog import LikelyDialog
from ui.looking import look
from ui.page import Office


def _compared(workbook: Workbook, kept_id: str, other_id: str) -> Work[Joining]:
    yield Progress(0, 1)
    return joining.compare(workbook, kept_id, other_id)


class Joiner(QObject):
    """Used by the page of one household and by the list.

    Signals:
        joined: id of the household that is kept
    """

    joined = Signal(str)

    def __init__(self, office: Office, page: QWidget) -> None:
        super().__init__(page)
        self._office, self._page = office, page
        self.choice: ChooseHousehold | None = None
        self.dialog: JoinDialog | None = None
        self.likely: LikelyDialog | None = None

    def _look(self, work: Work[Any], done: Any, title: str = "") -> None:
        self._office.jobs.start(work, done, lane="read", title=title)

    def ask(self, household_id: str) -> None:
        """With which household is this one to be joined?"""
        self._look(look(self._office.workbook, household_rows), lambda rows: self._ask_other(household_id, rows))

    def _ask_other(self, household_id: str, rows: list[HouseholdRow]) -> None:
        own = next((row for row in rows if row.id == household_id), None)
        if own is None:
            return
        others = [row for row in rows if row.id != household_id and row.village == own.village]
        asked = f"“{own.head or own.household_no}”这一户与哪一户是同一户？选出来，下一步核对。"
        self.choice = ChooseHousehold("与另一户合并", asked, others, self._page)
        self.choice.accepted.connect(lambda: self._chosen(household_id))
        self.choice.open()

    def _chosen(self, household_id: str) -> None:
        if self.choice is not None:
            self.compare(household_id, self.choice.chosen)

    def ask_likely(self) -> None:
        """Show the pairs that look like one household."""
        self._look(joining.likely(self._office.workbook), self._show_likely, "查找重复的户")

    def _show_likely(self, found: tuple[Likely, ...]) -> None:
        if not found:
            self._office.notices.tell("没有看起来重复的户。")
            return
        self.likely = LikelyDialog(found, self._page)
        self.likely.accepted.connect(self._compare_likely)
        self.likely.open()

    def _compare_likely(self) -> None:
        if self.likely is not None and self.likely.chosen is not None:
            self.compare(self.likely.chosen.first, self.likely.chosen.second)

    def compare(self, kept_id: str, other_id: str) -> None:
        """Hold the two against each other."""
        self._look(_compared(self._office.workbook, kept_id, other_id), self._show)

    def _show(self, found: Joining) -> None:
        dialog = self.dialog = JoinDialog(found, self._page)
        dialog.swapped.connect(dialog.reject)
        dialog.swapped.connect(lambda: self.compare(found.other.id, found.kept.id))
        dialog.accepted.connect(lambda: self._join(dialog))
        dialog.open()

    def _join(self, dialog: JoinDialog) -> None:
        work = joining.join(self._office.workbook, dialog.joining, dialog.take, dialog.kin(), self)
        self._office.jobs.start(work, lambda done: self._joined(dialog.joining, done))

    def _joined(self, about: Joining, done: Joined) -> None:
        told = f"“{about.other.name}”已并入“{about.kept.name}”，补填 {done.cells} 处"
        told += f"，重复的 {done.withdrawn} 条只留一条。" if done.withdrawn else "。"
        self._office.notices.offer_undo(told, lambda: self.part(done.other_id))
        self.joined.emit(done.kept_id)

    def ask_part(self, household_id: str) -> None:
        """Which household is to be parted from this one again?"""
        self._look(joining.given_up(self._office.workbook, household_id), self._ask_which)

    def _ask_which(self, found: tuple[Likely, ...]) -> None:
        if not found:
            self._office.notices.tell("没有别的户并入这一户，不用拆分。")
            return
        question = QMessageBox(self._page)
        question.setObjectName("askPart")
        question.setWindowTitle("拆分并入的户")
        question.setTextFormat(Qt.TextFormat.PlainText)
        only = len(found) == 1
        question.setText(f"把“{found[0].second_name}”拆出去？" if only else "把哪一户拆出去？")
        question.setInformativeText("拆出去的户回到名单里，原来是它的成员、收入、走访、照片都回到它那里。")
        buttons = {
            question.addButton("拆分" if only else one.second_name, QMessageBox.ButtonRole.AcceptRole): one
            for one in found[:4]
        }
        question.addButton("不拆分", QMessageBox.ButtonRole.RejectRole)

        def answered(button: Any) -> None:
            if button in buttons:
                self.part(buttons[button].second)

        question.buttonClicked.connect(answered)
        question.open()

    def part(self, other_id: str) -> None:
        """Take a joining back."""
        self._office.jobs.start(joining.part(self._office.workbook, other_id, self), self._parted)

    def _parted(self, done: Parted) -> None:
        left = f"，{done.left} 处合并以后又改过，没有动" if done.left else ""
        self._office.notices.tell(f"已拆开，{done.cells} 处恢复成合并以前的样子{left}。")
