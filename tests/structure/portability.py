"""Nothing in the repository belongs to one machine or to one package registry."""

import re
from collections.abc import Iterator

from tests.structure.tree import Tree

_REGISTRY = re.compile(r"(index-url|registry|resolved)[\"']?\s*[=:]\s*[\"']?https?://")
_MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home|farm)/\w")


def no_registry_address(tree: Tree) -> Iterator[str]:
    for name in tree.text_files():
        if _REGISTRY.search(tree.text(name)):
            yield f"{name}: a package registry's address"


def no_machine_path(tree: Tree) -> Iterator[str]:
    for name in tree.text_files():
        if _MACHINE_PATH.search(tree.text(name)):
            yield f"{name}: a path of one machine"
