"""Many archives, printed by two processes: whole, cancelled, refused, killed, and gone on with."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import func, select

from app.archive import batch
from app.archive.batch import dismiss, go_on, unfinished
from app.archive.binder import Printed, print_archives
from app.errors import OfficeError
from app.progress import Work, finish
from app.workbook.workbook import Workbook
from db.schema.archive import ArchivePrint, PrintBatch
from db.schema.exchange import Deed
from db.schema.household import Household
from tests import builders
from tests.app.archive import reading

MANY = 12
PARTS = ["cover", "contents", "overview", "remarks"]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    made = builders.workbook(tmp_path)
    with made.writing() as session:
        for n in range(1, MANY + 1):
            builders.household(session, 2, number=n)
    yield made
    made.close()


@pytest.fixture
def homes(book: Workbook) -> list[str]:
    with book.reading() as session:
        return list(session.scalars(select(Household.id).order_by(Household.household_no)))


def some(work: Work[Printed], many: int) -> None:
    """Run work until so many households are done."""
    for progress in work:
        if progress.doing == "正在打印" and progress.done >= many:
            return
    raise AssertionError("it came to its end")


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


def test_each_household_gets_its_file(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    printed = finish(print_archives(book, homes, tmp_path / "档案", PARTS))
    assert [file.name for file in printed.files] == [f"340828100101{n:03}_陈卫国.pdf" for n in range(1, MANY + 1)]
    assert sorted(printed.files) == sorted((tmp_path / "档案").iterdir())
    assert printed.households == MANY
    assert printed.pages == sum(len(reading.pages(file)) for file in printed.files)
    assert "340828100101007" in reading.whole(printed.files[6])
    assert unfinished(book) == ()
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(ArchivePrint)) == MANY
        deed = session.scalars(select(Deed).order_by(Deed.n.desc())).first()
        assert (deed.what, deed.how_many) == ("打印一户一档", MANY)


def test_cancelled_it_leaves_nothing_half_and_is_gone_on_with(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    out = tmp_path / "档案"
    work = print_archives(book, homes, out, PARTS)
    some(work, 3)
    work.close()
    kept = times(out)
    assert 3 <= len(kept) < MANY
    for name in kept:
        assert reading.pages(out / name)
        assert name.endswith(".pdf")
    (left,) = unfinished(book)
    assert (left.folder, left.wanted, left.done, left.operator, left.locked) == (out, MANY, len(kept), "王书记", False)
    printed = finish(go_on(book, left.n))
    assert printed.households == len(list(out.iterdir())) == MANY
    assert {name: at for name, at in times(out).items() if name in kept} == kept
    assert unfinished(book) == ()


def test_what_was_changed_or_lost_meanwhile_is_printed_again(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    out = tmp_path / "档案"
    work = print_archives(book, homes, out, PARTS)
    some(work, 4)
    work.close()
    kept = times(out)
    changed, lost, *others = sorted(kept)
    (out / lost).unlink()
    with book.writing() as session:
        number = changed.partition("_")[0]
        session.scalars(select(Household).where(Household.household_no == number)).one().address = "新屋组 1 号"
    finish(go_on(book, unfinished(book)[0].n))
    after = times(out)
    assert len(after) == MANY
    assert after[changed] != kept[changed]
    assert "新屋组1号" in reading.whole(out / changed)
    assert [after[name] == kept[name] for name in others] == [True] * len(others)


def test_a_household_that_went_meanwhile_is_left_out(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    work = print_archives(book, homes, tmp_path / "档案", PARTS)
    some(work, 2)
    work.close()
    with book.writing() as session:
        session.get(Household, homes[-1]).withdrawn = True
    assert finish(go_on(book, unfinished(book)[0].n)).households == MANY - 1


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
def test_a_process_that_dies_is_a_sentence_and_costs_nothing(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    out = tmp_path / "档案"
    work = print_archives(book, homes, out, PARTS)
    some(work, 2)
    for process in _children():
        os.kill(process, signal.SIGKILL)
    with pytest.raises(OfficeError, match="继续打印"):
        finish(work)
    assert all(path.suffix == ".pdf" for path in out.iterdir())
    assert finish(go_on(book, unfinished(book)[0].n)).households == MANY


def _children() -> list[int]:
    """Processes that print for this one."""
    import multiprocessing

    return [process.pid for process in multiprocessing.active_children() if process.pid]


def test_no_key_stands_on_a_command_line(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("no /proc here")
    key = book.ticket().key.hex()
    work = print_archives(book, homes, tmp_path / "档案", PARTS, password="青山绿水2018")
    some(work, 1)
    for process in _children():
        for file in ("cmdline", "environ"):
            said = Path(f"/proc/{process}/{file}").read_bytes()
            assert key.encode() not in said
            assert "青山绿水".encode() not in said
            assert builders.PASSPHRASE.encode() not in said
    work.close()
    assert key not in repr(book.ticket())


def test_a_locked_batch_asks_for_its_password_again(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    out = tmp_path / "档案"
    work = print_archives(book, homes, out, PARTS, password="青山绿水2018")
    some(work, 1)
    work.close()
    (left,) = unfinished(book)
    assert left.locked
    with pytest.raises(OfficeError, match="密码"):
        finish(go_on(book, left.n))
    finish(go_on(book, left.n, password="青山绿水2018"))
    for file in out.iterdir():
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(file)
        pikepdf.open(file, password="青山绿水2018").close()
    with book.reading() as session:
        row = session.scalars(select(PrintBatch)).one()
        assert "青山" not in json.dumps([row.choice, row.wanted, row.done], ensure_ascii=False)


def test_the_disk_is_full_for_a_process_too(
    book: Workbook, homes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "档案"
    out.mkdir()
    for household in homes[:2]:
        (out / f"{household}.pdf.part").mkdir()  # nothing can be written under this name
    with pytest.raises(OfficeError, match="不能写到"):
        finish(print_archives(book, homes, out, PARTS))
    assert not [path for path in out.iterdir() if path.is_file() and path.suffix != ".pdf"]


def test_a_batch_that_nobody_wants_any_more_is_forgotten(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    work = print_archives(book, homes, tmp_path / "档案", PARTS)
    some(work, 1)
    work.close()
    dismiss(book, unfinished(book)[0].n)
    assert unfinished(book) == ()
    with pytest.raises(OfficeError, match="不在记录里"):
        finish(go_on(book, 99))


def test_two_of_one_name_get_two_files(book: Workbook, homes: list[str], tmp_path: Path) -> None:
    with book.writing() as session:
        for household in homes:
            session.get(Household, household).household_no = "7"
    printed = finish(print_archives(book, homes, tmp_path / "档案", ["cover"]))
    assert len({file.name for file in printed.files}) == MANY == len(list((tmp_path / "档案").iterdir()))


def test_a_look_at_another_process_is_for_reading(book: Workbook) -> None:
    from sqlalchemy.exc import OperationalError

    from app.workbook.access import admitted

    with admitted(book.ticket()) as other:
        with other.reading() as session:
            assert session.scalar(select(func.count()).select_from(Household)) == MANY
        with pytest.raises((OperationalError, OfficeError)), other.writing() as session:
            session.scalars(select(Household)).first().note = "x"


def test_as_many_processes_as_are_useful() -> None:
    assert batch.PROCESSES == 2
