"""Many archives, printed by two processes: whole, cancelled, refused, killed, and gone on with."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select

from app.errors import UserError
from app.printing import batch
from app.printing.archive_job import ArchiveJob
from app.printing.batch import dismiss, resume, unfinished_batches
from app.printing.pipeline import print_to_path
from app.printing.print_job import PrintOptions
from app.printing.print_record import PrintResult
from app.progress import Task, run_to_completion
from app.workbook.operations import list_operations, take_back, undo_state
from app.workbook.workbook import Workbook
from db.schema.archive import ArchivePrint, PrintBatch
from db.schema.exchange import AuditEntry
from db.schema.household import Household
from db.schema.photo import Photo, Picture
from tests import builders, pdf_reader

MANY = 12
PARTS = ["cover", "contents", "overview", "remarks"]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    new_workbook = builders.workbook(tmp_path)
    with new_workbook.writing() as session:
        for n in range(1, MANY + 1):
            builders.household(session, 2, number=n)
    yield new_workbook
    new_workbook.close()


def run_until(task: Task[PrintResult], count: int) -> None:
    """Run work until so many households are done."""
    for progress in task:
        if progress.message == "正在打印" and progress.done >= count:
            return
    raise AssertionError("it came to its end")


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}


@pytest.mark.usefixtures("cold_processes")
def test_each_household_gets_its_file(book: Workbook, household_ids: list[str], tmp_path: Path) -> None:
    printed = run_to_completion(print_to_path(book, ArchiveJob(household_ids, PARTS), tmp_path / "档案"))
    assert [file.name for file in printed.files] == [f"340828100101{n:03}_陈卫国.pdf" for n in range(1, MANY + 1)]
    assert sorted(printed.files) == sorted((tmp_path / "档案").iterdir())
    assert printed.documents == MANY
    assert printed.pages == sum(len(pdf_reader.page_texts(file)) for file in printed.files)
    assert "340828100101007" in pdf_reader.full_text(printed.files[6])
    assert unfinished_batches(book) == ()
    with book.reading() as session:
        assert session.scalar(select(func.count()).select_from(ArchivePrint)) == MANY
        audit_entry = session.scalars(select(AuditEntry).order_by(AuditEntry.n.desc())).first()
        assert (audit_entry.what, audit_entry.how_many) == ("打印一户一档", MANY)
        assert list_operations(session)[0].title == "打印档案"
        assert undo_state(session, 0).undo != "打印档案"  # the paper is out
        printed_operation = list_operations(session)[0].n
    with pytest.raises(UserError, match="纸已经印出"):
        run_to_completion(take_back(book, printed_operation))


def test_cancelled_it_leaves_nothing_half_and_is_gone_on_with(
    book: Workbook, household_ids: list[str], tmp_path: Path
) -> None:
    """What was changed or lost meanwhile is printed again, who went is left out, everything else stays as it is."""
    out = tmp_path / "档案"
    task = print_to_path(book, ArchiveJob(household_ids, PARTS), out)
    run_until(task, 4)
    task.close()
    times_before = times(out)
    assert 4 <= len(times_before) < MANY
    for name in times_before:
        assert pdf_reader.page_texts(out / name)
        assert name.endswith(".pdf")
    (unfinished_batch,) = unfinished_batches(book)
    assert (
        unfinished_batch.folder,
        unfinished_batch.total,
        unfinished_batch.done,
        unfinished_batch.operator,
        unfinished_batch.encrypted,
    ) == (out, MANY, len(times_before), "王书记", False)

    changed, lost, *others = sorted(times_before)
    (out / lost).unlink()
    with book.writing() as session:
        number = changed.partition("_")[0]
        session.scalars(select(Household).where(Household.household_no == number)).one().address = "新屋组 1 号"
        session.get(Household, household_ids[-1]).withdrawn = True
    printed = run_to_completion(resume(book, unfinished_batch.n))
    after = times(out)
    assert printed.documents == len(after) == MANY - 1
    assert after[changed] != times_before[changed]
    assert "新屋组1号" in pdf_reader.full_text(out / changed)
    assert [after[name] == times_before[name] for name in others] == [True] * len(others)
    assert unfinished_batches(book) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
def test_a_process_that_dies_is_a_sentence_and_costs_nothing(
    book: Workbook, household_ids: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "档案"
    task = print_to_path(book, ArchiveJob(household_ids, PARTS), out)
    run_until(task, 2)
    for process in _children():
        os.kill(process, signal.SIGKILL)
    with pytest.raises(UserError, match="继续打印"):
        run_to_completion(task)
    assert all(path.suffix == ".pdf" for path in out.iterdir())
    assert run_to_completion(resume(book, unfinished_batches(book)[0].n)).documents == MANY


def _children() -> list[int]:
    """Processes that print for this one."""
    import multiprocessing

    return [process.pid for process in multiprocessing.active_children() if process.pid]


@pytest.mark.usefixtures("cold_processes")
def test_no_key_stands_on_a_command_line(book: Workbook, household_ids: list[str], tmp_path: Path) -> None:
    if not Path("/proc").is_dir():
        pytest.skip("no /proc here")
    key = book.worker_access().key.hex()
    task = print_to_path(
        book, ArchiveJob(household_ids, PARTS), tmp_path / "档案", PrintOptions(password="青山绿水2018")
    )
    run_until(task, 1)
    for process in _children():
        for file in ("cmdline", "environ"):
            content = Path(f"/proc/{process}/{file}").read_bytes()
            assert key.encode() not in content
            assert "青山绿水".encode() not in content
            assert builders.PASSPHRASE.encode() not in content
    task.close()
    assert key not in repr(book.worker_access())


def test_a_locked_batch_asks_for_its_password_again(book: Workbook, household_ids: list[str], tmp_path: Path) -> None:
    out = tmp_path / "档案"
    task = print_to_path(book, ArchiveJob(household_ids, PARTS), out, PrintOptions(password="青山绿水2018"))
    run_until(task, 1)
    task.close()
    (unfinished_batch,) = unfinished_batches(book)
    assert unfinished_batch.encrypted
    with pytest.raises(UserError, match="密码"):
        run_to_completion(resume(book, unfinished_batch.n))
    run_to_completion(resume(book, unfinished_batch.n, PrintOptions(password="青山绿水2018")))
    for file in out.iterdir():
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(file)
        pikepdf.open(file, password="青山绿水2018").close()
    with book.reading() as session:
        row = session.scalars(select(PrintBatch)).one()
        assert "青山" not in json.dumps([row.choice, row.wanted, row.done], ensure_ascii=False)


def test_the_disk_is_full_for_a_process_too(
    book: Workbook, household_ids: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "档案"
    out.mkdir()
    for household in household_ids[:2]:
        (out / f"{household}.pdf.part").mkdir()  # nothing can be written under this name
    with pytest.raises(UserError, match="不能写到"):
        run_to_completion(print_to_path(book, ArchiveJob(household_ids, PARTS), out))
    assert not [path for path in out.iterdir() if path.is_file() and path.suffix != ".pdf"]


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot set itself a limit there")
def test_an_archive_that_takes_too_much_memory_is_named_and_the_others_are_printed(
    book: Workbook, household_ids: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jpeg = BytesIO()
    Image.new("RGB", (40, 30), "green").save(jpeg, "JPEG")
    remark = b"\xff\xfe\xff\xff" + bytes(0xFFFD)  # of the greatest length
    huge = jpeg.getvalue()[:2] + remark * 1600 + jpeg.getvalue()[2:]  # 100 MB
    with book.writing() as session:
        session.add(Picture(sha256="0" * 64, jpeg=huge))
        session.add(Photo(village=builders.VILLAGE.code, household_id=household_ids[1], content="0" * 64))
    monkeypatch.setattr(batch, "MOST_MEMORY", 300 << 20)
    out, job = tmp_path / "档案", ArchiveJob(household_ids, ["cover", "photographs"])
    with pytest.raises(
        UserError, match=r"陈卫国（下屋组）的档案太大，打印要用的内存超过 300 MB，没有印出。其余 11 户已打印好"
    ):
        run_to_completion(print_to_path(book, job, out))
    assert len(list(out.iterdir())) == MANY - 1


def test_a_batch_that_nobody_wants_any_more_is_forgotten(
    book: Workbook, household_ids: list[str], tmp_path: Path
) -> None:
    task = print_to_path(book, ArchiveJob(household_ids, PARTS), tmp_path / "档案")
    run_until(task, 1)
    task.close()
    dismiss(book, unfinished_batches(book)[0].n)
    assert unfinished_batches(book) == ()
    with pytest.raises(UserError, match="不在记录里"):
        run_to_completion(resume(book, 99))


def test_two_of_one_name_get_two_files(book: Workbook, household_ids: list[str], tmp_path: Path) -> None:
    with book.writing() as session:
        for household in household_ids:
            session.get(Household, household).household_no = "7"
    printed = run_to_completion(print_to_path(book, ArchiveJob(household_ids, ["cover"]), tmp_path / "档案"))
    assert len({file.name for file in printed.files}) == MANY == len(list((tmp_path / "档案").iterdir()))


def test_a_look_at_another_process_is_for_reading(book: Workbook) -> None:
    from sqlalchemy.exc import OperationalError

    from app.workbook.access import open_read_only

    with open_read_only(book.worker_access()) as other:
        with other.reading() as session:
            assert session.scalar(select(func.count()).select_from(Household)) == MANY
        with pytest.raises((OperationalError, UserError)), other.writing() as session:
            session.scalars(select(Household)).first().note = "x"


def test_as_many_processes_as_are_useful() -> None:
    assert batch.MAX_WORKERS == 2
