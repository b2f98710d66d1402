"""Publishing a township into PostgreSQL, beside COPY alone of the same rows; and a day of one village.

COPY alone is a SELECT of the workbook whose rows the driver writes. Also told is COPY of lines that lie in memory:
it leaves out that somebody has to read the encrypted file. Processor time, this process and the server together.
HUDANG_BENCH_PUBLISHING (10,000) households in 10 villages.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.progress import run_to_completion
from app.publishing import database_schema
from app.publishing.columns import WRITTEN_BY, published_columns
from app.publishing.database_schema import qualified, quoted
from app.publishing.publish import publish
from app.publishing.rows import LineReader
from app.publishing.target import connected, target_of
from app.records.masked_reading import add_mask_function
from app.workbook.workbook import Workbook
from db.schema.village import Village
from tests.builders import VILLAGE, workbook
from tests.postgres import PostgresServer, running_server

HOMES, VILLAGES = int(os.environ.get("HUDANG_BENCH_PUBLISHING", "10000")), 10
FIRST = int(VILLAGE.code)
_TABLES = ("village", "household", "member")
_TICKS = os.sysconf("SC_CLK_TCK")


def fill(book: Workbook) -> None:
    """Households of four in villages of one size, of a dozen cells a row."""
    with book.writing() as session:
        for n in range(1, VILLAGES):
            code = str(FIRST + n)
            session.add(Village(id=Village.id_of(code), village=code, code=code, name=f"第{n}村"))
        session.flush()
        raw: Any = session.connection().connection.driver_connection
        raw.execute("CREATE TEMP TABLE n (n INTEGER PRIMARY KEY, village TEXT, home TEXT)")
        raw.executemany(
            "INSERT INTO n VALUES (?, ?, ?)",
            ((n, str(FIRST + n // 4 % VILLAGES), f"{n // 4:032x}") for n in range(HOMES * 4)),
        )
        raw.execute(
            "INSERT INTO household (id, village, household_no, group_name, hamlet, address, phone, population, "
            "household_kind, note, withdrawn) SELECT home, village, village || printf('%06d', n), "
            "'第' || (n % 20 + 1) || '组', '下屋', n || '号', printf('138%08d', n * 7919), 4, '一般农户', "
            "'联系电话变更过，见台账', 0 FROM n WHERE n % 4 = 0"
        )
        raw.execute(
            "INSERT INTO member (id, village, household_id, person_no, name, sex, relation, birth, education, id_no, "
            "health, work_income_month, withdrawn) SELECT printf('1%031x', n), village, home, village || "
            "printf('%08d', n), '陈卫国', iif(n % 2, '女', '男'), iif(n % 4, '其他', '户主'), "
            "printf('19%02d-01-01', n % 90 + 10), '小学', printf('34088819700101%04d', n % 10000), '健康', n, 0 FROM n"
        )
        raw.execute("DROP TABLE n")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with running_server() as server:
        server.execute("CREATE DATABASE prepared")
        with connected(target_of(server.url("prepared"))) as connection, connection.transaction():
            database_schema.prepare(connection)
        yield server


@pytest.fixture(scope="module")
def township(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        book = workbook(tmp_path_factory.mktemp("book"))
        fill(book)
        yield book
        book.close()


def server_seconds(server: PostgresServer) -> float:
    """Processor time of the server with all processes that it has or had."""
    parent = int((Path(server.socket) / "data" / "postmaster.pid").read_text().split()[0])
    ticks = sum(map(int, _stat(parent)[11:15]))
    for process in Path("/proc").glob("[0-9]*"):
        try:
            stat = _stat(int(process.name))
        except OSError:
            continue
        ticks += sum(map(int, stat[11:13])) if int(stat[1]) == parent else 0
    return ticks / _TICKS


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


@contextmanager
def timed(server: PostgresServer, told: dict[str, float], what: str) -> Iterator[None]:
    here, there, wall = time.process_time(), server_seconds(server), time.perf_counter()
    yield
    while server.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'") != [(1,)]:
        time.sleep(0.01)  # the time of a connection is counted when it has ended
    own, servers = time.process_time() - here, server_seconds(server) - there
    told[what] = own + servers
    print(f"{what}: {own:.2f} s here, {servers:.2f} s in the server; {time.perf_counter() - wall:.2f} s by the clock")


def copy_alone(book: Workbook, server: PostgresServer, told: dict[str, float]) -> int:
    """The same rows as they lie in the workbook, one COPY a table."""
    rows = 0
    with (
        timed(server, told, "COPY alone"),
        book.reading_alone(add_mask_function) as session,
        psycopg.connect(server.url(server.new_database("prepared"))) as connection,
    ):
        for table in _TABLES:
            names = _names(table)
            selected = session.connection().exec_driver_sql(f"SELECT {', '.join(names)}, 1 FROM {table}")
            with connection.cursor().copy(_copy(table)) as copy:
                for row in selected:
                    copy.write_row(_typed(row))
                    rows += 1
    return rows


def copy_of_lines(book: Workbook, server: PostgresServer, told: dict[str, float]) -> None:
    """The same rows, written as lines before."""
    villages = [village.code for village in book.villages]
    with book.reading_alone(add_mask_function) as session:
        raw: Any = session.connection().connection.driver_connection
        reader = LineReader(raw, masked=False, villages=len(villages))
        blocks = {table: [b for village in villages for b in reader.whole(table, village, 1)] for table in _TABLES}
    database = server.new_database("prepared")
    with timed(server, told, "COPY of lines in memory"), psycopg.connect(server.url(database)) as connection:
        for table, of_table in blocks.items():
            with connection.cursor().copy(_copy(table)) as copy:
                for block in of_table:
                    copy.write(block)


def _names(table: str) -> list[str]:
    return [quoted(column.name) for column in published_columns(table)]


def _copy(table: str) -> str:
    return f"COPY {qualified(table)} ({', '.join(_names(table))}, {WRITTEN_BY}) FROM STDIN"


def _typed(row: Any) -> list[object]:
    """`health` is the one list among the columns that are filled."""
    return ["{" + cell + "}" if cell == "健康" else cell for cell in row]


@pytest.mark.parametrize("reason", ["", "县局核对"], ids=["masked", "whole"])
def test_first_publication_and_a_day(server, township, record_property, reason):
    told: dict[str, float] = {}
    rows = copy_alone(township, server, told)
    copy_of_lines(township, server, told)
    target = target_of(server.url(server.new_database("prepared")))
    with timed(server, told, f"first publication of {rows} rows"):
        written = sum(one.written for one in run_to_completion(publish(township, target, reason=reason)))
    assert written == rows
    with timed(server, told, "again, with nothing new"):
        run_to_completion(publish(township, target, reason=reason))
    with township.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE member SET work_place = ifnull(work_place, '') || '外出' "
            f"WHERE village = '{FIRST + 1}' AND rowid % 80 = 5"
        )
    with timed(server, told, "a day of one village"):
        day = sum(one.written for one in run_to_completion(publish(township, target, reason=reason)))
    print(f"{day} rows")
    assert day > 0
    first = told[f"first publication of {rows} rows"]
    for bare in ("COPY alone", "COPY of lines in memory"):
        print(f"first publication: {first / told[bare]:.2f}× {bare}")
        record_property(bare, first / told[bare])
    assert first <= 2 * told["COPY alone"]
    assert told["a day of one village"] <= 2
