"""A trusted colleague who writes in another's name. 丙 does; 甲 is the one in whose name, 乙 receives."""

from unittest.mock import patch

import pytest
from sqlalchemy import text

from app.sync import peers, stream_marks
from app.sync.errors import ForgedChanges, InvalidContent
from db.schema.household import Household
from tests.app.sync.peers import all_tables, edit_record, exchange_cards, make_team, read_cell, send, write_package
from tests.builders import VILLAGE, household

HOME = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture
def team(tmp_path):
    books = make_team(tmp_path, "甲", "乙", "丙")
    with books[0].operation("新增") as session:
        household(session)
    edit_record(books[0], HOME, note="甲写的")
    for other in books[1:]:
        send(books[0], other), send(other, books[0])
    yield books
    for book in books:
        book.close()


def write_as(forger, replica, value):
    """The next change of a stream, as its owner's program would number and chain it, in the forger's workbook."""
    with forger.writing() as session:
        parameters = {"replica": replica, "row": HOME, "value": value}
        for statement in (
            "UPDATE stream SET last = last + 1 WHERE replica = :replica",
            "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, replaces) "
            "SELECT n, last, 'household', :row, 'note', :value, (SELECT stamp FROM writer), '甲', "
            "(SELECT max(stream || ':' || number) FROM head WHERE row_id = :row AND column_name = 'note') "
            "FROM stream WHERE replica = :replica",
        ):
            session.execute(text(statement), parameters)


def assert_refused(forger, receiver, *names):
    path, before = write_package(forger, receiver), all_tables(receiver)
    with pytest.raises(ForgedChanges) as refused:
        send(forger, receiver)
    assert all(name in str(refused.value) for name in names), str(refused.value)
    assert all_tables(receiver) == before
    path.unlink()


def test_a_forger_is_refused_with_both_names(team):
    a, b, c = team
    replica = a.replica
    write_as(c, replica, "伪造")
    assert_refused(c, b, "“石桥村 丙”", "“石桥村 甲”")
    assert_refused(c, a, "“石桥村 丙”", "“石桥村 甲”")  # the owner takes no change of its own from another
    with c.writing() as session:  # the forger says that the stream is its own, and signs it
        own = peers.load_own_card(c).sign_key
        session.execute(text("UPDATE replica_owner SET sign_key = :own"), {"own": own})
    assert_refused(c, b, "“石桥村 丙”", "“石桥村 甲”")
    with patch.object(stream_marks, "roots", lambda _: {replica: "0" * 32}), pytest.raises(InvalidContent):
        send(c, b)  # the stream of an earlier version would need no proof
    edit_record(a, HOME, note="真的")
    send(a, b)
    assert (read_cell(b, HOME, "note"), a.replica) == ("真的", replica)


def test_what_the_owner_wrote_before_cannot_be_altered_for_a_newcomer(team, tmp_path):
    """And a colleague who altered nothing passes it on with the owner's signature."""
    _, b, c = team
    (tmp_path / "新人").mkdir()
    (newcomer,) = make_team(tmp_path / "新人", "丁")
    exchange_cards(newcomer, b)
    exchange_cards(newcomer, c)
    with c.writing() as session:
        session.execute(text("UPDATE change SET value = '改过', chain = NULL WHERE column_name = 'note'"))
        session.execute(text("UPDATE stream SET chained = 0"))
    assert_refused(c, newcomer, "“石桥村 丙”")
    send(b, newcomer)
    assert read_cell(newcomer, HOME, "note") == "甲写的"
    newcomer.close()
