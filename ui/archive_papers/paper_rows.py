"""The table of 档案完整性: one paper that an archive owes a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.consistency.households import ComparedHousehold
from app.list_views.list_source import ListSource
from app.records.field import field_label
from app.reports.completeness import COMPLETE, MISSING, PAPER_STATES, UNSIGNED, PaperLine
from app.reports.paper_source import paper_source, papers_of_village, passes, search_text, signed_day
from app.workbook.workbook import Workbook
from ui.household.household_columns import group_key, pinyin_key
from ui.widgets.made_rows import MadeRows
from ui.widgets.row_table import Column, Row

_EMPHASIS = {MISSING: "bad", UNSIGNED: "warn", COMPLETE: "quiet"}
_PAPER_COLUMNS = (
    Column("state", "情况", width=8, sort_key=PAPER_STATES.index),
    Column("paper", "材料", width=0),
    Column("signers", "应签字", width=32),
    Column("signed", field_label("paper_signature", "signed_on"), width=13),
    Column("check", field_label("answer", "check"), width=9, hidden=True),
)
VILLAGE_COLUMNS = (
    _PAPER_COLUMNS[0],
    Column("home", "户主", width=10, sort_key=pinyin_key),
    Column("group", field_label("household", "group_name"), width=9, sort_key=group_key),
    *_PAPER_COLUMNS[1:],
)
HOUSEHOLD_COLUMNS = _PAPER_COLUMNS


@dataclass(frozen=True)
class PaperTable:
    """All papers of the village made ready for the page: by id, as rows, as a list for views; and the households that
    owe them, by theirs."""

    lines: Mapping[str, PaperLine]
    rows: Mapping[str, Row]
    source: ListSource
    households: Mapping[str, ComparedHousehold]

    @cached_property
    def search_texts(self) -> Mapping[str, str]:
        """The words by which each is found; made when somebody first searches."""
        return {id: search_text(self.households[line.household_id], line) for id, line in self.lines.items()}

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Ids of those that fit what is set in the line above the list."""
        texts = self.search_texts if quick.get("text", "").strip() else {}
        return [id for id, line in self.lines.items() if passes(line, texts.get(id, ""), quick)]


def load_papers(workbook: Workbook) -> PaperTable:
    """Every paper that an archive of the village owes, household by household."""
    with workbook.reading() as session:
        found = papers_of_village(session)
    papers = {line.id: line for _, line in found}
    households = {household.id: household for household, _ in found}
    rows = MadeRows(papers, lambda _, line: paper_row(line, households[line.household_id]))
    return PaperTable(papers, rows, paper_source(papers, households), households)


def paper_row(line: PaperLine, household: ComparedHousehold | None = None) -> Row:
    """`household`: whose it is, in a list of several."""
    signed = signed_day(line)
    cells = {
        "state": line.state,
        "paper": line.title,
        "signers": "、".join(line.signers),
        "signed": signed.isoformat() if signed else "",
        "check": line.check,
    }
    if household is not None:
        cells |= {"home": household.head, "group": household.group}
    return Row(line.id, cells, _EMPHASIS[line.state])


def to_register(lines: Sequence[PaperLine]) -> list[PaperLine]:
    """Those that an officer can say are signed or, where only paper can hold them, are there."""
    return [line for line in lines if line.state == UNSIGNED or (line.by_hand and line.state == MISSING)]
