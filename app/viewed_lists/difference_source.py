"""数据比对's differences as a list that can be viewed: who differs, with the household and the member it is about."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy.orm import Session

from app.comparison.decision import StoredLine, stored_lines
from app.list_views.catalogue import DIFFERENCES
from app.list_views.list_source import ListSource, made_field
from app.records.field import field, field_label
from app.viewed_lists.household_rows import household_row_source
from app.workbook.masking import mask_numbers

OPEN, DECIDED = "open", "decided"  # values of "state" in the line above the list
NOT_OURS = "不在本工作簿"
_FIELDS = (
    made_field(DIFFERENCES, "result", field_label("comparison_line", "result")),
    made_field(DIFFERENCES, "household", "户"),
    made_field(DIFFERENCES, "name", field_label("comparison_line", "name")),
    field("comparison_line", "id_no"),
    made_field(DIFFERENCES, "difference", "本工作簿 → 名单", "long"),
    made_field(DIFFERENCES, "decision", field_label("comparison_line", "decision")),
    made_field(DIFFERENCES, "reason", field_label("comparison_line", "reason")),
    made_field(DIFFERENCES, "list", "名单"),
    made_field(DIFFERENCES, "decided_by", field_label("comparison_line", "decided_by")),
    made_field(DIFFERENCES, "decided_on", field_label("comparison_line", "decided_on"), "date"),
)
_SHOWN = ("result", "household", "name", "id_no", "difference", "decision")


def difference_source(lines: Sequence[StoredLine]) -> ListSource:
    """The list with these rows, in their order."""
    by_id = {line.id: line for line in lines}
    return household_row_source(
        DIFFERENCES,
        "数据比对",
        _FIELDS,
        lambda: ((id, _cells(line)) for id, line in by_id.items()),
        columns=_SHOWN,
        orders={},
        passes=lambda id, quick: _fits(by_id[id], quick),
        computed=_loaded,
        about_members=True,
    )


@cache
def difference_list() -> ListSource:
    """The list without rows: its fields."""
    return difference_source(())


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    return difference_source(stored_lines(session))


def search_text(line: StoredLine) -> str:
    """The words by which a line is found, in small letters."""
    return f"{line.about} {line.name} {line.id_no} {line.result} {line.difference} {line.reason}".casefold()


def passes(line: StoredLine, words: str, quick: Mapping[str, str]) -> bool:
    """Whether a line fits what is chosen beside and above the list.

    Args:
        words: its `search_text`
    """
    state = quick.get("state", "")
    return (
        quick.get("kind", "") in ("", line.subject)
        and quick.get("result", "") in ("", line.result)
        and (state not in (OPEN, DECIDED) or line.is_decided == (state == DECIDED))
        and all(term in words for term in quick.get("text", "").casefold().split())
    )


def _fits(line: StoredLine, quick: Mapping[str, str]) -> bool:
    return passes(line, search_text(line) if quick.get("text") else "", quick)


def decision_text(line: StoredLine) -> str:
    """What was decided; where the data changed since, that too."""
    label = field("comparison_line", "decision").text(line.decision or None)
    return f"{label}，后有变化" if label and not line.is_decided else label


def _cells(line: StoredLine) -> tuple[object, ...]:
    return (
        line.result,
        line.about or NOT_OURS,
        line.name,
        line.id_no,
        mask_numbers(line.difference),
        decision_text(line) or None,
        line.reason or None,
        line.list_title,
        line.decided_by or None,
        line.decided_on,
        line.household_id or None,
        line.member_id or None,
    )
