"""A number of resources/thresholds by its place, read whenever it is needed: a county may have another."""

from dataclasses import dataclass
from typing import Any

import resources
from resources.overlay import cached, number_at


@dataclass(frozen=True, slots=True)
class Limit:
    """One number, or a table of them: `Limit("aid")["days"]["claim_pay"]`. `int(limit)` is what it is now."""

    name: str
    path: str = ""

    def __getitem__(self, key: str) -> "Limit":
        return Limit(self.name, f"{self.path}.{key}" if self.path else key)

    def __int__(self) -> int:
        found = number_at(limits(self.name), self.path)
        if found is None:
            raise KeyError(f"resources/thresholds/{self.name}.toml: no number “{self.path}”")
        return int(found)


@cached
def limits(name: str) -> dict[str, Any]:
    """A file of resources/thresholds; not to be changed."""
    return resources.read("thresholds", name)
