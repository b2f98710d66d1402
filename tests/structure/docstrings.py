"""Every production module says what it is for."""

from collections.abc import Iterator

from tests.structure.tree import PRODUCTION, Tree


def module_has_docstring(tree: Tree) -> Iterator[str]:
    for name in tree.python(*PRODUCTION):
        text = tree.text(name)
        if text.splitlines() and not text.lstrip().startswith('"""'):
            yield f"{name}: no docstring says what the module is for"
