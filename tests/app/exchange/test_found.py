"""What is told of a stick's files, before any of them is opened."""

import pytest

from app.exchange import found, incoming, peers, receipts
from app.exchange.found import on_stick
from app.progress import finish
from tests.app.exchange.team import acquaint, card_of, laptops, packed
from tests.builders import household


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def books(tmp_path):
    books = laptops(tmp_path, "王书记", "李队员")
    yield books
    for book in books:
        book.close()


def looked(book, folder):
    return {one.path.name: one for one in finish(on_stick(book, folder))}


def test_a_package_for_us_is_told_by_who_when_and_how_much(books, stick):
    ours, theirs = books
    with theirs.writing() as session:
        household(session)
    packed(theirs, ours, stick / "给王.hdpack")
    [one] = finish(on_stick(ours, stick))
    assert (one.kind, one.state, one.sender) == ("package", "new", "石桥村 李队员")
    assert one.changes >= 4
    assert len(one.made_at) == 19
    finish(incoming.apply(ours, one.path))
    assert looked(ours, stick)["给王.hdpack"].state == "known"


def test_the_writer_knows_its_own_and_a_third_person_that_it_is_not_theirs(books, stick, tmp_path):
    ours, theirs = books
    [third] = laptops(tmp_path, "赵队员")
    with theirs.writing() as session:
        household(session)
    packed(theirs, ours, stick / "给王.hdpack")
    own = looked(theirs, stick)["给王.hdpack"]
    assert (own.state, own.sentence) == ("own", "本机导出给“石桥村 王书记”的，请交给他")
    assert looked(third, stick)["给王.hdpack"].state == "others"
    third.close()


def test_a_sender_nobody_trusts_is_told_with_the_fingerprint(books, stick, tmp_path):
    [third] = laptops(tmp_path, "赵队员")
    peers.trust(third, card_of(books[0]))
    packed(third, books[0], stick / "a.hdpack")
    one = looked(books[0], stick)["a.hdpack"]
    assert one.state == "refused"
    assert peers.my_card(third).fingerprint in one.sentence
    third.close()


def test_files_that_are_no_packages_have_a_sentence_each(books, stick):
    (stick / "empty.hdpack").write_bytes(b"")
    (stick / "foreign.HDPACK").write_bytes(b"x" * 5000)
    (stick / "card.hdcard").write_text("{}", encoding="utf-8")
    (stick / "photo.jpg").write_bytes(b"")
    packed(books[1], books[0], stick / "half.hdpack")
    (stick / "half.hdpack").write_bytes((stick / "half.hdpack").read_bytes()[:120])
    told = looked(books[0], stick)
    assert {name: one.state for name, one in told.items()} == dict.fromkeys(
        ("empty.hdpack", "foreign.HDPACK", "card.hdcard", "half.hdpack"), "refused"
    )
    assert "不是驻村户档的数据包" in told["empty.hdpack"].sentence
    assert "不完整" in told["half.hdpack"].sentence
    assert "不是有效的名片" in told["card.hdcard"].sentence


def test_cards_new_known_and_our_own(books, stick, tmp_path):
    [third] = laptops(tmp_path, "赵队员")
    for book in (*books, third):
        peers.save_card(book, stick / f"{book.operator}.hdcard")
    told = looked(books[0], stick)
    assert {name: one.state for name, one in told.items()} == {
        "王书记.hdcard": "own",
        "李队员.hdcard": "known",
        "赵队员.hdcard": "new",
    }
    acquaint(books[0], third)
    peers.revoke(books[0], peers.my_card(third).sign_key)
    assert looked(books[0], stick)["赵队员.hdcard"].state == "new"
    third.close()


def test_what_is_worth_opening_comes_first_and_older_before_newer(books, stick):
    ours, theirs = books
    for n in (1, 2):
        with theirs.writing() as session:
            household(session, number=n)
        packed(theirs, ours, stick / f"{9 - n}.hdpack")
    (stick / "0.hdpack").write_bytes(b"")
    peers.save_card(theirs, stick / "a.hdcard")
    names = [one.path.name for one in finish(on_stick(ours, stick))]
    assert names[2:] == ["0.hdpack", "a.hdcard"]
    assert sorted(names[:2]) == ["7.hdpack", "8.hdpack"]
    times = [one.made_at for one in finish(on_stick(ours, stick))[:2]]
    assert times == sorted(times)


def test_one_folder_below_is_looked_into_and_no_deeper(books, stick):
    for place in ("给村里", "给村里/旧", ".Trash", "$RECYCLE.BIN"):
        (stick / place).mkdir()
        peers.save_card(books[1], stick / place / "a.hdcard")
    assert [one.path.parent.name for one in finish(on_stick(books[0], stick))] == ["给村里"]


def test_a_full_stick_is_not_walked_to_its_end(books, stick, monkeypatch):
    monkeypatch.setattr(found, "MOST_LOOKED_AT", 30)
    monkeypatch.setattr(found, "MOST_FOUND", 5)
    for n in range(40):
        (stick / f"{n}.hdcard").write_text("{}", encoding="utf-8")
    assert len(finish(on_stick(books[0], stick))) == 5
    monkeypatch.setattr(found, "MOST_FOUND", 100)
    assert len(finish(on_stick(books[0], stick))) == 30


def test_a_stick_that_is_gone_holds_nothing(books, tmp_path):
    assert finish(on_stick(books[0], tmp_path / "gone")) == ()


def test_a_receipt_is_for_who_sent_the_package_until_it_is_taken_in(books, stick):
    ours, theirs = books
    with theirs.writing() as session:
        household(session)
    finish(incoming.apply(ours, packed(theirs, ours)))
    finish(receipts.write(ours, 1, stick / "r.hdreceipt"))
    (stick / "x.hdreceipt").write_bytes(b"x")
    assert looked(ours, stick)["r.hdreceipt"].state == "others"
    told = looked(theirs, stick)
    assert (told["r.hdreceipt"].state, told["r.hdreceipt"].sender) == ("new", "石桥村 王书记")
    assert told["x.hdreceipt"].state == "refused"
    finish(receipts.read(theirs, stick / "r.hdreceipt"))
    assert looked(theirs, stick)["r.hdreceipt"].state == "known"
