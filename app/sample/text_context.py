"""The facts of a household on a day: the {words} of visit notes and measures, and whom they refer to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from app.records.row_views import HEAD_RELATION
from app.sample.families import OUTSIDE_COUNTY, SampleHousehold, SamplePerson, local_place_name, product_spec
from resources.option_roles import values_with_role

_GRADES_VALID_FROM = date(2018, 8, 1)  # the file tells the school year of 2018


@dataclass(frozen=True)
class TextContext:
    """`texts`: word → text. `people`: word → id of the person that it names."""

    words: dict[str, str]
    member_ids: dict[str, str]


def build_context(household: SampleHousehold, day: date, rng: Random) -> TextContext:
    """All words of a household on a day; where several people would do, the dice choose."""
    present = household.members_on(day)
    word_texts = {
        "village": household.village.name,
        "size": str(len(present)),
        "metres": str(rng.randrange(6, 40) * 10),
    }
    member_ids: dict[str, str] = {}
    for word, matches in _PERSON_FILTERS.items():
        candidates = [person for person in present if matches(person, day)]
        if candidates:
            person = rng.choice(candidates)
            word_texts |= {word: person.name} | _person_words(word, person, day)
            member_ids[word] = person.id
    produce = [
        (product_spec(name), number) for name, number in household.produce if product_spec(name).get("grows", True)
    ]
    crops = [(spec, number) for spec, number in produce if spec.get("land", "land_water") != "land_water"]
    for placeholder_names, choices in ((("product", "quantity"), produce), (("crop", "crop_size"), crops)):
        if choices:
            spec, number = rng.choice(choices)
            phrase = str(spec["in_words"])
            word_texts |= dict(
                zip(placeholder_names, (spec["name"], phrase[phrase.index("{") :].format(n=number)), strict=True)
            )
    if household.unsafe_house:
        word_texts["danger"] = household.unsafe_house[0]
    return TextContext(word_texts, member_ids)


_PERSON_FILTERS: dict[str, Callable[[SamplePerson, date], bool]] = {
    "head": lambda person, day: person.relation == HEAD_RELATION,
    "ill": lambda person, day: bool(person.illness),
    "serious": lambda person, day: "serious" in person.health,
    "disabled": lambda person, day: "disabled" in person.health,
    "student": lambda person, day: person.is_pupil,
    "vocational": lambda person, day: person.school_status in values_with_role("school_status", "vocational"),
    "worker": lambda person, day: "work" in person.attributes and person.age(day) >= 18,
    "away": lambda person, day: person.attributes.get("work", ("",))[0] in OUTSIDE_COUNTY and person.age(day) >= 18,
    "old": lambda person, day: person.age(day) >= 65 and person.relation != HEAD_RELATION,
    "child": lambda person, day: person.age(day) < 7,
    "job": lambda person, day: "job" in person.attributes,
}


def _person_words(word: str, person: SamplePerson, day: date) -> dict[str, str]:
    """What is said of a person beside the name."""
    school = person.attributes.get("school", ("",))[0]
    match word:
        case "ill":
            return {"illness": person.illness}
        case "serious":
            return {"serious_illness": person.illness}
        case "student" if day >= _GRADES_VALID_FROM:
            return {"school": school, "grade": person.school_status}
        case "vocational":
            return {"vocational_school": school}
        case "worker":
            return {"place": local_place_name(person.attributes["work"][1])}
        case "away":
            return {"away_place": local_place_name(person.attributes["work"][1])}
        case "job":
            return {"post": person.attributes["job"][0]}
        case _:
            return {}
