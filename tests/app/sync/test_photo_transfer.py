"""Photographs within a budget: what finds no room follows, what is lost on the way is sent again."""

import hashlib
import json

import pytest
from sqlalchemy import select, text, update

from app.progress import run_to_completion
from app.sync import package_export, package_import, peers, receipts
from app.workbook import preferences
from db.schema.exchange import PendingPhoto
from db.schema.photo import Photo, Picture
from tests.app.sync.peers import (
    OTHER_VILLAGE,
    all_records,
    edit_record,
    exchange_cards,
    make_team,
    send,
    write_package,
)
from tests.builders import VILLAGE, household

SIZE = 1000


def sign_key(book):
    return peers.load_own_card(book).sign_key


def take(book, *names, village=VILLAGE.code, number=1):
    """Photographs of a household, `SIZE` bytes each; their hashes."""
    hashes = []
    with book.writing() as session:
        household_id = household(session, village=village, number=number).id if number else None
        for name in names:
            jpeg = (name.encode() * SIZE)[:SIZE]
            hashes.append(hashlib.sha256(jpeg).hexdigest())
            session.add(Picture(sha256=hashes[-1], jpeg=jpeg))
            session.add(Photo(village=village, household_id=household_id, content=hashes[-1], caption=name))
    return hashes


def pictures(book):
    with book.reading() as session:
        return set(session.scalars(select(Picture.sha256)))


def write(book, to, room=None, **how):
    path = book.path.with_name(f"{len(list(book.path.parent.glob('*.hdpack')))}.hdpack")
    return run_to_completion(package_export.write_package(book, sign_key(to), path, max_photo_bytes=room, **how))


def take_in(book, sent):
    return run_to_completion(package_import.import_package(book, sent.path))


