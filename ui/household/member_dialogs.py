"""Small dialogs of members: who comes, who goes and why, who becomes the head."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.records.field import Field, Value, field
from app.records.membership import proposed_relations
from app.records.row_views import MemberRow
from ui.household.relation_form import RelationForm
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog, fit_on_screen
from ui.widgets.field_controls import FieldControl
from ui.widgets.record_form import RecordForm

_NEW_MEMBER_FIELDS = ("name", "relation", "id_no", "sex", "birth", "joined", "joined_on")


class _MemberDialog(Dialog):
    """Fields, a sentence, and 确定 that is refused in place while something is missing."""

    def __init__(self, household: str, title: str, explanation: str, form: RecordForm, parent: QWidget) -> None:
        """`household`: what it is called, for the title."""
        super().__init__(parent)
        self.setWindowTitle(f"{title}（{household}）")
        self.setMinimumWidth(480)
        self.main_layout = QVBoxLayout(self)
        if explanation:
            explanation_label = QLabel(explanation)
            explanation_label.setWordWrap(True)
            self.main_layout.addWidget(explanation_label)
        self.form = form
        self.main_layout.addWidget(self.form)
        self.basis_form = RecordForm([_basis_that_may_follow()], columns=1)
        self.main_layout.addWidget(self.basis_form)
        self.buttons = ButtonRow(self, title)
        self.main_layout.addWidget(self.buttons)

    @property
    def basis(self) -> str:
        """What proves it, "" where that is told later."""
        return str(self.basis_form.values()["basis"] or "")

    def accept(self) -> None:
        if not self.form.show_errors() and not self.has_missing():
            super().accept()

    def has_missing(self) -> bool:
        """Whether something is not filled in that the form does not ask for by itself; says what."""
        return False


def _basis_that_may_follow() -> Field:
    """依据 of the event, not asked for at once."""
    basis = field("life_event", "basis")
    return replace(basis, spec=replace(basis.spec, required=False, hint="可以以后在动态管理里补"))


class AddMemberDialog(_MemberDialog):
    """A new member: what must be known now; the rest is filled in afterwards."""

    def __init__(self, household: str, parent: QWidget) -> None:
        asked = [field("member", name) for name in _NEW_MEMBER_FIELDS]
        explanation = "填写证件号码后，性别和出生日期自动填入。写了增加原因的，同时记入动态管理。"
        super().__init__(household, "新增成员", explanation, RecordForm(asked, columns=1), parent)
        self.form.load({"joined_on": date.today()})

    def values(self) -> Mapping[str, Value]:
        return self.form.values()


class RemoveMemberDialog(_MemberDialog):
    """Why and when a member goes; where the head goes, who becomes the head and what the others are to him."""

    def __init__(self, household: str, member_row: MemberRow, others: Sequence[MemberRow], parent: QWidget) -> None:
        """`others`: those who stay, where the head goes"""
        explanation = f"“{member_row.name}”的资料会保留，只是不再算作家庭人口。"
        fields = [field("member", name) for name in ("left", "left_on")]
        super().__init__(household, "成员减少", explanation, RecordForm(fields, columns=1), parent)
        self.form.load({"left_on": date.today()})
        self._others = others
        self._new_head_box = QComboBox()
        self._relation_form: RelationForm | None = None
        if others:
            self._add_new_head_box()

    def _add_new_head_box(self) -> None:
        box = self._new_head_box
        box.setObjectName("new_head")
        box.setAccessibleName("新户主")
        box.setPlaceholderText("请选择")
        for member in self._others:
            box.addItem(f"{member.name}（原{member.relation}）", member.id)
        box.setCurrentIndex(-1)
        box.currentIndexChanged.connect(lambda _: self._ask_relations())
        row = QFormLayout()
        row.addRow("新户主", box)
        self.main_layout.insertLayout(self.main_layout.indexOf(self.buttons), row)
        self._put_before_buttons(box)

    def _ask_relations(self) -> None:
        """Of everybody who stays, to the new head that is chosen."""
        if self._relation_form is not None:
            self.main_layout.removeWidget(self._relation_form)
            self._relation_form.setParent(None)
            self._relation_form.deleteLater()
            self._relation_form = None
        new_head = next(one for one in self._others if one.id == self.new_head)
        others = [one for one in self._others if one is not new_head]
        if others:
            self._relation_form = RelationForm(others, proposed_relations(new_head, others))
            self.main_layout.insertWidget(self.main_layout.indexOf(self.buttons), self._relation_form)
            self._relation_form.show()
            self._put_before_buttons(self._new_head_box, *self._relation_form.findChildren(FieldControl))
        self.adjustSize()
        fit_on_screen(self)

    def _put_before_buttons(self, *widgets: QWidget) -> None:
        """What was added after the buttons is reached by Tab before them."""
        stops = [widget.focusProxy() or widget for widget in widgets]
        for before, after in pairwise((*stops, self.buttons.accept_button, self.buttons.cancel_button)):
            self.setTabOrder(before, after)

    @property
    def reason(self) -> str:
        return str(self.form.values()["left"] or "")

    @property
    def day(self) -> date | None:
        day = self.form.values()["left_on"]
        return day if isinstance(day, date) else None

    @property
    def new_head(self) -> str:
        return str(self._new_head_box.currentData() or "")

    @property
    def relations(self) -> dict[str, str]:
        """Member who stays → relation to the new head."""
        return self._relation_form.relations if self._relation_form else {}

    def has_missing(self) -> bool:
        for name, present in (("left", self.reason), ("left_on", self.day)):
            if not present:
                self.form.set_message(name, f"请填写“{field('member', name).label}”。")
                self.form.focus_field(name)
                return True
        if self._others and not self.new_head:
            self._new_head_box.setFocus()
            self._new_head_box.showPopup()
            return True
        return self._relation_form is not None and self._relation_form.show_errors()


class ChangeHeadDialog(_MemberDialog):
    """What every other member is to the new head."""

    def __init__(self, household: str, new_head: MemberRow, others: Sequence[MemberRow], parent: QWidget) -> None:
        explanation = f"户主将改为“{new_head.name}”。" + ("请填写其他成员与新户主的关系。" if others else "")
        self.relation_form = RelationForm(others, proposed_relations(new_head, others))
        super().__init__(household, "变更户主", explanation, self.relation_form, parent)
        self.relation_form.focus_first_blank()

    @property
    def relations(self) -> dict[str, str]:
        """Member → relation to the new head."""
        return self.relation_form.relations
