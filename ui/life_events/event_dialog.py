"""登记动态: what happened, to whom, and what that writes; nothing is written before the last page is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.life_events.event_kind import DECISION_STEPS, EventKind, event_kinds, publicity_days
from app.life_events.planning import EventPlan, EventRequest
from app.records.field import field
from app.records.household import HouseholdDetails
from app.records.row_views import MemberRow
from ui.life_events.people_pane import PeoplePane
from ui.life_events.plan_table import PlanTable
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.record_form import RecordForm

_EVENT_FIELDS = ("kind", "happened_on", "basis", "basis_note")
_NEXT, _RECORD = "下一步", "登记"
_HINTS = (
    "先写明是什么变更、哪天的、凭什么。",
    "再写明涉及谁。",
    "下面是要写进户档的全部内容，算一步，可以撤销。可以选的按空格去掉勾，就不改。",
)


@dataclass(frozen=True, slots=True)
class OtherHousehold:
    """Another household that takes part, with who lives there."""

    id: str
    called: str
    people: tuple[MemberRow, ...]


class EventDialog(Dialog):
    """Signals:
    plan_wanted: the pages are filled in; show_plan follows, or show_refusal
    other_wanted: which other household is to be asked; show_other follows
    wait_wanted: it is to be kept until it is decided
    """

    plan_wanted = Signal()
    other_wanted = Signal()
    wait_wanted = Signal()

    def __init__(self, household: HouseholdDetails, parent: QWidget, begun: EventRequest | None = None) -> None:
        """`begun`: the event that waited and is decided now."""
        super().__init__(parent)
        self.setObjectName("eventDialog")
        self.setWindowTitle(f"登记动态（{household.called}）")
        self.resize(860, 560)
        self._household, self._begun = household, begun
        self._built_for = ""
        self._other: OtherHousehold | None = None
        self.plan: EventPlan | None = None
        self.event_form = RecordForm([field("life_event", name) for name in _EVENT_FIELDS], columns=1)
        self.event_form.load(
            {name: getattr(begun, name) for name in _EVENT_FIELDS} if begun else {"happened_on": date.today()}
        )
        self.people = PeoplePane(EventKind(""), ())
        self.details_form = RecordForm([], columns=2)
        self.decision_form = RecordForm([], columns=2)
        self.other_button = QPushButton("另一户…")
        self.other_button.setObjectName("otherHousehold")
        self.other_button.setAccessibleName("选另一户")
        self.other_button.clicked.connect(self.other_wanted)
        self.plan_table = PlanTable()
        self.plan_table.kept_changed.connect(self.plan_wanted)
        self.hint, self.refusal, self.remarks = QLabel(), QLabel(), QLabel()
        for label, name in ((self.hint, "hint"), (self.refusal, "refusal"), (self.remarks, "remarks")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self.refusal.setProperty("fault", True)
        self._build_layout()
        self._show_page(0)

    def _build_layout(self) -> None:
        self._details = QVBoxLayout()
        self.stack = QStackedWidget()
        details, preview = QWidget(), QWidget()
        details.setLayout(self._details)
        preview_layout = QVBoxLayout(preview)
        preview_layout.setContentsMargins(0, 0, 0, 0)
        preview_layout.addWidget(self.plan_table, 1)
        preview_layout.addWidget(self.remarks)
        for page in (self.event_form, details, preview):
            self.stack.addWidget(page)
        self.buttons = ButtonRow(self, _NEXT, "next", on_accept=self._go_on)
        self.back_button = self.buttons.add_button("上一步", "back", self._go_back)
        self.wait_button = self.buttons.add_button("先记下，等审批", "wait", self.wait_wanted.emit)
        layout = QVBoxLayout(self)
        layout.addWidget(self.hint)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.refusal)
        layout.addWidget(self.buttons)

    @property
    def kind(self) -> str:
        return str(self.event_form.values()["kind"] or "")

    def request(self) -> EventRequest:
        """What was said so far."""
        said = self.event_form.values()
        day = said["happened_on"]
        return EventRequest(
            kind=self.kind,
            household_id=self._household.id,
            happened_on=day if isinstance(day, date) else date.today(),
            basis=str(said["basis"] or ""),
            basis_note=str(said["basis_note"] or ""),
            members=self.people.chosen,
            new_head=self.people.new_head,
            relations=self.people.relations,
            values=self.details_form.values(),
            other_household_id=self._other.id if self._other else "",
            decision=self.decision_form.values(),
            kept=self.plan_table.kept,
            waiting=self._begun.waiting if self._begun else "",
        )

    def show_plan(self, plan: EventPlan) -> None:
        """What would be written."""
        self.plan = plan
        self.refusal.clear()
        self.plan_table.show_lines(plan.lines)
        self.remarks.setText("\n".join(f"另外：{one}。" for one in plan.remarks))
        self.remarks.setVisible(bool(plan.remarks))
        self._show_page(2)

    def show_refusal(self, error: object) -> None:
        """Why it cannot be written as it was said."""
        self.refusal.setText(str(error))

    def show_other(self, other: OtherHousehold) -> None:
        """The other household was chosen: what its people are to the head is asked."""
        self._other = other
        self._build_details()
        self.other_button.setText(f"另一户：{other.called}")

    def _go_on(self) -> None:
        page = self.stack.currentIndex()
        if page == 0 and not self.event_form.show_errors():
            if self._built_for != self.kind:
                self._other = None
                self._build_details()
            self._show_page(1)
            if not self._has_details:
                self.plan_wanted.emit()
        elif page == 1 and self.people.is_complete() and not self.details_form.show_errors():
            self.plan_wanted.emit()
        elif page == 2:
            self.accept()

    def _go_back(self) -> None:
        page = self.stack.currentIndex()
        self._show_page(page - 1 if self._has_details or page == 1 else 0)

    @property
    def _has_details(self) -> bool:
        """Whether the kind asks for anything on the second page."""
        kind = event_kinds()[self.kind]
        return bool(kind.chosen or kind.head or kind.asks or kind.needs_other or publicity_days(self.kind))

    def _build_details(self) -> None:
        """The second page as the kind of event asks for it."""
        kind = event_kinds()[self.kind]
        for widget in (self.other_button, self.people, self.details_form, self.decision_form):
            self._details.removeWidget(widget)
            widget.setParent(None)
        self.people = PeoplePane(kind, self._household.members, self._other.people if self._other else ())
        self.details_form = RecordForm([field(table, name) for table, name in kind.asks], columns=2)
        decided: Sequence[str] = DECISION_STEPS if publicity_days(self.kind) is not None else ()
        self.decision_form = RecordForm([field("life_event", name) for name in decided], columns=2)
        if self._begun is not None:
            self.decision_form.load(self._begun.decision)
        self.other_button.setText("另一户…")
        self.plan_table.forget()
        self._built_for = self.kind
        for shown in (self.other_button, self.people, self.details_form, self.decision_form):
            self._details.addWidget(shown)
            shown.setVisible(shown is not self.other_button or kind.needs_other)
        self._details.addStretch(1)

    def _show_page(self, page: int) -> None:
        self.stack.setCurrentIndex(page)
        days = publicity_days(self.kind) if page == 1 and self.kind else None
        posted = (
            f"这一类要公示 {days} 天、县级批准以后才写进户档；没办完的按“先记下，等审批”。" if days is not None else ""
        )
        self.wait_button.setVisible(days is not None)
        self.hint.setText(_HINTS[page] + posted)
        self.refusal.clear()
        self.back_button.setEnabled(page > 0)
        self.buttons.accept_button.setText(_RECORD if page == 2 else _NEXT)
