"""What can be wrong with a package or a card: refused with a sentence of its own, and nothing is written."""

import errno
import hashlib
import os
import random
import shutil
import struct
import time
from pathlib import Path

import msgspec
import pyrage
import pytest
import zstandard
from nacl.signing import SigningKey

from app.errors import CorruptFile, NewerVersion, UserError
from app.progress import run_to_completion
from app.sync import package, package_export, package_import, peers
from app.sync.change_encoding import PhotoChunk, encode
from app.sync.errors import (
    InvalidContent,
    NewerPackage,
    NotACard,
    NotAPackage,
    SelfAddressed,
    Tampered,
    Truncated,
    UnknownSender,
    VillageNotPermitted,
    WrongRecipient,
)
from app.workbook import access
from app.workbook.integrity import check_integrity
from db.journal.journal_change import JournalChange
from db.schema.household import Household
from tests.app.sync.peers import (
    OTHER_VILLAGE,
    all_records,
    all_tables,
    card_of,
    close_team,
    edit_record,
    exchange_cards,
    make_team,
    opened_team,
    read_cell,
    send,
)
from tests.app.sync.peers import write_package as package_of
from tests.builders import PASSPHRASE, VILLAGE, household
from tests.faults.killed_work import import_a_package
from tests.warm_processes import other_process

SEED = int(os.environ.get("HUDANG_SEED", "1"))


PAIR = ("甲", "乙")
HOME = Household.id_of(f"{VILLAGE.code}001")
PACKAGE = "给乙.hdpack"


@pytest.fixture(scope="module")
def closed_pair(tmp_path_factory):
    """Two laptops that know a household, and a package of what 甲 changed since."""

    def change_one(books):
        a, b = books
        with a.writing() as session:
            household(session)
        send(a, b)
        send(b, a)
        edit_record(a, HOME, phone="13800000001", note="新")
        package_of(a, b, a.path.with_name(PACKAGE))

    return close_team(tmp_path_factory.mktemp("pair"), PAIR, change_one)


@pytest.fixture
def pair(closed_pair, tmp_path):
    """A package from 甲 that 乙 may import, and what 乙's workbook held before."""
    with opened_team(closed_pair, tmp_path, *PAIR) as (a, b):
        yield a, b, HOME, a.path.with_name(PACKAGE)


def assert_refused(book, path, kind):
    """Verifying and importing both refuse with this kind of error, and leave everything as it was."""
    before = all_tables(book)
    with pytest.raises(kind) as caught:
        run_to_completion(package_import.verify_package(book, path))
    with pytest.raises(kind):
        run_to_completion(package_import.import_package(book, path))
    assert all_tables(book) == before
    sentence = str(caught.value)
    assert sentence.endswith("。")
    return sentence


def frame_borders(raw: bytes) -> list[int]:
    """Where the parts of a package end: magic, version, header, each frame."""
    offsets = [14, 15, 19]
    at = 19 + struct.unpack(">I", raw[15:19])[0]
    offsets += [at, at + 24]
    at += 24
    while at < len(raw):
        offsets.append(at + 4)
        at += 4 + struct.unpack(">I", raw[at : at + 4])[0]
        offsets.append(at)
    return offsets


def test_any_altered_byte(pair, tmp_path):
    _, b, household_id, path = pair
    raw = path.read_bytes()
    chance, mutant, before = random.Random(SEED), tmp_path / "m.hdpack", all_tables(b)
    kinds = set()
    positions = list(range(len(raw))) + [chance.randrange(len(raw)) for _ in range(max(0, 2400 - len(raw)))]
    for position in positions:
        changed = bytearray(raw)
        changed[position] ^= 1 << chance.randrange(8)
        mutant.write_bytes(changed)
        with pytest.raises(UserError) as caught:
            run_to_completion(package_import.import_package(b, mutant))
        kinds.add(type(caught.value))
    assert kinds <= {Tampered, Truncated, NotAPackage, NewerPackage, WrongRecipient}
    assert all_tables(b) == before
    assert run_to_completion(package_import.import_package(b, path)).new_changes == 2
    assert read_cell(b, household_id, "phone") == "13800000001"


