"""docs/glossary.md names the classes and tables that there are."""

import ast
import re
from collections.abc import Iterator

from tests.structure.tree import PRODUCTION, Tree

GLOSSARY = "docs/glossary.md"
_CODE = re.compile(r"`([^`]+)`")


def glossary_is_true(tree: Tree) -> Iterator[str]:
    """Each class and table in the glossary's columns of these names exists, and belongs together."""
    classes = {
        node.name for name in tree.python(*PRODUCTION) for node in ast.walk(tree.module(name))
        if isinstance(node, ast.ClassDef)
    }  # fmt: skip
    tables = set(tree.tables.values())
    for line, class_names, table_names in _rows(tree):
        yield from (f"{GLOSSARY}:{line}: there is no class {one}" for one in class_names if one not in classes)
        yield from (f"{GLOSSARY}:{line}: there is no table {one}" for one in table_names if one not in tables)


def glossary_has_every_table(tree: Tree) -> Iterator[str]:
    """Each table of db/schema is in the glossary, beside its class."""
    listed = {(one, table) for _, classes, tables in _rows(tree) for one in classes for table in tables}
    for class_name, table in sorted(tree.tables.items()):
        if (class_name, table) not in listed:
            yield f"{GLOSSARY}: {class_name} (table {table}) is missing"


def _rows(tree: Tree) -> Iterator[tuple[int, list[str], list[str]]]:
    """Line, classes and tables of each row; the columns are Chinese, English, class, table, meaning."""
    if GLOSSARY not in tree.files:
        return
    for line, text in enumerate(tree.text(GLOSSARY).splitlines(), 1):
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if text.startswith("|") and len(cells) == 5:
            yield line, _CODE.findall(cells[2]), _CODE.findall(cells[3])
