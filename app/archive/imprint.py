"""What was printed: told to the officer, and kept as a record that travels, because paper does."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: the files, how many households and pages they hold, and for how many it is a draft."""

    files: tuple[Path, ...]
    households: int
    pages: int
    drafts: int = 0
