"""What the list of differences is narrowed by: words, result, decided or not."""

from app.comparison.line import QUIET, RESULTS, result_value
from app.records.field import field_label
from app.viewed_lists.difference_source import DECIDED, OPEN
from ui.widgets.filter_line import FilterLine


class LineFilter(FilterLine):
    """Says which lines pass; at first those that wait."""

    def __init__(self) -> None:
        results = [(label, label) for one in RESULTS if one not in QUIET for label in [result_value(one)]]
        super().__init__(
            "户、姓名、号码或说明里的字（Ctrl+F）",
            {
                "result": (field_label("comparison_line", "result"), [("全部结果", ""), *results]),
                "state": ("是否处理", [("待处理", OPEN), ("已处理", DECIDED), ("全部", "")]),
            },
        )
        self.search.setAccessibleName("查找比对差异")
        self.result, self.state = self.boxes["result"], self.boxes["state"]
