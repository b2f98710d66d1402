"""Old and new programs talk, with files that the first version wrote itself (commit 9a9548d, tables of revision 0001).

`v0001.hdb`: 甲's workbook: three households, a visit, a photograph, edits; it trusts 乙 and 丙, and had imported a
package of a program of revision 0002 (forms, an edited answer, a rectification, a form's photograph) before it closed.
`v0001.hdpack`: what it had exported to 乙 before that, whose keys are below; `v0001.hdcard`: its card.
"""

import hashlib
import shutil
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import select, text

import db.migrate as migrate
from app.progress import run_to_completion
from app.sync import package_import, peers, receipts
from app.sync.errors import ForgedChanges
from app.workbook import access
from app.workbook.integrity import check_integrity
from db.journal.merge import version_vector
from db.schema import records
from db.schema.aid import Visit
from db.schema.exchange import Identity, ReplicaOwner
from db.schema.form import FormAnswer, FormEntry, FormVersion
from db.schema.household import Household, Member
from db.schema.photo import Photo, Picture
from tests.app.sync.peers import all_records, edit_record, exchange_cards, open_former, read_cell, send
from tests.builders import PASSPHRASE, VILLAGE, workbook, write_as_newer
from tests.faults.test_forged_streams import write_as

TESTS = Path(__file__).parents[2]
# 乙's keys, made for this test and used for nothing else
AGE = "AGE-SECRET-KEY-1EAS97QXNHFZ9XYWKS8ZD7PS0JV7UWWNN8T2NTUJ59E8MJF0JJN7QHJ2VKX"
SEED = hashlib.sha256(b"hudang fixture").digest()


@pytest.fixture
def old(tmp_path):
    """甲's workbook, opened by this program."""
    book = open_former("v0001.hdb", tmp_path, "甲")
    book.operator = "甲"
    yield book
    book.close()


def workbook_with_keys(folder):
    """乙's workbook with the keys for which the fixtures were written."""
    identity = Identity(workbook="0" * 32, name=VILLAGE.name, age_secret=AGE, sign_seed=SEED)
    with patch.object(access, "new_identity", lambda _: identity):
        return workbook(folder, operator="乙")


@pytest.fixture
def receiver(tmp_path):
    """乙's workbook, made by this program."""
    (tmp_path / "乙").mkdir()
    book = workbook_with_keys(tmp_path / "乙")
    peers.trust(book, peers.read_card(TESTS / "data" / "v0001.hdcard"))
    yield book
    book.close()


def test_an_old_workbook_is_whole_after_its_upgrade(old, tmp_path):
    with old.reading() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == migrate.known_revisions()[-1]
        assert session.query(Household).count() == 4
        assert session.query(Member).count() == 12
        assert session.scalars(select(Visit.visited_on)).all() == [date(2018, 8, 1)]
        assert session.query(Picture).count() == 2
    household_id = f"{VILLAGE.code}002"
    assert read_cell(old, Household.id_of(household_id), "phone") == "13900000003"
    assert run_to_completion(check_integrity(old)) == []
    assert [(peer.name, peer.revoked_at) for peer in peers.list_peers(old)] == [("石桥村 丙", ""), ("石桥村 乙", "")]
    assert peers.load_own_card(old).sign_key == peers.read_card(TESTS / "data" / "v0001.hdcard").sign_key
    assert [entry.way for entry in peers.list_packages(old)] == ["in", "out"]
    assert (tmp_path / "甲" / "石桥村.v0001.hdb").is_file()  # the original, as it was


def test_what_the_old_program_could_not_show_appears(old):
    """It imported forms, answers, a rectification and a photograph's form without knowing what they are."""
    with old.reading() as session:
        form = session.scalars(select(FormVersion)).one()
        entry = session.scalars(select(FormEntry)).one()
        answer = session.scalars(select(FormAnswer)).one()
        rectification = session.scalars(select(records()["rectification"])).one()
        photo = session.scalars(select(Photo).where(Photo.caption == "水龙头")).one()
        assert (form.title, entry.form_id, entry.year, entry.filled_on) == (
            "安全饮水核查",
            form.id,
            2018,
            date(2018, 8, 2),
        )
        assert (answer.entry_id, answer.value) == (entry.id, "自来水，已通")
        assert (rectification.problem, rectification.done_on) == ("水压不足", date(2018, 8, 9))
        assert photo.entry_id == entry.id
        assert session.get(Picture, photo.content) is not None


