"""Two people wrote different things: both are shown, one is settled, the settling travels."""

from datetime import date
from decimal import Decimal

import pytest

from app.errors import UserError, ValidationError
from app.sync import conflicts
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from tests.app.sync.peers import all_records, close_team, edit_record, make_team, opened_team, read_cell, send
from tests.builders import VILLAGE, household


@pytest.fixture(scope="module")
def closed_pair(tmp_path_factory):
    def know_one_household(books):
        a, b = books
        with a.writing() as session:
            household(session, note="旧")
        send(a, b), send(b, a)

    return close_team(tmp_path_factory.mktemp("pair"), ("甲", "乙"), know_one_household)


@pytest.fixture
def pair(closed_pair, tmp_path):
    with opened_team(closed_pair, tmp_path, "甲", "乙") as (a, b):
        yield a, b, Household.id_of(f"{VILLAGE.code}001")


def sync_both(a: Workbook, b: Workbook) -> None:
    send(a, b), send(b, a)


def test_both_values_are_shown_with_who_when_where_and_before(pair):
    a, b, household_id = pair
    edit_record(a, household_id, note="甲写的")
    edit_record(b, household_id, note="乙写的")
    receipt = send(b, a)
    assert receipt.conflicts == 1
    assert "冲突" in receipt.message
    (one,) = conflicts.list_conflicts(a)
    assert (one.table_label, one.household, one.field_label) == ("户", "陈卫国（下屋组）", "备注")
    assert one.id == f"household:{household_id}:note"
    assert (one.ours.text, one.ours.who, one.ours.where, one.ours.before) == ("甲写的", "甲", "本机", "旧")
    assert (one.theirs.text, one.theirs.who, one.theirs.where) == ("乙写的", "乙", "石桥村 乙")
    assert one.ours.when[:10] == date.today().isoformat()
    assert conflicts.count(a) == 1
    assert conflicts.list_conflicts(a, household_id=household_id) == (one,)
    assert conflicts.list_conflicts(a, household_id="ff" * 16) == ()


def test_both_laptops_show_the_same_value_meanwhile(pair):
    a, b, household_id = pair
    edit_record(a, household_id, note="甲写的")
    edit_record(b, household_id, note="乙写的")
    sync_both(a, b)
    assert all_records(a) == all_records(b)
    assert conflicts.list_conflicts(b)[0].ours.text == "乙写的"


@pytest.mark.parametrize(
    ("take", "kept"), [("ours", "甲写的"), ("theirs", "乙写的"), ("第三种", "第三种"), (None, None)]
)
def test_settling_travels(pair, take, kept):
    a, b, household_id = pair
    edit_record(a, household_id, note="甲写的")
    edit_record(b, household_id, note="乙写的")
    sync_both(a, b)
    conflicts.resolve(a, conflicts.list_conflicts(a)[0].id, take)
    assert conflicts.list_conflicts(a) == ()
    assert read_cell(a, household_id, "note") == kept
    send(a, b)
    assert conflicts.list_conflicts(b) == ()
    assert read_cell(b, household_id, "note") == kept
    assert all_records(a) == all_records(b)


def test_settled_differently_is_a_conflict_again(pair):
    a, b, household_id = pair
    edit_record(a, household_id, note="甲写的")
    edit_record(b, household_id, note="乙写的")
    sync_both(a, b)
    conflicts.resolve(a, conflicts.list_conflicts(a)[0], "ours")
    conflicts.resolve(b, conflicts.list_conflicts(b)[0], "ours")
    sync_both(a, b)
    assert {side.text for side in conflicts.list_conflicts(a)[0].sides} == {"甲写的", "乙写的"}
    assert {side.text for side in conflicts.list_conflicts(b)[0].sides} == {"甲写的", "乙写的"}


def test_settled_alike_is_none(pair):
    a, b, household_id = pair
    edit_record(a, household_id, note="甲写的")
    edit_record(b, household_id, note="乙写的")
    sync_both(a, b)
    conflicts.resolve(a, conflicts.list_conflicts(a)[0], "ours")
    conflicts.resolve(b, conflicts.list_conflicts(b)[0], "theirs")
    sync_both(a, b)
    assert conflicts.list_conflicts(a) == conflicts.list_conflicts(b) == ()


