"""Which list the sheet shows, of which year, and the words that narrow it."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery
from ui.widgets.search_combo import SearchCombo
from ui.widgets.search_line import SearchLine

_YEARS = 8


class ListChoice(QWidget):
    """Signals:
    list_chosen: key of another list
    changed: another year, other words, or all rows again
    """

    list_chosen = Signal(str)
    changed = Signal()

    def __init__(self, lists: tuple[Register, ...]) -> None:
        super().__init__()
        self._only: frozenset[str] = frozenset()
        self.lists = SearchCombo("grid_list", "名单", [(one.title, one.key) for one in lists])
        self.lists.setMinimumWidth(150)
        self.lists.chosen.connect(self._choose)
        self.years = QComboBox()
        self.years.setObjectName("grid_year")
        self.years.setAccessibleName("年度")
        this_year = date.today().year
        self.years.addItem("全部年度", 0)
        for year in range(this_year + 1, this_year - _YEARS, -1):
            self.years.addItem(f"{year}年", year)
        self.years.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.search = SearchLine("grid_search", "查找", "内容里的字")
        self.search.setMaximumWidth(220)
        self.search.textChanged.connect(lambda _: self.changed.emit())
        self.about = QLabel()
        self.about.setObjectName("grid_about")
        self.about.setProperty("quiet", True)
        self.all_button = QPushButton("看全部")
        self.all_button.setObjectName("grid_all")
        self.all_button.clicked.connect(lambda: self.narrow(frozenset(), ""))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        label = QLabel("名单")
        label.setBuddy(self.lists)
        for widget in (label, self.lists, self.years, self.search, self.about, self.all_button):
            layout.addWidget(widget)
        layout.addStretch(1)

    @property
    def only(self) -> frozenset[str]:
        """The ids that the list is narrowed to, none for all."""
        return self._only

    def show_list(self, register: Register) -> None:
        """Another list, whole; no signal."""
        self.blockSignals(True)
        self.lists.set_key(register.key)
        self.years.setVisible(bool(register.dated))
        self.years.setCurrentIndex(0)
        self.search.clear()
        self._narrow(frozenset(), "")
        self.blockSignals(False)

    def narrow(self, ids: frozenset[str], about: str) -> None:
        """Only these rows; `about`: which they are, in words."""
        self._narrow(ids, about)
        self.changed.emit()

    def _narrow(self, ids: frozenset[str], about: str) -> None:
        self._only = ids
        self.about.setText(about)
        self.all_button.setVisible(bool(ids))

    def query(self, sort: str) -> RowQuery:
        """What is set, in the order that the head of the table says."""
        return RowQuery(text=self.search.text(), year=int(self.years.currentData() or 0), sort=sort)

    def _choose(self, key: str) -> None:
        if key:
            self.list_chosen.emit(key)
