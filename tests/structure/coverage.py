"""docs/coverage.md says of no mechanism that it is whole without a file and a test that exist."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.structure.tree import Tree

COVERAGE = "docs/coverage.md"
_STATES = ("whole", "partly", "no")
_PATH = re.compile(r"`([^`]+)`")
_HEADING = re.compile(r"## (\w+) rows")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    scope: str
    id: str
    state: str
    files: tuple[str, ...]
    tests: tuple[str, ...]


def whole_mechanism_has_file_and_test(tree: Tree) -> Iterator[str]:
    """Beside each row that is whole stands a file of the program and a test, and both exist."""
    known = set(tree.files)
    for row in _rows(tree):
        where = f"{COVERAGE}:{row.line}: {row.id}"
        if row.state not in _STATES:
            yield f"{where} is “{row.state}”, not one of {', '.join(_STATES)}"
        if row.state == _STATES[0]:
            if not row.files or not row.tests:
                yield f"{where} is whole without a file or without a test"
            yield from (f"{where}: {name} is no test" for name in row.tests if not name.startswith("tests/"))
            yield from (f"{where}: {name} does not exist" for name in (*row.files, *row.tests) if name not in known)


def mechanism_is_listed_once(tree: Tree) -> Iterator[str]:
    """No mechanism stands in two rows."""
    counted = Counter(row.id for row in _rows(tree))
    yield from (f"{COVERAGE}: {id} stands there {count} times" for id, count in counted.items() if count > 1)


def coverage_counts_are_true(tree: Tree) -> Iterator[str]:
    """The table of counts says how many rows of each scope are whole, partly there or not at all."""
    rows = list(_rows(tree))
    counted = Counter((row.scope, row.state) for row in rows)
    for scope in dict.fromkeys(row.scope for row in rows):
        told = " | ".join(str(counted[scope, state]) for state in _STATES)
        if f"| {scope} | {told} |" not in tree.text(COVERAGE):
            yield f"{COVERAGE}: the counts of {scope} are {told}"


def _rows(tree: Tree) -> Iterator[_Row]:
    if COVERAGE not in tree.files:
        return
    scope = ""
    for line, text in enumerate(tree.text(COVERAGE).splitlines(), 1):
        heading = _HEADING.match(text)
        scope = heading[1].lower() if heading else scope
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if scope and text.startswith("|") and len(cells) == 5 and re.match(r"[\dI]", cells[0]):
            id, _, state, words, tests = cells
            yield _Row(line, scope, id, state, tuple(_PATH.findall(words)), tuple(_PATH.findall(tests)))
