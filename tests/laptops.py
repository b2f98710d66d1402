"""Laptops that meet: changes pulled from one to another as a package would bring them, without the file."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.workbook.access import unlock
from app.workbook.workbook import Workbook
from db.merge import Merge, Merged, changes_after, vector
from db.schema import records
from db.skipped import skips_after
from tests.builders import PASSPHRASE


def pull(source: Workbook, target: Workbook) -> Merged:
    """Everything `target` lacks."""
    with target.reading() as session:
        known = vector(session)
    with source.reading() as session:
        blocks = list(changes_after(session, known))
        skips = list(skips_after(session, known, {village for village, _ in vector(session)}))
    with target.writing() as session:
        merge = Merge(session)
        for some in skips:
            merge.skip(some)
        for block in blocks:
            merge.add(block)
        return merge.finish()


def state(book: Workbook) -> dict[str, list[Any]]:
    """All records of a workbook, to be compared."""
    with book.reading() as session:
        return {
            table: sorted(tuple(row) for row in session.execute(select(*model.__table__.columns)))
            for table, model in records().items()
        }


def laptops(first: Path, folder: Path, names: Iterable[str]) -> list[Workbook]:
    """Copies of one workbook, each of which goes on as a replica of its own."""
    made = []
    for name in names:
        shutil.copy(first, folder / f"{name}.hdb")
        made.append(unlock(folder / f"{name}.hdb", PASSPHRASE))
        made[-1].operator = name
    return made
