"""Trust and revocation under attack: wrong clocks, stolen laptops, forged statements."""

from datetime import datetime
from itertools import permutations
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from app.progress import run_to_completion
from app.sync import package_import, peers
from app.sync.card_statements import CardStatements
from app.sync.errors import RevokedSender
from app.sync.revoked_changes import UnseenChanges
from db.schema.household import Household
from tests.app.sync.peers import (
    all_tables,
    close_team,
    edit_record,
    exchange_cards,
    opened_team,
    read_cell,
    send,
    write_package,
)
from tests.builders import VILLAGE, household
from tests.faults.fault_injection import clock

HOME = Household.id_of(f"{VILLAGE.code}001")
EARLY, LATE = datetime(2010, 1, 1), datetime(2099, 12, 31)


TEAM = ("镇", "甲", "乙", "丙")


@pytest.fixture(scope="module")
def closed_team(tmp_path_factory):
    def know_one_household(books):
        peers.update_own_card(books[0], "镇扶贫站", "township")
        exchange_cards(*books)
        with books[0].operation("新增") as session:
            household(session)
        for other in books[1:]:
            send(books[0], other)

    return close_team(tmp_path_factory.mktemp("team"), TEAM, know_one_household, strangers=True)


@pytest.fixture
def team(closed_team, tmp_path):
    """The township, 甲, 乙 and 丙 of one village, who all have one household of the township's."""
    with opened_team(closed_team, tmp_path, *TEAM) as books:
        yield books


def key(book):
    return peers.load_own_card(book).sign_key


def revoked_at(book):
    return {peer.name for peer in peers.list_peers(book) if peer.revoked_at}


def proposed_at(book):
    return {peer.name: peer.proposed_by for peer in peers.list_peers(book) if peer.proposed_by}


@pytest.mark.parametrize(("first", "then"), [(EARLY, LATE), (LATE, EARLY), (EARLY, EARLY)])
def test_a_revocation_is_counted_and_not_clocked(team, first, then):
    town, a, b, c = team
    send(c, town)
    with clock(first):
        peers.revoke(town, key(c))
        send(town, b)
    assert send(b, a).revoked == ("“石桥村 丙”",)  # through whomever
    with pytest.raises(RevokedSender):
        send(c, a)
    with clock(then):
        peers.trust(town, peers.load_own_card(c))
        assert send(town, a).restored == ("“石桥村 丙”",)
        peers.revoke(town, key(c))
        assert send(town, a).revoked == ("“石桥村 丙”",)
    with clock(first):
        peers.trust(a, peers.load_own_card(c))  # who has met them since
        assert send(town, a).revoked == send(b, a).revoked == ()
        send(c, a)
    peers.revoke(a, key(c)), peers.trust(a, peers.load_own_card(c))
    with clock(then):
        peers.revoke(town, key(c))  # it does not know how often 甲 has decided
        assert send(town, a).revoked == ()
        send(a, town)  # now it does
        peers.revoke(town, key(c))
        assert send(town, a).revoked == ("“石桥村 丙”",)


def test_a_stolen_colleague_can_only_propose(team):
    town, a, b, c = team
    for book in (town, a, b):
        peers.revoke(c, key(book))
    for book in (town, b):  # whatever the thief's program says, it says it
        peers.trust(c, peers.load_own_card(book))
    peers.revoke(c, key(b))
    peers.revoke(c, key(town))
    with patch.object(peers, "shared_villages", lambda *_: {VILLAGE.code}):
        peers.trust(c, peers.load_own_card(a))
        result = send(c, a)
    assert result.revoked == ()
    assert set(result.proposed) == {("石桥村 丙", "石桥村 乙"), ("石桥村 丙", "镇扶贫站")}
    assert "“石桥村 丙”停用了“石桥村 乙”的名片，本机没有跟着停用" in result.message
    assert (revoked_at(a), proposed_at(a)) == (
        set(),
        {"石桥村 乙": ("石桥村 丙",), "镇扶贫站": ("石桥村 丙",)},
    )
    send(b, a), send(town, a)  # as before
    peers.keep(a, key(b))
    assert "石桥村 乙" not in proposed_at(a)
    assert send(c, a).proposed == ()  # the same is not asked again
    peers.revoke(a, key(c))
    assert proposed_at(a) == {}  # nobody listens to whose card is revoked


def test_a_stolen_township_is_obeyed_until_its_card_is_revoked(team):
    town, a, b, c = team
    for book in (a, c):
        peers.revoke(town, key(book))
    assert send(town, b).revoked == ("“石桥村 丙”", "“石桥村 甲”")
    for book in (a, c):
        peers.trust(b, peers.load_own_card(book))  # taken back by the next epoch, whatever was said
    assert (send(town, b).revoked, revoked_at(b)) == ((), set())
    peers.revoke(b, key(town))
    peers.trust(town, peers.load_own_card(c))
    peers.revoke(town, key(c)), peers.revoke(town, key(c))
    peers.trust(town, peers.load_own_card(a))
    send(town, a)  # 甲 has heard nothing and passes it on
    assert send(a, b).revoked == ()
    assert revoked_at(b) == {"镇扶贫站"}


