"""冲突: what two people wrote differently, side by side; one of them, or a third value, is kept."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.errors import FieldRefused
from app.exchange import conflicts
from app.exchange.conflicts import Conflict, Disputed, Side
from app.progress import Progress, Work
from app.records.field import Field, Value, field
from ui.exchange.settle_household import SettleHousehold
from ui.exchange.value_card import ValueCard
from ui.forms.controls import Control, control
from ui.page import Office, Page
from ui.tables.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from app.workbook.workbook import Changes, Workbook

_COLUMNS = (
    Column("household", "户", width=25),
    Column("about", "记录", width=12),
    Column("field", "项目", width=0),
)
_NONE = "没有冲突。\n两台电脑把同一格写成不同的内容、又互相导入以后，会列在这里由人决定。"
_ORDINALS = "一二三四五"  # as many values have a key
_MOST_NAME = 10  # letters of a workbook's name in the tool bar


def _listed(workbook: "Workbook") -> Work[tuple[Disputed, ...]]:
    yield Progress(0, 1)
    return conflicts.by_household(workbook)


class ConflictsPage(Page):
    """At the left what is open, at the right the values of one. Keys 1, 2 … take one of them, T types another."""

    TITLE = "冲突"
    ICON = "conflicts"
    ORDER = 71

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._open: dict[str, Conflict] = {}
        self._shown: Conflict | None = None
        self._homes: dict[str, Disputed] = {}
        self._settling = ""
        self.dialog: SettleHousehold | None = None
        self.third: Control | None = None
        self.list = RowTable("conflicts", "待处理的冲突")
        self.list.set_columns(_COLUMNS)
        self.list.hint = _NONE
        self.list.setSortingEnabled(False)  # a household's stand together
        self.list.setMinimumWidth(240)
        self.list.setMaximumWidth(460)
        self.heading = QLabel()
        self.heading.setObjectName("conflictHeading")
        self.heading.setProperty("title", True)
        self.heading.setWordWrap(True)
        self._sides = QHBoxLayout()
        self._sides.setSpacing(12)
        self._third = QVBoxLayout()
        self._typing = self.action("typeThird", "填写第三种", "T", self._type, "edit")
        self._keeping = self.action("keepThird", "保存第三种", "Ctrl+Return", self.keep_third, "save")
        self._keeping.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self._whole = self.action("wholeHousehold", "整户采用一方…", "A", self._ask_whole, "households")
        self._takers = [self._taker(n, ordinal) for n, ordinal in enumerate(_ORDINALS)]
        self._actions = [
            *self._takers,
            self._typing,
            self._whole,
            self.action("nextConflict", "下一处", "Ctrl+Down", lambda: self._step(1), "next"),
            self.action("previousConflict", "上一处", "Ctrl+Up", lambda: self._step(-1), "previous"),
            self.action("openHousehold", "打开这一户", "Ctrl+O", self._open_household, "households"),
        ]
        self._lay_out()
        self.list.pointed.connect(self._point)

    def _taker(self, n: int, ordinal: str) -> QAction:
        return self.action(f"take{n + 1}", f"采用第{ordinal}个", str(n + 1), lambda: self.take(n))

    def _lay_out(self) -> None:
        inside = QWidget()
        right = QVBoxLayout(inside)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        right.addWidget(self.heading)
        right.addLayout(self._sides)
        right.addLayout(self._third)
        right.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(16)
        whole.addWidget(self.list, 2)
        whole.addWidget(scroll, 3)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        self._read()
        self.list.setFocus()

    def refresh(self, changes: "Changes") -> None:
        self._read()

    def _read(self) -> None:
        self.office.jobs.start(_listed(self.office.workbook), self._list, lane="read")

    def _list(self, found: tuple[Disputed, ...]) -> None:
        self._open = {one.id: one for home in found for one in home.conflicts}
        self._homes = {home.household_id: home for home in found if home.household_id}
        self.list.set_rows(_rows(found))
        self._point(self.list.current())

    def _point(self, conflict_id: str) -> None:
        one = self._open.get(conflict_id)
        if one == self._shown and one is not None:
            return
        self._shown = one
        _clear(self._sides)
        _clear(self._third)
        self.third = None
        for action in (*self._actions, self._keeping):
            action.setEnabled(one is not None)
        self._name_takers(one)
        if one is None:
            self.heading.setText("")
            return
        self.heading.setText("　".join(filter(None, (one.household, _about(one), one.field_label))))
        for n, side in enumerate(one.sides):
            self._sides.addWidget(self._card(one, n, side), 1)
        self._offer_third(one)

    def _card(self, one: Conflict, n: int, side: Side) -> ValueCard:
        card = ValueCard(n, side, one.sides[1 if n == 0 else 0], str(n + 1) if n < len(_ORDINALS) else "")
        card.taken.connect(lambda: self.take(n))
        return card

    def _name_takers(self, one: Conflict | None) -> None:
        """Each value is offered by whose it is; a third and further ones only where there are so many."""
        sides = one.sides if one is not None else ()
        for n, (action, ordinal) in enumerate(zip(self._takers, _ORDINALS, strict=True)):
            action.setText(f"采用“{_short(sides[n].where)}”的" if n < len(sides) else f"采用第{ordinal}个")
            action.setVisible(n < max(2, len(sides)))
            action.setEnabled(n < len(sides))

    def _offer_third(self, one: Conflict) -> None:
        """A control for another value; references and withdrawals are one or the other."""
        about = _typed_field(one)
        self._typing.setEnabled(about is not None)
        self._keeping.setEnabled(about is not None)
        if about is None:
            return
        label = QLabel(f"都不对？填写第三种“{about.label}”（T），Ctrl+回车 保存")
        label.setProperty("heading", True)
        self.third = control(about)
        keep = QPushButton("保存第三种")
        keep.setObjectName("keepThirdButton")
        keep.clicked.connect(self.keep_third)
        line = QWidget()
        beside = QHBoxLayout(line)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.third, 1, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(keep, 0, Qt.AlignmentFlag.AlignTop)
        self._third.addWidget(label)
        self._third.addWidget(line)

    def _type(self) -> None:
        if self.third is not None:
            self.third.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take(self, n: int) -> None:
        """Keep the n-th value of the conflict that is shown."""
        if self._shown is not None and n < len(self._shown.sides):
            self._settle(self._shown, self._shown.sides[n])

    def keep_third(self) -> None:
        """Keep what was typed instead of either."""
        if self._shown is None or self.third is None:
            return
        try:
            value = self.third.field.taken(self.third.raw())
        except FieldRefused as error:
            self.office.notices.refused(error)
            self._type()
            return
        if value is None:
            self.office.notices.tell(f"请先填写“{self._shown.field_label}”，再按 Ctrl+回车 保存。")
            self._type()
            return
        self._settle(self._shown, value)

    def _settle(self, one: Conflict, take: Side | Value) -> None:
        if self._settling == one.id:
            return  # the key was held down
        self._settling = one.id
        if not self._step(1):
            self._step(-1)
        work = conflicts.settle(self.office.workbook, one, take, self)
        self.office.jobs.start(work, self._settled, failed=self._refused)

    def _settled(self, one: Conflict) -> None:
        self._settling = ""
        left = len(self._open) - (one.id in self._open)
        told = f"还有 {left} 处" if left else "冲突都处理完了"
        self.office.notices.saved(f"已处理“{one.household} {one.field_label}”，{told}。")
        self._read()
        self.list.setFocus()

    def _ask_whole(self) -> None:
        """One side for all that is open in this household."""
        home = self._homes.get(self._shown.household_id) if self._shown is not None else None
        if home is None:
            self.office.notices.tell("这一处不属于某一户，请单独决定。")
            return
        dialog = self.dialog = SettleHousehold(home, self)
        dialog.accepted.connect(lambda: self._settle_whole(dialog))
        dialog.open()

    def _settle_whole(self, dialog: SettleHousehold) -> None:
        work = conflicts.settle_household(self.office.workbook, dialog.about.conflicts, dialog.taken, self)
        told = f"“{dialog.about.household}”采用了“{dialog.taken}”的"
        self.office.jobs.start(work, lambda many: self._whole_settled(f"{told} {many} 处。"), failed=self._refused)

    def _whole_settled(self, told: str) -> None:
        self.office.notices.saved(told)
        self._read()
        self.list.setFocus()

    def _refused(self, error: object) -> None:
        self._settling = ""
        self.office.notices.refused(error)
        self._read()

    def _step(self, by: int) -> bool:
        """To the next or previous conflict; False at the end."""
        ids = self.list.shown_ids()
        here = ids.index(self.list.current()) if self.list.current() in ids else -1
        there = here + by
        return 0 <= there < len(ids) and self.list.point_at(ids[there])

    def _open_household(self) -> None:
        if self._shown is not None and self._shown.household_id:
            self.office.open("household", household=self._shown.household_id)


def _typed_field(one: Conflict) -> Field | None:
    try:
        about = field(one.table, one.column)
    except KeyError:  # withdrawn
        return None
    return None if about.kind == "reference" or about.declared.derived else about


def _short(place: str) -> str:
    return place if len(place) <= _MOST_NAME else f"{place[: _MOST_NAME - 1]}…"


def _about(one: Conflict) -> str:
    return "基本信息" if one.table == "household" else f"{one.table_label} {one.record}".strip()


def _rows(found: Sequence[Disputed]) -> list[Row]:
    """Household by household: its name, and how many there are, stand at the first of them only."""
    rows: list[Row] = []
    for home in found:
        many = f"　{len(home.conflicts)} 处" if len(home.conflicts) > 1 else ""
        for n, one in enumerate(home.conflicts):
            name = f"{one.household or '—'}{many}" if n == 0 else ""
            rows.append(Row(one.id, {"household": name, "about": _about(one), "field": one.field_label}))
    return rows


def _clear(layout: QHBoxLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
