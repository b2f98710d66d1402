"""Only db/journal knows the tables of the journal, and records are written by named operations."""

import ast
import re
from collections.abc import Iterator

from tests.structure.tree import PRODUCTION, Tree, string_constants

JOURNAL_TABLES = (
    "change", "head", "stream", "seen", "writer", "folded", "cell_edit", "row_insert", "row_update",
    "operation", "operation_range",
)  # fmt: skip
_SQL = re.compile(rf"\b(?:FROM|INTO|UPDATE|JOIN|TABLE|VIEW|ON)\s+\"?(?:{'|'.join(JOURNAL_TABLES)})\b")
_ALLOWED = ("db/journal/", "db/schema/", "db/migrations/", "db/record_merge/", "db/migrate.py")


# what writes only logs, settings and peers; records are written by a named operation
_UNNAMED_WRITERS = (
    "app/sheets/import_choices.py",
    "app/printing/print_record.py",
    "app/sheets/import_choices.py",
    "app/sync/compaction.py",
    "app/sync/identity_card.py",
    "app/sync/package_export.py",
    "app/sync/peers.py",
    "app/sync/receipts.py",
    "app/workbook/access.py",
    "app/workbook/preferences.py",
    "app/workbook/workbook.py",
)


def record_write_is_a_named_operation(tree: Tree) -> Iterator[str]:
    """A write of records is `workbook.operation(title)`, so that 操作记录 can show and undo it."""
    for name in tree.python(*PRODUCTION):
        if ".writing()" in tree.text(name) and name not in _UNNAMED_WRITERS:
            yield f"{name}: a write of records has a name; use workbook.operation(title)"


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
