"""Lists without a table, issues and what was withdrawn: filtered, ordered and grouped like all others."""

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app.issues.issues import all_issues, dismiss
from app.list_views.computed_source import ComputedRows
from app.list_views.definition import Condition, ConditionGroup, ListView, SortKey
from app.list_views.rows import distinct_texts, row_groups, view_ids, view_texts
from app.records.draft import withdraw
from app.reports.all_lists import viewed_list
from app.viewed_lists.issue_source import DISMISSED
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.household import Household, Member
from tests import builders
from tests.app.issues.clean_household import clean_household
from tests.machine_memory import remembering_in


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """Three households: two with a wrong 人数, one of which has a head of the wrong sex; the third has neither."""
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        with opened.writing() as session:
            for number in (1, 2, 3):
                rows = clean_household(session, number)
                rows.household.group_name = ("一组", "二组", "二组")[number - 1]
                if number < 3:
                    rows.household.population = 7 + number
                if number == 2:
                    rows.head.sex = "女"
        yield opened
        opened.close()


def found(book: Workbook, view: ListView, key: str = "issues") -> list[dict[str, str]]:
    with book.reading() as session:
        source = viewed_list(key).opened(session)
        ids = view_ids(session, source, view)
        texts = view_texts(session, source, ids, source.shown_fields([*source.columns, "rule"]))
        return [texts[id] for id in ids]


def where(field: str, comparison: str, *values: str) -> ListView:
    return ListView(ConditionGroup((Condition(field, comparison, values),)))


def test_issues_are_filtered_by_their_own_fields_and_by_those_of_their_household(village: Workbook) -> None:
    assert {one["home"] for one in found(village, where("rule", "is", "人数与成员数不符"))} == {"陈卫国1", "陈卫国2"}
    of_second = found(village, where("household.population", "is", "9"))
    assert {one["home"] for one in of_second} == {"陈卫国2"}
    assert len(of_second) > 1
    assert found(village, where("severity", "is_not", "错误")) == [
        one for one in found(village, ListView()) if one["severity"] != "错误"
    ]


def test_issues_are_ordered_and_grouped(village: Workbook) -> None:
    order = found(village, ListView(sort=(SortKey("group", descending=True), SortKey("severity"))))
    assert [one["group"] for one in order] == sorted((one["group"] for one in order), reverse=True)
    view = ListView(groups=("group", "severity"))
    with village.reading() as session:
        source = viewed_list("issues").opened(session)
        ids = view_ids(session, source, view)
        groups = row_groups(session, source, view, ids, [])
        first = source.field("home")
        assert first is not None
        assert set(distinct_texts(session, first, source, 10)) == {f"陈卫国{n}" for n in (1, 2, 3)}
    outer = [group for group in groups if group.level == 0]
    assert [group.title for group in outer] == ["村民组：一组", "村民组：二组"]
    assert sum(group.count for group in outer) == len(ids)


def test_what_is_set_above_the_list_of_issues_holds_for_its_ledger(village: Workbook) -> None:
    def count(**quick: str) -> int:
        return len(found(village, ListView(quick=quick)))

    assert count(text="陈卫国2 人数") == 1
    assert count(rule="population") == 2
    assert count(household=Household.id_of("340828100101003"), rule="population") == 0
    with village.reading() as session:
        [issue] = [one for one in all_issues(session) if one.rule == "id_sex"]
    dismiss(village, [issue], "已入户核对")
    assert (count(state=DISMISSED), count(state=DISMISSED, rule="population")) == (1, 0)
    settled = where("settled", "contains", "入户")
    assert [one["rule"] for one in found(village, settled)] == [issue.title]


def test_withdrawn_records_are_filtered_and_grouped(tmp_path: Path) -> None:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        home = builders.household(session, members=3)
        session.add_all(Visit(village=home.village, household_id=home.id, visitors=f"人{n}") for n in range(3))
        session.flush()
        session.execute(update(Visit).values(withdrawn=True))
        member = Member.id_of(f"{home.household_no}03")
    withdraw(book, "member", member)
    assert [one["title"] for one in found(book, where("label", "is", "家庭成员"), "withdrawn")] == ["陈𬱖"]
    assert len(found(book, where("label", "is_not", "家庭成员"), "withdrawn")) == 3
    assert len(found(book, where("day", "empty"), "withdrawn")) == 0
    view = ListView(groups=("label",), quick={"text": "陈𬱖"})
    groups: list[Any]
    with book.reading() as session:
        source = viewed_list("withdrawn").opened(session)
        ids = view_ids(session, source, view)
        groups = row_groups(session, source, view, ids, [])
    assert [(group.title, group.count) for group in groups] == [("类别：家庭成员", 1)]
    book.close()


def test_the_rows_go_with_their_list(village: Workbook) -> None:
    """What is compiled is kept, and with it the statement: it must not keep what a household's lines say."""

    class Line:
        pass

    line = Line()
    gone, rows = weakref.ref(line), ComputedRows(lambda line=line: [("a", (str(line),))])
    with village.reading() as session:
        assert session.scalars(select(rows.id)).all() == ["a"]
    del line, rows
    gc.collect()
    assert gone() is None
