"""What the lists of a round of 四净两规范 share: each is one file of its own beside this."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from sqlalchemy.orm import Session

from app.checklists.households import RoundHousehold
from app.checklists.ranking import RoundComparison, compare_rounds
from app.checklists.results import HouseholdResult, load_rounds, round_results
from app.list_views.list_source import ListSource, made_field
from app.records.field import Field, field_label
from app.viewed_lists.household_rows import household_row_source
from db.schema.column import Kind

ROUND = "round"  # the choice beside the list: of which round it is; the newest where none is chosen
TITLE = "四净两规范"


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """What a round came to. `comparison`: None where no round of the same checklist came before it."""

    title: str
    results: Sequence[HouseholdResult]
    comparison: RoundComparison | None


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A row of one of the lists.

    Attributes:
        cells: by the names of the list's fields
        stands_out: it is shown so, e.g. a household that did not pass
    """

    household: RoundHousehold
    cells: Mapping[str, object]
    stands_out: bool = False


@dataclass(frozen=True, slots=True)
class RoundList:
    """One of the lists.

    Attributes:
        name: of it among the lists of a round, e.g. 未评
        fields: of its own; those of the household go before them
        columns: keys of what is shown where no view says otherwise
        lines: its rows, in its order
    """

    key: str
    name: str
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    lines: Callable[[RoundOutcome], Iterable[RoundLine]]


def round_fields(key: str, *named: tuple[str, str, Kind]) -> tuple[Field, ...]:
    """The household's and these: name, label and kind; points have one decimal."""
    household: tuple[tuple[str, str, Kind], ...] = (
        ("group", field_label("household", "group_name"), "text"),
        ("head", "户主", "text"),
        ("no", field_label("household", "household_no"), "text"),
    )
    return tuple(made_field(key, name, label, kind, int(kind == "decimal")) for name, label, kind in household + named)


def load_outcome(session: Session, round_id: str) -> RoundOutcome:
    """What this round came to.

    Raises:
        UserError: there is no such round
    """
    title = next((one.title for one in load_rounds(session) if one.id == round_id), "")
    return RoundOutcome(title, round_results(session, round_id), compare_rounds(session, round_id))


def round_source(listed: RoundList, lines: Sequence[RoundLine], about: str = "") -> ListSource:
    """The list with these rows, in their order; `about`: the round's title."""
    by_id = {line.household.household_id: line for line in lines}
    source = household_row_source(
        listed.key,
        f"{TITLE} {listed.name}",
        listed.fields,
        lambda: ((id, _cells(listed, line)) for id, line in by_id.items()),
        columns=listed.columns,
        orders={},
        passes=lambda id, choices: id in by_id,
        computed=partial(_loaded, listed),
    )
    # places and points are never added up: only their mean says something
    fields = tuple(replace(one, summed=False) if one.related is None else one for one in source.fields)
    return replace(source, fields=fields, about=about)


def _loaded(listed: RoundList, session: Session, choices: Mapping[str, str]) -> ListSource:
    rounds = load_rounds(session)
    round_id = choices.get(ROUND) or (rounds[-1].id if rounds else "")
    if not round_id:
        return round_source(listed, ())
    outcome = load_outcome(session, round_id)
    return round_source(listed, list(listed.lines(outcome)), outcome.title)


def household_cells(household: RoundHousehold) -> dict[str, object]:
    """The cells of the fields that each list has of a household."""
    return {"group": household.group, "head": household.name, "no": household.household_no}


def _cells(listed: RoundList, line: RoundLine) -> tuple[object, ...]:
    values = [_stored(one, line.cells.get(one.name)) for one in listed.fields]
    return (*values, line.household.household_id)


def _stored(one: Field, value: object) -> object:
    """As a column of its kind holds it."""
    return int(value.scaleb(one.places)) if isinstance(value, Decimal) else None if value == "" else value
