"""Only db/journal knows the tables of the journal."""

import ast
import re
from collections.abc import Iterator

from tests.structure.tree import PRODUCTION, Tree, string_constants

JOURNAL_TABLES = ("change", "head", "stream", "seen", "writer", "folded", "cell_edit")
_SQL = re.compile(rf"\b(?:FROM|INTO|UPDATE|JOIN|TABLE|VIEW|ON)\s+\"?(?:{'|'.join(JOURNAL_TABLES)})\b")
_ALLOWED = ("db/journal/", "db/schema/", "db/migrations/", "db/record_merge/", "db/migrate.py")


def journal_sql_stays_in_journal(tree: Tree) -> Iterator[str]:
    """Elsewhere, nobody imports a model of the journal or holds SQL on its tables."""
    models = {class_name for class_name, table in tree.tables.items() if table in JOURNAL_TABLES}
    for name in tree.python(*PRODUCTION):
        if name.startswith(_ALLOWED):
            continue
        for line, what in _accesses(tree.module(name), models):
            yield f"{name}:{line}: {what}; only db/journal knows its tables"


def _accesses(module: ast.Module, models: set[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("db.schema"):
            for alias in node.names:
                if alias.name in models:
                    yield node.lineno, alias.name
    for line, text in string_constants(module):
        if _SQL.search(text):
            yield line, "SQL"