@pytest.fixture
def pair(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    yield a, b
    a.close()
    b.close()


def test_a_preview_counts_the_pictures_that_are_not_here_yet(pair):
    a, b = pair
    here = set(take(a, *"一二三"))
    take_in(b, write(a, b))
    new = take(a, "四", number=2)
    package = write(a, b, full=True)
    assert package.pictures == 4
    preview = run_to_completion(package_import.verify_package(b, package.path))
    assert preview.pictures == 1
    assert preview.message.endswith("，1 张本机没有的照片。")
    receipt = run_to_completion(package_import.import_package(b, preview))
    assert (receipt.pictures, pictures(b)) == (1, here | set(new))
    again = run_to_completion(package_import.verify_package(b, write(a, b, full=True).path))
    assert (again.known_before, again.new_changes, again.pictures) == (False, 0, 0)
    assert again.message.endswith("的这个包本机都已经有了，没有新内容。")


def test_what_finds_no_room_follows(pair):
    a, b = pair
    hashes = set(take(a, *"一二三四五"))
    first = write(a, b, 2 * SIZE)
    assert (first.pictures, first.left_out) == (2, 3)
    assert "还有 3 张照片没装下，请再导出一个包" in first.message
    assert peers.find_peer(a, sign_key(b)).photographs == 3
    assert peers.list_packages(a)[0].left_out == 3
    assert take_in(b, first).pictures == 2
    send(b, a)
    second = write(a, b, 2 * SIZE)
    assert (second.changes, second.pictures, second.left_out) == (0, 2, 1)
    assert "没有新修改，补上前面没装下的 2 张照片" in second.message
    third = write(a, b, 2 * SIZE)
    assert (third.changes, third.pictures, third.left_out) == (0, 1, 0)
    assert "没有新内容" in write(a, b, 2 * SIZE).message
    preview = run_to_completion(package_import.verify_package(b, second.path))
    assert "带来 2 张照片" in preview.message
    receipt = run_to_completion(package_import.import_package(b, preview))
    assert (receipt.new_changes, receipt.pictures) == (0, 2)
    assert "补上了 2 张照片" in receipt.message
    take_in(b, third)
    assert pictures(b) == hashes
    assert all_records(a) == all_records(b)


def test_one_after_the_other_without_an_answer(pair):
    """The officer exports until nothing is left, then carries all files over; the last of them may be read first."""
    a, b = pair
    hashes = set(take(a, *"一二三四五"))
    files = [write(a, b, 2 * SIZE)]
    while files[-1].left_out:
        files.append(write(a, b, 2 * SIZE))
    assert [sent.left_out for sent in files] == [3, 1, 0]
    for sent in reversed(files):
        take_in(b, sent)
    assert pictures(b) == hashes


def test_new_photographs_wait_behind_those_that_are_owed(pair):
    a, b = pair
    old = take(a, *"一二三")
    write(a, b, 2 * SIZE)
    [new] = take(a, "新", number=2)
    sent = write(a, b, SIZE)
    assert (sent.pictures, sent.left_out) == (1, 1)
    take_in(b, sent)
    assert pictures(b) < set(old)
    last = write(a, b, SIZE)
    assert last.left_out == 0
    take_in(b, last)
    assert new in pictures(b)


def test_a_follow_up_that_is_lost_is_asked_for(pair):
    a, b = pair
    hashes = set(take(a, *"一二三"))
    take_in(b, write(a, b, SIZE))
    lost = write(a, b, 5 * SIZE)
    assert lost.left_out == 0
    lost.path.unlink()
    assert peers.find_peer(a, sign_key(b)).photographs == 0
    send(b, a)  # its manifest names what it lacks
    assert peers.find_peer(a, sign_key(b)).photographs == 2
    again = write(a, b)
    assert (again.changes, again.pictures) == (0, 2)
    take_in(b, again)
    assert pictures(b) == hashes
    send(b, a)
    assert write(a, b).pictures == 0


def test_a_withdrawn_photographs_picture_is_asked_for_as_well(pair):
    """It may be restored on a laptop that never had the picture."""
    a, b = pair
    hashes = set(take(a, *"一二"))
    write(a, b, SIZE).path.unlink()
    with a.writing() as session:
        session.execute(update(Photo).values(withdrawn=True))
    take_in(b, write(a, b, SIZE))
    take_in(a, write(b, a))
    take_in(b, write(a, b))
    assert pictures(b) == hashes


def test_a_first_package_that_is_lost_is_sent_again(pair):
    a, b = pair
    hashes = set(take(a, *"一二三"))
    write(a, b).path.unlink()
    again = write(a, b)
    assert again.pictures == 3
    take_in(b, again)
    assert pictures(b) == hashes


def test_a_receipt_names_what_is_lacking_too(pair):
    a, b = pair
    take(a, *"一二三")
    lost = write(a, b, SIZE)
    receipt = take_in(b, write(a, b, SIZE))
    write(a, b, SIZE)
    lost.path.unlink()
    assert peers.find_peer(a, sign_key(b)).photographs == 0
    file = b.path.with_suffix(".hdreceipt")
    receipts.write(b, receipt.n, file)
    assert receipts.accept(a, file).photographs == 2
    assert write(a, b).changes == 0


def test_a_picture_larger_than_the_room_goes_alone(pair):
    a, b = pair
    hashes = set(take(a, *"一二"))
    assert [(sent.pictures, sent.left_out) for sent in (write(a, b, 1), write(a, b, 1))] == [(1, 1), (1, 0)]
    assert len(hashes) == 2


def test_the_preference(pair):
    a, b = pair
    with a.writing() as session:
        household_id = household(session).id
        for n in range(3):
            jpeg = bytes((n,)) * 2**19
            session.add(Picture(sha256=hashlib.sha256(jpeg).hexdigest(), jpeg=jpeg))
            session.add(
                Photo(village=VILLAGE.code, household_id=household_id, content=hashlib.sha256(jpeg).hexdigest())
            )
    preferences.save(a, "package_photographs", 1)
    assert (write(a, b).pictures, write(a, b, full=True).left_out) == (2, 1)
    preferences.save(a, "package_photographs", 0)
    assert write(a, b, full=True).left_out == 0


def test_what_we_lack_ourselves_follows_when_it_comes(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    hashes = set(take(a, *"一二"))
    take_in(b, write(a, b, SIZE))
    assert send(b, c).pictures == 1  # 乙 passes on what it has
    assert peers.find_peer(b, sign_key(c)).photographs == 0
    take_in(b, write(a, b, SIZE))
    assert peers.find_peer(b, sign_key(c)).photographs == 1
    send(b, c)
    assert pictures(c) == hashes
    for book in (a, b, c):
        book.close()


def test_a_picture_that_no_record_names_is_not_taken_in(pair):
    a, b = pair
    [stored_photo] = take(a, "一")
    [orphan_photo] = take(a, "二", number=2)
    with a.writing() as session:
        photo = session.scalars(select(Photo).where(Photo.content == orphan_photo)).one()
        session.execute(text("UPDATE photo SET content = :c WHERE id = :id"), {"c": stored_photo, "id": photo.id})
    receipt = take_in(b, write(a, b))
    assert receipt.pictures == 1
    assert pictures(b) == {stored_photo}


def test_a_peer_cannot_ask_for_pictures_of_a_village_it_may_not_see(pair, monkeypatch):
    """It knows the hash of one of another village, from whomever."""
    from app.sync import photo_transfer

    a, b = pair
    [open_] = take(a, "一")
    with a.writing() as session:
        household(session, village=OTHER_VILLAGE.code, number=7)
    [secret] = take(a, "密", village=OTHER_VILLAGE.code, number=8)
    take_in(b, write(a, b))
    with monkeypatch.context() as patch:
        patch.setattr(photo_transfer, "missing", lambda *_: [secret, open_, "00" * 32])
        asking = write_package(b, a)
    run_to_completion(package_import.import_package(a, asking))
    with a.reading() as session:
        assert set(session.scalars(select(PendingPhoto.sha256))) == {open_}
    sent = write(a, b)
    assert (sent.changes, sent.pictures) == (0, 1)


def test_the_manifest_names_no_more_than_it_may(pair, monkeypatch):
    from app.sync import photo_transfer
    from app.sync.package import PackageReader

    a, b = pair
    take(a, *"一二三四五")
    take_in(b, write(a, b, SIZE))
    monkeypatch.setattr(photo_transfer, "MAX_MISSING_LISTED", 3)
    with write_package(b, a).open("rb") as file, a.reading() as session:
        manifest = PackageReader(file, "p", peers.load_identity(session).age_secret).manifest
    assert len(manifest.lacking) == 3
    assert {len(one) for one in manifest.lacking} == {32}


def test_cancelling_owes_nothing_and_sends_nothing(pair):
    a, b = pair
    take(a, *"一二三")
    task = package_export.write_package(a, sign_key(b), a.path.with_suffix(".hdpack"), max_photo_bytes=SIZE)
    while next(task).message != "导出照片":
        pass
    task.close()
    assert peers.find_peer(a, sign_key(b)).photographs == 0
    assert peers.list_packages(a) == ()
    assert write(a, b).pictures == 3


def test_detail_tells_photographs_by_village(tmp_path):
    (township,) = make_team(tmp_path, "乡")
    (tmp_path / "县").mkdir()
    from tests.builders import workbook

    county = workbook(tmp_path / "县", operator="县")
    peers.update_own_card(township, "响水镇扶贫站", "township")
    peers.update_own_card(county, "县扶贫办", "county")
    exchange_cards(township, county)
    take(township, *"一二")
    take(township, *"三四五", village=OTHER_VILLAGE.code, number=7)
    write(township, county, 2 * SIZE)
    shares = {share.code: share for share in peers.peer_detail(township, sign_key(county)).villages}
    assert sum(share.photographs for share in shares.values()) == 3
    assert {code: share.has for code, share in shares.items()} == {VILLAGE.code: 0, OTHER_VILLAGE.code: 0}
    assert json.loads(peers.list_packages(township)[0].result) == {"left_out": 3}
    township.close()
    county.close()


def test_a_note_that_changes_does_not_send_a_picture_again(pair):
    a, b = pair
    take(a, "一")
    send(a, b), send(b, a)
    with a.reading() as session:
        photo = session.scalars(select(Photo.id)).one()
    edit_record(a, photo, Photo, caption="门前")
    assert write(a, b).pictures == 0
