"""Whom an event is about: who is chosen, who becomes the head, what the others are to the head."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.life_events.event_kind import EventKind
from app.records.membership import proposed_relations
from app.records.row_views import HEAD_RELATION, MemberRow
from ui.household.relation_form import RelationForm

_ID_ROLE = Qt.ItemDataRole.UserRole


class PeoplePane(QWidget):
    """What is asked follows from the kind of event, and changes with who is chosen."""

    def __init__(self, kind: EventKind, people: Sequence[MemberRow], arriving: Sequence[MemberRow] = ()) -> None:
        """`arriving`: the members of another household that becomes part of this one."""
        super().__init__()
        self._kind, self._people, self._arriving = kind, list(people), list(arriving)
        self.relation_form: RelationForm | None = None
        self._asked_about: list[str] = []  # whose relations the form asks for, then the head it asks them to
        self.person_box, self.head_box = _person_box("person", "哪一位"), _person_box("new_head", "新户主")
        self.member_list = QListWidget()
        self.member_list.setObjectName("members_of_event")
        self.member_list.setAccessibleName("分出去的成员")
        self.member_list.setMaximumHeight(150)
        for one in self._people:
            self.person_box.addItem(_called(one), one.id)
            item = QListWidgetItem(_called(one))
            item.setData(_ID_ROLE, one.id)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.member_list.addItem(item)
        self.person_box.setCurrentIndex(-1)
        rows = QFormLayout()
        if kind.chosen == "one":
            rows.addRow("哪一位", self.person_box)
        if kind.chosen == "some":
            rows.addRow("分出去的成员（空格打勾）", self.member_list)
        if kind.head:
            rows.addRow("新户主", self.head_box)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addLayout(rows)
        self._rows = rows
        self.person_box.currentIndexChanged.connect(lambda _: self._offer_heads())
        self.member_list.itemChanged.connect(lambda _: self._offer_heads())
        self.head_box.currentIndexChanged.connect(lambda _: self._ask_relations())
        self._offer_heads()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of those whom it is about."""
        if self._kind.chosen == "one":
            return tuple(filter(None, [str(self.person_box.currentData() or "")]))
        items = [self.member_list.item(n) for n in range(self.member_list.count())]
        return tuple(str(one.data(_ID_ROLE)) for one in items if one.checkState() == Qt.CheckState.Checked)

    @property
    def new_head(self) -> str:
        return str(self.head_box.currentData() or "") if self.head_box.count() else ""

    @property
    def relations(self) -> dict[str, str]:
        return self.relation_form.relations if self.relation_form is not None else {}

    def is_complete(self) -> bool:
        """False where a relation is missing or refused, which is then shown in place."""
        return self.relation_form is None or not self.relation_form.show_errors()

    def _candidates(self) -> list[MemberRow]:
        """Who may become the head."""
        chosen = self.chosen
        if self._kind.head == "left":
            is_head = any(one.id in chosen and one.relation == HEAD_RELATION for one in self._people)
            return [one for one in self._people if one.id not in chosen] if is_head else []
        if self._kind.chosen == "some":
            return [one for one in self._people if one.id in chosen]
        return [one for one in self._people if one.relation != HEAD_RELATION] if self._kind.head else []

    def _offer_heads(self) -> None:
        candidates, former = self._candidates(), self.new_head
        if self._kind.head:
            self._rows.setRowVisible(self.head_box, bool(candidates))
        self.head_box.blockSignals(True)
        self.head_box.clear()
        for one in candidates:
            self.head_box.addItem(_called(one), one.id)
        only = candidates[0].id if len(candidates) == 1 else ""
        self.head_box.setCurrentIndex(self.head_box.findData(only or former))
        self.head_box.blockSignals(False)
        self._ask_relations()

    def _ask_relations(self) -> None:
        """Of everybody who lives with the new head, or who comes into the household."""
        head = next((one for one in self._people if one.id == self.new_head), None)
        living = self._candidates() if self._kind.chosen else self._people
        others = [one for one in living if head is not None and one.id != head.id] or self._arriving
        asked_about = [*(one.id for one in others), head.id if head else ""]
        if asked_about == self._asked_about:
            return
        self._asked_about = asked_about
        if self.relation_form is not None:
            self._layout.removeWidget(self.relation_form)
            self.relation_form.deleteLater()
            self.relation_form = None
        if others:
            self.relation_form = RelationForm(others, proposed_relations(head, others) if head else {})
            self._layout.addWidget(self.relation_form)


def _person_box(name: str, label: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(label)
    box.setPlaceholderText("请选择")
    return box


def _called(one: MemberRow) -> str:
    return f"{one.name}（{one.relation}）"
