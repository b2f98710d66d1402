"""What the list of differences is narrowed by: words, result, decided or not."""

from collections.abc import Callable

from app.comparison.decision import StoredLine
from app.comparison.line import QUIET, RESULTS, result_value
from app.records.field import field_label
from ui.widgets.filter_line import FilterLine

OPEN, DECIDED = "open", "decided"


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

    def predicate(self) -> Callable[[StoredLine, str], bool]:
        """Whether a line passes, told by itself and by its words in small letters."""
        terms = self.terms()
        result, state = self.value("result"), self.value("state")

        def matches(line: StoredLine, search_text: str) -> bool:
            return (
                (not result or line.result == result)
                and (not state or line.is_decided == (state == DECIDED))
                and all(term in search_text for term in terms)
            )

        return matches
