"""What colleagues write of a household or a person after it was merged: one thing stays one record."""

from decimal import Decimal
from itertools import permutations

import pytest
from sqlalchemy import select

from app.issues.issues import household_issues
from app.progress import run_to_completion
from app.records import household_merge
from app.records.household import household_details
from app.records.income import yearly_incomes
from app.workbook import preferences
from app.workbook.integrity import check_integrity
from db.schema.aid import Measure
from db.schema.household import LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from tests.app.records.test_household_merge import household_ids, merge_households, person
from tests.app.sync.peers import all_records, close_team, edit_record, open_team, read_cell, send
from tests.builders import VILLAGE

TWIN = "e" * 32  # of the head of the first household


PEOPLE = ("甲", "乙", "丙")


@pytest.fixture(scope="module")
def closed_team(tmp_path_factory):
    """Three laptops with two records of one household, closed; the two ids."""
    ids = []

    def know_two_records(books):
        ids.extend(household_ids(books[0]))
        for book in books:
            preferences.save(book, "backup_before_import", False)
        for peer in books[1:]:
            send(books[0], peer)

    return close_team(tmp_path_factory.mktemp("team"), PEOPLE, know_two_records), *ids


@pytest.fixture
def team(closed_team, tmp_path):
    """Three laptops with two records of one household, merged on the first alone; the two ids."""
    closed, kept, other = closed_team
    books = open_team(closed, tmp_path, *PEOPLE)
    yield books, kept, other
    for book in books:
        assert run_to_completion(check_integrity(book)) == []
        book.close()


def write_of_both(book, kept, other, benefit, household, member):
    """A laptop that does not know of the merge writes a year of both, and a benefit of one."""
    with book.writing() as session:
        for home, area in ((kept, Decimal(60)), (other, Decimal(70))):
            session.add(
                LivingCondition(
                    id=LivingCondition.id_of(home, 2019), village=VILLAGE.code, household_id=home, year=2019,
                    house_area=area,
                )
            )  # fmt: skip
            year = IncomeYear.id_of(home, 2019)
            session.add(IncomeYear(id=year, village=VILLAGE.code, household_id=home, year=2019, people=3))
            for item in ("低保金", "务工收入" if home == kept else "种植业收入"):
                session.add(
                    IncomeLine(
                        id=IncomeLine.id_of(year, item), village=VILLAGE.code, income_year_id=year, item=item,
                        amount=area,
                    )
                )  # fmt: skip
        session.add(
            Measure(
                id=benefit, village=VILLAGE.code, household_id=household, member_id=member, kind="产业帮扶",
                title="茶园",
            )
        )  # fmt: skip


def measures(session, household):
    """Titles of the measures that are shown for a household."""
    return session.scalars(select(Measure.title).where(Measure.household_id == household, ~Measure.withdrawn)).all()


def test_late_records_of_a_merged_person_follow_to_the_one_that_is_kept(team):
    (a, b, _), kept, other = team
    merge_households(a, kept, other)
    write_of_both(b, kept, other, "5" * 32, other, TWIN)
    send(b, a)
    assert read_cell(a, "5" * 32, "member_id", Measure) == person(1, 1)
    assert read_cell(a, "5" * 32, "household_id", Measure) == kept
    with a.writing() as session:  # written here, of the person who is no more
        session.add(Measure(id="6" * 32, village=VILLAGE.code, household_id=kept, member_id=TWIN, title="果园"))
    assert read_cell(a, "6" * 32, "member_id", Measure) == person(1, 1)
    household_merge.unmerge(a, other)
    assert read_cell(a, "5" * 32, "member_id", Measure) == read_cell(a, "6" * 32, "member_id", Measure) == TWIN
    assert read_cell(a, "5" * 32, "household_id", Measure) == other


def test_two_cards_of_one_year_that_come_after_the_merge_are_one(team):
    (a, b, _), kept, other = team
    merge_households(a, kept, other)
    write_of_both(b, kept, other, "5" * 32, other, TWIN)
    send(b, a)
    with a.reading() as session:
        details = household_details(session, kept)
        accounts = session.execute(
            select(IncomeLine.item, IncomeLine.amount)
            .where(IncomeLine.income_year_id == IncomeYear.id_of(kept, 2019), ~IncomeLine.withdrawn)
            .order_by(IncomeLine.item)
        ).all()
        incomes = [year for year in yearly_incomes(session, kept) if year.year == 2019]
    assert [(card.year, str(card.values["house_area"])) for card in details.conditions] == [
        (2019, "60.00"),
        (2018, "80.00"),
    ]
    # one line of each item: the kept household's of what both have, and the other's of what it has alone
    assert dict(map(tuple, accounts)) == {"低保金": Decimal(60), "务工收入": Decimal(60), "种植业收入": Decimal(70)}
    assert len(incomes) == 1
    # nothing is lost: what is not shown waits under its own id, and the check asks which of the two is right
    with a.reading() as session:
        messages = [issue.message for issue in household_issues(session, kept) if issue.rule == "merged_differs"]
    assert any("住房面积“70㎡”" in message for message in messages)
    assert not any("95" in message for message in messages)  # 2018 was weighed when the two were merged
    hidden = LivingCondition.id_of(other, 2019)
    assert read_cell(a, hidden, "merged_into", LivingCondition) == LivingCondition.id_of(kept, 2019)
    assert read_cell(a, hidden, "house_area", LivingCondition) == Decimal(70)