def test_bytes_put_in_taken_out_and_swapped(pair, tmp_path):
    _, b, _, path = pair
    raw = path.read_bytes()
    chance, mutant, before = random.Random(SEED), tmp_path / "m.hdpack", all_tables(b)
    for _ in range(300):
        at, to = sorted(chance.sample(range(len(raw)), 2))
        for changed in (raw[:at] + raw[to:], raw[:at] + bytes((chance.randrange(256),)) + raw[at:], raw + raw[at:to]):
            mutant.write_bytes(changed)
            with pytest.raises(UserError):
                run_to_completion(package_import.import_package(b, mutant))
    assert all_tables(b) == before


def test_truncated_anywhere(pair, tmp_path):
    _, b, _, path = pair
    raw = path.read_bytes()
    mutant, before = tmp_path / "m.hdpack", all_tables(b)
    for length in sorted({*frame_borders(raw)[:-1], *range(0, len(raw), 7), len(raw) - 1}):
        mutant.write_bytes(raw[:length])
        with pytest.raises(NotAPackage if length < 14 else Truncated):
            run_to_completion(package_import.verify_package(b, mutant))
    assert frame_borders(raw)[-1] == len(raw)
    assert all_tables(b) == before


def test_frames_swapped_between_packages(pair, tmp_path):
    a, b, household_id, path = pair
    edit_record(a, household_id, note="又")
    other = package_of(a, b)
    first, second = path.read_bytes(), other.read_bytes()
    cut, mutant = frame_borders(first), tmp_path / "m.hdpack"
    cut_second = frame_borders(second)
    for n in range(3, len(cut) - 1):
        mutant.write_bytes(first[: cut[n]] + second[cut_second[n] :])
        assert_refused(b, mutant, CorruptFile)


def test_for_somebody_else(pair):
    a, b, _, _ = pair
    stranger = make_team(a.path.parent, "丁")[0]
    exchange_cards(a, stranger)
    assert "名片" in assert_refused(b, package_of(a, stranger), WrongRecipient)


def test_from_an_unknown_sender(pair):
    _, b, _, _ = pair
    stranger = make_team(b.path.parent, "丁")[0]
    peers.trust(stranger, card_of(b))
    sentence = assert_refused(b, package_of(stranger, b), UnknownSender)
    assert card_of(stranger).fingerprint in sentence
    assert "石桥村 丁" in sentence


def test_our_own_package(pair):
    a, _, _, path = pair
    with pytest.raises(UserError):
        run_to_completion(package_import.import_package(a, path))
    to_self = path.with_name("self.hdpack")
    forge(a, a, to_self, [])
    assert_refused(a, to_self, SelfAddressed)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"HUDANG PACKAG", b"SQLite format 3\0" * 100, b"\0" * 5000])
def test_no_package_at_all(pair, tmp_path, content):
    _, b, _, _ = pair
    (tmp_path / "x.hdpack").write_bytes(content)
    assert_refused(b, tmp_path / "x.hdpack", NotAPackage)


def test_missing_file_and_folder(pair, tmp_path):
    _, b, _, _ = pair
    with pytest.raises(UserError, match="找不到"):
        run_to_completion(package_import.import_package(b, tmp_path / "没有.hdpack"))
    assert_refused(b, tmp_path, UserError)


def test_of_a_newer_version(pair, tmp_path):
    _, b, _, path = pair
    raw = bytearray(path.read_bytes())
    raw[14] = package.FORMAT + 1
    (tmp_path / "n.hdpack").write_bytes(raw)
    assert "升级" in assert_refused(b, tmp_path / "n.hdpack", NewerVersion)


def manifest_of(a, b, **other) -> package.Manifest:
    """A manifest as 甲 would write it now, with something else in it."""
    with a.reading() as session:
        values = package_export._build_manifest(
            session, a, peers.load_own_card(b).sign_key if a is not b else other.pop("peer"), False
        )
    return msgspec.structs.replace(values, **other)


def forge(a, b, path: Path, changes: list[JournalChange], pictures=(), **other) -> Path:
    """A package rightly signed by 甲 with content of our own making."""
    card, own = peers.load_own_card(b), peers.load_own_card(a)
    manifest = package.Manifest(
        schema="1",
        package=os.urandom(16).hex(),
        sender_key=own.sign_key,
        sender_age=own.age_recipient,
        sender_name=own.name,
        sender_role="village",
        operator=a.operator,
        replica=a.replica,
        recipients=[card.age_recipient],
        villages=[VILLAGE.code],
        since=[],
        upto=[(c.village, c.replica, c.number) for c in changes[-1:]],
        changes=len(changes),
        made_at=peers.local_time(),
    )
    with a.reading() as session:
        seed = peers.load_identity(session).sign_seed
    with path.open("wb") as file:
        writer = package.PackageWriter(file, msgspec.structs.replace(manifest, **other), seed)
        if changes:
            writer.put_changes(encode(changes, {}))
        for picture in pictures:
            writer._write_frame(picture)
            writer.pictures += picture.last
        writer.finish()
    return path


