"""Every part of the catalogue prints for an empty, a full and a very large household."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.archive.blocks import joined
from app.archive.catalogue import chosen, nothing, parts
from app.archive.layout import pages
from app.archive.paper import MM, frame, sheet
from app.archive.pdf import PdfFile
from app.archive.pen import Pen
from app.archive.sections import sections
from app.archive.tables import Cell, Row, Table
from db.schema.household import Member
from tests import builders
from tests.app.archive.conftest import Homes

_PARTS = [part.name for part in parts()]
_LISTED = {
    "overview", "information", "members", "living", "member_changes", "contact_card", "assignments", "aid_plan",
    "measures", "visits", "inspections", "income", "monitoring", "photographs", "application", "authorization",
    "appraisal", "notices", "relocation", "copies", "policy_benefits", "quarter_account", "two_assurances", "housing",
    "exit", "consolidation", "rectifications", "survey", "spine",
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


@pytest.mark.parametrize(
    "name",
    [
        "visits",
        "income",
        "inspections",
        "photographs",
        "measures",
        "members",
        "aid_plan",
        "copies",
        "rectifications",
        "quarter_account",
        "two_assurances",
        "housing",
        "application",
        "appraisal",
    ],
)
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


def printed(homes: Homes, name: str, household: str) -> str:
    """What a part says, in one text."""
    out = io.BytesIO()
    with homes.workbook.reading() as session:
        (part,) = chosen([name])
        pdf = PdfFile(out, name, "")
        for page in pages(part.make(session, household), part.landscape):
            side = sheet(page.landscape, back=False)
            pen = Pen(pdf, side.width, side.height)
            for down, piece in page.pieces:
                piece.draw(pen, side.left, side.top - down)
            pen.finish()
        pdf.close()
    return "".join(page.extract_text() for page in PdfReader(out).pages)


def test_a_year_that_was_inspected_is_printed_from_its_inspection_and_not_from_the_form(homes: Homes) -> None:
    said = printed(homes, "two_assurances", homes.full)
    assert said.count("2018年两不愁三保障及饮水安全核查表") == 1
    assert "未做到：" in said
    assert "已当场说明" in said
    assert "未做到：" not in printed(homes, "two_assurances", homes.monster)  # never inspected: as it was filled in


def test_inspections_that_have_a_part_of_their_own_are_not_printed_among_the_score_sheets(homes: Homes) -> None:
    assert "两不愁" not in printed(homes, "inspections", homes.full)


def test_quarters_are_summed_and_spending_is_taken_off(homes: Homes) -> None:
    said = printed(homes, "quarter_account", homes.full)
    assert "4,938.00" in said  # a line: 4 × 1,234.50
    assert "3,703.50" in said  # a quarter: A + B + C + D - E = 3 × 1,234.50
    assert "14,814.00" in said


def test_the_plan_of_a_year_sums_what_is_to_be_gained(homes: Homes) -> None:
    said = printed(homes, "aid_plan", homes.full)
    assert [year for year in ("2018年度帮扶计划", "2017年度帮扶计划", "2016年度帮扶计划") if year not in said] == []
    assert "4,800.00" in said


def test_benefits_are_told_policy_by_policy(homes: Homes) -> None:
    said = printed(homes, "policy_benefits", homes.full)
    assert "参加城乡居民基本医疗保险" in said.replace("\n", "")
    assert "未享受" in said


def test_notes_of_the_household_are_printed(homes: Homes) -> None:
    with homes.workbook.writing() as session:
        home = builders.household(session, 2, number=60, note="门前路窄", monitor_note="自付医药费三万元").id
    assert "门前路窄" in printed(homes, "information", home)
    assert "自付医药费三万元" in printed(homes, "monitoring", home)
