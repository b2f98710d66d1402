"""One server for all tests of publishing in a process, one database a test."""

from collections.abc import Iterator

import pytest

from app.publishing import database_schema
from app.publishing.target import connected, target_of
from tests.app.publishing.county_database import CountyDatabase
from tests.postgres import PostgresServer, running_server

_PREPARED = "prepared"  # has the tables already: making them takes longer than most tests


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running_server() as server:
        server.execute(f"CREATE DATABASE {_PREPARED}")
        with connected(target_of(server.url(_PREPARED))) as connection, connection.transaction():
            database_schema.prepare(connection)
        yield server


@pytest.fixture
def county(postgres: PostgresServer) -> CountyDatabase:
    """A database that somebody prepared, without any village: one for all tests, emptied for each."""
    database = CountyDatabase(postgres, _PREPARED)
    database.clear()
    return database


@pytest.fixture
def own_county(postgres: PostgresServer) -> CountyDatabase:
    """The same, for a test that alters more than rows."""
    return CountyDatabase(postgres, postgres.new_database(_PREPARED))


@pytest.fixture
def empty_county(postgres: PostgresServer) -> CountyDatabase:
    """A database as an administrator makes it."""
    return CountyDatabase(postgres, postgres.new_database())
