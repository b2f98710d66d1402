"""办理中的事, as a table: what, about whom, who does it, until when."""

from collections.abc import Sequence

from app.rectifications.open_work import OpenWork
from ui.widgets.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("kind", "来自", width=12),
    Column("title", "事项", width=0),
    Column("whom", "涉及户", width=16),
    Column("step", "进度", width=10),
    Column("responsible", "谁办", width=12),
    Column("due", "期限", width=30),
)

READING = "正在读取…"


class OpenWorkTable(RowTable):
    """A line for each; what is overdue stands out."""

    def __init__(self) -> None:
        super().__init__("open_work", "办理中的事")
        self.set_columns(_COLUMNS)
        self.placeholder = READING
        self._items: dict[str, OpenWork] = {}

    def show_items(self, items: Sequence[OpenWork]) -> None:
        """In this order."""
        self.placeholder = "没有办理中的事。"
        self._items = {item.record_id: item for item in items}
        self.set_rows([Row(item.record_id, open_work_cells(item), "bad" if item.overdue else "") for item in items])

    def item(self, record_id: str) -> OpenWork:
        """What a line is about."""
        return self._items[record_id]


def open_work_cells(item: OpenWork) -> dict[str, str]:
    """What stands in a line, by the name of the column."""
    return {
        "kind": item.kind,
        "title": item.title,
        "whom": item.whom,
        "step": item.step,
        "responsible": item.responsible or "没有写",
        "due": _due_text(item),
    }


def _due_text(item: OpenWork) -> str:
    if item.due_on is None or item.days_left is None:
        return "没有期限"
    left = f"已超期 {-item.days_left} 天" if item.overdue else f"还有 {item.days_left} 天" if item.days_left else "今天"
    return f"{item.due_on}（{left}）"
