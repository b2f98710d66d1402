"""与另一户合并: two records of one household side by side, and which of two is kept where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.records.field import field, fields
from app.records.household_merge import MergeSide
from app.records.merge_comparison import DuplicatePair, HouseholdSummary, MergeComparison
from app.records.row_views import HEAD_RELATION
from app.workbook.masking import mask_text
from resources.option_roles import value_of
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.row_table import Column, Row, RowTable

_SELECTED_MARK, _UNSELECTED_MARK = "✓ ", "　"


@dataclass(frozen=True, slots=True)
class _DifferenceLine:
    key: str
    label: str
    kept: str
    other: str
    masked_values: tuple[str, str]  # the same for the list: of a personal number only head and tail


class MergeDialog(Dialog):
    """Keys 1 and 2 (or ← and →) say which side is kept; nothing needs to be said where one side is empty.

    Signals:
        swapped: the other household is to be the one that stays
    """

    swapped = Signal()

    def __init__(self, comparison: MergeComparison, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("joinDialog")
        self.setWindowTitle(f"与另一户合并（{comparison.kept.name}、{comparison.other.name}）")
        self.resize(900, 600)
        self.comparison = comparison
        self._lines = {difference.key: difference for difference in _difference_lines(comparison)}
        self.choices: dict[str, MergeSide] = {
            difference.key: "other" if not difference.kept else "kept" for difference in self._lines.values()
        }
        self.table = RowTable("joinLines", "两户不一致的内容")
        self.table.set_columns(
            (
                Column("what", "项目", width=22),
                Column("kept", f"1　保留：{comparison.kept.name}", width=40),
                Column("other", f"2　并入：{comparison.other.name}", width=0),
            )
        )
        self.table.placeholder = "两户内容一致，可直接合并。"
        self.table.setSortingEnabled(False)
        self.table.row_activated.connect(self._toggle_choice)
        self.table.current_row_changed.connect(self._show_full_values)
        self.full_values_label = _make_label("joinWhole", "")
        self.full_values_label.setMinimumHeight(2 * self.full_values_label.fontMetrics().lineSpacing())
        self.relation_box = QComboBox()
        self._build_layout()
        self._show_lines()
        self.table.setFocus()

    def _build_layout(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addLayout(self._build_heads())
        layout.addWidget(_make_label("joinHow", "quiet", "有 ✓ 的一边留下。按 1 留左边，按 2 留右边，回车换一边。"))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.full_values_label)
        if self.comparison.second_head:
            layout.addLayout(self._build_relation_row())
        layout.addWidget(_make_label("joinAfter", "", _consequences_text(self.comparison)))
        layout.addWidget(self._build_buttons())
        for key, choice in (("1", "kept"), ("2", "other"), ("Left", "kept"), ("Right", "other")):
            action = QAction("留左边" if choice == "kept" else "留右边", self.table)
            action.setShortcut(key)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, choice=choice: self._set_choice(choice))
            self.table.addAction(action)

    def _build_heads(self) -> QHBoxLayout:
        swap_button = QPushButton("换过来：保留右边的户（Alt+S）")
        swap_button.setObjectName("swapHouseholds")
        swap_button.setAutoDefault(False)
        swap_button.setShortcut("Alt+S")
        swap_button.clicked.connect(self.swapped)
        row = QHBoxLayout()
        row.addWidget(_make_label("joinKept", "", f"保留：{_describe_household(self.comparison.kept)}"), 1)
        row.addWidget(_make_label("joinOther", "", f"并入：{_describe_household(self.comparison.other)}"), 1)
        row.addWidget(swap_button)
        return row

    def _build_relation_row(self) -> QHBoxLayout:
        relation_field = field("member", "relation")
        self.relation_box.setObjectName("joinRelation")
        self.relation_box.setAccessibleName(relation_field.label)
        for option in relation_field.options:
            if option.value != HEAD_RELATION:
                self.relation_box.addItem(option.label, option.value)
        self.relation_box.setCurrentIndex(max(0, self.relation_box.findData(value_of("relation", "other"))))
        row = QHBoxLayout()
        row.addWidget(QLabel(f"两户都有户主。“{self.comparison.second_head}”合并以后的{relation_field.label}："))
        row.addWidget(self.relation_box)
        row.addStretch()
        return row

    def _build_buttons(self) -> ButtonRow:
        """Enter turns a line over, so that merging has a key of its own."""
        for shortcut in ("Ctrl+Return", "Ctrl+Enter"):
            action = QAction("合并", self)
            action.setShortcut(shortcut)
            action.triggered.connect(self.accept)
            self.addAction(action)
        return ButtonRow(self, "合并（Ctrl+回车）", "joinNow", "不合并", "leaveJoining", default=False)

    def head_relation(self) -> str:
        """Relation of the other household's head to ours."""
        return str(self.relation_box.currentData() or value_of("relation", "other"))

    def _show_lines(self) -> None:
        self.table.set_rows(self._row(difference) for difference in self._lines.values())
        self._show_full_values(self.table.current_id())

    def _row(self, difference: _DifferenceLine) -> Row:
        keeps_first = self.choices[difference.key] == "kept"
        cells = {
            "what": difference.label,
            "kept": (_SELECTED_MARK if keeps_first else _UNSELECTED_MARK) + difference.masked_values[0],
            "other": (_UNSELECTED_MARK if keeps_first else _SELECTED_MARK) + difference.masked_values[1],
        }
        return Row(difference.key, cells)

    def _set_choice(self, choice: MergeSide) -> None:
        key = self.table.current_id()
        if key:
            self.choices[key] = choice
            self._show_lines()

    def _toggle_choice(self, key: str) -> None:
        self._set_choice("kept" if self.choices[key] == "other" else "other")

    def _show_full_values(self, key: str) -> None:
        """Both values in full: in the table long ones are cut, and numbers of persons hidden."""
        difference = self._lines.get(key)
        self.full_values_label.setText(
            f"{difference.label}　1：{difference.kept or '（空）'}　2：{difference.other or '（空）'}"
            if difference
            else ""
        )


