"""Views under a name: kept, replaced, taken away, read by another version, sent or not."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import UserError, ValidationError
from app.list_views.definition import PLAIN, Condition, ConditionGroup, ListView, SortKey
from app.list_views.saved_views import NamedView, delete_view, readable_views, save_view, saved_views
from app.list_views.stored_form import decode, decode_for_printing, encode, encode_for_printing
from app.progress import run_to_completion
from app.workbook import operations
from app.workbook.workbook import Workbook
from db.schema.saved_view import SavedView
from tests import builders
from tests.app.sync.peers import make_team, send
from tests.machine_memory import remembering_in

LARGE = ListView(ConditionGroup((Condition("amount", "at_least", ("50000",)),)), groups=("group",))
_TEXTS = st.text(max_size=5)
_CONDITIONS = st.builds(Condition, _TEXTS, _TEXTS, st.lists(_TEXTS, max_size=3).map(tuple))
_TREES = st.recursive(
    st.builds(ConditionGroup, st.lists(_CONDITIONS, max_size=2).map(tuple), st.booleans()),
    lambda inner: st.builds(ConditionGroup, st.lists(inner, max_size=2).map(tuple), st.booleans()),
    max_leaves=3,
)
_KEYS = st.lists(_TEXTS, max_size=3).map(tuple)
_VIEWS = st.builds(
    ListView,
    _TREES,
    st.lists(st.builds(SortKey, _TEXTS, st.booleans()), max_size=2).map(tuple),
    _KEYS,
    _KEYS,
    st.dictionaries(_TEXTS, _TEXTS, max_size=2),
)


def named(book: Workbook, list_key: str = "") -> list[NamedView]:
    with book.reading() as session:
        return saved_views(session, list_key)


@given(_VIEWS)
@settings(max_examples=40)
def test_a_view_is_read_as_it_was_written_whatever_it_names(view: ListView) -> None:
    assert decode(encode(view)) == view
    assert decode_for_printing(encode_for_printing("small_loan", "名", view)) == ("small_loan", "名", view)


def test_what_a_newer_program_adds_is_passed_over() -> None:
    text = '{"where":{"match":"all","parts":[{"field":"a","comparison":"resembles","values":["1"],"fuzz":2}]},"map":{}}'
    assert decode(text) == ListView(ConditionGroup((Condition("a", "resembles", ("1",)),)))
    assert decode("{}") == PLAIN


@pytest.mark.parametrize("text", ["", "[]", '{"where":3}', '{"sort":[{"descending":true}]}', "x" * 200_000])
def test_what_is_no_view_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(UserError, match="这个视图读不出来"):
        decode(text)


def test_groups_inside_each_other_have_an_end() -> None:
    with pytest.raises(UserError, match="这个视图读不出来"):
        decode('{"where":' + '{"match":"all","parts":[' * 50 + "]}" * 50 + "}")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    with remembering_in(tmp_path_factory.mktemp("state")):
        return builders.workbook(tmp_path_factory.mktemp("book"))


def test_a_name_stands_for_one_view_of_a_list(book: Workbook) -> None:
    save_view(book, "small_loan", " 大额 ", PLAIN, shared=True)
    kept = save_view(book, "small_loan", "大额", LARGE, shared=True)
    assert save_view(book, "small_loan", "大额", LARGE, shared=True) == kept
    save_view(book, "household", "大额", PLAIN, shared=False)
    assert [(view.list, view.name, view.shared) for view in named(book)] == [
        ("household", "大额", False), ("small_loan", "大额", True),
    ]  # fmt: skip
    assert named(book, "small_loan")[0].opened() == LARGE
    save_view(book, "small_loan", "大额", LARGE, shared=False)
    assert [view.shared for view in named(book, "small_loan")] == [False]
    assert save_view(book, "small_loan", "大额", LARGE, shared=True) == kept  # withdrawn before, now back
    for view in named(book):
        delete_view(book, view.id)
    assert named(book) == []
    with pytest.raises(UserError, match="已经不在了"):
        delete_view(book, kept)


def test_taking_a_shared_view_away_is_undone(book: Workbook) -> None:
    id = save_view(book, "small_loan", "能撤销", LARGE, shared=True)
    delete_view(book, id)
    run_to_completion(operations.undo(book))
    assert [view.id for view in named(book, "small_loan")] == [id]
    delete_view(book, id)


@pytest.mark.parametrize(
    ("name", "sentence"), [("  ", "请填写视图的名称"), ("长" * 31, "最多 30 个字，现在是 31 个字")]
)
def test_a_name_that_cannot_be_is_refused(book: Workbook, name: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        save_view(book, "small_loan", name, PLAIN, shared=False)


def test_shared_views_travel_and_others_stay(tmp_path: Path) -> None:
    one, other = make_team(tmp_path, "甲", "乙")
    save_view(one, "small_loan", "大额", LARGE, shared=True)
    save_view(one, "small_loan", "只给自己看", PLAIN, shared=False)
    with one.writing() as session:  # as a newer program would
        values = {"village": builders.VILLAGE.code, "name": "新", "definition": "{}"}
        session.add(SavedView(list="dragons", **values))
        session.add(SavedView(list="household", **{**values, "definition": '{"where":[]}'}))
    send(one, other)
    assert [(view.name, view.shared) for view in named(other, "small_loan")] == [("大额", True)]
    assert named(other, "small_loan")[0].opened() == LARGE
    assert [view.list for view in named(other)] == ["household", "small_loan"]  # no list of dragons is here
    with other.reading() as session:
        assert [view.name for view in readable_views(session)] == ["大额"]
    delete_view(other, named(other, "small_loan")[0].id)
    send(other, one)
    assert [view.name for view in named(one, "small_loan")] == ["只给自己看"]
    for book in (one, other):
        book.close()
