"""A problem's photographs before and after: taken in once, paired, printed on its slips and on the list of pairs."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from app.errors import UserError
from app.printing.pipeline import preview as preview_report
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.records.draft import withdraw
from app.rectifications.problem_photos import add_problem_photo, problem_pictures
from app.rectifications.rectification import open_problem
from app.reports.parameters import ReportParameters
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.photo import Photo
from db.schema.rectification import Rectification
from tests import builders
from tests.pdf_reader import full_text, reader

TODAY = date(2018, 9, 20)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    with closing(builders.workbook(tmp_path)) as opened:
        yield opened


def picture(tmp_path: Path, color: str) -> Path:
    path = tmp_path / f"{color}.jpg"
    Image.new("RGB", (300, 200), color).save(path)
    return path


def printed(book: Workbook, name: str, **about: str) -> tuple[str, int]:
    """The text of a paper, and how many different pictures it shows."""
    job = ReportJob(name, [ReportParameters(today=TODAY, **about)])
    pdf = run_to_completion(preview_report(book, job))
    images = {image.data for page in reader(pdf).pages for image in page.images}
    return full_text(pdf), len(images)


def test_both_photographs_stand_side_by_side_on_paper(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        home = builders.household(session).id
    problem = open_problem(book, home, "旱厕脏", date(2018, 9, 3))
    other = open_problem(book, home, "没有照片的问题", date(2018, 9, 4))
    before = add_problem_photo(book, problem, picture(tmp_path, "brown"), "before")
    after = add_problem_photo(book, problem, picture(tmp_path, "white"), "after")
    assert add_problem_photo(book, other, picture(tmp_path, "brown"), "before") == before  # of the household already
    assert "添加整改前照片" in run_to_completion(undo(book))
    with book.reading() as session:
        assert session.get_one(Rectification, other).before_photo_id is None
        photos = {one.id: one for one in session.scalars(select(Photo))}
        assert (photos[before].kind, photos[after].kind, photos[after].before_id) == ("整治前", "整治后", before)
        shown = problem_pictures(session, problem, 100)
        assert shown.before
        assert shown.before != shown.after
    for name in ("rectification_closing", "rectification_notice"):
        text, images = printed(book, name, record=problem)
        assert "整改前照片" in text
        assert images == 2
    assert printed(book, "rectification_closing", record=other)[1] == 0
    text, images = printed(book, "rectification_photos")
    assert "2个问题，1个有照片" in text
    assert "没有照片的问题" not in text
    assert images == 2


def test_photographs_on_the_wrong_sides_change_them(book: Workbook, tmp_path: Path) -> None:
    with book.writing() as session:
        home = builders.household(session).id
    problem = open_problem(book, home, "旱厕脏", date(2018, 9, 3))
    white = add_problem_photo(book, problem, picture(tmp_path, "white"), "before")
    brown = add_problem_photo(book, problem, picture(tmp_path, "brown"), "after")
    add_problem_photo(book, problem, picture(tmp_path, "brown"), "before")
    add_problem_photo(book, problem, picture(tmp_path, "white"), "after")
    with book.reading() as session:
        photos = {one.id: (one.kind, one.before_id) for one in session.scalars(select(Photo))}
        assert not problem_pictures(session, "gone", 100).before
    assert photos == {brown: ("整治前", None), white: ("整治后", brown)}


def test_a_problem_of_the_village_has_photographs_too_and_what_is_none_is_refused(
    book: Workbook, tmp_path: Path
) -> None:
    with book.writing() as session:
        told = f"桥头垃圾，{builders.id_number()} 反映"
        session.add(Rectification(id="v", village=builders.VILLAGE.code, problem=told, found_on=TODAY))
    photo = add_problem_photo(book, "v", picture(tmp_path, "gray"), "before")
    with book.reading() as session:
        caption = session.get_one(Photo, photo).caption or ""
        assert caption.startswith("桥头垃圾")
        assert builders.id_number() not in caption, "a caption stands in lists as it is"
    assert printed(book, "rectification_photos")[1] == 1
    bad = tmp_path / "坏.jpg"
    bad.write_bytes(b"no picture")
    with pytest.raises(UserError, match="坏"):
        add_problem_photo(book, "v", bad, "after")
    withdraw(book, "rectification", "v")
    with pytest.raises(UserError, match="已不在台账里"):
        add_problem_photo(book, "v", picture(tmp_path, "white"), "after")
    with book.reading() as session:
        assert len(session.scalars(select(Photo)).all()) == 1
