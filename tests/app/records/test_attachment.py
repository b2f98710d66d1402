"""Papers that came as PDF are kept as pictures of their pages, or refused with a sentence."""

import io
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from multiprocessing import active_children
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from app import pdf_process
from app.confined_process import COMPUTED_TOO_LONG
from app.errors import UserError
from app.picture_file import encode_jpeg
from app.progress import Progress, run_to_completion
from app.records.attachment import add_attachment
from app.records.attachment_owner import AttachmentOwner, attached_papers
from app.records.draft import withdraw
from app.records.household import household_details
from app.records.page_pictures import bind_pages, page_pictures
from app.records.photo import load_content, load_photo, thumbnail
from app.workbook.operations import list_operations, redo, undo
from app.workbook.workbook import Workbook
from db.schema.employment import PublicJob
from db.schema.finance import SmallLoan
from db.schema.household import Member
from db.schema.photo import Photo
from db.schema.project import VillageProject
from tests import builders

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path_factory.mktemp("book"))
    yield workbook
    workbook.close()


@pytest.fixture
def household_id(book: Workbook) -> str:
    with book.writing() as session:
        return builders.household(session, members=1, number=next(_NUMBERS)).id


def pdf_file(path: Path, pages: int = 2, text: str = "") -> Path:
    canvas = Canvas(str(path), pagesize=(595, 842))
    for n in range(pages):
        canvas.setFont("Helvetica", 40)
        canvas.drawString(80, 700, text or f"page {n + 1} of {path.stem}")
        canvas.showPage()
    canvas.save()
    return path


def _add(book: Workbook, household_id: str, path: Path, part: str = "住房安全") -> str:
    return run_to_completion(add_attachment(book, AttachmentOwner.household(household_id), path, part))


def test_a_pdf_is_kept_as_its_pages_and_once(book: Workbook, household_id: str, tmp_path: Path) -> None:
    path = pdf_file(tmp_path / "住房安全鉴定.pdf", 3)
    photo_id = _add(book, household_id, path)
    with book.reading() as session:
        photo = session.get_one(Photo, photo_id)
        pages = page_pictures(load_content(session, photo_id))
        assert (photo.caption, photo.pages, photo.archive_part) == ("住房安全鉴定", 3, "住房安全")
        assert load_photo(session, photo_id) == pages[0]
        assert Image.open(io.BytesIO(thumbnail(session, photo_id, 100))).size[1] == 100
    with Image.open(io.BytesIO(pages[1])) as image:
        assert image.format == "JPEG"
        assert image.mode == "L", "black on white needs no colours"
        assert abs(image.height - 2340) < 3, "200 dpi"
        assert image.getextrema()[0] < 50, "the text is there"
    with pytest.raises(UserError, match="已经添加过"):
        _add(book, household_id, path)


def test_it_is_undone_and_done_again_as_one(book: Workbook, household_id: str, tmp_path: Path) -> None:
    added = _add(book, household_id, pdf_file(tmp_path / "undone.pdf", 1))
    run_to_completion(undo(book))
    with book.reading() as session:
        assert not household_details(session, household_id).photos
    run_to_completion(redo(book))
    with book.reading() as session:
        assert [row.id for row in household_details(session, household_id).photos] == [added]
        assert load_photo(session, added)


def test_what_a_hostile_pdf_carries_does_not_come_along(book: Workbook, household_id: str, tmp_path: Path) -> None:
    pdf_file(tmp_path / "plain.pdf", 1)
    hostile = tmp_path / "hostile.pdf"
    with pikepdf.open(tmp_path / "plain.pdf") as document:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('HOSTILE')")
        document.Root.OpenAction = script
        document.pages[0].AA = pikepdf.Dictionary(O=script)
        document.attachments["HOSTILE.exe"] = b"MZ HOSTILE"
        document.docinfo["/Title"] = "HOSTILE"
        document.save(hostile, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert b"HOSTILE" in hostile.read_bytes()
    photo_id = _add(book, household_id, hostile)
    with book.reading() as session:
        content = load_content(session, photo_id)
    with pikepdf.open(io.BytesIO(content)) as document:
        assert set(document.Root.keys()) == {"/Type", "/Pages"}
        assert set(document.pages[0].keys()) <= {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
    assert b"HOSTILE" not in content
    assert b"JavaScript" not in content


def _locked(path: Path) -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path, encryption=pikepdf.Encryption(user="secret", owner="secret"))


def _empty(path: Path) -> None:
    with pikepdf.new() as document:
        document.save(path)


def _long(path: Path) -> None:
    with pikepdf.new() as document:
        for _ in range(2000):
            document.add_blank_page()
        document.save(path)


def _cut(path: Path) -> None:
    whole = pdf_file(path.with_suffix(".whole"), 1).read_bytes()
    path.write_bytes(whole[:200])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [(_locked, "口令"), (_empty, "一页也没有"), (_long, "有 2000 页，一份附件最多 100 页"), (_cut, "没有复制完整")],
)
def test_a_paper_that_cannot_be_taken_is_a_sentence_and_nothing_is_written(
    book: Workbook, household_id: str, tmp_path: Path, make: object, sentence: str
) -> None:
    path = tmp_path / "材料.pdf"
    make(path)  # type: ignore[operator]
    with pytest.raises(UserError, match=f"“材料.pdf”.*{sentence}"):
        _add(book, household_id, path)
    with book.reading() as session:
        assert not session.scalars(select(Photo).where(Photo.household_id == household_id)).all()


