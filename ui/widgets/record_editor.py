"""A form on one record that saves each field when it is left."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.errors import UserError
from app.records.draft import open_draft, save_draft
from app.records.field import Field, Value, field, fields
from app.workbook.masking import mask_kind, mask_numbers
from app.workbook.roles import REVEAL
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.widgets.record_form import RecordForm
from ui.widgets.scrolling import scroll_area
from ui.widgets.tab_order import put_behind, tab_stops


@dataclass(frozen=True, slots=True)
class RecordStore:
    """How one kind of thing is opened and saved: a record, or a filled-in form.

    Its drafts have `id`, `values` and `with_values`; what a save gives has `draft` and `changed`.
    """

    open: Callable[..., Any]
    save: Callable[..., Any]
    label: Callable[[Any, str], str]


def record_store(table: str) -> RecordStore:
    """A record of a table."""
    return RecordStore(
        lambda session, id: open_draft(session, table, id),
        save_draft,
        lambda _, name: field(table, name).label,
    )


class AutosaveQueue:
    """The saves of one opened draft, one after another, so that none meets the draft of an earlier one."""

    def __init__(
        self,
        context: AppContext,
        store: RecordStore,
        draft: Any,
        on_saved: Callable[[Any], None],
        on_error: Callable[..., None],
    ) -> None:
        self._context, self._store, self.draft, self._on_saved, self._on_error = (
            context,
            store,
            draft,
            on_saved,
            on_error,
        )
        self._pending: dict[str, Value] = {}
        self._saving = False

    @property
    def is_idle(self) -> bool:
        return not self._saving and not self._pending

    def enqueue(self, name: str, value: Value) -> None:
        """Save one field, now or after the save that is under way."""
        self._pending[name] = value
        self._save_next()

    def _save_next(self) -> None:
        if self._saving or not self._pending:
            return
        self._saving = True
        values, self._pending = self._pending, {}
        work = partial(self._store.save, self._context.workbook, self.draft.with_values(**values))
        self._context.tasks.start(
            work, lambda saved: self._finish_save(saved), failed=lambda error: self._fail_save(list(values), error)
        )

    def _finish_save(self, saved: Any) -> None:
        self._saving = False
        self.draft = saved.draft
        labels = "、".join(self._store.label(saved.draft, name) for name in saved.changed[:3])
        if saved.changed:
            self._context.status_bar.saved(f"已保存：{labels}")
        self._on_saved(saved)
        self._save_next()

    def _fail_save(self, names: list[str], error: UserError) -> None:
        self._saving = False
        self._context.status_bar.error(error)
        self._on_error(names, str(error))
        self._save_next()


class RecordEditor(QWidget):
    """The form. `open` shows a record, `refresh` what changed in it elsewhere.

    Signals:
        record_opened: the values are in the controls
        record_saved: something was saved or reverted (its draft)
    """

    record_opened = Signal()
    record_saved = Signal(object)

    def __init__(
        self,
        context: AppContext,
        table: str,
        columns: int = 3,
        groups: Sequence[tuple[str, Sequence[str]]] = (),
        excluded: Sequence[str] = (),
        hint: str = "",
        only_fields: Sequence[Field] | None = None,
        store: RecordStore | None = None,
    ) -> None:
        """
        Args:
            columns: of controls
            groups: heading → fields below it
            excluded: fields that are shown elsewhere
            hint: stands there while no record is open
            only_fields, store: stand for the fields and records of the table where something else is filled in
        """
        super().__init__()
        self._context, self._store = context, store or record_store(table)
        self._queue: AutosaveQueue | None = None
        self._shown_values: dict[str, Value] = {}  # what stands in the controls, as far as it was accepted
        self._focus_target = ""  # the field to go to when the record is open
        self.record_id = ""
        form_fields = [
            form_field
            for form_field in (fields(table) if only_fields is None else only_fields)
            if form_field.name not in excluded and form_field.kind != "reference" and not form_field.spec.derived
        ]
        self._scroll = scroll_area(self)
        self._content = QWidget(self._scroll.viewport())
        self._scroll.setWidget(self._content)
        self.form = RecordForm(form_fields, columns, groups, self._content, at_once=False)
        self.form.setObjectName(f"{table}_form")
        self.form.value_changed.connect(self._on_value_changed)
        limit_widget(self.form, context.workbook)
        self._masked = _notes(form_fields) if not context.workbook.may(REVEAL) else frozenset()
        self._names = [form_field.name for form_field in form_fields]
        self._hint = QLabel(hint, self)
        self._hint.setProperty("quiet", True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self.above, self.below = QVBoxLayout(), QVBoxLayout()  # what belongs to the form and is none of its controls
        self._unmade = self._make_parts()
        self._is_made = False
        self._build_layout()
        self._add_restore_action()
        self._show_form(False)

    def _add_restore_action(self) -> None:
        restore_action = QAction("恢复原值", self)
        restore_action.setShortcut("Esc")
        restore_action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        restore_action.triggered.connect(self.reload)
        self.addAction(restore_action)

    def _build_layout(self) -> None:
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # it scrolls, so it asks for no height: a long form must not squeeze what stands above the page
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._hint, 1)
        content_layout = QVBoxLayout(self._content)
        content_layout.setContentsMargins(16, 8, 20, 12)
        content_layout.addLayout(self.above)
        content_layout.addWidget(self.form)
        content_layout.addLayout(self.below)
        content_layout.addStretch()

    def minimumSizeHint(self) -> QSize:
        """As wide as one column of the form, so that nothing of it is cut; it rolls up and down."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return QSize(self._content.minimumSizeHint().width() + bar, super().minimumSizeHint().height())

    def open(self, record_id: str) -> None:
        """Show a record, "" for none; the one that is open already is only refreshed."""
        if record_id == self.record_id and record_id:
            self.refresh()
            return
        self.flush()
        self.record_id = record_id
        self._queue = None
        if record_id:
            self._context.read(lambda draft: self._make_form(draft), self._store.open, record_id)
        else:
            self._show_form(False)

    def focus_field(self, name: str) -> None:
        """Put the cursor into a field, now or as soon as the record is open; one that is not here is passed over."""
        self._focus_target = name if name in self._names else ""
        if self._queue is not None and self._focus_target:
            QTimer.singleShot(0, self, self._focus_pending_field)  # what was just opened is laid out first

    def _focus_pending_field(self) -> None:
        if self._focus_target:
            self.form.focus_field(self._focus_target)
            self._focus_target = ""
            focused = self.form.focusWidget()
            if focused is not None:
                self._scroll.ensureWidgetVisible(focused, 0, 80)

    def refresh(self) -> None:
        """Bring in what was written elsewhere, into fields that the officer has not touched."""
        if self._queue is not None and self._queue.is_idle:
            self._context.read(lambda draft: self._show_refreshed(draft), self._store.open, self.record_id)

    def reload(self) -> None:
        """Put the saved values back into the controls."""
        if self._queue is not None:
            self._load(self._queue.draft)

    def flush(self) -> None:
        """Save what was typed in the control that still has the focus."""
        if self._queue is not None:
            self.form.flush()

    def save_field(self, name: str, value: Value) -> None:
        """Save a field that has its own control beside the form."""
        if self._queue is not None:
            self._queue.enqueue(name, value)

    @property
    def draft(self) -> Any:
        """The record as it was saved last, None while none is open."""
        return self._queue.draft if self._queue else None

    def can_leave(self) -> bool:
        """Save what can be saved; False, with the sentence said, where something typed is refused."""
        self.flush()
        if self._queue is None:
            return True
        for name, error in self.form.refusals().items():
            self._context.status_bar.error(f"{error}改好后再离开，或按 Esc 恢复原值。")
            self.form.focus_field(name)
            return False
        return True

    def make_below(self) -> Iterator[None]:
        """What a kind of editor has below its form and is made when the form is, a part at a step."""
        yield from ()

    def _make_parts(self) -> Iterator[None]:
        yield from self.form.making()
        yield from self.make_below()
        put_behind(self.form, tab_stops(self._content))
        self._is_made = True

    def complete(self) -> None:
        """Make at once what is not made yet, for who cannot wait."""
        for _ in self._unmade:
            pass

    def _make_form(self, draft: Any) -> None:
        """The controls are made with the first record, a few at a time: a form is seen whole, or not yet."""
        if self._is_made:
            self._show_opened(draft)
        elif draft.id == self.record_id:
            self._context.tasks.build(self, self._unmade, partial(self._show_opened, draft))

    def _show_opened(self, draft: Any) -> None:
        if draft.id != self.record_id:
            return
        self._queue = AutosaveQueue(self._context, self._store, draft, self._on_saved, self._show_errors)
        self._load(draft)
        self._show_form(True)
        self._scroll.verticalScrollBar().setValue(0)
        self.record_opened.emit()
        self.focus_field(self._focus_target)

    def _show_refreshed(self, draft: Any) -> None:
        if self._queue is None or draft.id != self.record_id or not self._queue.is_idle:
            return
        self._queue.draft = draft
        self._load_differences(draft, self._names)

    def _load(self, draft: Any) -> None:
        self._shown_values = dict(draft.values)
        self.form.load({name: self._shown_value(name, value) for name, value in draft.values.items()})

    def _load_differences(self, draft: Any, names: Sequence[str]) -> None:
        """Only what is not shown yet: what is being typed elsewhere in the form stays."""
        for name in names:
            if name in self._names and self._shown_values.get(name) != draft.values.get(name):
                self._shown_values[name] = draft.values.get(name)
                self.form.set_value(name, self._shown_value(name, draft.values.get(name)))

    def _shown_value(self, name: str, value: Value) -> Value:
        return mask_numbers(value) if name in self._masked and isinstance(value, str) else value

    def _on_value_changed(self, name: str, value: Value) -> None:
        self._shown_values[name] = value
        if self._queue is not None:
            self._queue.enqueue(name, value)

    def _on_saved(self, saved: Any) -> None:
        if saved.draft.id == self.record_id and self._queue is not None and self._queue.is_idle:
            self._load_differences(saved.draft, saved.changed)
        self.record_saved.emit(saved.draft)

    def _show_errors(self, names: list[str], error: str) -> None:
        for name in names:
            if name in self._names:
                self.form.set_message(name, error)

    def _show_form(self, visible: bool) -> None:
        self._scroll.setVisible(visible)
        self._hint.setVisible(not visible)


def _notes(form_fields: Sequence[Field]) -> frozenset[str]:
    """Fields in whose text numbers of persons may stand."""
    kinds = ((one.name, mask_kind(one.spec.mask, one.name, long=one.kind == "long")) for one in form_fields)
    return frozenset(name for name, kind in kinds if kind == "text")