def change(number=1, **other) -> JournalChange:
    """A change of a replica that nobody knows."""
    values = JournalChange(
        VILLAGE.code, "ee" * 16, number, "household", f"{number:032x}", "", '{"note": "x", "withdrawn": 0}', 1, "戊", ()
    )
    return values._replace(**other)


def test_a_rightly_made_forgery_is_accepted(pair, tmp_path):
    """So that the refusals below are for their own reasons."""
    a, b, _, _ = pair
    receipt = run_to_completion(package_import.import_package(b, forge(a, b, tmp_path / "f.hdpack", [change()])))
    assert receipt.new_changes == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"column": "id", "value": "x"},
        {"column": "village", "value": OTHER_VILLAGE.code},
        {"value": '{"village": "340828100102"}'},
        {"value": "no json"},
        {"value": '{"note": ["a"]}'},
        {"value": "[" * 100_000},
        {"value": 5},
        {"value": '{"population": "many"}'},
        {"value": '{"population": 1e400}'},
        {"value": '{"population": 99999999999999999999}'},
        {"value": '{"fill_date": "yesterday"}'},
        {"value": '{"fill_date": "20180810"}'},
        {"value": '{"is_military_family": 2}'},
        {"value": '{"note": 5}'},
        {"value": '{"withdrawn": null}'},
        {"column": "note", "value": "no birth"},
        {"value": '{"merged_into": "ffffffffffffffffffffffffffffffff"}'},
        {"number": 2},
        {"number": 0},
        {"stamp": 2**63},
        {"stamp": -1},
        {"column": "note", "value": "x", "replaces": (("ee" * 16, 7),)},
        {"column": "note", "value": "x", "replaces": (("dd" * 16, 1),)},
        {"column": "note", "value": "x", "replaces": (("ee" * 16, 0),)},
        {"table": "drone", "value": '{"n": 99999999999999999999}'},
    ],
)
def test_signed_nonsense(pair, tmp_path, wrong):
    a, b, _, _ = pair
    before = all_tables(b)
    path = forge(a, b, tmp_path / "f.hdpack", [change(**wrong)])
    with pytest.raises(InvalidContent, match="没有导入任何内容"):
        run_to_completion(package_import.import_package(b, path))
    assert all_tables(b) == before


def test_a_row_of_another_village_cannot_be_changed_under_ours(pair, tmp_path):
    a, b, _, _ = pair
    with b.writing() as session:
        theirs = household(session, village=OTHER_VILLAGE.code, number=9).id
    before = all_tables(b)
    for wrong in ({"row": theirs}, {"row": theirs, "column": "note", "value": "x"}):
        with pytest.raises(VillageNotPermitted):
            run_to_completion(package_import.import_package(b, forge(a, b, tmp_path / "f.hdpack", [change(**wrong)])))
    with pytest.raises(VillageNotPermitted):
        run_to_completion(
            package_import.import_package(b, forge(a, b, tmp_path / "f.hdpack", [change(village=OTHER_VILLAGE.code)]))
        )
    villages = [VILLAGE.code, OTHER_VILLAGE.code]
    with pytest.raises(VillageNotPermitted):
        run_to_completion(
            package_import.import_package(b, forge(a, b, tmp_path / "f.hdpack", [change()], villages=villages))
        )
    assert all_tables(b) == before


def test_one_row_cannot_be_two_kinds_of_record(pair, tmp_path):
    a, b, household_id, _ = pair
    assert_refused(b, forge(a, b, tmp_path / "f.hdpack", [change(table="member", row=household_id)]), InvalidContent)
    changes = [change(), change(2, table="member", row=change().row, value='{"name": "x"}')]
    before = all_tables(b)
    with pytest.raises(InvalidContent):
        run_to_completion(package_import.import_package(b, forge(a, b, tmp_path / "g.hdpack", changes)))
    assert all_tables(b) == before


