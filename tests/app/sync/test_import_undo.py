"""Undoing an import: as if it had not happened, and as if it came for the first time when it comes again."""

import hashlib
import os
import re
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select, text

from app.errors import UserError
from app.progress import run_to_completion
from app.records import search
from app.records.attachment import add_attachment
from app.records.attachment_owner import AttachmentOwner
from app.records.draft import open_draft, save_draft
from app.rectifications.rectification import open_problem
from app.sheets.errors import StalePreview
from app.sheets.roster_import import apply_import, preview
from app.sync import conflicts, import_undo, package_import, peers
from app.workbook import access, backup, operations, preferences
from app.workbook.integrity import check_integrity
from db.schema.aid import Visit
from db.schema.exchange import AuditEntry, PackageLog
from db.schema.household import Household, Member
from db.schema.photo import Photo, Picture
from db.schema.village import Village
from tests.app.sync.peers import (
    card_of,
    close_team,
    edit_record,
    exchange_cards,
    full_state,
    opened_team,
    read_cell,
    send,
    write_package,
)
from tests.builders import PASSPHRASE, VILLAGE, household, workbook

PEOPLE = ("甲", "乙", "丙")
ROSTER = Path(__file__).parents[2] / "data/roster-a.xlsx"
COLUMNS = ("note", "phone")


def household_id(number=1):
    return Household.id_of(f"{VILLAGE.code}{number:03}")


@pytest.fixture(scope="module")
def closed_books(tmp_path_factory):
    def know_one_household(books):
        with books[0].writing() as session:
            household(session)
        for other in books[1:]:
            send(books[0], other)
            send(other, books[0])
        send(books[0], books[1])

    return close_team(tmp_path_factory.mktemp("team"), PEOPLE, know_one_household)


@pytest.fixture
def books(closed_books, tmp_path):
    """Three laptops that know one household with three people."""
    with opened_team(closed_books, tmp_path, *PEOPLE) as opened:
        yield opened


def reasons(book):
    return [one.reason for one in run_to_completion(import_undo.list_undoable(book))]


def test_undone_is_as_before_and_the_same_package_comes_again(books):
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001", note="新")
    with a.writing() as session:
        household(session, number=2)
    path = write_package(a, b)
    before = full_state(b)
    receipt = run_to_completion(package_import.import_package(b, path))
    after = full_state(b)
    notifications = []
    b.subscribe(notifications.append)
    undone = run_to_completion(import_undo.undo_import(b, receipt.n))
    assert full_state(b) == before
    assert (undone.changes, undone.gone, undone.records) == (6, 4, 5)
    assert undone.message.startswith("已撤销“石桥村 甲”的这次导入：退回 6 条修改")
    assert notifications[0].touches("household", "member")
    assert household_id(2) in notifications[0].ids
    assert run_to_completion(check_integrity(b)) == []
    assert not run_to_completion(package_import.verify_package(b, path)).known_before
    again = run_to_completion(package_import.import_package(b, path))
    assert (again.new_changes, again.n) == (6, receipt.n + 1)
    assert full_state(b) == after
    with b.reading() as session:
        line = session.get(PackageLog, receipt.n)
        assert line.undone_at
        assert session.scalars(select(AuditEntry.how_many).filter_by(what="撤销导入")).all() == [6]


def test_the_first_change_of_a_colleague_goes_and_comes_again(books):
    _, b, c = books  # who have not exchanged anything yet
    edit_record(b, household_id(), note="乙的第一条")
    path = write_package(b, c)
    before = full_state(c)
    receipt = run_to_completion(package_import.import_package(c, path))
    assert receipt.new_changes == 1
    run_to_completion(import_undo.undo_import(c, receipt.n))
    assert full_state(c) == before
    again = run_to_completion(package_import.import_package(c, path))
    assert again.new_changes == 1
    assert read_cell(c, household_id(), "note") == "乙的第一条"
    edit_record(c, household_id(), note="丙改的")
    with pytest.raises(UserError, match="改过 1 处"):
        run_to_completion(import_undo.undo_import(c, again.n))


def test_what_went_is_found_no_more(books):
    a, b, _ = books
    with a.writing() as session:
        household(session, number=2, hamlet="竹园岭", group_name="竹园岭")
    receipt = send(a, b)
    with b.reading() as session:
        assert [search_hit.household_id for search_hit in search.search_households(session, "竹园岭")] == [
            household_id(2)
        ]
    run_to_completion(import_undo.undo_import(b, receipt.n))
    with b.reading() as session:
        assert search.search_households(session, "竹园岭") == []


