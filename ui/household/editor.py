"""A form on one record that saves each field when it is left, and can take it back."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.errors import OfficeError
from app.records.draft import Draft, Saved, open_draft, save_draft, take_back
from app.records.field import Value, field, fields
from ui.forms.record_form import RecordForm
from ui.household.desk import Desk


class Keeper:
    """The saves of one opened record, one after another, so that none meets the draft of an earlier one."""

    def __init__(self, desk: Desk, draft: Draft, told: Callable[[Saved], None], refused: Callable[..., None]) -> None:
        self._desk, self.draft, self._told, self._refused = desk, draft, told, refused
        self._waiting: dict[str, Value] = {}
        self._saving = False

    @property
    def idle(self) -> bool:
        return not self._saving and not self._waiting

    def put(self, name: str, value: Value) -> None:
        """Save one field, now or after the save that is under way."""
        self._waiting[name] = value
        self._go_on()

    def _go_on(self) -> None:
        if self._saving or not self._waiting:
            return
        self._saving = True
        values, self._waiting = self._waiting, {}
        work = save_draft(self._desk.office.workbook, self.draft.with_values(**values), self._desk.by)
        self._desk.office.jobs.start(
            work, lambda saved: self._saved(saved), failed=lambda error: self._failed(list(values), error)
        )

    def _saved(self, saved: Saved) -> None:
        self._saving = False
        self.draft = saved.draft
        labels = "、".join(field(saved.draft.table, name).label for name in saved.changed[:3])
        if saved.changed:
            self._desk.office.notices.offer_undo(f"已保存：{labels}", lambda: self._take_back(saved))
        self._told(saved)
        self._go_on()

    def _failed(self, names: list[str], error: OfficeError) -> None:
        self._saving = False
        self._desk.office.notices.refused(error)
        self._refused(names, str(error))
        self._go_on()

    def _take_back(self, saved: Saved) -> None:
        self._saving = True
        work = take_back(self._desk.office.workbook, saved, self._desk.by)
        self._desk.office.jobs.start(
            work, lambda undone: self._taken_back(undone), failed=lambda error: self._failed([], error)
        )

    def _taken_back(self, undone: Saved) -> None:
        self._saving = False
        self.draft = undone.draft
        self._desk.office.notices.saved("已撤销")
        self._told(undone)
        self._go_on()


class Editor(QWidget):
    """The form. `open` shows a record, `freshen` what changed in it elsewhere.

    Signals:
        opened: the values are in the controls
        stored: something was saved or taken back (Draft)
    """

    opened = Signal()
    stored = Signal(object)

    def __init__(
        self,
        desk: Desk,
        table: str,
        columns: int = 2,
        groups: Sequence[tuple[str, Sequence[str]]] = (),
        without: Sequence[str] = (),
        hint: str = "",
    ) -> None:
        """`without`: fields that are shown elsewhere; `hint` stands there while no record is open."""
        super().__init__()
        self._desk, self._table = desk, table
        self._keeper: Keeper | None = None
        self._shown: dict[str, Value] = {}  # what stands in the controls, as far as it was accepted
        self._pointed = ""  # the field to go to when the record is open
        self.record_id = ""
        shown = [
            one
            for one in fields(table)
            if one.name not in without and one.kind != "reference" and not one.declared.derived
        ]
        self.form = RecordForm(shown, columns, groups)
        self.form.setObjectName(f"{table}_form")
        self.form.changed.connect(self._changed)
        self._names = [one.name for one in shown]
        self._hint = QLabel(hint)
        self._hint.setProperty("quiet", True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._scroll = QScrollArea()
        self._lay_out()
        restore = QAction("恢复原值", self)
        restore.setShortcut("Esc")
        restore.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        restore.triggered.connect(self.reload)
        self.addAction(restore)
        self._show_form(False)

    def _lay_out(self) -> None:
        inside = QWidget()
        padded = QVBoxLayout(inside)
        padded.setContentsMargins(16, 8, 20, 12)
        padded.addWidget(self.form)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        # it scrolls, so it asks for no height: a long form must not squeeze what stands above the page
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self._hint, 1)

    def open(self, record_id: str) -> None:
        """Show a record, "" for none; the one that is open already is only freshened."""
        if record_id == self.record_id and record_id:
            self.freshen()
            return
        self.flush()
        self.record_id = record_id
        self._keeper = None
        if record_id:
            self._desk.read(lambda draft: self._opened(draft), open_draft, self._table, record_id)
        else:
            self._show_form(False)

    def point(self, name: str) -> None:
        """Put the cursor into a field, now or as soon as the record is open; one that is not here is passed over."""
        self._pointed = name if name in self._names else ""
        if self._keeper is not None and self._pointed:
            QTimer.singleShot(0, self, self._go_to_field)  # what was just opened is laid out first

    def _go_to_field(self) -> None:
        if self._pointed:
            self.form.focus(self._pointed)
            self._pointed = ""
            there = self.form.focusWidget()
            if there is not None:
                self._scroll.ensureWidgetVisible(there, 0, 80)

    def freshen(self) -> None:
        """Bring in what was written elsewhere, into fields that the officer has not touched."""
        if self._keeper is not None and self._keeper.idle:
            self._desk.read(lambda draft: self._freshened(draft), open_draft, self._table, self.record_id)

    def reload(self) -> None:
        """Put the saved values back into the controls."""
        if self._keeper is not None:
            self._load(self._keeper.draft)

    def flush(self) -> None:
        """Save what was typed in the control that still has the focus."""
        if self._keeper is not None:
            self.form.flush()

    def put(self, name: str, value: Value) -> None:
        """Save a field that has its own control beside the form."""
        if self._keeper is not None:
            self._keeper.put(name, value)

    @property
    def draft(self) -> Draft | None:
        """The record as it was saved last, None while none is open."""
        return self._keeper.draft if self._keeper else None

    def may_leave(self) -> bool:
        """Save what can be saved; False, with the sentence said, where something typed is refused."""
        self.flush()
        if self._keeper is None:
            return True
        for name, sentence in self.form.faults().items():
            if self.form.fault(name) == sentence:
                self._desk.office.notices.refused(f"{sentence}改好后再离开，或按 Esc 恢复原值。")
                self.form.focus(name)
                return False
        return True

    def _opened(self, draft: Draft) -> None:
        if draft.id != self.record_id:
            return
        self._keeper = Keeper(self._desk, draft, self._told, self._refused)
        self._load(draft)
        self._show_form(True)
        self._scroll.verticalScrollBar().setValue(0)
        self.opened.emit()
        self.point(self._pointed)

    def _freshened(self, draft: Draft) -> None:
        if self._keeper is None or draft.id != self.record_id or not self._keeper.idle:
            return
        self._keeper.draft = draft
        self._load_differences(draft, self._names)

    def _load(self, draft: Draft) -> None:
        self._shown = dict(draft.values)
        self.form.load(draft.values)

    def _load_differences(self, now: Draft, names: Sequence[str]) -> None:
        """Only what is not shown yet: what is being typed elsewhere in the form stays."""
        for name in names:
            if name in self._names and self._shown.get(name) != now.values[name]:
                self._shown[name] = now.values[name]
                self.form.load_one(name, now.values[name])

    def _changed(self, name: str, value: Value) -> None:
        self._shown[name] = value
        if self._keeper is not None:
            self._keeper.put(name, value)

    def _told(self, saved: Saved) -> None:
        if saved.draft.id == self.record_id and self._keeper is not None and self._keeper.idle:
            self._load_differences(saved.draft, saved.changed)
        self.stored.emit(saved.draft)

    def _refused(self, names: list[str], sentence: str) -> None:
        for name in names:
            if name in self._names:
                self.form.show_fault(name, sentence)

    def _show_form(self, on: bool) -> None:
        self._scroll.setVisible(on)
        self._hint.setVisible(not on)
