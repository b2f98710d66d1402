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
from db.schema.household import Household, Member
from resources.option_roles import value_of, values_with_role

STORY_DAY = date(2018, 12, 20)
FIRST_VISITS = date(2017, 9, 1)
DIVISION_CODE = "340888"  # not in use
OUTSIDE_COUNTY = values_with_role("work_region", "outside_county")
_MEMBER_FLAGS = ("低保", "特困", "党员", "团员", "职工医保")

Row = dict[str, Any]


@dataclass(frozen=True)
class SampleVillage:
    """The workbook's village that the sample is written into."""

    code: str
    name: str


@dataclass(frozen=True)
class SamplePerson:
    """One line of `people`: what stands in order, and what is marked by a word (`marks`) or word=value (`more`).

    `health` and `more` have the keys that `words` in the file gives them: role of the health → what, fact → its parts.
    """

    id: str
    person_no: str
    order: int
    name: str
    sex: str
    birth: date
    relation: str
    education: str
    health: Mapping[str, str]
    labour: str
    flags: frozenset[str]
    attributes: Mapping[str, tuple[str, ...]]

    @property
    def joined_on(self) -> date | None:
        return date.fromisoformat(self.attributes["joined"][1]) if "joined" in self.attributes else None

    @property
    def left_on(self) -> date | None:
        return date.fromisoformat(self.attributes["left"][1]) if "left" in self.attributes else None

    @property
    def school_status(self) -> str:
        """What is stored as 在校生状况, "" where the person has left school (小学 alone would be either)."""
        preschool = value_of("school_status", "preschool")
        return self.education if "school" in self.attributes or self.education == preschool else ""

    @property
    def is_pupil(self) -> bool:
        """Learns at a school, kindergarten left out."""
        early = {value_of("school_status", "preschool"), value_of("school_status", "kindergarten")}
        return bool(self.school_status) and self.school_status not in early

    @property
    def illness(self) -> str:
        """A lasting or serious illness by name, or ""."""
        return self.health.get("serious") or self.health.get("chronic") or ""

    def is_present(self, day: date) -> bool:
        """Belonged to the household on a day."""
        first_day = max(self.birth, self.joined_on or self.birth)
        return first_day <= day and (self.left_on is None or self.left_on > day)

    def age(self, day: date = STORY_DAY) -> int:
        return day.year - self.birth.year - ((day.month, day.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True)
class SampleHousehold:
    """One household: `raw` is its part of the file; `number` its 户编号, built on the code of the village."""

    no: int
    id: str
    number: str
    village: SampleVillage
    raw: Mapping[str, Any]
    members: tuple[SamplePerson, ...]

    @cached_property
    def current_members(self) -> tuple[SamplePerson, ...]:
        return self.members_on(STORY_DAY)

    def members_on(self, day: date) -> tuple[SamplePerson, ...]:
        return tuple(member for member in self.members if member.is_present(day))

    @property
    def household_kind(self) -> str:
        usual = "kind_exited" if isinstance(self.raw.get("exit"), int) else "kind_poor"
        return str(self.raw.get("kind") or load_data("households")["usual"][usual])

    @property
    def is_registered(self) -> bool:
        return self.household_kind in values_with_role("household_kind", "registered")

    @property
    def monitored_kind(self) -> str:
        """监测对象类别 while it is monitored, else ""."""
        latest = self.raw.get("monitoring", ({},))[-1]
        return "" if "removed" in latest else str(latest.get("kind", ""))

    @property
    def exit_status(self) -> str:
        exit_ = self.raw.get("exit", "")
        return value_of("exit_status", "exited") if isinstance(exit_, int) else str(exit_)

    @property
    def registration_state(self) -> str:
        known = {value_of("exit_status", role): role for role in ("exited", "returned")}
        default = value_of("registration_state", known.get(self.exit_status, "registered"))
        return str(self.raw.get("registration", default))

    @property
    def is_active(self) -> bool:
        """Still kept in lists: neither closed nor merged into another household."""
        return self.registration_state != value_of("registration_state", "closed")

    @property
    def registered_on(self) -> date:
        """When it was registered; non-registered households are written down from 2018 on."""
        return date.fromisoformat(f"{self.raw.get('since', '2018-01')}-15")

    @property
    def produce(self) -> tuple[tuple[str, Decimal], ...]:
        """What it lives on at home: (name in livelihood.toml, quantity)."""
        pairs = (line.split() for line in self.raw.get("produce", ()))
        return tuple((name, Decimal(number)) for name, number in pairs)

    @property
    def unsafe_house(self) -> tuple[str, int] | None:
        """(危房级别, 危改年度) where the house was or is unsafe."""
        if "unsafe" not in self.raw:
            return None
        level, year = self.raw["unsafe"].split()
        return level, int(year)

    def had_toilet(self, year: int) -> bool:
        """Whether there was a sanitary toilet; a fifth of the households got theirs in 2018."""
        return bool(self.raw.get("toilet", True)) and (year >= 2018 or not self.got_toilet)

    @property
    def got_toilet(self) -> bool:
        return self.no % 5 == 2 and self.raw.get("toilet", True) and not self.raw.get("relocated", False)

    @cached_property
    def tags(self) -> frozenset[str]:
        """What notes and measures ask for with `only`."""
        tags = {self.exit_status, self.household_kind, self.monitored_kind, *(name for name, _ in self.produce)}
        tags |= {tag for tag in ("loan", "relocated", "water", "road", "road_to_come", "unsafe") if tag in self.raw}
        conditions = {
            "poor": self.is_registered,
            "product": any(product_spec(name).get("grows", True) for name, _ in self.produce),
            "alone": len(self.current_members) == 1,
            "dibao": any("低保" in member.flags for member in self.current_members),
            "tekun": any("特困" in member.flags for member in self.current_members),
            "monitored": self.monitored_kind != "",
            "toilet_changed": self.got_toilet,
        }
        return frozenset(tags | {tag for tag, holds in conditions.items() if holds})


def seeded_rng(household: SampleHousehold, purpose: str) -> Random:
    """The random generator of one household for one purpose, so that changing one part leaves the others alone."""
    return Random(f"hudang sample {household.no} {purpose}")


def build_households(village: SampleVillage) -> tuple[SampleHousehold, ...]:
    """All households of the sample, built on the code of a village."""
    return tuple(_household(village, raw) for raw in load_data("households")["households"])


def hamlet(group: str) -> str:
    """The 自然村 of a 村民组."""
    return str(load_data("households")["hamlets"][group])


def id_number(birth: date, order: int, sex: str) -> str:
    """A number with a valid check digit that belongs to nobody; `order` 0–499 tells people of one birthday apart."""
    prefix = f"{DIVISION_CODE}{birth:%Y%m%d}{order * 2 + (sex == value_of('sex', 'male')):03}"
    return prefix + str(ric.calc_check_digit(prefix + "0"))


@cache
def load_data(file_name: str) -> Mapping[str, Any]:
    """One file of resources/sample_village, read once."""
    return resources.read("sample_village", file_name)


@cache
def _product_specs() -> Mapping[str, Mapping[str, Any]]:
    return {spec["name"]: spec for spec in load_data("livelihood")["products"]}


def product_spec(name: str) -> Mapping[str, Any]:
    """One entry of the catalogue in livelihood.toml."""
    return _product_specs()[name]


def _household(village: SampleVillage, raw: Mapping[str, Any]) -> SampleHousehold:
    number = f"{village.code}{raw['no']:04}"
    members = tuple(_member(line, number, raw["no"], order) for order, line in enumerate(raw["people"], 1))
    return SampleHousehold(raw["no"], Household.id_of(number), number, village, raw, members)


def _member(line: str, number: str, household_index: int, order: int) -> SamplePerson:
    name, sex, birth, relation, education, health, labour, *rest = line.split()
    person_no = f"{number}{order:02}"
    words = load_data("households")["words"]
    attributes = dict(part.split("=", 1) for part in rest if "=" in part)
    ailments = (part.split(":") for part in health.split("+")) if health != value_of("health", "healthy") else ()
    flags = frozenset(part for part in rest if "=" not in part)
    if not flags <= set(_MEMBER_FLAGS):
        raise ValueError(f"{name}: {flags}")
    return SamplePerson(
        Member.id_of(person_no),
        person_no,
        household_index * 7 + order - 1,
        name,
        sex,
        date.fromisoformat(birth),
        relation,
        education,
        {words["health"][kind]: what for kind, what in ailments},
        words["labour"][labour],
        flags,
        {words["facts"][word]: tuple(value.split("/")) for word, value in attributes.items()},
    )


def local_place_name(place: str) -> str:
    """A place as one says it at home, without the province, and within the county without the county."""
    return place.removeprefix("安徽省").removeprefix("安庆市岳西县")


def matches_tags(household: SampleHousehold, tags: list[str]) -> bool:
    """Whether a note or measure with these marks is for this household."""
    return not tags or not household.tags.isdisjoint(tags)


def fill_template(template: str, words: Mapping[str, str]) -> str | None:
    """A template with its words filled in; None where the household has nothing to say for one of them."""
    if not set(placeholders(template)) <= words.keys():
        return None
    return template.format(**words)


def placeholders(template: str) -> Iterator[str]:
    """The {words} of a template."""
    yield from re.findall(r"\{(\w+)\}", template)
