"""Text is written once, where the fact is known."""

import ast
from collections.abc import Iterator

from tests.structure.tree import Tree, string_constants


def label_is_not_repeated(tree: Tree) -> Iterator[str]:
    """Labels of one or two characters are ordinary words as well and may be repeated."""
    constants = (call.args[0].value for _, call in tree.columns if isinstance(call.args[0], ast.Constant))
    labels = {label for label in constants if isinstance(label, str) and len(label) > 2}
    for name in tree.python("ui"):
        for line, text in string_constants(tree.module(name)):
            if text in labels:
                yield f"{name}:{line}: “{text}” is a column's label; ask its Field"
