"""Rows of a file with damaged pages: whatever does not lie on them is read, each once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.damaged_file import DamagedFile
from db.engine import connect

_KEY, _PAGE, _COUNT = bytes(32), 4096, 4_100  # more rows than are read at once, twice
_ON_A_PAGE = _PAGE // 100  # rows of 100 letters, at most


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table with row numbers and one without, of the same rows."""
    path = tmp_path_factory.mktemp("file") / "书.hdb"
    with closing(connect(path, _KEY)) as connection:
        connection.execute("BEGIN")
        for table, tail in (("numbered", ""), ("keyed", " WITHOUT ROWID")):
            connection.execute(f"CREATE TABLE {table} (n INTEGER PRIMARY KEY, said TEXT){tail}")
            rows = ((n, f"{n:100}") for n in range(1, _COUNT + 1))
            connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
        connection.commit()
    return path


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Iterator[DamagedFile]:
    """A page in the middle of each table is damaged."""
    path = tmp_path / whole.name
    content = bytearray(whole.read_bytes())
    pages = len(content) // _PAGE
    for page in (pages // 4, pages * 3 // 4):
        content[page * _PAGE + 100] ^= 1
    path.write_bytes(content)
    file = DamagedFile(lambda: connect(path, _KEY))
    yield file
    file.close()


def numbers(file: DamagedFile, table: str) -> list[int]:
    return [n for (n,) in file.rows(table, ["n"], by_rowid=table == "numbered")]


def test_of_a_whole_file_every_row_is_read_once(whole: Path) -> None:
    with closing(DamagedFile(lambda: connect(whole, _KEY))) as file:
        assert file.damaged_pages() == 0
        for table in ("numbered", "keyed"):
            assert file.is_whole(table)
            assert numbers(file, table) == list(range(1, _COUNT + 1))


def test_only_the_rows_of_the_damaged_page_are_missing(damaged: DamagedFile) -> None:
    assert damaged.damaged_pages() == 2
    assert not damaged.is_whole("numbered")
    found = numbers(damaged, "numbered")
    missing = sorted(set(range(1, _COUNT + 1)) - set(found))
    assert found == sorted(set(found))
    assert 0 < len(missing) <= _ON_A_PAGE
    assert missing == list(range(missing[0], missing[-1] + 1))


def test_without_row_numbers_the_rows_before_the_damaged_page_are_read(damaged: DamagedFile) -> None:
    found = numbers(damaged, "keyed")
    assert found == list(range(1, len(found) + 1))
    assert _COUNT // 4 < len(found) < _COUNT


def test_what_cannot_be_read_is_empty(damaged: DamagedFile) -> None:
    assert damaged.columns("numbered") == ["n", "said"]
    assert damaged.columns("no_table") == []
    assert not damaged.is_whole("no_table")
