"""The schema of the migrations is the schema of the models, and an upgrade loses nothing."""

import json
import shutil
from contextlib import closing

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

import db.migrate as migrate
from app.errors import NewerVersion, UserError
from app.progress import run_to_completion
from app.workbook.access import create, unlock
from app.workbook.integrity import check_integrity
from app.workbook.keyring import TEST_COST
from db.journal import newer_records
from db.schema import Base, records
from db.schema.household import Household, Member
from tests.builders import PASSPHRASE, VILLAGE, household, workbook


def test_the_migrations_make_what_the_models_say(tmp_path):
    book = create(tmp_path / "新建.hdb", PASSPHRASE, "王书记", VILLAGE, cost=TEST_COST)[0]
    with book.reading() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        ours = [
            difference
            for difference in compare_metadata(context, Base.metadata)
            # the full-text index is made by db/text_search.py, the computed columns by db/journal/triggers.py,
            # the index of newer records by db/journal/newer_records.py
            if not (difference[0] == "remove_table" and difference[1].name.startswith("search"))
            and not (difference[0] == "remove_column" and difference[3].computed is not None)
            and not (difference[0] == "remove_index" and difference[1].name == newer_records.INDEX)
        ]
    book.close()
    assert ours == []


def test_a_workbook_of_the_tests_is_as_the_migrations_make_it(tmp_path):
    """`builders.workbook` copies the tables; alembic puts the constraints of a table in any order."""

    def contents(book):
        with closing(book), book.reading() as session:
            rows = session.execute(text("SELECT type, name, sql FROM sqlite_master")).all()
            counts = {
                name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar()
                for kind, name, _ in rows
                if kind == "table" and name != "search"
            }
            objects = {
                (kind, name): sorted(line.strip().rstrip(",") for line in (sql or "").splitlines())
                for kind, name, sql in rows
            }
            return objects, counts, session.execute(text("SELECT * FROM alembic_version")).all()

    made = create(tmp_path / "新建.hdb", PASSPHRASE, "王书记", VILLAGE, cost=TEST_COST)[0]
    assert contents(workbook(tmp_path)) == contents(made)


def test_a_newer_workbook_is_refused_with_what_to_do(tmp_path):
    book = workbook(tmp_path)
    with book.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    book.close()
    before = book.path.read_bytes()
    with pytest.raises(NewerVersion, match="请先升级"):
        unlock(book.path, PASSPHRASE)
    assert book.path.read_bytes() == before


@pytest.fixture
def next_version(tmp_path, monkeypatch):
    """This program one version later: a migration that rebuilds a table with children and adds a column."""
    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts)  # with what is compiled of them
    (scripts / "versions" / "v9998_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9998'\ndown_revision = '{migrate.known_revisions()[-1]}'\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('household', recreate='always') as table:\n"
        "        table.add_column(sa.Column('solar_panel', sa.String(), nullable=True))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    table = Household.__table__
    column = sa.Column("solar_panel", sa.String(), nullable=True)
    table.append_column(column)
    yield
    table._columns.remove(column)


def test_an_upgrade_keeps_rows_children_and_triggers(tmp_path, request):
    book = workbook(tmp_path)
    with book.writing() as session:
        for n in range(20):
            household(session, members=3, number=n + 1)
        household_id = Household.id_of("340828100101001")
    with book.writing() as session:
        # a change that a newer program sent while this one did not know the column
        session.execute(text("UPDATE writer SET capturing = 0"))
        session.execute(
            text(
                "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator) "
                "VALUES (1, 1 + (SELECT last FROM stream), 'household', :id, 'solar_panel', '有', 1, '乙')"
            ),
            {"id": household_id},
        )
        session.execute(
            text("INSERT INTO head SELECT row_id, column_name, stream, number FROM change ORDER BY seq DESC LIMIT 1")
        )
        session.execute(text("UPDATE stream SET last = last + 1"))
    book.close()
    request.getfixturevalue("next_version")
    upgraded = unlock(book.path, PASSPHRASE)
    with upgraded.reading() as session:
        assert session.query(Member).count() == 60
        assert (
            session.execute(text("SELECT solar_panel FROM household WHERE id = :id"), {"id": household_id}).scalar()
            == "有"
        )
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9998"
    with upgraded.writing() as session:
        session.execute(text("UPDATE household SET solar_panel = '无' WHERE id = :id"), {"id": household_id})
    with upgraded.reading() as session:
        assert session.execute(text("SELECT count(*) FROM change WHERE column_name = 'solar_panel'")).scalar() == 2
    upgraded.close()
    assert sorted(path.name for path in tmp_path.glob("*.hdb")) == [
        "石桥村.hdb",
        f"石桥村.v{migrate.known_revisions()[-2]}.hdb",
    ]


def test_a_failed_upgrade_leaves_the_workbook_as_it_was(tmp_path, request, monkeypatch):
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session)
    book.close()
    before = book.path.read_bytes()
    request.getfixturevalue("next_version")
    counts = iter(({"member": 3}, {"member": 0}))
    monkeypatch.setattr(migrate, "_row_counts", lambda raw: next(counts))
    with pytest.raises(UserError, match="升级没有成功，原文件没有改动"):
        unlock(book.path, PASSPHRASE)
    assert book.path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["石桥村.hdb"]


def test_records_come_after_what_they_refer_to():
    order = list(records())
    for table, model in records().items():
        for key in model.__table__.foreign_keys:
            if key.column.table.name != table:
                assert order.index(key.column.table.name) < order.index(table)


def test_a_cell_of_a_new_column_shows_the_newest_head_even_if_that_is_a_birth(tmp_path, request):
    """A newer laptop's birth and another's edit of the same cell, neither of which knew of the other."""
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session, members=0)
        household_id = Household.id_of("340828100101001")
    with book.writing() as session:
        session.execute(text("UPDATE writer SET capturing = 0"))
        session.execute(text("INSERT INTO stream (village, replica, last) VALUES ('340828100101', 'z', 2)"))
        cells = {"household_no": "340828100101001", "group_name": "下屋组", "hamlet": "下屋组", "withdrawn": 0}
        born = json.dumps({**cells, "solar_panel": "有"}, ensure_ascii=False)
        heads = session.execute(
            text("SELECT stream || ':' || number FROM change WHERE row_id = :id"), {"id": household_id}
        ).scalar()
        for number, column, value, stamp, replaces in (
            (1, "solar_panel", "无", 2**61, heads),
            (2, "", born, 2**61 + 1, ""),
        ):
            session.execute(
                text(
                    "INSERT INTO change (stream, number, table_name, row_id, column_name, value, stamp, operator, "
                    "replaces) SELECT max(n), :number, 'household', :id, :column, :value, :stamp, '乙', :replaces "
                    "FROM stream"
                ),
                {
                    "number": number,
                    "id": household_id,
                    "column": column,
                    "value": value,
                    "stamp": stamp,
                    "replaces": replaces,
                },
            )
            session.execute(
                text("INSERT INTO head SELECT :id, 'solar_panel', max(n), :number FROM stream"),
                {"id": household_id, "number": number},
            )
    book.close()
    request.getfixturevalue("next_version")
    upgraded = unlock(book.path, PASSPHRASE)
    with upgraded.reading() as session:
        assert (
            session.execute(text("SELECT solar_panel FROM household WHERE id = :id"), {"id": household_id}).scalar()
            == "有"
        )
    assert run_to_completion(check_integrity(upgraded)) == []
    upgraded.close()
