"""问题整改: every problem of the village, from the day it was found until it is closed out."""

from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtGui import QAction

from app.checklists.rounds import RoundRow, list_rounds
from app.errors import UserError
from app.records.field import field_label
from app.rectifications.problem_photos import COLUMNS, Side
from app.rectifications.rectification import close_out, reopen
from app.rectifications.round_problems import RoundProblem, hand_over, round_problems
from app.registers.engine.register import Register
from app.registers.engine.rows import load_rows
from app.registers.rectification import REGISTER, TO_PUT_RIGHT
from ui.registers.hand_over_dialog import HandOverDialog
from ui.registers.photo_pair_pane import PhotoPairPane
from ui.registers.register_page import RegisterPage
from ui.shell.page import AppContext

_NEEDED = ("done_on", "followup_on", "followup_by")  # before a problem is closed out


class RectificationPage(RegisterPage):
    """Those that are overdue come first. A problem is closed out by a key of its own, and can be opened again."""

    REGISTER: ClassVar[Register] = REGISTER
    TITLE: ClassVar[str] = "问题整改"
    ICON: ClassVar[str] = "rectification"
    ORDER: ClassVar[int] = 45
    SHORTCUT: ClassVar[str] = "F7"
    CHAPTER: ClassVar[str] = "04-农户与户档"
    STEP_LABEL: ClassVar[str] = "销号"
    IMPORT_SHORTCUT: ClassVar[str] = "Ctrl+Shift+I"
    HINT: ClassVar[str] = "没有要整改的问题。按 Ctrl+N 新建，或按 Ctrl+I 从检查里列入不达标的项目。"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self.hand_over_dialog: HandOverDialog | None = None
        self.photo_pair = PhotoPairPane(context, self.editor)

    def make_actions(self) -> list[QAction]:
        actions = super().make_actions()
        actions[2:2] = [
            self.add_page_action("new_of_village", "新建村级问题", "Ctrl+Shift+N", self._start_of_village),
            self.add_page_action("reopen", "重新整改", "Ctrl+R", self._reopen, "undo"),
            self.add_page_action("hand_over", "列入检查问题", "Ctrl+I", self._import_from_rounds, "round"),
        ]
        for side, shortcut in zip(COLUMNS, ("Alt+1", "Alt+2"), strict=True):
            label = f"{field_label(REGISTER.key, COLUMNS[side])}…"
            self.add_page_action(f"{side}_photo", label, shortcut, partial(self._choose_photo, side), "photo")
        self.add_page_action("only_overdue", "只看超期", "Alt+O", self.filter_bar.overdue.toggle)
        return actions

    def _choose_photo(self, side: Side) -> None:
        if self.can_leave():
            self.photo_pair.choose(side)

    def _start_of_village(self) -> None:
        """A problem of the village itself, in no household."""
        if self.can_leave():
            self._start(self.context.workbook.villages[0].code)

    def _activate(self, record_id: str) -> None:
        self.context.read(self._open_household, _household_of, record_id)

    def _open_household(self, household_id: str) -> None:
        if household_id:
            self.context.open("household", household=household_id, part="rectification")

    def _complete_step(self) -> None:
        record_id, workbook = self.table.current_id(), self.context.workbook
        if record_id and self.can_leave():
            work = partial(close_out, workbook, record_id, date.today(), workbook.operator)
            saved = partial(self.context.status_bar.saved, "已销号")
            self.context.tasks.start(work, lambda _: saved(), failed=self._show_missing)

    def _show_missing(self, error: UserError) -> None:
        """It cannot be closed out yet: the cursor goes to what is not filled in."""
        self.context.status_bar.error(error)
        draft = self.editor.draft
        missing = next((name for name in _NEEDED if draft is not None and draft.values[name] is None), "")
        if missing:
            self.editor.focus_field(missing)

    def _reopen(self) -> None:
        record_id = self.table.current_id()
        if record_id and self.can_leave():
            self.context.read(partial(self._reopen_closed, record_id), _is_put_right, record_id)

    def _reopen_closed(self, record_id: str, is_put_right: bool) -> None:
        if not is_put_right:
            self.context.status_bar.info("只有整改完成或已销号的问题，才能重新整改。")
            return
        self.context.write(partial(reopen, self.context.workbook, record_id), message="已改为整改中")

    def _import_from_rounds(self) -> None:
        self.context.read(self._import_from_last_round, list_rounds)

    def _import_from_last_round(self, round_rows: list[RoundRow]) -> None:
        """From the last round: what failed there and was not handed over yet."""
        if not round_rows:
            self.context.status_bar.info("还没有检查。请先在“四净两规范”页开一轮检查。")
            return
        done = partial(self._choose_problems, round_rows[0])
        self.context.read(done, round_problems, round_rows[0].id)

    def _choose_problems(self, last_round: RoundRow, problems: list[RoundProblem]) -> None:
        if not problems:
            self.context.status_bar.info(f"“{last_round.title}”没有可列入整改的不达标项目（单个要点不达标不自动列入）")
            return
        self.hand_over_dialog = dialog = HandOverDialog(last_round.title, problems, self)
        dialog.accepted.connect(lambda: self._hand_over(last_round, dialog.chosen_ids()))
        dialog.open()

    def _hand_over(self, last_round: RoundRow, chosen: list[str]) -> None:
        work = partial(hand_over, self.context.workbook, last_round.id, chosen=chosen)
        self.context.write(work, lambda count: self._show_handed_over(last_round.title, count), message="")

    def _show_handed_over(self, title: str, count: int) -> None:
        self.context.status_bar.saved(f"从“{title}”列入 {count} 个问题")


def _household_of(session: Any, record_id: str) -> str:
    return "".join(row.household_id for row in load_rows(session, REGISTER, [record_id]))


def _is_put_right(session: Any, record_id: str) -> bool:
    return any(row.values[TO_PUT_RIGHT.column] for row in load_rows(session, REGISTER, [record_id]))
