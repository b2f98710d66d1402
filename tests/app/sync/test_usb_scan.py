"""What is told of a stick's files, before any of them is opened."""

import pytest

from app.progress import run_to_completion
from app.sync import package_import, peers, receipts, usb_scan
from app.sync.usb_scan import scan_folder
from tests.app.sync.peers import card_of, exchange_cards, make_team, write_package
from tests.builders import household


@pytest.fixture
def usb_drive(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def books(tmp_path):
    books = make_team(tmp_path, "王书记", "李队员")
    yield books
    for book in books:
        book.close()


def scan(book, folder):
    return {one.path.name: one for one in run_to_completion(scan_folder(book, folder))}


def test_a_package_for_us_is_told_by_who_when_and_how_much(books, usb_drive):
    ours, peer_book = books
    with peer_book.writing() as session:
        household(session)
    write_package(peer_book, ours, usb_drive / "给王.hdpack")
    [one] = run_to_completion(scan_folder(ours, usb_drive))
    assert (one.kind, one.state, one.sender) == ("package", "new", "石桥村 李队员")
    assert one.changes >= 4
    assert len(one.made_at) == 19
    run_to_completion(package_import.import_package(ours, one.path))
    assert scan(ours, usb_drive)["给王.hdpack"].state == "known"


def test_the_writer_knows_its_own_and_a_third_person_that_it_is_not_theirs(books, usb_drive, tmp_path):
    ours, peer_book = books
    [third] = make_team(tmp_path, "赵队员")
    with peer_book.writing() as session:
        household(session)
    write_package(peer_book, ours, usb_drive / "给王.hdpack")
    own = scan(peer_book, usb_drive)["给王.hdpack"]
    assert (own.state, own.message) == ("own", "本机导出给“石桥村 王书记”的，请交给他")
    assert scan(third, usb_drive)["给王.hdpack"].state == "others"
    third.close()


def test_a_sender_nobody_trusts_is_told_with_the_fingerprint(books, usb_drive, tmp_path):
    [third] = make_team(tmp_path, "赵队员")
    peers.trust(third, card_of(books[0]))
    write_package(third, books[0], usb_drive / "a.hdpack")
    one = scan(books[0], usb_drive)["a.hdpack"]
    assert one.state == "refused"
    assert peers.load_own_card(third).fingerprint in one.message
    third.close()


def test_files_that_are_no_packages_have_a_sentence_each(books, usb_drive):
    (usb_drive / "empty.hdpack").write_bytes(b"")
    (usb_drive / "foreign.HDPACK").write_bytes(b"x" * 5000)
    (usb_drive / "card.hdcard").write_text("{}", encoding="utf-8")
    (usb_drive / "photo.jpg").write_bytes(b"")
    write_package(books[1], books[0], usb_drive / "half.hdpack")
    (usb_drive / "half.hdpack").write_bytes((usb_drive / "half.hdpack").read_bytes()[:120])
    scanned = scan(books[0], usb_drive)
    assert {name: one.state for name, one in scanned.items()} == dict.fromkeys(
        ("empty.hdpack", "foreign.HDPACK", "card.hdcard", "half.hdpack"), "refused"
    )
    assert "不是驻村户档的数据包" in scanned["empty.hdpack"].message
    assert "不完整" in scanned["half.hdpack"].message
    assert "不是有效的名片" in scanned["card.hdcard"].message


def test_cards_new_known_and_our_own(books, usb_drive, tmp_path):
    [third] = make_team(tmp_path, "赵队员")
    for book in (*books, third):
        peers.save_card(book, usb_drive / f"{book.operator}.hdcard")
    scanned = scan(books[0], usb_drive)
    assert {name: one.state for name, one in scanned.items()} == {
        "王书记.hdcard": "own",
        "李队员.hdcard": "known",
        "赵队员.hdcard": "new",
    }
    exchange_cards(books[0], third)
    peers.revoke(books[0], peers.load_own_card(third).sign_key)
    assert scan(books[0], usb_drive)["赵队员.hdcard"].state == "new"
    third.close()


def test_what_is_worth_opening_comes_first_and_older_before_newer(books, usb_drive):
    ours, peer_book = books
    for n in (1, 2):
        with peer_book.writing() as session:
            household(session, number=n)
        write_package(peer_book, ours, usb_drive / f"{9 - n}.hdpack")
    (usb_drive / "0.hdpack").write_bytes(b"")
    peers.save_card(peer_book, usb_drive / "a.hdcard")
    names = [one.path.name for one in run_to_completion(scan_folder(ours, usb_drive))]
    assert names[2:] == ["0.hdpack", "a.hdcard"]
    assert sorted(names[:2]) == ["7.hdpack", "8.hdpack"]
    times = [one.made_at for one in run_to_completion(scan_folder(ours, usb_drive))[:2]]
    assert times == sorted(times)


def test_one_folder_below_is_looked_into_and_no_deeper(books, usb_drive):
    for subfolder in ("给村里", "给村里/旧", ".Trash", "$RECYCLE.BIN"):
        (usb_drive / subfolder).mkdir()
        peers.save_card(books[1], usb_drive / subfolder / "a.hdcard")
    assert [one.path.parent.name for one in run_to_completion(scan_folder(books[0], usb_drive))] == ["给村里"]


def test_a_full_stick_is_not_walked_to_its_end(books, usb_drive, monkeypatch):
    monkeypatch.setattr(usb_scan, "MAX_NAMES", 30)
    monkeypatch.setattr(usb_scan, "MAX_FILES", 5)
    for n in range(40):
        (usb_drive / f"{n}.hdcard").write_text("{}", encoding="utf-8")
    assert len(run_to_completion(scan_folder(books[0], usb_drive))) == 5
    monkeypatch.setattr(usb_scan, "MAX_FILES", 100)
    assert len(run_to_completion(scan_folder(books[0], usb_drive))) == 30


def test_a_stick_that_is_gone_holds_nothing(books, tmp_path):
    assert run_to_completion(scan_folder(books[0], tmp_path / "gone")) == ()


def test_a_stick_that_is_pulled_out_while_it_is_looked_at(books, usb_drive):
    (usb_drive / "a.hdpack").write_bytes(b"HD")
    scanning = scan_folder(books[0], usb_drive)
    next(scanning)
    (usb_drive / "a.hdpack").unlink()
    [one] = run_to_completion(scanning)
    assert (one.kind, one.state) == ("package", "refused")
    assert one.message == "“a.hdpack”读不出来，U 盘可能拔出或坏了。请重新插好再试。"


def test_a_receipt_is_for_who_sent_the_package_until_it_is_taken_in(books, usb_drive):
    ours, peer_book = books
    with peer_book.writing() as session:
        household(session)
    run_to_completion(package_import.import_package(ours, write_package(peer_book, ours)))
    receipts.write(ours, 1, usb_drive / "r.hdreceipt")
    (usb_drive / "x.hdreceipt").write_bytes(b"x")
    assert scan(ours, usb_drive)["r.hdreceipt"].state == "others"
    scanned = scan(peer_book, usb_drive)
    assert (scanned["r.hdreceipt"].state, scanned["r.hdreceipt"].sender) == ("new", "石桥村 王书记")
    assert scanned["x.hdreceipt"].state == "refused"
    receipts.accept(peer_book, usb_drive / "r.hdreceipt")
    assert scan(peer_book, usb_drive)["r.hdreceipt"].state == "known"


def test_a_receipt_names_the_package_by_the_minute_it_was_written(books, usb_drive):
    ours, peer_book = books
    with peer_book.writing() as session:
        household(session)
    run_to_completion(package_import.import_package(ours, write_package(peer_book, ours)))
    receipts.write(ours, 1, usb_drive / "r.hdreceipt")
    written_at = peers.list_packages(peer_book)[0].at
    message = scan(peer_book, usb_drive)["r.hdreceipt"].message
    assert message == f"他收到了 {written_at[: len('2018-08-10 09:30')]} 导出的包，还没有登记"
