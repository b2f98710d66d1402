"""A list of another office, compared before anything is kept: which kind it is, what came of each row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.comparison.line import RESULTS, ComparedLine, masked_cells, result_label
from app.comparison.stored_lines import SavedCounts, Standing, save_comparison
from app.comparison.subject import Subject, all_subjects, get_subject
from app.errors import UserError, ValidationError
from app.progress import Progress, Task
from app.records.field import field, field_label
from app.records.masking import mask_numbers
from app.sheets.list_comparison import ListComparison, compare_list
from app.workbook.workbook import Workbook
from ui.shell.page import AppContext
from ui.shell.tasks import RunningTask
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.field_controls import make_control
from ui.widgets.row_table import Column, Row, RowTable

_STEP = 500
_DATE = field("comparison", "list_date")
_KIND_LABEL = field_label("comparison", "subject_title")
_STANDINGS: dict[Standing, str] = {
    "new": "新出现", "changed": "有变化", "open": "上次就有", "decided": "已处理过", "": "",
}  # fmt: skip
_ORDER = tuple(_STANDINGS)
_COLUMNS = (
    Column("result", field_label("comparison_line", "result"), width=10),
    Column("standing", "与以前比", width=10),
    Column("name", field_label("comparison_line", "name"), width=9),
    Column("id_no", field_label("member", "id_no"), mask="id", width=20),
    Column("told", "本工作簿 → 名单", width=0),
    Column("place", "位置", width=17),
    Column("cells", "名单内容", width=22),
)


@dataclass(frozen=True, slots=True)
class DescribedComparison:
    """A comparison with its rows, which are written off the window's thread because there may be very many."""

    comparison: ListComparison
    rows: list[Row]


def describe_comparison(
    workbook: Workbook, path: Path, subject: Subject | None, is_complete: bool | None
) -> Task[DescribedComparison]:
    """Compare, and write the rows of the dialog: what is new first, remarks at the end."""
    found = yield from compare_list(workbook, path, subject, is_complete=is_complete)
    pairs = sorted(
        enumerate(zip(found.compared.lines, found.standings, strict=True)), key=lambda one: _ORDER.index(one[1][1])
    )
    rows = []
    for n, (place, (line, standing)) in enumerate(pairs):
        if n % _STEP == 0:
            yield Progress(n, len(pairs), "整理")
        rows.append(_line_row(str(place), line, standing))
    return DescribedComparison(found, [*rows, *_remark_rows(found)])


def _line_row(id: str, line: ComparedLine, standing: Standing) -> Row:
    told = "；".join([*(change.describe() for change in line.changes), line.explanation])
    cells = masked_cells(line.row.cells, line.row.number) if line.row is not None else ()
    texts = {
        "result": result_label(line.result),
        "standing": _STANDINGS[standing],
        "name": line.name,
        "id_no": line.number,
        "told": mask_numbers(told.strip("；")),
        "place": line.row.place if line.row is not None else "名单上没有",
        "cells": "　".join(f"{title}：{text}" for title, text in cells),
    }
    return Row(id, texts, "" if standing in ("new", "changed", "open") else "quiet")


def _remark_rows(found: ListComparison) -> Iterator[Row]:
    """What was not compared, with its text: nothing of a list vanishes unsaid."""
    for n, remark in enumerate(found.remarks):
        place = f"“{remark.sheet}”" + (f"第 {remark.row} 行" if remark.row else "")
        yield Row(f"remark{n}", {"result": "提醒", "told": mask_numbers(remark.describe()), "place": place}, "quiet")


