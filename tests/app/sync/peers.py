"""A team whose laptops know each other, and what a test asks of them."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count, permutations
from pathlib import Path
from typing import Any

from sqlalchemy import select, text, update

from app.progress import run_to_completion
from app.sync import package_export, package_import, peers
from app.sync.package_import import PackageImportResult
from app.workbook import replicas
from app.workbook.access import NewVillage, unlock
from app.workbook.workbook import Workbook
from db.journal.heads import parse_change_ids
from db.journal.merge import version_vector
from db.schema.household import Household
from tests import builders
from tests.builders import PASSPHRASE
from tests.machine_memory import MEMORY, remembering_in
from tests.made_once import made_once
from tests.replicas import all_records

OTHER_VILLAGE = NewVillage("柳树沟村", "340828100102", "安徽省", "安庆市", "岳西县", "响水镇")
_packages = count(1)


def make_team(folder: Path, *operators: str) -> list[Workbook]:
    """One workbook a person, of one village, all of whom trust each other.

    A test's first team of these people is a copy of one that was made for all tests; their second is made anew.
    """
    closed = _closed_team(*operators)
    if any((_memories(replicas.state_dir()) / memory.name).exists() for memory in _memories(closed / MEMORY).iterdir()):
        return _new_team(folder, *operators)
    return open_team(closed, folder, *operators)


def _new_team(folder: Path, *operators: str) -> list[Workbook]:
    books = _strangers(folder, *operators)
    exchange_cards(*books)
    return books


def _strangers(folder: Path, *operators: str) -> list[Workbook]:
    books = []
    for operator in operators:
        own = folder / operator
        own.mkdir()
        books.append(builders.workbook(own, operator=operator))
    return books


def _memories(state: Path) -> Path:
    return state / "replicas"


def _closed_team(*operators: str) -> Path:
    return made_once(f"team {' '.join(operators)}", lambda folder: close_team(folder, operators, lambda books: None))


def close_team(
    folder: Path, operators: tuple[str, ...], what_they_do: Callable[[list[Workbook]], None], *, strangers: bool = False
) -> Path:
    """What the laptops of a team hold after they did something: their closed workbooks, and the memory of them.

    Args:
        strangers: they have not taken each other's card before
    """
    with remembering_in(folder):
        books = (_strangers if strangers else _new_team)(folder, *operators)
        what_they_do(books)
        for book in books:
            book.close()
    return folder


def open_former(name: str, folder: Path, operator: str) -> Workbook:
    """A workbook of tests/workbooks, which an earlier version wrote, opened by this program in a folder of the
    operator's. It is a copy of one that was upgraded once for all tests: that takes a second."""
    upgraded = made_once(f"{name} of {operator}", partial(_upgrade, name=name, operator=operator))
    return open_team(upgraded, folder, operator)[0]


def _upgrade(folder: Path, name: str, operator: str) -> None:
    path = folder / operator / "石桥村.hdb"
    path.parent.mkdir()
    shutil.copy(Path(__file__).parents[2] / "workbooks" / name, path)
    with remembering_in(folder):
        unlock(path, PASSPHRASE).close()


def bring_memories(closed: Path, folder: Path) -> None:
    """What was remembered of the files in a folder, of their copies in another one."""
    remembered = _memories(replicas.state_dir())
    remembered.mkdir(parents=True, exist_ok=True)
    for memory in _memories(closed / MEMORY).iterdir():
        state = json.loads(memory.read_text(encoding="utf-8"))
        path = folder.resolve() / Path(state["path"]).relative_to(closed.resolve())
        (remembered / memory.name).write_text(json.dumps(state | {"path": str(path)}), encoding="utf-8")


def open_team(closed: Path, folder: Path, *operators: str) -> list[Workbook]:
    """The workbooks of a closed team in another folder, where they go on as the replicas that they were."""
    bring_memories(closed, folder)
    for operator in operators:
        shutil.copytree(closed / operator, folder / operator)
    return [unlock(folder / operator / "石桥村.hdb", PASSPHRASE) for operator in operators]


@contextmanager
def opened_team(closed: Path, folder: Path, *operators: str) -> Iterator[list[Workbook]]:
    """`open_team` for a block, at whose end all are closed."""
    books = open_team(closed, folder, *operators)
    yield books
    for book in books:
        book.close()


