"""Which rows are read of a table where one page is damaged."""

from contextlib import closing

import pytest

from db.damaged_file import DamagedFile
from db.engine import connect

KEY = bytes(32)
PAGE = 4096
ROWS = 200  # of some forty a page


@pytest.fixture
def file(tmp_path):
    """A file whose first page tells of one table, whose second is its root, and whose others are filled one by one."""
    path = tmp_path / "一.db"
    with closing(connect(path, KEY)) as connection:
        connection.execute("CREATE TABLE note (text TEXT)")
        connection.executemany("INSERT INTO note VALUES (?)", [(f"{n:090}",) for n in range(1, ROWS + 1)])
    return path


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
