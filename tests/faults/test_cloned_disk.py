"""A disk that was cloned, or a machine put back by an image: workbook and this machine's memory of it together.

Both copies go on numbering where the one stood, and neither can know.
"""

from unittest.mock import patch

import pytest
from sqlalchemy import text

from app.progress import run_to_completion
from app.records import household_merge
from app.sync import compaction, conflicts, import_undo
from app.sync.errors import InvalidContent, MissingChanges
from app.workbook.integrity import check_integrity
from db.schema.household import Household
from tests.app.sync.peers import all_records, clone_disk, edit_record, full_state, make_team, read_cell, send
from tests.builders import VILLAGE, household

HOME, OTHER = (Household.id_of(f"{VILLAGE.code}00{n}") for n in (1, 2))


@pytest.fixture
def clones(tmp_path):
    """甲's workbook on two machines, and 乙, who has met 甲 before."""
    a, b = make_team(tmp_path, "甲", "乙")
    with a.operation("新增") as session:
        household(session)
    send(a, b), send(b, a)
    edit_record(a, HOME, note="克隆之前")
    (tmp_path / "克隆").mkdir()
    one, two = clone_disk(a, tmp_path / "克隆" / a.path.name)
    yield one, two, b
    for book in (one, two, b):
        book.close()


def exchange(one, other):
    """Both ways; who was told that something is missing has the other one export first, as the sentence says."""
    for sender, receiver in ((one, other), (other, one)):
        try:
            send(sender, receiver)
        except MissingChanges:
            send(receiver, sender), send(sender, receiver)


def test_nothing_is_lost_and_all_converge(clones):
    """They write and meet 乙 in turns, which is how they learn of each other: they have one card."""
    one, two, b = clones
    replica = one.replica
    edit_record(one, HOME, note="一", phone="13800000001")
    edit_record(two, HOME, note="二", address="桥头"), edit_record(two, HOME, group_name="三组")
    assert send(one, b).forked == ()
    told = send(two, b)
    assert told.forked == ("“石桥村 甲”",)
    assert "两份的修改都已收下" in told.message
    assert [read_cell(b, HOME, name) for name in ("phone", "address", "group_name")] == ["13800000001", "桥头", "三组"]
    assert [conflict.column for conflict in conflicts.list_conflicts(b)] == ["note"]
    edit_record(one, HOME, note="一又"), edit_record(two, HOME, address="桥尾")  # they do not know yet
    for machine in (one, two):
        exchange(machine, b)
        edit_record(b, HOME, filler=machine.path.parent.name)
    exchange(one, b), exchange(two, b), exchange(one, b)
    assert len({one.replica, two.replica, replica}) == 3
    states = [full_state(book) for book in (one, two, b)]
    assert states[0] == states[1] == states[2]
    for book in (one, two, b):
        assert run_to_completion(check_integrity(book)) == []


def test_the_copy_is_told_that_it_goes_on_as_a_new_machine(clones):
    one, two, b = clones
    edit_record(one, HOME, note="一"), edit_record(two, HOME, phone="13800000001")
    send(one, b), send(two, b), send(one, b)
    replica = one.replica
    told = send(b, one)
    assert told.is_new_replica
    assert "作为一台新电脑继续" in told.message
    assert one.replica != replica
    edit_record(one, HOME, note="新的")
    send(one, b)
    assert read_cell(b, HOME, "note") == "新的"


def test_nobody_follows_into_a_withdrawn_household_when_the_copies_are_told_apart(tmp_path):
    """What the first copy stated is shown anew under another name, and with it where its merge leads now."""
    a, b = make_team(tmp_path, "甲", "乙")
    with a.operation("新增") as session:
        household(session), household(session, number=2)
    send(a, b), send(b, a)
    (tmp_path / "克隆").mkdir()
    one, two = clone_disk(a, tmp_path / "克隆" / a.path.name)
    for book in (one, b):  # each without knowing of the other
        household_merge.merge(book, household_merge.compare_for_merge(book, HOME, OTHER))
    send(one, b)
    assert read_cell(b, OTHER, "merged_into") == HOME
    edit_record(b, HOME, withdrawn=True)
    assert read_cell(b, OTHER, "merged_into") is None
    edit_record(two, OTHER, phone="13800000001")
    assert send(two, b).forked
    assert (read_cell(b, OTHER, "merged_into"), read_cell(b, OTHER, "phone")) == (None, "13800000001")
    assert run_to_completion(check_integrity(b)) == []
    for book in (one, two, b):
        book.close()


def test_an_import_from_before_the_fork_stays_and_says_why(clones):
    one, two, b = clones
    edit_record(one, HOME, note="一"), edit_record(two, HOME, phone="13800000001")
    first, later = send(one, b), send(two, b)
    run_to_completion(import_undo.undo_import(b, later.n))
    reasons = {entry.n: entry.reason for entry in run_to_completion(import_undo.list_undoable(b))}
    assert "分成两支" in reasons[first.n]
    assert (read_cell(b, HOME, "note"), read_cell(b, HOME, "phone")) == ("一", None)


