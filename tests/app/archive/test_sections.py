"""Every part of the catalogue prints for an empty, a full and a very large household."""

import pytest
from sqlalchemy import select

from app.archive.blocks import joined
from app.archive.catalogue import chosen, nothing, parts
from app.archive.layout import pages
from app.archive.paper import MM, frame
from app.archive.sections import sections
from app.archive.tables import Cell, Row, Table
from db.schema.household import Member
from tests import builders
from tests.app.archive.conftest import Homes

_PARTS = [part.name for part in parts()]
_LISTED = {
    "overview", "information", "members", "living", "member_changes", "contact_card", "assignments", "aid_plan",
    "measures", "visits", "inspections", "income", "monitoring", "photographs",
}  # fmt: skip


def test_every_section_has_its_place_once() -> None:
    assert len(_PARTS) == len(set(_PARTS))
    assert {module.__name__.rpartition(".")[2] for module in sections()} <= set(_PARTS)
    assert _PARTS[0] == "cover"
    assert _PARTS[1] == "contents"
    assert _PARTS[-2:] == ["remarks", "back"]


def test_an_unknown_part_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        chosen(["nonsense"])


@pytest.mark.parametrize("which", ["empty", "full", "monster"])
@pytest.mark.parametrize("name", _PARTS)
def test_a_part_stays_in_its_frame(homes: Homes, name: str, which: str) -> None:
    (part,) = chosen([name])
    width, tall = frame(part.landscape)
    with homes.workbook.reading() as session:
        household = getattr(homes, which)
        blocks = part.make(session, household) or nothing(part, session, household)
        sides = pages(blocks, part.landscape)
        pieces = joined(blocks, width, tall)
    assert sides
    for side in sides:
        assert side.pieces
        for n, (down, piece) in enumerate(side.pieces):
            assert down + piece.height <= tall + 0.02
            if n:
                before, above = side.pieces[n - 1]
                assert down >= before + above.height - 0.02
    drawn = sum(not piece.blank for side in sides for _, piece in side.pieces)
    assert drawn >= sum(not piece.blank for piece in pieces)  # nothing is lost; heads that come again add some


@pytest.mark.parametrize("name", sorted(_LISTED))
def test_what_is_known_is_printed(homes: Homes, name: str) -> None:
    (part,) = chosen([name])
    with homes.workbook.reading() as session:
        assert part.make(session, homes.full)


@pytest.mark.parametrize("name", ["visits", "income", "inspections", "photographs", "measures", "members"])
def test_what_is_not_known_is_left_out(homes: Homes, name: str) -> None:
    (part,) = chosen([name])
    with homes.workbook.reading() as session:
        assert list(part.make(session, homes.empty)) == []


@pytest.mark.parametrize(("letters", "most"), [(60, 2), (6000, 40)])
def test_long_notes_of_members_do_not_make_towers(homes: Homes, letters: int, most: int) -> None:
    (part,) = chosen(["members"])
    with homes.workbook.writing() as session:
        home = builders.household(session, 12, number=40 + letters // 6000)
        for one in session.scalars(select(Member).where(Member.household_id == home.id)):
            one.note = "记" * letters
        session.flush()
        sides = pages(part.make(session, home.id), landscape=True)
    assert len(sides) <= most


def test_no_row_is_torn_and_heads_come_again() -> None:
    heads = [Row([Cell("序号"), Cell("内容")])]
    rows = [Row([Cell(str(n)), Cell("字" * (n * 7 % 90))]) for n in range(200)]
    sides = pages([Table((20, 150), rows, heads)])
    bodies = [piece for side in sides for _, piece in side.pieces if piece.head]
    assert len(bodies) == len(rows)
    head = bodies[0].head
    assert head is not None
    assert all(side.pieces[0][1].head is None for side in sides)
    assert all(abs(side.pieces[0][1].height - head.height) < 0.01 for side in sides)
    assert len(sides) > 3


def test_a_row_that_no_page_can_hold_goes_on_on_the_next() -> None:
    sides = pages([Table((30, 140), [Row([Cell("说明"), Cell("字" * 10_000)])])])
    assert len(sides) > 5
    assert all(piece.height <= frame(False)[1] for side in sides for _, piece in side.pieces)


def test_rows_that_a_cell_holds_together_stay_together() -> None:
    groups = [
        row
        for n in range(30)
        for row in [Row([Cell(f"项目{n}", rows=4), Cell("要点")]), *(Row([Cell("要点")]) for _ in range(3))]
    ]
    sides = pages([Table((40, 130), groups)])
    assert sum(len(side.pieces) for side in sides) == 30
    assert all(abs(piece.height - 4 * 7.5 * MM) < 0.1 for side in sides for _, piece in side.pieces)
