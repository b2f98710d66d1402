"""What stands in the database: typed, labelled, and after each publication what the workbooks know."""

import random
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from app.records.field import fields, options
from app.workbook.access import NewVillage
from db.journal.merge import version_vector
from db.schema import records, relations
from db.schema.household import Household, Member
from db.schema.photo import Photo
from tests import full_household
from tests.app.publishing.county_database import expected_rows
from tests.app.sync.peers import clone_disk, edit_record, make_team, send
from tests.builders import VILLAGE, household, workbook
from tests.machine_memory import remembering_in
from tests.replicas import make_replicas, sync

WHOLE = "县局核对"  # a reason to publish numbers whole
OTHER_VILLAGE = NewVillage("河湾村", "340828101102", "安徽省", "安庆市", "岳西县", "冶溪镇")


@pytest.fixture
def book(tmp_path):
    book = workbook(tmp_path)
    yield book
    book.close()


def changed(book, model, row_id, **values):
    with book.operation("修改") as session:
        session.execute(update(model).where(model.id == row_id).values(**values))


@pytest.fixture(scope="module")
def full_book(tmp_path_factory):
    with remembering_in(tmp_path_factory.mktemp("state")):
        book = workbook(tmp_path_factory.mktemp("book"))
        with book.writing() as session:
            full_household.add_full_household(session, 1)
            household(session, number=2, note="制表\t反斜杠\\换行\n回车\r引号\"'{},\\N", address="")
        yield book
        book.close()


def test_every_record_is_there_with_its_type_and_its_label(full_book, empty_county):
    """Into a database that has nothing yet."""
    (told,) = empty_county.publish(full_book, WHOLE)
    expected = expected_rows(full_book)
    assert empty_county.rows() == expected
    assert (told.outcome, told.written) == ("first", sum(map(len, expected.values())))
    types = dict(
        empty_county.query(
            "SELECT table_name || '.' || column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'hudang'"
        )
    )
    for column, type_name in {
        "member.work_income_month": "numeric", "member.birth": "date", "member.health": "ARRAY",
        "household.population": "bigint", "household.withdrawn": "boolean", "member.name": "text",
    }.items():  # fmt: skip
        assert types[column] == type_name
    comments = dict(
        empty_county.query(
            "SELECT c.relname || coalesce('.' || a.attname, ''), d.description FROM pg_description d "
            "JOIN pg_class c ON c.oid = d.objoid AND c.relnamespace = 'hudang'::regnamespace "
            "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0"
        )
    )
    for table in records():
        assert comments[table].startswith(relations.record_label(table))
        for one in fields(table):
            assert comments[f"{table}.{one.name}"].startswith(one.label)


def test_options_come_with_their_labels(full_book, county):
    county.publish(full_book)
    shown = county.query(
        "SELECT m.name, o.label FROM hudang.member_current m JOIN hudang.published_option o "
        "ON o.village = m.village AND o.list = 'relation' AND o.value = m.relation"
    )
    with full_book.reading() as session:
        people = session.query(Member).count()
    assert len(shown) == people
    stored = county.query("SELECT value, label FROM hudang.published_option WHERE list = 'health' ORDER BY place")
    assert stored == [(one.value, one.label) for one in options("health")]


def test_pictures_stay_in_the_workbook(full_book, county):
    county.publish(full_book, WHOLE)
    with full_book.reading() as session:
        hashes = {content for (content,) in session.query(Photo.content)}
    assert hashes
    assert {content for (content,) in county.query("SELECT content FROM hudang.photo")} == hashes
    assert county.query("SELECT pictures FROM hudang.published_log") == [(len(hashes),)]
    assert not county.query(
        "SELECT 1 FROM information_schema.columns WHERE data_type = 'bytea' AND table_schema = 'hudang'"
    )


def test_a_day_is_written_alone_and_a_second_time_nothing_is(book, county):
    with book.writing() as session:
        first, second = household(session, number=1).id, household(session, number=2).id
    county.publish(book, WHOLE)
    assert [one.outcome for one in county.publish(book, WHOLE)] == ["nothing"]
    changed(book, Household, first, note="上午改的")
    with book.writing() as session:
        household(session, number=3, members=1)
    (told,) = county.publish(book, WHOLE)
    assert (told.outcome, told.written) == ("changes", 3)
    assert county.rows() == expected_rows(book)
    assert county.query(f"SELECT written_by_publication FROM hudang.household WHERE id = '{second}'") == [(1,)]
    assert county.query("SELECT count(*) FROM hudang.published_log") == [(2,)]


def test_living_rows_are_those_that_lists_show(book, county):
    """Withdrawn and merged households go, with the people in them; the merged one's people are the kept one's."""
    with book.writing() as session:
        kept, merged, gone = (household(session, number=n).id for n in (1, 2, 3))
    county.publish(book)
    changed(book, Household, merged, merged_into=kept)
    changed(book, Household, gone, withdrawn=True)
    county.publish(book)
    assert county.query("SELECT id FROM hudang.household_current") == [(kept,)]
    assert county.query("SELECT household_id, count(*) FROM hudang.member_current GROUP BY 1") == [(kept, 6)]
    assert county.query("SELECT count(*) FROM hudang.member") == [(9,)]
    changed(book, Household, merged, merged_into=None)
    county.publish(book)
    living = county.query("SELECT household_id, count(*) FROM hudang.member_current GROUP BY 1 ORDER BY 1")
    assert living == sorted([(kept, 3), (merged, 3)])


