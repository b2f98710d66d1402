"""Attachments are bound behind their part with pages that the table of contents counts; photographs in a grid."""

import io
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import pdfa
from PIL import Image
from sqlalchemy import select

from app.forms.entries import create_entry
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview
from app.progress import run_to_completion
from app.records.attachment import add_attachment
from app.records.attachment_owner import AttachmentOwner
from app.records.draft import withdraw
from app.records.household import household_details
from app.records.photo import add_photo
from app.reports.subject_choices import subject_choices
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.finance import SmallLoan
from db.schema.photo import Photo
from tests import builders, full_household
from tests.app.records.test_attachment import pdf_file
from tests.pdf_reader import corner_numbers, page_texts, reader

_APPLICATION, _REPORT, _CONTRACT = "申请书扫描件", "住房安全鉴定报告", "借款合同扫描件"
_LOAN = f"{1:032x}"


@dataclass(frozen=True)
class _Printed:
    book: Workbook
    household_id: str
    content: bytes
    before: str
    after: str


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Printed]:
    """The archive of a household with 60 photographs, of which two are a pair, and three attachments."""
    folder = tmp_path_factory.mktemp("book")
    book = builders.workbook(folder)
    with book.writing() as session:
        household_id = full_household.add_full_household(session, 1, photos=60).id
        before, after, *_ = session.scalars(select(Photo).where(Photo.kind == "产业").order_by(Photo.id))
        before.kind, before.taken_at = "整治前", "2018-07-01 08:00"
        after.kind, after.taken_at, after.before_id = "整治后", "2018-09-20 10:00", before.id
        pair = before.id, after.id
    for title, part, pages in ((_APPLICATION, "申请书", 2), (_REPORT, "住房安全", 3), ("感谢信", "", 1)):
        path = pdf_file(folder / f"{title}.pdf", pages, f"{pages} pages")
        run_to_completion(add_attachment(book, AttachmentOwner.household(household_id), path, part))
    with book.writing() as session:
        session.add(SmallLoan(id=_LOAN, village=builders.VILLAGE.code, household_id=household_id, bank="农商行"))
    contract = pdf_file(folder / f"{_CONTRACT}.pdf", 2, "contract")
    run_to_completion(add_attachment(book, AttachmentOwner("small_loan", _LOAN), contract))
    parts = (
        "cover", "contents", "application", "housing", "small_loan", "contact_card", "photographs", "attachments",
        "remarks",
    )  # fmt: skip
    content = run_to_completion(preview(book, ArchiveJob((household_id,), parts, "试印")))
    yield _Printed(book, household_id, content, *pair)
    book.close()


def test_the_contents_names_attachments_with_the_numbers_stamped_on_their_pages(printed: _Printed) -> None:
    texts, stamped = page_texts(printed.content), corner_numbers(printed.content)
    contents = re.sub(r"\s", "", "".join(texts[:4]))
    assert re.search(r"帮扶联系卡\d{8}\d+2份", contents)  # one is kept, one hangs in the house
    images = _pages_of_one_image(printed.content)
    numbers = [stamped[page] for page in images]
    assert len(numbers) == 8
    parts = {"申请书": _APPLICATION, "小额信贷": _CONTRACT, "住房安全": _REPORT, "照片页": "感谢信"}
    runs = [numbers[:2], numbers[2:4], numbers[4:7], numbers[7:]]
    for (part, title), run in zip(parts.items(), runs, strict=True):
        asked = run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}"
        assert re.search(rf"{part}.*{title}\d{{8}}{asked}", contents), f"{title}: {asked}"


def _pages_of_one_image(content: bytes) -> list[int]:
    """Pages whose figure is an attachment's page."""
    found = []
    for n, page in enumerate(reader(content).pages):
        images = list(page["/Resources"].get("/XObject", {}).values())
        if any(image.get_object().get("/Height", 0) > 2000 for image in images):
            found.append(n)
    return found


def test_the_file_is_pdfa_and_says_what_its_pictures_show(printed: _Printed) -> None:
    assert pdfa.validate_written(io.BytesIO(printed.content), "2b").findings == []
    with pikepdf.open(io.BytesIO(printed.content)) as document:
        told = {str(element.Alt) for element in document.objects if _is_figure(element)}
    assert {f"{_REPORT}，第 {n} 页，共 3 页" for n in (1, 2, 3)} <= told
    assert "照片：整治前，入户走访时所拍" in told
    assert "照片：全家照，入户走访时所拍" in told


