"""Which of two photographs was taken before something was put right, told by their kinds, or else by their times."""

from collections.abc import Iterator

import pytest

from app.errors import UserError
from app.records.photo_pair import toggle_pair
from app.workbook.workbook import Workbook
from db.schema.photo import Photo
from tests import builders

BEFORE, AFTER = "整治前", "整治后"
MORNING, EVENING = "2018-08-10 09:30", "2018-08-10 18:00"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    workbook = builders.workbook(tmp_path_factory.mktemp("book"))
    with workbook.writing() as session:
        for number in (1, 2):
            builders.household(session, members=1, number=number)
    yield workbook
    workbook.close()


def _add(book: Workbook, kind: str = "", taken_at: str = "", number: int = 1, pages: int | None = None) -> str:
    with book.writing() as session:
        household_id = builders.Household.id_of(f"{builders.VILLAGE.code}{number:03}")
        photo = Photo(village=builders.VILLAGE.code, household_id=household_id, content="0" * 64, pages=pages)
        photo.kind, photo.taken_at = kind or None, taken_at or None
        session.add(photo)
        session.flush()
        return photo.id


def _told(book: Workbook, *ids: str) -> list[tuple[str | None, str | None]]:
    """Kind, and which photograph was before it."""
    with book.reading() as session:
        return [(photo.kind, photo.before_id) for photo in (session.get_one(Photo, id) for id in ids)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ((BEFORE, ""), ("", "")),
        (("", ""), (AFTER, "")),
        ((BEFORE, EVENING), (AFTER, MORNING)),
        (("", MORNING), ("", EVENING)),
        ((AFTER, MORNING), (AFTER, EVENING)),
    ],
)
def test_kinds_tell_and_then_times_and_who_has_no_kind_gets_that_of_its_side(
    book: Workbook, earlier: tuple[str, str], later: tuple[str, str]
) -> None:
    first, second = _add(book, *earlier), _add(book, *later)
    toggle_pair(book, [second, first])
    assert _told(book, first, second) == [(earlier[0] or BEFORE, None), (later[0] or AFTER, first)]
    assert toggle_pair(book, [first, second]) == "已拆开，不再是一对"
    assert [before for _, before in _told(book, first, second)] == [None, None]


def test_two_that_were_the_other_way_round_change_sides(book: Workbook) -> None:
    first, second = _add(book, "", MORNING), _add(book, "", EVENING)
    toggle_pair(book, [first, second])
    with book.writing() as session:
        session.get_one(Photo, first).kind, session.get_one(Photo, second).kind = AFTER, BEFORE
    toggle_pair(book, [first, second])
    assert _told(book, second, first) == [(BEFORE, None), (AFTER, second)]


@pytest.mark.parametrize("other", [("", ""), ("", MORNING), ("", EVENING)])
def test_what_does_not_tell_is_asked_for(book: Workbook, other: tuple[str, str]) -> None:
    one = _add(book, "", "" if other[1] == EVENING else MORNING)
    with pytest.raises(UserError, match="看不出哪一张在前"):
        toggle_pair(book, [one, _add(book, *other)])


def test_only_two_photographs_of_one_household_are_a_pair(book: Workbook) -> None:
    one, two = _add(book, BEFORE), _add(book, AFTER)
    elsewhere, scan = _add(book, AFTER, number=2), _add(book, AFTER, pages=3)
    for chosen in ([one], [one, two, two], [one, elsewhere], [one, scan]):
        with pytest.raises(UserError, match="请选两张照片"):
            toggle_pair(book, chosen)
    assert _told(book, one, two) == [(BEFORE, None), (AFTER, None)]
