"""与另一户合并: two records of one household side by side, and which of two is kept where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.records.field import field, fields
from app.records.joining import Choice
from app.records.lists import HEAD
from app.records.masking import masked
from app.records.twins import Home, Joining, Twin
from ui.tables.row_table import Column, Row, RowTable

_TICK, _ROOM = "✓ ", "　"


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    label: str
    kept: str
    other: str
    hidden: tuple[str, str]  # the same for the list: of a personal number only head and tail


class JoinDialog(QDialog):
    """Keys 1 and 2 (or ← and →) say which side is kept; nothing needs to be said where one side is empty.

    Signals:
        swapped: the other household is to be the one that stays
    """

    swapped = Signal()

    def __init__(self, joining: Joining, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("joinDialog")
        self.setWindowTitle("与另一户合并")
        self.resize(900, 600)
        self.joining = joining
        self._lines = {line.key: line for line in _lines(joining)}
        self.take: dict[str, Choice] = {line.key: "other" if not line.kept else "kept" for line in self._lines.values()}
        self.table = RowTable("joinLines", "两户不同的内容")
        self.table.set_columns(
            (
                Column("what", "项目", width=22),
                Column("kept", f"1　保留：{joining.kept.name}", width=40),
                Column("other", f"2　并入：{joining.other.name}", width=0),
            )
        )
        self.table.hint = "两户的内容没有不同，直接合并就行。"
        self.table.setSortingEnabled(False)
        self.table.opened.connect(self._turn)
        self.table.pointed.connect(self._tell)
        self.whole = _text("joinWhole", "")
        self.whole.setMinimumHeight(2 * self.whole.fontMetrics().lineSpacing())
        self.relation = QComboBox()
        self._lay_out()
        self._show()
        self.table.setFocus()

    def _lay_out(self) -> None:
        side = QVBoxLayout(self)
        side.setContentsMargins(20, 16, 20, 16)
        side.setSpacing(10)
        side.addLayout(self._heads())
        side.addWidget(_text("joinHow", "quiet", "有 ✓ 的一边留下。按 1 留左边，按 2 留右边，回车换一边。"))
        side.addWidget(self.table, 1)
        side.addWidget(self.whole)
        if self.joining.second_head:
            side.addLayout(self._kin())
        side.addWidget(_text("joinAfter", "", _after(self.joining)))
        side.addLayout(self._buttons())
        for key, choice in (("1", "kept"), ("2", "other"), ("Left", "kept"), ("Right", "other")):
            action = QAction("留左边" if choice == "kept" else "留右边", self.table)
            action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, choice=choice: self._choose(choice))
            self.table.addAction(action)

    def _heads(self) -> QHBoxLayout:
        swap = QPushButton("换过来：保留右边的户（Alt+S）")
        swap.setObjectName("swapHouseholds")
        swap.setAutoDefault(False)
        swap.setShortcut("Alt+S")
        swap.clicked.connect(self.swapped)
        line = QHBoxLayout()
        line.addWidget(_text("joinKept", "", f"保留：{_said(self.joining.kept)}"), 1)
        line.addWidget(_text("joinOther", "", f"并入：{_said(self.joining.other)}"), 1)
        line.addWidget(swap)
        return line

    def _kin(self) -> QHBoxLayout:
        about = field("member", "relation")
        self.relation.setObjectName("joinRelation")
        self.relation.setAccessibleName(about.label)
        for option in about.options:
            if option.value != HEAD:
                self.relation.addItem(option.label, option.value)
        self.relation.setCurrentIndex(max(0, self.relation.findData("其他")))
        line = QHBoxLayout()
        line.addWidget(QLabel(f"两户都有户主。“{self.joining.second_head}”合并以后的{about.label}："))
        line.addWidget(self.relation)
        line.addStretch()
        return line

    def _buttons(self) -> QHBoxLayout:
        go, leave = QPushButton("合并（Ctrl+回车）"), QPushButton("不合并")
        go.setObjectName("joinNow")
        go.setProperty("primary", True)
        go.setAutoDefault(False)
        go.clicked.connect(self.accept)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            action = QAction("合并", self)
            action.setShortcut(keys)
            action.triggered.connect(self.accept)
            self.addAction(action)
        leave.setObjectName("leaveJoining")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(leave)
        line.addWidget(go)
        return line

    def kin(self) -> str:
        """Relation of the other household's head to ours."""
        return str(self.relation.currentData() or "其他")

    def _show(self) -> None:
        self.table.set_rows(self._row(line) for line in self._lines.values())
        self._tell(self.table.current())

    def _row(self, line: _Line) -> Row:
        kept = self.take[line.key] == "kept"
        cells = {
            "what": line.label,
            "kept": (_TICK if kept else _ROOM) + line.hidden[0],
            "other": (_ROOM if kept else _TICK) + line.hidden[1],
        }
        return Row(line.key, cells)

    def _choose(self, choice: Choice) -> None:
        key = self.table.current()
        if key:
            self.take[key] = choice
            self._show()

    def _turn(self, key: str) -> None:
        self._choose("kept" if self.take[key] == "other" else "other")

    def _tell(self, key: str) -> None:
        """Both values in full: in the table long ones are cut, and numbers of persons hidden."""
        line = self._lines.get(key)
        self.whole.setText(f"{line.label}　1：{line.kept or '（空）'}　2：{line.other or '（空）'}" if line else "")


def _lines(joining: Joining) -> Iterator[_Line]:
    for one in (*joining.differing, *joining.only_other):
        hidden = _hidden("household", one.column, one.kept), _hidden("household", one.column, one.other)
        yield _Line(one.column, one.label, one.kept, one.other, hidden)
    for twin in (*joining.people, *joining.yearly):
        label = f"{twin.label} {twin.what}"
        if twin.differing:
            hidden = _of_twin(twin, "kept", masking=True), _of_twin(twin, "other", masking=True)
            kept, other = _of_twin(twin, "kept", masking=False), _of_twin(twin, "other", masking=False)
            yield _Line(twin.key, label, kept, other, hidden)
        else:
            same = ("留这一条", "留这一条（两条一样）")
            yield _Line(twin.key, label, *same, same)


def _hidden(table: str, column: str, text: str) -> str:
    mask = next((one.declared.mask for one in fields(table) if one.name == column), "")
    return masked(text, mask) if text and mask else text or "（空）"


def _of_twin(twin: Twin, side: str, *, masking: bool) -> str:
    said = ((one.label, one.column, getattr(one, side)) for one in twin.differing)
    shown = ((label, _hidden(twin.table, column, text) if masking and text else text) for label, column, text in said)
    return "、".join(f"{label} {text or '空'}" for label, text in shown)


def _said(home: Home) -> str:
    people = "、".join(home.people[:6]) + (f"等 {len(home.people)} 人" if len(home.people) > 6 else "")
    return f"{home.name}\n户编号 {home.household_no or '未填'}\n{people or '没有成员'}"


def _after(joining: Joining) -> str:
    same = len(joining.people) + len(joining.yearly)
    twice = f"两边都有的 {same} 条只留一条，空的格子互相补上；" if same else ""
    return (
        f"合并以后：名单里只剩“{joining.kept.name}”这一户，两户的成员、收入、帮扶、走访、照片都归到它；{twice}"
        "同事那里收到下一个包以后也合成一户。并错了，随时可以在这一户按“拆分并入的户”拆开。"
    )


def _text(name: str, look: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if look:
        label.setProperty(look, True)
    return label
