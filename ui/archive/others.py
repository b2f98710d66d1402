"""Which round, helper or exchange a paper is about: a list of which one line is chosen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.tables.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from app.archive.offered import Offered

_NAMES = {"round": ("轮次", "开始、进度"), "helper": ("帮扶联系人", "单位、户数"), "package": ("数据包", "时间、对方")}
_HINTS = {
    "round": "还没有检查轮次。请先在“四净两规范”里新建一轮；空白的评分表现在就可以印。",
    "helper": "还没有帮扶联系人。请先在“帮扶联系人”里登记。",
    "package": "还没有导出或导入过数据包。请先到“数据交换”。",
}


class Others(RowTable):
    """One line each."""

    def __init__(self) -> None:
        super().__init__("archiveOthers", "轮次、帮扶联系人或数据包")
        self.setSelectionMode(self.SelectionMode.SingleSelection)

    def show_offered(self, kind: str, found: "Sequence[Offered]", wanted: str = "") -> None:
        """All of a kind; the one that is wanted becomes current, else the first."""
        name, more = _NAMES[kind]
        self.hint = _HINTS[kind]
        self.setAccessibleName(name)
        self.set_columns((Column("name", name, width=0), Column("more", more, width=32)))
        self.set_rows([Row(one.id, {"name": one.name, "more": one.more}) for one in found])
        if wanted:
            self.point_at(wanted)
