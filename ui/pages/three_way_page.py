"""三者一致: what the record, the national system, the printed archive and somebody's eyes say of each fact."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.consistency.actual_values import adopt_actual, confirm_actual, record_actual
from app.consistency.facts import compared_facts
from app.consistency.households import called_households
from app.consistency.record_values import compared_field, parsed_value, stored_form
from app.consistency.three_way import AGREEMENT_STATES, CORRECTIONS, DIFFERENT, PRINT_AGAIN, FactLine
from app.viewed_lists.fact_source import fact_list
from ui.consistency.fact_rows import FACT_COLUMNS, MOST_FACTS, FactTable, description, load_facts
from ui.consistency.seen_dialog import SeenDialog
from ui.list_views.viewed_page import ViewedPage
from ui.shell.page import AppContext


class ThreeWayPage(ViewedPage):
    """One fact a row; Enter opens the household at it."""

    TITLE = "三者一致"
    ICON = "settled"
    ORDER = 47
    GROUP = "数据"
    SHORTCUT = "Shift+F8"
    CHAPTER = "18-待录入与三者一致"
    IS_RELEASED = True
    READ_CHOICES = ("state",)
    NOTHING = "没有符合条件的内容。"

    def __init__(self, context: AppContext) -> None:
        hint = "户主、姓名、村组、户编号或内容（Ctrl+F）"
        super().__init__(context, hint, _choices(), fact_list(), FACT_COLUMNS)
        self._facts: FactTable | None = None
        self.table.row_activated.connect(self._open_household)
        self.table.current_row_changed.connect(self._describe)
        self.described = QLabel()
        self.described.setObjectName("described")
        self.described.setTextFormat(Qt.TextFormat.PlainText)
        self.described.setWordWrap(True)
        self.described.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.dialog: SeenDialog | None = None
        self._page_actions = [
            self.add_page_action("confirm", "实际与本工作簿一致…", "Ctrl+K", self._confirm, "settled"),
            self.add_page_action("record", "实际是…", "Ctrl+M", self._record, "visit"),
            self.add_page_action("adopt", "采用实际", "Ctrl+U", self._adopt, "edit"),
            self.add_page_action("print", "核对表", "Ctrl+P", partial(self._print, "consistency_sheet"), "print"),
            self.add_page_action("correct", "系统更正清单", "Ctrl+R", partial(self._print, "system_corrections")),
            self.add_page_action("reprints", "重印清单", "Ctrl+J", partial(self._print, "archive_reprints")),
            self.add_page_action("reprint", "重印户档", "Ctrl+Shift+R", self._print_archives),
            self.add_page_action(
                "export", "导出", "Ctrl+E", partial(self.choose_export_path, self.TITLE, self.export), "export"
            ),
        ]
        self.add_list_actions()
        self.lay_out(self.table, self.described)

    def open(self, view: str = "", different: bool = False, **params: Any) -> None:
        """`different`: begin with what does not agree."""
        if different:
            self.filter_line.choose(state=DIFFERENT)
        super().open(view, **params)

    def read_work(self) -> Callable[[], FactTable]:
        state = self.filter_line.value("state")
        states = tuple(one for one in AGREEMENT_STATES if state in ("", one))
        return partial(load_facts, self.context.workbook, states, MOST_FACTS if self.view_bar.is_plain else None)

    def show_list(self, found: Any) -> None:
        self._facts = found
        super().show_list(found)

    def tell_shown(self, keys: Sequence[str]) -> None:
        self._describe(self.table.current_id())
        if self._facts is None:
            return
        found, share = self._facts, self._facts.share
        counts = Counter(line.state for line in self._lines(keys))
        states = "　".join(f"{state} {counts[state]} 项" for state in AGREEMENT_STATES if counts[state])
        is_limited = self.view_bar.is_plain and len(found.lines) == MOST_FACTS
        states += f"（只列出前 {MOST_FACTS} 项）" if is_limited else ""
        day = f"　全国系统的数据截至 {found.system_day}" if found.system_day else "　还没有导入全国系统的名册"
        self.count.setText(
            f"{share.households} 户里三者一致 {share.agreeing} 户（{share.percent}%），"
            f"有不一致的 {share.different} 户　{states}{day}"
        )

    def _describe(self, key: str) -> None:
        self.described.setText(description(next(iter(self._lines([key])), None)))

    def _lines(self, keys: Sequence[str]) -> list[FactLine]:
        return [self._facts.lines[key] for key in keys if key in self._facts.lines] if self._facts else []

    def _open_household(self, key: str) -> None:
        for line in self._lines([key]):
            at = (line.table, line.record_id, line.column)
            self.context.open("household", household=line.household.id, at=at)

    def _confirm(self) -> None:
        """All that is selected was seen to be as it stands here."""
        lines = self._lines(self.table.selected_ids())
        if not lines:
            return
        rest = f"等 {len(lines)} 项" if len(lines) > 1 else ""
        self._ask(f"{_described(lines[0])}{rest}，入户看到的与本工作簿一致。", lines, None)

    def _record(self) -> None:
        """Something else was seen."""
        for line in self._lines([self.table.current_id()]):
            self._ask(f"{_described(line)}，入户看到的不一致：", [line], line)

    def _ask(self, description: str, lines: Sequence[FactLine], other: FactLine | None) -> None:
        fact = other.field if other else None
        value = parsed_value(fact, other.expected) if fact and other else None
        self.dialog = SeenDialog(
            description,
            called_households(line.household for line in lines),
            self.context.workbook.operator,
            self,
            fact,
            value,
        )
        self.dialog.accepted.connect(partial(self._write_seen, lines, other))
        self.dialog.open()

    def _write_seen(self, lines: Sequence[FactLine], other: FactLine | None) -> None:
        assert self.dialog is not None
        workbook, day, who = self.context.workbook, self.dialog.seen_on, self.dialog.seen_by
        if other is None:
            work = partial(confirm_actual, workbook, lines, day, who)
        else:
            work = partial(record_actual, workbook, other, stored_form(self.dialog.value), day, who)
        self.context.write(work, message=f"已记下入户核实 {len(lines)} 项")

    def _adopt(self) -> None:
        """What was seen becomes the value of the record."""
        lines = self._lines(self.table.selected_ids())
        self.context.write(partial(adopt_actual, self.context.workbook, lines), message="已采用入户核实的值")

    def _households(self) -> tuple[str, ...]:
        shown = self._lines(self.table.chosen_ids())
        return tuple(dict.fromkeys(line.household.id for line in shown))

    def _print(self, paper: str) -> None:
        self.context.open("printing", paper=paper, households=self._households())

    def _print_archives(self) -> None:
        """The archives of those among the shown that say something wrong."""
        shown = self._lines(self.table.chosen_ids())
        wrong = tuple(dict.fromkeys(line.household.id for line in shown if PRINT_AGAIN in line.corrections))
        if not wrong:
            self.context.status_bar.info("列表里没有要重印的户档。")
            return
        self.context.open("printing", households=wrong)

    def export(self, path: Path) -> None:
        """Write the rows that are chosen (or shown) as an Excel list."""
        from app.sheets.consistency_export import write_fact_lines

        lines = self._lines(self.table.chosen_ids())
        self.start_export(write_fact_lines(self.context.workbook, lines, path), self.TITLE, path)


def _described(line: FactLine) -> str:
    whom = " ".join(text for text in (f"{line.household.head}户", line.title, line.field.label) if text)
    return f"{whom}本工作簿是“{line.text(line.value) or '空'}”"


def _choices() -> dict[str, tuple[str, list[tuple[str, str]]]]:
    facts = [
        (compared_field(one.table, name).label, f"{one.table}.{name}")
        for one in compared_facts()
        for name in one.columns
        if name != one.ended
    ]
    return {
        "state": ("结果", [("全部结果", ""), *((state, state) for state in AGREEMENT_STATES)]),
        "todo": ("要做的事", [("全部要做的事", ""), *((one, one) for one in CORRECTIONS)]),
        "fact": ("内容", [("全部内容", ""), *facts]),
    }
