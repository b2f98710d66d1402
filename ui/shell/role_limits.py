"""What the window does not offer to whoever may not do it. It is refused below the window in any case."""

from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.workbook.roles import ENTER, OWNER, REVEAL, REVIEW, ROLE_LABELS, Duty, refusal
from app.workbook.workbook import Workbook
from ui.shell.page import Page

# commands of pages that only look, print and put what is shown into a masked list
_READING = frozenset((
    "find", "clear", "filter", "views", "refresh", "export", "print", "print_list", "print_homes", "print_round",
    "print_form", "print_row", "back", "go_to_index", "next", "previous", "part_above", "part_below", "show_doubts",
    "check", "correct", "reprints", "lines", "policies", "open_household", "only_overdue", "compare", "now", "then",
    "more", "earlier", "onlyOpenKey", "tab0", "tab1", "tab2", "nextConflict", "previousConflict", "openHousehold",
    "chooseAll", "fitWidth", "larger", "smaller", "nextPage", "previousPage", "previewAgain", "savePdf", "verify",
    "checkBook", "countyVersions", "exportCounty", "next_home", "previous_home", "go_on", "ledger", "previous_month",
    "next_month", "this_month", "to_calendar", "statistics", "plans", "cards",
))  # fmt: skip
_READING_PREFIXES = ("part_", "tab_", "show_", "open_")
# commands of pages that decide: about records, conflicts, colleagues, and what the village goes by
_REVIEWING = frozenset((
    "withdraw", "withdraw_round", "withdraw_form_entry", "restore", "join", "part", "settle", "dismiss", "reopen",
    "condition", "proof_condition", "common", "addCard", "cardText", "peerVillages", "revokeCard", "keepCard",
    "foldHistory", "undoImport", "take1", "take2", "take3", "take4", "take5", "typeThird", "keepThird",
    "wholeHousehold", "saveCounty", "restoreDefault", "copyCounty", "importCounty", "addRow", "addFirstLevel", "rowUp",
    "rowDown",
))  # fmt: skip
_REVEALING = frozenset(("show_phone", "backupNow", "backupTo"))
_OF_THE_WINDOW = frozenset(("undo", "redo"))


class _KeptOff(QObject):
    """Switches its widget off again whenever a page switches it on, as it does by the row that is chosen.

    Its widget owns it, so that it lives as long as what it watches. Qt tells no widget that is being destroyed that it
    can be used now, and only then is anything asked of it; switching off says so once more, of one that is off.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.EnabledChange and isinstance(watched, QWidget) and watched.isEnabled():
            watched.setEnabled(False)
        return False


def operator_text(workbook: Workbook) -> str:
    """Who has opened it, with the role of all but the owner, who may do everything as ever."""
    role = workbook.role
    return workbook.operator if role == OWNER else f"{workbook.operator}（{ROLE_LABELS[role]}）"


def page_refusal(page: type[Page], workbook: Workbook) -> str:
    """Why a page is not shown, "" where it is."""
    if page.NEEDS is None or workbook.may(page.NEEDS):
        return ""
    return refusal(workbook.role, page.NEEDS, f"打开“{page.TITLE}”")


def limit_actions(actions: list[QAction], workbook: Workbook) -> None:
    """Switch off the commands of a page that the role does not include; the reason stands in the tool tip."""
    for action in actions:
        duty = _duty_of(action.objectName())
        if duty is not None and not workbook.may(duty):
            _keep_off(action, refusal(workbook.role, duty, action.text().removesuffix("…")))


def limit_window_actions(actions: list[QAction], workbook: Workbook) -> None:
    """The same of the window's own commands."""
    for action in actions:
        if action.objectName() in _OF_THE_WINDOW and not workbook.may(ENTER):
            _keep_off(action, refusal(workbook.role, ENTER, action.text()))


def limit_widget(widget: QWidget, workbook: Workbook, duty: Duty = ENTER, what: str = "修改") -> None:
    """Switch off for good something that is typed into, or pressed, where the role does not include it."""
    if not workbook.may(duty):
        widget.setEnabled(False)
        widget.setToolTip(refusal(workbook.role, duty, what))
        widget.installEventFilter(_KeptOff(widget))


def _duty_of(name: str) -> Duty | None:
    if name in _REVEALING:
        return REVEAL
    if name in _REVIEWING:
        return REVIEW
    if name in _READING or name.startswith(_READING_PREFIXES):
        return None
    return ENTER


def _keep_off(action: QAction, reason: str) -> None:
    """Off for good: a page that switches it on again by what is selected does not reach it."""
    action.setToolTip(reason)
    action.setStatusTip(reason)
    action.setEnabled(False)
    action.enabledChanged.connect(partial(_switch_off, action))


def _switch_off(action: QAction, enabled: bool) -> None:
    if enabled:
        action.setEnabled(False)
