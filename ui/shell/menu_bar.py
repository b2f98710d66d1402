"""The menu bar: every command of the window and of the page that is shown, each with its key."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from app.registers.engine.topic import Topic
from ui.shell.navigation import FOLDED_AT_FIRST, group_order
from ui.shell.page import SUBMENU, Page
from ui.shell.theme import APPEARANCES, choose_appearance, chosen_appearance


class MenuBar(QMenuBar):
    """Menus of the window, and between them one that is the page's.

    A menu's letter (Alt and the letter) is left out while the page has that key itself: pressed twice it would do
    nothing. F10 opens the menus in any case.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("menuBar")
        self.setNativeMenuBar(False)
        self._letters: dict[QMenu, tuple[str, str]] = {}
        self.file_menu = self._add_menu("文件", "F", "fileMenu")
        self.edit_menu = self._add_menu("编辑", "E", "editMenu")
        self.view_menu = self._add_menu("查看", "V", "viewMenu")
        self.pages_menu = self._add_menu("转到", "G", "pagesMenu")
        self.page_menu = self._add_menu("", "", "pageMenu")
        self.help_menu = self._add_menu("帮助", "H", "helpMenu")
        self._page: Page | None = None
        self._submenus: dict[str, QMenu] = {}  # of the page's menu, by title
        self.page_menu.aboutToShow.connect(self._fill_page_menu)

    def _add_menu(self, label: str, letter: str, name: str) -> QMenu:
        menu = self.addMenu(label)
        menu.setObjectName(name)
        menu.setToolTipsVisible(False)
        self._letters[menu] = (label, letter)
        return menu

    def add_appearance_menu(self) -> None:
        """Light, dark, or as the desktop is: for this computer, not for the workbook.

        It comes last: where a menu begins with another, Right goes into that instead of to the next menu.
        """
        self.view_menu.addSeparator()
        menu = self.view_menu.addMenu("外观")
        menu.setObjectName("appearanceMenu")
        group = QActionGroup(menu)
        for appearance, label in APPEARANCES.items():
            action = menu.addAction(label)
            action.setObjectName(f"appearance_{appearance}")
            action.setCheckable(True)
            action.setChecked(appearance == chosen_appearance())
            action.triggered.connect(partial(self._choose_appearance, appearance))
            group.addAction(action)

    def _choose_appearance(self, appearance: str) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        choose_appearance(application, appearance)

    def fill_pages_menu(self, pages: Sequence[tuple[type[Page], QAction]]) -> None:
        """Pages group by group; a group that the rail folds is a menu of its own, and so are the topics within it."""
        ordered = sorted(pages, key=lambda page: (group_order(page[0].GROUP), page[0].GROUP))
        for group, of_group in groupby(ordered, key=lambda page: page[0].GROUP):
            members = list(of_group)
            if group in FOLDED_AT_FIRST:
                menu = self.pages_menu.addMenu(group)
                menu.setObjectName(f"pages_{FOLDED_AT_FIRST.index(group)}")
                _fill_with_topics(menu, members)
            else:
                self.pages_menu.addSeparator()
                self.pages_menu.addActions([action for _, action in members])

    def show_page(self, page: Page) -> None:
        """Another page's commands take the place of these."""
        self._page = page
        self._letters[self.page_menu] = (page.TITLE, "")
        taken = {action.shortcut().toString() for action in page.actions()}
        for menu, (label, letter) in self._letters.items():
            menu.setTitle(f"{label}(&{letter})" if letter and f"Alt+{letter}" not in taken else label)
        self._fill_page_menu()

    def _fill_page_menu(self) -> None:
        """What the tool bar shows first; below it what the page can do besides."""
        if self._page is None:
            return
        self.page_menu.clear()
        for menu in self._submenus.values():
            menu.deleteLater()
        self._submenus = {}
        shown = self._page.visible_actions()
        self.page_menu.addActions(shown)
        self.page_menu.addSeparator()
        for action in self._page.actions():
            if action not in shown:
                _menu_of(action, self.page_menu, self._submenus).addAction(action)

    def open_first(self) -> None:
        """As F10 does everywhere."""
        self.setActiveAction(self.file_menu.menuAction())


def _menu_of(action: QAction, menu: QMenu, submenus: dict[str, QMenu]) -> QMenu:
    """The menu itself, or the one within it that the action asks for; it stands where the first of them would."""
    title = action.property(SUBMENU)
    if not title:
        return menu
    if title not in submenus:
        submenus[title] = menu.addMenu(title)
        submenus[title].setObjectName(f"page_{len(submenus)}")
    return submenus[title]


def _fill_with_topics(menu: QMenu, members: Sequence[tuple[type[Page], QAction]]) -> None:
    """The pages of a group: those of each topic in a menu of its own, first those without."""
    for topic in (None, *Topic):
        actions = [action for page, action in members if page.TOPIC is topic]
        if actions:
            below = menu if topic is None else menu.addMenu(topic.label)
            below.setObjectName(below.objectName() or f"topic_{topic.name.lower() if topic else ''}")
            below.addActions(actions)
