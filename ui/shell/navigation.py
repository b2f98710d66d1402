"""The rail at the left: the palette's field, the pages in groups with what waits, and at the foot what can always be
done. Groups and the topics within them fold, and the rail itself folds to its icons."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.dashboard.waiting import WaitingCount
from app.registers.engine.topic import Topic
from ui.shell.navigation_delegate import (
    COUNT_ROLE,
    FOLDED_ROLE,
    HEADING_ROLE,
    OPEN_ROLE,
    TOPIC_ROLE,
    NavigationDelegate,
)
from ui.shell.shortcut_text import display_text
from ui.widgets.icons import icon

# in this order; every page declares one of them
GROUPS = ("日常", "帮扶", "检查整改", "帮扶台账", "村务台账", "数据", "交换", "打印", "管理")
COLLAPSED_WIDTH = 52  # pixels: an icon and its margins
_REGISTERS = ("帮扶台账", "村务台账")
FOLDED_AT_FIRST = (*_REGISTERS, "管理")  # so that what is opened every day stays in sight
_NAME_ROLE = Qt.ItemDataRole.UserRole
_URGENCIES = ("quiet", "warn", "bad")


def group_order(group: str) -> int:
    """Where a group stands; one that is not among GROUPS stands with the registers."""
    return GROUPS.index(group if group in GROUPS else _REGISTERS[0])


class Navigation(QFrame):
    """Pages by name. Arrows move, Enter or a click opens; left and right fold a group.

    Signals:
        page_selected: name of the page the officer asks for
    """

    page_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._pages: dict[str, QTreeWidgetItem] = {}
        self._tool_tips: dict[str, str] = {}
        self._headings: dict[str, QTreeWidgetItem] = {}
        self._topics: dict[Topic, QTreeWidgetItem] = {}
        self.palette_field = QPushButton()
        self.palette_field.setObjectName("paletteField")
        self.palette_field.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it has its key
        self.page_tree = self._make_tree()
        self._delegate = NavigationDelegate(self.page_tree)
        self.page_tree.setItemDelegate(self._delegate)
        self._footer = QHBoxLayout()
        self._footer.setContentsMargins(6, 0, 6, 0)
        self._footer.setSpacing(2)
        self._footer.addStretch()
        field_row = QHBoxLayout()
        field_row.setContentsMargins(8, 8, 8, 6)
        field_row.addWidget(self.palette_field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(0)
        layout.addLayout(field_row)
        layout.addWidget(self.page_tree, 1)
        layout.addLayout(self._footer)
        self.collapsed = str(_settings().value("folded")) == "true"
        self._folded_groups = set(str(_settings().value("foldedGroups") or "").split())
        self._unfolded_groups = set(str(_settings().value("unfoldedGroups") or "").split())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """Let rows stand closer where the rail would roll for want of a line or two."""
        tree = self.page_tree
        self._delegate.is_close = False
        height, item = 0, tree.topLevelItem(0)
        while item is not None:
            height += tree.sizeHintForIndex(tree.indexFromItem(item)).height()
            item = tree.itemBelow(item)
        self._delegate.is_close = height > tree.viewport().height()
        tree.scheduleDelayedItemsLayout()

    def _make_tree(self) -> QTreeWidget:
        tree = _PageTree()
        tree.setObjectName("navigation")
        tree.setAccessibleName("页面")
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setIndentation(0)
        tree.setExpandsOnDoubleClick(False)
        tree.setMouseTracking(True)
        tree.header().setMinimumSectionSize(20)
        tree.header().setStretchLastSection(False)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.itemClicked.connect(self._on_chosen)
        tree.enter_pressed.connect(self._on_chosen)
        tree.itemExpanded.connect(self._on_fold_changed)
        tree.itemCollapsed.connect(self._on_fold_changed)
        return tree

    def add_page(
        self, name: str, title: str, icon_name: str, shortcut: str, group: str, topic: Topic | None = None
    ) -> None:
        """One more page at the end of its topic, or of its group where it has none."""
        item = QTreeWidgetItem([title])
        item.setIcon(0, icon(icon_name))
        item.setData(0, _NAME_ROLE, name)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, title)
        self._tool_tips[name] = f"{title}（{shortcut}）" if shortcut else title
        item.setToolTip(0, self._tool_tips[name])
        self._pages[name] = item
        (self._topic(topic) if topic is not None and topic.label else self._heading(group)).addChild(item)

    def set_listed(self, name: str, listed: bool) -> None:
        """Whether a page that was added is seen."""
        item = self._pages[name]
        if item.isHidden() == listed:
            item.setHidden(not listed)
            self._fit_rows()

    def finish(self) -> None:
        """All pages are there: groups and topics come in their order, some of them folded at first."""
        for topic in sorted(self._topics, key=list(Topic).index):
            self._heading(topic.group).addChild(self._topics[topic])
        for group in sorted(self._headings, key=group_order):
            heading = self._headings[group]
            only = heading.child(0)
            if heading.childCount() == 1 and only is not None and only.text(0) == group:
                heading.removeChild(only)  # a heading over its own name says nothing
                self.page_tree.addTopLevelItem(only)
                continue
            self.page_tree.addTopLevelItem(heading)
            at_first = group in FOLDED_AT_FIRST and group not in self._unfolded_groups
            self._set_folded(heading, at_first or group in self._folded_groups)
        for topic, heading in self._topics.items():
            self._set_folded(heading, topic.label not in self._unfolded_groups)

    def _heading(self, group: str) -> QTreeWidgetItem:
        if group not in self._headings:
            self._headings[group] = _make_heading(group)
        return self._headings[group]

    def _topic(self, topic: Topic) -> QTreeWidgetItem:
        if topic not in self._topics:
            heading = self._topics[topic] = _make_heading(topic.label)
            heading.setData(0, TOPIC_ROLE, True)
        return self._topics[topic]

    def add_action(self, action: QAction, icon_name: str) -> None:
        """Something that can be done on every page, at the foot."""
        action.setIcon(icon(icon_name, "quiet"))
        button = QToolButton()
        button.setObjectName(f"{action.objectName()}Button")
        button.setProperty("foot", True)
        button.setDefaultAction(action)
        button.setToolTip(f"{action.text()}（{display_text(action.shortcut())}）")
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setIconSize(QSize(18, 18))
        self._footer.insertWidget(self._footer.count() - 1, button)

    def set_palette_action(self, action: QAction) -> None:
        """What the field over the pages does."""
        self._palette_text = f"{action.text()}  {display_text(action.shortcut())}"
        self.palette_field.setAccessibleName(action.text())
        self.palette_field.setToolTip(f"{action.text()}（{display_text(action.shortcut())}）")
        self.palette_field.clicked.connect(action.trigger)

    def set_current(self, name: str) -> None:
        """Show which page is open, its group unfolded; a page that is not listed leaves the mark where it was."""
        if name not in self._pages:
            return
        for page, item in self._pages.items():
            item.setData(0, OPEN_ROLE, page == name)
        item = self._pages[name]
        for heading in _headings_over(item):
            self._set_folded(heading, False)
        self.page_tree.setCurrentItem(item)

    def set_counts(self, counts: Iterable[WaitingCount]) -> None:
        """What waits, beside the page where it is done."""
        for name, item in self._pages.items():
            item.setData(0, COUNT_ROLE, None)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, item.text(0))
            item.setToolTip(0, self._tool_tips[name])
        waiting = []
        for count in counts:
            page = self._pages.get(count.page)
            if page is not None and count.count:
                waiting.append(page)
                page.setData(0, COUNT_ROLE, count)
                page.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{page.text(0)}，{count.description}")
                page.setToolTip(0, f"{self._tool_tips[page.data(0, _NAME_ROLE)]}\n{count.description}")
        for heading in (*self._headings.values(), *self._topics.values()):
            below = (item for item in waiting if heading in _headings_over(item))
            urgent = [item.data(0, COUNT_ROLE) for item in below]
            worst = max(urgent, key=lambda count: _URGENCIES.index(count.urgency), default=None)
            heading.setData(0, COUNT_ROLE, worst)

    def set_collapsed(self, collapsed: bool) -> None:
        """Only icons, or titles as well; remembered."""
        self.collapsed = self._delegate.collapsed = collapsed
        _settings().setValue("folded", "true" if collapsed else "false")
        character_width = self.fontMetrics().horizontalAdvance("字")
        self.setFixedWidth(COLLAPSED_WIDTH if collapsed else max(172, 12 * character_width))
        self.palette_field.setText("" if collapsed else self._palette_text)
        self.palette_field.setIcon(icon("search", "quiet"))
        self._footer.setDirection(QBoxLayout.Direction.TopToBottom if collapsed else QBoxLayout.Direction.LeftToRight)
        self.page_tree.doItemsLayout()

    def _on_chosen(self, item: QTreeWidgetItem) -> None:
        """Opens a page, folds or unfolds a group."""
        if item.data(0, HEADING_ROLE):
            item.setExpanded(not item.isExpanded())
        else:
            self.page_selected.emit(item.data(0, _NAME_ROLE))

    def _set_folded(self, heading: QTreeWidgetItem, folded: bool) -> None:
        """Not by the officer, so nothing to remember."""
        self.page_tree.blockSignals(True)
        heading.setExpanded(not folded)
        heading.setData(0, FOLDED_ROLE, folded)
        self.page_tree.blockSignals(False)

    def _on_fold_changed(self, heading: QTreeWidgetItem) -> None:
        self._fit_rows()
        unfolded, group = heading.isExpanded(), heading.text(0)
        heading.setData(0, FOLDED_ROLE, not unfolded)
        (self._unfolded_groups if unfolded else self._folded_groups).add(group)
        (self._folded_groups if unfolded else self._unfolded_groups).discard(group)
        _settings().setValue("foldedGroups", " ".join(sorted(self._folded_groups)))
        _settings().setValue("unfoldedGroups", " ".join(sorted(self._unfolded_groups)))


class _PageTree(QTreeWidget):
    enter_pressed = Signal(object)  # QTreeWidgetItem

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines are as wide as there is room; a header that is hidden does not see to it."""
        super().resizeEvent(event)
        self.setColumnWidth(0, self.viewport().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the space bar choose; a second click of a double click must not, so no `itemActivated`."""
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.enter_pressed.emit(item)
        else:
            super().keyPressEvent(event)


def _make_heading(text: str) -> QTreeWidgetItem:
    heading = QTreeWidgetItem([text])
    heading.setData(0, HEADING_ROLE, True)
    heading.setData(0, Qt.ItemDataRole.AccessibleTextRole, text)
    return heading


def _headings_over(item: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    """The heading that a line stands under, and the one over that."""
    heading = item.parent()
    while heading is not None:
        yield heading
        heading = heading.parent()


def _settings() -> QSettings:
    return QSettings("hudang", "hudang")
