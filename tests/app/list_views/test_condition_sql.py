"""What a condition finds in SQL is what plain Python finds in the values of the records."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ValidationError
from app.list_views.catalogue import list_keys, list_source
from app.list_views.comparisons import comparisons_of, condition_text, condition_values, parse_condition
from app.list_views.condition_sql import ignored_conditions
from app.list_views.definition import Condition, ConditionGroup, ListView, SortKey, alternatives, any_of_all
from app.list_views.rows import view_ids, view_texts
from app.reports.all_lists import viewed_list
from app.workbook.workbook import Workbook
from db.schema.finance import SmallLoan
from db.schema.household import Household, Member
from tests.app.list_views.conftest import HOUSEHOLDS

Row = tuple[Any, Any]  # a loan with its household, or a household with its people
Values = Callable[[Any, Any], list[Any]]
_LOAN_FIELDS: Mapping[str, Values] = {
    **{name: lambda loan, _, name=name: [getattr(loan, name)] for name in ("bank", "amount", "rate", "purpose")},
    "issued_on": lambda loan, _: [loan.issued_on],
    "balance": lambda loan, _: [loan.amount],
    "step": lambda loan, _: ["待结清" if loan.issued_on else "待发放"],
    "group": lambda _, household: [household.group_name or household.hamlet],
    "household.household_kind": lambda _, household: [household.household_kind],
    "household.cause_other": lambda _, household: [household.cause_other],
    "household.exit_year": lambda _, household: [household.exit_year],
    "household.register_date": lambda _, household: [household.register_date],
    "household.is_one_child": lambda _, household: [household.is_one_child],
}
_HOUSEHOLD_FIELDS: Mapping[str, Values] = {
    "kind": lambda household, _: [household.household_kind],
    "size": lambda _, people: [len(people)],
    "head": lambda _, people: [one.name for one in people if one.relation == "户主"],
    "member.name": lambda _, people: [one.name for one in people],
    "member.health": lambda _, people: [one.health for one in people],
    "member.work_months": lambda _, people: [one.work_months for one in people],
}
_TYPED: Mapping[str, tuple[str, ...]] = {
    "text": ("农商行", "农", "100%", "_", "rural", "二组", "陈卫国", "待结清", "组", "李"),
    "choice": ("一般农户", "脱贫户", "养殖业", "种植业"),
    "choices": ("因病", "因学,因病", "健康", "长期慢性病"),
    "money": ("10000", "20,000.50", "30000"),
    "decimal": ("4.35", "4.5", "3", "7.5"),
    "integer": ("0", "1", "2"),
    "date": ("2018-01-01", "2018-06-30", "2018年9月1日"),
    "year": ("2016", "2017年", "2018"),
    "month": ("2014-06", "2014年12月"),
    "yes_no": ("是", "否"),
}

_DENIED = {"is_not": "is", "not_contains": "contains", "not_one_of": "one_of", "empty": "filled"}


def _fields(key: str) -> Mapping[str, Values]:
    return _LOAN_FIELDS if key == "small_loan" else _HOUSEHOLD_FIELDS


@st.composite
def conditions(draw: st.DrawFn, key: str) -> Condition:
    source = list_source(key)
    field = source.field(draw(st.sampled_from(sorted(_fields(key)))))
    assert field is not None
    comparison = draw(st.sampled_from(comparisons_of(field.field)))
    count = abs(comparison.values) if comparison.values >= 0 else draw(st.integers(1, 3))
    typed = draw(st.lists(st.sampled_from(_TYPED[field.field.kind]), min_size=count, max_size=count))
    try:
        return parse_condition(field.field, field.key, comparison.name, typed)
    except ValidationError:  # an option of another list, or a range from high to low
        return Condition(field.key, "filled")


def trees(key: str) -> st.SearchStrategy[ConditionGroup]:
    parts = st.recursive(
        conditions(key),
        lambda inner: st.builds(ConditionGroup, st.lists(inner, max_size=3).map(tuple), st.booleans()),
        max_leaves=5,
    )
    return st.builds(ConditionGroup, st.lists(parts, max_size=3).map(tuple), st.booleans())


def _fits(comparison: str, values: tuple[Any, ...], found: Any) -> bool:
    """The plain meaning of a comparison that does not deny."""
    if found is None or found == "":
        return False
    if isinstance(found, tuple):
        chosen = [set(value) for value in values]
        return {
            "is": lambda: found == values[0],
            "contains": lambda: chosen[0] <= set(found),
            "one_of": lambda: any(one & set(found) for one in chosen),
            "filled": lambda: True,
        }[comparison]()
    return bool(
        {
            "is": lambda: found == values[0],
            "contains": lambda: values[0].lower() in found.lower(),
            "one_of": lambda: found in values,
            "greater": lambda: found > values[0],
            "less": lambda: found < values[0],
            "at_least": lambda: found >= values[0],
            "at_most": lambda: found <= values[0],
            "between": lambda: values[0] <= found <= values[1],
            "filled": lambda: True,
        }[comparison]()
    )


def _holds(key: str, part: Condition | ConditionGroup, row: Row) -> bool:
    if isinstance(part, ConditionGroup):
        results = [_holds(key, one, row) for one in part.parts if not _says_nothing(one)]
        return (any(results) if part.any_of else all(results)) if results else True
    field = list_source(key).field(part.field)
    assert field is not None
    denied = {"is_not": "is", "not_contains": "contains", "not_one_of": "one_of", "empty": "filled"}.get(
        part.comparison
    )
    values = condition_values(field.field, part)
    found = any(_fits(denied or part.comparison, values, one) for one in _fields(key)[part.field](*row))
    return found is (denied is None)


def _says_nothing(part: Condition | ConditionGroup) -> bool:
    return isinstance(part, ConditionGroup) and all(_says_nothing(one) for one in part.parts)


def _rows(session: Session, key: str) -> Iterator[tuple[str, Row]]:
    if key == "small_loan":
        for loan in session.scalars(select(SmallLoan).where(~SmallLoan.withdrawn)):
            yield loan.id, (loan, session.get_one(Household, loan.household_id))
    else:
        for household in session.scalars(select(Household)):
            people = session.scalars(select(Member).where(Member.household_id == household.id)).all()
            yield household.id, (household, people)


@pytest.mark.parametrize("key", ["small_loan", "household"])
@given(data=st.data())
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_conditions_find_what_python_finds(book: Workbook, key: str, data: st.DataObject) -> None:
    tree = data.draw(trees(key))
    with book.reading() as session:
        expected = {id for id, row in _rows(session, key) if _holds(key, tree, row)}
        assert set(view_ids(session, list_source(key), ListView(tree))) == expected
        if not _says_nothing(tree) and all(not _says_nothing(part) for part in tree.parts):
            spread = any_of_all(alternatives(tree))  # as the dialog shows it
            assert set(view_ids(session, list_source(key), ListView(spread))) == expected


@pytest.mark.parametrize("key", list_keys())
def test_every_field_of_every_list_can_be_filtered_shown_and_sorted_by(book: Workbook, key: str) -> None:
    source = viewed_list(key)
    assert len({one.key for one in source.fields}) == len({one.label for one in source.fields}) == len(source.fields)
    shown = [one for one in source.fields if one.is_shown]
    filled = tuple(Condition(one.key, "filled") for one in source.fields)
    view = ListView(ConditionGroup(filled, any_of=True), tuple(SortKey(one.key) for one in shown))
    with book.reading() as session:
        source = source.opened(session)
        ids = view_ids(session, source, view)
        view_texts(session, source, [*ids[:1], "nobody"], [one for one in source.fields if one.is_shown])


def test_a_household_without_people_has_none(book: Workbook) -> None:
    with book.reading() as session:
        source = list_source("household")
        found = view_ids(session, source, ListView(ConditionGroup((Condition("size", "less", ("1",)),))))
        assert len(found) == HOUSEHOLDS // 3


@pytest.mark.parametrize(
    ("key", "comparison", "typed", "sentence"),
    [
        ("amount", "greater", ["很多"], "“贷款金额”要填数字，“很多”不符合要求。"),
        ("amount", "contains", ["1"], "“贷款金额”不能用“包含”来筛选。"),
        ("amount", "between", ["5", ""], "“贷款金额”的条件还没有填完。"),
        ("amount", "between", ["5", "4"], "“贷款金额”的范围写反了：前面的要小，后面的要大。"),
        ("issued_on", "less", ["去年"], "“放款日期”要填日期，如 2018-08-10，“去年”不符合要求。"),
        ("bank", "greater", ["农商行"], "“贷款银行”不能用“大于”来筛选。"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    key: str, comparison: str, typed: list[str], sentence: str
) -> None:
    one = list_source("small_loan").field(key)
    assert one is not None
    with pytest.raises(ValidationError) as refusal:
        parse_condition(one.field, key, comparison, typed)
    assert str(refusal.value) == sentence


def test_conditions_read_as_sentences() -> None:
    source = list_source("small_loan")
    texts = {
        ("amount", "greater", ("10000",)): "贷款金额 大于 10,000.00",
        ("issued_on", "less", ("2018-01-01",)): "放款日期 早于 2018-01-01",
        ("issued_on", "between", ("2018-01-01", "2018-12-31")): "放款日期 在 2018-01-01 到 2018-12-31 之间",
        ("purpose", "one_of", ("养殖业", "种植业")): "贷款用途 属于 养殖业、种植业",
        ("bank", "empty", ()): "贷款银行 为空",
    }
    for (key, comparison, values), text in texts.items():
        one = source.field(key)
        assert one is not None
        assert condition_text(one.field, Condition(key, comparison, values)) == text


def test_what_a_newer_program_compares_is_left_out_and_named(book: Workbook) -> None:
    source = list_source("small_loan")
    unknown = (Condition("amount", "resembles", ("1",)), Condition("colour", "is", ("red",)))
    known = Condition("amount", "at_least", ("50000",))
    tree = ConditionGroup((*unknown, known))
    assert ignored_conditions(source, tree) == list(unknown)
    with book.reading() as session:
        assert view_ids(session, source, ListView(tree)) == view_ids(
            session, source, ListView(ConditionGroup((known,)))
        )
