"""What the journal's triggers cost: bytes that every connection parses, and time of a new row and of an edit.

Against the triggers of schema 0002 (one a column) and against bare statements, on three encrypted files in one run, so
that a slower machine changes no ratio. HUDANG_BENCH_EDITS (1,000) rows a round.
"""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from db.engine import connect, open_engine
from db.journal.triggers import triggers
from db.migrate import upgrade
from tests.builders import VILLAGE
from tests.db.test_journal_triggers import old_triggers, put_old_triggers

EDITS = int(os.environ.get("HUDANG_BENCH_EDITS", "1000"))
ROUNDS = 9
KEY = bytes(32)
SIX = ("bank_name", "bank_card_no", "cause_note", "monitor_note", "filler", "note")


def tables(path: Path, which: str) -> Any:
    """A file with the tables and with the triggers named, and a bare connection to it."""
    engine = open_engine(path, KEY)
    upgrade(engine)
    with engine.connect().execution_options(writes=True) as connection, Session(connection) as session:
        session.execute(text("INSERT INTO writer (replica, operator, stamp) VALUES ('own', '甲', 1)"))
        if which != "new":
            put_old_triggers(session)
        if which == "bare":
            for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                session.connection().exec_driver_sql(f'DROP TRIGGER "{name}"')
        session.commit()
    engine.dispose()
    raw = connect(path, KEY)
    raw.execute("PRAGMA synchronous = OFF")  # statements are measured, not the disk
    return raw


def births(raw: Any, round_: int) -> None:
    rows = [
        (f"{n:032x}", VILLAGE.code, str(n), "下屋组", "139", 3) for n in range(round_ * EDITS, round_ * EDITS + EDITS)
    ]
    raw.executemany(
        "INSERT INTO household (id, village, household_no, hamlet, phone, population) VALUES (?, ?, ?, ?, ?, ?)", rows
    )


def edits(*columns: str) -> Callable[[Any, int], None]:
    statement = f"UPDATE household SET {', '.join(f'{column} = ?' for column in columns)} WHERE id = ?"

    def edit(raw: Any, round_: int) -> None:
        for n in range(round_ * EDITS, round_ * EDITS + EDITS):
            raw.execute(statement, (*[f"{len(columns)} {n}"] * len(columns), f"{n:032x}"))

    return edit


def microseconds(raw: Any, work: Callable[[Any, int], None], round_: int) -> float:
    raw.execute("BEGIN")
    start = perf_counter()
    work(raw, round_)
    took = perf_counter() - start
    raw.execute("COMMIT")
    return took / EDITS * 1e6


def opening(path: Path) -> float:
    """Milliseconds until a new connection has read the schema, the key derivation of SQLCipher apart (a raw key)."""
    start = perf_counter()
    with closing(connect(path, KEY)) as raw:
        raw.execute("SELECT count(*) FROM writer").fetchone()
        return (perf_counter() - start) * 1e3


def test_the_cost_of_the_triggers(tmp_path, record_property):
    books = {which: tables(tmp_path / f"{which}.hdb", which) for which in ("bare", "old", "new")}
    works = {"birth": births, "edit of one cell": edits("hamlet"), "edit of six cells": edits(*SIX)}
    times: dict[tuple[str, str], list[float]] = {}
    for round_ in range(ROUNDS):
        for work in works:
            for which, raw in books.items():
                times.setdefault((work, which), []).append(microseconds(raw, works[work], round_))
    best = {key: min(some) for key, some in times.items()}
    opened = {which: min(opening(tmp_path / f"{which}.hdb") for _ in range(20)) for which in books}
    size = {"old": sum(map(len, old_triggers())), "new": sum(map(len, triggers()))}
    print(f"\ntriggers: {size['old'] / 1e3:.0f} KB, now {size['new'] / 1e3:.0f} KB")
    print(f"opening: {opened['bare']:.2f} ms bare, {opened['old']:.2f} ms, now {opened['new']:.2f} ms")
    ratios = {work: best[work, "new"] / best[work, "old"] for work in works}
    for work, ratio in ratios.items():
        print(f"{work}: {', '.join(f'{best[work, which]:.1f} µs {which}' for which in books)}: {ratio:.2f}×")
        record_property(work, ratio)
    for raw in books.values():
        raw.close()
    assert opened["new"] <= 5
    assert ratios["birth"] <= 1.05
    assert max(ratios.values()) <= 1.4
