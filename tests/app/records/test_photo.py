"""Photographs are taken in small, upright and without the place."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.errors import UserError, ValidationError
from app.progress import run_to_completion
from app.records.household import household_details
from app.records.photo import MAX_BYTES, add_photo, load_photo, thumbnail
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.photo import Photo, Picture
from tests import builders


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path)
    yield workbook
    workbook.close()


@pytest.fixture
def household_id(book: Workbook) -> str:
    with book.writing() as session:
        return builders.household(session, members=1).id


def _file(folder: Path, size: tuple[int, int] = (400, 300), name: str = "DSC001.JPG", **exif: object) -> Path:
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    data = image.getexif()
    data[0x0112] = exif.get("orientation", 1)
    if "taken" in exif:
        data.get_ifd(0x8769)[0x9003] = exif["taken"]
    data.get_ifd(0x8825)[1] = "N"
    data.get_ifd(0x8825)[2] = (30.0, 50.0, 1.0)
    image.save(folder / name, exif=data)
    return folder / name


def test_a_photo_hangs_on_its_household_with_the_time_it_was_taken(
    book: Workbook, household_id: str, tmp_path: Path
) -> None:
    file = _file(tmp_path, taken="2018:08:10 09:30:05")
    id = add_photo(book, household_id, file, "房屋外观", caption="门前")
    with book.reading() as session:
        (row,) = household_details(session, household_id).photos
        jpeg, small = load_photo(session, id), thumbnail(session, id, 100)
    assert (row.id, row.kind, row.taken_at, row.caption) == (id, "房屋外观", "2018-08-10 09:30", "门前")
    assert Image.open(io.BytesIO(jpeg)).size == (400, 300)
    assert Image.open(io.BytesIO(small)).size == (100, 75)


def test_the_place_and_all_metadata_are_gone_and_the_picture_is_upright(
    book: Workbook, household_id: str, tmp_path: Path
) -> None:
    id = add_photo(book, household_id, _file(tmp_path, orientation=6))
    with book.reading() as session:
        image = Image.open(io.BytesIO(load_photo(session, id)))
    assert dict(image.getexif()) == {}
    assert "exif" not in image.info
    assert image.size == (300, 400)
    upper_right, upper_left = image.getpixel((250, 50)), image.getpixel((50, 50))
    assert isinstance(upper_right, tuple)
    assert upper_right[1] < 80
    assert isinstance(upper_left, tuple)
    assert upper_left[1] > 200


def test_a_large_noisy_picture_becomes_small(book: Workbook, household_id: str, tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (2400, 1800), random.Random(1).randbytes(2400 * 1800 * 3))
    noise.save(tmp_path / "noise.png")
    id = add_photo(book, household_id, tmp_path / "noise.png")
    with book.reading() as session:
        jpeg = load_photo(session, id)
    assert 20_000 < len(jpeg) <= MAX_BYTES


def test_transparent_and_grey_pictures_become_white_paper(book: Workbook, household_id: str, tmp_path: Path) -> None:
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(tmp_path / "scan.png")
    id = add_photo(book, household_id, tmp_path / "scan.png")
    with book.reading() as session:
        image = Image.open(io.BytesIO(load_photo(session, id)))
    assert image.mode == "RGB"
    assert image.getpixel((10, 10)) == (255, 255, 255)


def test_the_same_picture_is_kept_once(book: Workbook, household_id: str, tmp_path: Path) -> None:
    file = _file(tmp_path)
    add_photo(book, household_id, file, "厨房")
    add_photo(book, household_id, file, "厕所")
    with book.reading() as session:
        assert (session.query(Picture).count(), session.query(Photo).count()) == (1, 2)


def test_laptops_that_add_one_picture_to_some_households_have_the_same_records(
    book: Workbook, household_id: str, tmp_path: Path
) -> None:
    with book.writing() as session:
        other = builders.household(session, members=1, number=2).id
    file = _file(tmp_path)
    first = [add_photo(book, id, file, "厨房") for id in (household_id, other)]
    for _ in range(2):
        run_to_completion(undo(book))
    again = [add_photo(book, id, file, "厨房") for id in (other, household_id)]
    assert again == first[::-1], "the id is of the household and the picture, whichever came first"


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut off"])
def test_what_is_no_picture_is_refused_and_nothing_is_kept(
    book: Workbook, household_id: str, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "x.jpg"
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"x\.jpg"):
        add_photo(book, household_id, file)
    with book.reading() as session:
        assert session.query(Photo).count() == 0


def test_a_picture_cut_short_is_said_to_be_incomplete(book: Workbook, household_id: str, tmp_path: Path) -> None:
    content = _file(tmp_path, (1200, 900)).read_bytes()
    (tmp_path / "half.jpg").write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match="没有复制完整"):
        add_photo(book, household_id, tmp_path / "half.jpg")


def test_a_picture_bomb_is_refused_before_it_is_unpacked(book: Workbook, household_id: str, tmp_path: Path) -> None:
    Image.new("1", (15000, 12000)).save(tmp_path / "bomb.png")
    with pytest.raises(UserError, match=r"bomb\.png"):
        add_photo(book, household_id, tmp_path / "bomb.png")


def test_an_unknown_kind_is_refused(book: Workbook, household_id: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="照片类别"):
        add_photo(book, household_id, _file(tmp_path), "风景")


def test_a_picture_that_has_not_arrived_is_empty(book: Workbook, household_id: str) -> None:
    with book.writing() as session:
        session.add(Photo(id="f" * 32, village=builders.VILLAGE.code, household_id=household_id, content="0" * 64))
    with book.reading() as session:
        assert (load_photo(session, "f" * 32), thumbnail(session, "f" * 32)) == (b"", b"")
