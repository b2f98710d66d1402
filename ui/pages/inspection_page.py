"""入户评分: one home after another on its score sheet, with the keyboard alone. Opened from a round."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QHideEvent, QImage, QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from app.checklists.inspections import Sheet, sheet
from app.checklists.results import Result, results
from app.checklists.scoring import score
from app.progress import Progress, Work
from app.records.draft import restore, withdraw
from ui.inspection.heading import Heading
from ui.inspection.note_fields import NoteFields
from ui.inspection.pen import Pen, Unsaved, Where
from ui.inspection.pictures import FILTER, add_photos, files_in, picture_in
from ui.inspection.score_sheet import ScoreSheet
from ui.inspection.verdict import Verdict
from ui.inspection.walk import Walk
from ui.page import Office, Page

if TYPE_CHECKING:
    from app.errors import OfficeError
    from app.workbook.workbook import Changes, Workbook

_TABLES = ("round", "checklist_used", "inspection", "answer", "photo", "household", "member")


def _homes(workbook: "Workbook", round_id: str) -> Work[tuple[Result, ...]]:
    yield Progress(0, 1)
    with workbook.reading() as session:
        return results(session, round_id)


def _sheet(workbook: "Workbook", where: Where) -> Work[Sheet]:
    yield Progress(0, 1)
    with workbook.reading() as session:
        return sheet(session, where.round_id, where.household_id, where.inspector)


class InspectionPage(Page):
    """Whatever is entered is saved at once, so leaving a home asks nothing. `shown(round=…, household=…)`."""

    TITLE = "入户评分"
    ICON = "round"
    ORDER = 41
    SHOWN = False

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._round = ""
        self._walk = Walk()
        self._where: Where | None = None  # the sheet that is asked for; `_sheet` may still be the one before
        self._sheet: Sheet | None = None
        self._leaves_open = False
        self._later: str | None = None  # the home to begin with, once what was entered is written
        self._asked = 0  # counts readings of the round, so that only the last one is shown
        self.pen = Pen(office, self)
        self.heading, self.sheet, self.verdict = Heading(office.workbook.operator), ScoreSheet(), Verdict()
        self.notes = NoteFields()
        self._actions = self._made_actions()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        self.setFocusProxy(self.sheet)
        body, whole = QHBoxLayout(), QVBoxLayout(self)
        body.setSpacing(12)
        body.addWidget(self.sheet, 1)
        body.addWidget(self.verdict)
        whole.setContentsMargins(16, 8, 16, 8)
        whole.setSpacing(6)
        whole.addWidget(self.heading)
        whole.addLayout(body, 1)
        whole.addWidget(self.notes)

    def _made_actions(self) -> list[QAction]:
        forward = self.action("save_next", "保存，下一未评户", "Ctrl+Return", self._go_on)
        forward.setShortcuts([*forward.shortcuts(), QKeySequence("Ctrl+Enter")])
        return [
            forward,
            self.action("previous_home", "上一户", "Ctrl+Up", lambda: self._step(-1)),
            self.action("next_home", "下一户", "Ctrl+Down", lambda: self._step(1)),
            self.action("note_check", "要点说明", "N", self.notes.check.setFocus),
            self.action("note_home", "全户说明", "M", self.notes.home.setFocus),
            self.action("photo", "添照片", "P", self._choose_photos),
            self.action("paste_photo", "贴照片", "Ctrl+V", self._paste_photos),
            self.action("clear_home", "清空本户评分", "Ctrl+Delete", self._clear),
            self.action("back", "返回轮次", "Esc", self._back),
        ]

    def _connect(self) -> None:
        self.pen.moved.connect(self._pen_moved)
        self.pen.saved.connect(self._saved)
        self.sheet.answered.connect(self._answered)
        self.sheet.moved.connect(self._moved)
        self.heading.inspector_changed.connect(self._inspector_changed)
        self.heading.day_changed.connect(self._day_changed)
        self.notes.noted.connect(self._noted)
        self.notes.entered.connect(self.sheet.setFocus)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        """`round`: id of the round; `household`: where to begin, the first home left if missing."""
        self._round = str(about.get("round", self._round))
        if self._round:
            self._read_homes(str(about.get("household", "")))
        else:
            self.office.notices.tell("请从“四净两规范”页打开一轮检查，再逐户评分。")

    def refresh(self, changes: "Changes") -> None:
        if changes.by is not self and self._where and changes.touches(*_TABLES):
            self._read_homes(self._where.household_id)

    def may_leave(self) -> bool:
        self.notes.save()
        self.pen.hurry()
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        self.may_leave()
        super().hideEvent(event)

    # --- reading a home ----------------------------------------------------------------------------------------------

    def _read_homes(self, household_id: str) -> None:
        self.sheet.hold()
        self.pen.hurry()
        if self.pen.busy:  # else a home that was just done would be read as left
            self._later = household_id
            return
        self._asked += 1
        asked = self._asked
        self.office.jobs.start(
            _homes(self.office.workbook, self._round),
            done=lambda found: self._show_homes(found, household_id) if asked == self._asked else None,
            failed=self._unreadable,
            lane="read",
        )

    def _show_homes(self, found: tuple[Result, ...], household_id: str) -> None:
        self._walk = Walk(found)
        self.heading.set_inspectors(look.inspector for result in found for look in result.looks)
        first = household_id or self._walk.next_left() or next(iter(self._walk.ids), "")
        if first:
            self._open(first)
        else:
            self._unreadable("这一轮没有要检查的户。请先导入或登记户。")

    def _open(self, household_id: str, inspector: str = "") -> None:
        self.notes.save()
        self._where = Where(self._round, household_id, inspector or self.heading.who)
        self._leaves_open = False
        self.sheet.hold()
        on_its_way = self.pen.unsaved(self._where)
        self.office.jobs.start(
            _sheet(self.office.workbook, self._where),
            done=lambda found: self._show_sheet(found, on_its_way),
            failed=self._unreadable,
            lane="read",
        )

    def _unreadable(self, error: "OfficeError | str") -> None:
        self._where = self._here()
        self.sheet.drop()
        self.office.notices.refused(error)

    def _show_sheet(self, found: Sheet, on_its_way: Unsaved | None) -> None:
        if _place_of(found) != self._where:
            return  # another home was asked for meanwhile
        if not found.writable and found.seen_on is None and found.others:
            self._open(found.home.household_id, found.others[-1].inspector)  # to look at, show what there is
            return
        again = self._sheet is not None and self._sheet.inspection_id == found.inspection_id
        if again:
            self.notes.save()
        self._sheet = found
        answers = self._taken_over(found, on_its_way)
        self.verdict.show_sheet(found)
        self.sheet.set_checklist(found.checklist)
        for code in self.sheet.rows:
            self._show_more(code)
        if found.seen_on:
            self.heading.set_day(found.seen_on)
        self._show_score(answers)
        self._show_state()
        if not again:
            self.sheet.setFocus()
        self.sheet.set_answers(answers, writable=found.writable, current=self.sheet.current if again else "")

    def _here(self) -> Where | None:
        """The sheet that is shown."""
        return _place_of(self._sheet) if self._sheet else None

    def _taken_over(self, found: Sheet, on_its_way: Unsaved | None) -> dict[str, str]:
        """The answers of a sheet, its notes shown; both with what was not yet in the workbook when it was read."""
        later = self.pen.unsaved(_place_of(found))
        unsaved = later.over(on_its_way) if later else on_its_way
        note = found.note if unsaved is None or unsaved.note is None else unsaved.note
        notes = _laid_over(found.notes, unsaved.notes if unsaved else {})
        self.notes.show_home(notes, note, writable=found.writable)
        return _laid_over(found.answers, unsaved.answers if unsaved else {})

    # --- what is shown -----------------------------------------------------------------------------------------------

    def _show_score(self, answers: Mapping[str, str]) -> None:
        assert self._sheet is not None
        so_far = score(self._sheet.checklist, answers)
        self.verdict.show_score(so_far)
        self.sheet.show_score(so_far)
        home = self._sheet.home
        done = not so_far.open or any(not look.score.open for look in self._sheet.others)
        self._walk.mark(home.household_id, done)
        self.heading.show_home(home, self._walk.number(home.household_id), len(self._walk.ids), self._walk.left)

    def _show_more(self, code: str) -> None:
        assert self._sheet is not None
        before = self._sheet.before.result.score if self._sheet.before else None
        self.sheet.rows[code].show_more(
            failed_before=before is not None and code in before.failed,
            note=self.notes.of(code),
            photos=self._sheet.photos.get(code, 0),
        )

    def _pen_moved(self) -> None:
        self._show_state()
        if self._later is not None and not self.pen.busy:
            household_id, self._later = self._later, None
            self._read_homes(household_id)

    def _show_state(self) -> None:
        if self._sheet is not None and not self._sheet.writable:
            who = f"（{self._sheet.inspector}的评分）" if self._sheet.seen_on else ""
            self.verdict.show_state(f"本轮评分已审定，这里只能查看{who}。")
        elif self.pen.refused:
            self.verdict.show_state("有内容没有存上，下次评分时会再存一次。")
        else:
            self.verdict.show_state("每项评分都已保存" if self.pen.at_rest else "正在保存…")

    def _moved(self, code: str) -> None:
        if self._sheet is not None:
            self.notes.show_check(code, self._sheet.checklist.check(code).label)

    # --- what is entered ---------------------------------------------------------------------------------------------

    def _answered(self, changed: dict[str, str | None]) -> None:
        self._leaves_open = False
        if here := self._here():
            self.pen.write(here, self.heading.day, answers=changed)
        self._show_score(self.sheet.answers)

    def _noted(self, check: str, text: str) -> None:
        here = self._here()
        if here and check:
            self._show_more(check)
            self.pen.write(here, self.heading.day, notes={check: text})
        elif here:
            self.pen.write(here, self.heading.day, note=text)

    def _day_changed(self, day: date) -> None:
        here = self._here()
        if here and self._sheet and self._sheet.writable and (self._sheet.seen_on or self.sheet.answers):
            self.pen.write(here, day)

    def _inspector_changed(self) -> None:
        if self._where:
            self._open(self._where.household_id)

    def _saved(self, where: Where) -> None:
        """What another inspector's sheet of this home still had to save when this one was opened is shown here too."""
        if self._where and where.household_id == self._where.household_id and where != self._where:
            self._open(where.household_id)

    def _clear(self) -> None:
        if self._sheet is None or not self._sheet.writable or not (self.sheet.answers or self._sheet.seen_on):
            return
        home, id = self._sheet.home, self._sheet.inspection_id
        self.may_leave()
        self.pen.forget(_place_of(self._sheet))

        def done(_: object) -> None:
            self._open(home.household_id)
            self.office.notices.offer_undo(f"已清空{home.name}户的本轮评分。", undo)

        def undo() -> None:
            work = restore(self.office.workbook, "inspection", id, by=self)
            self.office.jobs.start(work, done=lambda _: self._open(home.household_id))

        self.office.jobs.start(withdraw(self.office.workbook, "inspection", id, by=self), done=done)

    # --- photographs -------------------------------------------------------------------------------------------------

    def _choose_photos(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "选照片", "", FILTER)
        self.take_photos([Path(name) for name in names])

    def _paste_photos(self) -> None:
        copied = QGuiApplication.clipboard().mimeData()
        picture = picture_in(copied)
        pictures: list[Path | QImage] = [*files_in(copied)] or ([picture] if picture else [])
        if pictures:
            self.take_photos(pictures)
        else:
            self.office.notices.tell("剪贴板里没有照片。请先复制照片或照片文件，再按 Ctrl+V。")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if files_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take_photos(files_in(event.mimeData()))

    def take_photos(self, pictures: Sequence[Path | QImage]) -> None:
        """Hang pictures on the check point that is current."""
        here = self._here()
        if not pictures or here is None or self._sheet is None or not self._sheet.writable:
            return
        code = self.sheet.current
        self.pen.write(here, self.heading.day)  # the photograph belongs to an inspection that is there
        self.pen.hurry()
        work = add_photos(
            self.office.workbook,
            here.household_id,
            self._sheet.inspection_id,
            code,
            self._sheet.checklist.check(code).label,
            self.heading.who,
            pictures,
            by=self,
        )

        def done(count: int) -> None:
            self.office.notices.saved(f"已添加 {count} 张照片")
            if self._where == here:
                self._open(here.household_id)

        self.office.jobs.start(work, done=done)

    # --- from home to home -------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._sheet is None or self._where is None or self.sheet.held:
            return
        first_open = self.sheet.first_open()
        if first_open and self._sheet.writable and not self._leaves_open:
            self._leaves_open = True
            self.sheet.go_to(first_open)
            self.sheet.setFocus()
            left = len(self.sheet.rows) - len(self.sheet.answers)
            self.office.notices.tell(f"还有 {left} 个要点未评。再按一次 Ctrl+回车 先去下一户，已评的都在。")
        elif following := self._walk.next_left(self._where.household_id):
            self._open(following)
        else:
            self.notes.save()
            rest = "，只剩这一户没有评完" if first_open else ""
            self.office.notices.tell(f"其他各户都已评完{rest}。按 Esc 返回轮次看排名。")

    def _step(self, by: int) -> None:
        if self._where and (there := self._walk.neighbour(self._where.household_id, by)):
            self._open(there)

    def _back(self) -> None:
        if self.notes.focused:
            self.sheet.setFocus()
        else:
            self.office.open("round", round=self._round)


def _place_of(found: Sheet) -> Where:
    return Where(found.round_id, found.home.household_id, found.inspector)


def _laid_over(kept: Mapping[str, str], unsaved: Mapping[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in (dict(kept) | dict(unsaved)).items() if value}
