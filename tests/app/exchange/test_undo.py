"""Undoing an import: as if it had not happened, and as if it came for the first time when it comes again."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from app.errors import OfficeError
from app.exchange import conflicts, incoming, peers, undo
from app.progress import finish
from app.records import find
from app.records.draft import open_draft, save_draft
from app.sheets.refusals import StalePreview
from app.sheets.taking_in import preview, take_in
from app.workbook import access, backup, preferences
from app.workbook.soundness import faults
from db.schema.aid import Visit
from db.schema.exchange import Deed, PackageLog
from db.schema.household import Household, Member
from db.schema.photo import Photo, Picture
from db.schema.village import Village
from tests.app.exchange.team import acquaint, card_of, cell, edit, laptops, packed, send, standing
from tests.builders import PASSPHRASE, VILLAGE, household, workbook

PEOPLE = ("甲", "乙", "丙")
ROSTER = Path(__file__).parents[2] / "data/roster-a.xlsx"
COLUMNS = ("note", "phone")


def home(number=1):
    return Household.id_of(f"{VILLAGE.code}{number:03}")


@pytest.fixture
def books(tmp_path):
    """Three laptops that know one household with three people."""
    made = laptops(tmp_path, *PEOPLE)
    with made[0].writing() as session:
        household(session)
    for other in made[1:]:
        send(made[0], other)
        send(other, made[0])
    send(made[0], made[1])
    yield made
    for book in made:
        book.close()


def reasons(book):
    return [one.reason for one in finish(undo.possible(book))]


def test_undone_is_as_before_and_the_same_package_comes_again(books):
    a, b, _ = books
    edit(a, home(), phone="13800000001", note="新")
    with a.writing() as session:
        household(session, number=2)
    path = packed(a, b)
    before = standing(b)
    receipt = finish(incoming.apply(b, path))
    after = standing(b)
    told = []
    b.subscribe(told.append)
    undone = finish(undo.undo(b, receipt.n))
    assert standing(b) == before
    assert (undone.changes, undone.gone, undone.records) == (6, 4, 5)
    assert undone.sentence.startswith("已撤销“石桥村 甲”的这次导入：退回 6 条修改")
    assert told[0].touches("household", "member")
    assert home(2) in told[0].ids
    assert finish(faults(b)) == []
    assert not finish(incoming.verify(b, path)).known_before
    again = finish(incoming.apply(b, path))
    assert (again.new_changes, again.n) == (6, receipt.n + 1)
    assert standing(b) == after
    with b.reading() as session:
        line = session.get(PackageLog, receipt.n)
        assert line.undone_at
        assert session.scalars(select(Deed.how_many).filter_by(what="撤销导入")).all() == [6]


def test_what_went_is_found_no_more(books):
    a, b, _ = books
    with a.writing() as session:
        household(session, number=2, hamlet="竹园岭", group_name="竹园岭")
    receipt = send(a, b)
    with b.reading() as session:
        assert [hit.household_id for hit in find.find(session, "竹园岭")] == [home(2)]
    finish(undo.undo(b, receipt.n))
    with b.reading() as session:
        assert find.find(session, "竹园岭") == []


def test_a_conflict_that_came_with_it_goes(books):
    a, b, _ = books
    edit(a, home(), phone="13800000001")
    edit(b, home(), phone="13800000002")
    receipt = send(a, b)
    assert len(conflicts.listed(b)) == 1
    finish(undo.undo(b, receipt.n))
    assert conflicts.listed(b) == ()
    assert cell(b, home(), "phone") == "13800000002"


def test_who_has_edited_what_came_cannot_undo(books):
    a, b, _ = books
    edit(a, home(), phone="13800000001")
    receipt = send(a, b)
    edit(b, home(), phone="13800000002")
    before = standing(b)
    with pytest.raises(OfficeError, match=r"又在它的基础上改过 1 处（陈卫国（下屋组）），不能整包撤销"):
        finish(undo.undo(b, receipt.n))
    assert standing(b) == before
    assert reasons(b)[0].startswith("导入之后又在它的基础上改过 1 处")


def test_another_cell_of_the_same_record_is_no_hindrance(books):
    a, b, _ = books
    edit(a, home(), phone="13800000001")
    receipt = send(a, b)
    edit(b, home(), note="本机写的")
    finish(undo.undo(b, receipt.n))
    assert (cell(b, home(), "phone"), cell(b, home(), "note")) == (None, "本机写的")
    assert finish(faults(b)) == []


def test_a_record_that_refers_to_one_that_came_keeps_it(books):
    a, b, _ = books
    with a.writing() as session:
        household(session, members=0, number=2)
    receipt = send(a, b)
    with b.writing() as session:
        session.add(Visit(village=VILLAGE.code, household_id=home(2)))
    with pytest.raises(OfficeError, match=r"改过 1 处（.*），不能整包撤销"):
        finish(undo.undo(b, receipt.n))


def test_an_edit_that_moves_a_person_to_a_household_that_came(books):
    a, b, _ = books
    with a.writing() as session:
        household(session, members=0, number=2)
    receipt = send(a, b)
    edit(b, Member.id_of(f"{VILLAGE.code}00103"), Member, household_id=home(2))
    assert "改过 1 处" in reasons(b)[0]
    with pytest.raises(OfficeError, match="不能整包撤销"):
        finish(undo.undo(b, receipt.n))


def test_a_record_of_a_newer_program_that_refers_to_one_that_came_keeps_it(books):
    """Without it the row would hang in the air once this program knows the table, and the upgrade would fail."""
    a, b, c = books
    with a.writing() as session:
        household(session, members=0, number=2)
    send(a, c)
    receipt = send(a, b)
    for number, (row, table, column, value) in enumerate(
        (("ab" * 16, "drone", "", f'{{"household_id": "{home(2)}"}}'), (home(), "household", "neighbour", home(2))), 1
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
        assert f"改过 {number} 处" in {one.n: one.reason for one in finish(undo.possible(b))}[receipt.n]


def test_imports_are_undone_from_the_newest_on(books):
    a, b, _ = books
    before = standing(b)
    receipts = []
    for number in (2, 3):
        with a.writing() as session:
            household(session, number=number)
        receipts.append(send(a, b))
    with pytest.raises(OfficeError, match=r"之后又导入过 1 个包（“石桥村 甲”）"):
        finish(undo.undo(b, receipts[0].n))
    assert [bool(reason) for reason in reasons(b)][:2] == [False, True]
    for receipt in reversed(receipts):
        finish(undo.undo(b, receipt.n))
    assert standing(b) == before
    with pytest.raises(OfficeError, match="已经撤销过了"):
        finish(undo.undo(b, receipts[0].n))


def test_a_later_package_that_only_repeated_it_can_come_again_too(books):
    """丙 knows what 甲 wrote and sends it once more: when the import from 甲 is undone, 丙's package is not stale."""
    a, b, c = books
    edit(a, home(), phone="13800000001")
    from_a, _ = packed(a, b), send(a, c)
    from_c = packed(c, b)
    receipt = finish(incoming.apply(b, from_a))
    assert finish(incoming.apply(b, from_c)).new_changes == 0
    finish(undo.undo(b, receipt.n))
    assert finish(incoming.apply(b, from_c)).new_changes == 1
    assert cell(b, home(), "phone") == "13800000001"


