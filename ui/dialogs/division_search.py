"""A village found by its name: typed, chosen from a list, and its division code is known."""

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit

from app.records.divisions import Division, divisions, find_divisions
from ui.shell.tasks import TaskRunner
from ui.widgets.completion import ListCompleter

_MOST_SHOWN = 12


class DivisionSearch(QLineEdit):
    """Words of the village's name, township or county, with a list of those that fit.

    Signals:
        chosen: the village (Division)
        nothing_found: what was typed, where no village fits it; "" once one does
    """

    chosen = Signal(object)
    nothing_found = Signal(str)

    def __init__(self, tasks: TaskRunner) -> None:
        super().__init__()
        self.setObjectName("divisionSearch")
        self.setAccessibleName("按村名查找区划代码")
        self.setPlaceholderText("如：石盆村 岳西；选中后自动填写下面各项和村代码")
        self._found: dict[str, Division] = {}
        self._model = QStringListModel(self)
        completer = ListCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(_MOST_SHOWN)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated.connect(self._on_chosen)
        self.setCompleter(completer)
        self.textEdited.connect(self._find)
        # read before anything is typed, away from the window's thread
        tasks.start(lambda: len(divisions()), queue="read")

    def _find(self, typed: str) -> None:
        self._found = {f"{one.name}　{one.place}　{one.code}": one for one in find_divisions(typed)}
        self._model.setStringList(list(self._found))
        self.nothing_found.emit("" if self._found else typed.strip())
        if self._found:
            self.completer().complete()

    def _on_chosen(self, text: str) -> None:
        if division := self._found.get(text):
            self.chosen.emit(division)