def exchange_cards(*books: Workbook) -> None:
    """Everybody takes everybody's card."""
    for owner, peer in permutations(books, 2):
        peers.trust(owner, card_of(peer))


def card_of(book: Workbook) -> peers.Card:
    path = book.path.with_suffix(".hdcard")
    peers.save_card(book, path)
    return peers.read_card(path)


def write_package(book: Workbook, receiver: Workbook, path: Path | None = None, **options: Any) -> Path:
    """A package from one to another."""
    path = path or book.path.with_name(f"{next(_packages)}.hdpack")
    run_to_completion(package_export.write_package(book, peers.load_own_card(receiver).sign_key, path, **options))
    return path


def send(book: Workbook, receiver: Workbook) -> PackageImportResult:
    """A package from one to another, imported there."""
    return run_to_completion(package_import.import_package(receiver, write_package(book, receiver)))


def clone_disk(book: Workbook, path: Path) -> tuple[Workbook, Workbook]:
    """What an image of the disk has, as another machine finds it: the same workbook, and this machine's memory of it.

    Returns:
        the workbook opened again, and the other one at `path`, which number their changes alike
    """
    book.close()
    shutil.copy(book.path, path)
    again = unlock(book.path, PASSPHRASE)
    memory = replicas.state_dir() / "replicas" / f"{again.replica}.json"
    state = json.loads(memory.read_text(encoding="utf-8"))
    memory.write_text(json.dumps(state | {"path": str(path.resolve())}), encoding="utf-8")
    copy = unlock(path, PASSPHRASE)
    memory.write_text(json.dumps(state), encoding="utf-8")
    assert copy.replica == again.replica == book.replica
    return again, copy


def edit_record(book: Workbook, row: str, table: type = Household, **cells: Any) -> None:
    with book.writing() as session:
        session.execute(update(table).where(table.id == row).values(**cells))


def read_cell(book: Workbook, row: str, column: str, table: type = Household) -> Any:
    with book.reading() as session:
        return session.execute(select(getattr(table, column)).where(table.id == row)).scalar_one()


def all_tables(book: Workbook) -> dict[str, list[str]]:
    """Everything in a workbook, journal, peers and logs included: equal before and after a refusal. By the driver's own
    connection: of more than a hundred tables most are empty, and tests look hundreds of times."""
    with book.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' ORDER BY name"
        tables = [table for (table,) in raw.execute(query)]
        tests = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
        filled = {table for (table,) in raw.execute(" UNION ALL ".join(tests))}
        return {
            table: sorted(map(repr, raw.execute(f"SELECT * FROM {table}"))) if table in filled else []
            for table in tables
        }


def journal_entries(book: Workbook) -> set[tuple[Any, ...]]:
    """Every change a workbook knows, named by its own replica and number."""
    with book.reading() as session:
        return set(
            map(
                tuple,
                session.execute(
                    text(
                        "SELECT s.village, s.replica, c.number, c.row_id, c.column_name, c.value, c.operator "
                        "FROM change c JOIN stream s ON s.n = c.stream"
                    )
                ),
            )
        )


def full_state(book: Workbook) -> dict[str, Any]:
    """What a workbook knows and shows, named as on every other: records, heads, vector, journal, words, pictures."""
    with book.reading() as session:

        def query_rows(query: str) -> set[tuple[Any, ...]]:
            return {tuple(row) for row in session.execute(text(query))}

        names = {n: replica for n, replica in session.execute(text("SELECT n, replica FROM stream"))}  # noqa: C416
        changes = query_rows(
            "SELECT s.replica, c.number, c.row_id, c.column_name, c.value, c.replaces FROM change c "
            "JOIN stream s ON s.n = c.stream"
        )
        return {
            "records": all_records(book),
            "heads": query_rows(
                "SELECT h.row_id, h.column_name, s.replica, h.number FROM head h JOIN stream s ON s.n = h.stream"
            ),
            "vector": version_vector(session),
            "journal": {
                (*change[:5], frozenset((names[stream], number) for stream, number in parse_change_ids(change[5])))
                for change in changes
            },
            "found": query_rows("SELECT s.row_id, s.household_id FROM search f JOIN searchable s ON s.n = f.rowid"),
            "pictures": query_rows("SELECT sha256 FROM picture"),
        }