def test_a_package_that_was_previewed_as_known_comes_in_again(books):
    a, b, _ = books
    edit(a, home(), phone="13800000001")
    path = packed(a, b)
    receipt = finish(incoming.apply(b, path))
    previewed = finish(incoming.verify(b, path))
    assert finish(incoming.apply(b, previewed)).new_changes == 0
    finish(undo.undo(b, receipt.n))
    assert finish(incoming.apply(b, previewed)).new_changes == 1
    assert cell(b, home(), "phone") == "13800000001"


def test_photographs_go_unless_somebody_else_names_them(books):
    a, b, _ = books
    for book, sha256 in ((a, "aa"), (a, "bb"), (b, "bb")):
        jpeg = sha256.encode() * 9
        name = hashlib.sha256(jpeg).hexdigest()
        with book.writing() as session:
            session.merge(Picture(sha256=name, jpeg=jpeg))
            session.add(Photo(village=VILLAGE.code, household_id=home(), content=name))
    before = standing(b)
    receipt = send(a, b)
    assert len(standing(b)["pictures"]) == 2
    assert "1 张照片已移走" in finish(undo.undo(b, receipt.n)).sentence
    assert standing(b) == before


def test_a_revocation_that_came_with_it_stays_and_is_told(books):
    a, b, c = books
    edit(a, home(), phone="13800000001")
    peers.revoke(a, card_of(c).sign_key)
    receipt = send(a, b)
    assert "“石桥村 丙” 的名片仍然停用" in finish(undo.undo(b, receipt.n)).sentence
    assert [peer.name for peer in peers.listed(b) if peer.revoked_at] == ["石桥村 丙"]


def test_our_exports_say_less_and_the_peer_sends_again(books):
    a, b, _ = books
    edit(a, home(), phone="13800000001")
    receipt = send(a, b)
    send(b, a)  # now 甲 believes that 乙 has it
    finish(undo.undo(b, receipt.n))
    edit(a, home(), note="后来的")
    with pytest.raises(OfficeError, match="还缺前面的修改"):
        send(a, b)
    send(b, a)
    assert send(a, b).new_changes == 2
    assert standing(a)["records"] == standing(b)["records"]


def test_a_form_that_was_open_meanwhile_overwrites_nothing(books):
    """It showed a number that was undone, and came again with a newer one: lines of the journal are not used twice."""
    a, b, _ = books
    edit(a, home(), phone="13800000001")
    receipt = send(a, b)
    with b.reading() as session:
        draft = open_draft(session, "household", home())
    finish(undo.undo(b, receipt.n))
    edit(a, home(), phone="13800000002")
    send(a, b)
    finish(save_draft(b, draft.with_values(phone="13800000003")))
    [conflict] = conflicts.listed(b)
    assert {side.value for side in conflict.sides} == {"13800000002", "13800000003"}
    assert finish(faults(b)) == []


