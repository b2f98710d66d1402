"""家庭成员: who is there and who left, the form of one of them, and coming and going."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.progress import Progress, Work
from app.records.field import label_of
from app.records.household import HouseholdCard
from app.records.lists import HEAD, MemberRow
from app.records.membership import change_head, join, leave
from app.workbook.workbook import Workbook
from ui.household.desk import Desk, Tab
from ui.household.editor import Editor
from ui.household.member_dialogs import HeadDialog, JoinDialog, LeaveDialog
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("name", "姓名", width=9),
    Column("relation", "关系", width=7),
    Column("sex", "性别", width=4, hidden=True),
    Column("age", "年龄", align="right", width=4),
    Column("health", label_of("member", "health"), width=0),
    Column("labour", label_of("member", "labour"), width=10),
    Column("id_no", label_of("member", "id_no"), mask="id", width=19, hidden=True),
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


class MembersTab(Tab):
    """The table on the left, the form of the current member on the right."""

    TITLE = "家庭成员"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._card: HouseholdCard | None = None
        self._wanted = ""  # who is to be pointed at when the list comes again
        self.table = RowTable("members", "家庭成员")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "还没有成员。按 Alt+A 新增。"
        self.editor = Editor(desk, "member", 2, _GROUPS, hint="在左边选一位成员。")
        self.table.pointed.connect(self._pointed)
        self.table.opened.connect(lambda _: self.editor.form.focus("name"))
        self._join = self.button("join", "新增成员", "Alt+A", self._ask_join)
        self._leave = self.button("leave", "成员减少", "Alt+D", self._ask_leave)
        self._head = self.button("make_head", "设为户主", "Alt+H", self._ask_head)
        buttons = QHBoxLayout()
        for one in (self._join, self._leave, self._head):
            buttons.addWidget(one)
        buttons.addStretch()
        left = QWidget()
        stacked = QVBoxLayout(left)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addWidget(self.table, 1)
        stacked.addLayout(buttons)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(left)
        parts.addWidget(self.editor)
        parts.setSizes([440, 700])
        parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.addWidget(parts)

    def show_card(self, card: HouseholdCard) -> None:
        other = self._card is None or self._card.id != card.id
        self._card = card
        if other:
            self.editor.open("")
        self.table.set_rows([_row(one) for one in (*card.members, *card.left)])
        if self._wanted and self.table.point_at(self._wanted):
            self._wanted = ""
        elif other and card.head:
            self.table.point_at(card.head.id)
        self._pointed(self.table.current())

    def point(self, record_id: str, column: str) -> None:
        if self.table.point_at(record_id):
            self.editor.point(column)

    def may_leave(self) -> bool:
        return self.editor.may_leave()

    def _pointed(self, member_id: str) -> None:
        person = self._person(member_id)
        for one in (self._leave, self._head):
            one.setEnabled(person is not None and not person.left)
        if person is not None and person.relation == HEAD:
            self._head.setEnabled(False)
        if member_id != self.editor.record_id and not self.editor.may_leave():
            self.table.blockSignals(True)
            self.table.point_at(self.editor.record_id)
            self.table.blockSignals(False)
            return
        self.editor.open(member_id)

    def _person(self, member_id: str) -> MemberRow | None:
        people = (*self._card.members, *self._card.left) if self._card else ()
        return next((one for one in people if one.id == member_id), None)

    def _ask_join(self) -> None:
        if self._card is None or not self.may_leave():
            return
        dialog = JoinDialog(self)
        if dialog.exec():
            work = join(self.desk.office.workbook, self._card.id, dialog.values())
            self.desk.write(work, lambda saved: self._joined(saved.draft.id), "已新增成员")

    def _joined(self, member_id: str) -> None:
        self._wanted = member_id
        if self.table.point_at(member_id):
            self._wanted = ""

    def _ask_leave(self) -> None:
        person = self._person(self.table.current())
        if self._card is None or person is None or not self.may_leave():
            return
        others = [one for one in self._card.members if one.id != person.id]
        dialog = LeaveDialog(person, others if person.relation == HEAD else [], self)
        if not dialog.exec() or dialog.day is None:
            return
        work = leave(self.desk.office.workbook, person.id, dialog.reason, dialog.day, new_head=dialog.new_head)
        # coming back is the undo: the new head of a head who left stays, and is changed by hand
        self.desk.office.jobs.start(
            work,
            lambda _: self.desk.office.notices.offer_undo(f"“{person.name}”已减少", lambda: self._come_back(person.id)),
        )

    def _come_back(self, member_id: str) -> None:
        self.desk.write(_come_back(self.desk.office.workbook, member_id), said="已恢复为在册成员")

    def _ask_head(self) -> None:
        person = self._person(self.table.current())
        if self._card is None or person is None or not self.may_leave():
            return
        dialog = HeadDialog(person, self._card.head, self)
        if dialog.exec():
            work = change_head(self.desk.office.workbook, person.id, dialog.former_relation)
            self.desk.write(work, said=f"户主已改为“{person.name}”，请核对其他成员的“与户主关系”")


def _come_back(workbook: Workbook, member_id: str) -> Work[object]:
    from app.records.draft import open_draft, save_draft

    yield Progress(0, 1)
    with workbook.reading() as session:
        draft = open_draft(session, "member", member_id)
    return (yield from save_draft(workbook, draft.with_values(left=None, left_on=None)))


def _row(one: MemberRow) -> Row:
    cells = {
        "name": one.name,
        "relation": one.relation,
        "sex": one.sex,
        "age": one.age,
        "health": "、".join(one.health),
        "labour": one.labour,
        "id_no": one.id_no,
        "left": one.left,
    }
    return Row(one.id, cells, "quiet" if one.left else "")
