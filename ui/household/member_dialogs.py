"""Small dialogs of members: who comes, who goes and why, who becomes the head."""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from app.records.field import Value, field
from app.records.lists import MemberRow
from ui.forms.record_form import RecordForm

_JOIN = ("name", "relation", "id_no", "sex", "birth", "joined", "joined_on")


class _Dialog(QDialog):
    """Fields, a sentence, and 确定 that is refused in place while something is missing."""

    def __init__(self, title: str, said: str, table: str, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.whole = QVBoxLayout(self)
        if said:
            sentence = QLabel(said)
            sentence.setWordWrap(True)
            self.whole.addWidget(sentence)
        self.form = RecordForm([field(table, name) for name in names], columns=1)
        self.form.load({})
        self.whole.addWidget(self.form)
        self.more = QFormLayout()
        self.whole.addLayout(self.more)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(title)
        ok.setObjectName("ok")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("取消")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.whole.addWidget(buttons)

    def accept(self) -> None:
        if not self.form.show_faults() and not self.missing():
            super().accept()

    def missing(self) -> bool:
        """Whether something is not filled in that the form does not ask for by itself; says what."""
        return False

    def choice(self, name: str, label: str, options: Sequence[tuple[str, str]]) -> QComboBox:
        """A list of (id, what is shown) below the form, nothing chosen."""
        made = QComboBox()
        made.setObjectName(name)
        made.setAccessibleName(label)
        made.setPlaceholderText("请选择")
        for key, shown in options:
            made.addItem(shown, key)
        made.setCurrentIndex(-1)
        self.more.addRow(label, made)
        return made


class JoinDialog(_Dialog):
    """A new member: what must be known now; the rest is filled in afterwards."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("新增成员", "填了证件号码，性别和出生日期会自动带出。", "member", _JOIN, parent)
        self.form.load({"joined_on": date.today()})

    def values(self) -> Mapping[str, Value]:
        return self.form.values()


class LeaveDialog(_Dialog):
    """Why and when a member goes; where the head goes, who becomes the head."""

    def __init__(self, person: MemberRow, others: Sequence[MemberRow], parent: QWidget) -> None:
        said = f"“{person.name}”的资料会保留，只是不再算作家庭人口。"
        super().__init__("成员减少", said, "member", ("left", "left_on"), parent)
        self.form.load({"left_on": date.today()})
        self._heads = self.choice("new_head", "新户主", [(one.id, one.name) for one in others]) if others else None

    @property
    def reason(self) -> str:
        return str(self.form.values()["left"] or "")

    @property
    def day(self) -> date | None:
        day = self.form.values()["left_on"]
        return day if isinstance(day, date) else None

    @property
    def new_head(self) -> str:
        return str(self._heads.currentData() or "") if self._heads else ""

    def missing(self) -> bool:
        for name, present in (("left", self.reason), ("left_on", self.day)):
            if not present:
                self.form.show_fault(name, f"请填写“{field('member', name).label}”。")
                self.form.focus(name)
                return True
        if self._heads is not None and not self.new_head:
            self._heads.setFocus()
            self._heads.showPopup()
            return True
        return False


class HeadDialog(_Dialog):
    """What the former head is to the new one."""

    def __init__(self, person: MemberRow, former: MemberRow | None, parent: QWidget) -> None:
        said = f"户主将改为“{person.name}”。" + (f"请选原户主“{former.name}”与新户主的关系。" if former else "")
        super().__init__("变更户主", said, "member", ("relation",) if former else (), parent)
        self._has_former = former is not None

    @property
    def former_relation(self) -> str:
        return str(self.form.values()["relation"] or "") if self._has_former else "其他"
