"""Small dialogs of members: who comes, who goes and why, who becomes the head."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.records.field import Value, field
from app.records.row_views import MemberRow
from resources.option_roles import value_of
from ui.widgets.button_row import ButtonRow
from ui.widgets.record_form import RecordForm

_NEW_MEMBER_FIELDS = ("name", "relation", "id_no", "sex", "birth", "joined", "joined_on")


class _MemberDialog(QDialog):
    """Fields, a sentence, and 确定 that is refused in place while something is missing."""

    def __init__(self, title: str, explanation: str, table: str, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.main_layout = QVBoxLayout(self)
        if explanation:
            explanation_label = QLabel(explanation)
            explanation_label.setWordWrap(True)
            self.main_layout.addWidget(explanation_label)
        self.form = RecordForm([field(table, name) for name in names], columns=1)
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

    def __init__(self, parent: QWidget) -> None:
        super().__init__("新增成员", "填了证件号码，性别和出生日期会自动带出。", "member", _NEW_MEMBER_FIELDS, parent)
        self.form.load({"joined_on": date.today()})

    def values(self) -> Mapping[str, Value]:
        return self.form.values()


class RemoveMemberDialog(_MemberDialog):
    """Why and when a member goes; where the head goes, who becomes the head."""

    def __init__(self, member_row: MemberRow, others: Sequence[MemberRow], parent: QWidget) -> None:
        explanation = f"“{member_row.name}”的资料会保留，只是不再算作家庭人口。"
        super().__init__("成员减少", explanation, "member", ("left", "left_on"), parent)
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
    """What the former head is to the new one."""

    def __init__(self, member_row: MemberRow, former_head: MemberRow | None, parent: QWidget) -> None:
        explanation = f"户主将改为“{member_row.name}”。" + (
            f"请选原户主“{former_head.name}”与新户主的关系。" if former_head else ""
        )
        super().__init__("变更户主", explanation, "member", ("relation",) if former_head else (), parent)
        self._has_former = former_head is not None

    @property
    def former_relation(self) -> str:
        return str(self.form.values()["relation"] or "") if self._has_former else value_of("relation", "other")
