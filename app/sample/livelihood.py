"""What the households of the sample village sell, where their children are at school, what people want to learn."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from app.records.field import options
from app.sample.families import STORY_DAY, Row, SampleHousehold, SamplePerson, load_data, seeded_rng
from app.sample.income import sold_produce
from db.schema.education import ReturnPersuasion, SchoolTerm
from db.schema.employment import SkillTraining, TrainingWish
from db.schema.production import FarmBusiness
from db.schema.record import Record
from resources.option_roles import value_of, values_with_role

_Made = tuple[type[Record], Row]
_YEAR = STORY_DAY.year


def livelihood_rows(household: SampleHousehold) -> Iterator[_Made]:
    """Record and its values, without the id."""
    yield from _farm(household)
    for person in household.current_members:
        if person.school_status in values_with_role("school_status", "compulsory"):
            yield from _terms(person)
        is_asked = _can_work(person) and not person.school_status and person.name != _told("defects")["unasked"]
        if household.is_registered and is_asked:
            yield TrainingWish, _wish(household, person)


def first_worker(household: SampleHousehold) -> SamplePerson:
    """The first of a household who can work, its head where nobody can."""
    return next((one for one in household.current_members if _can_work(one)), household.current_members[0])


def _can_work(person: SamplePerson) -> bool:
    strength = {option.value: option.extra["strength"] for option in options("labour")}
    return bool(strength.get(person.labour, "none") != "none")


def _told(part: str) -> Any:
    return load_data("aid_by_kind")[part]


def _farm(household: SampleHousehold) -> Iterator[_Made]:
    """What it sold of what it grew in the year, as the account of its income has it."""
    rng = seeded_rng(household, "trade")
    for (name, scale), (spec, quantity) in zip(household.produce, sold_produce(household, _YEAR), strict=True):
        kind, price = _told("trades").get(name), Decimal(spec["price"])
        kept_back = Decimal(rng.randrange(2, 9)) * quantity / 100  # eaten at home, given away
        if kind is None:
            continue
        sales = (quantity * price).quantize(Decimal("0.01"))
        row: Row = {
            "household_id": household.id,
            "year": _YEAR,
            "kind": kind,
            "variety": spec["what"],
            "scale": scale / 100 if name in _told("by_hundred") else scale,
            "output": (quantity + kept_back).quantize(Decimal("0.1")),
            "sold": quantity,
            "price": price,
            "sales": sales,
            "cost": (sales * Decimal(spec["share"])).quantize(Decimal(1)),
            "channel": rng.choice(_told("channels")),
        }
        defect = _told("defects")["oversold"]
        if (household.no, name) == (defect["household"], defect["produce"]):
            row["output"] = quantity - 10
        yield FarmBusiness, row


def _terms(person: SamplePerson) -> Iterator[_Made]:
    """Both terms of the year; in the spring one child stayed away, and was brought back."""
    state = value_of("schooling_state", "missing")
    gone = _told("dropout")
    for role, checked_on in (("spring", date(_YEAR, 3, 6)), ("autumn", date(_YEAR, 9, 5))):
        row: Row = {
            "member_id": person.id,
            "year": _YEAR,
            "term": value_of("school_term", role),
            "school": person.attributes["school"][0],
            "stage": person.school_status if role == "autumn" else None,
            "state": _told("at_school"),
            "checked_on": checked_on,
        }
        if role == "spring" and person.name == gone["name"]:
            row |= {"state": state, **{name: value for name, value in gone.items() if name not in ("name", "calls")}}
            for call in gone["calls"]:
                term_id = SchoolTerm.id_of(person.id, _YEAR, row["term"])
                yield ReturnPersuasion, {"term_id": term_id, **call}
        if role == "autumn" and person.name == _told("defects")["unfollowed"]:
            continue
        yield SchoolTerm, row


def _wish(household: SampleHousehold, person: SamplePerson) -> Row:
    """Those who work away need none; who grew tea was taught in spring; the others were asked in December."""
    tea, other = _told("wishes")["tea"], _told("wishes")["other"]
    row: Row = {"member_id": person.id, "year": _YEAR}
    busy: Row = _told("wishes")["busy"]
    if "work" in person.attributes or "job" in person.attributes:
        return row | busy
    if tea["produce"] in dict(household.produce) and person.id == first_worker(household).id:
        training = SkillTraining.id_of(household.village.code, tea["training"], tea["arranged_on"])
        told = {name: value for name, value in tea.items() if name not in ("produce", "training")}
        return row | told | {"training_id": training}
    asked: Row = seeded_rng(household, f"need of {person.name}").choice(other)
    return row | asked