def test_benefits_with_one_key_do_not_double(team):
    (a, b, c), kept, other = team
    merge_households(a, kept, other)
    for book, row, household, member in ((b, "5" * 32, other, TWIN), (c, "7" * 32, kept, person(1, 1))):
        with book.writing() as session:
            session.add(
                Measure(
                    id=row,
                    village=VILLAGE.code,
                    household_id=household,
                    member_id=member,
                    kind="产业帮扶",
                    title="茶园",
                )
            )
        send(book, a)
    with a.reading() as session:
        assert measures(session, kept).count("茶园") == 1
    assert read_cell(a, "5" * 32, "merged_into", Measure) == "7" * 32
    edit_record(a, "7" * 32, Measure, title="茶叶园")  # another thing from now on
    with a.reading() as session:
        assert {"茶园", "茶叶园"} <= set(measures(session, kept))


def test_records_that_one_household_has_twice_stay_two(team):
    (a, _, _), kept, other = team
    with a.writing() as session:
        for row, household in (("5" * 32, kept), ("6" * 32, kept), ("7" * 32, other)):
            session.add(Measure(id=row, village=VILLAGE.code, household_id=household, kind="产业帮扶", title="茶园"))
    edit_record(a, other, merged_into=kept)
    with a.reading() as session:
        assert measures(session, kept).count("茶园") == 2
    assert read_cell(a, "7" * 32, "merged_into", Measure) == "5" * 32


def test_a_late_person_is_the_one_who_is_there(team):
    (a, b, _), kept, other = team
    merge_households(a, kept, other)
    born = read_cell(a, person(1, 2), "birth", Member)
    with b.writing() as session:
        session.add(Member(id="5" * 32, village=VILLAGE.code, household_id=other, name="李秀英", birth=born))
        session.add(Measure(id="6" * 32, village=VILLAGE.code, household_id=other, member_id="5" * 32, title="低保"))
    send(b, a)
    assert read_cell(a, "6" * 32, "member_id", Measure) == person(1, 2)
    with a.reading() as session:
        assert [member.name for member in household_details(session, kept).members].count("李秀英") == 1


def test_merged_both_ways_at_once_nobody_and_nothing_is_gone(team):
    (a, b, _), kept, other = team
    merge_households(a, kept, other)
    merge_households(b, other, kept)
    send(a, b), send(b, a)
    root = min(kept, other)
    for book in (a, b):
        with book.reading() as session:
            details = household_details(session, root)
        assert [member.name for member in details.members].count("陈卫国") == 1
        assert [card.year for card in details.conditions] == [2018]
        assert len(details.helpers) == 1
    assert all_records(a) == all_records(b)
    household_merge.unmerge(a, max(kept, other))
    with a.reading() as session:
        for household, head in ((kept, person(1, 1)), (other, TWIN)):
            details = household_details(session, household)
            assert details.head is not None
            assert details.head.id == head
            assert [card.year for card in details.conditions] == [2018]
    send(a, b)
    assert all_records(a) == all_records(b)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_they_meet_all_end_with_the_same(team, order):
    books, kept, other = team
    a, b, c = books
    before = all_records(a)
    merge_households(a, kept, other)
    write_of_both(b, kept, other, "5" * 32, other, TWIN)
    write_of_both(c, kept, other, "7" * 32, kept, person(1, 1))
    edit_record(c, TWIN, Member, member_phone="13900000000")
    for _ in range(2):
        for n in order:
            for to in order:
                if n != to:
                    send(books[n], books[to])
    assert all_records(a) == all_records(b) == all_records(c)
    with a.reading() as session:
        assert [card.year for card in household_details(session, kept).conditions] == [2019, 2018]
        assert measures(session, kept).count("茶园") == 1
    household_merge.unmerge(books[order[0]], other)
    for to in order[1:]:
        send(books[order[0]], books[to])
    assert all_records(a) == all_records(b) == all_records(c)
    with a.reading() as session:
        assert [card.year for card in household_details(session, other).conditions] == [2019, 2018]
    kept_ids = {row[0] for rows in before.values() for row in rows}
    assert kept_ids <= {row[0] for rows in all_records(a).values() for row in rows}
