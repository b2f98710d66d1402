"""A workbook with damaged pages: what is readable is rescued, the rest comes from colleagues."""

import random
import shutil

import pytest
from sqlalchemy import text

from app.errors import CorruptFile, NotPermitted, UserError, WrongPassphrase
from app.progress import run_to_completion
from app.sync import compaction, peers, rescue
from app.workbook import access
from app.workbook.integrity import check_integrity
from app.workbook.keyring import TEST_COST
from app.workbook.roles import ENTRY, OWNER, READER
from db.schema.household import Household
from tests.app.records.test_household_merge import merge_households
from tests.app.sync.peers import all_records, edit_record, make_team, send
from tests.builders import PASSPHRASE, VILLAGE, copied_tables, household, workbook

pytestmark = pytest.mark.usefixtures("cheap_tables")
PAGE = 4096
HOUSEHOLDS = 40
OWN = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture
def cheap_tables():
    with copied_tables():
        yield


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


def root_page(path, table):
    """The first page of a table, counted from 0."""
    book = access.unlock(shutil.copy(path, path.with_name("页.hdb")), PASSPHRASE)
    with book.reading() as session:
        page = session.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = :table"), {"table": table})
    book.close()
    return page - 1


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


@pytest.mark.parametrize("holders", [(), ("石桥村 乙",)])
def test_who_has_what_is_missing_is_told_with_what_to_do(tmp_path, holders):
    lost = (rescue.LostPart("石桥村", "“石桥村 甲”", 7, 9, holders),)
    told = rescue.RescueReport(tmp_path / "新.hdb", 2, 40, lost, restated=0, is_new_card=False).message
    assert "新.hdb”：2 页坏了，读出 40 条修改。缺：石桥村由“石桥村 甲”写的第 7—9 条修改" in told
    assert ("没有哪位同事有" in told, "给他们各导出一个包" in told) == (not holders, bool(holders))


def test_a_whole_workbook_loses_nothing(team, tmp_path):
    source, _, records = team
    report = run_to_completion(rescue.rescue(source, tmp_path / "新.hdb", PASSPHRASE))
    assert (report.pages, report.lost, report.restated) == (0, (), 0)
    book = access.unlock(tmp_path / "新.hdb", PASSPHRASE)
    assert all_records(book) == records
    book.close()


