"""Villages by name, with their division code, where the table of codes is known (resources/divisions)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import resources

_PROVINCES = {"34": ("安徽省", "anhui.tsv")}
_LEVELS = {4: "city", 6: "county", 9: "township"}


@dataclass(frozen=True, slots=True)
class Division:
    """A village or community and what it lies in."""

    code: str
    name: str
    township: str
    county: str
    city: str
    province: str

    @property
    def place(self) -> str:
        """Where it lies, to tell it from others of its name."""
        return f"{self.city} {self.county} {self.township}"


@cache
def divisions() -> tuple[Division, ...]:
    """All that is known, in the order of the codes."""
    return tuple(division for code in _PROVINCES for division in _read(code))


def _read(province_code: str) -> Iterator[Division]:
    province, file = _PROVINCES[province_code]
    above = {"city": "", "county": "", "township": ""}
    township_code = ""
    for line in (resources.ROOT / "divisions" / file).read_text(encoding="utf-8").splitlines():
        code, _, name = line.partition("\t")
        if not name:
            continue
        level = _LEVELS.get(len(code))
        if level is None:
            yield Division(f"{township_code}{code}", name, above["township"], above["county"], above["city"], province)
            continue
        above[level] = name
        if level == "township":
            township_code = code


def find_divisions(typed: str, most: int = 50) -> list[Division]:
    """Villages that every word fits: by their name, their township, county or city, or the beginning of their code.

    Those whose own name begins with the first word come first.
    """
    words = typed.split()
    if not words:
        return []
    found = [
        division
        for division in divisions()
        if all(word in division.name or word in division.place or division.code.startswith(word) for word in words)
    ]
    found.sort(key=lambda division: (not division.name.startswith(words[0]), words[0] not in division.name))
    return found[:most]
