"""入户评分: one household after another on its score sheet, with the keyboard alone. Opened from a round."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QHideEvent, QImage, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.checklists.inspections import InspectionSheet, load_sheet
from app.checklists.results import HouseholdResult, round_results
from app.checklists.scoring import score
from app.records.draft import withdraw
from app.workbook.roles import ENTER
from ui.scoring.note_fields import NoteFields
from ui.scoring.photo_drop import add_check_photos, image_from_mime, local_files
from ui.scoring.score_autosave import PendingAnswers, ScoreAutosave, SheetKey
from ui.scoring.score_sheet import ScoreSheet
from ui.scoring.score_summary import ScoreSummary
from ui.scoring.sheet_header import SheetHeader
from ui.scoring.visit_order import VisitOrder
from ui.shell.page import AppContext, Page
from ui.widgets.file_choice import open_file_names
from ui.widgets.picture_filter import PICTURE_FILTER

if TYPE_CHECKING:
    from app.errors import UserError
    from app.workbook.workbook import WorkbookChanges

_TABLES = ("round", "checklist_used", "inspection", "answer", "photo", "household", "member")


class ScoringPage(Page):
    """Whatever is entered is saved at once, so leaving a household asks nothing. `open(round=…, household=…)`."""

    NEEDS = ENTER
    TITLE = "入户评分"
    CHAPTER = "06-四净两规范"
    ICON = "round"
    ORDER = 41
    IN_NAVIGATION = False
    PARENT = "rounds"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._round_id = ""
        self._visit_order = VisitOrder()
        self._sheet_key: SheetKey | None = None  # the sheet that is asked for; `_sheet` may still be the one before
        self._sheet: InspectionSheet | None = None
        self._skip_confirmed = False
        self._deferred_household_id: str | None = None  # the household to begin with, once what was entered is written
        self._has_come = False  # the page was opened, and its sheet is not yet there
        self._request_number = 0  # counts readings of the round, so that only the last one is shown
        self.autosave = ScoreAutosave(context)
        self.header, self.score_sheet, self.summary = (
            SheetHeader(context.workbook.operator),
            ScoreSheet(),
            ScoreSummary(),
        )
        self.note_fields = NoteFields()
        self._actions = self._make_actions()
        self._build_layout()
        self._connect_signals()

    def _build_layout(self) -> None:
        self.setAcceptDrops(True)
        self.setFocusProxy(self.score_sheet)
        body, layout = QHBoxLayout(), QVBoxLayout(self)
        body.setSpacing(12)
        body.addWidget(self.score_sheet, 1)
        body.addWidget(self.summary)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(6)
        layout.addWidget(self.header)
        layout.addLayout(body, 1)
        layout.addWidget(self.note_fields)

    def _make_actions(self) -> list[QAction]:
        next_action = self.add_page_action("save_next", "保存，下一未评户", "Ctrl+Return", self._go_to_next)
        next_action.setShortcuts([*next_action.shortcuts(), QKeySequence("Ctrl+Enter")])
        return [
            next_action,
            self.add_page_action("previous_home", "上一户", "Ctrl+Up", lambda: self._step(-1)),
            self.add_page_action("next_home", "下一户", "Ctrl+Down", lambda: self._step(1)),
            self.add_page_action("note_check", "要点说明", "N", self.note_fields.check_edit.setFocus),
            self.add_page_action("note_home", "全户说明", "M", self.note_fields.household_edit.setFocus),
            self.add_page_action("photo", "添照片", "P", self._choose_photos),
            self.add_page_action("paste_photo", "贴照片", "Ctrl+V", self._paste_photos),
            self.add_page_action("clear_home", "清空本户评分", "Ctrl+Delete", self._clear),
            self.add_page_action("back", "返回轮次", "Esc", self._go_back),
        ]

    def _connect_signals(self) -> None:
        self.autosave.state_changed.connect(self._on_autosave_changed)
        self.autosave.saved.connect(self._on_saved)
        self.score_sheet.answered.connect(self._on_answered)
        self.score_sheet.current_changed.connect(self._on_current_changed)
        self.header.inspector_changed.connect(self._on_inspector_changed)
        self.header.day_changed.connect(self._on_day_changed)
        self.note_fields.note_changed.connect(self._on_note_changed)
        self.note_fields.submitted.connect(self.score_sheet.setFocus)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        """`round`: id of the round; `household`: where to begin, the first household left if missing."""
        self._round_id = str(params.get("round", self._round_id))
        self._has_come = True
        if self._round_id:
            self._read_results(str(params.get("household", "")))
        else:
            self.context.status_bar.info("请从“四净两规范”页打开一轮检查，再逐户评分。")

    def refresh(self, changes: "WorkbookChanges") -> None:
        if changes.source is not type(self) and self._sheet_key and changes.touches(*_TABLES):
            self._read_results(self._sheet_key.household_id)

    def can_leave(self) -> bool:
        self.note_fields.save()
        self.autosave.flush()
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        self.can_leave()
        super().hideEvent(event)

    # --- reading a household ----------------------------------------------------------------------------------------

    def _read_results(self, household_id: str) -> None:
        self.score_sheet.hold_keys()
        self.autosave.flush()
        if self.autosave.is_saving:  # else a household that was just done would be read as left
            self._deferred_household_id = household_id
            return
        self._request_number += 1
        request_number = self._request_number
        self.context.read(
            lambda household_results: (
                self._show_results(household_results, household_id) if request_number == self._request_number else None
            ),
            round_results,
            self._round_id,
            failed=self._on_read_failed,
        )

    def _show_results(self, household_results: tuple[HouseholdResult, ...], household_id: str) -> None:
        self._visit_order = VisitOrder(household_results)
        self.header.set_inspectors(
            inspector_result.inspector for result in household_results for inspector_result in result.inspector_results
        )
        first_id = household_id or self._visit_order.next_remaining() or next(iter(self._visit_order.ids), "")
        if first_id:
            self._open_sheet(first_id)
        else:
            self._on_read_failed("这一轮没有要检查的户。请先导入或登记户。")

    def _open_sheet(self, household_id: str, inspector: str = "") -> None:
        self.note_fields.save()
        self._sheet_key = SheetKey(self._round_id, household_id, inspector or self.header.inspector)
        self._skip_confirmed = False
        self.score_sheet.hold_keys()
        pending = self.autosave.unsaved(self._sheet_key)
        key = self._sheet_key
        self.context.read(
            lambda loaded: self._show_sheet(loaded, pending),
            load_sheet,
            key.round_id,
            key.household_id,
            key.inspector,
            failed=self._on_read_failed,
        )

    def _on_read_failed(self, error: "UserError | str") -> None:
        self._sheet_key = self._current_key()
        self.score_sheet.discard_held()
        self.context.status_bar.error(error)

    def _show_sheet(self, loaded: InspectionSheet, pending: PendingAnswers | None) -> None:
        if _key_of(loaded) != self._sheet_key:
            return  # another household was asked for meanwhile
        if not loaded.writable and loaded.seen_on is None and loaded.other_results:
            self._open_sheet(
                loaded.household.household_id, loaded.other_results[-1].inspector
            )  # to look at, show what there is
            return
        is_reload = self._sheet is not None and self._sheet.inspection_id == loaded.inspection_id
        if is_reload:
            self.note_fields.save()
        self._sheet = loaded
        answers = self._merge_pending(loaded, pending)
        self.summary.show_sheet(loaded)
        self.score_sheet.set_checklist(loaded.checklist)
        for code in self.score_sheet.rows:
            self._show_attachments(code)
        if loaded.seen_on:
            self.header.set_day(loaded.seen_on)
        self._show_score(answers)
        self._show_state()
        if self._has_come or not is_reload:
            self.focus_when_shown(self.score_sheet)
        self._has_come = False
        self.score_sheet.set_answers(
            answers, writable=loaded.writable, current=self.score_sheet.current if is_reload else ""
        )

    def _current_key(self) -> SheetKey | None:
        """The sheet that is shown."""
        return _key_of(self._sheet) if self._sheet else None

    def _merge_pending(self, loaded: InspectionSheet, pending: PendingAnswers | None) -> dict[str, str]:
        """The answers of a sheet, its notes shown; both with what was not yet in the workbook when it was read."""
        newer = self.autosave.unsaved(_key_of(loaded))
        unsaved = newer.merged_over(pending) if newer else pending
        note = loaded.note if unsaved is None or unsaved.note is None else unsaved.note
        notes = _overlay(loaded.notes, unsaved.notes if unsaved else {})
        self.note_fields.show_household(notes, note, writable=loaded.writable)
        return _overlay(loaded.answers, unsaved.answers if unsaved else {})

    # --- what is shown -----------------------------------------------------------------------------------------------

    def _show_score(self, answers: Mapping[str, str]) -> None:
        assert self._sheet is not None
        current_score = score(self._sheet.checklist, answers)
        self.summary.show_score(current_score)
        self.score_sheet.show_score(current_score)
        household = self._sheet.household
        done = not current_score.open or any(
            not inspector_result.score.open for inspector_result in self._sheet.other_results
        )
        self._visit_order.set_done(household.household_id, done)
        self.header.show_household(
            household,
            self._visit_order.number(household.household_id),
            len(self._visit_order.ids),
            self._visit_order.remaining,
        )

    def _show_attachments(self, code: str) -> None:
        assert self._sheet is not None
        previous_score = self._sheet.previous_result.result.score if self._sheet.previous_result else None
        self.score_sheet.rows[code].show_attachments(
            failed_before=previous_score is not None and code in previous_score.failed,
            note=self.note_fields.note_of(code),
            photos=self._sheet.photos.get(code, 0),
        )

    def _on_autosave_changed(self) -> None:
        self._show_state()
        if self._deferred_household_id is not None and not self.autosave.is_saving:
            household_id, self._deferred_household_id = self._deferred_household_id, None
            self._read_results(household_id)

    def _show_state(self) -> None:
        if self._sheet is not None and not self._sheet.writable:
            owner = f"（{self._sheet.inspector}的评分）" if self._sheet.seen_on else ""
            self.summary.show_state(f"本轮评分已审定，这里只能查看{owner}。")
        elif self.autosave.has_failed:
            self.summary.show_state("有内容没有存上，下次评分时会再存一次。")
        else:
            self.summary.show_state("每项评分都已保存" if self.autosave.is_idle else "正在保存…")

    def _on_current_changed(self, code: str) -> None:
        if self._sheet is not None:
            self.note_fields.show_check(code, self._sheet.checklist.check(code).label)

    # --- what is entered ---------------------------------------------------------------------------------------------

    def _on_answered(self, changed: dict[str, str | None]) -> None:
        self._skip_confirmed = False
        if key := self._current_key():
            self.autosave.enqueue(key, self.header.day, answers=changed)
        self._show_score(self.score_sheet.answers)

    def _on_note_changed(self, check: str, text: str) -> None:
        key = self._current_key()
        if key and check:
            self._show_attachments(check)
            self.autosave.enqueue(key, self.header.day, notes={check: text})
        elif key:
            self.autosave.enqueue(key, self.header.day, note=text)

    def _on_day_changed(self, day: date) -> None:
        key = self._current_key()
        if key and self._sheet and self._sheet.writable and (self._sheet.seen_on or self.score_sheet.answers):
            self.autosave.enqueue(key, day)

    def _on_inspector_changed(self) -> None:
        if self._sheet_key:
            self._open_sheet(self._sheet_key.household_id)

    def _on_saved(self, key: SheetKey) -> None:
        """What another inspector's sheet of this household still had to save when this one was opened is shown too."""
        if self._sheet_key and key.household_id == self._sheet_key.household_id and key != self._sheet_key:
            self._open_sheet(key.household_id)

    def _clear(self) -> None:
        if self._sheet is None or not self._sheet.writable or not (self.score_sheet.answers or self._sheet.seen_on):
            return
        household, inspection_id = self._sheet.household, self._sheet.inspection_id
        self.can_leave()
        self.autosave.discard(_key_of(self._sheet))

        def on_withdrawn(_: object) -> None:
            self._open_sheet(household.household_id)
            self.context.status_bar.saved(f"已清空{household.name}户的本轮评分。")

        self.context.tasks.start(
            partial(withdraw, self.context.workbook, "inspection", inspection_id), done=on_withdrawn
        )

    # --- photographs -------------------------------------------------------------------------------------------------

    def _choose_photos(self) -> None:
        names = open_file_names(self, "选照片", "", PICTURE_FILTER)
        self.add_photos([Path(name) for name in names])

    def _paste_photos(self) -> None:
        mime_data = QGuiApplication.clipboard().mimeData()
        image = image_from_mime(mime_data)
        photos: list[Path | QImage] = [*local_files(mime_data)] or ([image] if image else [])
        if photos:
            self.add_photos(photos)
        else:
            self.context.status_bar.info("剪贴板里没有照片。请先复制照片或照片文件，再按 Ctrl+V。")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add_photos(local_files(event.mimeData()))

    def add_photos(self, photos: Sequence[Path | QImage]) -> None:
        """Hang pictures on the check point that is current."""
        key = self._current_key()
        if not photos or key is None or self._sheet is None or not self._sheet.writable:
            return
        code = self.score_sheet.current
        self.autosave.enqueue(key, self.header.day)  # the photograph belongs to an inspection that is there
        self.autosave.flush()
        work = partial(
            add_check_photos,
            self.context.workbook,
            key.household_id,
            self._sheet.inspection_id,
            code,
            self._sheet.checklist.check(code).label,
            self.header.inspector,
            photos,
        )

        def on_added(count: int) -> None:
            self.context.status_bar.saved(f"已添加 {count} 张照片")
            if self._sheet_key == key:
                self._open_sheet(key.household_id)

        self.context.tasks.start(work, done=on_added)

    # --- from household to household --------------------------------------------------------------------------------

    def _go_to_next(self) -> None:
        if self._sheet is None or self._sheet_key is None or self.score_sheet.is_holding:
            return
        first_open = self.score_sheet.first_unanswered()
        if first_open and self._sheet.writable and not self._skip_confirmed:
            self._skip_confirmed = True
            self.score_sheet.set_current(first_open)
            self.score_sheet.setFocus()
            remaining = len(self.score_sheet.rows) - len(self.score_sheet.answers)
            self.context.status_bar.info(f"还有 {remaining} 个要点未评。再按一次 Ctrl+回车 先去下一户，已评的都在。")
        elif next_id := self._visit_order.next_remaining(self._sheet_key.household_id):
            self._open_sheet(next_id)
        else:
            self.note_fields.save()
            exception_note = "，只剩这一户没有评完" if first_open else ""
            self.context.status_bar.info(f"其他各户都已评完{exception_note}。按 Esc 返回轮次看排名。")

    def _step(self, offset: int) -> None:
        if self._sheet_key and (neighbour_id := self._visit_order.neighbour(self._sheet_key.household_id, offset)):
            self._open_sheet(neighbour_id)

    def _go_back(self) -> None:
        if self.note_fields.has_focus:
            self.score_sheet.setFocus()
        else:
            self.context.open("rounds", round=self._round_id)


def _key_of(loaded: InspectionSheet) -> SheetKey:
    return SheetKey(loaded.round_id, loaded.household.household_id, loaded.inspector)


def _overlay(saved: Mapping[str, str], unsaved: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in (dict(saved) | dict(unsaved)).items() if value}