def test_a_conflict_that_came_with_it_goes(books):
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    edit_record(b, household_id(), phone="13800000002")
    receipt = send(a, b)
    assert len(conflicts.list_conflicts(b)) == 1
    run_to_completion(import_undo.undo_import(b, receipt.n))
    assert conflicts.list_conflicts(b) == ()
    assert read_cell(b, household_id(), "phone") == "13800000002"


def test_who_has_edited_what_came_cannot_undo(books):
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    receipt = send(a, b)
    edit_record(b, household_id(), phone="13800000002")
    before = full_state(b)
    with pytest.raises(UserError, match=r"又在它的基础上改过 1 处（陈卫国（下屋组）），不能整包撤销"):
        run_to_completion(import_undo.undo_import(b, receipt.n))
    assert full_state(b) == before
    assert reasons(b)[0].startswith("导入之后又在它的基础上改过 1 处")


def test_what_was_settled_and_taken_back_stands_in_the_way_and_says_where_to_go(books):
    """Without the package the cell would keep the colleague's value, and the package could not bring it again."""
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    edit_record(b, household_id(), phone="13800000002")
    receipt = send(a, b)
    [conflict] = conflicts.list_conflicts(b)
    conflicts.resolve(b, conflict, conflict.sides[0])
    assert "改过 1 处（陈卫国（下屋组）），不能整包撤销。请到这些户里逐处改回" in reasons(b)[0]
    run_to_completion(operations.undo(b))
    refusal = (
        "导入之后在它的基础上改过又撤销了 1 处（陈卫国（下屋组）），改过的记录同事可能已经收到，不能整包撤销。"
        "请到“冲突”页采用本机内容，或用导入前的备份恢复。"
    )
    with pytest.raises(UserError, match=re.escape(refusal)):
        run_to_completion(import_undo.undo_import(b, receipt.n))
    [conflict] = conflicts.list_conflicts(b)
    own = next(side for side in conflict.sides if side.value == "13800000002")
    conflicts.resolve(b, conflict, own)
    assert (read_cell(b, household_id(), "phone"), conflicts.list_conflicts(b)) == ("13800000002", ())


def test_what_was_edited_and_taken_back_stands_in_the_way_and_says_so(books):
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    send(a, b)
    with b.operation("修改") as session:
        session.get_one(Household, household_id()).phone = "13800000002"
    run_to_completion(operations.undo(b))
    assert reasons(b)[0].endswith("请到这些户里填回导入前的内容，或用导入前的备份恢复。")
    run_to_completion(operations.redo(b))
    assert reasons(b)[0].endswith("请到这些户里逐处改回，或用导入前的备份恢复。")


def test_another_cell_of_the_same_record_is_no_hindrance(books):
    """Nor is a text that only happens to be the id of what came: it refers to nothing."""
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    with a.writing() as session:
        household(session, members=0, number=2)
    receipt = send(a, b)
    edit_record(b, household_id(), note=household_id(2))
    run_to_completion(import_undo.undo_import(b, receipt.n))
    assert (read_cell(b, household_id(), "phone"), read_cell(b, household_id(), "note")) == (None, household_id(2))
    assert run_to_completion(check_integrity(b)) == []


def test_a_record_that_refers_to_one_that_came_keeps_it(books):
    a, b, _ = books
    with a.writing() as session:
        household(session, members=0, number=2)
    receipt = send(a, b)
    with b.writing() as session:
        session.add(Visit(village=VILLAGE.code, household_id=household_id(2)))
    with pytest.raises(UserError, match=r"改过 1 处（.*），不能整包撤销"):
        run_to_completion(import_undo.undo_import(b, receipt.n))


def test_a_row_that_came_and_has_an_attachment_stays(books, tmp_path):
    a, b, _ = books
    problem = open_problem(a, household_id(), "旱厕脏", date(2018, 9, 3))
    receipt = send(a, b)
    Image.new("RGB", (300, 200), "brown").save(tmp_path / "照片.jpg")
    owner = AttachmentOwner("rectification", problem)
    run_to_completion(add_attachment(b, owner, tmp_path / "照片.jpg"))
    with pytest.raises(UserError, match="改过 1 处"):
        run_to_completion(import_undo.undo_import(b, receipt.n))