def test_cancelling_half_way_leaves_nothing(book: Workbook, household_id: str, tmp_path: Path) -> None:
    task = add_attachment(book, AttachmentOwner.household(household_id), pdf_file(tmp_path / "long.pdf", 5))
    assert Progress(2, 5, "long.pdf") in task  # read so far, and no further
    task.close()
    with book.reading() as session:
        assert not session.scalars(select(Photo).where(Photo.household_id == household_id)).all()


def test_a_page_that_takes_long_can_be_broken_off(book: Workbook, household_id: str, tmp_path: Path) -> None:
    with pikepdf.new() as document:
        drawn = document.make_indirect(_form(document, b"0 0 595 842 re f"))
        for _ in range(7):  # ten million rectangles
            inner = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=drawn))
            drawn = document.make_indirect(_form(document, b"/F Do " * 10, inner))
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=drawn))
        page.Contents = document.make_stream(b"/F Do")
        document.save(tmp_path / "slow.pdf")
    task = add_attachment(book, AttachmentOwner.household(household_id), tmp_path / "slow.pdf")
    waiting = Progress(0, 1, "slow.pdf")
    assert waiting in task
    assert [next(task), next(task)] == [waiting] * 2, "it asks again and again while the page is drawn"
    if sys.platform == "linux":
        (drawing,) = (one for one in active_children() if one.name == "draw-pdf")
        assert limit_of_memory(drawing.pid) == 600 << 20
    task.close()


def limit_of_memory(process: int | None) -> int:
    """Bytes that a process may write to, as the kernel holds it."""
    limits = Path(f"/proc/{process}/limits").read_text()
    return int(limits.partition("Max data size")[2].split()[0])


@pytest.mark.skipif(sys.platform != "linux", reason="no such limit")
def test_what_asks_for_more_memory_than_it_may_have_is_refused() -> None:
    asks = "from app.confined_process import confine_process; confine_process(300 << 20); bytes(200 << 20); print(1)"
    ran = subprocess.run([sys.executable, "-c", f"{asks}; bytes(400 << 20)"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "1\n", ""), "and says nothing on the officer's terminal"


def test_a_page_that_ends_the_process_is_a_sentence(book: Workbook, household_id: str, tmp_path: Path) -> None:
    task = add_attachment(book, AttachmentOwner.household(household_id), pdf_file(tmp_path / "heavy.pdf", 30))
    assert Progress(1, 30, "heavy.pdf") in task
    (drawing,) = (one for one in active_children() if one.name == "draw-pdf")
    drawing.kill()  # as the kernel does, or pdfium by itself, where there is no memory
    with pytest.raises(UserError, match=r"“heavy\.pdf”的页面太复杂，画不出来"):
        run_to_completion(task)


def test_a_file_that_computes_too_long_is_not_called_damaged(
    book: Workbook, household_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_process, "_COMPUTING", 0.0)
    with pytest.raises(UserError, match=r"“deep\.pdf”的页面太复杂，画不出来"):
        _add(book, household_id, pdf_file(tmp_path / "deep.pdf"))


def test_only_what_computes_uses_up_its_time() -> None:
    begins = "import time; from app.confined_process import ComputingTime; ComputingTime(0.3)"
    waits = subprocess.run([sys.executable, "-c", f"{begins}; time.sleep(1.5)"])
    computes = subprocess.run([sys.executable, "-c", f"{begins}\nwhile True: pass"])
    assert (waits.returncode, computes.returncode) == (0, COMPUTED_TOO_LONG)


def _form(document: pikepdf.Pdf, content: bytes, resources: pikepdf.Dictionary | None = None) -> pikepdf.Stream:
    form = pikepdf.Stream(
        document, content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 595, 842]
    )
    form.Resources = resources or pikepdf.Dictionary()
    return form


