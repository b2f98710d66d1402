"""An encrypted SQLite file (SQLCipher), opened with a raw 256-bit key."""

from functools import cache
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache

from db.text_search import create_functions

# temp_store: sorting and building indexes must not leave plain text in temporary files
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=10000",
    "temp_store=MEMORY",
    "cache_size=-24000",
    "recursive_triggers=OFF",
    "wal_autocheckpoint=0",  # the file is written where app/workbook/open_file.py says so, and nowhere else
)


def connect(path: Path, key: bytes) -> Any:
    """A bare DB-API connection in autocommit mode, keyed, with our functions; pragmas of `open_engine` are not set.

    Raises:
        sqlcipher3.dbapi2.DatabaseError: at the first read, if the key or the file is wrong
    """
    connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cipher_log_level = NONE")  # errors are raised; stderr belongs to the officer
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    create_functions(connection)
    return connection


# Statements are compiled once for all workbooks that this process opens: `_dialect` is part of a statement's key here,
# and in the caches that SQLAlchemy's mappers keep of their own for as long as the process lives.
_COMPILED_STATEMENTS: LRUCache[Any, Any] = LRUCache(200)


@cache
def _dialect() -> Dialect:
    engine = create_engine("sqlite://", module=sqlcipher)
    engine.connect().close()  # a dialect finishes itself at its first connection
    engine.dispose()
    return engine.dialect


def open_engine(path: Path, key: bytes) -> Engine:
    """The engine of one workbook file.

    Transactions are ours, not the driver's: reading begins DEFERRED, writing (execution option `writes`) IMMEDIATE, so
    that a writer waits for its turn at the beginning and never fails in the middle.
    """

    def creator() -> Any:
        connection = connect(path, key)
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()  # Windows neither renames nor deletes a file that is open
            raise
        return connection

    engine = Engine(
        # the connection used last comes first: what another one has written makes it read and decrypt its pages anew
        QueuePool(creator, pool_size=6, use_lifo=True, dialect=_dialect()),
        _dialect(),
        make_url("sqlite://"),
        hide_parameters=True,  # what an error says goes to the log, and the log holds no personal data
        execution_options={"compiled_cache": _COMPILED_STATEMENTS},
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
