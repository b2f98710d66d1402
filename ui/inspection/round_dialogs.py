"""Opening a round, and changing its title and dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.checklists.homes import Home
from app.checklists.rounds import plan, presets
from app.records.draft import Draft
from app.records.field import Value, field, label_of
from app.workbook.workbook import VillageName
from ui.forms.record_form import RecordForm
from ui.tables.row_table import Column, Row, RowTable

FIELDS = ("title", "period", "started_on", "due_on")


@dataclass(frozen=True, slots=True)
class RoundWanted:
    """What the officer asked for; `household_ids` is None for all homes."""

    village: str
    checklist: str
    title: str
    period: str
    started_on: date
    due_on: date | None
    household_ids: tuple[str, ...] | None


class _RoundDialog(QDialog):
    """A form of a round, a sentence where it is refused, and two buttons. It stays until the round is saved."""

    def __init__(self, title: str, names: Iterable[str], yes: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.form = RecordForm([field("round", name) for name in names], columns=2)
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.fault = QLabel()
        self.fault.setObjectName("fault")
        self.fault.setProperty("fault", True)
        self.fault.setWordWrap(True)
        self.fault.hide()
        buttons = QDialogButtonBox()
        self.yes = buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        self.yes.setObjectName("yes")
        self.yes.setDefault(True)
        no = buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        no.setObjectName("no")
        buttons.accepted.connect(self.take)
        buttons.rejected.connect(self.reject)
        self.lines = QVBoxLayout(self)
        self.lines.setSpacing(10)
        self.lines.addWidget(self.form)
        self.lines.addWidget(self.fault)
        self.lines.addWidget(buttons)

    def take(self) -> None:
        """Ask for what stands in the form, if nothing in it is refused."""
        self.form.flush()
        if not self.form.show_faults():
            self.ask(self.form.values())

    def ask(self, values: dict[str, Value]) -> None:
        raise NotImplementedError

    def refuse(self, error: object) -> None:
        """Say why it was not saved."""
        self.fault.setText(str(error))
        self.fault.show()


class NewRound(_RoundDialog):
    """Which checklist, called what, when, of which homes.

    Signals:
        wanted: RoundWanted
        homes_needed: village; the page answers with `show_homes`
    """

    wanted = Signal(object)
    homes_needed = Signal(str)

    def __init__(self, villages: Iterable[VillageName], today: date, parent: QWidget) -> None:
        super().__init__("新建检查轮次", FIELDS, "建立", parent)
        self.setObjectName("new_round")
        self.resize(640, 340)
        self._today = today
        self._planned = ""
        self.village, self.checklist = QComboBox(), QComboBox()
        for combo, name, label in (
            (self.village, "village", label_of("village", "name")),
            (self.checklist, "checklist", "评分标准"),
        ):
            combo.setObjectName(name)
            combo.setAccessibleName(label)
        for village in villages:
            self.village.addItem(village.name, village.code)
        self._presets = presets()
        for preset in self._presets:
            self.checklist.addItem(preset.title, preset.name)
        self.items = QLabel()
        self.items.setObjectName("items")
        self.items.setProperty("quiet", True)
        self.items.setWordWrap(True)
        top = QFormLayout()
        if self.village.count() > 1:
            top.addRow(label_of("village", "name"), self.village)
        top.addRow("评分标准", self.checklist)
        top.addRow("", self.items)
        self.lines.insertLayout(0, top)
        self._add_scope()
        self.checklist.currentIndexChanged.connect(self._fill_in)
        self.village.currentIndexChanged.connect(self._scope_changed)
        self.form.changed.connect(self._follow)
        self._fill_in()
        self.form.focus("title")

    def _add_scope(self) -> None:
        self.all_homes, self.some_homes = QRadioButton("检查全部在册户"), QRadioButton("只检查选中的户")
        self.all_homes.setObjectName("all_homes")
        self.some_homes.setObjectName("some_homes")
        self.all_homes.setChecked(True)
        self.search = QLineEdit()
        self.search.setObjectName("search_homes")
        self.search.setAccessibleName("按组、户主、户编号查找")
        self.search.setPlaceholderText("按组、户主、户编号查找；按住 Ctrl 或 Shift 可选多户")
        self.homes = RowTable("homes_to_choose", "要检查的户")
        self.homes.set_columns(
            [
                Column("group", label_of("household", "group_name"), width=12),
                Column("head", "户主"),
                Column("no", label_of("household", "household_no"), width=0),
            ]
        )
        self.homes.setMinimumHeight(180)
        for place, part in enumerate((self.all_homes, self.some_homes, self.search, self.homes), 2):
            self.lines.insertWidget(place, part)
        self.search.hide()
        self.homes.hide()
        self.some_homes.toggled.connect(self._scope_changed)
        self.search.textChanged.connect(self._look_for)

    def show_homes(self, homes: Iterable[Home]) -> None:
        """The homes of the village, to choose from."""
        rows = [
            Row(home.household_id, {"group": home.group, "head": home.name, "no": home.household_no}) for home in homes
        ]
        self.homes.set_rows(rows)
        self.homes.clearSelection()

    def ask(self, values: dict[str, Value]) -> None:
        started, due = values["started_on"], values["due_on"]
        assert isinstance(started, date)
        self.wanted.emit(
            RoundWanted(
                self.village.currentData(),
                self.checklist.currentData(),
                str(values["title"]),
                str(values["period"] or ""),
                started,
                due if isinstance(due, date) else None,
                tuple(self.homes.chosen()) if self.some_homes.isChecked() else None,
            )
        )

    def _fill_in(self) -> None:
        preset = self._presets[self.checklist.currentIndex()]
        self.items.setText(f"{'、'.join(preset.items)}（共 {preset.checks} 个检查要点）")
        self._plan(plan(preset.name, self._today).period, self._today)

    def _follow(self, name: str, _: object) -> None:
        """Another period or day: title and last day follow, unless the officer has written a title."""
        values = self.form.values()
        started = values["started_on"]
        if name in ("period", "started_on") and values["title"] == self._planned and isinstance(started, date):
            self._plan(str(values["period"] or ""), started)

    def _plan(self, period: str, started: date) -> None:
        made = plan(self.checklist.currentData(), started, period)
        title = self.form.values().get("title")
        if title not in (None, self._planned):
            made_title = title
        else:
            made_title = self._planned = made.title
        self.form.load(
            {"title": made_title, "period": made.period, "started_on": made.started_on, "due_on": made.due_on}
        )

    def _scope_changed(self) -> None:
        chosen = self.some_homes.isChecked()
        self.search.setVisible(chosen)
        self.homes.setVisible(chosen)
        self.resize(self.width(), 600 if chosen else 340)
        if chosen:
            self.homes_needed.emit(self.village.currentData())

    def _look_for(self, text: str) -> None:
        wanted = text.strip()
        self.homes.filter(lambda row: any(wanted in str(cell) for cell in row.cells.values()))


class ChangeRound(_RoundDialog):
    """Title, dates and note of a round that is there.

    Signals:
        wanted: the Draft to save
    """

    wanted = Signal(object)

    def __init__(self, draft: Draft, parent: QWidget) -> None:
        super().__init__("修改轮次", (*FIELDS, "note"), "保存", parent)
        self.setObjectName("change_round")
        self.resize(640, 300)
        self._draft = draft
        self.form.load(draft.values)
        self.form.focus("title")

    def ask(self, values: dict[str, Value]) -> None:
        self.wanted.emit(self._draft.with_values(**values))
