"""What a field is compared with: nothing, one value, two, or any number of them."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.errors import ValidationError
from app.list_views.comparisons import MANY, Comparison
from app.records.field import Field
from resources.option_roles import yes_no
from ui.widgets.search_combo import SearchCombo
from ui.widgets.token_edit import SEPARATOR, TokenEdit

_HINTS = {"date": "2018-08-10", "month": "2018-08", "year": "2018"}
_NAME = "condition_value"


class ValueEditor(QWidget):
    """The controls for one comparison; made anew for another one."""

    def __init__(self, field: Field, comparison: Comparison) -> None:
        super().__init__()
        self._field = field
        self._options = _option_labels(field)
        self.controls: list[SearchCombo | TokenEdit] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for n in range(abs(comparison.values)):
            if n:
                layout.addWidget(QLabel("到"))
            control = self._control(n, comparison)
            self.controls.append(control)
            layout.addWidget(control, 1)
        if field.unit and self.controls:
            layout.addWidget(QLabel(field.unit))
        if not self.controls:
            layout.addStretch(1)
        else:
            self.setFocusProxy(self.controls[0])

    def _control(self, n: int, comparison: Comparison) -> SearchCombo | TokenEdit:
        name, label = f"{_NAME}_{n}", f"{self._field.label}的值"
        many = comparison.values == MANY or self._field.kind == "choices"
        if self._options and not many:
            return SearchCombo(name, label, [(option, option) for option in self._options])
        edit = TokenEdit(name, label, many=many)
        if self._options:
            edit.set_words(self._options)
        if self._field.kind in _HINTS and not many:
            edit.setPlaceholderText(_HINTS[self._field.kind])
        return edit

    @property
    def wants_suggestions(self) -> bool:
        """Whether what stands in the column of the list may be offered."""
        return not self._options and any(isinstance(control, TokenEdit) for control in self.controls)

    def suggest(self, texts: Sequence[str]) -> None:
        """Offer these while one types."""
        for control in self.controls:
            if isinstance(control, TokenEdit):
                control.set_words(texts)

    def typed(self) -> list[str]:
        """A text for each control."""
        return [
            (control.key or control.currentText()) if isinstance(control, SearchCombo) else control.meant
            for control in self.controls
        ]

    def set_values(self, values: Sequence[str]) -> None:
        """Put in the values of a condition, as people read them."""
        texts = [self._text(value) for value in values]
        if len(self.controls) == 1 and len(texts) > 1:
            texts = [SEPARATOR.join(texts)]
        for control, text in zip(self.controls, texts, strict=False):
            control.set_key(text) if isinstance(control, SearchCombo) else control.setText(text)

    def _text(self, stored: str) -> str:
        try:
            return self._field.text(self._field.parse(stored))
        except ValidationError:
            return stored


def _option_labels(field: Field) -> list[str]:
    if field.kind == "yes_no":
        return [yes_no(True), yes_no(False)]
    return [option.label for option in field.options]
