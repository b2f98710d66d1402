"""What a database may be like, and what a person is told: nothing is ever half published, and no password is shown."""

import logging
import sys
from contextlib import contextmanager
from datetime import date

import psycopg
import pytest

from app.__main__ import main
from app.errors import NewerVersion, NotPermitted, UserError
from app.publishing import publish as publishing
from app.publishing.target import target_of
from app.workbook import access
from app.workbook.audit_log import logged_exports
from app.workbook.keyring import TEST_COST
from app.workbook.roles import READER
from db import migrate
from db.schema.village import Village
from tests.app.publishing.county_database import expected_rows
from tests.app.publishing.killed_publishing import publish_until
from tests.builders import PASSPHRASE, household, id_number, workbook
from tests.machine_memory import remembering_in
from tests.postgres import COUNTY, SECRET
from tests.warm_processes import other_process

_PHONE, _CARD, _READER_PASSPHRASE = "13856430011", "6228480402564890018", "晨雾梯田 2018"
_OTHER = "340828100102"
_ID_NUMBER = id_number(date(1970, 1, 2), 0)  # of the head
_OF_NOW = f"UPDATE hudang.published_schema SET revision = '{migrate.known_revisions()[-1]}'"


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """One household whose numbers are known, in one of two villages."""
    with remembering_in(tmp_path_factory.mktemp("state")):
        book = workbook(tmp_path_factory.mktemp("book"))
        with book.writing() as session:
            household(session, phone=_PHONE, bank_card_no=_CARD, note=f"另一个号码{_PHONE}")
            session.add(Village(id=Village.id_of(_OTHER), village=_OTHER, code=_OTHER, name="河湾村"))
            household(session, village=_OTHER, members=1)
        access.add_operator(book, "李督查", _READER_PASSPHRASE, proof=PASSPHRASE, role=READER, cost=TEST_COST)
        book.close()
    return book.path


@pytest.fixture
def book(stored):
    book = access.unlock(stored, PASSPHRASE)
    yield book
    book.close()


def refusal(county, book, **more):
    with pytest.raises(UserError) as refused:
        county.publish(book, **more)
    assert "Error" not in str(refused.value)
    return str(refused.value)


@contextmanager
def altered(county, before, after):
    """The common database, altered for a while."""
    county.query(before)
    try:
        yield
    finally:
        county.query("SET default_transaction_read_only = off", after)


def is_untouched(county):
    """Nothing of any village was published."""
    kept = county.query(
        "SELECT (SELECT count(*) FROM hudang.published_log) + (SELECT count(*) FROM hudang.published_position)"
    )
    return county.rows() == {} and kept == [(0,)]


def whole_numbers(county):
    """The numbers of the household that stand anywhere in the database as they are."""
    text = str(county.rows())
    return {number for number in (_PHONE, _CARD, _ID_NUMBER) if number in text}


def test_numbers_are_masked_unless_there_is_a_reason(book, county):
    county.publish(book)
    assert whole_numbers(county) == set()
    assert county.query("SELECT phone, bank_card_no, note FROM hudang.household WHERE phone IS NOT NULL") == [
        ("138****0011", "****0018", "另一个号码138****0011")
    ]
    assert [told.outcome for told in county.publish(book, "县局核对")] == ["whole", "whole"]
    assert whole_numbers(county) == {_PHONE, _CARD, _ID_NUMBER}
    county.publish(book)
    assert whole_numbers(county) == set()
    with book.reading() as session:
        lines = [one.what for one in logged_exports(session, typed="石桥村", limit=3)]
    assert ["完整号码，事由：县局核对" in line for line in lines] == [False, True, False]
    assert all("发布“石桥村”到数据库" in line for line in lines)
    assert county.query("SELECT is_full, reason FROM hudang.published_log WHERE village <> '340828100102'"
                        " ORDER BY id") == [
        (False, ""), (True, "县局核对"), (False, ""),
    ]  # fmt: skip


