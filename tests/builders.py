"""Records and workbooks with valid defaults; a test names only what matters to it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import db.engine
from app.workbook import keyring
from app.workbook.access import NewVillage, create
from app.workbook.keyring import TEST_COST
from app.workbook.workbook import Workbook
from db import migrate
from db.engine import connect, open_engine
from db.schema.household import Household, Member
from tests.made_once import made_once

VILLAGE = NewVillage("石桥村", "340828100101", "安徽省", "安庆市", "岳西县", "响水镇")
PASSPHRASE = "青山绿水 2018"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def workbook(
    folder: Path, name: str = "石桥村.hdb", operator: str = "王书记", village: NewVillage = VILLAGE
) -> Workbook:
    """A new, empty workbook with a cheap key derivation."""
    return workbook_and_code(folder, name, operator, village)[0]


def workbook_and_code(
    folder: Path, name: str = "石桥村.hdb", operator: str = "王书记", village: NewVillage = VILLAGE
) -> tuple[Workbook, str]:
    """The same, and its recovery code.

    Its tables are copied from a file that the migrations made: to run them anew would take most of a test's time.
    tests/db/test_migrate.py holds that both ways end in the same schema.
    """
    with copied_tables():
        return create(folder / name, PASSPHRASE, operator, village, cost=TEST_COST)


@contextmanager
def copied_tables() -> Iterator[None]:
    """New workbooks begin as a copy of an encrypted file that has the tables, under one of eight file keys in turn.

    What is made under another key gets its tables by SQLite's backup, which encrypts each page anew.
    """
    open_file, upgrade, revisions = db.engine.open_engine, migrate.upgrade, migrate.known_revisions()
    migrated = migrated_file(*revisions)

    def open_with_tables(path: Path, key: bytes) -> Engine:
        if key in _KEYS and path.exists() and not path.stat().st_size:
            path.write_bytes(_encrypted_tables(key, *revisions))
        return open_file(path, key)

    def upgrade_what_is_not_new(engine: Engine) -> None:
        with engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            revision = migrate.revision(raw)
            if not revision:
                migrated.backup(raw)
        if revision not in ("", revisions[-1]):
            upgrade(engine)

    with (
        patch.object(keyring, "new_file_key", lambda: next(_TURNS)),
        patch.object(db.engine, "open_engine", open_with_tables),
        patch.object(migrate, "upgrade", upgrade_what_is_not_new),
    ):
        yield


_KEYS = [bytes([n]) * 32 for n in range(8)]  # no test has more workbooks whose keys must differ
_TURNS = cycle(_KEYS)


@cache
def _encrypted_tables(key: bytes, *revisions: str) -> bytes:
    """A file with all tables under this key."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "tables.hdb"
        connection = connect(path, key)
        migrated_file(*revisions).backup(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        return path.read_bytes()


@cache
def migrated_file(*revisions: str) -> Any:
    """A connection to a file as these revisions leave it, for as long as the process lives."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = made_once(f"tables of {revisions[-1]}", _migrate) / _MIGRATED
        connection = connect(Path(shutil.copy(made, folder)), bytes(32))
        assert migrate.revision(connection) == revisions[-1]
        return connection


_MIGRATED = "migrated.hdb"


def _migrate(folder: Path) -> None:
    engine = open_engine(folder / _MIGRATED, bytes(32))
    migrate.upgrade(engine)
    engine.dispose()
    connection = connect(folder / _MIGRATED, bytes(32))
    connection.execute("VACUUM")  # tables that migrations rebuilt left empty pages
    connection.close()


def id_number(birth: date = date(1970, 5, 6), order: int = 1, male: bool = True) -> str:
    """A valid, fictional ID number (division 340888 is not in use)."""
    return with_check_digit(f"340888{birth:%Y%m%d}{order * 2 + male:03}")


def with_check_digit(prefix: str) -> str:
    """An ID number of its first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(prefix, _WEIGHTS, strict=True))
    return prefix + "10X98765432"[total % 11]


def household(
    session: Session, members: int = 3, village: str = VILLAGE.code, number: int = 1, **values: Any
) -> Household:
    """A household with a head and others; `what` goes into the household."""
    household_no = f"{village}{number:03}"
    row = Household(
        **{
            "id": Household.id_of(household_no),
            "village": village,
            "household_no": household_no,
            "group_name": "下屋组",
            "hamlet": "下屋组",
        }
        | values
    )
    session.add(row)
    relations = ("户主", "配偶", "之子", "之女", "之母")
    for n in range(members):
        birth = date(1970 - n, 1, 1) + timedelta(days=number % 360)
        person_no = f"{household_no}{n + 1:02}"
        session.add(
            Member(
                id=Member.id_of(person_no),
                village=village,
                household_id=row.id,
                person_no=person_no,
                name=("陈卫国", "李秀英", "陈𬱖", "陈小燕", "王桂兰")[n % 5],
                relation=relations[n] if n < len(relations) else "其他",
                sex=("男", "女", "男", "女", "女")[n % 5],
                id_no=id_number(birth, number // 360, n % 5 in (0, 2)),
                birth=birth,
            )
        )
    session.flush()
    return row


def write_as_newer(book: Workbook, table: str, row: str, column: str, value: str | int | None) -> None:
    """What a newer program would have written here; an edit names the row's insert, which it replaces."""
    with book.writing() as session:
        session.execute(text("UPDATE stream SET last = last + 1 WHERE replica = :own"), {"own": book.replica})
        session.execute(
            text(
                "INSERT INTO change "
                "(stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
                "SELECT n, last, :table, :row, :column, :value, writer.stamp, writer.operator, CASE :column WHEN '' "
                "THEN '' ELSE (SELECT group_concat(stream || ':' || number, ' ') FROM change WHERE row_id = :row "
                "AND column_name = '') END FROM stream, writer "
                "WHERE stream.replica = :own AND stream.village = :village"
            ),
            {
                "own": book.replica,
                "village": VILLAGE.code,
                "table": table,
                "row": row,
                "column": column,
                "value": value,
            },
        )
        if column:
            session.execute(
                text(
                    "INSERT INTO head SELECT row_id, column_name, stream, number FROM change ORDER BY seq DESC LIMIT 1"
                )
            )