def test_less_or_more_than_announced(pair, tmp_path):
    a, b, _, _ = pair
    for upto in ([(VILLAGE.code, "ee" * 16, 2)], [], [(VILLAGE.code, "dd" * 16, 1)], [(VILLAGE.code, "ee" * 16, -1)]):
        assert_refused(b, forge(a, b, tmp_path / "f.hdpack", [change()], upto=upto), InvalidContent)
    since = [(VILLAGE.code, "ee" * 16, 5)]
    assert_refused(b, forge(a, b, tmp_path / "f.hdpack", [change()], since=since), InvalidContent)


@pytest.mark.parametrize(
    "parts",
    [
        [PhotoChunk(b"\1" * 32, True, b"other")],
        [PhotoChunk(b"\1" * 32, False, b"unfinished")],
        [PhotoChunk(b"\1" * 32, False, b"a"), PhotoChunk(b"\2" * 32, True, b"b")],
    ],
)
def test_pictures_that_are_not_what_they_are_called(pair, tmp_path, parts):
    a, b, _, _ = pair
    assert_refused(b, forge(a, b, tmp_path / "f.hdpack", [], parts), InvalidContent)


def test_blocks_that_contradict_themselves(pair, tmp_path, monkeypatch):
    a, b, _, _ = pair
    good = encode([change(), change(2), change(3)], {})
    wrongs = [
        {"stream": [0, 0]},
        {"stream": [0, 0, 9]},
        {"stream": [0, 0, -1]},
        {"row": [0, 1, 77]},
        {"row": [0, 1, -5]},
        {"cell": [0, 0, 5]},
        {"operator": [-2, 0, 0]},
        {"replaced": [0, 0, 3]},
        {"replaced": [0, 0, -1]},
        {"replaced": [0, 0, 10**9]},
        {"raw_rows": good.raw_rows[:-1]},
        {"raw_rows": b""},
        {"insert_streams": [1, 0, 0]},
        {"insert_streams": [1, 0, 0], "insert_numbers": [5]},
        {"insert_streams": [7, 0, 0], "insert_numbers": [5]},
        {"number": [0, 0, -2]},
        {"number": [2**60, 0, 0]},
        {"clock": [2**62, 2**62, 2**62]},
        {"counter": [-1, 0, 0]},
    ]
    for n, wrong in enumerate(wrongs):
        block = msgspec.structs.replace(good, **wrong)
        monkeypatch.setattr("tests.faults.test_package_faults.encode", lambda *_, block=block: block)
        path = forge(a, b, tmp_path / f"{n}.hdpack", [change(), change(2), change(3)])
        assert_refused(b, path, InvalidContent)


class SealedPackage:
    """Writes frames as they are, to say things that the writer cannot."""

    def __init__(self, a, b, path: Path) -> None:
        self.file = path.open("wb")
        with a.reading() as session:
            seed = peers.load_identity(session).sign_seed
        self.writer = package.PackageWriter(self.file, manifest_of(a, b), seed)

    def frame(self, plain: bytes) -> None:
        libsodium = self.writer._bindings
        sealed = libsodium.crypto_secretstream_xchacha20poly1305_push(self.writer._state, plain, None, 0)
        self.writer._write(struct.pack(">I", len(sealed)) + sealed)

    def finish(self) -> None:
        self.writer.finish()
        self.file.close()


@pytest.mark.parametrize(
    "kind", ["bomb", "no size", "two", "not zstd", "not msgpack", "other type", "array bomb", "empty"]
)
def test_frames_that_unpack_to_something_else(pair, tmp_path, kind):
    a, b, _, _ = pair
    squeeze = zstandard.ZstdCompressor().compress
    frames = {
        "bomb": squeeze(b"\0" * (package.MAX_FRAME_BYTES + 1)),
        "no size": zstandard.ZstdCompressor(write_content_size=False).compress(b"\xc0"),
        "two": squeeze(b"\xc0") * 2,
        "not zstd": b"plain",
        "not msgpack": squeeze(b"\xc1\xc1"),
        "other type": squeeze(msgspec.msgpack.encode({"a": 1})),
        "array bomb": squeeze(b"\x92\xa1c\xdd\xff\xff\xff\xff"),
        "empty": squeeze(b""),
    }
    sealed = SealedPackage(a, b, tmp_path / "s.hdpack")
    sealed.frame(frames[kind])
    sealed.finish()
    assert_refused(b, tmp_path / "s.hdpack", Tampered)


