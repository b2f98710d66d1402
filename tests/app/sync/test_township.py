"""Three villages and their township: each village has its own rows and takes in no other's, whoever sends them."""

from datetime import date

import pytest
from msgspec import structs
from PIL import Image
from sqlalchemy import select

from app.progress import run_to_completion
from app.rectifications.problem_photos import add_problem_photo
from app.sync import package, package_export, package_import, peers
from app.sync.change_encoding import ChangeBlock, decode, encode
from app.sync.errors import InvalidContent, NothingToSend, UnknownPeer, VillageNotPermitted, VillageOutOfScope
from app.workbook.access import NewVillage
from db.journal.journal_change import JournalChange
from db.schema.photo import Photo
from db.schema.rectification import Rectification
from tests import builders
from tests.app.sync.peers import (
    all_records,
    all_tables,
    card_of,
    edit_record,
    journal_entries,
    read_cell,
    send,
    write_package,
)
from tests.builders import household

VILLAGES = tuple(
    NewVillage(name, f"34082810010{n}", "安徽省", "安庆市", "岳西县", "响水镇")
    for n, name in enumerate(("石桥村", "柳树沟村", "杨家湾村"), 1)
)


def sign_key(book):
    return peers.load_own_card(book).sign_key


def make_workbook(folder, operator, village):
    (folder / operator).mkdir()
    return builders.workbook(folder / operator, operator=operator, village=village)


@pytest.fixture
def township(tmp_path):
    """The township's workbook, those of its villages, and one household in each village."""
    town = make_workbook(tmp_path, "乡", VILLAGES[0])
    peers.update_own_card(town, "响水镇扶贫站", "township")
    villages, households = [], []
    for n, village in enumerate(VILLAGES):
        book = make_workbook(tmp_path, f"村{n}", village)
        with book.writing() as session:
            households.append(household(session, village=village.code, number=n + 1).id)
        peers.trust(book, card_of(town))
        peers.trust(town, card_of(book))
        send(book, town)
        villages.append(book)
    yield town, villages, households
    for book in (town, *villages):
        book.close()


def villages_in_package(path, reader):
    """(village of each change and of each stream) of a package."""
    with path.open("rb") as file, reader.reading() as session:
        opened = package.PackageReader(file, path.name, peers.load_identity(session).age_secret)
        villages = set(opened.manifest.villages) | {village for village, _, _ in opened.manifest.upto}
        for block in opened.blocks():
            if isinstance(block, ChangeBlock):
                villages |= {village for village, _ in block.streams}
        return villages


def test_a_package_carries_its_villages_rows_only(township):
    town, villages, households = township
    assert len(all_records(town)["household"]) == 3
    for household_id in households:
        edit_record(town, household_id, note="乡里看过")
    for book, village, household_id in zip(villages, VILLAGES, households, strict=True):
        path = write_package(town, book)
        assert villages_in_package(path, book) == {village.code}
        run_to_completion(package_import.import_package(book, path))
        assert read_cell(book, household_id, "note") == "乡里看过"
        assert {change[0] for change in journal_entries(book)} == {village.code}
        assert {row[-2] for rows in all_records(book).values() for row in rows} <= {village.code, False, True}


def test_a_village_refuses_rows_of_another_even_from_its_township(township):
    town, villages, _ = township
    peers.set_villages(town, sign_key(villages[0]), (VILLAGES[0].code, VILLAGES[1].code))
    before = all_tables(villages[0])
    with pytest.raises(VillageNotPermitted):
        send(town, villages[0])
    assert all_tables(villages[0]) == before


def test_a_village_refuses_its_neighbour(township):
    """Their cards were compared; the neighbour's own rows are refused all the same, and it says what to do."""
    _, (one, other, _), _ = township
    peers.trust(one, card_of(other))
    peers.trust(other, card_of(one))
    with pytest.raises(NothingToSend):
        write_package(other, one)
    peers.set_villages(other, sign_key(one), (VILLAGES[1].code,))
    before = all_tables(one)
    with pytest.raises(VillageOutOfScope, match=r"别的村（.*）的.*请先在“本机名片”里改级别"):
        send(other, one)
    assert all_tables(one) == before
    peers.update_own_card(one, "响水镇扶贫站", "township")
    assert send(other, one).new_changes == 5


