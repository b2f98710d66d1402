"""Finding a colleague by what an officer types, and the limits of a card."""

import pytest

from app.errors import UserError
from app.progress import run_to_completion
from app.sync import card_qr, import_undo, peers
from app.sync.errors import NotACard, UnknownPeer
from app.sync.photo_transfer import PhotoSelection, mark_pending, pending, select_photos
from db.schema.exchange import PackageLog
from db.schema.household import Household
from db.schema.photo import Photo, Picture
from db.schema.village import Village
from tests import builders
from tests.app.sync.peers import card_of, exchange_cards, make_team, send


@pytest.fixture
def team(tmp_path):
    books = make_team(tmp_path, "甲", "乙", "丙")
    yield books
    for book in books:
        book.close()


def sign_key(book):
    return peers.load_own_card(book).sign_key


def test_a_peer_is_found_by_name_part_of_it_key_or_card(team):
    ours, second, third = team
    card_path = second.path.with_suffix(".hdcard")
    for query in ("石桥村 乙", "乙", sign_key(second), str(card_path)):
        assert peers.find_peer(ours, query).sign_key == sign_key(second)
    with pytest.raises(UserError, match="有 2 位同事叫“石桥村”"):
        peers.find_peer(ours, "石桥村")
    peers.revoke(ours, sign_key(third))
    assert peers.find_peer(ours, "石桥村").sign_key == sign_key(second)


@pytest.mark.parametrize("query", ["", "丁"])
def test_nothing_typed_and_nobodys_name_find_nobody(team, query):
    peers.revoke(team[0], sign_key(team[2]))
    with pytest.raises(UnknownPeer):
        peers.find_peer(team[0], query)


def test_a_card_may_be_as_large_as_the_limit_and_no_larger(team):
    card = team[1].path.with_suffix(".hdcard")
    card_of(team[1])
    content = card.read_bytes()
    card.write_bytes(content + b" " * (256 * 1024 - len(content)))
    assert peers.read_card(card).sign_key == sign_key(team[1])
    card.write_bytes(content + b" " * (256 * 1024 - len(content) + 1))
    with pytest.raises(NotACard):
        peers.read_card(card)


def test_a_card_keeps_the_name_that_was_set_for_it(team):
    peers.update_own_card(team[1], " 镇扶贫站 ", "township")
    card = card_of(team[1])
    assert (card.name, card.role) == ("镇扶贫站", "township")
    exchange_cards(team[0], team[1])
    assert peers.find_peer(team[0], "扶贫站").sign_key == sign_key(team[1])


@pytest.mark.parametrize(("name", "role"), [("  ", "village"), ("镇扶贫站", "province")])
def test_a_card_needs_a_name_and_a_level(team, name, role):
    before = peers.load_own_card(team[0])
    with pytest.raises(UserError, match="请填写本机在同事名单里的名称"):
        peers.update_own_card(team[0], name, role)
    assert peers.load_own_card(team[0]) == before


def test_an_import_that_brought_nothing_is_not_offered_for_undoing(team):
    with team[0].writing() as session:
        session.add(
            PackageLog(
                way="in", at="2018-12-18 09:30:00", package="ab" * 16, peer="f" * 64, file_name="x", changes=0,
                operator="甲",
            )
        )  # fmt: skip
    assert run_to_completion(import_undo.list_undoable(team[0])) == ()


def test_only_an_import_can_be_undone(team):
    with team[0].writing() as session:
        builders.household(session)
    n = send(team[0], team[1]).n
    with team[0].reading() as session:
        exported = session.query(PackageLog).one()
        assert exported.way == "out"
    for book, number in ((team[0], exported.n), (team[1], n + 99)):
        with pytest.raises(UserError, match="没有这次导入"):
            run_to_completion(import_undo.undo_import(book, number))


