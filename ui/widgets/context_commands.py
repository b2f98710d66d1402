"""The commands of the page in the menu of what was clicked, so that they stand where the hand is."""

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ui.shell.page import Page
from ui.shell.shortcut_text import display_text

_OF_WINDOW = ("undo", "redo", "open_withdrawn", "palette")  # objectNames of its actions


def add_commands(menu: QMenu, widget: QWidget) -> None:
    """Add what the part of the page can do that was clicked, what the page's tool bar has, then undo, redo, what was
    withdrawn, and the search for everything else."""
    page = widget.parentWidget()
    while page is not None and not isinstance(page, Page):
        page = page.parentWidget()
    if page is None:
        return
    menu.addSeparator()
    for shortcut, button in page.part_buttons().items():
        if button.isVisibleTo(page):
            action = menu.addAction(f"{button.text()}\t{display_text(QKeySequence(shortcut))}", button.click)
            action.setEnabled(button.isEnabled())
    menu.addSeparator()
    menu.addActions(page.visible_actions())
    menu.addSeparator()
    of_window = {action.objectName(): action for action in page.window().actions()}
    menu.addActions([of_window[name] for name in _OF_WINDOW if name in of_window])
