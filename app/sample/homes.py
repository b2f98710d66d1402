"""The people of the sample village, as resources/sample_village/households.toml tells of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from random import Random
from typing import Any

from stdnum.cn import ric

import resources
from app.records.field import options
from db.schema.household import Household, Member

STORY_DAY = date(2018, 12, 20)
FIRST_VISITS = date(2017, 9, 1)
DIVISION = "340888"  # not in use
REGISTERED = frozenset(option.value for option in options("household_kind") if option.more["registered"])
AWAY = ("县外省内", "省外", "境外")
_FLAGS = ("低保", "特困", "党员", "团员", "职工医保")
_LABOUR = {
    "普通": "普通劳动力",
    "技能": "技能劳动力",
    "弱半": "弱劳动力或半劳动力",
    "丧失": "丧失劳动力",
    "无": "无劳动力",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """The workbook's village that the sample is written into."""

    code: str
    name: str


@dataclass(frozen=True)
class Person:
    """One line of `people`: what stands in order, and what is marked by a word (`marks`) or word=value (`more`)."""

    id: str
    person_no: str
    order: int
    name: str
    sex: str
    birth: date
    relation: str
    learning: str
    health: Mapping[str, str]
    labour: str
    marks: frozenset[str]
    more: Mapping[str, tuple[str, ...]]

    @property
    def joined_on(self) -> date | None:
        return date.fromisoformat(self.more["增"][1]) if "增" in self.more else None

    @property
    def left_on(self) -> date | None:
        return date.fromisoformat(self.more["减"][1]) if "减" in self.more else None

    @property
    def school(self) -> str:
        """What is kept as 在校生状况, "" where the person has left school (小学 alone would be either)."""
        return self.learning if "校" in self.more or self.learning == "学龄前儿童" else ""

    @property
    def pupil(self) -> bool:
        """Learns at a school, kindergarten left out."""
        return bool(self.school) and self.school not in ("学龄前儿童", "学前教育")

    @property
    def illness(self) -> str:
        """A lasting or serious illness by name, or ""."""
        return self.health.get("大病") or self.health.get("慢病") or ""

    def here(self, day: date) -> bool:
        """Belonged to the household on a day."""
        came = max(self.birth, self.joined_on or self.birth)
        return came <= day and (self.left_on is None or self.left_on > day)

    def age(self, day: date = STORY_DAY) -> int:
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True)
class Home:
    """One home: `raw` is its part of the file; `number` its 户编号, built on the code of the village."""

    no: int
    id: str
    number: str
    place: Place
    raw: Mapping[str, Any]
    people: tuple[Person, ...]

    @cached_property
    def present(self) -> tuple[Person, ...]:
        return self.here(STORY_DAY)

    def here(self, day: date) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.here(day))

    @property
    def kind(self) -> str:
        kind = self.raw.get("kind") or ("脱贫户" if isinstance(self.raw["exit"], int) else "建档立卡贫困户")
        return str(kind)

    @property
    def registered(self) -> bool:
        return self.kind in REGISTERED

    @property
    def exit_status(self) -> str:
        exit_ = self.raw.get("exit")
        return "" if exit_ is None else "已脱贫" if isinstance(exit_, int) else str(exit_)

    @property
    def state(self) -> str:
        default = {"已脱贫": "已脱贫", "返贫": "返贫"}.get(self.exit_status, "在册")
        return str(self.raw.get("registration", default))

    @property
    def in_force(self) -> bool:
        """Still kept in lists: neither closed nor merged into another home."""
        return self.state != "注销"

    @property
    def since(self) -> date:
        """When it was registered; non-registered homes are written down from 2018 on."""
        return date.fromisoformat(f"{self.raw.get('since', '2018-01')}-15")

    @property
    def produce(self) -> tuple[tuple[str, Decimal], ...]:
        """What it lives on at home: (name in livelihood.toml, quantity)."""
        pairs = (line.split() for line in self.raw.get("produce", ()))
        return tuple((name, Decimal(number)) for name, number in pairs)

    @property
    def unsafe(self) -> tuple[str, int] | None:
        """(危房级别, 危改年度) where the house was or is unsafe."""
        if "unsafe" not in self.raw:
            return None
        level, year = self.raw["unsafe"].split()
        return level, int(year)

    def toilet(self, year: int) -> bool:
        """Whether there was a sanitary toilet; a fifth of the homes got theirs in 2018."""
        return bool(self.raw.get("toilet", True)) and (year >= 2018 or not self.toilet_changed)

    @property
    def toilet_changed(self) -> bool:
        return self.no % 5 == 2 and self.raw.get("toilet", True) and not self.raw.get("relocated", False)

    @cached_property
    def marks(self) -> frozenset[str]:
        """What notes and measures ask for with `only`."""
        found = {self.exit_status, self.kind, *(name for name, _ in self.produce)}
        found |= {word for word in ("loan", "relocated", "water", "road", "road_to_come", "unsafe") if word in self.raw}
        truths = {
            "poor": self.registered,
            "product": any(product(name).get("grows", True) for name, _ in self.produce),
            "alone": len(self.present) == 1,
            "dibao": any("低保" in person.marks for person in self.present),
            "tekun": any("特困" in person.marks for person in self.present),
            "monitored": "monitor_since" in self.raw.get("is", {}) and self.state == "在册",
            "toilet_changed": self.toilet_changed,
        }
        return frozenset(found | {word for word, true in truths.items() if true})


