"""收入: the account of a year, typed into a sheet; sums, net income and per head follow at once."""

from decimal import Decimal

from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QVBoxLayout, QWidget

from app.errors import OfficeError
from app.records.draft import withdraw
from app.records.field import Value
from app.records.household import HouseholdCard
from app.records.income import Account, account, group_sums, net_of, per_head
from app.records.income_entry import enter_line, open_year
from ui.household.conditions_tab import YearLine
from ui.household.desk import Desk, Tab
from ui.household.editor import Editor
from ui.household.income_table import ItemTable

_GROUPS = (
    ("核算", ("people", "period_start", "period_end", "calculated_by", "calculated_on")),
    ("系统数据与其他", ("reported_net", "reported_per_head", "medical_self_paid", "note")),
)


class IncomeTab(Tab):
    """The sheet of items on the left, what the year comes to and its other fields on the right."""

    TITLE = "收入"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._card: HouseholdCard | None = None
        self._account: Account | None = None
        self._unsaved = 0  # lines on their way into the workbook
        self.line = YearLine(self, "income", self._chosen, self._add)
        self.table = ItemTable()
        self.table.entered.connect(self._entered)
        self.table.emptied.connect(self._emptied)
        self.table.refused.connect(desk.office.notices.refused)
        self.table.moved.connect(self._show_totals)
        self.net, self.head, self.judged = QLabel(), QLabel(), QLabel()
        self.net.setObjectName("net_income")
        self.head.setObjectName("per_head")
        self.head.setProperty("figure", True)
        self.judged.setObjectName("income_judged")
        self.judged.setProperty("quiet", True)
        for one in (self.net, self.judged):
            one.setWordWrap(True)
            one.setMinimumHeight(20)  # else a long sentence asks for the height that it would need in a narrow column
        self._kind = self.button("add_kind", "添加明细", "Alt+L", self._ask_kind)
        self.line.insertWidget(self.line.count() - 1, self._kind)
        self.editor = Editor(desk, "income_year", 1, _GROUPS, without=("year",))
        self.hint = QLabel("还没有收入核算。选好年度，按 Alt+A 新增。")
        self.hint.setProperty("quiet", True)
        side, self._body = QWidget(), QWidget()
        side.setFixedWidth(350)
        stacked = QVBoxLayout(side)
        stacked.setContentsMargins(8, 0, 0, 0)
        for part in (self.head, self.net, self.judged):
            stacked.addWidget(part)
        stacked.addWidget(self.editor, 1)
        beside = QHBoxLayout(self._body)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.table, 1)
        beside.addWidget(side)
        whole = QVBoxLayout(self)
        whole.addLayout(self.line)
        whole.addWidget(self.hint, 1)
        whole.addWidget(self._body, 1)

    def show_card(self, card: HouseholdCard) -> None:
        other = self._card is None or self._card.id != card.id
        wanted = "" if other else self.line.record_id
        self._card = card
        self.line.show_years([(one.income_year_id, one.year) for one in card.incomes], wanted)
        self._open(self.line.record_id)

    def point(self, record_id: str, column: str) -> None:
        self.line.choose(record_id)
        self.editor.point(column)

    def may_leave(self) -> bool:
        unsaved = self.table.unsaved()
        if unsaved:
            self.desk.office.notices.refused(f"“{unsaved}”这一行还没有保存：请填好金额，或清空这一行。")
            self.table.setFocus()
            return False
        return self.editor.may_leave()

    def _chosen(self, year_id: str) -> None:
        if self.may_leave():
            self._open(year_id)

    def _open(self, year_id: str) -> None:
        self._body.setVisible(bool(year_id))
        self.hint.setVisible(not year_id)
        self._kind.setEnabled(bool(year_id))
        if self._account is not None and self._account.total.income_year_id != year_id:
            self._account = None
            self.table.clear_lines()
        self.editor.open(year_id)
        if year_id:
            self.desk.read(lambda found: self._show(found), account, year_id)

    def _show(self, found: Account) -> None:
        if found.total.income_year_id != self.line.record_id:
            return
        self._account = found
        # what is typed and not yet saved stays; the save brings the account again
        if not self.table.editing and not self._unsaved:
            self.table.show_lines(found.lines)
        self._show_totals()

    def _show_totals(self) -> None:
        """Of what stands in the sheet, so that the officer sees at once what a number does."""
        if self._account is None:
            return
        total, lines = self._account.total, self.table.lines()
        net = net_of(group_sums(lines)) if lines else total.net
        each = per_head(net, total.people) if lines else total.per_head
        self.head.setText(f"人均 {_yuan(each)}")
        source = "（系统数据，没有明细）" if not lines and each is not None else ""
        self.net.setText(f"纯收入 {_yuan(net)}，{total.people_from} {total.people or '未填'} 人{source}")
        self.judged.setText(_judged(self._account, each))

    def _entered(self, item: str, what: str, values: dict[str, Value]) -> None:
        if self._account is not None:
            work = enter_line(
                self.desk.office.workbook, self._account.total.income_year_id, item, what, values, self.desk.by
            )
            self._unsaved += 1
            self.desk.office.jobs.start(
                work, lambda saved: self._stored(item, what, saved.draft.id), failed=lambda error: self._failed(error)
            )

    def _stored(self, item: str, what: str, line_id: str) -> None:
        self._unsaved -= 1
        self.table.stored(item, what, line_id)
        self.desk.office.notices.saved(f"已保存：{item}")

    def _failed(self, error: OfficeError) -> None:
        self._unsaved -= 1
        self.desk.office.notices.refused(error)

    def _emptied(self, line_id: str) -> None:
        self.desk.write(withdraw(self.desk.office.workbook, "income_line", line_id, self.desk.by), said="已清空")

    def _ask_kind(self) -> None:
        item = self.table.item_now
        if item is None:
            self.desk.office.notices.tell("请先把光标放在一个收支项目上，再添加它的明细。")
            return
        what, chosen = QInputDialog.getItem(
            self, "添加明细", f"“{item.label}”的品种或名目", list(item.wordings), -1, True
        )
        if chosen and what.strip():
            self.table.add_kind(what.strip())
            self.table.setFocus()

    def _add(self, year: int) -> None:
        if self._card is not None and self.may_leave():
            work = open_year(self.desk.office.workbook, self._card.id, year, self._card.size or None)
            self.desk.write(work, self.line.choose, f"已新增 {year} 年")


def _yuan(amount: Decimal | None) -> str:
    return "未知" if amount is None else f"{amount:,.2f} 元"


def _judged(found: Account, each: Decimal | None) -> str:
    """What the figure means beside last year and the poverty line."""
    said = []
    if found.last is not None and found.last.per_head and each is not None:
        change = (each - found.last.per_head) / found.last.per_head * 100
        said.append(f"比上年人均 {_yuan(found.last.per_head)} {'增' if change >= 0 else '减'} {abs(change):.1f} %。")
    line = found.poverty_line
    if line is None or line.line is None:
        said.append(f"{found.total.year} 年的贫困线还没有填，不作比较。")
    elif each is not None:
        side = "低于" if each < line.line else "不低于"
        said.append(f"{side}当年贫困线 {line.line} 元{'' if line.confirmed else '（默认值，以县文件为准）'}。")
    if found.reported_per_head is not None and each is not None and each != found.reported_per_head:
        said.append(f"系统里的人均是 {_yuan(found.reported_per_head)}，与核算不一致。")
    return "".join(said)
