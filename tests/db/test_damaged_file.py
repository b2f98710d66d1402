"""Which rows are read of a table where one page is damaged."""

import shutil
from contextlib import closing

import pytest

from db.damaged_file import DamagedFile
from db.engine import connect

KEY = bytes(32)
PAGE = 4096
ROWS = 200  # of some forty a page
MANY = 4_100  # more than are read at once, twice


@pytest.fixture
def file(tmp_path):
    """A file whose first page tells of one table, whose second is its root, and whose others are filled one by one."""
    path = tmp_path / "一.db"
    with closing(connect(path, KEY)) as connection:
        connection.execute("CREATE TABLE note (text TEXT)")
        connection.executemany("INSERT INTO note VALUES (?)", [(f"{n:090}",) for n in range(1, ROWS + 1)])
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A table with row numbers and one without, of the same rows."""
    path = tmp_path_factory.mktemp("large") / "书.db"
    with closing(connect(path, KEY)) as connection:
        connection.execute("BEGIN")
        for table, tail in (("numbered", ""), ("keyed", " WITHOUT ROWID")):
            connection.execute(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, text TEXT){tail}")
            rows = ((n, f"{n:0100}") for n in range(1, MANY + 1))
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
        connection.commit()
    return path


@pytest.fixture
def damaged(large, tmp_path):
    """A page in the middle of each of the two tables is damaged."""
    path = tmp_path / large.name
    shutil.copy(large, path)
    pages = path.stat().st_size // PAGE
    damage(path, pages // 4), damage(path, pages * 3 // 4)
    with closing(DamagedFile(lambda: connect(path, KEY))) as file:
        yield file


def damage(path, page):
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE + 100] ^= 1
    path.write_bytes(content)


def rows_read(path):
    with closing(DamagedFile(lambda: connect(path, KEY))) as damaged:
        assert damaged.damaged_pages() <= 1
        return [int(text) for (text,) in damaged.rows("note", ["text"])]


def test_of_a_whole_file_all(file):
    assert rows_read(file) == list(range(1, ROWS + 1))


def test_all_but_those_of_the_page(file):
    damage(file, 4)
    read = rows_read(file)
    assert (read[0], read[-1]) == (1, ROWS)
    assert 0 < ROWS - len(read) < ROWS / 3


def test_all_before_the_last_page_though_nobody_can_say_how_many_there_are(file):
    damage(file, file.stat().st_size // PAGE)
    read = rows_read(file)
    assert read == list(range(1, len(read) + 1))
    assert ROWS * 2 / 3 < len(read) < ROWS


def test_none_without_the_page_under_which_all_lie_and_the_file_is_opened_a_few_times_only(file):
    damage(file, 2)
    opened = []
    with closing(DamagedFile(lambda: opened.append(1) or connect(file, KEY))) as damaged:
        assert list(damaged.rows("note", ["text"])) == []
    assert len(opened) < 5


def numbers(file, table):
    return [n for (n,) in file.rows(table, ["n"], by_rowid=table == "numbered")]


def test_of_a_large_file_every_row_is_read_once(large):
    with closing(DamagedFile(lambda: connect(large, KEY))) as file:
        assert file.damaged_pages() == 0
        for table in ("numbered", "keyed"):
            assert file.is_whole(table)
            assert numbers(file, table) == list(range(1, MANY + 1))


def test_of_a_large_table_only_the_rows_of_the_page_are_missing(damaged):
    assert damaged.damaged_pages() == 2
    assert not damaged.is_whole("numbered")
    found = numbers(damaged, "numbered")
    missing = sorted(set(range(1, MANY + 1)) - set(found))
    assert found == sorted(set(found))
    assert missing == list(range(missing[0], missing[-1] + 1))
    assert 0 < len(missing) <= PAGE // 100


def test_without_row_numbers_those_before_the_page(damaged):
    found = numbers(damaged, "keyed")
    assert found == list(range(1, len(found) + 1))
    assert MANY // 4 < len(found) < MANY


def test_a_table_that_is_not_there_has_no_columns(damaged):
    assert damaged.columns("numbered") == ["n", "text"]
    assert damaged.columns("no_table") == []
    assert not damaged.is_whole("no_table")
