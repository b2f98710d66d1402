"""家庭成员: who is there and who left, the form of one of them, and coming and going."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QVBoxLayout

from app.dashboard.household_counts import CountedHousehold, PartCount, member_count
from app.life_events.person_events import record_arrival, record_departure, record_head, told
from app.life_events.planning import EventPlan
from app.records.field import field_label
from app.records.household import HouseholdDetails
from app.records.membership import add_member
from app.records.row_views import HEAD_RELATION, MemberRow
from ui.household.household_part import HouseholdPart
from ui.household.member_dialogs import AddMemberDialog, ChangeHeadDialog, RemoveMemberDialog
from ui.shell.page import AppContext
from ui.widgets.list_with_detail import ListWithDetail
from ui.widgets.record_editor import RecordEditor
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("name", "姓名", width=9),
    Column("relation", "关系", width=7),
    Column("sex", "性别", width=4, hidden=True),
    Column("age", "年龄", align="right", width=4),
    Column("health", field_label("member", "health"), width=0),
    Column("labour", field_label("member", "labour"), width=10),
    Column("id_no", field_label("member", "id_no"), mask="id", width=19, hidden=True),
    Column("left", "减少", width=10, hidden=True),
)
_GROUPS = (
    (
        "身份",
        ("name", "relation", "id_type", "id_no", "sex", "birth", "ethnic", "political", "person_no", "member_phone"),
    ),
    ("教育", ("education", "school_status", "school_name", "dropout_cause", "mandarin")),
    ("健康", ("health", "illness_name", "disability_no", "disability_kind", "disability_level")),
    (
        "劳动与务工",
        (
            "labour",
            "work_region",
            "work_place",
            "work_months",
            "work_company",
            "work_channel",
            "work_income_month",
            "public_job_kind",
            "public_job_months",
        ),
    ),
    (
        "保障",
        (
            "med_ins",
            "emp_med_ins",
            "serious_ins",
            "comm_ins",
            "med_rescue",
            "pension",
            "emp_pension",
            "dibao",
            "tekun",
            "relocated_person",
        ),
    ),
    ("增减", ("joined", "joined_on", "left", "left_on", "ident_date", "note")),
)


class MembersPart(HouseholdPart):
    """The table on the left, the form of the current member on the right."""

    TITLE = "家庭成员"
    ORDER = 20
    KEY = "2"
    TABLE = "member"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "成员"}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return member_count(session, household.id)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self.table = RowTable("members", "家庭成员")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = "还没有成员。按 Alt+A 新增。"
        self.editor = RecordEditor(context, "member", 3, _GROUPS, hint="在左边选一位成员。")
        self.table.row_activated.connect(lambda _: self.editor.form.focus_field("name"))
        self._add_button = self.add_button("join", "新增成员", "Alt+A", self._show_add_dialog)
        self._remove_button = self.add_button("leave", "成员减少", "Alt+D", self._show_remove_dialog)
        self._head_button = self.add_button("make_head", "设为户主", "Alt+H", self._show_head_dialog)
        buttons = (self._add_button, self._remove_button, self._head_button)
        self.records = ListWithDetail(self.table, self.editor, (370, 770), buttons=buttons, parent=self)
        self.records.record_opened.connect(self._on_member_opened)
        layout = QVBoxLayout(self)
        layout.addWidget(self.records)

    def show_card(self, card: HouseholdDetails) -> None:
        is_other_household = self._card is None or self._card.id != card.id
        self._card = card
        if is_other_household:
            self.editor.open("")
        self.table.set_rows([_row(member) for member in (*card.members, *card.former_members)])
        if not self.records.sync() and is_other_household and card.head:
            self.table.set_current_id(card.head.id)

    def focus_field(self, record_id: str, column: str) -> None:
        if self.table.set_current_id(record_id):
            self.editor.focus_field(column)

    def can_leave(self) -> bool:
        return self.editor.can_leave()

    def _on_member_opened(self, member_id: str) -> None:
        member = self._member(member_id)
        for button in (self._remove_button, self._head_button):
            button.setEnabled(member is not None and not member.left)
        if member is not None and member.relation == HEAD_RELATION:
            self._head_button.setEnabled(False)

    def _member(self, member_id: str) -> MemberRow | None:
        members = (*self._card.members, *self._card.former_members) if self._card else ()
        return next((member for member in members if member.id == member_id), None)

    def _show_add_dialog(self) -> None:
        if self._card is None or not self.can_leave():
            return
        dialog = AddMemberDialog(self._card.called, self)
        if dialog.exec():
            values, workbook = dialog.values(), self.context.workbook
            if values.get("joined"):
                self._record(partial(record_arrival, workbook, self._card.id, values, dialog.basis), "已新增成员")
            else:  # somebody who was left out when the household was written down: nothing happened
                work = partial(add_member, workbook, self._card.id, values)
                self.context.write(work, lambda saved: self.records.select(saved.draft.id), "已新增成员")

    def _show_remove_dialog(self) -> None:
        member = self._member(self.table.current_id())
        if self._card is None or member is None or not self.can_leave():
            return
        others = [other_member for other_member in self._card.members if other_member.id != member.id]
        dialog = RemoveMemberDialog(self._card.called, member, others if member.relation == HEAD_RELATION else [], self)
        if not dialog.exec() or dialog.day is None:
            return
        work = partial(
            record_departure,
            self.context.workbook,
            self._card.id,
            member.id,
            dialog.reason,
            dialog.day,
            dialog.basis,
            new_head=dialog.new_head,
            relations=dialog.relations,
        )
        self._record(work, f"“{member.name}”已减少")

    def _show_head_dialog(self) -> None:
        member = self._member(self.table.current_id())
        if self._card is None or member is None or not self.can_leave():
            return
        others = [other_member for other_member in self._card.members if other_member.id != member.id]
        dialog = ChangeHeadDialog(self._card.called, member, others, self)
        if dialog.exec():
            work = partial(record_head, self.context.workbook, self._card.id, member.id, dialog.relations, dialog.basis)
            self._record(work, f"户主已改为“{member.name}”")

    def _record(self, work: Callable[[], EventPlan], message: str) -> None:
        """Write an event of somebody, and say what else it changed."""

        def done(plan: EventPlan) -> None:
            self.context.status_bar.saved(message + told(plan))
            added = next((draft.id for draft in plan.drafts if draft.new and draft.table == self.TABLE), "")
            if added:
                self.records.select(added)

        self.context.tasks.start(work, done)


def _row(member: MemberRow) -> Row:
    cells = {
        "name": member.name,
        "relation": member.relation,
        "sex": member.sex,
        "age": member.age,
        "health": "、".join(member.health),
        "labour": member.labour,
        "id_no": member.id_no,
        "left": member.left,
    }
    return Row(member.id, cells, "quiet" if member.left else "")
