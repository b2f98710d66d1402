"""Limits of size: what is longer than this is read by nobody."""

import ast
from collections.abc import Iterator
from statistics import median

from tests.structure.tree import PRODUCTION, Tree

MAX_FUNCTION_LINES = 50
MAX_MODULE_LINES = 400
MAX_MEDIAN_MODULE_LINES = 100


def function_is_short(tree: Tree) -> Iterator[str]:
    """From `def` to the last line, decorators excluded; the generated bodies of migrations are exempt."""
    for name in tree.handwritten():
        for node in ast.walk(tree.module(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    yield f"{name}:{node.lineno}: {node.name} has {length} lines; at most {MAX_FUNCTION_LINES}"


def module_is_short(tree: Tree) -> Iterator[str]:
    """`resources` is exempt: its one long script builds the fonts."""
    for name in tree.handwritten():
        length = _length(tree, name)
        if length > MAX_MODULE_LINES and not name.startswith("resources/"):
            yield f"{name}: {length} lines; at most {MAX_MODULE_LINES}"


def median_module_is_short(tree: Tree) -> Iterator[str]:
    lengths = [_length(tree, name) for name in tree.python(*PRODUCTION)]
    if lengths and median(lengths) > MAX_MEDIAN_MODULE_LINES:
        yield f"the median module has {median(lengths):g} lines; at most {MAX_MEDIAN_MODULE_LINES}"


def _length(tree: Tree, name: str) -> int:
    return len(tree.text(name).splitlines())
