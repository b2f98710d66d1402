"""Tests wait for what they mean."""

import re
from collections.abc import Iterator

from tests.structure.tree import Tree

_LOOSE_WAIT = re.compile(r"^\s*qtbot\.wait(Signal|Signals)\(", re.MULTILINE)


def wait_is_entered(tree: Tree) -> Iterator[str]:
    """`waitSignal` is a context manager; called without `with` it waits for nothing."""
    for name in tree.python("tests"):
        if _LOOSE_WAIT.search(tree.text(name)):
            yield f"{name}: waitSignal without `with` waits for nothing"
