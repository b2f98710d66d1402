"""Which round, helper, exchange, form or row of a register a report is about: a list of which one line is chosen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.widgets.row_table import Column, Row, RowTable

if TYPE_CHECKING:
    from app.reports.subject_choices import SubjectChoice

_HEADINGS = {
    "round": ("轮次", "开始、进度"),
    "helper": ("帮扶联系人", "单位、户数"),
    "package": ("数据包", "时间、对方"),
    "entry": ("填写的表单", "哪天、谁填"),
    "view": ("视图", "哪个列表"),
    "row": ("台账里的哪一条", "进度"),
    "comparison": ("比对的名单", "最近一份、待处理"),
    "attachment": ("附件", "哪一户、几页"),
    "month": ("月份", "在村天次"),
}
_DETAIL_WIDTH = 32  # characters
_DETAIL_WIDTHS = {"row": 10, "month": 10}  # one word: the name has the room
_HINTS = {
    "round": "还没有检查轮次。请先在“四净两规范”里新建一轮；空白的评分表现在就可以印。",
    "helper": "还没有帮扶联系人。请先在“帮扶联系人”里登记。",
    "package": "还没有导出或导入过数据包。请先到“数据交换”。",
    "entry": "还没有填过村里的表单。请先到“本村资料”里填。",
    "view": "还没有保存过视图。请在列表上按 F3 筛选，再保存为视图，或直接按 Ctrl+P 打印。",
    "row": "这种台账里还没有记录。请先登记；空白的现在就可以印。",
    "comparison": "还没有比对过名单。请先到“数据比对”里比对一份。",
    "attachment": "还没有附件。请先在户档的“照片”里按 Alt+L 添加 PDF 或扫描件。",
    "month": "还没有考勤。请先在“驻村考勤”里按 Ctrl+M 填一个月。",
}


class SubjectList(RowTable):
    """One line each."""

    def __init__(self) -> None:
        super().__init__("archiveOthers", "轮次、帮扶联系人、数据包、表单、台账记录、附件、月份或视图")
        self.setSelectionMode(self.SelectionMode.SingleSelection)

    def show_choices(self, kind: str, choices: "Sequence[SubjectChoice]", selected: str = "") -> None:
        """All of a kind; the one that is wanted becomes current, else the first."""
        name, detail = _HEADINGS[kind]
        self.placeholder = _HINTS[kind]
        self.setAccessibleName(name)
        self.set_columns(
            (Column("name", name, width=0), Column("more", detail, width=_DETAIL_WIDTHS.get(kind, _DETAIL_WIDTH)))
        )
        self.set_rows([Row(choice.id, {"name": choice.name, "more": choice.detail}) for choice in choices])
        if selected:
            self.set_current_id(selected)
