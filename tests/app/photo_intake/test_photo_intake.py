"""A folder of a telephone: sorted by card and by time, confirmed, taken in as one operation."""

import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
import segno
from PIL import Image

from app import heic_process
from app.errors import UserError
from app.photo_intake import scanning
from app.photo_intake.cards import card_text
from app.photo_intake.scanning import picture_files
from app.photo_intake.sorting import SortedPicture, household_targets, sort_folder
from app.photo_intake.taking_in import ChosenPhoto, take_in
from app.picture_file import MAX_PIXELS, PICTURE_SUFFIXES
from app.printing.verify import verify
from app.progress import run_to_completion
from app.records.photo import prepare_photo
from app.sync.card_qr import card_from_image
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.household import Household
from db.schema.photo import Photo
from tests import builders

CODE = builders.VILLAGE.code
DAY = date(2018, 8, 10)  # on which tests/data/telephone.heic was taken, at 9:35
FIRST, SECOND, THIRD = (Household.id_of(f"{CODE}{n:03}") for n in (1, 2, 3))
HEIC = Path(__file__).parents[2] / "data" / "telephone.heic"
LARGE_HEIC = HEIC.with_name("forty-eight-megapixels.heic")  # of one colour


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """Two visits on the day, at half past nine and at eleven, and a third household that nobody went to."""
    with closing(builders.workbook(tmp_path)) as opened:
        with opened.writing() as session:
            for n in (1, 2, 3):
                builders.household(session, members=1, number=n)
            for id, household, begins, ends in (("early", FIRST, "09:20", "09:50"), ("late", SECOND, "11:00", "11:30")):
                session.add(
                    Visit(
                        id=id, village=CODE, household_id=household, visited_on=DAY, visitors="王书记",
                        started_at=begins, ended_at=ends,
                    )
                )  # fmt: skip
        yield opened


def picture(folder: Path, name: str, clock: str, day: str = "2018:08:10", image: Image.Image | None = None) -> None:
    """A photograph taken at a time of day; without one where `clock` is ""."""
    exif = Image.Exif()
    if clock:
        exif[0x8769] = {0x9003: f"{day} {clock}:00"}
    shade = len(list(folder.glob("*"))) * 20  # so that no two are the same
    (image or Image.new("RGB", (400, 300), (shade, 90, 120))).save(folder / name, exif=exif.tobytes())


def card(household_id: str) -> Image.Image:
    """The card of a household in somebody's hand: small, tilted, not in the middle."""
    matrix = segno.make(card_text(household_id), error="q", micro=False).matrix
    code = Image.new("L", (len(matrix[0]) + 8, len(matrix) + 8), 255)
    for y, row in enumerate(matrix):
        for x, module in enumerate(row):
            code.putpixel((x + 4, y + 4), 0 if module else 255)
    scene = Image.new("RGB", (1600, 1200), "gray")
    scene.paste(code.resize((code.width * 7, code.height * 7), Image.Resampling.NEAREST).convert("RGB"), (250, 300))
    return scene.rotate(8, fillcolor="gray")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "DCIM"
    folder.mkdir()
    shutil.copy(HEIC, folder / "a.heic")  # within the first visit
    picture(folder, "b.jpg", "11:45")  # a quarter of an hour after the second
    picture(folder, "c.png", "14:00")  # near none
    picture(folder, "d.jpg", "15:00", image=card(THIRD))
    picture(folder, "e.jpg", "15:01")  # after the card of a household without a visit
    picture(folder, "f.jpg", "", "")
    picture(folder, "g.jpg", "10:00", "2018:08:12")
    (folder / "cut.heic").write_bytes(HEIC.read_bytes()[:300])
    (folder / "letter.jpg").write_text("这不是照片", encoding="utf-8")
    return folder


def sorted_by_name(book: Workbook, folder: Path) -> dict[str, SortedPicture]:
    return {one.picture.path.name: one for one in run_to_completion(sort_folder(book, folder))}