def test_an_edit_that_moves_a_person_to_a_household_that_came(books):
    a, b, _ = books
    with a.writing() as session:
        household(session, members=0, number=2)
    receipt = send(a, b)
    edit_record(b, Member.id_of(f"{VILLAGE.code}00103"), Member, household_id=household_id(2))
    assert "改过 1 处" in reasons(b)[0]
    with pytest.raises(UserError, match="不能整包撤销"):
        run_to_completion(import_undo.undo_import(b, receipt.n))


def test_a_record_of_a_newer_program_that_refers_to_one_that_came_keeps_it(books):
    """Without it the row would hang in the air once this program knows the table, and the upgrade would fail."""
    a, b, c = books
    with a.writing() as session:
        household(session, members=0, number=2)
    send(a, c)
    receipt = send(a, b)
    for number, (row, table, column, value) in enumerate(
        (
            ("ab" * 16, "drone", "", f'{{"household_id": "{household_id(2)}"}}'),
            (household_id(), "household", "neighbour", household_id(2)),
        ),
        1,
    ):
        with c.writing() as session:
            stream = {"replica": c.replica, "village": VILLAGE.code}
            session.execute(text("INSERT OR IGNORE INTO stream (replica, village) VALUES (:replica, :village)"), stream)
            session.execute(text("UPDATE stream SET last = last + 1 WHERE replica = :replica"), stream)
            session.execute(
                text(
                    "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator) "
                    "SELECT n, last, :t, :r, :c, :v, 1, '丙' FROM stream WHERE replica = :replica"
                ),
                {"t": table, "r": row, "c": column, "v": value, **stream},
            )
        send(c, b)
        assert (
            f"改过 {number} 处"
            in {one.n: one.reason for one in run_to_completion(import_undo.list_undoable(b))}[receipt.n]
        )


def test_imports_are_undone_from_the_newest_on(books):
    a, b, c = books
    assert [one.n for one in run_to_completion(import_undo.list_undoable(c))] == [1]  # the first line of its log
    before = full_state(b)
    receipts = []
    for number in (2, 3):
        with a.writing() as session:
            household(session, number=number)
        receipts.append(send(a, b))
    with pytest.raises(UserError, match=r"之后又导入过 1 个包（“石桥村 甲”）"):
        run_to_completion(import_undo.undo_import(b, receipts[0].n))
    assert [bool(reason) for reason in reasons(b)][:2] == [False, True]
    for receipt in reversed(receipts):
        run_to_completion(import_undo.undo_import(b, receipt.n))
    assert full_state(b) == before
    with pytest.raises(UserError, match="已经撤销过了"):
        run_to_completion(import_undo.undo_import(b, receipts[0].n))


def test_a_later_package_that_only_repeated_it_can_come_again_too(books):
    """丙 knows what 甲 wrote and sends it once more: when the import from 甲 is undone, 丙's package is not stale."""
    a, b, c = books
    edit_record(a, household_id(), phone="13800000001")
    from_a, _ = write_package(a, b), send(a, c)
    from_c = write_package(c, b)
    receipt = run_to_completion(package_import.import_package(b, from_a))
    assert run_to_completion(package_import.import_package(b, from_c)).new_changes == 0
    run_to_completion(import_undo.undo_import(b, receipt.n))
    assert run_to_completion(package_import.import_package(b, from_c)).new_changes == 1
    assert read_cell(b, household_id(), "phone") == "13800000001"


def test_a_package_that_was_previewed_as_known_comes_in_again(books):
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    path = write_package(a, b)
    receipt = run_to_completion(package_import.import_package(b, path))
    previewed = run_to_completion(package_import.verify_package(b, path))
    assert run_to_completion(package_import.import_package(b, previewed)).new_changes == 0
    run_to_completion(import_undo.undo_import(b, receipt.n))
    assert run_to_completion(package_import.import_package(b, previewed)).new_changes == 1
    assert read_cell(b, household_id(), "phone") == "13800000001"


def test_photographs_go_unless_somebody_else_names_them(books):
    a, b, _ = books
    for book, sha256 in ((a, "aa"), (a, "bb"), (b, "bb")):
        jpeg = sha256.encode() * 9
        name = hashlib.sha256(jpeg).hexdigest()
        with book.writing() as session:
            session.merge(Picture(sha256=name, jpeg=jpeg))
            session.add(Photo(village=VILLAGE.code, household_id=household_id(), content=name))
    before = full_state(b)
    receipt = send(a, b)
    assert len(full_state(b)["pictures"]) == 2
    assert "1 张照片已移走" in run_to_completion(import_undo.undo_import(b, receipt.n)).message
    assert full_state(b) == before


