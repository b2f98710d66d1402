"""疑点数据: what the cleaning rules find, to be corrected or settled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLabel, QSplitter, QVBoxLayout, QWidget

from app.progress import Work
from app.quality.doubts import SEVERITIES, Doubt, put_right, reopen, settle
from app.records.draft import Saved, take_back
from app.workbook.workbook import Changes
from ui.page import Office, Page
from ui.quality.doubt_card import DoubtCard
from ui.quality.doubt_rows import ALL, DOUBTS, RULES, Listed, check_all, check_some, rule_rows
from ui.quality.filter_line import FilterLine
from ui.quality.settle_dialog import SettleDialog
from ui.tables.row_table import RowTable

_NEXT = "还没有核对。按 F5 核对全部户。"
_CLEAN = "没有符合条件的疑点。"
_UNRELATED = frozenset({"photo", "archive_print"})  # no rule looks at these


class DoubtsPage(Page):
    """Rules on the left, their doubts on the right. Enter opens the household at the field."""

    TITLE = "疑点数据"
    ICON = "doubts"
    ORDER = 45
    SHORTCUT = "Ctrl+Shift+Y"

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._listed = Listed({}, (), {})
        self._passing: frozenset[str] = frozenset()  # ids of the doubts that pass the bar
        self._stale = True  # something was written since the last check
        self._checking = self._again = False
        self.bar, self.card = FilterLine(), DoubtCard()
        self.rules, self.table = RowTable("rules", "规则"), RowTable("doubts", "疑点")
        self.rules.set_columns(RULES)
        self.rules.setMinimumWidth(200)
        self.table.set_columns(DOUBTS)
        self.bar.changed.connect(self._narrow)
        self.bar.entered.connect(self._to_table)
        self.rules.pointed.connect(lambda _: self._narrow_doubts())
        self.rules.opened.connect(self._to_table)
        self.table.pointed.connect(self._pointed)
        self.table.opened.connect(self._open)
        self.count = QLabel()
        self.count.setObjectName("count")
        self.count.setProperty("quiet", True)
        self._actions = [
            self.action("check", "重新核对", "F5", self._check),
            self.action("settle", "已核实无误…", "Ctrl+K", self._ask_settle, "settled"),
            self.action("put_right", "采用建议", "Ctrl+U", self._put_right, "edit"),
            self.action("reopen", "撤销核实", "Ctrl+R", self._reopen, "undo"),
            self.action("find", "查找", "Ctrl+F", self.bar.to_search, "search"),
            self.action("clear", "清除筛选", "Ctrl+Shift+F", self._clear),
            self.action("export", "导出", "Ctrl+E", self._ask_export, "export"),
        ]
        self._lay_out()
        self._show(self._listed)

    def _lay_out(self) -> None:
        right = QWidget()
        stacked = QVBoxLayout(right)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.addWidget(self.table, 1)
        stacked.addWidget(self.card)
        sides = QSplitter(Qt.Orientation.Horizontal)
        sides.setObjectName("sides")
        sides.setChildrenCollapsible(False)
        sides.addWidget(self.rules)
        sides.addWidget(right)
        sides.setStretchFactor(1, 1)
        sides.setSizes([300, 880])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 8)
        whole.addWidget(self.bar)
        whole.addWidget(sides, 1)
        whole.addWidget(self.count)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, household: str = "", head: str = "", **about: Any) -> None:
        """`household`, `head`: begin with this household's doubts."""
        if household:
            self.bar.clear()
            self.bar.show_household(household, head)
            self.rules.point_at(ALL)
        if self._stale:
            self._check()
        self.table.setFocus()

    def refresh(self, changes: Changes) -> None:
        """What was written may have put something right: checked again when the page is looked at."""
        if changes.by is self or changes.tables <= _UNRELATED:
            return  # what this page wrote it looks at itself
        self._stale = True
        if self.isVisible():
            self._check()

    def _check(self) -> None:
        """Check all households; while a check is under way the next one waits."""
        if self._checking:
            self._again = True
            return
        self._checking, self._stale = True, False
        self.count.setText("正在核对…")
        work = check_all(self.office.workbook)
        job = self.office.jobs.start(work, self._checked, failed=self._failed, title="核对数据质量", lane="read")
        job.cancelled.connect(self._given_up)

    def _checked(self, found: Listed) -> None:
        self._checking = False
        self._show(found)
        if self._again:
            self._again = False
            self._check()

    def _failed(self, error: object) -> None:
        self._given_up()
        self.office.notices.refused(error)

    def _given_up(self) -> None:
        self._checking = self._again = False
        self._stale = True
        self._show(Listed({}, (), {}))

    def _look_again(self, doubts: Iterable[Doubt]) -> None:
        """Check their households only: the page wrote something about them."""
        ids = tuple(dict.fromkeys(one.household_id for one in doubts))
        self.office.jobs.start(check_some(self.office.workbook, self._listed, ids), self._show, lane="read")

    def _show(self, found: Listed) -> None:
        self._listed = found
        self.table.hint = _NEXT if self._stale else _CLEAN
        self.table.set_rows(found.rows)
        self._narrow()

    def _narrow(self) -> None:
        """The counts of the rules, over what passes the bar, and the doubts of the current rule."""
        passes, words = self.bar.passes(), self._listed.words
        passing = {id: one for id, one in self._listed.doubts.items() if passes(one, words[id])}
        self._passing = frozenset(passing)
        before = self.rules.current() or ALL
        self.rules.blockSignals(True)
        self.rules.set_rows(rule_rows(tuple(passing.values())))
        if not self.rules.point_at(before):
            self.rules.point_at(ALL)
        self.rules.blockSignals(False)
        self._narrow_doubts()
        counted = Counter(one.severity for one in passing.values())
        homes = len({one.household_id for one in passing.values()})
        said = "　".join(f"{severity} {counted[severity]} 条" for severity in SEVERITIES)
        self.count.setText(_NEXT if self._stale else f"{said}　涉及 {homes} 户")

    def _narrow_doubts(self) -> None:
        passing, doubts, rule = self._passing, self._listed.doubts, self.rules.current() or ALL
        self.table.filter(lambda row: row.id in passing and (rule == ALL or doubts[row.id].rule == rule))
        self._pointed(self.table.current())

    @property
    def _current(self) -> Doubt | None:
        return self._listed.doubts.get(self.table.current())

    def _pointed(self, _: str) -> None:
        doubt = self._current
        self.card.show_doubt(doubt)
        for action, there in (
            ("settle", doubt is not None and doubt.settled is None),
            ("put_right", doubt is not None and doubt.fix is not None and doubt.settled is None),
            ("reopen", doubt is not None and doubt.settled is not None),
            ("export", bool(self._listed.doubts)),
        ):
            self._action(action).setEnabled(there)

    def _action(self, name: str) -> QAction:
        return next(one for one in self._actions if one.objectName() == name)

    def _open(self, id: str) -> None:
        """The household, its tab and the field; the other households of the list follow with Alt+↓."""
        doubt = self._listed.doubts[id]
        order = tuple(dict.fromkeys(self._listed.doubts[one].household_id for one in self.table.shown_ids()))
        place = doubt.places[0] if doubt.places else None
        at = (place.table, place.record_id, place.column) if place else None
        self.office.open("household", household=doubt.household_id, order=order, at=at)

    def _to_table(self, _: str = "") -> None:
        self.table.setFocus()

    def _clear(self) -> None:
        self.bar.clear()
        self.rules.point_at(ALL)

    def _ask_settle(self) -> None:
        """One doubt, or several that are chosen, for one reason."""
        chosen = [self._listed.doubts[id] for id in self.table.chosen() if self._listed.doubts[id].settled is None]
        if not chosen:
            return
        more = f"\n等 {len(chosen)} 条" if len(chosen) > 1 else ""
        dialog = SettleDialog(f"{chosen[0].home}户：{chosen[0].sentence}{more}", self)
        if dialog.exec():
            work = _each(lambda one: settle(self.office.workbook, one, dialog.reason, self), chosen)
            self._write(work, f"已核实 {len(chosen)} 条", chosen)

    def _reopen(self) -> None:
        chosen = [self._listed.doubts[id] for id in self.table.chosen() if self._listed.doubts[id].settled is not None]
        work = _each(lambda one: reopen(self.office.workbook, one, self), chosen)
        self._write(work, f"重新列为疑点 {len(chosen)} 条", chosen)

    def _write(self, work: Work[Any], said: str, doubts: Sequence[Doubt]) -> None:
        def written(_: object) -> None:
            self.office.notices.saved(said)
            self._look_again(doubts)

        self.office.jobs.start(work, written)

    def _put_right(self) -> None:
        doubt = self._current
        if doubt is not None and doubt.fix is not None:
            work = put_right(self.office.workbook, doubt, self)
            self.office.jobs.start(work, lambda saved: self._righted(doubt, saved))

    def _righted(self, doubt: Doubt, saved: Saved) -> None:
        self._look_again((doubt,))
        said = f"{doubt.home}户：{doubt.fix.sentence if doubt.fix else ''}"
        undo = take_back(self.office.workbook, saved, self)
        self.office.notices.offer_undo(said, lambda: self._write(undo, "已改回原来的值", (doubt,)))

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出疑点数据", "疑点数据.xlsx", "Excel 工作簿 (*.xlsx)")
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write what is shown as an Excel list."""
        from app.sheets.doubts import write_doubts

        shown = [self._listed.doubts[id] for id in self.table.shown_ids()]
        self.office.jobs.start(
            write_doubts(self.office.workbook, shown, path),
            lambda count: self.office.notices.tell(f"已导出 {count} 条到“{path.name}”。"),
            title="导出疑点数据",
        )


def _each(work: Any, doubts: Sequence[Doubt]) -> Work[None]:
    """The same done to several."""
    for one in doubts:
        yield from work(one)
