"""今日: the village in figures, and what waits to be done."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.figures.village import Count, VillageFigures, figures
from app.records.field import label_of
from app.workbook.workbook import Changes
from ui.looking import look
from ui.page import Office, Page
from ui.tables.row_table import Column, Row, RowTable

_TODO = (
    Column("what", "要做的事", width=34),
    Column("detail", "说明", width=0),
    Column("count", "数量", align="right", width=8),
)
_BARS = 6


class TodayPage(Page):
    """What an officer looks at in the morning. Enter on a line opens the page where it is done."""

    TITLE = "今日"
    ICON = "today"
    ORDER = 10

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._loaded = False
        self._ways: dict[str, Callable[[], object]] = {}
        self.title, self.place = QLabel(), QLabel()
        self.title.setProperty("title", True)
        self.title.setObjectName("village_name")
        self.place.setProperty("quiet", True)
        self.figures = {
            key: QLabel("…") for key in ("households", "members", "per_head", "below_line", "visits_this_month")
        }
        self.todo = RowTable("todo", "要做的事")
        self.todo.set_columns(_TODO)
        self.todo.hint = "没有等着办的事。"
        self.todo.opened.connect(lambda id: self._ways[id]())
        self.todo.clicked.connect(lambda _: self._ways[self.todo.current()]())
        self._bars = {key: QGridLayout() for key in ("by_kind", "by_group")}
        self._actions = [
            self.action("find", "查找农户", "Ctrl+F", lambda: office.open("households"), "search"),
            self.action("take_in", "导入名册", "Ctrl+I", lambda: office.open("take_in"), "take_in"),
            self.action("refresh", "刷新", "F5", self._load),
        ]
        self._lay_out()

    def _lay_out(self) -> None:
        head, cards, bars = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.title)
        head.addWidget(self.place)
        head.addStretch()
        labels = ("农户", "人口", "人均纯收入（最近年度）", "低于贫困线", "本月走访")
        for label, figure in zip(labels, self.figures.values(), strict=True):
            cards.addWidget(_card(label, figure))
        for title, key in (
            (label_of("household", "household_kind"), "by_kind"),
            (label_of("household", "group_name"), "by_group"),
        ):
            frame, inside = _frame()
            heading = QLabel(title)
            heading.setProperty("heading", True)
            inside.addWidget(heading)
            inside.addLayout(self._bars[key])
            inside.addStretch()
            bars.addWidget(frame, 1)
        todo = QLabel("要做的事")
        todo.setProperty("heading", True)
        inner = QWidget()
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(10)
        for part in (head, cards):
            whole.addLayout(part)
        whole.addWidget(todo)
        whole.addWidget(self.todo, 3)
        whole.addLayout(bars, 2)
        self.todo.setMinimumHeight(196)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def actions_shown(self) -> list[QAction]:
        return self._actions

    def shown(self, **about: Any) -> None:
        villages = self.office.workbook.villages
        self.title.setText("、".join(one.name for one in villages[:3]) + ("…" if len(villages) > 3 else ""))
        place = f"{villages[0].county}{villages[0].township}　" if villages else ""
        self.place.setText(f"{place}{date.today():%Y-%m-%d}")
        if not self._loaded:
            self._load()
        self.todo.setFocus()

    def refresh(self, changes: Changes) -> None:
        self._load()

    def _load(self) -> None:
        self._loaded = True
        self.office.jobs.start(look(self.office.workbook, figures), self._show, lane="read")

    def _show(self, found: VillageFigures) -> None:
        said = {
            "households": f"{found.households}",
            "members": f"{found.members}",
            "per_head": "未知" if found.per_head is None else f"{found.per_head:,.2f} 元",
            "below_line": f"{found.below_line} 户",
            "visits_this_month": f"{found.visits_this_month} 次",
        }
        for key, text in said.items():
            self.figures[key].setText(text)
        self._show_todo(found)
        _draw(self._bars["by_kind"], found.by_kind)
        _draw(self._bars["by_group"], found.by_group)

    def _show_todo(self, found: VillageFigures) -> None:
        self._ways = {}
        rows: list[Row] = []

        def line(id: str, what: str, detail: str, count: str, way: Callable[[], object], look: str = "") -> None:
            self._ways[id] = way
            rows.append(Row(id, {"what": what, "detail": detail, "count": count}, look))

        go = self.office.open
        if not found.households:
            line("begin", "导入农户名册", "还没有农户，先从花名册导入，或新建一户", "", partial(go, "take_in"))
        if found.conflicts:
            detail = "两台电脑写了不同的内容，请看着两个值定一个"
            line("conflicts", "处理冲突", detail, f"{found.conflicts} 处", partial(go, "conflicts"), "bad")
        for one in found.open_rounds:
            due = f"截止 {one.due_on}" if one.due_on else "没有截止日期"
            detail = f"{due}{'，已过期' if one.late else ''}，共 {one.homes} 户"
            way = partial(go, "round", round=one.id)
            line(one.id, f"评完“{one.title}”", detail, f"剩 {one.left} 户", way, "warn" if one.late else "")
        if found.problems_open:
            late = found.problems_overdue
            detail = f"其中 {late} 个已超期" if late else "都在时限内"
            way = partial(go, "rectification", overdue=bool(late))
            line("problems", "整改问题", detail, f"{found.problems_open} 个", way, "bad" if late else "")
        if found.without_helper:
            way = partial(go, "helpers", no_helper=True)
            line("helpers", "安排帮扶联系人", "应有帮扶人而没有的户", f"{found.without_helper} 户", way, "warn")
        if found.over_limit:
            line(
                "over",
                "调整超限结对",
                "结对户数超过限额的联系人",
                f"{found.over_limit} 人",
                partial(go, "helpers"),
                "warn",
            )
        if found.visits_due:
            detail = f"超过 {found.visit_days} 天没有走访，其中 {found.never_visited} 户从未走访"
            line("visits", "走访农户", detail, f"{found.visits_due} 户", partial(go, "households", unvisited=True))
        for promise in found.promises[:20]:
            due = f"应于 {promise.promised_by} 前办结" if promise.promised_by else "没有办结日期"
            way = partial(go, "household", household=promise.household_id, tab="走访")
            what = f"兑现承诺：{promise.head}户"
            line(promise.visit_id, what, f"{promise.what}（{due}）", "", way, "warn" if promise.late else "")
        self.todo.set_rows(rows)


def _frame() -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("card", True)
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(14, 8, 14, 10)
    return frame, inside


def _card(label: str, figure: QLabel) -> QFrame:
    frame, inside = _frame()
    inside.setSpacing(0)
    figure.setProperty("figure", True)
    figure.setAccessibleName(label)
    told = QLabel(label)
    told.setProperty("quiet", True)
    inside.addWidget(figure)
    inside.addWidget(told)
    return frame


def _draw(grid: QGridLayout, counts: Sequence[Count]) -> None:
    """A bar for each of the first, and one for all others together."""
    while grid.count():
        taken = grid.takeAt(0)
        old = taken.widget() if taken else None
        if old is not None:
            old.deleteLater()
    shown = list(counts[:_BARS])
    if len(counts) > _BARS:
        shown.append(Count("其他", sum(one.number for one in counts[_BARS:])))
    most = max((one.number for one in shown), default=1)
    grid.setColumnStretch(1, 1)
    for n, one in enumerate(shown):
        bar = QFrame()
        bar.setFixedHeight(10)
        bar.setStyleSheet("background: #1F6F50; border-radius: 5px;")
        room = QWidget()
        line = QHBoxLayout(room)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(bar, one.number)
        line.addStretch(max(0, most - one.number))
        number = QLabel(str(one.number))
        number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(QLabel(one.label), n, 0)
        grid.addWidget(room, n, 1)
        grid.addWidget(number, n, 2)