def _difference_lines(comparison: MergeComparison) -> Iterator[_DifferenceLine]:
    for difference in (*comparison.differing, *comparison.only_other):
        masked_values = (
            _masked_value("household", difference.column, difference.kept),
            _masked_value("household", difference.column, difference.other),
        )
        yield _DifferenceLine(difference.column, difference.label, difference.kept, difference.other, masked_values)
    for pair in (*comparison.people, *comparison.other_duplicates):
        label = f"{pair.label} {pair.title}"
        if pair.differing:
            masked_values = _pair_text(pair, "kept", mask_numbers=True), _pair_text(pair, "other", mask_numbers=True)
            kept, other = _pair_text(pair, "kept", mask_numbers=False), _pair_text(pair, "other", mask_numbers=False)
            yield _DifferenceLine(pair.key, label, kept, other, masked_values)
        else:
            identical = ("留这一条", "留这一条（两条一样）")
            yield _DifferenceLine(pair.key, label, *identical, identical)


def _masked_value(table: str, column: str, text: str) -> str:
    mask_kind = next((column_field.spec.mask for column_field in fields(table) if column_field.name == column), "")
    return mask_text(text, mask_kind) if text and mask_kind else text or "（空）"


def _pair_text(pair: DuplicatePair, side: str, *, mask_numbers: bool) -> str:
    differences = ((difference.label, difference.column, getattr(difference, side)) for difference in pair.differing)
    parts = (
        (label, _masked_value(pair.table, column, text) if mask_numbers and text else text)
        for label, column, text in differences
    )
    return "、".join(f"{label} {text or '空'}" for label, text in parts)


def _describe_household(household: HouseholdSummary) -> str:
    people = "、".join(household.people[:6]) + (f"等 {len(household.people)} 人" if len(household.people) > 6 else "")
    return f"{household.name}\n户编号 {household.household_no or '未填'}\n{people or '没有成员'}"


def _consequences_text(comparison: MergeComparison) -> str:
    pair_count = len(comparison.people) + len(comparison.other_duplicates)
    pair_note = f"两边都有的 {pair_count} 条只留一条，空的格子互相补上；" if pair_count else ""
    return (
        f"合并以后：名单里只剩“{comparison.kept.name}”这一户，两户的成员、收入、帮扶、走访、照片都归到它；{pair_note}"
        "同事那里收到下一个包以后也合成一户。并错了，随时可以在这一户按“拆分并入的户”拆开。"
    )


def _make_label(name: str, style_property: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if style_property:
        label.setProperty(style_property, True)
    return label