class CompareDialog(Dialog):
    """Compares when it is opened, and again when another kind is chosen or the list turns out not to be complete.

    Signals:
        saved: the comparison was kept
    """

    saved = Signal()

    def __init__(self, context: AppContext, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._path = context, path
        self._shown: ListComparison | None = None
        self._running: RunningTask | None = None
        self.setObjectName("compareList")
        self.setWindowTitle(f"数据比对：{path.name}")
        self.resize(1080, 600)
        self.kind = QComboBox()
        self.kind.setObjectName("kind")
        self.kind.setAccessibleName(_KIND_LABEL)
        self.kind.addItem("按标题和表头认", "")
        for one in all_subjects():
            self.kind.addItem(f"{one.title}（{one.office}）", one.key)
        self.kind.activated.connect(lambda _: self.compare(is_complete=None))
        self.complete = QCheckBox("名单是全的，没列出的人算“我有他无”(&Q)")
        self.complete.setObjectName("complete")
        self.complete.clicked.connect(lambda on: self.compare(is_complete=on))
        self.list_date = make_control(_DATE)
        self.message, self.meaning = QLabel(), QLabel()
        self.message.setObjectName("comparisonSentence")
        self.message.setProperty("heading", True)
        self.meaning.setProperty("quiet", True)
        for label in (self.message, self.meaning):
            label.setWordWrap(True)
        self.table = RowTable("comparedRows", "名单逐行")
        self.table.set_columns(_COLUMNS)
        self.buttons = ButtonRow(self, "存下比对结果", "save")
        self._build_layout()
        self.compare(is_complete=None)

    def _build_layout(self) -> None:
        choices = QHBoxLayout()
        kind_label = QLabel(f"{_KIND_LABEL}(&K)")
        kind_label.setBuddy(self.kind)
        for widget in (kind_label, self.kind, QLabel(_DATE.label), self.list_date, self.complete):
            choices.addWidget(widget)
        choices.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(choices)
        layout.addWidget(self.message)
        layout.addWidget(self.meaning)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.buttons)

    def compare(self, *, is_complete: bool | None) -> None:
        """Look at the file again with what is chosen now; nothing is written."""
        if self._running is not None:
            self._running.cancel()
        self._show_nothing("正在比对…")
        key = self.kind.currentData()
        task = describe_comparison(self._context.workbook, self._path, get_subject(key) if key else None, is_complete)
        self._running = self._context.tasks.start(
            task, self._show, failed=self._on_failed, queue="read", title=f"比对“{self._path.name}”"
        )
        self._running.cancelled.connect(lambda: self._show_nothing("没有比对完。请重新选名单种类，或关上再来。"))

    def _show_nothing(self, message: str) -> None:
        self._shown = None
        self.message.setText(message)
        self.meaning.setText("")
        self.table.set_rows([])
        for widget in (self.buttons.accept_button, self.complete):
            widget.setEnabled(False)

    def _on_failed(self, error: UserError) -> None:
        self._show_nothing(str(error))

    def _show(self, described: DescribedComparison) -> None:
        found = described.comparison
        compared = found.compared
        self._shown = found
        self.kind.setCurrentIndex(self.kind.findData(compared.subject.key))
        self.complete.setChecked(compared.is_complete)
        self.complete.setEnabled(compared.subject.is_answered)
        self.list_date.set_value(compared.list_date)
        counts = compared.counts()
        told = "，".join(f"{result_label(one)} {counts[one]}" for one in RESULTS if counts[one])
        news = sum(standing in ("new", "changed") for standing in found.standings)
        same = sum(standing in ("open", "decided") for standing in found.standings)
        self.message.setText(f"名单 {compared.row_count} 行：{told}。新出现或有变化 {news} 条，与以前相同 {same} 条。")
        self.meaning.setText(compared.subject.meaning)
        self.table.set_rows(described.rows)
        self.buttons.accept_button.setEnabled(True)
        self.buttons.accept_button.setFocus()  # in the table Enter would be the table's

    def accept(self) -> None:
        if self._shown is None:
            return
        try:
            day = _DATE.parse(self.list_date.raw_value())
        except ValidationError as error:
            self._context.status_bar.error(error)
            return
        compared = replace(self._shown.compared, list_date=day if isinstance(day, date) else None)
        self._context.tasks.start(
            save_comparison(self._context.workbook, compared), self._on_saved, title="存下比对结果"
        )
        super().accept()

    def _on_saved(self, counts: SavedCounts) -> None:
        self._context.status_bar.info(
            f"已存下：新出现 {counts.added} 条，有变化 {counts.changed} 条，与以前相同 {counts.unchanged} 条，"
            f"两边又一致 {counts.agreed} 条。"
        )
        self.saved.emit()

    def reject(self) -> None:
        if self._running is not None:
            self._running.cancel()
        super().reject()
