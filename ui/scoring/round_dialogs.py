"""Opening a round, and changing its title and dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.checklists.households import RoundHousehold
from app.checklists.rounds import checklist_presets, round_defaults
from app.records.draft import Draft
from app.records.field import Value, field, field_label
from app.workbook.workbook import VillageInfo
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.record_form import RecordForm
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.search_line import SearchLine

ROUND_FIELDS = ("title", "period", "started_on", "due_on")


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """What the officer asked for; `household_ids` is None for all households."""

    village: str
    checklist: str
    title: str
    period: str
    started_on: date
    due_on: date | None
    household_ids: tuple[str, ...] | None


class _RoundDialog(Dialog):
    """A form of a round, a sentence where it is refused, and two buttons. It stays until the round is saved."""

    def __init__(self, title: str, names: Iterable[str], accept_label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.form = RecordForm([field("round", name) for name in names], columns=2)
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.error_label = QLabel()
        self.error_label.setObjectName("fault")
        self.error_label.setProperty("fault", True)
        self.error_label.setWordWrap(True)
        self.error_label.hide()
        buttons = ButtonRow(self, accept_label, "yes", cancel_name="no", on_accept=self.submit)
        self.accept_button = buttons.accept_button
        self.main_layout = QVBoxLayout(self)
        self.main_layout.setSpacing(10)
        self.main_layout.addWidget(self.form)
        self.main_layout.addWidget(self.error_label)
        self.main_layout.addWidget(buttons)

    def submit(self) -> None:
        """Ask for what stands in the form, if nothing in it is refused."""
        self.form.flush()
        if not self.form.show_errors():
            self.submit_values(self.form.values())

    def submit_values(self, values: dict[str, Value]) -> None:
        raise NotImplementedError

    def show_error(self, error: object) -> None:
        """Say why it was not saved."""
        self.error_label.setText(str(error))
        self.error_label.show()


class NewRoundDialog(_RoundDialog):
    """Which checklist, called what, when, of which households.

    Signals:
        requested: RoundRequest
        households_needed: village; the page answers with `show_households`
    """

    requested = Signal(object)
    households_needed = Signal(str)

    def __init__(self, villages: Iterable[VillageInfo], today: date, parent: QWidget) -> None:
        super().__init__("新建检查轮次", ROUND_FIELDS, "建立", parent)
        self.setObjectName("new_round")
        self.resize(640, 340)
        self._today = today
        self._default_title = ""
        self.village_box, self.checklist_box = QComboBox(), QComboBox()
        for combo, name, label in (
            (self.village_box, "village", field_label("village", "name")),
            (self.checklist_box, "checklist", "评分标准"),
        ):
            combo.setObjectName(name)
            combo.setAccessibleName(label)
        for village in villages:
            self.village_box.addItem(village.name, village.code)
        self._presets = checklist_presets()
        for preset in self._presets:
            self.checklist_box.addItem(preset.title, preset.name)
        self.items_label = QLabel()
        self.items_label.setObjectName("items")
        self.items_label.setProperty("quiet", True)
        self.items_label.setWordWrap(True)
        top = QFormLayout()
        if self.village_box.count() > 1:
            top.addRow(field_label("village", "name"), self.village_box)
        top.addRow("评分标准", self.checklist_box)
        top.addRow("", self.items_label)
        self.main_layout.insertLayout(0, top)
        self._add_scope()
        self.checklist_box.currentIndexChanged.connect(self._apply_preset)
        self.village_box.currentIndexChanged.connect(self._on_scope_changed)
        self.form.value_changed.connect(self._update_plan)
        self._apply_preset()
        self.form.focus_field("title")

    def _add_scope(self) -> None:
        self.all_households, self.some_households = QRadioButton("检查全部在册户"), QRadioButton("只检查选中的户")
        self.all_households.setObjectName("all_homes")
        self.some_households.setObjectName("some_homes")
        self.all_households.setChecked(True)
        self.search = SearchLine(
            "search_homes", "按组、户主、户编号查找", "按组、户主、户编号查找；按住 Ctrl 或 Shift 可选多户"
        )
        self.household_table = RowTable("homes_to_choose", "要检查的户")
        self.household_table.set_columns(
            [
                Column("group", field_label("household", "group_name"), width=12),
                Column("head", "户主"),
                Column("no", field_label("household", "household_no"), width=0),
            ]
        )
        self.household_table.setMinimumHeight(180)
        self.search.lead_to(self.household_table)
        for index, widget in enumerate(
            (self.all_households, self.some_households, self.search, self.household_table), 2
        ):
            self.main_layout.insertWidget(index, widget)
        self.search.hide()
        self.household_table.hide()
        self.some_households.toggled.connect(self._on_scope_changed)
        self.search.textChanged.connect(self._apply_search)

    def show_households(self, households: Iterable[RoundHousehold]) -> None:
        """The households of the village, to choose from."""
        rows = [
            Row(
                household.household_id, {"group": household.group, "head": household.name, "no": household.household_no}
            )
            for household in households
        ]
        self.household_table.set_rows(rows)
        self.household_table.clearSelection()

    def submit_values(self, values: dict[str, Value]) -> None:
        started, due = values["started_on"], values["due_on"]
        assert isinstance(started, date)
        self.requested.emit(
            RoundRequest(
                self.village_box.currentData(),
                self.checklist_box.currentData(),
                str(values["title"]),
                str(values["period"] or ""),
                started,
                due if isinstance(due, date) else None,
                tuple(self.household_table.selected_ids()) if self.some_households.isChecked() else None,
            )
        )

    def _apply_preset(self) -> None:
        preset = self._presets[self.checklist_box.currentIndex()]
        self.items_label.setText(f"{'、'.join(preset.items)}（共 {preset.checks} 个检查要点）")
        self._apply_plan(round_defaults(preset.name, self._today).period, self._today)

    def _update_plan(self, name: str, _: object) -> None:
        """Another period or day: title and last day follow, unless the officer has written a title."""
        values = self.form.values()
        started = values["started_on"]
        if name in ("period", "started_on") and values["title"] == self._default_title and isinstance(started, date):
            self._apply_plan(str(values["period"] or ""), started)

    def _apply_plan(self, period: str, started: date) -> None:
        defaults = round_defaults(self.checklist_box.currentData(), started, period)
        title = self.form.values().get("title")
        if title not in (None, self._default_title):
            new_title = title
        else:
            new_title = self._default_title = defaults.title
        self.form.load(
            {
                "title": new_title,
                "period": defaults.period,
                "started_on": defaults.started_on,
                "due_on": defaults.due_on,
            }
        )

    def _on_scope_changed(self) -> None:
        some_only = self.some_households.isChecked()
        self.search.setVisible(some_only)
        self.household_table.setVisible(some_only)
        self.resize(self.width(), 600 if some_only else 340)
        if some_only:
            self.households_needed.emit(self.village_box.currentData())

    def _apply_search(self, text: str) -> None:
        query_text = text.strip()
        self.household_table.set_filter(lambda row: any(query_text in str(cell) for cell in row.cells.values()))


class EditRoundDialog(_RoundDialog):
    """Title, dates and note of a round that is there.

    Signals:
        requested: the Draft to save
    """

    requested = Signal(object)

    def __init__(self, draft: Draft, parent: QWidget) -> None:
        super().__init__("修改轮次", (*ROUND_FIELDS, "note"), "保存", parent)
        self.setObjectName("change_round")
        self.resize(640, 300)
        self._draft = draft
        self.form.load(draft.values)
        self.form.focus_field("title")

    def submit_values(self, values: dict[str, Value]) -> None:
        self.requested.emit(self._draft.with_values(**values))