def _is_figure(element: pikepdf.Object) -> bool:
    return isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/Figure" and "/Alt" in element


def test_sixty_photographs_need_at_most_fifteen_pages_and_pairs_come_first(printed: _Printed) -> None:
    texts = page_texts(printed.content)
    pages = [n for n, text in enumerate(texts) if re.search(r"第 \d+ 张", text)]
    assert len(pages) <= 15
    captions = "".join(texts[n] for n in pages)
    assert len(re.findall(r"第 \d+ 张", captions)) == 60
    assert re.search("第 1 张.整治前.*第 2 张.整治后.*2018年7月1日.*2018年9月20日", texts[pages[0]])


def test_wide_photographs_stand_in_twos_and_tall_ones_in_threes(printed: _Printed) -> None:
    """Each is as high as its place, whatever its shape."""
    rows = [row for page in _picture_rows(printed.content) for row in page]
    assert {round(height) for row in rows for _, height in row} == {56}
    in_a_row = {(width > height, len(row)) for row in rows for width, height in row}
    assert {(True, 2), (False, 3)} <= in_a_row
    assert (True, 3) not in in_a_row


def _picture_rows(content: bytes) -> Iterator[list[list[tuple[float, float]]]]:
    """The pages with photographs: width and height of each in millimetres, those of one row together."""
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            if "第 " in page.get_textpage().get_text_range() and "事由" in page.get_textpage().get_text_range():
                rows: dict[int, list[tuple[float, float]]] = {}
                for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
                    left, bottom, right, top = one.get_bounds()
                    rows.setdefault(round(top), []).append(((right - left) * 25.4 / 72, (top - bottom) * 25.4 / 72))
                yield list(rows.values())


def test_what_a_withdrawn_record_had_is_in_no_paper_until_it_comes_back(tmp_path: Path) -> None:
    """A visit, a filled-in form and a row of a register: their photographs and scans go with them."""
    with closing(builders.workbook(tmp_path)) as book:
        with book.writing() as session:
            household_id = builders.household(session, 2).id
            village = builders.VILLAGE.code
            session.add(Visit(id="a" * 32, village=village, household_id=household_id, visited_on=date(2018, 9, 3)))
            session.add(SmallLoan(id=_LOAN, village=village, household_id=household_id, bank="农商行"))
        for side, owner in ((40, {"visit_id": "a" * 32}), (50, {})):
            Image.new("RGB", (side, 30), "white").save(tmp_path / "a.png")
            add_photo(book, household_id, tmp_path / "a.png", caption=f"照片{side}", **owner)
        entry = create_entry(book, "consolidation_plan", household_id)
        for owner in (AttachmentOwner("small_loan", _LOAN), AttachmentOwner("form_entry", entry)):
            Image.new("RGB", (60, 40), "gray").save(tmp_path / "b.png")
            run_to_completion(add_attachment(book, owner, tmp_path / "b.png", "申请书", title=f"附于{owner.table}"))

        def printed_titles() -> set[str]:
            job = ArchiveJob((household_id,), ("contents", "application", "photographs"), "试印")
            text = "".join(page_texts(run_to_completion(preview(book, job))))
            return {title for title in ("照片40", "照片50", "附于small_loan", "附于form_entry") if title in text}

        def scans() -> int:
            with book.reading() as session:
                return len(subject_choices(session, "attachment"))

        whole = {"照片40", "照片50", "附于small_loan", "附于form_entry"}
        assert (printed_titles(), scans()) == (whole, 2)
        for table, id in (("visit", "a" * 32), ("small_loan", _LOAN), ("form_entry", entry)):
            withdraw(book, table, id)
        assert (printed_titles(), scans()) == ({"照片50"}, 0)
        with book.reading() as session:
            photos = household_details(session, household_id).photos
        assert [row.caption for row in photos if row.with_its_owner] == ["照片50"]
        assert len(photos) == 4
        for _ in range(3):
            run_to_completion(undo(book))
        assert (printed_titles(), scans()) == (whole, 2)
