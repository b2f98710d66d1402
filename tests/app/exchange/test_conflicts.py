"""Two people wrote different things: both are shown, one is settled, the settling travels."""

from datetime import date
from decimal import Decimal

import pytest

from app.errors import FieldRefused, OfficeError
from app.exchange import conflicts
from app.progress import finish
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from tests.app.exchange.team import all_records, cell, edit, laptops, send
from tests.builders import VILLAGE, household


@pytest.fixture
def pair(tmp_path):
    a, b = laptops(tmp_path, "甲", "乙")
    with a.writing() as session:
        home = household(session, note="旧").id
    send(a, b), send(b, a)
    return a, b, home


def meet(a: Workbook, b: Workbook) -> None:
    send(a, b), send(b, a)


def test_both_values_are_shown_with_who_when_where_and_before(pair):
    a, b, home = pair
    edit(a, home, note="甲写的")
    edit(b, home, note="乙写的")
    receipt = send(b, a)
    assert receipt.conflicts == 1
    assert "冲突" in receipt.sentence
    (one,) = conflicts.listed(a)
    assert (one.table_label, one.household, one.field_label) == ("户", "陈卫国（下屋组）", "备注")
    assert one.id == f"household:{home}:note"
    assert (one.ours.text, one.ours.who, one.ours.where, one.ours.before) == ("甲写的", "甲", "本机", "旧")
    assert (one.theirs.text, one.theirs.who, one.theirs.where) == ("乙写的", "乙", "石桥村 乙")
    assert one.ours.when[:10] == date.today().isoformat()
    assert conflicts.how_many(a) == 1
    assert conflicts.listed(a, household_id=home) == (one,)
    assert conflicts.listed(a, household_id="ff" * 16) == ()


def test_both_laptops_show_the_same_value_meanwhile(pair):
    a, b, home = pair
    edit(a, home, note="甲写的")
    edit(b, home, note="乙写的")
    meet(a, b)
    assert all_records(a) == all_records(b)
    assert conflicts.listed(b)[0].ours.text == "乙写的"


@pytest.mark.parametrize(
    ("take", "kept"), [("ours", "甲写的"), ("theirs", "乙写的"), ("第三种", "第三种"), (None, None)]
)
def test_settling_travels(pair, take, kept):
    a, b, home = pair
    edit(a, home, note="甲写的")
    edit(b, home, note="乙写的")
    meet(a, b)
    finish(conflicts.settle(a, conflicts.listed(a)[0].id, take))
    assert conflicts.listed(a) == ()
    assert cell(a, home, "note") == kept
    send(a, b)
    assert conflicts.listed(b) == ()
    assert cell(b, home, "note") == kept
    assert all_records(a) == all_records(b)


def test_settled_differently_is_a_conflict_again(pair):
    a, b, home = pair
    edit(a, home, note="甲写的")
    edit(b, home, note="乙写的")
    meet(a, b)
    finish(conflicts.settle(a, conflicts.listed(a)[0], "ours"))
    finish(conflicts.settle(b, conflicts.listed(b)[0], "ours"))
    meet(a, b)
    assert {side.text for side in conflicts.listed(a)[0].sides} == {"甲写的", "乙写的"}
    assert {side.text for side in conflicts.listed(b)[0].sides} == {"甲写的", "乙写的"}


def test_settled_alike_is_none(pair):
    a, b, home = pair
    edit(a, home, note="甲写的")
    edit(b, home, note="乙写的")
    meet(a, b)
    finish(conflicts.settle(a, conflicts.listed(a)[0], "ours"))
    finish(conflicts.settle(b, conflicts.listed(b)[0], "theirs"))
    meet(a, b)
    assert conflicts.listed(a) == conflicts.listed(b) == ()


