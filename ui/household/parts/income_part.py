"""收入: the account of a year, typed into a sheet; sums, net income and per head follow at once."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.dashboard.household_counts import CountedHousehold, PartCount, income_count
from app.errors import UserError
from app.records.draft import withdraw
from app.records.field import Value
from app.records.household import HouseholdDetails
from app.records.income import IncomeAccount, group_totals, income_account, net_income, per_capita
from app.records.income_entry import open_income_year, save_entry
from app.records.standards import MissingLine
from app.register_proposals.origins import origin_rows
from app.register_proposals.proposal import CardProposal
from app.register_proposals.taking import proposals, take
from ui.household.household_part import HouseholdPart
from ui.household.income_table import IncomeTable
from ui.household.year_row import YearRow
from ui.proposals.proposal_dialog import ProposalDialog
from ui.proposals.source_choice import open_origin
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.widgets.flow_grid import FlowGrid
from ui.widgets.record_editor import RecordEditor
from ui.widgets.short_answer import ask_option

_GROUPS = (
    ("核算", ("people", "period_start", "period_end", "calculated_by", "calculated_on")),
    ("系统数据与其他", ("reported_net", "reported_per_head", "medical_self_paid", "claim_income", "note")),
)
_ENTER_LINE = "standard"  # the link in a sentence about a line that is missing


class IncomePart(HouseholdPart):
    """The sheet of items on the left, what the year comes to and its other fields on the right."""

    TITLE = "收入"
    ORDER = 40
    KEY = "4"
    TABLE = "income_year"
    ADDS: ClassVar[Mapping[str, str]] = {"Alt+A": "年度", "Alt+L": "收入明细"}

    @classmethod
    def count(cls, session: Any, household: CountedHousehold) -> PartCount | None:
        return income_count(session, household.id)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._card: HouseholdDetails | None = None
        self._account: IncomeAccount | None = None
        self._held_for = ""  # the item whose row was told to wait for its amount
        self._pending_saves = 0  # lines on their way into the workbook
        self.year_row = YearRow(self, "income", self._on_year_selected, self._add_year)
        self.table = IncomeTable()
        limit_widget(self.table, context.workbook)
        self.table.line_entered.connect(self._save_line)
        self.table.line_cleared.connect(self._withdraw_line)
        self.table.rejected.connect(context.status_bar.error)
        self.table.sums_changed.connect(self._show_totals)
        self.table.sums_changed.connect(self._clear_refusal)
        self.net_label, self.per_head_label, self.comparison_label = QLabel(), QLabel(), QLabel()
        self.net_label.setObjectName("net_income")
        self.per_head_label.setObjectName("per_head")
        self.per_head_label.setProperty("figure", True)
        self.comparison_label.setObjectName("income_judged")
        self.comparison_label.setProperty("quiet", True)
        self.comparison_label.linkActivated.connect(lambda _: self._enter_line())
        for label in (self.net_label, self.comparison_label):
            label.setWordWrap(True)
            label.setMinimumHeight(20)  # else a long sentence asks for the height that it would need in a narrow column
        self._add_kind_button = self.add_button("add_kind", "添加明细", "Alt+L", self._choose_kind)
        self._take_button = self.add_button("take_income", "从台账带入", "Alt+R", self._read_proposals)
        self._origin_button = self.add_button("open_origin", "看来源", "Alt+O", self._read_origin)
        buttons = FlowGrid((self._add_kind_button, self._take_button, self._origin_button), 3, 8)
        self.year_row.insertWidget(self.year_row.count() - 1, buttons, 1)
        self.dialog: ProposalDialog | None = None
        self.editor = RecordEditor(context, "income_year", 1, _GROUPS, excluded=("year",))
        self.hint_label = QLabel("还没有收入核算。选好年度，按 Alt+A 新增。")
        self.hint_label.setProperty("quiet", True)
        side_panel, self._content = QWidget(), QWidget()
        side_panel.setFixedWidth(350)
        side_layout = QVBoxLayout(side_panel)
        side_layout.setContentsMargins(8, 0, 0, 0)
        for side_label in (self.per_head_label, self.net_label, self.comparison_label):
            side_layout.addWidget(side_label)
        side_layout.addWidget(self.editor, 1)
        content_layout = QHBoxLayout(self._content)
        content_layout.setContentsMargins(0, 0, 0, 0)
        content_layout.addWidget(self.table, 1)
        content_layout.addWidget(side_panel)
        layout = QVBoxLayout(self)
        layout.addLayout(self.year_row)
        layout.addWidget(self.hint_label, 1)
        layout.addWidget(self._content, 1)

    def show_card(self, card: HouseholdDetails) -> None:
        is_other_household = self._card is None or self._card.id != card.id
        selected_id = "" if is_other_household else self.year_row.record_id
        self._card = card
        self.year_row.show_years(
            [(income_year.income_year_id, income_year.year) for income_year in card.incomes], selected_id
        )
        self._open_year(self.year_row.record_id)

    def focus_field(self, record_id: str, column: str) -> None:
        self.year_row.select(record_id)
        self.editor.focus_field(column)

    def can_leave(self) -> bool:
        """A row that waits for its amount holds the officer once; what is refused never does."""
        waiting = self.table.first_unsaved_item()
        if waiting and waiting != self._held_for:
            self._held_for = waiting
            text = f"“{waiting}”这一行还没有保存：请填好金额，或清空这一行。再离开一次，就不保存这一行。"
            self.context.status_bar.error(text)
            self.table.setFocus()
            return False
        if given_back := self.table.give_back():
            self.context.status_bar.info(f"“{'”“'.join(given_back)}”没有保存，已恢复原值。")
        return self.editor.can_leave()

    def _clear_refusal(self) -> None:
        """Something was typed that is right: what was said of it goes."""
        self._held_for = ""
        self.context.status_bar.clear_error()

    def _on_year_selected(self, year_id: str) -> None:
        if self.can_leave():
            self._open_year(year_id)

    def _open_year(self, year_id: str) -> None:
        self._content.setVisible(bool(year_id))
        self.hint_label.setVisible(not year_id)
        for button in (self._add_kind_button, self._take_button, self._origin_button):
            button.setEnabled(bool(year_id))
        if self._account is not None and self._account.total.income_year_id != year_id:
            self._account = None
            self.table.clear_lines()
        self.editor.open(year_id)
        if year_id:
            self.context.read(lambda year_account: self._show_account(year_account), income_account, year_id)

    def _show_account(self, year_account: IncomeAccount) -> None:
        if year_account.total.income_year_id != self.year_row.record_id:
            return
        self._account = year_account
        # what is typed and not yet saved stays; the save brings the account again
        if not self.table.is_editing and not self._pending_saves:
            self.table.set_lines(year_account.lines)
        self._show_totals()

    def _show_totals(self) -> None:
        """Of what stands in the sheet, so that the officer sees at once what a number does."""
        if self._account is None:
            return
        total, lines = self._account.total, self.table.lines()
        net = net_income(group_totals(lines)) if lines else total.net
        income_per_head = per_capita(net, total.people) if lines else total.per_capita
        self.per_head_label.setText(f"人均 {_format_yuan(income_per_head)}")
        source = "（系统数据，没有明细）" if not lines and income_per_head is not None else ""
        self.net_label.setText(f"纯收入 {_format_yuan(net)}，{total.people_basis} {total.people or '未填'} 人{source}")
        self.comparison_label.setText(_comparison_text(self._account, income_per_head))

    def _enter_line(self) -> None:
        line = self._account.line if self._account is not None else None
        if line is not None and self.can_leave():
            self.context.open("county", kind="standard", year=line.year, column=line.kind)

    def _save_line(self, item: str, kind: str, values: dict[str, Value]) -> None:
        if self._account is not None:
            work = partial(save_entry, self.context.workbook, self._account.total.income_year_id, item, kind, values)
            self._pending_saves += 1
            self.context.tasks.start(
                work,
                lambda saved: self._on_line_saved(item, kind, saved.draft.id),
                failed=lambda error: self._on_save_failed(error),
            )

    def _on_line_saved(self, item: str, kind: str, line_id: str) -> None:
        self._pending_saves -= 1
        self.table.set_line_id(item, kind, line_id)
        self.context.status_bar.saved(f"已保存：{item}")

    def _on_save_failed(self, error: UserError) -> None:
        self._pending_saves -= 1
        self.context.status_bar.error(error)

    def _withdraw_line(self, line_id: str) -> None:
        self.context.write(partial(withdraw, self.context.workbook, "income_line", line_id), message="已清空")

    def _choose_kind(self) -> None:
        item = self.table.current_income_item
        if item is None:
            self.context.status_bar.info("请先把光标放在一个收支项目上，再添加它的明细。")
            return
        question = f"“{item.label}”的品种或名目"
        if kind := ask_option(self, "添加明细", question, item.wordings, is_open=True):
            self.table.add_kind(kind)
            self.table.setFocus()

    def _read_proposals(self) -> None:
        if self._card is not None and self._account is not None and self.can_leave():
            year = self._account.total.year
            self.context.read(partial(self._show_proposals, year), proposals, year, date.today(), [self._card.id])

    def _show_proposals(self, year: int, found: list[CardProposal]) -> None:
        if self._card is None:
            return
        if not found:
            self.context.status_bar.info(f"{year} 年的收入和家庭成员同台账一致，没有要带入的。")
            return
        self.dialog = dialog = ProposalDialog(f"从台账带入：{self._card.called} {year} 年", found, self)
        dialog.accepted.connect(lambda: self._take(dialog.table.ticked(), year))
        dialog.open()

    def _take(self, chosen: list[CardProposal], year: int) -> None:
        work = partial(take, self.context.workbook, chosen, year, date.today())
        self.context.write(work, lambda taken: self.context.status_bar.saved(f"带入 {taken.written} 项"), message="")

    def _read_origin(self) -> None:
        """Of the line that the cursor is on, or of the whole account where it is on none."""
        if self._account is not None:
            where = (self._account.total.income_year_id, *(self.table.current_line or ()))
            self.context.read(lambda rows: open_origin(self.context, self, rows), origin_rows, *where)

    def _add_year(self, year: int) -> None:
        if self._card is not None and self.can_leave():
            work = partial(open_income_year, self.context.workbook, self._card.id, year, self._card.size or None)
            self.context.write(work, self.year_row.select, f"已新增 {year} 年")


def _format_yuan(amount: Decimal | None) -> str:
    return "未知" if amount is None else f"{amount:,.2f} 元"


def _comparison_text(year_account: IncomeAccount, income_per_head: Decimal | None) -> str:
    """What the figure means beside last year and the poverty line."""
    sentences = []
    if year_account.previous_year is not None and year_account.previous_year.per_capita and income_per_head is not None:
        change = (income_per_head - year_account.previous_year.per_capita) / year_account.previous_year.per_capita * 100
        sentences.append(
            f"比上年人均 {_format_yuan(year_account.previous_year.per_capita)}"
            f" {'增' if change >= 0 else '减'} {abs(change):.1f} %。"
        )
    line = year_account.line
    if isinstance(line, MissingLine):
        sentences.append(f'{line.message}，没有比较。<a href="{_ENTER_LINE}">录入</a>')
    elif income_per_head is not None:
        relation = "低于" if income_per_head < line.amount else "不低于"
        sentences.append(
            f"{relation}当年{line.kind} {line.amount:f} 元{'' if line.confirmed else '（默认值，以县文件为准）'}。"
        )
    if (
        year_account.reported_per_head is not None
        and income_per_head is not None
        and income_per_head != year_account.reported_per_head
    ):
        sentences.append(f"系统里的人均是 {_format_yuan(year_account.reported_per_head)}，与核算不一致。")
    return "".join(sentences)
