"""Small dialogs of members: who comes, who goes and why, who becomes the head."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.records.field import Field, Value, field
from app.records.membership import proposed_relations
from app.records.row_views import HEAD_RELATION, MemberRow
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.record_form import RecordForm

_NEW_MEMBER_FIELDS = ("name", "relation", "id_no", "sex", "birth", "joined", "joined_on")


class _MemberDialog(Dialog):
    """Fields, a sentence, and 确定 that is refused in place while something is missing."""

    def __init__(self, household: str, title: str, explanation: str, fields: Sequence[Field], parent: QWidget) -> None:
        """`household`: what it is called, for the title."""
        super().__init__(parent)
        self.setWindowTitle(f"{title}（{household}）")
        self.setMinimumWidth(480)
        self.main_layout = QVBoxLayout(self)
        if explanation:
            explanation_label = QLabel(explanation)
            explanation_label.setWordWrap(True)
            self.main_layout.addWidget(explanation_label)
        self.form = RecordForm(fields, columns=1)
        self.form.load({})
        self.main_layout.addWidget(self.form)
        self.extra_form = QFormLayout()
        self.main_layout.addLayout(self.extra_form)
        buttons = ButtonRow(self, title)
        self.main_layout.addWidget(buttons)

    def accept(self) -> None:
        if not self.form.show_errors() and not self.has_missing():
            super().accept()

    def has_missing(self) -> bool:
        """Whether something is not filled in that the form does not ask for by itself; says what."""
        return False

    def add_choice(self, name: str, label: str, options: Sequence[tuple[str, str]]) -> QComboBox:
        """A list of (id, what is shown) below the form, nothing chosen."""
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        combo.setPlaceholderText("请选择")
        for key, text in options:
            combo.addItem(text, key)
        combo.setCurrentIndex(-1)
        self.extra_form.addRow(label, combo)
        return combo


class AddMemberDialog(_MemberDialog):
    """A new member: what must be known now; the rest is filled in afterwards."""

    def __init__(self, household: str, parent: QWidget) -> None:
        asked = [field("member", name) for name in _NEW_MEMBER_FIELDS]
        super().__init__(household, "新增成员", "填写证件号码后，性别和出生日期自动填入。", asked, parent)
        self.form.load({"joined_on": date.today()})

    def values(self) -> Mapping[str, Value]:
        return self.form.values()


class RemoveMemberDialog(_MemberDialog):
    """Why and when a member goes; where the head goes, who becomes the head."""

    def __init__(self, household: str, member_row: MemberRow, others: Sequence[MemberRow], parent: QWidget) -> None:
        explanation = f"“{member_row.name}”的资料会保留，只是不再算作家庭人口。"
        super().__init__(
            household, "成员减少", explanation, [field("member", name) for name in ("left", "left_on")], parent
        )
        self.form.load({"left_on": date.today()})
        self._new_head_box = (
            self.add_choice("new_head", "新户主", [(member.id, member.name) for member in others]) if others else None
        )

    @property
    def reason(self) -> str:
        return str(self.form.values()["left"] or "")

    @property
    def day(self) -> date | None:
        day = self.form.values()["left_on"]
        return day if isinstance(day, date) else None

    @property
    def new_head(self) -> str:
        return str(self._new_head_box.currentData() or "") if self._new_head_box else ""

    def has_missing(self) -> bool:
        for name, present in (("left", self.reason), ("left_on", self.day)):
            if not present:
                self.form.set_message(name, f"请填写“{field('member', name).label}”。")
                self.form.focus_field(name)
                return True
        if self._new_head_box is not None and not self.new_head:
            self._new_head_box.setFocus()
            self._new_head_box.showPopup()
            return True
        return False


class ChangeHeadDialog(_MemberDialog):
    """What every other member is to the new head; certain ones are proposed."""

    def __init__(self, household: str, new_head: MemberRow, others: Sequence[MemberRow], parent: QWidget) -> None:
        explanation = (
            f"户主将改为“{new_head.name}”。请填写其他成员与新户主的关系。"
            if others
            else (f"户主将改为“{new_head.name}”。")
        )
        relation = field("member", "relation")
        asked = [
            replace(relation, name=one.id, spec=replace(relation.spec, label=f"{one.name}（原{one.relation}）"))
            for one in others
        ]
        super().__init__(household, "变更户主", explanation, asked, parent)
        self.form.load(proposed_relations(new_head, others))
        self._focus_first_blank()

    @property
    def relations(self) -> dict[str, str]:
        """Member → relation to the new head."""
        return {id: str(value) for id, value in self.form.values().items() if value}

    def _focus_first_blank(self) -> None:
        blank = next((id for id, value in self.form.values().items() if value is None), "")
        if blank:
            self.form.focus_field(blank)

    def has_missing(self) -> bool:
        for id, relation in self.relations.items():
            if relation == HEAD_RELATION:
                self.form.set_message(id, "一户只有一位户主。")
                self.form.focus_field(id)
                return True
        return False