def test_a_revocation_that_came_with_it_stays_and_is_told(books):
    a, b, c = books
    edit_record(a, household_id(), phone="13800000001")
    peers.update_own_card(a, "石桥村 甲", "township")
    peers.trust(b, card_of(a))
    peers.revoke(a, card_of(c).sign_key)
    receipt = send(a, b)
    message = run_to_completion(import_undo.undo_import(b, receipt.n)).message
    assert "“石桥村 丙” 的名片仍然停用" in message
    assert "照片" not in message
    assert [peer.name for peer in peers.list_peers(b) if peer.revoked_at] == ["石桥村 丙"]


def test_our_exports_say_less_and_the_peer_sends_again(books):
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    receipt = send(a, b)
    send(b, a)  # now 甲 believes that 乙 has it
    run_to_completion(import_undo.undo_import(b, receipt.n))
    edit_record(a, household_id(), note="后来的")
    with pytest.raises(UserError, match="还缺前面的修改"):
        send(a, b)
    send(b, a)
    assert send(a, b).new_changes == 2
    assert full_state(a)["records"] == full_state(b)["records"]


def test_a_form_that_was_open_meanwhile_overwrites_nothing(books):
    """It showed a number that was undone, and came again with a newer one: lines of the journal are not used twice."""
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    receipt = send(a, b)
    with b.reading() as session:
        draft = open_draft(session, "household", household_id())
    run_to_completion(import_undo.undo_import(b, receipt.n))
    edit_record(a, household_id(), phone="13800000002")
    send(a, b)
    save_draft(b, draft.with_values(phone="13800000003"))
    [conflict] = conflicts.list_conflicts(b)
    assert {side.value for side in conflict.sides} == {"13800000002", "13800000003"}
    assert run_to_completion(check_integrity(b)) == []


def test_a_form_that_was_open_meanwhile_knows_what_it_showed(books):
    """The newest line that stays gets another number, twice; what stood in it was on the form's screen."""
    a, b, _ = books
    edit_record(b, household_id(), phone="13800000001")
    receipts = []
    for note in ("一", "二"):
        edit_record(a, household_id(), note=note)
        receipts.append(send(a, b))
    with b.reading() as session:
        draft = open_draft(session, "household", household_id())
    for receipt in reversed(receipts):
        run_to_completion(import_undo.undo_import(b, receipt.n))
    save_draft(b, draft.with_values(phone="13800000002"))
    assert conflicts.list_conflicts(b) == ()
    assert read_cell(b, household_id(), "phone") == "13800000002"


def test_a_preview_of_a_roster_from_before_is_stale(books, tmp_path):
    a, b, _ = books
    edit_record(a, household_id(), phone="13800000001")
    receipt = send(a, b)
    edit_record(b, Village.id_of(VILLAGE.code), Village, team_leader="张三")
    previewed = run_to_completion(preview(b, ROSTER))
    run_to_completion(import_undo.undo_import(b, receipt.n))
    with pytest.raises(StalePreview, match="请重新预览"):
        run_to_completion(apply_import(b, previewed))


def test_a_backup_is_made_unless_the_officer_wants_none(books):
    a, b, _ = books
    for with_backup in (True, False):
        edit_record(a, household_id(), phone=f"1380000000{with_backup:d}")
        receipt = send(a, b)
        preferences.save(b, "backup_before_import", with_backup)
        run_to_completion(import_undo.undo_import(b, receipt.n))
        created = [copy.name for copy in backup.list_backups(b.path) if "撤销导入前" in copy.name]
        assert len(created) == 1


def test_cancelled_in_the_middle_nothing_has_happened(books):
    a, b, _ = books
    with a.writing() as session:
        for number in range(2, 60):
            household(session, number=number)
    receipt = send(a, b)
    before = full_state(b)
    task = import_undo.undo_import(b, receipt.n)
    for progress in task:
        if progress.message == "撤销导入":
            task.close()
            break
    assert full_state(b) == before
    assert run_to_completion(check_integrity(b)) == []
    edit_record(b, household_id(), note="照常记入日志")
    assert len(full_state(b)["journal"]) == len(before["journal"]) + 1