def test_nobody_speaks_for_another_and_nobody_uses_epochs_up(team):
    town, a, b, c = team
    peers.revoke(town, key(b))
    with town.reading() as session:
        [said] = [one for one in CardStatements(session).to_send() if one.subject == key(b)]
    forged = [
        replace(said, epoch=said.epoch + 1),
        replace(said, subject=key(town), signature=said.signature),
        replace(said, author=key(c)),
        replace(said, signature=b""),
    ]
    with patch.object(CardStatements, "to_send", lambda _: forged):
        result = send(c, a)
    assert (result.revoked, revoked_at(a)) == ((), set())
    with patch.object(CardStatements, "_highest", lambda *_: 2**40 - 1):
        peers.revoke(town, key(b))
    result = send(town, a)  # too far from all that is known here to be obeyed: a person decides
    assert (result.revoked, result.proposed) == ((), (("镇扶贫站", "石桥村 乙"),))
    peers.keep(a, key(b))
    peers.revoke(a, key(b))
    peers.trust(a, peers.load_own_card(b))
    assert (revoked_at(a), proposed_at(a)) == (set(), {})


def test_what_a_revoked_replica_wrote_unseen_is_shown_before_it_comes_in(team):
    town, a, b, c = team
    edit_record(c, HOME, note="丙本人写的")
    send(c, town), send(c, b)
    peers.revoke(town, key(c))
    edit_record(c, HOME, phone="13800000009")  # whoever has the laptop now; 乙 does not know
    send(c, b)
    send(town, a)
    path = write_package(b, a)
    preview = run_to_completion(package_import.verify_package(a, path))
    assert [(one.name, one.changes) for one in preview.unseen] == [("石桥村 丙", 1)]
    assert [home.unseen for home in preview.households] == [1]
    assert "名片已停用的“石桥村 丙”写的 1 条修改也在数据包里" in preview.unseen_message
    before = all_tables(a)
    for source in (preview, path):
        with pytest.raises(UnseenChanges, match="“石桥村 丙”1 条"):
            run_to_completion(package_import.import_package(a, source))
    assert all_tables(a) == before
    run_to_completion(package_import.import_package(a, preview, accept_unseen=True))
    assert (read_cell(a, HOME, "note"), read_cell(a, HOME, "phone")) == ("丙本人写的", "13800000009")
    edit_record(b, HOME, note="乙")
    send(b, a)  # what is here is not asked about again


def test_what_the_revoker_had_seen_comes_in_without_a_question(team):
    town, a, b, c = team
    edit_record(c, HOME, note="丙本人写的")
    send(c, town), send(c, b)
    peers.revoke(town, key(c))
    with patch.object(peers, "peer_vector", lambda *_: {}):  # the statement goes ahead of what the township has
        statements = write_package(town, b)
    run_to_completion(package_import.import_package(b, statements))
    peers.trust(a, peers.load_own_card(b))
    assert send(b, a).revoked == ("“石桥村 丙”",)
    assert read_cell(a, HOME, "note") == "丙本人写的"


def test_a_preview_of_before_a_revocation_is_not_applied(team):
    _, a, b, c = team
    edit_record(c, HOME, note="丙写的")
    send(c, b)
    preview = run_to_completion(package_import.verify_package(a, write_package(b, a)))
    peers.revoke(a, key(c))
    with pytest.raises(Exception, match="停用的名片有变化"):
        run_to_completion(package_import.import_package(a, preview))
    assert read_cell(a, HOME, "note") is None


def test_packages_of_the_former_version_are_understood(team):
    town, a, b, c = team
    peers.revoke(town, key(c))
    peers.revoke(b, key(c))
    with patch.object(CardStatements, "to_send", lambda _: None):
        assert send(b, a).proposed == (("石桥村 乙", "石桥村 丙"),)
        assert send(town, a).revoked == ("“石桥村 丙”",)
        peers.trust(a, peers.load_own_card(c))
        assert (send(town, a).revoked, send(b, a).proposed) == ((), ())


def test_workbooks_of_the_former_version_keep_whom_they_revoked(team):
    town, a, _, c = team
    peers.revoke(town, key(c))
    with town.writing() as session:
        session.execute(text("DELETE FROM card_statement"))
    assert revoked_at(town) == {"石桥村 丙"}
    assert send(town, a).revoked == ("“石桥村 丙”",)
    peers.trust(town, peers.load_own_card(c))
    assert (revoked_at(town), send(town, a).restored) == (set(), ("“石桥村 丙”",))


def test_statements_mean_the_same_in_any_order(team):
    town, a, b, c = team
    said = []
    for book, decisions in ((town, (False, True, False)), (b, (False, True, False, True))):
        for trusted in decisions:
            peers.trust(book, peers.load_own_card(c)) if trusted else peers.revoke(book, key(c))
            with book.reading() as session:
                said += [row for row in CardStatements(session).to_send() if row.subject == key(c)]
    manifests = [SimpleNamespace(statements=[row], sender_key=key(town)) for row in said]
    outcomes = set()
    with a.reading() as session:
        for order in list(permutations(manifests))[::101]:
            statements = CardStatements(session)
            for manifest in order:
                statements.receive(manifest, {})
            outcomes.add((tuple(one.epoch for one in statements.in_force(key(c))), *statements.proposals(key(c))))
    assert outcomes == {((4,),)}