def test_a_folded_history_loses_nothing(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
    for note in "一二三":
        edit_record(book, OWN, note=note)
    assert run_to_completion(compaction.compact(book)).changes == 2
    records = all_records(book)
    book.close()
    report = run_to_completion(rescue.rescue(book.path, tmp_path / "新.hdb", PASSPHRASE))
    assert (report.lost, report.restated) == ((), 0)
    rescued = access.unlock(tmp_path / "新.hdb", PASSPHRASE)
    assert all_records(rescued) == records
    assert run_to_completion(check_integrity(rescued)) == []
    rescued.close()


def test_what_a_colleague_will_send_is_not_written_anew(tmp_path):
    """Of 乙's stream the first change is lost, of 甲's own the last: only 甲's has nobody else."""
    a, b = make_team(tmp_path, "甲", "乙")
    ids = {}
    for book, numbers in ((b, (6, 7)), (a, (8,))):
        for number in numbers:
            with book.writing() as session:
                ids[number] = household(session, members=0, number=number).id
        if book is b:
            send(b, a)
    with a.logging() as session:
        session.execute(text("DELETE FROM change WHERE row_id IN (:six, :eight)"), {"six": ids[6], "eight": ids[8]})
    a.close()
    report = run_to_completion(rescue.rescue(a.path, tmp_path / "新.hdb", PASSPHRASE))
    assert {part.holders for part in report.lost} == {(), ("石桥村 乙",)}
    rescued = access.unlock(tmp_path / "新.hdb", PASSPHRASE)
    assert [row[0] for row in all_records(rescued)["household"]] == [f"{VILLAGE.code}00{n}" for n in (8, 6)]
    send(rescued, b), send(b, rescued)
    assert all_records(rescued) == all_records(b)
    for book in (rescued, b):
        assert run_to_completion(check_integrity(book)) == []
        book.close()


def test_people_of_a_merged_household_stay_with_the_one_that_is_kept(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        kept, given_up = (household(session, number=number).id for number in (1, 2))
    merge_households(book, kept, given_up)
    records = all_records(book)
    book.close()
    report = run_to_completion(rescue.rescue(book.path, tmp_path / "新.hdb", PASSPHRASE))
    rescued = access.unlock(tmp_path / "新.hdb", PASSPHRASE)
    assert report.restated == 0
    assert all_records(rescued) == records
    assert run_to_completion(check_integrity(rescued)) == []
    rescued.close()


def test_what_cannot_be_rescued_is_refused_and_nothing_is_left(team, tmp_path):
    source, _, _ = team
    path, target = tmp_path / "坏.hdb", tmp_path / "新.hdb"
    damage(source, path, 0)
    with pytest.raises(CorruptFile, match="抢救不了"):
        run_to_completion(rescue.rescue(path, target, PASSPHRASE))
    with pytest.raises(WrongPassphrase):
        run_to_completion(rescue.rescue(source, target, "不对的口令 2018"))
    damage(source, path, root_page(source, "stream"))
    with pytest.raises(CorruptFile, match="抢救不了"):
        run_to_completion(rescue.rescue(path, target, PASSPHRASE))
    with pytest.raises(UserError, match="已经存在"):
        run_to_completion(rescue.rescue(source, path, PASSPHRASE))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["坏.hdb"]


def test_changes_of_which_nobody_knows_whose_they_are_count_as_lost(team, tmp_path):
    source, _, _ = team
    path, target = tmp_path / "坏.hdb", tmp_path / "新.hdb"
    shutil.copy(source, path)
    book = access.unlock(path, PASSPHRASE)
    with book.writing() as session:
        household(session, number=HOUSEHOLDS + 1)  # of another stream: the file was copied
        session.get_one(Household, OWN).merged_into = Household.id_of(f"{VILLAGE.code}002")  # which stands behind it
    records = all_records(book)
    with book.logging() as session:
        session.execute(text("DELETE FROM stream WHERE replica <> :own"), {"own": book.replica})
    book.close()
    report = run_to_completion(rescue.rescue(path, target, PASSPHRASE))
    assert ("某村", 1) in [(one.village, one.first) for one in report.lost]
    assert "没有缺少修改" not in report.message
    rescued = access.unlock(target, PASSPHRASE)
    with rescued.reading() as session:
        assert session.get_one(Household, OWN).merged_into == Household.id_of(f"{VILLAGE.code}002")
    assert all_records(rescued) == records  # written anew as the tables show them
    assert run_to_completion(check_integrity(rescued)) == []
    rescued.close()


def test_who_may_not_restore_does_not_rescue_and_lost_roles_make_no_owner(tmp_path):
    book, target, secret = workbook(tmp_path), tmp_path / "新.hdb", "白墙黛瓦 2018"
    access.add_operator(book, "钱录入", secret, proof=PASSPHRASE, role=ENTRY, cost=TEST_COST)
    code = access.renew_recovery_code(book, PASSPHRASE, cost=TEST_COST)
    book.close()
    with pytest.raises(NotPermitted, match="您的角色是“录入”，不能抢救工作簿"):
        run_to_completion(rescue.rescue(book.path, target, secret))
    damage(book.path, tmp_path / "坏.hdb", root_page(book.path, "operator_role"))
    with pytest.raises(NotPermitted, match="用恢复单上的恢复码"):
        run_to_completion(rescue.rescue(tmp_path / "坏.hdb", target, PASSPHRASE))
    assert [one.name for one in tmp_path.glob("*新.hdb*")] == []
    damage(book.path, tmp_path / "坏.hdb", root_page(book.path, "operator_role"), root_page(book.path, "identity"))
    report = run_to_completion(rescue.rescue(tmp_path / "坏.hdb", target, code))
    assert report.is_new_card
    rescued = access.unlock(target, code)
    with rescued.reading() as session:
        assert peers.load_identity(session).name == "王书记"  # not who holds the code
    assert access.roles(rescued) == {"王书记": READER, "钱录入": READER}
    access.set_role(rescued, "王书记", OWNER)
    rescued.close()
