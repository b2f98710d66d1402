"""登记动态 from a page: which household, the dialog, the other household of a union, and writing it."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.life_events.planning import EventRequest
from app.life_events.recording import keep_waiting, plan_event, record_event, waiting_request
from app.records.household import HouseholdDetails, household_details
from ui.household.household_picker import HouseholdPicker
from ui.life_events.event_dialog import EventDialog, OtherHousehold
from ui.shell.page import AppContext


class EventController(QObject):
    """Used by the household's page and by the page of events.

    Signals:
        recorded: id of the event that was written
    """

    recorded = Signal(str)

    def __init__(self, context: AppContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.picker: HouseholdPicker | None = None
        self.dialog: EventDialog | None = None

    def choose(self) -> None:
        """Of which household?"""
        self.picker = picker = HouseholdPicker(self._context, "登记动态", "哪一户有变动？", self._page)
        picker.accepted.connect(lambda: self.start(picker.household_id))
        picker.open()

    def start(self, household_id: str) -> None:
        """What has happened to this household?"""
        self._context.read(self._show_dialog, household_details, household_id)

    def resume(self, event_id: str) -> None:
        """An event that waited is decided: the rest is asked, and it is written."""
        self._context.read(lambda found: self._show_dialog(*found), _waiting, event_id)

    def _show_dialog(self, household: HouseholdDetails, begun: EventRequest | None = None) -> None:
        self.dialog = dialog = EventDialog(household, self._page, begun)
        dialog.plan_wanted.connect(partial(self._plan, dialog))
        dialog.other_wanted.connect(partial(self._choose_other, dialog, household))
        dialog.accepted.connect(partial(self._record, dialog))
        dialog.wait_wanted.connect(partial(self._keep_waiting, dialog))
        dialog.open()

    def _plan(self, dialog: EventDialog) -> None:
        self._context.read(dialog.show_plan, plan_event, dialog.request(), failed=dialog.show_refusal)

    def _choose_other(self, dialog: EventDialog, household: HouseholdDetails) -> None:
        self.picker = picker = HouseholdPicker(
            self._context,
            dialog.kind,
            f"哪一户并入{household.called}？",
            dialog,
            village=household.village,
            excluded=(household.id,),
        )
        picker.accepted.connect(lambda: self._context.read(dialog.show_other, _other_household, picker.household_id))
        picker.open()

    def _keep_waiting(self, dialog: EventDialog) -> None:
        def done(event_id: str) -> None:
            dialog.done(EventDialog.DialogCode.Rejected)
            self._context.status_bar.saved(f"已记下：{dialog.kind}，等审批")
            self.recorded.emit(event_id)

        work = partial(keep_waiting, self._context.workbook, dialog.request())
        self._context.tasks.start(work, done, failed=dialog.show_refusal)

    def _record(self, dialog: EventDialog) -> None:
        request, plan = dialog.request(), dialog.plan
        if plan is not None:
            work = partial(record_event, self._context.workbook, request, plan)
            self._context.write(work, self.recorded.emit, f"已登记：{request.kind} {plan.people}".rstrip())


def _waiting(session: Any, event_id: str) -> tuple[HouseholdDetails, EventRequest]:
    request = waiting_request(session, event_id)
    return household_details(session, request.household_id), request


def _other_household(session: Any, household_id: str) -> OtherHousehold:
    details = household_details(session, household_id)
    return OtherHousehold(details.id, details.called, details.members)
