"""Choosing one or several households out of all of them, found by the search of the list of households."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QAbstractItemView, QLabel, QVBoxLayout, QWidget

from app.list_views.household_source import household_source
from app.records.household_list import HouseholdQuery, listed
from ui.household.household_columns import column_sort_key, columns, table_rows
from ui.list_views.row_seeking import seek
from ui.shell.page import AppContext
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.paged_table import PagedTable
from ui.widgets.row_table import Row
from ui.widgets.search_line import SearchLine

_SHOWN = ("head", "group", "size", "kind", "household_no", "hamlet")
_FIRST_ROWS = 50  # that are read together with the ids


class HouseholdPicker(Dialog):
    """Type what is known of a household or of one of its people; go down; Enter. Rejected, it has chosen nothing."""

    def __init__(
        self,
        context: AppContext,
        title: str,
        prompt: str,
        parent: QWidget,
        *,
        accept_label: str = "下一步",
        village: str = "",
        excluded: Collection[str] = (),
        multiple: bool = False,
    ) -> None:
        """
        Args:
            village: code of the village whose households are offered, "" for all
            excluded: ids of households that are not offered
            multiple: whether several may be chosen
        """
        super().__init__(parent)
        self.setObjectName("chooseHousehold")
        self.setWindowTitle(title)
        self.resize(760, 480)
        self.household_ids: list[str] = []
        self._context, self._village, self._excluded = context, village, frozenset(excluded)
        self._village_names = {village.code: village.name for village in context.workbook.villages}
        self._asked: HouseholdQuery | None = None  # what the answer under way is to
        self._sort: tuple[str, bool] = ("", False)
        self._accept_pending = False  # Enter was pressed before the answer came
        self.search = SearchLine("householdSearch", "查找农户", "姓名、首字母、村组、户编号或证件号码末几位")
        self.table = self._make_table(multiple)
        self._build_layout(prompt, accept_label, multiple)
        self.search.textChanged.connect(lambda _: self._ask())
        self.search.returnPressed.connect(self.accept)
        self.search.lead_to(self.table)
        self.search.setFocus()
        self._ask()

    def _make_table(self, multiple: bool) -> PagedTable:
        table = PagedTable("householdChoice", "农户")
        shown = ("village", *_SHOWN) if len(self._village_names) > 1 and not self._village else _SHOWN
        table.set_columns([column for column in columns(many_villages=True) if column.key in shown])
        table.placeholder = "没有这样的户。"
        if not multiple:
            table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.row_activated.connect(lambda _: self.accept())
        table.paged.wanted.connect(self._read_page)
        table.paged.sorted_by.connect(self._sort_by)
        table.begin_wanted.connect(partial(seek, self._context, household_source, table))
        return table

    def _build_layout(self, prompt: str, accept_label: str, multiple: bool) -> None:
        question = QLabel(prompt)
        question.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        for widget in (question, self.search, self.table):
            layout.addWidget(widget)
        if multiple:
            hint = QLabel("按住 Ctrl 或 Shift 多选，Ctrl+A 全选。")
            hint.setProperty("quiet", True)
            layout.addWidget(hint)
        layout.addWidget(ButtonRow(self, accept_label, "takeHousehold", cancel_name="leaveHousehold"))

    def _query(self) -> HouseholdQuery:
        key, descending = self._sort
        column = next((column for column in self.table.paged.columns if column.key == key), None)
        return HouseholdQuery(
            typed=self.search.text(),
            village=self._village,
            sort=key,
            descending=descending,
            sort_key=column_sort_key(column) if column else None,
        )

    def _sort_by(self, column: int, descending: bool) -> None:
        self._sort = (self.table.paged.columns[column].key if column >= 0 else "", descending)
        self._ask()

    def _ask(self) -> None:
        """Ask which households fit; while one answer is under way the next question waits."""
        if self._asked is None:
            self._asked = self._query()
            self._context.read(
                self._show, _find, self._asked, self._excluded, self._village_names, failed=self._on_failed
            )

    def _on_failed(self, error: object) -> None:
        self._asked = None
        self._context.status_bar.error(error)

    def _show(self, found: tuple[Sequence[str], list[Row]]) -> None:
        answered, self._asked = self._asked, None
        self.table.set_ids(*found)
        if self._query() != answered:
            self._ask()
        elif self._accept_pending:
            self.accept()

    def _read_page(self, ids: list[str]) -> None:
        self._context.read(
            self.table.paged.put, table_rows, ids, self._village_names, failed=lambda _: self.table.paged.put(())
        )

    @property
    def household_id(self) -> str:
        """Id of the household that was chosen."""
        return self.household_ids[0]

    def accept(self) -> None:
        self._accept_pending = self._asked is not None
        if self._accept_pending:
            return
        self.household_ids = self.table.selected_ids()
        if self.household_ids:
            super().accept()
        else:
            self.search.setFocus()


def _find(
    session: Any, query: HouseholdQuery, excluded: frozenset[str], village_names: Mapping[str, str]
) -> tuple[Sequence[str], list[Row]]:
    """Ids of what is offered, in their order, and the rows that are seen first."""
    ids = [id for id in listed(session, query).ids if id not in excluded]
    return ids, table_rows(session, ids[:_FIRST_ROWS], village_names)
