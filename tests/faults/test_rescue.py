"""A workbook with damaged pages: what is readable is rescued, the rest comes from colleagues."""

import random
import shutil

import pytest

from app.errors import CorruptFile, UserError, WrongPassphrase
from app.progress import run_to_completion
from app.sync import rescue
from app.workbook import access
from app.workbook.integrity import check_integrity
from db.schema.household import Household
from tests.app.sync.peers import all_records, edit_record, make_team, send
from tests.builders import PASSPHRASE, VILLAGE, household

PAGE = 4096
HOUSEHOLDS = 40
OWN = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """乙 has all of 甲's households; 甲 wrote a note afterwards that nobody has. Both are closed."""
    a, b = make_team(tmp_path_factory.mktemp("团队"), "甲", "乙")
    for start in range(1, HOUSEHOLDS, 10):
        with a.operation("新增") as session:
            for number in range(start, start + 10):
                household(session, number=number, note="甲记的" * 20)
    send(a, b), send(b, a)
    edit_record(a, OWN, address="后来写的")
    records = all_records(a)
    a.close(), b.close()
    return a.path, b.path, records


def damage(source, path, *pages):
    shutil.copy(source, path)
    with path.open("r+b") as file:
        for page in pages:
            file.seek(page * PAGE + 100)
            byte = file.read(1)
            file.seek(-1, 1)
            file.write(bytes([byte[0] ^ 1]))


def page_count(path):
    return path.stat().st_size // PAGE


@pytest.mark.parametrize("seed", [0, 2])
def test_everything_is_there_again_after_an_exchange(team, tmp_path, seed):
    source, colleague, records = team
    path, target, other = tmp_path / "坏.hdb", tmp_path / "新.hdb", tmp_path / "乙.hdb"
    count = page_count(source)  # its first pages tell what tables there are: those are the backups' to replace
    pages = random.Random(seed).sample(range(count - 50, count - 1), 3)
    damage(source, path, *pages)
    shutil.copy(colleague, other)
    before = path.read_bytes()
    report = run_to_completion(rescue.rescue(path, target, PASSPHRASE))
    assert path.read_bytes() == before
    assert report.pages == len(pages)
    rescued, b = access.unlock(target, PASSPHRASE), access.unlock(other, PASSPHRASE)
    b.operator = "乙"
    assert run_to_completion(check_integrity(rescued)) == []
    assert all("“石桥村 乙”那里有" in part.message for part in report.lost if part.holders)
    send(rescued, b), send(b, rescued)
    after = all_records(rescued)
    assert len(after["household"]) == HOUSEHOLDS
    lost = [row for row in records["household"] if row not in after["household"]]
    assert len(lost) <= 1  # only what nobody has and nothing shows any more
    assert after["member"] == records["member"]
    assert run_to_completion(check_integrity(rescued)) == []
    rescued.close(), b.close()


def test_a_whole_workbook_loses_nothing(team, tmp_path):
    source, _, records = team
    report = run_to_completion(rescue.rescue(source, tmp_path / "新.hdb", PASSPHRASE))
    assert (report.pages, report.lost, report.restated) == (0, (), 0)
    book = access.unlock(tmp_path / "新.hdb", PASSPHRASE)
    assert all_records(book) == records
    book.close()


def test_what_cannot_be_rescued_is_refused_and_nothing_is_left(team, tmp_path):
    source, _, _ = team
    path, target = tmp_path / "坏.hdb", tmp_path / "新.hdb"
    damage(source, path, 0)
    with pytest.raises(CorruptFile, match="抢救不了"):
        run_to_completion(rescue.rescue(path, target, PASSPHRASE))
    with pytest.raises(WrongPassphrase):
        run_to_completion(rescue.rescue(source, target, "不对的口令 2018"))
    with pytest.raises(UserError, match="已经存在"):
        run_to_completion(rescue.rescue(source, path, PASSPHRASE))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["坏.hdb"]
