"""时间线: everything that happened to the household, by date; each line opens its record."""

from collections import Counter
from functools import partial

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout

from app.dashboard.timeline import TimelineEntry, household_timeline
from app.records.household import HouseholdDetails
from ui.household.household_part import HouseholdPart
from ui.shell.page import AppContext
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("day", "日期", width=11),
    Column("kind", "类别", width=15),
    Column("event", "事项", width=12),
    Column("text", "内容", width=0),
)
# records that no part of the household's page shows → the page where they stand
_PAGES = {"verdict": "issues", "archive_print": "printing"}


class TimelinePart(HouseholdPart):
    """The newest first; one kind at a time if the officer wants."""

    TITLE = "时间线"
    ORDER = 5
    KEY = "S"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._household_id = self._head = ""
        self._entries: list[TimelineEntry] = []
        self._request_number = 0  # counts readings, so that only the last one is shown
        self.kind_box = QComboBox()
        self.kind_box.setObjectName("timeline_kind")
        self.kind_box.setAccessibleName("类别")
        self.kind_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.kind_box.currentIndexChanged.connect(lambda _: self._filter())
        self.table = RowTable("timeline", self.TITLE)
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "还没有带日期的记录。"
        self.table.row_activated.connect(self._open_entry)
        line = QHBoxLayout()
        kind_label = QLabel("类别")
        kind_label.setProperty("quiet", True)
        line.addWidget(kind_label)
        line.addWidget(self.kind_box)
        line.addStretch()
        layout = QVBoxLayout(self)
        layout.addLayout(line)
        layout.addWidget(self.table, 1)

    def show_card(self, card: HouseholdDetails) -> None:
        if card.id != self._household_id:
            self._household_id = card.id
            self.table.set_rows([])
        self._head = card.head.name if card.head is not None else ""
        self._request_number += 1
        self.context.read(partial(self._show_entries, self._request_number), household_timeline, card.id)

    def _show_entries(self, request_number: int, entries: list[TimelineEntry]) -> None:
        if request_number != self._request_number:
            return
        self._entries = entries
        self._show_kinds(Counter(entry.kind for entry in entries))
        self.table.set_rows([_row(n, entry) for n, entry in enumerate(entries)])
        self._filter()

    def _show_kinds(self, counts: Counter[str]) -> None:
        """What the household has, the most frequent first; the kind that is chosen stays chosen while it is there."""
        chosen = self.kind_box.currentData()
        self.kind_box.blockSignals(True)
        self.kind_box.clear()
        self.kind_box.addItem(f"全部（{counts.total()}）", "")
        for kind, count in counts.most_common():
            self.kind_box.addItem(f"{kind}（{count}）", kind)
        self.kind_box.setCurrentIndex(max(0, self.kind_box.findData(chosen)))
        self.kind_box.blockSignals(False)

    def _filter(self) -> None:
        kind = self.kind_box.currentData()
        self.table.set_filter((lambda row: row.cells["kind"] == kind) if kind else None)

    def _open_entry(self, number: str) -> None:
        entry = self._entries[int(number)]
        page = _PAGES.get(entry.table)
        if page is not None:
            self.context.open(page, household=self._household_id, head=self._head, dismissed=True)
        else:
            self.context.open("household", household=self._household_id, at=(entry.table, entry.row_id, ""))


def _row(number: int, entry: TimelineEntry) -> Row:
    return Row(str(number), {"day": entry.day, "kind": entry.kind, "event": entry.event, "text": entry.text})