def test_who_may_only_read_publishes_masked_and_nothing_else(stored, county):
    reader = access.unlock(stored, _READER_PASSPHRASE)
    with pytest.raises(NotPermitted, match="不能写出完整号码"):
        county.publish(reader, "想看看")
    assert is_untouched(county)
    county.publish(reader)
    assert whole_numbers(county) == set()
    reader.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"postgresql://{COUNTY}:{SECRET}@127.0.0.1:1/county", "连不上数据库“127.0.0.1/county”"),
        (f"postgresql://{COUNTY}:{SECRET}x@/postgres?host=SOCKET", "不让登录"),
        (f"postgresql://{COUNTY}@/postgres?host=SOCKET", "不让登录"),
        (f"postgresql://{COUNTY}:{SECRET}@/nowhere?host=SOCKET", "没有“SOCKET/nowhere”这个数据库"),
        (f"postgresql://{COUNTY}:{SECRET}@/postgres?host=SOCKET", "没有写入的权限"),
        (f"postgresql://{COUNTY}:{SECRET}@/postgres?host=SOCKET&nonsense=1", "要写成 postgresql://"),
        (f"mysql://{COUNTY}:{SECRET}@/postgres", "要写成 postgresql://"),
    ],
)
def test_who_does_not_get_in_is_told_why_and_no_password_is_shown(
    stored, postgres, capsys, caplog, monkeypatch, url, told
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
    assert main(["publish", str(stored), url.replace("SOCKET", postgres.socket)]) == 1
    output = capsys.readouterr()
    assert told.replace("SOCKET", postgres.socket) in output.err
    assert SECRET not in output.out + output.err + caplog.text
    assert "Traceback" not in output.err + caplog.text


def test_the_password_may_lie_in_a_file_and_is_kept_nowhere(stored, own_county, capsys, caplog, monkeypatch, tmp_path):
    caplog.set_level(logging.DEBUG)
    own_county.query(f"DROP SCHEMA hudang CASCADE; GRANT CREATE ON DATABASE {own_county.name} TO {COUNTY}")
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"*:*:*:{COUNTY}:{SECRET.replace(':', chr(92) + ':')}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    url = own_county.server.url(own_county.name, COUNTY)
    assert main(["publish", str(stored), url, "--full", "--reason", "县局核对"]) == 0
    assert "石桥村（340828100101）：第一次发布，写入" in capsys.readouterr().out
    assert main(["log", str(stored)]) == 0
    assert SECRET not in capsys.readouterr().out + caplog.text + str(own_county.query("TABLE hudang.published_log"))


def test_without_the_driver_everything_else_works(stored, county, capsys, monkeypatch):
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert main(["publish", str(stored), county.url]) == 1
    assert "没有装连接 PostgreSQL 的组件" in capsys.readouterr().err
    assert main(["info", str(stored)]) == 0


def test_whole_numbers_need_a_reason(stored, county, capsys, monkeypatch):
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
    assert main(["publish", str(stored), county.url, "--full"]) == 1
    assert "--reason" in capsys.readouterr().err
    assert is_untouched(county)


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("CREATE SCHEMA hudang; CREATE TABLE hudang.other (n int)", "不是本程序建的"),
        ("CREATE SCHEMA hudang; CREATE VIEW hudang.household AS SELECT 1 AS id", "不是本程序建的"),
    ],
)
def test_a_schema_of_somebody_else_is_left_alone(book, empty_county, before, told):
    empty_county.query(before)
    assert told in refusal(empty_county, book)
    assert len(empty_county.query("SELECT FROM pg_class WHERE relnamespace = 'hudang'::regnamespace")) <= 1


def test_a_database_of_a_newer_program_is_left_alone(book, county):
    with altered(county, "UPDATE hudang.published_schema SET revision = '9999'", _OF_NOW):
        with pytest.raises(NewerVersion, match="请先升级"):
            county.publish(book)
        assert is_untouched(county)


