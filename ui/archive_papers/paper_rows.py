"""The table of 档案完整性: one paper that an archive owes a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.consistency.households import ComparedHousehold
from app.list_views.list_source import ListSource
from app.records.field import field_label
from app.reports.completeness import COMPLETE, MISSING, PAPER_STATES, UNSIGNED, PaperLine
from app.reports.paper_source import paper_source, papers_of_village, passes, search_text, signed_day
from app.workbook.workbook import Workbook
from ui.household.household_columns import group_key, pinyin_key
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


@dataclass(frozen=True, slots=True)
class PaperTable:
    """All papers of the village made ready for the page: by id, as rows, in the words by which they are found, and as
    a list for views."""

    lines: Mapping[str, PaperLine]
    rows: Mapping[str, Row]
    search_texts: Mapping[str, str]
    source: ListSource
    households: int

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Ids of those that fit what is set in the line above the list."""
        return [id for id, line in self.lines.items() if passes(line, self.search_texts[id], quick)]


def load_papers(workbook: Workbook) -> PaperTable:
    """Every paper that an archive of the village owes, household by household."""
    with workbook.reading() as session:
        found = papers_of_village(session)
    return PaperTable(
        {line.id: line for _, line in found},
        {line.id: paper_row(line, household) for household, line in found},
        {line.id: search_text(household, line) for household, line in found},
        paper_source(found),
        len({household.id for household, _ in found}),
    )


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