def test_two_laptops_that_add_one_paper_have_one_record_of_it(
    book: Workbook, household_id: str, tmp_path: Path
) -> None:
    path = pdf_file(tmp_path / "shared.pdf", 1)
    added = _add(book, household_id, path)
    run_to_completion(undo(book))
    assert _add(book, household_id, path) == added, "the id is of the household and the paper"
    withdraw(book, "photo", added)
    assert _add(book, household_id, path) != added, "what was withdrawn stays so, and does not stand in the way"


def test_a_paper_belongs_to_a_row_and_goes_with_it(book: Workbook, household_id: str, tmp_path: Path) -> None:
    joined, loan, job, project = (f"{next(_NUMBERS):032x}" for _ in range(4))
    with book.writing() as session:
        about = {"village": builders.VILLAGE.code}
        member = session.scalars(select(Member.id).where(Member.household_id == household_id)).one()
        session.add(SmallLoan(id=loan, **about, household_id=household_id, bank="农商行"))
        session.add(SmallLoan(id=joined, **about, household_id=household_id, bank="农商行"))
        session.add(PublicJob(id=job, **about, member_id=member, kind="保洁员"))
        session.add(VillageProject(id=project, **about, name="茶叶加工厂"))
    path = pdf_file(tmp_path / "合同.pdf", 1)
    named = (("small_loan", joined), ("public_job", job), ("village_project", project))
    owners = [AttachmentOwner(table, id) for table, id in named]
    added = [run_to_completion(add_attachment(book, owner, path)) for owner in owners]
    with book.writing() as session:
        session.get_one(SmallLoan, joined).merged_into = loan
        session.add(Photo(**about, about_table="public_job", about_id=job, kind="现场", content="0" * 64))
    with book.reading() as session:
        kept = [session.get_one(Photo, id) for id in added]
        assert [one.household_id for one in kept] == [household_id, household_id, None]
        assert {one.content for one in kept} == {kept[0].content}, "the paper itself is there once"
        assert [one.id for one in attached_papers(session, AttachmentOwner("small_loan", loan))] == added[:1], "joined"
        (paper,) = attached_papers(session, owners[2])
        assert (paper.title, paper.pages) == ("合同", 1)
        picture, paper = attached_papers(session, owners[1])
        assert (picture.title, picture.pages, paper.title, paper.pages) == ("现场", 0, "合同", 1)
    with pytest.raises(UserError, match="已经添加过"):
        run_to_completion(add_attachment(book, owners[1], path))
    withdraw(book, "public_job", job)
    with pytest.raises(UserError, match="已不在名单里"):
        run_to_completion(add_attachment(book, owners[1], pdf_file(tmp_path / "b.pdf", 1)))


def test_the_number_of_a_person_in_the_name_of_a_file_is_masked(
    book: Workbook, household_id: str, tmp_path: Path
) -> None:
    path = pdf_file(tmp_path / "陈小燕 340828199001011233.pdf", 1)
    added = _add(book, household_id, path)
    with book.reading() as session:
        assert session.get_one(Photo, added).caption == "陈小燕 340828********1233"
        assert "340828********1233" in list_operations(session)[0].title


def test_a_paper_that_is_a_thin_strip_is_kept(book: Workbook, household_id: str, tmp_path: Path) -> None:
    Image.new("RGB", (3000, 6), "white").save(tmp_path / "strip.png")
    added = _add(book, household_id, tmp_path / "strip.png")
    with book.reading() as session:
        assert Image.open(io.BytesIO(load_photo(session, added))).width == 2340


def test_what_a_package_brought_as_a_scan_is_no_more_than_its_pictures() -> None:
    pages = [encode_jpeg(Image.new("RGB", (30, 40), colour), 75) for colour in ("red", "blue")]
    scan = bind_pages(pages)
    assert page_pictures(scan) == tuple(pages)
    assert page_pictures(scan[: scan.index(pages[1]) + 50]) == (), "cut off"
    with pikepdf.open(io.BytesIO(scan)) as document:
        document.save(packed := io.BytesIO(), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    unreadable = packed.getvalue().replace(b"/ObjStm", b"/Broken")
    assert page_pictures(unreadable) == tuple(pages), "what surrounds them, and could inflate to gigabytes, is not read"
