"""Laptops that meet: changes pulled from one to another as a package would bring them, without the file."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.workbook.access import unlock
from app.workbook.workbook import Workbook
from db.journal.change_batch import MergeResult
from db.journal.compacted_ranges import ranges_after
from db.journal.merge import Merge, version_vector
from db.journal.outgoing_changes import changes_after
from tests.builders import PASSPHRASE
from tests.stored_rows import stored_rows


def sync(source: Workbook, target: Workbook) -> MergeResult:
    """Everything `target` lacks."""
    with target.reading() as session:
        vector_known = version_vector(session)
    with source.reading() as session:
        blocks = list(changes_after(session, vector_known))
        skips = list(ranges_after(session, vector_known, {village for village, _ in version_vector(session)}))
    with target.operation("收到修改", "import") as session:
        merge = Merge(session)
        for compacted in skips:
            merge.add_compacted_ranges(compacted)
        for block in blocks:
            merge.add_changes(block)
        return merge.finish()


def all_records(book: Workbook) -> dict[str, list[Any]]:
    """All records of a workbook, to be compared; equal on two that know the same."""
    with book.reading() as session:
        return {table: list(map(tuple, rows)) for table, rows in stored_rows(session).items()}


def make_replicas(first: Path, folder: Path, names: Iterable[str]) -> list[Workbook]:
    """Copies of one workbook, each of which goes on as a replica of its own."""
    replicas = []
    for name in names:
        shutil.copy(first, folder / f"{name}.hdb")
        replicas.append(unlock(folder / f"{name}.hdb", PASSPHRASE))
        replicas[-1].operator = name
    return replicas