def test_each_picture_has_its_proposal_or_its_doubt(book: Workbook, folder: Path) -> None:
    found = sorted_by_name(book, folder)
    went = {name: one.target and (one.target.household_id, one.target.visit_id) for name, one in found.items()}
    assert went == {
        "a.heic": (FIRST, "early"), "b.jpg": (SECOND, "late"), "c.png": None, "d.jpg": (THIRD, ""),
        "e.jpg": (THIRD, ""), "f.jpg": None, "g.jpg": None, "cut.heic": None, "letter.jpg": None,
    }  # fmt: skip
    assert (found["a.heic"].doubt, found["a.heic"].kind, found["b.jpg"].doubt) == ("", "走访", "")
    assert found["c.png"].doubt == "当天有 2 次走访或检查，时间对不上，请选。"
    assert [one.visit_id for one in found["c.png"].choices] == ["early", "late"]
    assert found["d.jpg"].picture.card == THIRD
    assert not found["d.jpg"].is_photo
    assert found["e.jpg"].doubt == "这一天没有这一户的走访或检查，只收到户里。"
    assert found["f.jpg"].doubt == "照片里没有拍摄时间，请选户。"
    assert found["g.jpg"].doubt == "2018-08-12 没有走访或检查，请选户。"
    for name in ("cut.heic", "letter.jpg"):
        assert found[name].doubt == f"“{name}”不是能用的照片，或没有复制完整。请选 JPG、PNG 或苹果手机的 HEIC。"


def test_what_is_chosen_comes_in_at_once_and_goes_as_one(book: Workbook, folder: Path) -> None:
    found = sorted_by_name(book, folder)
    chosen = [ChosenPhoto(one.picture.path, one.target, one.kind) for one in found.values() if one.target]
    result = run_to_completion(take_in(book, [*chosen, ChosenPhoto(folder / "letter.jpg", chosen[0].target)]))
    assert (result.added, result.already, len(result.refusals)) == (4, 0, 1)
    again = run_to_completion(take_in(book, chosen))
    assert (again.added, again.already) == (0, 4)
    with book.reading() as session:
        photo = session.query(Photo).filter(Photo.visit_id == "early").one()
        assert (photo.household_id, photo.kind, photo.taken_at) == (FIRST, "走访", "2018-08-10 09:35")
    run_to_completion(undo(book))
    with book.reading() as session:
        assert session.query(Photo).filter(~Photo.withdrawn).count() == 0


def test_cancelling_leaves_nothing(book: Workbook, folder: Path) -> None:
    found = sorted_by_name(book, folder)
    chosen = [ChosenPhoto(one.picture.path, one.target) for one in found.values() if one.target]
    task = take_in(book, chosen)
    for _ in range(3):
        next(task)
    task.close()
    with book.reading() as session:
        assert session.query(Photo).count() == 0


def test_a_household_that_an_officer_chooses_gets_its_visit_of_the_day(book: Workbook) -> None:
    with book.reading() as session:
        targets = household_targets(session, FIRST, [DAY, date(2018, 8, 12), None])
    assert [targets[day].visit_id for day in (DAY, date(2018, 8, 12), None)] == ["early", "", ""]
    assert {target.household_id for target in targets.values()} == {FIRST}


def test_two_visits_at_one_time_are_doubted(book: Workbook, folder: Path) -> None:
    with book.writing() as session:
        session.add(
            Visit(
                village=CODE,
                household_id=SECOND,
                visited_on=DAY,
                visitors="汪明远",
                started_at="09:30",
                ended_at="10:00",
            )
        )
    assert sorted_by_name(book, folder)["a.heic"].doubt == "同一时间还有别的走访，请核对。"


def test_a_visit_whose_time_makes_no_sense_has_none(book: Workbook, folder: Path) -> None:
    with book.writing() as session:
        session.get_one(Visit, "early").started_at = "九点半"
        session.get_one(Visit, "early").ended_at = "25:00"
    found = sorted_by_name(book, folder)["a.heic"]
    assert found.target is None
    assert {one.visit_id for one in found.choices} == {"early", "late"}


def test_nothing_is_proposed_for_a_household_that_was_withdrawn(book: Workbook, folder: Path) -> None:
    with book.writing() as session:
        session.get_one(Household, FIRST).withdrawn = True
    found = sorted_by_name(book, folder)["a.heic"]
    assert found.target is None
    assert [one.household_id for one in found.choices] == [SECOND]


@pytest.mark.parametrize("suffix", PICTURE_SUFFIXES)
def test_every_kind_of_picture_that_is_looked_for_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"照片{suffix.upper()}"
    if suffix in (".heic", ".heif"):
        shutil.copy(HEIC, path)
    else:
        Image.new("RGB", (40, 30), "red").save(path)
    assert run_to_completion(picture_files(tmp_path)) == [path]
    assert prepare_photo(path).jpeg


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "信.txt").touch()
    with pytest.raises(UserError, match="没有照片（JPG、PNG、HEIC）"):
        run_to_completion(picture_files(tmp_path))
    with pytest.raises(UserError):
        run_to_completion(picture_files(tmp_path / "没有"))