def rng(home: Home, what: str) -> Random:
    """The dice of one home for one purpose: what changes in one part of the sample leaves the others as they are."""
    return Random(f"hudang sample {home.no} {what}")


def homes(place: Place) -> tuple[Home, ...]:
    """All homes of the sample, built on the code of a village."""
    return tuple(_home(place, raw) for raw in told("households")["households"])


def hamlet(group: str) -> str:
    """The 自然村 of a 村民组."""
    return str(told("households")["hamlets"][group])


def id_number(birth: date, order: int, sex: str) -> str:
    """A number with a valid check digit that belongs to nobody; `order` 0–499 tells people of one birthday apart."""
    front = f"{DIVISION}{birth:%Y%m%d}{order * 2 + (sex == '男'):03}"
    return front + str(ric.calc_check_digit(front + "0"))


@cache
def told(part: str) -> Mapping[str, Any]:
    """One file of resources/sample_village, read once."""
    return resources.read("sample_village", part)


@cache
def _products() -> Mapping[str, Mapping[str, Any]]:
    return {one["name"]: one for one in told("livelihood")["products"]}


def product(name: str) -> Mapping[str, Any]:
    """One entry of the catalogue in livelihood.toml."""
    return _products()[name]


def _home(place: Place, raw: Mapping[str, Any]) -> Home:
    number = f"{place.code}{raw['no']:04}"
    people = tuple(_person(line, number, raw["no"], order) for order, line in enumerate(raw["people"], 1))
    return Home(raw["no"], Household.id_of(number), number, place, raw, people)


def _person(line: str, number: str, home_no: int, order: int) -> Person:
    name, sex, birth, relation, learning, health, labour, *others = line.split()
    person_no = f"{number}{order:02}"
    more = dict(part.split("=", 1) for part in others if "=" in part)
    marks = frozenset(part for part in others if "=" not in part)
    if not marks <= set(_FLAGS):
        raise ValueError(f"{name}: {marks}")
    return Person(
        Member.id_of(person_no),
        person_no,
        home_no * 7 + order - 1,
        name,
        sex,
        date.fromisoformat(birth),
        relation,
        learning,
        dict(part.split(":") for part in health.split("+")) if health != "健康" else {},
        _LABOUR[labour],
        marks,
        {key: tuple(value.split("/")) for key, value in more.items()},
    )


def spoken(place: str) -> str:
    """A place as one says it at home, without the province, and within the county without the county."""
    return place.removeprefix("安徽省").removeprefix("安庆市岳西县")


def fitting(home: Home, only: list[str]) -> bool:
    """Whether a note or measure with these marks is for this home."""
    return not only or not home.marks.isdisjoint(only)


def filled(template: str, said: Mapping[str, str]) -> str | None:
    """A template with its words filled in; None where the home has nothing to say for one of them."""
    if not set(words_in(template)) <= said.keys():
        return None
    return template.format(**said)


def words_in(template: str) -> Iterator[str]:
    """The {words} of a template."""
    yield from re.findall(r"\{(\w+)\}", template)
