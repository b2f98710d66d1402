"""Rows of 从台账带入, and which of them are ticked to be taken over."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.list_views.list_source import ListSource
from app.records.field import field_label
from app.register_proposals.proposal import CardProposal
from app.viewed_lists.proposal_source import EMPTY, passes, proposal_source, proposals_of_year, search_text
from app.workbook.workbook import Workbook
from ui.household.household_columns import group_key, pinyin_key
from ui.widgets.made_rows import MadeRows
from ui.widgets.row_table import Column, Row

_TICKED = "✓"
PROPOSAL_COLUMNS = (
    Column("tick", "带入", width=6, pinned=True),
    Column("group", field_label("household", "group_name"), width=9, sort_key=group_key),
    Column("home", "户主", width=8, sort_key=pinyin_key),
    Column("label", "项目", width=26),
    Column("now", "户档现值", align="right", width=11),
    Column("proposed", "台账", align="right", width=11),
    Column("doubt", "疑点", width=26),
    Column("basis", "依据", width=0),
)


class Ticks:
    """What is ticked of what is proposed. What nothing speaks against is ticked at first."""

    def __init__(self) -> None:
        self.proposals: Mapping[str, CardProposal] = {}
        self._ticked: set[str] = set()

    def use(self, proposals: Mapping[str, CardProposal]) -> None:
        """These by key; what was ticked or not stays so where the same is proposed again."""
        known = {key for key, one in proposals.items() if self.proposals.get(key) == one}
        fresh = {key for key, one in proposals.items() if key not in known and not one.doubt}
        self.proposals, self._ticked = proposals, (self._ticked & known) | fresh

    def turn(self, keys: Iterable[str]) -> None:
        """Tick these, or take their ticks away where all have one."""
        wanted = set(keys) & set(self.proposals)
        self._ticked = self._ticked - wanted if wanted <= self._ticked else self._ticked | wanted

    def among(self, keys: Collection[str]) -> list[CardProposal]:
        """What is ticked of these."""
        return [self.proposals[key] for key in keys if key in self._ticked]

    def row(self, key: str, one: CardProposal) -> Row:
        """It as a row; what somebody should look at first stands out."""
        cells = {
            "tick": _TICKED if key in self._ticked else "",
            "group": one.group,
            "home": one.head,
            "label": one.label,
            "now": one.now_text,
            "proposed": one.proposed_text or EMPTY,
            "doubt": one.doubt,
            "basis": one.basis,
        }
        return Row(key, cells, "warn" if one.doubt else "")


@dataclass(frozen=True)
class ProposalTable:
    """All proposals of the village made ready for the page: by key, as rows, and as a list for views."""

    proposals: Mapping[str, CardProposal]
    rows: Mapping[str, Row]
    source: ListSource

    @cached_property
    def search_texts(self) -> Mapping[str, str]:
        """The words by which each is found; made when somebody first searches."""
        return {key: search_text(one) for key, one in self.proposals.items()}

    def passing(self, quick: Mapping[str, str]) -> list[str]:
        """Keys of those that fit what is set in the line above the list."""
        texts = self.search_texts if quick.get("text", "").strip() else {}
        return [key for key, one in self.proposals.items() if passes(one, texts.get(key, ""), quick)]


def load_proposals(workbook: Workbook, year: int, ticks: Ticks) -> ProposalTable:
    """What the registers have otherwise for the accounts of a year and the members; `ticks` marks the rows."""
    with workbook.reading() as session:
        found = proposals_of_year(session, year)
    return ProposalTable(found, MadeRows(found, ticks.row), proposal_source(found))
