"""入户核实 where a visit is recorded: each compared fact of the household, seen to be as recorded or otherwise."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.consistency.actual_values import record_seen
from app.consistency.households import called_households
from app.consistency.record_values import Stored, parsed_value, stored_form
from app.consistency.three_way import FactLine, household_facts
from app.records.draft import Draft
from ui.consistency.fact_rows import told
from ui.consistency.seen_dialog import SEEN_FIELDS, SeenDialog
from ui.shell.page import AppContext
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog, title_about
from ui.widgets.record_form import RecordForm
from ui.widgets.row_table import Column, Row, RowTable

_NOT_COMPARED = "这一户不是建档立卡户，也不是监测对象，不核对三者一致。"
_NO_VISIT = "请先选一次走访，或新建一次。"
_HINT = "Ctrl+K 与本工作簿一致（可多选，Ctrl+A 全选）　Ctrl+M 或回车 不一致，填写看到的　空格 不核"
_AS_RECORDED, _LEFT_OUT = "一致", ""
_COLUMNS = (
    Column("called", "对象", width=10),
    Column("fact", "内容", width=18),
    Column("value", "本工作簿", width=0),
    Column("system", "系统", width=18),
    Column("before", "上次核实", width=18),
    Column("seen", "这次看到", width=16),
)


class VisitCheckDialog(Dialog):
    """Ctrl+K says of the selected facts that they are as recorded, Ctrl+M what is otherwise; Space takes both back.

    Attributes:
        seen: fact → what was seen, of those that were looked at
    """

    def __init__(self, lines: Sequence[FactLine], seen_on: date, seen_by: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("visit_check")
        self.setWindowTitle(title_about("入户核实", called_households([lines[0].household])))
        self.resize(980, 560)
        self.seen: dict[str, Stored] = {}
        self.value_dialog: SeenDialog | None = None
        self._lines = {line.key: line for line in lines}
        self.form = RecordForm(list(SEEN_FIELDS), 2)
        self.form.load({"decided_on": seen_on, "decided_by": seen_by})
        self.table = RowTable("checkedFacts", "核对的内容")
        self.table.set_columns(_COLUMNS)
        self.table.row_activated.connect(lambda _: self._ask_value())
        self.hint = QLabel()
        self.hint.setProperty("quiet", True)
        self.buttons = ButtonRow(self, "记下")
        layout = QVBoxLayout(self)
        layout.addWidget(self.form)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.hint)
        layout.addWidget(self.buttons)
        self._add_action("Ctrl+K", self._confirm)
        self._add_action("Ctrl+M", self._ask_value)
        self._add_action("Space", self._leave_out)
        self._show_rows()
        self.table.setFocus()

    def _add_action(self, keys: str, callback: Callable[[], object]) -> None:
        action = QAction(self.table)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: callback())
        self.table.addAction(action)

    def _show_rows(self) -> None:
        current, selected = self.table.current_id(), self.table.selected_ids()
        self.table.set_rows(self._row(line) for line in self._lines.values())
        self.table.set_current_id(current or next(iter(self._lines)))
        self.table.select_ids(selected)
        self.hint.setText(f"{_HINT}　已核 {len(self.seen)} 项，共 {len(self._lines)} 项")
        self.buttons.accept_button.setEnabled(bool(self.seen))

    def _row(self, line: FactLine) -> Row:
        seen = _LEFT_OUT
        if line.key in self.seen:
            value = self.seen[line.key]
            seen = _AS_RECORDED if value == line.value else line.text(value) or "空"
        cells = {
            "called": line.title,
            "fact": line.field.label,
            "value": line.text(line.value),
            "system": told(line, line.system),
            "before": told(line, line.actual),
            "seen": seen,
        }
        return Row(line.key, cells, "" if seen == _LEFT_OUT else "good" if seen == _AS_RECORDED else "bad")

    def _chosen(self) -> list[FactLine]:
        return [self._lines[key] for key in self.table.selected_ids() or [self.table.current_id()]]

    def _confirm(self) -> None:
        self.seen |= {line.key: line.value for line in self._chosen()}
        self._show_rows()

    def _leave_out(self) -> None:
        for line in self._chosen():
            self.seen.pop(line.key, None)
        self._show_rows()

    def _ask_value(self) -> None:
        """What was seen of the current fact."""
        line = self._lines[self.table.current_id()]
        whom = " ".join(text for text in (line.title, line.field.label) if text)
        value = parsed_value(line.field, self.seen.get(line.key, line.value))
        told = f"{whom}，看到的是："
        self.value_dialog = SeenDialog(told, called_households([line.household]), None, self, line.field, value)
        self.value_dialog.accepted.connect(partial(self._take_value, line))
        self.value_dialog.open()

    def _take_value(self, line: FactLine) -> None:
        assert self.value_dialog is not None
        self.seen[line.key] = stored_form(self.value_dialog.value)
        self._show_rows()

    def is_filled(self) -> bool:
        return bool(self.seen)

    @property
    def seen_on(self) -> date:
        day = self.form.values()["decided_on"]
        return day if isinstance(day, date) else date.today()

    @property
    def seen_by(self) -> str:
        return str(self.form.values()["decided_by"] or "")

    def lines(self) -> list[tuple[FactLine, Stored]]:
        """The facts that were looked at, with what was seen."""
        return [(self._lines[key], value) for key, value in self.seen.items()]

    def accept(self) -> None:
        if not self.form.show_errors():
            super().accept()


class VisitCheck:
    """What the key does where visits are recorded: the day and the visitors are those of the visit that is shown."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        self._context, self._parent = context, parent
        self._visit: Draft | None = None
        self.dialog: VisitCheckDialog | None = None

    def ask(self, visit: Draft | None) -> None:
        """Read the facts of the visited household, and ask what was seen."""
        self._visit = visit
        if visit is None:
            self._context.status_bar.info(_NO_VISIT)
            return
        self._context.read(self._show, household_facts, str(visit.values["household_id"] or ""))

    def _show(self, lines: Sequence[FactLine]) -> None:
        if self._visit is None:
            return
        if not lines:
            self._context.status_bar.info(_NOT_COMPARED)
            return
        day, visitors = self._visit.values["visited_on"], self._visit.values["visitors"]
        seen_on = day if isinstance(day, date) else date.today()
        seen_by = str(visitors or self._context.workbook.operator)
        self.dialog = VisitCheckDialog(lines, seen_on, seen_by, self._parent)
        self.dialog.accepted.connect(self._write)
        self.dialog.open()

    def _write(self) -> None:
        if self.dialog is not None:
            seen = self.dialog.lines()
            work = partial(record_seen, self._context.workbook, seen, self.dialog.seen_on, self.dialog.seen_by)
            self._context.write(work, message=f"已记下入户核实 {len(seen)} 项")