def test_a_recipient_cannot_pass_it_on_as_the_senders(pair, tmp_path):
    """乙 can open what 甲 wrote to 乙, but cannot make of it a package from 甲 to 丙."""
    a, b, _, path = pair
    c = make_team(tmp_path, "丙")[0]
    exchange_cards(a, b, c)
    with b.reading() as session:
        secret = peers.load_identity(session).age_secret
    raw = path.read_bytes()
    length = struct.unpack(">I", raw[15:19])[0]
    key = pyrage.decrypt(raw[19 : 19 + length], [pyrage.x25519.Identity.from_str(secret)])
    again = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(peers.load_own_card(c).age_recipient)])
    (tmp_path / "r.hdpack").write_bytes(raw[:15] + struct.pack(">I", len(again)) + again + raw[19 + length :])
    assert_refused(c, tmp_path / "r.hdpack", WrongRecipient)


def test_signed_by_another_key(pair, tmp_path, monkeypatch):
    a, b, _, _ = pair
    manifest = manifest_of(a, b)
    with (tmp_path / "s.hdpack").open("wb") as file:
        package.PackageWriter(file, manifest, bytes(SigningKey.generate())).finish()
    assert_refused(b, tmp_path / "s.hdpack", Tampered)


def test_a_file_that_was_changed_after_the_preview(pair, tmp_path):
    a, b, household_id, path = pair
    preview = run_to_completion(package_import.verify_package(b, path))
    edit_record(a, household_id, note="别的")
    shutil.copy(package_of(a, b), path)
    before = all_records(b)
    with pytest.raises(Tampered):
        run_to_completion(package_import.import_package(b, preview))
    assert all_records(b) == before


def test_a_stick_that_was_exchanged_while_the_package_was_looked_at(pair):
    """A package is read twice: first its signature, then its content."""
    a, b, household_id, path = pair
    edit_record(a, household_id, note="别的")
    other = package_of(a, b)
    looking = package_import.verify_package(b, path)
    next(looking)
    os.replace(other, path)
    with pytest.raises(Tampered):
        run_to_completion(looking)


def test_two_imports_of_one_preview(pair):
    _, b, _, path = pair
    preview = run_to_completion(package_import.verify_package(b, path))
    assert run_to_completion(package_import.import_package(b, preview)).new_changes == 2
    again = run_to_completion(package_import.import_package(b, preview))
    assert (again.new_changes, again.known_changes) == (0, 2)


def test_one_id_on_two_packages(pair, tmp_path):
    """A replay with other content, rightly signed by the same peer."""
    a, b, _, _ = pair
    first = forge(a, b, tmp_path / "1.hdpack", [change()], package="ab" * 16)
    assert run_to_completion(package_import.import_package(b, first)).new_changes == 1
    assert run_to_completion(package_import.import_package(b, first)).new_changes == 0
    other = forge(a, b, tmp_path / "2.hdpack", [change(replica="dd" * 16)], package="ab" * 16)
    assert "编号相同" in assert_refused(b, other, InvalidContent)
    first.write_bytes(other.read_bytes())  # under the name of the first
    assert_refused(b, first, InvalidContent)


def test_an_id_that_somebody_else_used_before(pair, tmp_path):
    """丙 saw the id of 甲's package, and cannot make 乙 believe that it is in."""
    _, b, household_id, path = pair
    (c,) = make_team(tmp_path, "丙")
    exchange_cards(b, c)
    with path.open("rb") as file, b.reading() as session:
        id = package.PackageReader(file, path.name, peers.load_identity(session).age_secret).manifest.package
    early = forge(c, b, tmp_path / "c.hdpack", [change()], package=id, sender_name="丙")
    assert run_to_completion(package_import.import_package(b, early)).new_changes == 1
    assert not run_to_completion(package_import.verify_package(b, path)).known_before
    assert run_to_completion(package_import.import_package(b, path)).new_changes == 2
    assert read_cell(b, household_id, "phone") == "13800000001"


def test_a_picture_that_nothing_names(pair, tmp_path):
    """Rightly signed, rightly hashed: it would fill the workbook, so it stays outside."""
    a, b, _, _ = pair
    jpeg = b"\xff\xd8" + bytes(5000)
    part = PhotoChunk(hashlib.sha256(jpeg).digest(), True, jpeg)
    before = all_tables(b)["picture"]
    receipt = run_to_completion(
        package_import.import_package(b, forge(a, b, tmp_path / "p.hdpack", [change()], [part]))
    )
    assert (receipt.new_changes, receipt.pictures) == (1, 0)
    assert all_tables(b)["picture"] == before


