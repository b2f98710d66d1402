"""Packages between laptops: what arrives, what merges, what does not."""

import pytest
from sqlalchemy import text

from app.errors import UserError
from app.progress import run_to_completion
from app.sync import conflicts, package_export, package_import, peers
from app.sync.errors import MissingChanges, NothingToSend, RevokedSender, UnknownPeer, VillageNotPermitted
from app.workbook import access, backup
from db.schema.aid import Visit
from db.schema.household import Household, Member
from db.schema.photo import Photo, Picture
from tests import builders
from tests.app.sync.peers import (
    OTHER_VILLAGE,
    all_records,
    all_tables,
    card_of,
    edit_record,
    exchange_cards,
    journal_entries,
    make_team,
    read_cell,
    send,
    write_package,
)
from tests.builders import VILLAGE, household

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40


def add_household(book, number=1):
    with book.writing() as session:
        return household(session, number=number).id


def test_a_triangle_ends_with_equal_records(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    household_id = add_household(a)
    add_household(b, 2)
    add_household(c, 3)
    send(a, b), send(b, c), send(c, a)
    edit_record(a, household_id, phone="13800000001")
    edit_record(c, household_id, note="丙看过")
    send(c, b), send(a, c), send(c, b), send(b, a)
    assert all_records(a) == all_records(b) == all_records(c)
    assert journal_entries(a) == journal_entries(b) == journal_entries(c)
    assert len(all_records(a)["household"]) == 3
    assert (read_cell(b, household_id, "phone"), read_cell(b, household_id, "note")) == ("13800000001", "丙看过")
    assert not conflicts.list_conflicts(a)
    assert not conflicts.list_conflicts(c)


def test_importing_again_changes_nothing_and_says_so(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    add_household(a)
    package = write_package(a, b)
    first = run_to_completion(package_import.import_package(b, package))
    before = all_tables(b)
    preview = run_to_completion(package_import.verify_package(b, package))
    again = run_to_completion(package_import.import_package(b, package))
    assert first.new_changes == 5  # the village's birth too, which b wrote itself
    assert preview.known_before
    assert preview.new_changes == 0
    assert (again.new_changes, again.known_changes) == (0, 5)
    assert "没有改动任何记录" in again.message
    assert "没有新内容" in preview.message
    assert all_tables(b) == before


def test_a_renamed_package_is_the_same_package(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    add_household(a)
    package = write_package(a, b)
    run_to_completion(package_import.import_package(b, package))
    before = all_tables(b)
    assert (
        run_to_completion(package_import.import_package(b, package.rename(tmp_path / "新的.hdpack"))).new_changes == 0
    )
    assert all_tables(b) == before


def test_what_a_third_laptop_brought_already_is_known(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    add_household(a)
    send(a, b), send(a, c)
    receipt = send(b, c)
    assert receipt.known_changes >= 4
    assert receipt.new_changes == 1  # b's own village row


def test_packages_may_come_in_any_order(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    first = write_package(a, b)
    edit_record(a, household_id, phone="13800000001")
    second = write_package(a, b)
    assert run_to_completion(package_import.import_package(b, second)).new_changes == 6
    assert run_to_completion(package_import.import_package(b, first)).new_changes == 0
    assert read_cell(b, household_id, "phone") == "13800000001"


def test_only_what_the_peer_lacks_is_sent(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    send(a, b), send(b, a)
    edit_record(a, household_id, phone="13800000001")
    key = peers.load_own_card(b).sign_key
    assert peers.find_peer(a, key).waiting == 1
    sent = run_to_completion(package_export.write_package(a, key, tmp_path / "p.hdpack"))
    assert sent.changes == 1
    everything = run_to_completion(package_export.write_package(a, key, tmp_path / "q.hdpack", full=True))
    assert everything.changes == 7  # two villages' births, household and three members, the phone


def test_a_package_without_news_tells_what_was_received(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    send(a, b)
    waiting = peers.list_peers(a)[0].waiting
    receipt = send(b, a)
    assert (waiting, peers.list_peers(a)[0].waiting) == (1, 0)
    assert receipt.new_changes == 1
    assert send(a, b).new_changes == 0


def test_preview_tells_households_and_writes_nothing(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    send(a, b), send(b, a)
    new = add_household(a, 2)
    edit_record(a, household_id, phone="13800000001", note="搬了家")
    with a.writing() as session:
        session.add(Visit(village=VILLAGE.code, household_id=household_id))
    before = all_tables(b)
    preview = run_to_completion(package_import.verify_package(b, write_package(a, b)))
    assert all_tables(b) == before
    shares = {share.id: share for share in preview.households}
    assert shares[household_id].name == shares[new].name == "陈卫国（下屋组）"
    assert (shares[household_id].new, shares[household_id].changed) == (1, 2)
    assert set(shares[household_id].what) == {"联系电话", "备注", "新增走访记录"}
    assert (shares[new].new, shares[new].changed) == (4, 0)
    assert {(t.label, t.new, t.changed) for t in preview.tables} == {
        ("户", 1, 2),
        ("家庭成员", 3, 0),
        ("走访记录", 1, 0),
    }
    assert preview.new_changes == 7
    assert preview.conflicts == 0
    receipt = run_to_completion(package_import.import_package(b, preview))
    assert {(t.label, t.new, t.changed) for t in receipt.tables} == {
        ("户", 1, 1),
        ("家庭成员", 3, 0),
        ("走访记录", 1, 0),
    }


def test_a_backup_is_made_before_an_import(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    add_household(a)
    send(a, b)
    copies = backup.list_backups(b.path)
    assert len(copies) == 1
    old = access.unlock(copies[0], builders.PASSPHRASE)
    assert all_records(old)["household"] == []
    old.close()


def test_photographs_travel_once(tmp_path):
    import hashlib

    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    sha256 = hashlib.sha256(JPEG).hexdigest()
    with a.writing() as session:
        session.add(Picture(sha256=sha256, jpeg=JPEG))
        for caption in ("门前", "屋后"):
            session.add(Photo(village=VILLAGE.code, household_id=household_id, content=sha256, caption=caption))
    receipt = send(a, b)
    assert receipt.pictures == 1
    with b.reading() as session:
        assert session.get(Picture, sha256).jpeg == JPEG
    edit_record(a, household_id, note="一字")
    send(b, a)
    assert write_package(a, b).stat().st_size < 2000


def test_a_large_photograph_travels_in_parts(tmp_path):
    import hashlib
    import random

    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    large = b"\xff\xd8" + random.Random(1).randbytes(9 * 2**20)
    sha256 = hashlib.sha256(large).hexdigest()
    with a.writing() as session:
        session.add(Picture(sha256=sha256, jpeg=large))
        session.add(Photo(village=VILLAGE.code, household_id=household_id, content=sha256))
    send(a, b)
    with b.reading() as session:
        assert session.get(Picture, sha256).jpeg == large


def test_long_texts_are_cut_into_several_frames(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    texts = ["长" * 3_000_000, "文" * 4_000_000, "字" * 5_000_000]
    households = [add_household(a, n + 1) for n in range(3)]
    for household_id, text_ in zip(households, texts, strict=True):
        edit_record(a, household_id, situation=text_)
    send(a, b)
    assert [read_cell(b, household_id, "situation") for household_id in households] == texts


def test_two_rosters_of_one_village_meet(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    assert add_household(b) == household_id
    edit_record(b, household_id, phone="13800000002")
    send(a, b), send(b, a)
    assert all_records(a) == all_records(b)
    assert read_cell(a, household_id, "phone") == "13800000002"
    assert not conflicts.list_conflicts(a)
    assert not conflicts.list_conflicts(b)


def test_agreement_by_accident_is_no_conflict(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    send(a, b), send(b, a)
    edit_record(a, household_id, phone="13800000001")
    edit_record(b, household_id, phone="13800000001")
    receipt = send(a, b)
    send(b, a)
    assert receipt.conflicts == 0
    assert not conflicts.list_conflicts(a)
    assert not conflicts.list_conflicts(b)


def test_a_gap_is_refused_with_who_has_the_missing_part(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    household_id = add_household(a)
    send(a, b), send(b, a), send(a, c), send(c, a)
    edit_record(a, household_id, phone="13800000001")
    lost = write_package(a, b)
    run_to_completion(package_import.import_package(b, lost))
    send(b, a)  # now a knows that b has it
    edit_record(a, household_id, note="再改")
    later_package = write_package(a, b)
    copy = backup.list_backups(b.path)[0]  # from before the lost package
    b.close()
    run_to_completion(backup.restore(copy, b.path, builders.PASSPHRASE))
    b = access.unlock(b.path, builders.PASSPHRASE)
    before = all_tables(b)
    with pytest.raises(MissingChanges, match="石桥村由“石桥村 甲”写的第 6—6 条") as refused:
        run_to_completion(package_import.import_package(b, later_package))
    assert "请先导出一个包给“石桥村 甲”" in str(refused.value)
    assert all_tables(b) == before
    send(b, a)  # as the sentence says
    send(a, b)
    assert all_records(a) == all_records(b)


def test_a_restored_backup_never_reuses_a_number_and_catches_up(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    send(a, b)
    run_to_completion(backup.backup(a, tmp_path / "copy.hdb"))
    edit_record(a, household_id, phone="13800000001")
    send(a, b)
    a.close()
    run_to_completion(backup.restore(tmp_path / "copy.hdb", a.path, builders.PASSPHRASE))
    a = access.unlock(a.path, builders.PASSPHRASE)
    edit_record(a, household_id, note="恢复以后写的")
    send(a, b), send(b, a)
    assert all_records(a) == all_records(b)
    assert (read_cell(a, household_id, "phone"), read_cell(a, household_id, "note")) == ("13800000001", "恢复以后写的")


def test_a_village_sees_only_its_own(tmp_path):
    a, township = make_team(tmp_path, "甲", "乡")
    (tmp_path / "柳").mkdir()
    b = builders.workbook(tmp_path / "柳", operator="乙", village=OTHER_VILLAGE)
    exchange_cards(b, township)
    peers.update_own_card(township, "响水镇扶贫站", "township")
    for village in (a, b):
        peers.trust(village, card_of(township))
    home_a = add_household(a)
    with b.writing() as session:
        home_b = household(session, village=OTHER_VILLAGE.code, number=7).id
    send(a, township), send(b, township)
    assert len(all_records(township)["household"]) == 2
    edit_record(township, home_a, note="乡里看过")
    edit_record(township, home_b, note="乡里看过")
    send(township, a), send(township, b)
    assert read_cell(a, home_a, "note") == read_cell(b, home_b, "note") == "乡里看过"
    assert {change[0] for change in journal_entries(a)} == {VILLAGE.code}
    assert {change[0] for change in journal_entries(b)} == {OTHER_VILLAGE.code}


def test_a_foreign_village_is_refused(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    with a.writing() as session:
        household(session, village=OTHER_VILLAGE.code, number=7)
    peers.trust(a, card_of(b), villages=(VILLAGE.code, OTHER_VILLAGE.code))
    before = all_tables(b)
    with pytest.raises(VillageNotPermitted, match=OTHER_VILLAGE.code):
        send(a, b)
    assert all_tables(b) == before


def test_nothing_to_send_to_a_peer_of_another_village(tmp_path):
    (a,) = make_team(tmp_path, "甲")
    (tmp_path / "柳").mkdir()
    b = builders.workbook(tmp_path / "柳", operator="乙", village=OTHER_VILLAGE)
    exchange_cards(a, b)
    with pytest.raises(NothingToSend, match="柳树沟村"):
        write_package(a, b)
    assert list(a.path.parent.glob("*.hdpack*")) == []


def test_revoking_ends_both_ways(tmp_path):
    a, c = make_team(tmp_path, "甲", "丙")
    lost = write_package(c, a)
    peers.revoke(a, peers.load_own_card(c).sign_key)
    with pytest.raises(RevokedSender, match="石桥村 丙"):
        run_to_completion(package_import.import_package(a, lost))
    with pytest.raises(UserError, match="已经停用"):
        write_package(a, c)


def test_an_unknown_peer_cannot_be_sent_to(tmp_path):
    (a,) = make_team(tmp_path, "甲")
    with pytest.raises(UnknownPeer):
        run_to_completion(package_export.write_package(a, "00" * 32, tmp_path / "p.hdpack"))
    assert list(tmp_path.glob("*.hdpack*")) == []


def test_cancelling_an_export_leaves_the_old_file(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    add_household(a)
    path = write_package(a, b, tmp_path / "p.hdpack")
    old = path.read_bytes()
    edit_record(a, add_household(a, 2), note="新")
    task = package_export.write_package(a, peers.load_own_card(b).sign_key, path)
    next(task)
    task.close()
    assert path.read_bytes() == old
    assert list(tmp_path.glob("*.part")) == []


def test_cancelling_an_import_changes_nothing(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    add_household(a)
    preview = run_to_completion(package_import.verify_package(b, write_package(a, b)))
    before = all_tables(b)
    task = package_import.import_package(b, preview)
    doing = ""
    while doing != "导入":
        doing = next(task).message
    task.close()
    assert all_tables(b) == before
    assert run_to_completion(package_import.import_package(b, preview)).new_changes == 5


def test_what_was_withdrawn_stays_withdrawn(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    send(a, b), send(b, a)
    edit_record(a, household_id, withdrawn=True)
    send(a, b), send(b, a)
    assert read_cell(b, household_id, "withdrawn") is True


def test_cells_of_a_newer_program_are_kept_and_passed_on(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    household_id = add_household(a)
    with a.writing() as session:
        stream, last = session.execute(text("SELECT n, last FROM stream WHERE replica = :r"), {"r": a.replica}).one()
        session.execute(text("UPDATE stream SET last = last + 2 WHERE n = :n"), {"n": stream})
        for number, table, row, column, value in (
            (last + 1, "household", household_id, "solar_panels", 4),
            (last + 2, "drone", "ab" * 16, "", '{"name": "一号"}'),
        ):
            session.execute(
                text(
                    "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator) "
                    "VALUES (:s, :n, :t, :r, :c, :v, 1, '甲')"
                ),
                {"s": stream, "n": number, "t": table, "r": row, "c": column, "v": value},
            )
    send(a, b), send(b, c)
    changes = {(change[3], change[4], change[5]) for change in journal_entries(c)}
    assert {(household_id, "solar_panels", 4), ("ab" * 16, "", '{"name": "一号"}')} <= changes
    assert all_records(a) == all_records(c)


def test_members_and_households_arrive_whole(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    for n in range(1, 40):
        add_household(a, n)
    send(a, b)
    with b.reading() as session:
        assert session.query(Household).count() == 39
        assert session.query(Member).count() == 117
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert all_records(a) == all_records(b)


def test_the_same_roster_on_both_sides_and_edits_of_one_are_no_conflict(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    assert add_household(b) == household_id
    edit_record(a, household_id, phone="13800000001")
    preview = run_to_completion(package_import.verify_package(b, write_package(a, b)))
    assert preview.conflicts == run_to_completion(package_import.import_package(b, preview)).conflicts == 0


def test_the_preview_counts_what_both_sides_edited(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    assert add_household(b) == household_id
    edit_record(a, household_id, phone="13800000001", note="甲写")
    edit_record(b, household_id, phone="13800000002")
    preview = run_to_completion(package_import.verify_package(b, write_package(a, b)))
    assert preview.conflicts == run_to_completion(package_import.import_package(b, preview)).conflicts == 1


def test_the_preview_counts_what_was_written_down_differently(tmp_path):
    """The household came with the package before, this edit of it with the next."""
    a, b = make_team(tmp_path, "甲", "乙")
    for book in (a, b):
        with book.writing() as session:
            household_id = household(session, members=0, note=f"{book.operator}写").id
    assert send(a, b).conflicts == 1
    edit_record(a, household_id, note="甲又写", phone="13800000001")
    preview = run_to_completion(package_import.verify_package(b, write_package(a, b)))
    assert preview.conflicts == run_to_completion(package_import.import_package(b, preview)).conflicts
    assert preview.conflicts == 1
