"""从台账带入 as a list that can be viewed: one figure of an account or one mark of a member a row."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

from sqlalchemy.orm import Session

from app.list_views.catalogue import PROPOSALS
from app.list_views.list_source import ListSource, made_field
from app.records.field import field_label
from app.records.validators import current_date
from app.register_proposals.proposal import CardProposal, MemberCell
from app.register_proposals.taking import proposals
from app.viewed_lists.household_rows import household_row_source

KINDS = INCOME, MEMBERS = "income", "members"
KIND_LABELS = {INCOME: "收入", MEMBERS: "家庭成员"}
DOUBTS = CLEAR, DOUBTFUL = "clear", "doubtful"
EMPTY = "（空）"  # stands where the registers have nothing any more
_FIELDS = (
    made_field(PROPOSALS, "group", field_label("household", "group_name")),
    made_field(PROPOSALS, "home", "户主", short=True),
    made_field(PROPOSALS, "kind", "内容"),
    made_field(PROPOSALS, "label", "项目"),
    made_field(PROPOSALS, "now", "户档现值"),
    made_field(PROPOSALS, "proposed", "台账"),
    made_field(PROPOSALS, "doubt", "疑点"),
    made_field(PROPOSALS, "basis", "依据", "long"),
    made_field(PROPOSALS, "amount_now", "户档金额", "money"),
    made_field(PROPOSALS, "amount_proposed", "台账金额", "money"),
    made_field(PROPOSALS, "difference", "相差", "money"),
)
_SHOWN = ("group", "home", "label", "now", "proposed", "doubt", "basis")


def proposal_source(found: Mapping[str, CardProposal]) -> ListSource:
    """The list with these rows by key, in their order."""
    return household_row_source(
        PROPOSALS,
        "从台账带入",
        _FIELDS,
        lambda: ((key, _cells(one)) for key, one in found.items()),
        columns=_SHOWN,
        orders={},
        passes=lambda key, quick: passes(found[key], search_text(found[key]), quick),
        computed=_loaded,
        about_members=True,
    )


@cache
def proposal_list() -> ListSource:
    """The list without rows: its fields."""
    return proposal_source({})


def proposals_of_year(session: Session, year: int) -> Mapping[str, CardProposal]:
    """What the registers have otherwise today, by key."""
    return {one.key: one for one in proposals(session, year, current_date())}


def search_text(one: CardProposal) -> str:
    """The words by which it is found, in small letters."""
    return f"{one.group} {one.head} {one.label} {one.basis} {one.doubt}".casefold()


def passes(one: CardProposal, words: str, quick: Mapping[str, str]) -> bool:
    """Whether it fits what is set in the line above the list.

    Args:
        words: its `search_text`
    """
    kind, doubt = quick.get("kind", ""), quick.get("doubt", "")
    return (
        kind in ("", _kind(one))
        and doubt in ("", DOUBTFUL if one.doubt else CLEAR)
        and all(term in words for term in quick.get("text", "").casefold().split())
    )


def _loaded(session: Session, choices: Mapping[str, str]) -> ListSource:
    year = choices.get("year") or current_date().year
    return proposal_source(proposals_of_year(session, int(year)))


def _kind(one: CardProposal) -> str:
    return INCOME if one.is_income else MEMBERS


def _cells(one: CardProposal) -> Sequence[object]:
    now, proposed = (_amount(one, value) for value in (one.now, one.proposed))
    return (
        one.group,
        one.head,
        KIND_LABELS[_kind(one)],
        one.label,
        one.now_text or None,
        one.proposed_text or EMPTY,
        one.doubt or None,
        one.basis,
        now,
        proposed,
        None if now is None and proposed is None else (proposed or 0) - (now or 0),
        one.household_id,
        one.target.member_id if isinstance(one.target, MemberCell) else None,
    )


def _amount(one: CardProposal, value: object) -> int | None:
    """In fen, as a column of money holds it; None of what is no money."""
    return int(value * 100) if one.is_income and isinstance(value, Decimal) else None