def test_what_is_no_import_cannot_be_undone(books):
    a, b, _ = books
    write_package(a, b)
    with a.reading() as session:
        out = session.scalars(select(PackageLog.n).filter_by(way="out")).first()
    for n in (out, 999):
        with pytest.raises(UserError, match="没有这次导入"):
            run_to_completion(import_undo.undo_import(a, n))
    with b.writing() as session:
        session.execute(text("UPDATE package_log SET first_seq = NULL WHERE way = 'in'"))
    assert "旧版本" in reasons(b)[0]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("team")
    patch = pytest.MonkeyPatch()
    patch.setenv("HUDANG_STATE", str(folder / "state"))
    created = [workbook(folder, f"{name}.hdb", name) for name in PEOPLE]
    exchange_cards(*created)
    for book in created:
        preferences.save(book, "backup_before_import", False)
        book.close()
    yield folder
    patch.undo()


laptop = st.integers(0, len(PEOPLE) - 1)
number = st.integers(1, 2)
deeds = st.one_of(
    st.tuples(st.just("new"), laptop, number, st.sampled_from(["一", "二"])),
    st.tuples(st.just("edit"), laptop, number, st.sampled_from(COLUMNS), st.sampled_from(["一", "二", None])),
    st.tuples(st.just("withdraw"), laptop, number, st.booleans()),
    st.tuples(st.just("visit"), laptop, number),
    st.tuples(st.just("join"), laptop, number, st.booleans()),
    st.tuples(st.just("send"), laptop, laptop),
)


def perform(books, action):
    """One step of a history; what cannot be done there is passed over."""
    what, who, *how = action
    book = books[who]
    if what == "send":
        return send(book, books[how[0]]) if how[0] != who else None
    with book.reading() as session:
        household_exists = session.get(Household, household_id(how[0])) is not None
    with book.writing() as session:
        if what == "new" and not household_exists:
            session.add(Household(id=household_id(how[0]), village=VILLAGE.code, note=how[1]))
        elif what == "visit" and household_exists:
            session.add(Visit(village=VILLAGE.code, household_id=household_id(how[0])))
    if household_exists and what == "join":
        other = household_id(3 - how[0])
        with book.reading() as session:
            other_exists = session.get(Household, other) is not None
        if other_exists:
            edit_record(book, household_id(how[0]), merged_into=other if how[1] else None)
    if household_exists and what in ("edit", "withdraw"):
        edit_record(book, household_id(how[0]), **({"withdrawn": how[1]} if what == "withdraw" else {how[1]: how[2]}))
    return None


@settings(
    max_examples=int(os.environ.get("HUDANG_HISTORIES", "12")) * 2,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(history=st.lists(deeds, min_size=4, max_size=14), later=st.lists(deeds, max_size=3))
def test_any_history(template, history, later):
    """The last import of a history undone at once is as before it. With something done since, either a sentence says
    what stands in the way, or the journal is whole, and importing again brings back what was there."""
    folder = Path(tempfile.mkdtemp())
    books = []
    try:
        for name in PEOPLE:
            shutil.copy(template / f"{name}.hdb", folder)
            books.append(access.unlock(folder / f"{name}.hdb", PASSPHRASE))
        for action in history:
            perform(books, action)
        path = write_package(books[0], books[1])
        before = full_state(books[1])
        receipt = run_to_completion(package_import.import_package(books[1], path))
        after = full_state(books[1])
        if receipt.new_changes:
            run_to_completion(import_undo.undo_import(books[1], receipt.n))
            assert full_state(books[1]) == before
            receipt = run_to_completion(package_import.import_package(books[1], path))
        assert full_state(books[1]) == after
        for action in later:
            perform(books, action)
        now = full_state(books[1])
        open_ = {one.n: one.reason for one in run_to_completion(import_undo.list_undoable(books[1]))}
        if receipt.n in open_ and not open_[receipt.n]:
            run_to_completion(import_undo.undo_import(books[1], receipt.n))
            assert run_to_completion(check_integrity(books[1])) == []
            run_to_completion(package_import.import_package(books[1], path))
        assert full_state(books[1]) == now
        assert run_to_completion(check_integrity(books[1])) == []
    finally:
        for book in books:
            book.close()
        shutil.rmtree(folder)


def test_only_later_packages_that_go_on_from_this_one_stand_in_its_way(books):
    a, b, c = books
    edit_record(a, household_id(), note="一")
    first = send(a, b).n
    edit_record(c, household_id(), address="丙说的地址")
    send(c, b)
    edit_record(a, household_id(), note="二")
    send(a, b)
    with pytest.raises(UserError, match="之后又导入过 1 个包（“石桥村 甲”）"):
        run_to_completion(import_undo.undo_import(b, first))