def test_an_import_tells_new_records_from_changed_ones(team):
    with team[0].writing() as session:
        builders.household(session, members=2)
    result = send(team[0], team[1])
    assert {t.table: (t.new, t.changed) for t in result.tables} == {"household": (1, 0), "member": (2, 0)}
    with team[0].writing() as session:
        session.query(Household).one().note = "新"
        builders.household(session, members=0, number=2)
    result = send(team[0], team[1])
    assert {t.table: (t.new, t.changed) for t in result.tables} == {"household": (1, 1)}


def test_an_import_names_its_sender_while_the_colleague_is_known(team):
    with team[0].writing() as session:
        builders.household(session)
    send(team[0], team[1])
    (entry,) = run_to_completion(import_undo.list_undoable(team[1]))
    assert (entry.peer, entry.reason) == ("石桥村 甲", "")
    with team[1].writing() as session:
        session.query(PackageLog).one().peer = "f" * 64
    (entry,) = run_to_completion(import_undo.list_undoable(team[1]))
    assert entry.peer == "f" * 16


# which photographs fit into a package


@pytest.fixture
def pictures(team):
    """Pictures a, b and c of 100, 200 and 300 bytes at the first laptop."""
    with team[0].writing() as session:
        household_id = builders.household(session).id
        for name, size in (("a", 100), ("b", 200), ("c", 300)):
            session.add(Picture(sha256=name * 64, jpeg=b"x" * size))
            session.add(Photo(village=builders.VILLAGE.code, household_id=household_id, content=name * 64))
    return team[0]


def hashes(names):
    return tuple(name * 64 for name in names)


@pytest.mark.parametrize(
    ("required", "optional", "limit", "selected", "left_out", "missing"),
    [
        ("abc", "", None, "abc", "", ""),
        ("abc", "", 300, "ab", "c", ""),
        ("abc", "", 299, "a", "bc", ""),
        ("c", "", 10, "c", "", ""),
        ("cab", "", 10, "c", "ab", ""),
        ("ax", "", None, "a", "", "x"),
        ("a", "bc", None, "abc", "", ""),
        ("a", "bc", 300, "ab", "", ""),
        ("a", "ab", 400, "ab", "", ""),
        ("a", "cb", 399, "ab", "", ""),
        ("", "x", None, "", "", ""),
    ],
)
def test_photographs_fill_a_package_up_to_its_limit(pictures, required, optional, limit, selected, left_out, missing):
    with pictures.reading() as session:
        selection = select_photos(session, hashes(required), hashes(optional), limit)
    assert selection == PhotoSelection(hashes(selected), hashes(left_out), hashes(missing))


def test_what_is_pending_for_a_colleague_is_of_the_villages_that_go_to_them(pictures):
    village = builders.VILLAGE.code
    with pictures.writing() as session:
        mark_pending(session, "key", hashes("abx"), [village])
        mark_pending(session, "key", hashes("a"), [village])
        mark_pending(session, "key", hashes("c"), ["340828100102"])
    with pictures.reading() as session:
        assert pending(session, "key", [village]) == dict.fromkeys(hashes("ab"), village)
        assert pending(session, "key", ["340828100102"]) == {}
        assert pending(session, "other", [village]) == {}
    with pictures.writing() as session:
        session.query(Photo).filter_by(content="a" * 64).one().withdrawn = True
    with pictures.reading() as session:
        assert list(pending(session, "key", [village])) == ["a" * 64, "b" * 64]  # it may be restored there


def test_a_card_of_too_many_villages_goes_by_file_only(team):
    with team[0].writing() as session:
        for number in range(700):
            code = f"340828{number * 7919 % 10**6:06}"
            session.add(Village(id=Village.id_of(code), village=code, code=code, name="很长的村名" * 10))
    card = peers.load_own_card(team[0])
    with pytest.raises(UserError, match="一个二维码装不下"):
        card_qr.card_qr_matrix(card)
    with pytest.raises(NotACard):  # more than a card may unpack to
        card_qr.card_from_text(card_qr.card_text(card))
    assert card_of(team[0]).villages == card.villages
    assert len(card.villages) > 700