@pytest.fixture
def forked_team(tmp_path):
    """Two copies of 甲's machine that both wrote; 乙 has met both; 丙 had met 甲 before, and one copy since."""
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    with a.operation("新增") as session:
        household(session)
    send(a, b), send(a, c), send(b, a), send(c, b), send(c, a)
    (tmp_path / "克隆").mkdir()
    one, two = clone_disk(a, tmp_path / "克隆" / a.path.name)
    for n in range(3):
        edit_record(one, HOME, note=f"一{n}")
    edit_record(c, HOME, filler="丙"), send(c, two)  # whose change comes to 乙 before those that tell the copies apart
    edit_record(two, HOME, phone="13800000001"), edit_record(two, HOME, address="桥头")
    send(one, b), send(two, b)
    assert read_cell(b, HOME, "filler") == "丙"
    yield one, two, b, c
    for book in (one, two, b, c):
        book.close()


@pytest.mark.parametrize(("heard", "folded"), [("", False), ("one", False), ("two", True)])
def test_whoever_hears_of_both_branches_from_a_colleague_has_each_change_once(forked_team, heard, folded):
    """丙, who knows neither branch, or one of them as the stream itself, which 乙 cannot know."""
    one, two, b, c = forked_team
    if heard:
        send({"one": one, "two": two}[heard], c)
    if folded:
        fold(b)
    n = send(b, c).n
    assert (read_cell(c, HOME, "note"), read_cell(c, HOME, "address")) == ("一2", "桥头")
    assert conflicts.list_conflicts(c) == ()
    send(c, b)
    assert full_state(b) == full_state(c)
    for book in (b, c):
        assert run_to_completion(check_integrity(book)) == []
    run_to_completion(import_undo.undo_import(c, n))
    assert run_to_completion(check_integrity(c)) == []
    exchange(b, c)
    assert full_state(b) == full_state(c)
    assert run_to_completion(check_integrity(c)) == []


def test_a_change_that_a_stream_and_its_branch_both_have_is_noticed(forked_team):
    _, _, b, _ = forked_team
    cells = "number, table_name, row_id, column_name, value, stamp, operator, replaces, chain"
    with b.writing() as session:
        branch = text("SELECT n, parent FROM stream WHERE parent IS NOT NULL LIMIT 1")
        n, parent = session.execute(branch).one()
        session.execute(
            text(
                f"INSERT INTO change (stream, {cells}) SELECT :parent, {cells} FROM change WHERE stream = :n "
                "ORDER BY number LIMIT 1"
            ),
            {"parent": parent, "n": n},
        )
        session.execute(text("UPDATE stream SET last = last + 1, chained = last + 1 WHERE n = :n"), {"n": parent})
    assert f"日志第 {parent} 流与它的分支有重复的号" in run_to_completion(check_integrity(b))


def fold(book):
    """The edits of `HOME` that were superseded leave the journal, whoever has them."""
    with patch.object(compaction._CompactionPolicy, "peers_missing", lambda *_: []):
        assert run_to_completion(compaction.compact(book)).changes


@pytest.mark.parametrize("folded_at", ["copies", "receiver"])
def test_a_fork_among_folded_changes_is_found_where_it_begins(clones, folded_at):
    one, two, b = clones
    for machine, value in ((one, "一"), (two, "二")):
        for n in range(3):
            edit_record(machine, HOME, note=f"{value}{n}", phone=f"1380000000{n}")
    edit_record(two, HOME, address="桥头")
    if folded_at == "copies":
        fold(one), fold(two)
    send(one, b)
    if folded_at == "receiver":
        fold(b)
    assert send(two, b).forked == ("“石桥村 甲”",)
    assert read_cell(b, HOME, "address") == "桥头"
    [conflict] = conflicts.list_conflicts(b)
    assert (conflict.column, {conflict.ours.value, conflict.theirs.value}) == ("note", {"一2", "二2"})
    exchange(one, b), exchange(two, b), exchange(one, b)
    tables = [all_records(book) for book in (one, two, b)]
    assert tables[0] == tables[1] == tables[2]
    for book in (one, two, b):
        assert run_to_completion(check_integrity(book)) == []


def test_nobody_declares_folded_what_nobody_folded(clones):
    one, _, b = clones
    edit_record(one, HOME, note="要藏起来的"), edit_record(one, HOME, phone="13800000001")
    with one.writing() as session:
        found = text("SELECT stream, number, chain FROM change WHERE value = '要藏起来的'")
        stream, number, chain = session.execute(found).one()
        session.execute(
            text("INSERT INTO folded VALUES (:s, :n, :n, :c)"), {"s": stream, "n": number, "c": chain}
        )  # as a relay does that wants to hide it
        session.execute(text("DELETE FROM change WHERE stream = :s AND number = :n"), {"s": stream, "n": number})
    before = all_records(b)
    with pytest.raises(InvalidContent, match="没有哪一条修改替换过它"):
        send(one, b)
    assert all_records(b) == before