def test_a_form_that_was_open_meanwhile_knows_what_it_showed(books):
    """The newest line that stays gets another number, twice; what stood in it was on the form's screen."""
    a, b, _ = books
    edit(b, home(), phone="13800000001")
    receipts = []
    for note in ("一", "二"):
        edit(a, home(), note=note)
        receipts.append(send(a, b))
    with b.reading() as session:
        draft = open_draft(session, "household", home())
    for receipt in reversed(receipts):
        finish(undo.undo(b, receipt.n))
    finish(save_draft(b, draft.with_values(phone="13800000002")))
    assert conflicts.listed(b) == ()
    assert cell(b, home(), "phone") == "13800000002"


def test_a_preview_of_a_roster_from_before_is_stale(books, tmp_path):
    a, b, _ = books
    edit(a, home(), phone="13800000001")
    receipt = send(a, b)
    edit(b, Village.id_of(VILLAGE.code), Village, team_leader="张三")
    previewed = finish(preview(b, ROSTER))
    finish(undo.undo(b, receipt.n))
    with pytest.raises(StalePreview, match="请重新预览"):
        finish(take_in(b, previewed))


def test_a_backup_is_made_unless_the_officer_wants_none(books):
    a, b, _ = books
    for wanted in (True, False):
        edit(a, home(), phone=f"1380000000{wanted:d}")
        receipt = send(a, b)
        preferences.put(b, "backup_before_import", wanted)
        finish(undo.undo(b, receipt.n))
        made = [copy.name for copy in backup.copies(b.path) if "撤销导入前" in copy.name]
        assert len(made) == 1


def test_cancelled_in_the_middle_nothing_has_happened(books):
    a, b, _ = books
    with a.writing() as session:
        for number in range(2, 60):
            household(session, number=number)
    receipt = send(a, b)
    before = standing(b)
    work = undo.undo(b, receipt.n)
    for progress in work:
        if progress.doing == "撤销导入":
            work.close()
            break
    assert standing(b) == before
    assert finish(faults(b)) == []
    edit(b, home(), note="照常记入日志")
    assert len(standing(b)["journal"]) == len(before["journal"]) + 1


def test_what_is_no_import_cannot_be_undone(books):
    a, b, _ = books
    packed(a, b)
    with a.reading() as session:
        out = session.scalars(select(PackageLog.n).filter_by(way="out")).first()
    for n in (out, 999):
        with pytest.raises(OfficeError, match="没有这次导入"):
            finish(undo.undo(a, n))
    with b.writing() as session:
        session.execute(text("UPDATE package_log SET first_seq = NULL WHERE way = 'in'"))
    assert "旧版本" in reasons(b)[0]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("team")
    patch = pytest.MonkeyPatch()
    patch.setenv("HUDANG_STATE", str(folder / "state"))
    made = [workbook(folder, f"{name}.hdb", name) for name in PEOPLE]
    acquaint(*made)
    for book in made:
        preferences.put(book, "backup_before_import", False)
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


def do(books, deed):
    """One step of a history; what cannot be done there is passed over."""
    what, who, *how = deed
    book = books[who]
    if what == "send":
        return send(book, books[how[0]]) if how[0] != who else None
    with book.reading() as session:
        here = session.get(Household, home(how[0])) is not None
    with book.writing() as session:
        if what == "new" and not here:
            session.add(Household(id=home(how[0]), village=VILLAGE.code, note=how[1]))
        elif what == "visit" and here:
            session.add(Visit(village=VILLAGE.code, household_id=home(how[0])))
    if here and what == "join":
        other = home(3 - how[0])
        with book.reading() as session:
            there = session.get(Household, other) is not None
        if there:
            edit(book, home(how[0]), merged_into=other if how[1] else None)
    if here and what in ("edit", "withdraw"):
        edit(book, home(how[0]), **({"withdrawn": how[1]} if what == "withdraw" else {how[1]: how[2]}))
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
        for deed in history:
            do(books, deed)
        path = packed(books[0], books[1])
        before = standing(books[1])
        receipt = finish(incoming.apply(books[1], path))
        after = standing(books[1])
        if receipt.new_changes:
            finish(undo.undo(books[1], receipt.n))
            assert standing(books[1]) == before
            receipt = finish(incoming.apply(books[1], path))
        assert standing(books[1]) == after
        for deed in later:
            do(books, deed)
        now = standing(books[1])
        open_ = {one.n: one.reason for one in finish(undo.possible(books[1]))}
        if receipt.n in open_ and not open_[receipt.n]:
            finish(undo.undo(books[1], receipt.n))
            assert finish(faults(books[1])) == []
            finish(incoming.apply(books[1], path))
        assert standing(books[1]) == now
        assert finish(faults(books[1])) == []
    finally:
        for book in books:
            book.close()
        shutil.rmtree(folder)
