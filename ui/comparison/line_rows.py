"""The tables of the page: which lists were compared, and who differs."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.comparison.decision import StoredLine, stored_lines
from app.comparison.line import masked_cells
from app.comparison.summary import list_summaries
from app.list_views.list_source import ListSource
from app.records.field import field_label
from app.viewed_lists.difference_source import (
    NOT_OURS,
    decision_text,
    difference_list,
    difference_source,
    passes,
    search_text,
)
from app.workbook.masking import mask_numbers
from app.workbook.workbook import Workbook
from ui.widgets.made_rows import MadeRows
from ui.widgets.row_table import Column, Row

ALL_KINDS = "all"  # id of the line that stands for every kind of list
KIND_COLUMNS = (
    Column("title", field_label("comparison", "subject_title"), width=0),
    Column("date", "最近一份", width=11),
    Column("open", "待处理", align="right", width=8),
)
LINE_COLUMNS = (
    Column("result", field_label("comparison_line", "result"), width=10),
    Column("household", "户", width=17),
    Column("name", field_label("comparison_line", "name"), width=9),
    Column("id_no", field_label("comparison_line", "id_no"), mask="id", width=19),
    Column("difference", "本工作簿 → 名单", width=0),
    Column("decision", field_label("comparison_line", "decision"), width=10),
    Column("reason", field_label("comparison_line", "reason"), width=20, hidden=True),
    Column("list", "名单", width=20, hidden=True),
)


@dataclass(frozen=True, slots=True)
class LineTable:
    """Lines made ready for the page: by id, as rows, in the words by which they are found; and the kinds of lists.

    Attributes:
        kinds: subject → title, day of the newest list
    """

    lines: Mapping[str, StoredLine]
    rows: Mapping[str, Row]
    search_texts: Mapping[str, str]
    kinds: Mapping[str, tuple[str, str]]
    source: ListSource

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Ids of those that fit what is chosen beside and above the list."""
        return [id for id, line in self.lines.items() if passes(line, self.search_texts[id], quick)]


NO_LINES = LineTable({}, {}, {}, {}, difference_list())


def load_lines(workbook: Workbook) -> LineTable:
    """All lines that do not agree, and the kinds of lists that were compared."""
    with workbook.reading() as session:
        lines = {line.id: line for line in stored_lines(session)}
        summaries = list_summaries(session)
    kinds: dict[str, tuple[str, str]] = {}
    for one in summaries:
        kinds.setdefault(one.subject, (one.title, one.list_date.isoformat() if one.list_date else ""))
    texts = {id: search_text(line) for id, line in lines.items()}
    return LineTable(lines, MadeRows(lines, _row), texts, kinds, difference_source(list(lines.values())))


def _row(id: str, line: StoredLine) -> Row:
    cells = {
        "result": line.result,
        "household": line.about or NOT_OURS,
        "name": line.name,
        "id_no": line.id_no,
        "difference": mask_numbers(line.difference),
        "decision": decision_text(line),
        "reason": line.reason,
        "list": line.list_title,
    }
    return Row(id, cells, "quiet" if line.is_decided else "warn" if line.decision else "")


def kind_rows(table: LineTable) -> list[Row]:
    """How many lines of each kind of list wait; one row for all of them comes first."""
    waiting = [line.subject for line in table.lines.values() if not line.is_decided]
    rows = [
        Row(subject, {"title": title, "date": day, "open": waiting.count(subject)})
        for subject, (title, day) in table.kinds.items()
    ]
    return [Row(ALL_KINDS, {"title": "全部名单", "open": len(waiting)}), *rows]


def line_details(line: StoredLine) -> tuple[str, str, str]:
    """Three lines about one person: what differs, what the list says in full, what was decided. Numbers are masked."""
    who = f"{line.about}户 {line.name}" if line.about else f"{line.name}（不在本工作簿）"
    cells = "　".join(f"{title}：{text}" for title, text in masked_cells(line.list_cells, line.id_no))
    place = f"{line.list_title} {line.list_row}".strip()
    decided = ""
    if line.decision:
        when = f"{line.decided_by or '操作员未填'}，{line.decided_on or '日期未填'}"
        why = f"：{line.reason}" if line.reason else ""
        decided = f"{decision_text(line)}{why}（{when}）"
    return f"{line.result}　{who}：{mask_numbers(line.difference)}", f"{place}　{cells}".strip(), decided
