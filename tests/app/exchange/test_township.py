"""Three villages and their township: each village has its own rows and takes in no other's, whoever sends them."""

import pytest

from app.exchange import incoming, outgoing, package, peers
from app.exchange.blocks import ChangeBlock
from app.exchange.refusals import ForeignVillage, NothingToSend, OtherVillage, UnknownPeer
from app.progress import finish
from app.workbook.access import NewVillage
from tests import builders
from tests.app.exchange.team import all_records, all_tables, card_of, cell, edit, journal, packed, send
from tests.builders import household

VILLAGES = tuple(
    NewVillage(name, f"34082810010{n}", "安徽省", "安庆市", "岳西县", "响水镇")
    for n, name in enumerate(("石桥村", "柳树沟村", "杨家湾村"), 1)
)


def key(book):
    return peers.my_card(book).sign_key


def made(folder, operator, village):
    (folder / operator).mkdir()
    return builders.workbook(folder / operator, operator=operator, village=village)


@pytest.fixture
def township(tmp_path):
    """The township's workbook, those of its villages, and one household in each village."""
    town = made(tmp_path, "乡", VILLAGES[0])
    peers.name_my_card(town, "响水镇扶贫站", "township")
    villages, homes = [], []
    for n, village in enumerate(VILLAGES):
        book = made(tmp_path, f"村{n}", village)
        with book.writing() as session:
            homes.append(household(session, village=village.code, number=n + 1).id)
        peers.trust(book, card_of(town))
        peers.trust(town, card_of(book))
        send(book, town)
        villages.append(book)
    yield town, villages, homes
    for book in (town, *villages):
        book.close()


def carried(path, reader):
    """(village of each change and of each stream) of a package."""
    with path.open("rb") as file, reader.reading() as session:
        opened = package.PackageReader(file, path.name, peers.identity(session).age_secret)
        found = set(opened.manifest.villages) | {village for village, _, _ in opened.manifest.upto}
        for block in opened.blocks():
            if isinstance(block, ChangeBlock):
                found |= {village for village, _ in block.streams}
        return found


def test_a_package_carries_its_villages_rows_only(township):
    town, villages, homes = township
    assert len(all_records(town)["household"]) == 3
    for home in homes:
        edit(town, home, note="乡里看过")
    for book, village, home in zip(villages, VILLAGES, homes, strict=True):
        path = packed(town, book)
        assert carried(path, book) == {village.code}
        finish(incoming.apply(book, path))
        assert cell(book, home, "note") == "乡里看过"
        assert {change[0] for change in journal(book)} == {village.code}
        assert {row[-2] for rows in all_records(book).values() for row in rows} <= {village.code, False, True}


def test_a_village_refuses_rows_of_another_even_from_its_township(township):
    town, villages, _ = township
    peers.set_villages(town, key(villages[0]), (VILLAGES[0].code, VILLAGES[1].code))
    before = all_tables(villages[0])
    with pytest.raises(ForeignVillage):
        send(town, villages[0])
    assert all_tables(villages[0]) == before


def test_a_village_refuses_its_neighbour(township):
    """Their cards were compared; the neighbour's own rows are refused all the same, and it says what to do."""
    _, (one, other, _), _ = township
    peers.trust(one, card_of(other))
    peers.trust(other, card_of(one))
    with pytest.raises(NothingToSend):
        packed(other, one)
    peers.set_villages(other, key(one), (VILLAGES[1].code,))
    before = all_tables(one)
    with pytest.raises(OtherVillage, match=r"别的村（.*）的.*请先在“本机名片”里改级别"):
        send(other, one)
    assert all_tables(one) == before
    peers.name_my_card(one, "响水镇扶贫站", "township")
    assert send(other, one).new_changes == 5


def test_a_village_cannot_write_another_villages_rows_at_the_township(township):
    town, (one, _, _), _ = township
    with one.writing() as session:
        household(session, village=VILLAGES[1].code, number=9)
    peers.set_villages(one, key(town), (VILLAGES[0].code, VILLAGES[1].code))
    before = all_tables(town)
    with pytest.raises(ForeignVillage, match="柳树沟村"):
        send(one, town)
    assert all_tables(town) == before


def test_detail_of_a_peer(township):
    town, (one, _, _), homes = township
    edit(town, homes[0], note="乡里看过")
    about = peers.detail(town, key(one))
    [share] = about.villages
    assert (share.code, share.name) == (VILLAGES[0].code, "石桥村")
    assert (share.has, share.of, share.waiting, share.percent) == (5, 7, 2, 71)
    assert about.sees == ((VILLAGES[0].code, "石桥村"),)
    assert (about.last_sent, about.last_acknowledged) == (None, None)
    assert about.last_received.changes == 5
    assert about.entry.waiting == 2
    send(town, one), send(one, town)
    about = peers.detail(town, key(one))
    assert (about.villages[0].percent, about.villages[0].waiting) == (100, 0)
    assert about.last_sent.villages == (VILLAGES[0].code,)
    with pytest.raises(UnknownPeer):
        peers.detail(town, "0" * 64)


def test_a_township_and_its_county(township, tmp_path):
    town, _, _ = township
    county = made(tmp_path, "县", VILLAGES[0])
    peers.name_my_card(county, "县扶贫办", "county")
    assert peers.trust(county, card_of(town)).villages == tuple(v.code for v in VILLAGES)
    assert peers.trust(town, card_of(county)).villages == ()
    send(town, county)
    assert {share.code for share in peers.detail(county, key(town)).villages} == {v.code for v in VILLAGES}
    assert peers.detail(town, key(county)).sees == ()
    peers.set_villages(county, key(town), (VILLAGES[1].code, VILLAGES[2].code))
    assert carried(packed(county, town), town) == {VILLAGES[1].code, VILLAGES[2].code}
    with pytest.raises(ForeignVillage, match="石桥村"):
        send(town, county)
    county.close()


def test_whom_a_peer_has_revoked_is_told(township):
    town, (one, other, third), _ = township
    peers.trust(one, card_of(town))
    peers.trust(town, card_of(other))
    peers.revoke(town, key(other))
    send(town, one)
    assert [name for name, _ in peers.detail(one, key(town)).revoked] == ["柳树沟村 村1"]
    sent = finish(outgoing.write_package(town, key(third), third.path.with_suffix(".hdpack")))
    assert sent.villages == (VILLAGES[2].code,)
