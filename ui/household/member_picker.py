"""Choosing a member of a household, or several: first the household by the search, then who of it."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QAbstractItemView, QLabel, QVBoxLayout, QWidget

from app.records.field import field_label
from app.records.row_views import MemberRow, member_rows
from app.records.search import search_households
from ui.household.household_picker import HouseholdPicker
from ui.shell.page import AppContext
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("name", field_label("member", "name"), width=10),
    Column("relation", field_label("member", "relation"), width=10),
    Column("sex", field_label("member", "sex"), width=6),
    Column("age", "年龄", align="right", width=6),
    Column("id_no", field_label("member", "id_no"), mask="id", width=20),
    Column("left", field_label("member", "left"), width=0),
)


class MemberPicker(Dialog):
    """The people of one household, those who left last; Enter takes the current one, or all that are selected."""

    def __init__(
        self, members: Sequence[MemberRow], found_id: str, title: str, parent: QWidget, *, multiple: bool = False
    ) -> None:
        """
        Args:
            found_id: whom the search found; stands selected at first
            multiple: whether several may be chosen
        """
        super().__init__(parent)
        self.setObjectName("chooseMember")
        self.setWindowTitle(title)
        self.resize(720, 360)
        self.table = RowTable("memberChoice", "家庭成员")
        self.table.set_columns(_COLUMNS)
        if not multiple:
            self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.set_rows([_row(member) for member in members])
        self.table.set_current_id(found_id or members[0].id)
        self.table.row_activated.connect(lambda _: self.accept())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(QLabel("哪几位？按住 Ctrl 或 Shift 多选。" if multiple else "哪一位？"))
        layout.addWidget(self.table)
        layout.addWidget(ButtonRow(self, "添加" if multiple else "下一步", "takeMember", cancel_name="leaveMember"))
        self.table.setFocus()

    @property
    def member_ids(self) -> list[str]:
        """Who is chosen."""
        return self.table.selected_ids()

    def accept(self) -> None:
        if self.member_ids:
            super().accept()


class MemberChoice:
    """The two dialogs, one after the other; `dialog` is the one that is open."""

    def __init__(
        self,
        context: AppContext,
        title: str,
        parent: QWidget,
        chosen: Callable[[list[str]], object],
        *,
        multiple: bool = False,
    ) -> None:
        """
        Args:
            chosen: is told the ids of the members
            multiple: whether several of one household may be chosen
        """
        self._context, self._title, self._parent = context, title, parent
        self._chosen, self._multiple = chosen, multiple
        self.dialog: HouseholdPicker | MemberPicker | None = None

    def choose(self) -> None:
        """Ask for the household, then for its member."""
        self.dialog = picker = HouseholdPicker(self._context, self._title, "哪一户的？", self._parent)
        picker.accepted.connect(lambda: self.choose_of(picker.household_id, picker.search.text()))
        picker.open()

    def choose_of(self, household_id: str, typed: str = "") -> None:
        """Ask for a member of this household, whom the text found first."""
        self._context.read(self._ask, _members, household_id, typed)

    def _ask(self, found: tuple[list[MemberRow], str]) -> None:
        members, found_id = found
        if not members:
            self._context.status_bar.info("这一户没有登记家庭成员。请先在“家庭成员”里登记。")
        elif len(members) == 1:
            self._chosen([members[0].id])
        else:
            self.dialog = picker = MemberPicker(members, found_id, self._title, self._parent, multiple=self._multiple)
            picker.accepted.connect(lambda: self._chosen(picker.member_ids))
            picker.open()


def _members(session: Any, household_id: str, typed: str) -> tuple[list[MemberRow], str]:
    """The people of a household, and the id of whom the text finds among them."""
    members = member_rows(session, household_id)
    hits = search_households(session, typed) if typed.strip() else []
    found = next((hit.member_id for hit in hits if hit.household_id == household_id), "")
    return members, found if any(member.id == found for member in members) else ""


def _row(member: MemberRow) -> Row:
    cells = {name: getattr(member, name) for name in ("name", "relation", "sex", "age", "id_no", "left")}
    return Row(member.id, cells, "quiet" if member.left else "")
