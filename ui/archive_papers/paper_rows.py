"""The table of 档案完整性: one paper that an archive owes a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.consistency.households import ComparedHousehold
from app.records.field import field_label
from app.reports.completeness import COMPLETE, MISSING, PAPER_STATES, UNSIGNED, PaperLine, village_papers
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
    """All papers of the village made ready for the page: by id, as rows, and in the words by which they are found."""

    lines: Mapping[str, PaperLine]
    rows: Sequence[Row]
    search_texts: Mapping[str, str]
    households: int


def load_papers(workbook: Workbook) -> PaperTable:
    """Every paper that an archive of the village owes, household by household."""
    with workbook.reading() as session:
        found = village_papers(session)
    lines = {line.id: line for _, papers in found for line in papers}
    rows = [paper_row(line, one) for one, papers in found for line in papers]
    texts = {
        line.id: f"{one.head} {one.group} {one.number} {line.title}".casefold()
        for one, papers in found
        for line in papers
    }
    return PaperTable(lines, rows, texts, len(found))


def paper_row(line: PaperLine, household: ComparedHousehold | None = None) -> Row:
    """`household`: whose it is, in a list of several."""
    signed = line.signed_on if line.signed_on and line.signed_on > date.min else None
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