def test_what_came_in_after_it_was_shown_is_not_settled_unseen(tmp_path):
    a, b, c = laptops(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        home = household(session).id
    send(a, b), send(a, c)
    for book in (a, b, c):
        edit(book, home, note=f"{book.operator}写的")
    send(b, a)
    shown = conflicts.listed(a)[0]
    send(c, a)
    finish(conflicts.settle(a, shown, "ours"))
    (left,) = conflicts.listed(a)
    assert {side.text for side in left.sides} == {"甲写的", "丙写的"}


def test_three_values(tmp_path):
    a, b, c = laptops(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        home = household(session).id
    send(a, b), send(a, c)
    for book, note in ((a, "一"), (b, "二"), (c, "二")):
        edit(book, home, note=note)
    send(b, a), send(c, a)
    (one,) = conflicts.listed(a)
    assert [side.text for side in one.sides] == ["一", "二"]
    assert len(one.heads) == 3
    finish(conflicts.settle(a, one, one.sides[1]))
    assert cell(a, home, "note") == "二"
    assert conflicts.listed(a) == ()


def test_different_columns_merge_silently(pair):
    a, b, home = pair
    edit(a, home, note="甲写的")
    edit(b, home, phone="13800000002")
    meet(a, b)
    assert conflicts.listed(a) == conflicts.listed(b) == ()
    assert (cell(a, home, "note"), cell(a, home, "phone")) == ("甲写的", "13800000002")


def test_an_edit_that_knew_the_other_is_no_conflict(pair):
    a, b, home = pair
    edit(a, home, note="甲写的")
    send(a, b)
    edit(b, home, note="乙后来写的")
    send(b, a)
    assert conflicts.listed(a) == ()
    assert cell(a, home, "note") == "乙后来写的"


def test_values_of_every_kind_are_told_and_settled(pair):
    a, b, home = pair
    year = IncomeYear.id_of(home, 2018)
    for book, money, day, families, causes in (
        (a, "1234.50", date(2018, 8, 1), True, ("因病",)),
        (b, "999.05", date(2018, 8, 2), False, ("因病", "因学")),
    ):
        with book.writing() as session:
            session.add(
                IncomeYear(id=year, village=VILLAGE.code, household_id=home, year=2018, reported_net=Decimal(money))
            )
        edit(book, home, fill_date=day, is_military_family=families, cause_other=causes)
    meet(a, b)
    shown = {one.field_label: (one.ours.text, one.theirs.text) for one in conflicts.listed(a)}
    assert shown == {
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
    for one in conflicts.listed(a):
        finish(conflicts.settle(a, one, thirds[one.field_label]))
    send(a, b)
    assert conflicts.listed(b) == ()
    assert cell(b, year, "reported_net", IncomeYear) == Decimal("1000.00")
    assert cell(b, home, "fill_date") == date(2018, 8, 3)
    assert cell(b, home, "is_military_family") is None
    assert cell(b, home, "cause_other") == ("因学",)
    assert all_records(a) == all_records(b)


def test_a_reference_is_told_by_name(pair):
    a, b, home = pair
    with a.writing() as session:
        others = [household(session, number=n, members=1).id for n in (2, 3)]
        for n, other in enumerate(others):
            session.query(Member).filter_by(household_id=other).one().name = f"户主{n}"
    meet(a, b)
    edit(a, home, merged_into=others[0])
    edit(b, home, merged_into=others[1])
    meet(a, b)
    (one,) = conflicts.listed(a)
    assert (one.ours.text, one.theirs.text) == ("户主0（下屋组）", "户主1（下屋组）")


def disputed(a: Workbook, b: Workbook, home: str) -> str:
    """Three cells of one household and one of another written on both; another household's id."""
    with a.writing() as session:
        other = household(session, number=2).id
        member = session.query(Member).filter_by(household_id=home).first().id
    meet(a, b)
    for book in (a, b):
        edit(book, home, note=f"{book.operator}写的", phone="13800000001" if book is a else "13800000002")
        edit(book, member, Member, labour="普通劳动力" if book is a else "丧失劳动力")
        edit(book, other, note=f"{book.operator}写的")
    meet(a, b)
    return other


@pytest.mark.parametrize(("side", "whose"), [("ours", "甲"), ("theirs", "乙"), ("本机", "甲"), ("石桥村 乙", "乙")])
def test_one_side_is_taken_for_a_whole_household(pair, side, whose):
    a, b, home = pair
    other = disputed(a, b, home)
    mine = {one.household_id: one for one in conflicts.by_household(a)}
    assert {household: len(one.conflicts) for household, one in mine.items()} == {home: 3, other: 1}
    assert mine[home].places == ("本机", "石桥村 乙")
    assert mine[home].household == "陈卫国（下屋组）"
    assert finish(conflicts.settle_household(a, home, side)) == 3
    assert cell(a, home, "note") == f"{whose}写的"
    (left,) = conflicts.listed(a)
    assert left.household_id == other
    send(a, b)
    assert all_records(a) == all_records(b)
    with pytest.raises(OfficeError, match="已经处理过"):
        finish(conflicts.settle_household(a, home, side))


def test_cells_of_which_a_side_wrote_nothing_stay_open(tmp_path):
    a, b, c = laptops(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        home = household(session).id
    send(a, b), send(a, c)
    for book in (a, b, c):
        edit(book, home, note=f"{book.operator}写的")
    edit(a, home, phone="13800000001")
    edit(b, home, phone="13800000002")
    send(b, a), send(c, a)
    shown = conflicts.listed(a, home)
    assert finish(conflicts.settle_household(a, shown, "石桥村 丙")) == 1
    assert cell(a, home, "note") == "丙写的"
    assert [one.column for one in conflicts.listed(a)] == ["phone"]
    with pytest.raises(OfficeError, match="没有可以这样处理"):
        finish(conflicts.settle_household(a, home, "石桥村 丙"))


def test_a_value_that_came_in_after_the_household_was_shown_stays_in_question(tmp_path):
    a, b, c = laptops(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        home = household(session).id
    send(a, b), send(a, c)
    for book in (a, b, c):
        edit(book, home, note=f"{book.operator}写的")
    send(b, a)
    shown = conflicts.listed(a, home)
    send(c, a)
    assert finish(conflicts.settle_household(a, shown, "ours")) == 1
    (left,) = conflicts.listed(a)
    assert {side.text for side in left.sides} == {"甲写的", "丙写的"}


@pytest.mark.parametrize(
    ("column", "mine", "other", "wrong"),
    [("population", 3, 4, "很多"), ("fill_date", date(2018, 1, 1), date(2018, 1, 2), "昨天"), ("note", "一", "二", 5)],
)
def test_a_wrong_kind_of_value_is_refused(pair, column, mine, other, wrong):
    a, b, home = pair
    edit(a, home, **{column: mine})
    edit(b, home, **{column: other})
    send(b, a)
    with pytest.raises(FieldRefused, match="不能填"):
        finish(conflicts.settle(a, conflicts.listed(a)[0], wrong))
    assert len(conflicts.listed(a)) == 1


def test_settling_what_is_settled_is_refused(pair):
    a, b, home = pair
    edit(a, home, note="甲写的")
    edit(b, home, note="乙写的")
    send(b, a)
    shown = conflicts.listed(a)[0]
    finish(conflicts.settle(a, shown, "ours"))
    for again in (shown, shown.id, "household:nothing:note", "：", ""):
        with pytest.raises(OfficeError, match="已经处理过"):
            finish(conflicts.settle(a, again, "ours"))


def test_two_rosters_that_disagree(tmp_path):
    a, b = laptops(tmp_path, "甲", "乙")
    for book, name in ((a, "上屋组"), (b, "下屋组")):
        with book.writing() as session:
            home = household(session, group_name=name).id
    meet(a, b)
    (one,) = conflicts.listed(a)
    assert (one.field_label, one.ours.text, one.theirs.text) == ("村民组", "上屋组", "下屋组")
    assert all_records(a) == all_records(b)
    finish(conflicts.settle(a, one, "ours"))
    send(a, b)
    assert conflicts.listed(b) == ()
    assert cell(b, home, "group_name", Household) == "上屋组"
