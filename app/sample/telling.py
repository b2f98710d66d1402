"""What can be said of a home on a day: the {words} of visit notes and measures, and whom they speak of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from app.sample.homes import AWAY, Home, Person, product, spoken

_GRADES_KNOWN = date(2018, 8, 1)  # the file tells the school year of 2018


@dataclass(frozen=True)
class Telling:
    """`said`: word → text. `whom`: word → id of the person that it names."""

    said: dict[str, str]
    whom: dict[str, str]


def telling(home: Home, day: date, dice: Random) -> Telling:
    """All words of a home on a day; where several people would do, the dice choose."""
    here = home.here(day)
    said = {"village": home.place.name, "size": str(len(here)), "metres": str(dice.randrange(6, 40) * 10)}
    whom: dict[str, str] = {}
    for word, does in _PEOPLE.items():
        able = [person for person in here if does(person, day)]
        if able:
            person = dice.choice(able)
            said |= {word: person.name} | _about(word, person, day)
            whom[word] = person.id
    growing = [(product(name), number) for name, number in home.produce if product(name).get("grows", True)]
    crops = [(one, number) for one, number in growing if "land" in one and one["item"] != "养殖收入"]
    for words, kinds in ((("product", "quantity"), growing), (("crop", "crop_size"), crops)):
        if kinds:
            one, number = dice.choice(kinds)
            sized = str(one["in_words"])
            said |= dict(zip(words, (one["name"], sized[sized.index("{") :].format(n=number)), strict=True))
    if home.unsafe:
        said["danger"] = home.unsafe[0]
    return Telling(said, whom)


_PEOPLE: dict[str, Callable[[Person, date], bool]] = {
    "head": lambda person, day: person.relation == "户主",
    "ill": lambda person, day: bool(person.illness),
    "serious": lambda person, day: "大病" in person.health,
    "disabled": lambda person, day: "残疾" in person.health,
    "student": lambda person, day: person.pupil,
    "vocational": lambda person, day: person.school.startswith(("中职", "高职")),
    "worker": lambda person, day: "务工" in person.more and person.age(day) >= 18,
    "away": lambda person, day: person.more.get("务工", ("",))[0] in AWAY and person.age(day) >= 18,
    "old": lambda person, day: person.age(day) >= 65 and person.relation != "户主",
    "child": lambda person, day: person.age(day) < 7,
    "job": lambda person, day: "岗位" in person.more,
}


def _about(word: str, person: Person, day: date) -> dict[str, str]:
    """What is said of a person beside the name."""
    school = person.more.get("校", ("",))[0]
    match word:
        case "ill":
            return {"illness": person.illness}
        case "serious":
            return {"serious_illness": person.illness}
        case "student" if day >= _GRADES_KNOWN:
            return {"school": school, "grade": person.school}
        case "vocational":
            return {"vocational_school": school}
        case "worker":
            return {"place": spoken(person.more["务工"][1])}
        case "away":
            return {"away_place": spoken(person.more["务工"][1])}
        case "job":
            return {"post": person.more["岗位"][0]}
        case _:
            return {}
