"""A list of another office, compared before anything is kept: which kind it is, what came of each row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.comparison.line import RESULTS, ComparedLine, masked_cells, result_label
from app.comparison.stored_lines import SavedCounts, Standing, save_comparison
from app.comparison.subject import Subject, all_subjects, get_subject
from app.errors import UserError, ValidationError
from app.progress import Progress, Task
from app.records.field import field, field_label
from app.sheets.import_choices import SheetChoices
from app.sheets.imported_sheet import ImportedSheet
from app.sheets.list_comparison import ListComparison, NobodyNamed, compare_list
from app.sheets.office_list_columns import remember_columns, target_choices
from app.workbook.masking import mask_numbers
from app.workbook.roles import ENTER
from app.workbook.workbook import Workbook
from ui.roster_import.column_mapping_panel import ColumnMappingPanel, MappingWords
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.shell.tasks import RunningTask
from ui.widgets.button_row import ButtonRow
from ui.widgets.dialog import Dialog
from ui.widgets.field_controls import make_control
from ui.widgets.row_table import Column, Row, RowTable

_STEP = 500
_REMARK = "remark"  # what the ids of rows begin with that are no lines
_WORDS = MappingWords("每一列当作什么", "按这样比对", "当作", {"member": "名单"})
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
    workbook: Workbook,
    path: Path,
    subject: Subject | None,
    is_complete: bool | None,
    choices: Mapping[str, SheetChoices] | None = None,
) -> Task[DescribedComparison]:
    """Compare, and write the rows of the dialog: what is new first, remarks at the end."""
    found = yield from compare_list(workbook, path, subject, is_complete=is_complete, choices=choices)
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
        yield Row(f"{_REMARK}{n}", {"result": "提醒", "told": mask_numbers(remark.describe()), "place": place}, "quiet")


class CompareDialog(Dialog):
    """Compares when it is opened, and again when another kind is chosen, a column is taken for something else, or the
    list turns out not to be complete.

    Signals:
        saved: the comparison was kept
    """

    saved = Signal()

    def __init__(self, context: AppContext, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._path = context, path
        self._shown: ListComparison | None = None
        self._running: RunningTask | None = None
        self._subject: Subject | None = None  # whose columns the panel shows
        self._sheets: Sequence[ImportedSheet] = ()
        self._choices: Mapping[str, SheetChoices] = {}
        self.setObjectName("compareList")
        self.setWindowTitle(f"数据比对：{path.name}")
        self.resize(1080, 600)
        self.kind = QComboBox()
        self.kind.setObjectName("kind")
        self.kind.setAccessibleName(_KIND_LABEL)
        self.kind.addItem("按标题和表头认", "")
        for one in all_subjects():
            self.kind.addItem(f"{one.title}（{one.office}）", one.key)
        self.kind.activated.connect(lambda _: self._compare_as())
        self.complete = QCheckBox("名单是全的，没列出的人算“我有他无”(&Q)")
        self.complete.setObjectName("complete")
        self.complete.clicked.connect(lambda on: self.compare(is_complete=on))
        self.list_date = make_control(_DATE)
        self.columns_button = QPushButton("列对照（Ctrl+M）")
        self.columns_button.setObjectName("columns")
        self.columns_button.setShortcut("Ctrl+M")
        self.columns_button.clicked.connect(self._turn_columns)
        self.message, self.meaning = QLabel(), QLabel()
        self.message.setObjectName("comparisonSentence")
        self.message.setProperty("heading", True)
        self.meaning.setProperty("quiet", True)
        for label in (self.message, self.meaning):
            label.setWordWrap(True)
        self.only_news = QCheckBox("只看新出现和有变化的(&W)")
        self.only_news.setObjectName("onlyNews")
        self.only_news.toggled.connect(lambda _: self._filter())
        self.table = RowTable("comparedRows", "名单逐行")
        self.table.set_columns(_COLUMNS)
        self.columns = ColumnMappingPanel(_WORDS)
        self.columns.confirmed.connect(self._on_columns_confirmed)
        self.stack = QStackedWidget()
        self.buttons = ButtonRow(self, "存下比对结果", "save")
        limit_widget(self.buttons.accept_button, context.workbook, what="存下比对结果")
        self._build_layout()
        self.compare(is_complete=None)

    def _build_layout(self) -> None:
        choices = QHBoxLayout()
        kind_label = QLabel(f"{_KIND_LABEL}(&K)")
        kind_label.setBuddy(self.kind)
        for widget in (kind_label, self.kind, QLabel(_DATE.label), self.list_date, self.complete):
            choices.addWidget(widget)
        choices.addStretch(1)
        choices.addWidget(self.columns_button)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.columns)
        layout = QVBoxLayout(self)
        sentence = QHBoxLayout()
        sentence.addWidget(self.message, 1)
        sentence.addWidget(self.only_news)
        layout.addLayout(choices)
        self.list_date.setMinimumWidth(self.list_date.sizeHint().width())  # as it looks in this dialog
        layout.addLayout(sentence)
        layout.addWidget(self.meaning)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.buttons)

    def compare(self, *, is_complete: bool | None) -> None:
        """Look at the file again with what is chosen now; nothing is written."""
        if self._running is not None:
            self._running.cancel()
        self._show_nothing("正在比对…")
        key = self.kind.currentData()
        subject = get_subject(key) if key else None
        task = describe_comparison(self._context.workbook, self._path, subject, is_complete, self._choices)
        self._running = self._context.tasks.start(
            task, self._show, failed=self._on_failed, queue="read", title=f"比对“{self._path.name}”"
        )
        self._running.cancelled.connect(lambda: self._show_nothing("没有比对完。请重新选名单种类，或关上再来。"))

    def _compare_as(self) -> None:
        """Another kind has other columns."""
        self._choices = {}
        self.compare(is_complete=None)

    def _show_nothing(self, message: str) -> None:
        self._shown = None
        self.message.setText(message)
        self.meaning.setText("")
        self.table.set_rows([])
        self.stack.setCurrentWidget(self.table)
        for widget in (self.buttons.accept_button, self.complete, self.columns_button, self.only_news):
            widget.setEnabled(False)

    def _on_failed(self, error: UserError) -> None:
        """A list in which no column names the people can still be told which one does."""
        self._show_nothing(str(error))
        if isinstance(error, NobodyNamed):
            self.kind.setCurrentIndex(self.kind.findData(error.subject.key))
            self._subject, self._sheets = error.subject, error.sheets
            self.columns_button.setEnabled(True)
            self._turn_columns()

    def _show(self, described: DescribedComparison) -> None:
        found = described.comparison
        compared = found.compared
        self._shown, self._subject, self._sheets = found, compared.subject, found.sheets
        self.kind.setCurrentIndex(self.kind.findData(compared.subject.key))
        self.complete.setChecked(compared.is_complete)
        self.complete.setEnabled(compared.subject.is_answered)
        self.list_date.set_value(compared.list_date)
        counts = compared.counts()
        told = "，".join(f"{result_label(one)} {counts[one]}" for one in RESULTS if counts[one])
        news = sum(standing in ("new", "changed") for standing in found.standings)
        same = sum(standing in ("open", "decided") for standing in found.standings)
        doubts = sum(sheet.count_doubts() for sheet in found.sheets)
        asked = f"列对照有 {doubts} 处要看一看（Ctrl+M）。" if doubts else ""
        self.message.setText(
            f"名单 {compared.row_count} 行：{told}。新出现或有变化 {news} 条，与以前相同 {same} 条。{asked}"
        )
        self.meaning.setText(compared.subject.meaning)
        self.table.set_rows(described.rows)
        self.only_news.setEnabled(same > 0)  # of the first list of its kind everything is new
        self.only_news.setChecked(same > 0)
        self._filter()
        self.buttons.accept_button.setEnabled(self._context.workbook.may(ENTER))
        self.columns_button.setEnabled(True)
        self.buttons.accept_button.setFocus()  # in the table Enter would be the table's

    def _filter(self) -> None:
        """Of the next list of a kind only what changed, unless all is asked for; remarks always."""
        found = self._shown
        if found is None:
            return
        news = {str(n) for n, standing in enumerate(found.standings) if standing in ("new", "changed")}
        wanted = self.only_news.isChecked()
        self.table.set_filter(lambda row: not wanted or row.id in news or row.id.startswith(_REMARK))

    def _turn_columns(self) -> None:
        """From the result to the columns, and from the columns on to the result."""
        if self.stack.currentWidget() is self.columns:
            self.columns.confirm()
        elif self._subject is not None:
            targets = target_choices(self._subject)
            self.columns.show_sheets(self._sheets, lambda _: targets)
            self.stack.setCurrentWidget(self.columns)
            self.buttons.accept_button.setEnabled(False)

    def _on_columns_confirmed(self, choices: Mapping[str, SheetChoices]) -> None:
        """Keep what was decided for the next list of this kind, and compare by it."""
        if self._subject is None:
            return
        self._choices = choices
        is_complete = self.complete.isChecked() if self._shown is not None else None
        work = partial(remember_columns, self._context.workbook, self._subject, self._sheets, choices)
        self._context.write(work, lambda _: self.compare(is_complete=is_complete), message="")

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