def test_an_old_package_is_imported(receiver):
    path = TESTS / "data" / "v0001.hdpack"
    preview = run_to_completion(package_import.verify_package(receiver, path))
    assert not preview.newer_schema
    receipt = run_to_completion(package_import.import_package(receiver, preview))
    assert (receipt.new_changes, receipt.pictures, receipt.conflicts) == (preview.new_changes, 1, 0)
    with receiver.reading() as session:
        assert session.query(Household).count() == 3
    assert read_cell(receiver, Household.id_of(f"{VILLAGE.code}002"), "note") == "旧版本写的"
    assert run_to_completion(check_integrity(receiver)) == []


def test_old_and_new_go_on_exchanging(old, receiver):
    run_to_completion(package_import.import_package(receiver, TESTS / "data" / "v0001.hdpack"))
    edit_record(receiver, Household.id_of(f"{VILLAGE.code}001"), note="乙看过")
    send(receiver, old), send(old, receiver), send(receiver, old)
    assert all_records(old) == all_records(receiver)


def test_nobody_continues_what_the_old_program_wrote_once_its_owner_has_signed(old, receiver, tmp_path):
    run_to_completion(package_import.import_package(receiver, TESTS / "data" / "v0001.hdpack"))
    with receiver.reading() as session:
        (former,) = {replica for _, replica in version_vector(session)} - {receiver.replica}
    with old.writing() as session:  # opening notes it where the file lies; the fixture was copied in between
        session.add(ReplicaOwner(replica=former, sign_key=peers.load_own_card(old).sign_key, nonce=b""))
    (tmp_path / "丙").mkdir()
    forger = workbook(tmp_path / "丙", operator="丙")
    exchange_cards(receiver, forger)
    send(receiver, old), send(old, receiver), send(receiver, forger)
    edit_record(forger, Household.id_of(f"{VILLAGE.code}001"), note="丙看过")
    write_as(forger, former, "伪造")
    with pytest.raises(ForgedChanges, match=r"“石桥村 丙”.*“石桥村 甲”"):
        send(forger, receiver)
    forger.close()


def test_what_nobody_has_signed_is_told_until_its_owner_does(old, receiver):
    run_to_completion(package_import.import_package(receiver, TESTS / "data" / "v0001.hdpack"))
    assert "“石桥村 甲” 18 条" in peers.unproven_message(receiver)
    with receiver.reading() as session:
        (former,) = {replica for _, replica in version_vector(session)} - {receiver.replica}
    with old.writing() as session:  # as above
        session.add(ReplicaOwner(replica=former, sign_key=peers.load_own_card(old).sign_key, nonce=b""))
    exchange_cards(old, receiver)
    send(old, receiver)
    assert "甲" not in peers.unproven_message(receiver)


def test_a_receipt_for_a_package_of_the_old_program(old, receiver, tmp_path):
    """Its log keeps no digest, so the file is believed by the package's id, and a code cannot be."""
    n = run_to_completion(package_import.import_package(receiver, TESTS / "data" / "v0001.hdpack")).n
    receipts.write(receiver, n, tmp_path / "r.hdreceipt")
    acknowledged = receipts.accept(old, tmp_path / "r.hdreceipt")
    assert peers.list_packages(old)[-1].acknowledged_at
    assert acknowledged.waiting == 12  # what came from 丙 afterwards


def test_rows_of_a_table_that_a_later_version_adds(tmp_path, monkeypatch):
    """A package of the next program comes here; its rows are kept and shown once this one is upgraded."""
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    a, b = workbook(tmp_path / "a", operator="甲"), workbook(tmp_path / "b", operator="乙")
    exchange_cards(a, b)
    write_as_newer(a, "solar_roof", "f" * 32, "", '{"panels": 12, "withdrawn": 0}')
    write_as_newer(a, "solar_roof", "f" * 32, "panels", 14)
    assert send(a, b).new_changes == 3
    b.close()
    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts)
    (scripts / "versions" / "v9998_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9998'\ndown_revision = '{migrate.known_revisions()[-1]}'\n"
        "def upgrade():\n"
        "    op.create_table('solar_roof', sa.Column('id', sa.String(32), primary_key=True),\n"
        "        sa.Column('village', sa.String(12)), sa.Column('panels', sa.Integer()),\n"
        "        sa.Column('withdrawn', sa.Boolean(), server_default='0'))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    known = records()
    monkeypatch.setattr(migrate, "records", lambda: known | {"solar_roof": None})
    b = access.unlock(b.path, PASSPHRASE)
    with b.reading() as session:
        rows = session.execute(text("SELECT id, village, panels, withdrawn FROM solar_roof")).all()
    assert [tuple(row) for row in rows] == [("f" * 32, VILLAGE.code, 14, 0)]
    a.close()
    b.close()


def test_the_card_of_the_old_program_is_a_sign_too():
    card = peers.read_card(TESTS / "data" / "v0001.hdcard")
    assert peers.card_from_text(peers.card_text(card)) == card