def test_a_village_cannot_write_another_villages_rows_at_the_township(township):
    town, (one, _, _), _ = township
    with one.writing() as session:
        household(session, village=VILLAGES[1].code, number=9)
    peers.set_villages(one, sign_key(town), (VILLAGES[0].code, VILLAGES[1].code))
    before = all_tables(town)
    with pytest.raises(VillageNotPermitted, match="柳树沟村"):
        send(one, town)
    assert all_tables(town) == before


def test_detail_of_a_peer(township):
    town, (one, _, _), households = township
    edit_record(town, households[0], note="乡里看过")
    about = peers.peer_detail(town, sign_key(one))
    [share] = about.villages
    assert (share.code, share.name) == (VILLAGES[0].code, "石桥村")
    assert (share.has, share.of, share.waiting, share.percent) == (5, 7, 2, 71)
    assert about.sees == ((VILLAGES[0].code, "石桥村"),)
    assert (about.last_sent, about.last_acknowledged) == (None, None)
    assert about.last_received.changes == 5
    assert about.entry.waiting == 2
    send(town, one), send(one, town)
    about = peers.peer_detail(town, sign_key(one))
    assert (about.villages[0].percent, about.villages[0].waiting) == (100, 0)
    assert about.last_sent.villages == (VILLAGES[0].code,)
    with pytest.raises(UnknownPeer):
        peers.peer_detail(town, "0" * 64)


def test_a_township_and_its_county(township, tmp_path):
    town, _, _ = township
    county = make_workbook(tmp_path, "县", VILLAGES[0])
    peers.update_own_card(county, "县扶贫办", "county")
    assert peers.trust(county, card_of(town)).villages == tuple(v.code for v in VILLAGES)
    assert peers.trust(town, card_of(county)).villages == ()
    send(town, county)
    assert {share.code for share in peers.peer_detail(county, sign_key(town)).villages} == {v.code for v in VILLAGES}
    assert peers.peer_detail(town, sign_key(county)).sees == ()
    peers.set_villages(county, sign_key(town), (VILLAGES[1].code, VILLAGES[2].code))
    assert villages_in_package(write_package(county, town), town) == {VILLAGES[1].code, VILLAGES[2].code}
    with pytest.raises(VillageNotPermitted, match="石桥村"):
        send(town, county)
    county.close()


def test_whom_a_peer_has_revoked_is_told(township):
    town, (one, other, third), _ = township
    peers.trust(one, card_of(town))
    peers.trust(town, card_of(other))
    peers.revoke(town, sign_key(other))
    send(town, one)
    assert peers.peer_detail(one, sign_key(town)).revoked == ("柳树沟村 村1",)
    assert peers.objections(one, sign_key(other)) == (card_of(town).name,)
    sent = run_to_completion(package_export.write_package(town, sign_key(third), third.path.with_suffix(".hdpack")))
    assert sent.villages == (VILLAGES[2].code,)
    peers.trust(town, card_of(other))
    send(town, one)
    assert peers.objections(one, sign_key(other)) == ()


def test_a_change_cannot_replace_one_of_another_village():
    changes = [
        JournalChange("340828100101", replica, 1, "household", "a" * 32, "note", replica, 1 << 20, "甲", replaced)
        for replica, replaced in (("x", ()), ("y", (("x", 1),)))
    ]
    block = encode(changes, {})
    assert decode(block, lambda _: []) == changes
    streams = [
        ("340828100102", replica) if replica == "x" else (village, replica) for village, replica in block.streams
    ]
    with pytest.raises(InvalidContent, match="跨了村"):
        decode(structs.replace(block, streams=streams), lambda _: [])
    with pytest.raises(InvalidContent):
        decode(structs.replace(block, replaced=[-2, 1]), lambda _: [])


def test_one_picture_of_two_villages_is_a_row_of_each(township, tmp_path):
    town, villages, _ = township
    Image.new("RGB", (300, 200), "brown").save(tmp_path / "河道.jpg")
    for book, village in zip(villages[:2], VILLAGES, strict=False):
        problem = Rectification(village=village.code, problem="河道垃圾", found_on=date(2018, 9, 1))
        with book.writing() as session:
            session.add(problem)
            session.flush()
            problem_id = problem.id
        add_problem_photo(book, problem_id, tmp_path / "河道.jpg", "before")
        send(book, town)
    with town.reading() as session:
        kept = session.execute(select(Photo.village, Photo.content)).all()
    assert {village for village, _ in kept} == {village.code for village in VILLAGES[:2]}
    assert len({content for _, content in kept}) == 1
