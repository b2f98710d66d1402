"""A folder of 500 pictures of a telephone is sorted within a minute on two cores, and says how far it is all the time.

Processor time, because machines are busy: two cores work on it. The pictures are JPEG of 12 megapixels; those of a few
scenes, each written many times with another time in its EXIF. HEIC is not drawn here, because nothing here writes it;
docs/decisions/0036-photo-intake.md has its measurements.
"""

import time
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from PIL import Image

from app.photo_intake.sorting import SortedPicture, sort_folder
from app.progress import Progress
from db.schema.aid import Visit
from db.schema.household import Household
from tests import builders

PICTURES, SCENES = 500, 4
SECONDS, CORES = 60, 2
MOST_SILENT = 2.0  # seconds of processor time between two words about how far it is
DAY = date(2018, 8, 10)
SIZE = (4032, 3024)
CODE = builders.VILLAGE.code


def scene(n: int) -> Image.Image:
    """Colours that change slowly with some grain, as large in a file as a telephone's."""
    chance = Random(n)
    colours = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3)).resize(SIZE, Image.Resampling.BICUBIC)
    grain = Image.frombytes("RGB", (1008, 756), chance.randbytes(1008 * 756 * 3)).resize(SIZE)
    return Image.blend(colours, grain, 0.12)


def fill(folder: Path) -> None:
    """Pictures of a day, half a minute apart."""
    moment = b"2018:08:10 00:00:00"
    exif = Image.Exif()
    exif[0x8769] = {0x9003: moment.decode()}
    for n in range(SCENES):
        scene(n).save(folder / "scene.jpg", quality=88, exif=exif.tobytes())
        content = (folder / "scene.jpg").read_bytes()
        for m in range(n, PICTURES, SCENES):
            taken = datetime(2018, 8, 10, 8) + timedelta(seconds=30 * m)
            told = taken.strftime("%Y:%m:%d %H:%M:%S").encode()
            (folder / f"IMG_{m:04}.jpg").write_bytes(content.replace(moment, told, 1))
    (folder / "scene.jpg").unlink()


def test_500_pictures_of_a_telephone_are_sorted_within_a_minute(tmp_path: Path) -> None:
    folder = tmp_path / "DCIM"
    folder.mkdir()
    fill(folder)
    megabytes = sum(path.stat().st_size for path in folder.iterdir()) / PICTURES / 2**20
    with closing(builders.workbook(tmp_path)) as book:
        with book.writing() as session:
            builders.household(session, members=1)
            session.add(
                Visit(
                    id="visit", village=CODE, household_id=Household.id_of(f"{CODE}001"), visited_on=DAY, visitors="甲",
                    started_at="08:00", ended_at="12:15",
                )
            )  # fmt: skip
        task, spent, gaps, told = sort_folder(book, folder), time.process_time(), [0.0], 0
        start = spent
        while True:
            try:
                told += isinstance(next(task), Progress)
            except StopIteration as stop:
                found: list[SortedPicture] = stop.value
                break
            gaps.append(time.process_time() - spent)
            spent += gaps[-1]
        took = time.process_time() - start
    print(f"\n{PICTURES} pictures of {megabytes:.1f} MB: {took:.0f} s of CPU, {took / CORES:.0f} s on {CORES} cores, "
          f"{told} words about it, {max(gaps):.1f} s apart at most")  # fmt: skip
    assert sum(one.target is not None and not one.doubt for one in found) == PICTURES
    assert told >= PICTURES
    assert max(gaps) <= MOST_SILENT
    assert took / CORES <= SECONDS
