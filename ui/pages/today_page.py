"""今日: the village in figures, and what waits to be done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.dashboard.consistency_counts import ConsistencyCounts, consistency_counts
from app.dashboard.first_steps import first_steps
from app.dashboard.missing_work import missing_work
from app.dashboard.policy_counts import PolicyCounts, policy_counts
from app.dashboard.summary import Bar, BelowLine, VillageSummary, village_summary
from app.dashboard.team_days import MONTH_NORM, MOST_LEAVE, YEAR_NORM, TeamDays
from app.dashboard.work_by_person import work_by_person
from app.figures.charts import bar_condition
from app.list_views.definition import ListView, chosen_rows
from app.progress import run_to_completion
from app.records.field import field_label
from app.registers import get_register
from app.registers.engine.steps import DueRows
from app.workbook.workbook import WorkbookChanges
from ui.help.first_steps_card import FirstStepsCard
from ui.registers.open_work_table import READING
from ui.registers.open_work_tabs import OpenWorkTabs
from ui.shell.page import AppContext, Page
from ui.widgets.bar_chart import BarChart, BarRow
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.scrolling import scrolling

_TODO_COLUMNS = (
    Column("what", "要做的事", width=34),
    Column("detail", "说明", width=0),
    Column("count", "数量", align="right", width=8),
)
_MAX_BARS = 6

_MAX_PROMISES = 20  # that are listed


class TodayPage(Page):
    """What an officer looks at in the morning. Enter on a line opens the page where it is done."""

    TITLE = "今日"
    ICON = "today"
    ORDER = 10
    GROUP = "日常"
    SHORTCUT = "Ctrl+1"
    CHAPTER = "README"

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._loaded = False
        self._summary: VillageSummary | None = None
        self._consistency: ConsistencyCounts | None = None
        self._policies: PolicyCounts | None = None
        self._todo_handlers: dict[str, Callable[[], object]] = {}
        self.title_label, self.place_label = QLabel(), QLabel()
        self.title_label.setProperty("title", True)
        self.title_label.setObjectName("village_name")
        self.place_label.setProperty("quiet", True)
        self.figure_labels = {
            key: QLabel("…")
            for key in ("households", "members", "monitored", "per_head", "below_line", "visits_this_month")
        }
        self.todo_table = RowTable("todo", "要做的事")
        self.todo_table.set_columns(_TODO_COLUMNS)
        self.todo_table.placeholder = READING
        self.todo_table.row_activated.connect(lambda row_id: self._todo_handlers[row_id]())
        self.todo_table.clicked.connect(lambda _: self._todo_handlers[self.todo_table.current_id()]())
        self.team_label = QLabel()
        self.team_label.setObjectName("team_days")
        self.team_label.setProperty("quiet", True)
        self.team_label.setWordWrap(True)
        self.work_tabs = OpenWorkTabs()
        self.work_tabs.work_activated.connect(lambda register, id: context.open(register, record=id))
        self.work_tabs.households_wanted.connect(self._open_households)
        self.first_steps = FirstStepsCard(context.open)
        self._bars: dict[str, Sequence[Bar]] = {}
        self.charts: dict[str, BarChart] = {}
        self._actions = [
            self.add_page_action("find", "查找农户", "Ctrl+F", lambda: context.open("households"), "search"),
            self.add_page_action("take_in", "导入名册", "Ctrl+I", lambda: context.open("roster_import"), "take_in"),
            self.add_page_action("refresh", "刷新", "F5", self._load),
        ]
        self._build_layout()

    def _build_layout(self) -> None:
        header, cards, bars = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        header.addWidget(self.title_label)
        header.addWidget(self.place_label)
        header.addStretch()
        labels = ("在册农户", "在册人口", "监测对象", "人均纯收入（最近年度）", "低于贫困线或监测范围", "本月走访")
        for label, figure in zip(labels, self.figure_labels.values(), strict=True):
            cards.addWidget(_make_figure_card(label, figure))
        for title, key in (
            (field_label("household", "household_kind"), "kind"),
            (field_label("household", "group_name"), "group"),
        ):
            frame, frame_layout = _make_card_frame()
            heading = QLabel(title)
            heading.setProperty("heading", True)
            frame_layout.addWidget(heading)
            self.charts[key] = chart = BarChart(f"chart_{key}", title)
            chart.bar_activated.connect(partial(self._open_bar, key))
            frame_layout.addWidget(chart)
            frame_layout.addStretch()
            bars.addWidget(frame, 1)
        todo_heading = QLabel("要做的事")
        todo_heading.setProperty("heading", True)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(10)
        layout.addLayout(header)
        layout.addWidget(self.first_steps)
        layout.addLayout(cards)
        layout.addWidget(self.team_label)
        layout.addWidget(todo_heading)
        layout.addWidget(self.todo_table, 3)
        layout.addWidget(self.work_tabs, 3)
        self.work_tabs.setMinimumHeight(204)
        layout.addLayout(bars, 2)
        self.todo_table.setMinimumHeight(196)
        scroll = scrolling(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def visible_actions(self) -> list[QAction]:
        return self._actions

    def open(self, **params: Any) -> None:
        villages = self.context.workbook.villages
        self.title_label.setText(
            "、".join(village.name for village in villages[:3]) + ("…" if len(villages) > 3 else "")
        )
        location = f"{villages[0].county}{villages[0].township}　" if villages else ""
        self.place_label.setText(f"{location}{date.today():%Y-%m-%d}")
        if not self._loaded:
            self._load()
        self.todo_table.setFocus()

    def refresh(self, changes: WorkbookChanges) -> None:
        self._load()

    def _load(self) -> None:
        self._loaded = True
        self.context.read(self.first_steps.show_steps, first_steps)
        self.context.read(self._show_summary, village_summary)
        counting = partial(run_to_completion, consistency_counts(self.context.workbook))
        self.context.tasks.read(counting, self._show_consistency)
        self.context.read(self._show_policies, policy_counts)
        self.context.read(self.work_tabs.show_people, work_by_person, date.today())
        self.context.read(self.work_tabs.show_never, missing_work, date.today())

    def _show_summary(self, summary: VillageSummary) -> None:
        texts = {
            "households": f"{summary.households}",
            "members": f"{summary.members}",
            "monitored": f"{summary.monitored} 户",
            "per_head": "未知" if summary.per_capita_income is None else f"{summary.per_capita_income:,.2f} 元",
            "below_line": _below_line_text(summary.below_line),
            "visits_this_month": f"{summary.visits_this_month} 次",
        }
        for key, text in texts.items():
            self.figure_labels[key].setText(text)
        self.team_label.setText(_team_text(summary.team_days))
        self.team_label.setVisible(bool(summary.team_days))
        self.work_tabs.show_work(summary.open_work)
        self._summary = summary
        self._show_todo()
        for key, bars in (("kind", summary.by_kind), ("group", summary.by_group)):
            self._bars[key] = bars
            self.charts[key].show_bars(_bar_rows(bars))

    def _open_bar(self, key: str, n: int) -> None:
        """The households of a bar; of the last one those of no bar before it."""
        bars = self._bars[key]
        others = [bar.label for bar in bars[:_MAX_BARS]] if n == _MAX_BARS else ()
        self.context.open("households", shown=ListView(where=bar_condition(key, bars[n].label, others)))

    def _show_consistency(self, counts: ConsistencyCounts) -> None:
        self._consistency = counts
        self._show_todo()

    def _show_policies(self, counts: PolicyCounts) -> None:
        self._policies = counts
        self._show_todo()

    def _open_households(self, household_ids: list[str], described: str) -> None:
        """The households behind a line, as a view of the list of households."""
        self.context.open("households", shown=ListView(where=chosen_rows(household_ids)))
        self.context.status_bar.info(f"{described}，共 {len(household_ids)} 户。")

    def _show_todo(self) -> None:
        if self._summary is None:
            return
        items = list(_todo_items(self._summary, self._consistency, self._policies, self.context.open))
        self._todo_handlers = {item.id: item.handler for item in items}
        self.todo_table.placeholder = "没有等着办的事。"
        self.todo_table.set_rows(
            Row(item.id, {"what": item.title, "detail": item.detail, "count": item.count}, item.emphasis)
            for item in items
        )


@dataclass(frozen=True, slots=True)
class _TodoItem:
    """A line of what is to be done; `handler` opens the page where it is done."""

    id: str
    title: str
    detail: str
    count: str
    handler: Callable[[], object]
    emphasis: str = ""


def _todo_items(
    summary: VillageSummary,
    consistency: ConsistencyCounts | None,
    policies: PolicyCounts | None,
    open_page: Callable[..., object],
) -> Iterator[_TodoItem]:
    """In the order of how urgent they are; nothing for what is in order, or not counted yet."""
    if not summary.households:
        detail = "还没有农户，先从花名册导入，或新建一户"
        yield _TodoItem("begin", "导入农户名册", detail, "", partial(open_page, "roster_import"))
    if summary.conflicts:
        detail = "不同电脑填写不一致，请逐项确认"
        handler = partial(open_page, "conflicts")
        yield _TodoItem("conflicts", "处理冲突", detail, f"{summary.conflicts} 处", handler, "bad")
    yield from _round_items(summary, open_page)
    if summary.problems_open:
        overdue = summary.problems_overdue
        detail = f"其中 {overdue} 个已超期" if overdue else "都在时限内"
        handler = partial(open_page, "rectification", overdue=bool(overdue))
        yield _TodoItem(
            "problems", "整改问题", detail, f"{summary.problems_open} 个", handler, "bad" if overdue else ""
        )
    if summary.problems_to_recheck:
        handler = partial(open_page, "rectification")
        detail = "销号满三个月，去看看有没有反弹"
        yield _TodoItem("recheck", "回头看", detail, f"{summary.problems_to_recheck} 个", handler)
    if consistency is not None:
        yield from _consistency_items(consistency, open_page)
    if policies is not None:
        yield from _policy_items(policies, open_page)
    yield from _register_items(summary, open_page)
    for line in summary.below_line.missing:
        handler = partial(open_page, "county", kind="standard", year=line.year, column=line.kind)
        detail = f"{line.message}，这些户的收入没有比较"
        yield _TodoItem(f"line_{line.year}", "录入年度标准", detail, f"{line.households} 户", handler, "warn")
    if summary.without_helper:
        detail, handler = "尚未落实帮扶联系人的户", partial(open_page, "helpers", no_helper=True)
        yield _TodoItem("helpers", "安排帮扶联系人", detail, f"{summary.without_helper} 户", handler, "warn")
    if summary.over_limit:
        detail, handler = "结对户数超过限额的联系人", partial(open_page, "helpers")
        yield _TodoItem("over", "调整超限结对", detail, f"{summary.over_limit} 人", handler, "warn")
    if summary.visits_due:
        detail = f"超过 {summary.visit_days} 天没有走访，其中 {summary.never_visited} 户从未走访"
        handler = partial(open_page, "households", unvisited=True)
        yield _TodoItem("visits", "走访农户", detail, f"{summary.visits_due} 户", handler)
    for promise in summary.promises[:_MAX_PROMISES]:
        due = f"应于 {promise.promised_by} 前办结" if promise.promised_by else "没有办结日期"
        title, detail = f"兑现承诺：{promise.head}户", f"{promise.promise}（{due}）"
        handler = partial(open_page, "household", household=promise.household_id, part="visits")
        yield _TodoItem(promise.visit_id, title, detail, "", handler, "warn" if promise.overdue else "")


def _consistency_items(counts: ConsistencyCounts, open_page: Callable[..., object]) -> Iterator[_TodoItem]:
    """What other systems lack, and what share of the households agrees."""
    if counts.waiting:
        detail = f"{counts.changed} 条录入以后有变动，{counts.not_entered} 条还没有录入"
        handler = partial(open_page, "entry_list", changed=bool(counts.changed))
        emphasis = "warn" if counts.changed else ""
        yield _TodoItem("entry_list", "录入各系统", detail, f"{counts.waiting} 条", handler, emphasis)
    share = counts.share
    if share.agreeing < share.households:
        detail = f"{share.households} 户里 {share.agreeing} 户一致（{share.percent}%），{share.different} 户有不一致"
        handler = partial(open_page, "three_way", different=bool(share.different))
        remaining = f"剩 {share.households - share.agreeing} 户"
        yield _TodoItem("three_way", "核对三者一致", detail, remaining, handler, "warn" if share.different else "")


def _policy_items(counts: PolicyCounts, open_page: Callable[..., object]) -> Iterator[_TodoItem]:
    """Who may have a policy and has no record, and the reverse."""
    if counts.unclaimed:
        detail = f"{counts.unclaimed} 项符合政策条件而没有享受记录"
        handler = partial(open_page, "entitlement", state="unclaimed")
        yield _TodoItem("unclaimed", "落实应享未享", detail, f"{counts.households} 户", handler, "warn")
    if counts.unentitled:
        detail = "有享受记录，现在的数据不符合政策条件"
        handler = partial(open_page, "entitlement", state="unentitled")
        yield _TodoItem("unentitled", "核实享受条件", detail, f"{counts.unentitled} 项", handler, "warn")


def _team_text(members: Sequence[TeamDays]) -> str:
    """Days in the village against the norm, one after the other."""
    told = (
        f"{one.name} 本月 {one.month:g} 天、本年 {one.year:g} 天"
        + (f"，本年请假 {one.leave} 天，超过 {int(MOST_LEAVE)} 天" if one.too_much_leave else "")
        for one in members
    )
    return f"在村天数（应每月 {int(MONTH_NORM)} 天、每年 {int(YEAR_NORM)} 天）：{'；'.join(told)}"


def _below_line_text(below: BelowLine) -> str:
    """How many, never 0 where nothing could be compared."""
    waiting = sum(line.households for line in below.missing)
    if not below.compared:
        return "标准未录入" if waiting else "未知"
    return f"{below.count} 户" + (f"（{waiting} 户未比较）" if waiting else "")


def _round_items(summary: VillageSummary, open_page: Callable[..., object]) -> Iterator[_TodoItem]:
    for open_round in summary.open_rounds:
        due = f"截止 {open_round.due_on}" if open_round.due_on else "没有截止日期"
        detail = f"{due}{'，已过期' if open_round.overdue else ''}，共 {open_round.households} 户"
        title, remaining = f"评完“{open_round.title}”", f"剩 {open_round.remaining} 户"
        handler = partial(open_page, "rounds", round=open_round.id)
        yield _TodoItem(open_round.id, title, detail, remaining, handler, "warn" if open_round.overdue else "")


def _register_items(summary: VillageSummary, open_page: Callable[..., object]) -> Iterator[_TodoItem]:
    """One line for each register in which something is due, and one where nobody is sent to help the village."""
    if summary.households and not summary.has_village_unit:
        handler = partial(open_page, "partner")
        yield _TodoItem("village_unit", "登记包村单位", "双包：现在没有登记包村单位", "", handler, "warn")
    for due in summary.due:
        title, detail, count = _due_texts(get_register(due.register).title, due)
        yield _TodoItem(f"due_{due.register}", title, detail, count, *_due_handler(open_page, due))


def _due_texts(title: str, due: DueRows) -> tuple[str, str, str]:
    """What is to be done in a register, the most urgent first, and how many."""
    first = due.first
    when = f"已超期 {-first.days_left} 天" if first.overdue else f"{first.due_on} 前"
    rest = f"；共 {due.overdue} 条超期" if due.overdue > 1 else ""
    return f"办理{title}", f"{first.title}：{first.step}，{when}{rest}", f"{due.count} 条"


def _due_handler(open_page: Callable[..., object], due: DueRows) -> tuple[Callable[[], object], str]:
    record = due.first.record_id if due.count == 1 else ""
    handler = partial(open_page, due.register, record=record, overdue=bool(due.overdue) and not record)
    return handler, "bad" if due.overdue else "warn"


def _make_card_frame() -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("card", True)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(14, 8, 14, 10)
    return frame, layout


def _make_figure_card(label: str, figure: QLabel) -> QFrame:
    frame, layout = _make_card_frame()
    layout.setSpacing(0)
    figure.setProperty("figure", True)
    figure.setAccessibleName(label)
    caption = QLabel(label)
    caption.setProperty("quiet", True)
    caption.setWordWrap(True)  # six beside each other on a small screen with large letters
    caption.setAlignment(Qt.AlignmentFlag.AlignTop)
    layout.addWidget(figure)
    layout.addWidget(caption)
    return frame


def _bar_rows(counts: Sequence[Bar]) -> list[BarRow]:
    """A bar for each of the first, and one for all others together."""
    bars = list(counts[:_MAX_BARS])
    if len(counts) > _MAX_BARS:
        bars.append(Bar("其他", sum(entry.count for entry in counts[_MAX_BARS:])))
    maximum = max((entry.count for entry in bars), default=1)
    return [BarRow(entry.label, entry.count / maximum, f"{entry.count} 户") for entry in bars]