def test_what_came_in_after_it_was_shown_is_not_settled_unseen(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        household_id = household(session).id
    send(a, b), send(a, c)
    for book in (a, b, c):
        edit_record(book, household_id, note=f"{book.operator}写的")
    send(b, a)
    displayed = conflicts.list_conflicts(a)[0]
    send(c, a)
    conflicts.resolve(a, displayed, "ours")
    (remaining,) = conflicts.list_conflicts(a)
    assert {side.text for side in remaining.sides} == {"甲写的", "丙写的"}


def test_three_values(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        household_id = household(session).id
    send(a, b), send(a, c)
    for book, note in ((a, "一"), (b, "二"), (c, "二")):
        edit_record(book, household_id, note=note)
    send(b, a), send(c, a)
    (one,) = conflicts.list_conflicts(a)
    assert [side.text for side in one.sides] == ["一", "二"]
    assert len(one.heads) == 3
    conflicts.resolve(a, one, one.sides[1])
    assert read_cell(a, household_id, "note") == "二"
    assert conflicts.list_conflicts(a) == ()


def test_different_columns_merge_silently(pair):
    a, b, household_id = pair
    edit_record(a, household_id, note="甲写的")
    edit_record(b, household_id, phone="13800000002")
    sync_both(a, b)
    assert conflicts.list_conflicts(a) == conflicts.list_conflicts(b) == ()
    assert (read_cell(a, household_id, "note"), read_cell(a, household_id, "phone")) == ("甲写的", "13800000002")


def test_an_edit_that_knew_the_other_is_no_conflict(pair):
    a, b, household_id = pair
    edit_record(a, household_id, note="甲写的")
    send(a, b)
    edit_record(b, household_id, note="乙后来写的")
    send(b, a)
    assert conflicts.list_conflicts(a) == ()
    assert read_cell(a, household_id, "note") == "乙后来写的"


def test_values_of_every_kind_are_told_and_settled(pair):
    a, b, household_id = pair
    year = IncomeYear.id_of(household_id, 2018)
    for book, money, day, families, causes in (
        (a, "1234.50", date(2018, 8, 1), True, ("因病",)),
        (b, "999.05", date(2018, 8, 2), False, ("因病", "因学")),
    ):
        with book.writing() as session:
            session.add(
                IncomeYear(
                    id=year, village=VILLAGE.code, household_id=household_id, year=2018, reported_net=Decimal(money)
                )
            )
        edit_record(book, household_id, fill_date=day, is_military_family=families, cause_other=causes)
    sync_both(a, b)
    displayed = {one.field_label: (one.ours.text, one.theirs.text) for one in conflicts.list_conflicts(a)}
    assert displayed == {
        "系统纯收入": ("1,234.50", "999.05"),
        "填表时间": ("2018-08-01", "2018-08-02"),
        "是否军烈属": ("是", "否"),
        "其他致贫原因": ("因病", "因病、因学"),
    }
    thirds = {
        "系统纯收入": Decimal("1000.00"),
        "填表时间": date(2018, 8, 3),
        "是否军烈属": None,
        "其他致贫原因": ("因学",),
    }
    for one in conflicts.list_conflicts(a):
        conflicts.resolve(a, one, thirds[one.field_label])
    send(a, b)
    assert conflicts.list_conflicts(b) == ()
    assert read_cell(b, year, "reported_net", IncomeYear) == Decimal("1000.00")
    assert read_cell(b, household_id, "fill_date") == date(2018, 8, 3)
    assert read_cell(b, household_id, "is_military_family") is None
    assert read_cell(b, household_id, "cause_other") == ("因学",)
    assert all_records(a) == all_records(b)


def test_lists_mask_personal_numbers_and_nothing_else(pair):
    a, b, household_id = pair
    for book, n in ((a, 1), (b, 2)):
        edit_record(book, household_id, phone=f"1380000000{n}", population=n)
    send(b, a)
    with a.reading() as session:
        shown = {one.column: one.sides for one in conflicts.masked_conflicts(session)}
    assert {(side.value, side.text) for side in shown["phone"]} == {
        ("138****0001", "138****0001"),
        ("138****0002",) * 2,
    }
    assert {side.value for side in shown["population"]} == {1, 2}


def test_a_reference_is_told_by_name(pair):
    a, b, household_id = pair
    with a.writing() as session:
        others = [household(session, number=n, members=1).id for n in (2, 3)]
        for n, other in enumerate(others):
            session.query(Member).filter_by(
                household_id=other
            ).one().name = f"龙户主{n}"  # who comes before the head of the merged one
    sync_both(a, b)
    edit_record(a, household_id, merged_into=others[0])
    edit_record(b, household_id, merged_into=others[1])
    sync_both(a, b)
    (one,) = conflicts.list_conflicts(a)
    assert (one.ours.text, one.theirs.text) == ("龙户主0（下屋组）", "龙户主1（下屋组）")


def make_conflict(a: Workbook, b: Workbook, household_id: str) -> str:
    """Three cells of one household and one of another written on both; another household's id."""
    with a.writing() as session:
        other = household(session, number=2).id
        member = session.query(Member).filter_by(household_id=household_id).first().id
    sync_both(a, b)
    for book in (a, b):
        edit_record(
            book, household_id, note=f"{book.operator}写的", phone="13800000001" if book is a else "13800000002"
        )
        edit_record(book, member, Member, labour="普通劳动力" if book is a else "丧失劳动力")
        edit_record(book, other, note=f"{book.operator}写的")
    sync_both(a, b)
    return other


@pytest.mark.parametrize(("side", "whose"), [("ours", "甲"), ("theirs", "乙"), ("本机", "甲"), ("石桥村 乙", "乙")])
def test_one_side_is_taken_for_a_whole_household(pair, side, whose):
    a, b, household_id = pair
    other = make_conflict(a, b, household_id)
    mine = {one.household_id: one for one in conflicts.list_by_household(a)}
    assert {household: len(one.conflicts) for household, one in mine.items()} == {household_id: 3, other: 1}
    assert mine[household_id].workbooks == ("本机", "石桥村 乙")
    assert mine[household_id].household == "陈卫国（下屋组）"
    assert conflicts.resolve_household(a, household_id, side) == 3
    assert read_cell(a, household_id, "note") == f"{whose}写的"
    (remaining,) = conflicts.list_conflicts(a)
    assert remaining.household_id == other
    send(a, b)
    assert all_records(a) == all_records(b)
    with pytest.raises(UserError, match="已经处理过"):
        conflicts.resolve_household(a, household_id, side)


def test_cells_of_which_a_side_wrote_nothing_stay_open(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        household_id = household(session).id
    send(a, b), send(a, c)
    for book in (a, b, c):
        edit_record(book, household_id, note=f"{book.operator}写的")
    edit_record(a, household_id, phone="13800000001")
    edit_record(b, household_id, phone="13800000002")
    send(b, a), send(c, a)
    displayed = conflicts.list_conflicts(a, household_id)
    assert conflicts.resolve_household(a, displayed, "石桥村 丙") == 1
    assert read_cell(a, household_id, "note") == "丙写的"
    assert [one.column for one in conflicts.list_conflicts(a)] == ["phone"]
    with pytest.raises(UserError, match="没有可以这样处理"):
        conflicts.resolve_household(a, household_id, "石桥村 丙")


def test_a_value_that_came_in_after_the_household_was_shown_stays_in_question(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        household_id = household(session).id
    send(a, b), send(a, c)
    for book in (a, b, c):
        edit_record(book, household_id, note=f"{book.operator}写的")
    send(b, a)
    displayed = conflicts.list_conflicts(a, household_id)
    send(c, a)
    assert conflicts.resolve_household(a, displayed, "ours") == 1
    (remaining,) = conflicts.list_conflicts(a)
    assert {side.text for side in remaining.sides} == {"甲写的", "丙写的"}


@pytest.mark.parametrize(
    ("column", "mine", "other", "wrong"),
    [("population", 3, 4, "很多"), ("fill_date", date(2018, 1, 1), date(2018, 1, 2), "昨天"), ("note", "一", "二", 5)],
)
def test_a_wrong_kind_of_value_is_refused(pair, column, mine, other, wrong):
    a, b, household_id = pair
    edit_record(a, household_id, **{column: mine})
    edit_record(b, household_id, **{column: other})
    send(b, a)
    with pytest.raises(ValidationError, match="不能填"):
        conflicts.resolve(a, conflicts.list_conflicts(a)[0], wrong)
    assert len(conflicts.list_conflicts(a)) == 1


def test_settling_what_is_settled_is_refused(pair):
    a, b, household_id = pair
    edit_record(a, household_id, note="甲写的")
    edit_record(b, household_id, note="乙写的")
    send(b, a)
    displayed = conflicts.list_conflicts(a)[0]
    conflicts.resolve(a, displayed, "ours")
    for again in (displayed, displayed.id, "household:nothing:note", "：", ""):
        with pytest.raises(UserError, match="已经处理过"):
            conflicts.resolve(a, again, "ours")


def test_two_rosters_that_disagree(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    for book, name in ((a, "上屋组"), (b, "下屋组")):
        with book.writing() as session:
            household_id = household(session, group_name=name).id
    sync_both(a, b)
    (one,) = conflicts.list_conflicts(a)
    assert (one.field_label, one.ours.text, one.theirs.text) == ("村民组", "上屋组", "下屋组")
    assert all_records(a) == all_records(b)
    conflicts.resolve(a, one, "ours")
    send(a, b)
    assert conflicts.list_conflicts(b) == ()
    assert read_cell(b, household_id, "group_name", Household) == "上屋组"
