"""What cannot be drawn is named before anything is written: characters, broken photographs, newer forms."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.__main__ import main
from app.forms.entries import create_entry, load_entry, save_entry
from app.printing.archive_job import ArchiveJob
from app.printing.batch import resume, unfinished_batches
from app.printing.pipeline import preview, print_on_device, print_to_path
from app.printing.print_job import PrintJob, PrintOptions
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.reports.parameters import ReportParameters
from app.reports.unprintable import UnprintableError
from app.workbook.workbook import Workbook
from db.schema.archive import ArchivePrint
from db.schema.exchange import AuditEntry, PackageLog, Peer
from db.schema.form import FormEntry, FormVersion
from db.schema.household import Household, Member
from db.schema.inspection import ChecklistVersion
from db.schema.photo import Photo, Picture
from db.schema.record import new_id
from db.schema.village import Village
from tests import builders, pdf_reader
from tests.app.conftest import SampleHouseholds
from tests.full_household import add_photo, add_rounds

RARE = "\U0002ebf0"  # of CJK Extension I, which no font here has
SUBSTITUTE = "〔U+2EBF0〕"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    new_workbook = builders.workbook(tmp_path)
    with new_workbook.writing() as session:
        for number in (1, 2):
            builders.household(session, 2, number=number)
    yield new_workbook
    new_workbook.close()


def refused(book: Workbook, job: PrintJob, out: Path) -> UnprintableError:
    """Print what must be refused; nothing may be left of it."""
    with pytest.raises(UnprintableError, match=r"U\+2EBF0") as error:
        run_to_completion(print_to_path(book, job, out))
    assert not out.exists()
    assert not list(out.parent.glob("*.part"))
    return error.value


def substituted(book: Workbook, job: PrintJob, out: Path) -> str:
    run_to_completion(print_to_path(book, job, out, PrintOptions(substitute_missing=True)))
    return pdf_reader.full_text(out)


def test_the_head_and_the_part_are_named(book: Workbook, household_ids: list[str], tmp_path: Path) -> None:
    with book.writing() as session:
        wife = select(Member).where(Member.household_id == household_ids[1], Member.relation == "配偶")
        session.scalars(wife).one().name = f"李{RARE}"
    job, out = ArchiveJob(household_ids), tmp_path / "x.pdf"
    error = refused(book, job, out)
    assert {missing.owner for missing in error.missing} == {"陈卫国"}
    assert {missing.characters for missing in error.missing} == {(RARE,)}
    assert all(f"李{RARE}" in missing.text for missing in error.missing)
    assert f"李{SUBSTITUTE}" in substituted(book, job, out)


@pytest.mark.parametrize("out", ["x.pdf", "folder"])
def test_the_name_of_the_village(book: Workbook, household_ids: list[str], tmp_path: Path, out: str) -> None:
    with book.writing() as session:
        session.scalars(select(Village)).one().name = f"青{RARE}村"
    error = refused(book, ArchiveJob(household_ids, ["cover"]), tmp_path / out)
    assert all(f"青{RARE}村" in missing.text for missing in error.missing)
    assert f"青{SUBSTITUTE}村" in substituted(book, ArchiveJob(household_ids), tmp_path / "y.pdf")


def test_an_answer_in_a_form(book: Workbook, household_ids: list[str], tmp_path: Path) -> None:
    entry_id = create_entry(book, "quarter_account", household_id=household_ids[0], day=date(2018, 9, 3))
    with book.reading() as session:
        draft = load_entry(session, entry_id)
    save_entry(book, draft.with_values(remark=f"盖房借{RARE}家两万元"))
    job, out = ArchiveJob(household_ids), tmp_path / "x.pdf"
    (missing,) = refused(book, job, out).missing
    assert (missing.owner, missing.place) == ("陈卫国", "收支台账")
    assert f"借{RARE}家" in missing.text
    assert f"盖房借{SUBSTITUTE}家两万元" in substituted(book, job, out)


def test_the_name_of_a_peer_on_a_receipt(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        session.add(Peer(sign_key="k", name=f"王{RARE}", role="", age_recipient="", trusted_at="2018-08-01T08:00:00"))
        log = {"way": "out", "at": "2018-08-10T09:30:00", "package": "p", "file_name": "a", "changes": 1}
        session.add(PackageLog(**log, peer="k", operator="王书记"))
        session.flush()
        number = session.scalars(select(PackageLog.n)).one()
    job, out = ReportJob("exchange_receipt", [ReportParameters(package=number)]), tmp_path / "回执.pdf"
    (missing,) = refused(book, job, out).missing
    assert (missing.owner, missing.place, missing.text) == ("数据交接回执", "第 1 页", f"王{RARE}")
    assert f"王{SUBSTITUTE}" in substituted(book, job, out)


def test_a_title_that_was_typed(book: Workbook, tmp_path: Path) -> None:
    job = ReportJob("notice", [ReportParameters(title=f"关于{RARE}的公示")])
    refused(book, job, tmp_path / "x.pdf")
    assert f"关于{SUBSTITUTE}的公示" in substituted(book, job, tmp_path / "x.pdf")


def test_what_is_not_printed_does_not_refuse(book: Workbook, household_ids: list[str], tmp_path: Path) -> None:
    with book.writing() as session:
        session.get(Household, household_ids[0]).situation = f"家住{RARE}旁"
    refused(book, ArchiveJob(household_ids), tmp_path / "x.pdf")
    printed = run_to_completion(print_to_path(book, ArchiveJob(household_ids, ["cover"]), tmp_path / "封面.pdf"))
    assert printed.documents == 2
    roster = ReportJob("signing_roster", [ReportParameters()])
    assert run_to_completion(print_to_path(book, roster, tmp_path / "签到.pdf")).pages == 1


def test_a_preview_shows_what_is_missing(book: Workbook, household_ids: list[str]) -> None:
    with book.writing() as session:
        session.get(Household, household_ids[0]).situation = f"家住{RARE}旁"
    assert SUBSTITUTE in pdf_reader.full_text(run_to_completion(preview(book, ArchiveJob(household_ids[:1]))))


def test_a_printer_does_not_begin(book: Workbook, household_ids: list[str]) -> None:
    with book.writing() as session:
        session.get(Household, household_ids[1]).situation = f"家住{RARE}旁"
    printed: list[bytes] = []

    def print_pages(pdf: bytes) -> Iterator[int]:
        printed.append(pdf)
        yield from range(1, len(pdf_reader.page_texts(pdf)) + 1)

    job = ArchiveJob(household_ids)
    with pytest.raises(UnprintableError):
        run_to_completion(print_on_device(book, job, print_pages))
    with book.reading() as session:
        assert session.scalars(select(ArchivePrint)).all() == []
    assert printed == []
    result = run_to_completion(print_on_device(book, job, print_pages, substitute_missing=True))
    assert (result.documents, len(printed)) == (2, 2)
    assert SUBSTITUTE in pdf_reader.full_text(printed[1])


def test_a_batch_prints_all_others_and_is_resumed_with_substitutes(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        ids = [builders.household(session, 1, number=n).id for n in range(1, 11)]
        session.get(Household, ids[4]).situation = f"家住{RARE}旁"
    out = tmp_path / "档案"
    with pytest.raises(UnprintableError, match="其余 9 户已打印好") as error:
        run_to_completion(print_to_path(book, ArchiveJob(ids, ["cover", "overview"]), out))
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert len(before) == 9
    assert all(name.endswith(".pdf") for name in before)
    (unfinished,) = unfinished_batches(book)
    assert (error.value.batch, unfinished.done, unfinished.total) == (unfinished.n, 9, 10)
    with pytest.raises(UnprintableError):
        run_to_completion(resume(book, unfinished.n))
    result = run_to_completion(resume(book, unfinished.n, PrintOptions(substitute_missing=True)))
    assert result.documents == 10
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()}.items() >= before.items()
    assert SUBSTITUTE in pdf_reader.full_text(result.files[4])
    assert unfinished_batches(book) == ()
    book.close()


NEWER_QUESTION = """title = "户情问卷"
about = "household"
repeats = "dated"
[[questions]]
key = "map"
label = "地块"
kind = "drawing"
"""


def break_photograph(book: Workbook, household_id: str, keep: int = 400) -> None:
    """Give a household a photograph of which only the beginning is there."""
    with book.writing() as session:
        add_photo(session, session.get_one(Household, household_id), 3)
        session.flush()
        photo = session.scalars(select(Photo).where(Photo.household_id == household_id)).one()
        picture = session.get_one(Picture, photo.content)
        picture.jpeg = picture.jpeg[:keep]


def fill_in_newer_form(book: Workbook, household_id: str) -> None:
    entry_id = create_entry(book, "quarter_account", household_id=household_id, day=date(2018, 9, 3))
    with book.writing() as session:
        entry = session.get_one(FormEntry, entry_id)
        version = FormVersion(
            id=new_id(), village=entry.village, code="quarter_account", title="户情问卷", text=NEWER_QUESTION
        )
        session.add(version)
        session.flush()
        entry.form_id = version.id


@pytest.mark.parametrize(
    ("spoil", "place", "told", "on_paper"),
    [
        (break_photograph, "照片页", "照片“2018-08-10 09:30 产业 入户走访时所拍”已损坏", "照片还没有收到或不能显示"),
        (fill_in_newer_form, "收支台账", "表单“户情问卷”是新版本的程序填写的", "没有印出：表单“户情问卷”是新版本"),
    ],
)
def test_what_is_broken_is_named_with_household_and_part(
    book: Workbook,
    household_ids: list[str],
    tmp_path: Path,
    spoil: Callable[[Workbook, str], None],
    place: str,
    told: str,
    on_paper: str,
) -> None:
    spoil(book, household_ids[1])
    job, out = ArchiveJob(household_ids), tmp_path / "x.pdf"
    with pytest.raises(UnprintableError, match=f"陈卫国：{place}的{told}") as error:
        run_to_completion(print_to_path(book, job, out))
    assert not list(tmp_path.glob("x.pdf*"))
    (missing,) = error.value.missing
    assert missing.characters == ()
    assert on_paper in substituted(book, job, out)


def test_a_batch_goes_on_whatever_one_household_has(tmp_path: Path) -> None:
    """A character, a cut photograph, a newer form, a newer checklist: four are named, the others are printed."""
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        ids = [builders.household(session, 1, number=n).id for n in range(1, 11)]
        session.get(Household, ids[0]).situation = f"家住{RARE}旁"
        add_rounds(session, session.get_one(Household, ids[3]), 1)
        session.scalars(select(ChecklistVersion)).one().text = 'title = "新的评分表"'
    break_photograph(book, ids[1])
    fill_in_newer_form(book, ids[2])
    out = tmp_path / "档案"
    with pytest.raises(UnprintableError, match="其余 6 户已打印好") as error:
        run_to_completion(print_to_path(book, ArchiveJob(ids), out))
    assert {one.place for one in error.value.missing} >= {"户情简介", "照片页", "收支台账", "四净两规范评分表"}
    assert len(list(out.iterdir())) == 6
    result = run_to_completion(resume(book, error.value.batch, PrintOptions(substitute_missing=True)))
    assert result.documents == 10
    assert "“2018年第1轮”的评分标准还没有收到，或是新版本的程序写的" in pdf_reader.full_text(result.files[3])
    book.close()


def test_a_command_says_what_it_did_not_print(
    book: Workbook, household_ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    break_photograph(book, household_ids[0])
    path, out = book.path, tmp_path / "x.pdf"
    book.close()
    command = ["archive", str(path), str(out), "--passphrase-file", str(tmp_path / "pass")]
    (tmp_path / "pass").write_text(builders.PASSPHRASE, encoding="utf-8")
    assert main(command) != 0
    assert "的照片“2018-08-10 09:30 产业 入户走访时所拍”已损坏" in capsys.readouterr().err
    assert not out.exists()
    assert main([*command, "--spell-missing"]) == 0
    assert out.exists()


def test_a_photograph_that_has_not_arrived_is_no_refusal(
    book: Workbook, household_ids: list[str], tmp_path: Path
) -> None:
    break_photograph(book, household_ids[0], keep=0)
    out = tmp_path / "x.pdf"
    run_to_completion(print_to_path(book, ArchiveJob(household_ids[:1]), out))
    assert "照片还没有收到" in pdf_reader.full_text(out)


def test_rare_names_that_fonts_have_are_not_refused(sample_households: SampleHouseholds, tmp_path: Path) -> None:
    job = ArchiveJob(sample_households.all_ids())
    assert run_to_completion(print_to_path(sample_households.workbook, job, tmp_path / "x.pdf")).documents > 1


def test_a_card_names_the_household_it_belongs_to(book: Workbook, household_ids: list[str], tmp_path: Path) -> None:
    with book.writing() as session:
        members = select(Member).where(Member.household_id == household_ids[1], Member.relation == "户主")
        session.scalars(members).one().name = f"周{RARE}"
    parameter_sets = [ReportParameters(households=(id,)) for id in household_ids]
    error = refused(book, ReportJob("answer_card", parameter_sets), tmp_path / "卡片")
    assert {missing.owner for missing in error.missing} == {f"周{RARE}答问卡（一户一页）"}


def test_cancelled_printing_is_logged_as_far_as_it_came(book: Workbook, household_ids: list[str]) -> None:
    task = print_on_device(book, ArchiveJob(household_ids, ["cover"]), lambda pdf: iter((1,)), substitute_missing=True)
    for progress in task:
        if progress.message == "正在打印第 1 页":
            break
    task.close()
    with book.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.what == "打印一户一档（纸质）"))
        assert entry.how_many == 1
        (record,) = session.scalars(select(ArchivePrint))
        assert record.household_id == household_ids[0]