def test_many_villages_stand_side_by_side(tmp_path, county):
    books = [workbook(tmp_path), workbook(tmp_path, "河湾村.hdb", "李书记", OTHER_VILLAGE)]
    for book, village in zip(books, (VILLAGE.code, OTHER_VILLAGE.code), strict=True):
        with book.writing() as session:
            household(session, village=village)
        county.publish(book, WHOLE)
        book.close()
    assert county.query("SELECT village, count(*) FROM hudang.member_current GROUP BY 1 ORDER BY 1") == [
        (VILLAGE.code, 3), (OTHER_VILLAGE.code, 3),
    ]  # fmt: skip


def test_an_older_copy_takes_nothing_back(tmp_path, county):
    book = workbook(tmp_path)
    with book.writing() as session:
        home = household(session).id
    book.close()
    new, old = make_replicas(book.path, tmp_path, ("新", "旧"))
    changed(new, Household, home, note="新的")
    county.publish(new)
    assert [(one.outcome, one.written) for one in county.publish(old)] == [("older", 0)]
    assert county.query("SELECT note FROM hudang.household") == [("新的",)]
    changed(old, Household, home, phone="13856430011")
    with old.writing() as session:
        household(session, number=2, members=1)
    (told,) = county.publish(old)
    assert (told.outcome, told.written, told.waiting) == ("changes", 2, 3)  # the first household stays as it was
    assert county.query("SELECT note FROM hudang.household ORDER BY household_no") == [("新的",), (None,)]
    sync(old, new)
    (told,) = county.publish(new, WHOLE)
    assert (told.outcome, told.waiting) == ("whole", 0)
    assert county.rows() == expected_rows(new)
    new.close(), old.close()


def _random_step(chance, book):
    with book.reading() as session:
        homes = [row.id for row in session.query(Household.id).order_by(Household.id)]
        people = [row.id for row in session.query(Member.id).order_by(Member.id)]
    home, other, person = chance.choice(homes), chance.choice(homes), chance.choice(people)
    what = chance.randrange(7)
    if what == 0:
        with book.writing() as session:
            household(session, number=chance.randrange(4, 999), members=2, id=f"{chance.getrandbits(128):032x}")
    elif what == 1:
        changed(book, Household, home, note=str(chance.random()), population=chance.randrange(9))
    elif what == 2:
        changed(book, Member, person, illness_name=str(chance.random()), household_id=home)
    elif what == 3:
        changed(book, Household, home, withdrawn=chance.random() < 0.7)
    elif what == 4:
        changed(book, Member, person, birth=date(1950, 1, chance.randrange(1, 29)), work_income_month=Decimal("12.5"))
    elif home != other:
        changed(book, Household, home, merged_into=chance.choice((other, None)))


@pytest.mark.parametrize("seed", range(2))
def test_whoever_knows_all_that_is_there_publishes_what_they_see(tmp_path, county, seed):
    """Random histories of three laptops that write, merge, exchange and publish in any order."""
    chance = random.Random(seed)
    book = workbook(tmp_path)
    with book.writing() as session:
        for n in (1, 2, 3):
            household(session, number=n, members=2)
    book.close()
    laptops = make_replicas(book.path, tmp_path, "甲乙丙")
    published: dict[tuple[str, str], int] = {}
    for _ in range(12):
        one, other = chance.sample(laptops, 2)
        for _ in range(2):
            _random_step(chance, one)
        if chance.random() < 0.4:
            sync(one, other)
        publisher = chance.choice((one, other))
        county.publish(publisher, WHOLE)
        with publisher.reading() as session:
            known = version_vector(session)
        if all(known.get(stream, 0) >= last for stream, last in published.items()):
            assert county.rows() == expected_rows(publisher)
        published = {key: max(known.get(key, 0), published.get(key, 0)) for key in known.keys() | published.keys()}
    for other in laptops[1:]:
        sync(other, laptops[0])
    (told,) = county.publish(laptops[0], WHOLE)
    assert told.waiting == 0
    assert county.rows() == expected_rows(laptops[0])
    for laptop in laptops:
        laptop.close()


def test_both_branches_of_a_cloned_disk_are_there(tmp_path, county):
    a, b = make_team(tmp_path, "甲", "乙")
    with a.operation("新增") as session:
        home = household(session).id
    send(a, b), send(b, a)
    county.publish(a, WHOLE)
    (tmp_path / "克隆").mkdir()
    one, two = clone_disk(a, tmp_path / "克隆" / a.path.name)
    edit_record(one, home, note="一"), edit_record(two, home, phone="13800000001")
    county.publish(one, WHOLE)
    (told,) = county.publish(two, WHOLE)
    assert (told.outcome, told.written, told.waiting) == ("changes", 0, 1)  # equal numbers, other changes
    send(one, b), send(two, b)
    county.publish(b, WHOLE)
    assert county.rows() == expected_rows(b)
    assert county.query("SELECT note, phone FROM hudang.household") == [("一", "13800000001")]
    edit_record(two, home, address="桥头")
    county.publish(two, WHOLE)
    send(two, b)
    county.publish(b, WHOLE)
    assert county.rows() == expected_rows(b)
    for book in (one, two, b):
        book.close()


def test_no_kind_of_record_has_a_name_that_publishing_needs():
    from app.publishing.columns import WRITTEN_BY
    from app.publishing.database_schema import BOOKKEEPING, CURRENT

    names = set(records())
    assert not names & set(BOOKKEEPING)
    assert not names & {f"{name}{CURRENT}" for name in names}
    assert not [name for name in names if WRITTEN_BY in records()[name].__table__.columns]
    assert all(len(f"stage_{name}{CURRENT}".encode()) < 64 for name in names)
