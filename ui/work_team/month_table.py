"""The sheet of a month of attendance: a row a member, a column a day; one letter writes a day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from app.records.field import Field, field
from app.work_team.day_marks import DayMark, day_marks, day_sums
from app.work_team.month_sheet import MonthPlan, MonthRow, MonthSheet
from ui.grid.cell_delegate import CellDelegate
from ui.grid.grid_model import GridModel
from ui.grid.grid_rows import GridColumns
from ui.grid.grid_table import GridTable
from ui.widgets.row_table import Column, Index, Row

_WEEKDAYS = "一二三四五六日"
_WHY_NOT = "由软件算出或说明是谁的，不能改"
_PADDING = 2  # pixels beside the marks of a cell
_BETWEEN_HEADS = 10  # pixels more where a head has two characters, so that it does not run into the next
_MOST_LINES = 2000  # more cannot be read through


class MonthModel(GridModel):
    """Offers the states of attendance by name."""

    def __init__(self) -> None:
        super().__init__()
        self.takes_new = False

    def show_days(self, days: Sequence[date]) -> tuple[Column, ...]:
        """Take the columns of a month; returns them."""
        columns = (
            *(Column(str(day.day), f"{day.day}\n{_WEEKDAYS[day.weekday()]}", width=2) for day in days),
            *(Column(key, label, "right", width=4) for key, label in day_sums().items()),
        )
        fields = {str(day.day): _day_field(day) for day in days}
        refusals = dict.fromkeys(day_sums(), _WHY_NOT)
        self.set_grid(GridColumns(columns, fields, refusals, {}))
        return columns

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Days stand above their marks."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        return super().data(index, role)


class _MarkDelegate(CellDelegate):
    """Draws two marks of a day side by side, without the margins that other cells have."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        drawn = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        text, drawn.text = drawn.text, ""
        style = drawn.widget.style() if drawn.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, drawn.widget)
        painter.save()
        painter.setFont(drawn.font)
        painter.setPen(drawn.palette.color(QPalette.ColorRole.Text))
        painter.drawText(drawn.rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


class MonthTable(GridTable):
    """Beside what every sheet does: the letter of a state writes it and goes on to the next day."""

    def __init__(self, model: MonthModel) -> None:
        super().__init__("attendance_month", "月考勤表", model, _MarkDelegate)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.marks: Mapping[str, DayMark] = {one.key: one for one in day_marks() if one.key}

    def set_columns(self, columns: Sequence[Column], *, of_view: bool = False) -> None:
        """A whole month is in sight at once, as far as the screen allows."""
        super().set_columns(columns, of_view=of_view)
        width = self.fontMetrics().horizontalAdvance("县县") + _PADDING
        for n, column in enumerate(columns):
            self.setColumnWidth(n, width + _BETWEEN_HEADS * (column.key in day_sums()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        mark = self.marks.get(event.text().lower())
        index = self.currentIndex()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if mark is None or self.is_editing or not plain or self.cells.field_at(index) is None:
            super().keyPressEvent(event)
            return
        self.cells.setData(index, mark.mark)
        self.move_by(0, 1)


def _day_field(day: date) -> Field:
    one = field("attendance", "state")
    return replace(one, spec=replace(one.spec, label=f"{day.month}月{day.day}日"))


def month_rows(sheet: MonthSheet) -> list[Row]:
    """Each member with the marks of the days and what they come to."""
    return [_month_row(one) for one in sheet.rows]


def _month_row(one: MonthRow) -> Row:
    marks = {str(day): text for day, text in one.cells.items()}
    sums = {key: f"{getattr(one, key):g}" for key in day_sums()}
    return Row(one.helper_id, {"name": one.name, **marks, **sums})


def plan_text(plan: MonthPlan) -> tuple[str, list[str]]:
    """What a plan would do: counts, and a line for each day, what is refused first."""
    told = [f"将改动 {len(plan.changes)} 天次"] if plan.changes else ["没有要改动的"]
    told += [f"没有收 {len(plan.refused)} 格"] if plan.refused else []
    lines = [f"没有收　{reason}" for _, reason in plan.refused]
    for change in plan.changes:
        before, after = (text or "（空）" for text in (change.before, change.after))
        lines.append(f"变更　{change.name} {change.day.month}月{change.day.day}日：{before} → {after}")
    return f"{'，'.join(told)}。", lines[:_MOST_LINES]