_FAIL = (
    "CREATE FUNCTION hudang.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what}; RETURN NEW; END $$; "
    "CREATE TRIGGER fail BEFORE INSERT ON hudang.member FOR EACH ROW {when} EXECUTE FUNCTION hudang.fail()"
)
_FAIL_NO_MORE = "DROP FUNCTION hudang.fail() CASCADE"
_DISK_FULL = "RAISE EXCEPTION USING ERRCODE = 'disk_full'"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (_FAIL.format(what=_DISK_FULL, when=""), _FAIL_NO_MORE, "磁盘满了"),
        (_FAIL.format(what="PERFORM pg_terminate_backend(pg_backend_pid())", when=""), _FAIL_NO_MORE, "中断了连接"),
        (
            "ALTER DATABASE prepared SET default_transaction_read_only = on",
            "ALTER DATABASE prepared RESET default_transaction_read_only",
            "只读",
        ),
        (
            "DROP VIEW hudang.visit_current CASCADE; ALTER TABLE hudang.visit ALTER found TYPE varchar(3)",
            "ALTER TABLE hudang.visit ALTER found TYPE text",
            "“hudang.visit.found”与本程序的不一致",
        ),
        (
            "ALTER TABLE hudang.member ADD CONSTRAINT odd CHECK (name <> '陈卫国')",
            "ALTER TABLE hudang.member DROP CONSTRAINT odd",
            "与发布位置对不上",
        ),
    ],
)
def test_what_the_server_refuses_is_not_half_there(book, county, before, after, told):
    with altered(county, before, after):
        assert told in refusal(county, book)
        assert is_untouched(county)


def test_villages_that_were_done_stay_and_the_rest_follows(book, county):
    with altered(county, _FAIL.format(what=_DISK_FULL, when=f"WHEN (NEW.village = '{_OTHER}')"), _FAIL_NO_MORE):
        assert "磁盘满了" in refusal(county, book, reason="核对")
        assert county.query("SELECT DISTINCT village FROM hudang.member") == [("340828100101",)]
    assert [one.outcome for one in county.publish(book, "核对")] == ["nothing", "first"]
    assert county.rows() == expected_rows(book)


def test_two_publishers_do_not_mix(book, county, monkeypatch):
    monkeypatch.setattr(publishing, "_PATIENCE", 0.1)
    with psycopg.connect(county.url) as other:
        other.execute("SELECT pg_advisory_xact_lock(340828, hashtext('340828100101'))")
        assert "另一台电脑正在往" in refusal(county, book)
        assert is_untouched(county)


def test_an_interrupted_village_is_not_there_and_comes_again(book, county):
    """Ctrl+C, in the middle of the rows."""
    task = publishing.publish(book, target_of(county.url))
    for _ in range(60):
        next(task)
    task.close()
    assert is_untouched(county)
    county.publish(book, "核对")
    assert county.rows() == expected_rows(book)


@pytest.mark.parametrize("killed_after", [2, 50, 120])
def test_a_killed_publication_is_repeated_without_a_hand(stored, county, killed_after):
    with other_process(publish_until, stored, county.url, killed_after) as process:
        assert process.line() == "there"
        process.kill()
    book = access.unlock(stored, PASSPHRASE)
    assert is_untouched(county)
    county.publish(book, "核对")
    assert county.rows() == expected_rows(book)
    book.close()


def test_a_newer_program_adds_what_is_missing_and_keeps_what_a_county_made(book, own_county):
    own_county.publish(book, "核对")
    own_county.query(
        "ALTER TABLE hudang.household DROP COLUMN hamlet CASCADE; DROP TABLE hudang.visit CASCADE; "
        "UPDATE hudang.published_schema SET revision = '0001'; UPDATE hudang.published_position SET revision = '0001'; "
        "CREATE INDEX by_group ON hudang.household (village, group_name); "
        "ALTER TABLE hudang.village ADD COLUMN former text; "
        "CREATE VIEW hudang.own AS SELECT name FROM hudang.village_current; "
        "COMMENT ON COLUMN hudang.household.note IS 'of before'"
    )
    assert [one.outcome for one in own_county.publish(book, "核对")] == ["whole", "whole"]
    assert own_county.rows() == expected_rows(book)
    assert own_county.query("SELECT DISTINCT hamlet FROM hudang.household_current") == [("下屋组",)]
    assert own_county.query(
        "SELECT name, former FROM hudang.own JOIN hudang.village_current USING (name) ORDER BY name"
    ) == [("河湾村", None), ("石桥村", None)]
    assert own_county.query(
        "SELECT to_regclass('hudang.by_group') IS NOT NULL, to_regclass('hudang.visit_current')"
        " IS NOT NULL, col_description('hudang.household'::regclass, attnum) FROM pg_attribute"
        " WHERE attrelid = 'hudang.household'::regclass AND attname = 'note'"
    ) == [(True, True, "备注")]
    assert [one.outcome for one in own_county.publish(book, "核对")] == ["nothing", "nothing"]
