"""SQL variables: a statement takes a limited number of them, so many values go in batches."""

from collections.abc import Iterable, Iterator
from typing import Any

_BATCH_SIZE = 500  # variables at a time


def batched(items: Iterable[Any], size: int = _BATCH_SIZE) -> Iterator[list[Any]]:
    materialized = list(items)
    for start in range(0, len(materialized), size):
        yield materialized[start : start + size]


def placeholders(count: int) -> str:
    return ",".join("?" * count)