def test_nonsense_among_the_lacking_pictures(pair, tmp_path):
    a, b, _, _ = pair
    missing_photos = [b"", b"x", b"\0" * 32, b"y" * 100] * 5000
    path = forge(a, b, tmp_path / "p.hdpack", [change()], lacking=missing_photos)
    assert run_to_completion(package_import.import_package(b, path)).new_changes == 1
    assert all_tables(b)["owed_picture"] == []
    assert peers.find_peer(b, peers.load_own_card(a).sign_key).photographs == 0


@pytest.mark.parametrize("made_at", ["1970-01-01 00:00:01", "2099-12-31 23:59:59", "", "不是时间"])
def test_a_sender_whose_clock_is_wrong(pair, tmp_path, made_at):
    a, b, _, path = pair
    forged = forge(a, b, tmp_path / "p.hdpack", [change()], made_at=made_at)
    assert run_to_completion(package_import.verify_package(b, forged)).new_changes == 1
    assert run_to_completion(package_import.import_package(b, forged)).new_changes == 1
    assert run_to_completion(package_import.import_package(b, path)).new_changes == 2


def test_any_altered_byte_of_a_card(pair, tmp_path):
    a, _, _, _ = pair
    path = tmp_path / "x.hdcard"
    peers.save_card(a, path)
    raw, good = path.read_bytes(), peers.read_card(path)
    chance = random.Random(SEED)
    for position in range(len(raw)):
        changed = bytearray(raw)
        changed[position] ^= 1 << chance.randrange(7)
        path.write_bytes(changed)
        try:
            read = peers.read_card(path)
        except NotACard:
            continue
        assert read == good  # blanks between the words, capitals in the signature's digits


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"5", b'{"signature": "00"}', b"\xff\xfe", b"[" * 9000, b"x" * 300_000]
)
def test_no_card(tmp_path, content):
    (tmp_path / "x.hdcard").write_bytes(content)
    with pytest.raises(NotACard):
        peers.read_card(tmp_path / "x.hdcard")


def test_a_full_disk_while_exporting(pair, tmp_path, monkeypatch):
    a, b, _, _ = pair
    target = tmp_path / "full.hdpack"
    target.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="已满"):
        package_of(a, b, target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.glob("full*")) == ["full.hdpack"]
    with pytest.raises(UserError, match="不存在或不能写入"):
        package_of(a, b, tmp_path / "no folder" / "x.hdpack")


def test_nothing_plain_in_package_or_card(pair, tmp_path):
    a, b, household_id, _ = pair
    edit_record(a, household_id, note="不可外传的话")
    raw = package_of(a, b, full=True).read_bytes()
    card = (a.path.with_suffix(".hdcard")).read_bytes()
    for word in ("不可外传的话", "陈卫国", "13800000001", VILLAGE.name, household_id):
        assert word.encode() not in raw
    for word in ("陈卫国", "AGE-SECRET", household_id):
        assert word.encode() not in card


def killed_while_importing(book: Path, path: Path, after: float) -> None:
    """Import in another process, and kill it some seconds after the preview was there."""
    with other_process(import_a_package, book, path) as process:
        assert process.line() == "open"
        time.sleep(after)


@pytest.mark.parametrize("seed", range(3))
def test_killed_in_the_middle_of_an_import(tmp_path, seed):
    a, b = make_team(tmp_path, "甲", "乙")
    with a.writing() as session:
        for n in range(1, 160):
            household(session, number=n)
    path, complete_state = package_of(a, b), all_records(a)["household"]
    b.close()
    chance = random.Random(SEED * 100 + seed)
    for _ in range(4):
        killed_while_importing(b.path, path, chance.uniform(0.0, 0.4))
        b = access.unlock(b.path, PASSPHRASE)
        assert all_records(b)["household"] in ([], complete_state)
        assert run_to_completion(check_integrity(b)) == []
        b.close()
    b = access.unlock(b.path, PASSPHRASE)
    run_to_completion(package_import.import_package(b, path))
    assert all_records(b)["household"] == complete_state
    b.close()