def test_a_whole_disk_is_refused_before_it_is_read_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(9):
        (tmp_path / f"{n}.jpg").touch()
    monkeypatch.setattr(scanning, "MOST_FILES", 4)
    monkeypatch.setattr(scanning, "_LOOKED_AT", 1)
    task = picture_files(tmp_path)
    with pytest.raises(UserError, match="超过 4 张"):
        for looked_at, _ in enumerate(task):  # noqa: B007
            pass
    assert looked_at == 4
    stopped = picture_files(tmp_path)
    next(stopped)
    stopped.close()


def test_postscript_that_is_called_a_photograph_starts_no_program(
    book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pillow would hand it to Ghostscript; one such file must not stop the others either."""
    programs, pictures, started = tmp_path / "bin", tmp_path / "照片", tmp_path / "started"
    programs.mkdir()
    pictures.mkdir()
    for name in ("gs", "gs.bat"):
        (programs / name).write_text(f"#!/bin/sh\ntouch '{started}'\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    script = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\nshowpage\n%%EOF\n"
    (pictures / "坏.jpg").write_text(script)
    picture(pictures, "好.jpg", "09:30")
    found = {one.picture.path.stem: one for one in run_to_completion(sort_folder(book, pictures))}
    assert found["坏"].picture.refusal.startswith("“坏.jpg”不是能用的照片")
    target = found["好"].target
    assert target is not None
    result = run_to_completion(take_in(book, [ChosenPhoto(one.picture.path, target) for one in found.values()]))
    assert (result.added, len(result.refusals)) == (1, 1)
    with pytest.raises(UserError, match="不是能用的图片"):
        card_from_image(pictures / "坏.jpg")
    with pytest.raises(UserError, match="不是照片"):
        run_to_completion(verify(book, pictures / "坏.jpg"))
    assert not started.exists()


def test_a_header_that_kills_the_decoder_costs_that_picture_alone(tmp_path: Path) -> None:
    deadly = bytearray(HEIC.read_bytes())
    deadly[179] = 0xFF  # found by altering bytes: libheif reads past what it has
    (tmp_path / "deadly.heic").write_bytes(deadly)
    shutil.copy(HEIC, tmp_path / "good.heic")
    with pytest.raises(UserError, match=r"deadly\.heic”不是能用的照片"):
        prepare_photo(tmp_path / "deadly.heic")
    assert prepare_photo(tmp_path / "good.heic").taken_at == "2018-08-10 09:35"


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot set itself a limit there")
def test_a_picture_that_takes_too_much_memory_is_a_sentence_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the largest pictures of telephones need is allowed."""
    with heic_process.open_heic(LARGE_HEIC, MAX_PIXELS) as image:
        assert image.size == (8064, 6048)
    monkeypatch.setattr(heic_process, "_MOST_MEMORY", 300 << 20)
    with ThreadPoolExecutor(1) as thread:  # it keeps its process from one picture to the next
        with pytest.raises(UserError, match=r"megapixels\.heic”太大，解码要用的内存超过 300 MB。请在手机上改存为 JPG"):
            thread.submit(prepare_photo, LARGE_HEIC).result()
        assert thread.submit(prepare_photo, HEIC).result().jpeg


def test_a_photograph_whose_exif_makes_no_sense_is_taken_in_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x0132] = 6, "2018:08:10 09:30:00"
    damaged = exif.tobytes().replace(b"\x01\x32\x00\x02", b"\x01\x00\x00\x02")  # the width of the picture is a text
    assert damaged != exif.tobytes()
    Image.new("RGB", (400, 300)).save(tmp_path / "a.jpg", exif=damaged)
    (scanned,) = run_to_completion(scanning.scan([tmp_path / "a.jpg"]))
    with Image.open(BytesIO(scanned.thumbnail)) as small:
        assert small.height > small.width
    assert prepare_photo(tmp_path / "a.jpg").jpeg


def test_earliest_first(book: Workbook, folder: Path) -> None:
    times = [one.picture.taken_at for one in run_to_completion(sort_folder(book, folder))]
    known = [one for one in times if one]
    assert known == sorted(known)
    assert times[len(known) :] == [None] * 3
    assert known[0] == datetime(2018, 8, 10, 9, 35)
