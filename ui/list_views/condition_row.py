"""One condition as a line: 且 or 或, the field, the comparison, the value."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from app.errors import ValidationError
from app.list_views.comparisons import COMPARISONS, comparison_label, comparisons_of, parse_condition
from app.list_views.definition import Condition
from app.list_views.list_source import ListField, ListSource
from ui.list_views.value_editor import ValueEditor
from ui.widgets.search_combo import SearchCombo

AND, OR = "且", "或"
_FIELD_WIDTH, _COMPARISON_WIDTH = 200, 96  # pixels


class ConditionRow(QWidget):
    """`offer_texts(field, offer)` finds what may be typed into a field of text and calls `offer` with it.

    Signals:
        removed: the line is to go
    """

    removed = Signal()

    def __init__(
        self, source: ListSource, offer_texts: Callable[[ListField, Callable[[list[str]], None]], None]
    ) -> None:
        super().__init__()
        self._source, self._offer_texts = source, offer_texts
        self.join_box = QComboBox()
        self.join_box.setObjectName("condition_join")
        self.join_box.setAccessibleName("与上一条的关系")
        self.join_box.addItems((AND, OR))
        kept = self.join_box.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.join_box.setSizePolicy(kept)
        entries = [(one.label, one.key) for one in source.fields if comparisons_of(one.field)]
        self.field_box = SearchCombo("condition_field", "哪一项", entries)
        self.field_box.setFixedWidth(_FIELD_WIDTH)
        self.field_box.chosen.connect(self._on_field_chosen)
        self.comparison_box = QComboBox()
        self.comparison_box.setObjectName("condition_comparison")
        self.comparison_box.setAccessibleName("怎么比")
        self.comparison_box.setFixedWidth(_COMPARISON_WIDTH)
        self.comparison_box.currentIndexChanged.connect(lambda _: self._renew_values())
        self._remove_button = remove = QPushButton("去掉")
        remove.setObjectName("condition_remove")
        remove.setAccessibleName("去掉这个条件")
        remove.setAutoDefault(False)
        remove.clicked.connect(self.removed)
        self.values: ValueEditor | None = None
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.join_box, self.field_box, self.comparison_box):
            self._layout.addWidget(widget)
        self._layout.addStretch(1)
        self._layout.addWidget(remove)

    @property
    def begins_alternative(self) -> bool:
        """Whether 或 stands before it."""
        return self.join_box.currentText() == OR

    def set_first(self, first: bool) -> None:
        """The first line has nothing before it to be joined with."""
        self.join_box.setVisible(not first)
        if first:
            self.join_box.setCurrentText(AND)

    def show_condition(self, condition: Condition) -> None:
        """Put a condition in; one of a field or comparison that is unknown here leaves the line empty."""
        if self._source.field(condition.field) is None:
            return
        self.field_box.set_key(condition.field)
        self._on_field_chosen(condition.field)
        self.comparison_box.setCurrentIndex(max(0, self.comparison_box.findData(condition.comparison)))
        if self.values is not None and self.comparison_box.currentData() == condition.comparison:
            self.values.set_values(condition.values)

    def focus_value(self) -> None:
        """The cursor where the value is typed, or the field where there is none."""
        typed_into = self.values.controls[:1] if self.values is not None else []
        (typed_into[0] if typed_into else self.field_box).setFocus()

    def condition(self) -> Condition | None:
        """What is typed, None where no field was chosen.

        Raises:
            ValidationError: it is not complete, there is no such field, or the value is not of its kind
        """
        self.field_box.settle()
        one = self._source.field(self.field_box.key)
        typed = self.field_box.currentText().strip()
        if one is None and typed:
            raise ValidationError(f"“{self._source.title}”里没有“{typed}”这一项。")
        if one is None or self.values is None:
            return None
        return parse_condition(one.field, one.key, self.comparison_box.currentData(), self.values.typed())

    def _on_field_chosen(self, key: str) -> None:
        one = self._source.field(key)
        self.comparison_box.blockSignals(True)
        before = self.comparison_box.currentData()
        self.comparison_box.clear()
        for comparison in comparisons_of(one.field) if one is not None else ():
            assert one is not None
            self.comparison_box.addItem(comparison_label(one.field, comparison), comparison.name)
        self.comparison_box.setCurrentIndex(max(0, self.comparison_box.findData(before)))
        self.comparison_box.blockSignals(False)
        self._renew_values()

    def _renew_values(self) -> None:
        self.field_box.settle()
        one = self._source.field(self.field_box.key)
        typed = self.values.typed() if self.values is not None else []
        if self.values is not None:
            self._layout.removeWidget(self.values)
            self.values.hide()
            self.values.deleteLater()
            self.values = None
        name = self.comparison_box.currentData()
        if one is None or name is None:
            return
        self.values = values = ValueEditor(one.field, COMPARISONS[name])
        values.set_values([text for text in typed if text])
        self._layout.insertWidget(3, values, 2)
        values.show()  # now, so that the next Tab goes there
        for before, after in pairwise((self.comparison_box, *values.controls, self._remove_button)):
            self.setTabOrder(before, after)
        if values.wants_suggestions:
            self._offer_texts(one, partial(self._suggest, values))

    def _suggest(self, values: ValueEditor, texts: list[str]) -> None:
        if values is self.values:
            values.suggest(texts)
