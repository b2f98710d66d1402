"""Every part of the catalogue prints for an empty, a full and a very large household."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument
from app.pdf.flowables import concat
from app.pdf.page_style import MM, a4_page, a4_text_area
from app.pdf.pagination import layout_pages
from app.pdf.table import Cell, Table, TableRow
from app.reports.catalogue import empty_page, parts, select_parts
from app.reports.sections import section_key, sections
from db.schema.household import Member
from db.schema.monitoring import Monitoring
from tests import builders
from tests.app.conftest import SampleHouseholds

_PARTS = [part.name for part in parts()]
_LISTED = {
    "overview", "information", "members", "living", "member_changes", "contact_card", "assignments", "aid_plan",
    "measures", "visits", "inspections", "income", "monitoring", "photographs", "application", "authorization",
    "appraisal", "notices", "relocation", "copies", "policy_benefits", "quarter_account", "two_assurances", "housing",
    "exit", "consolidation", "rectifications", "survey", "spine",
}  # fmt: skip


def test_every_section_has_its_place_once() -> None:
    assert len(_PARTS) == len(set(_PARTS))
    assert {section_key(module) for module in sections()} <= set(_PARTS)
    assert _PARTS[0] == "cover"
    assert _PARTS[1] == "contents"
    assert _PARTS[-2:] == ["remarks", "back"]


def test_an_unknown_part_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        select_parts(["nonsense"])


@pytest.mark.parametrize("which", ["empty", "full", "monster"])
@pytest.mark.parametrize("name", _PARTS)
def test_a_part_stays_in_its_frame(sample_households: SampleHouseholds, name: str, which: str) -> None:
    (part,) = select_parts([name])
    width, tall = a4_text_area(part.landscape)
    with sample_households.workbook.reading() as session:
        household = getattr(sample_households, which)
        blocks = part.build(session, household) or empty_page(part, session, household)
        sides = layout_pages(blocks, part.landscape)
        pieces = concat(blocks, width, tall)
    assert sides
    for side in sides:
        assert side.fragments
        for n, (down, piece) in enumerate(side.fragments):
            assert down + piece.height <= tall + 0.02
            if n:
                before, above = side.fragments[n - 1]
                assert down >= before + above.height - 0.02
    drawn = sum(not piece.is_space for side in sides for _, piece in side.fragments)
    assert drawn >= sum(not piece.is_space for piece in pieces)  # nothing is lost; heads that come again add some


@pytest.mark.parametrize("name", sorted(_LISTED))
def test_what_is_known_is_printed(sample_households: SampleHouseholds, name: str) -> None:
    (part,) = select_parts([name])
    with sample_households.workbook.reading() as session:
        assert part.build(session, sample_households.full)


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
def test_what_is_not_known_is_left_out(sample_households: SampleHouseholds, name: str) -> None:
    (part,) = select_parts([name])
    with sample_households.workbook.reading() as session:
        assert list(part.build(session, sample_households.empty)) == []


@pytest.mark.parametrize(("letters", "most"), [(60, 2), (6000, 40)])
def test_long_notes_of_members_do_not_make_towers(sample_households: SampleHouseholds, letters: int, most: int) -> None:
    (part,) = select_parts(["members"])
    with sample_households.workbook.writing() as session:
        household = builders.household(session, 12, number=40 + letters // 6000)
        for one in session.scalars(select(Member).where(Member.household_id == household.id)):
            one.note = "记" * letters
        session.flush()
        sides = layout_pages(part.build(session, household.id), landscape=True)
    assert len(sides) <= most


def test_no_row_is_torn_and_heads_come_again() -> None:
    heads = [TableRow([Cell("序号"), Cell("内容")])]
    rows = [TableRow([Cell(str(n)), Cell("字" * (n * 7 % 90))]) for n in range(200)]
    sides = layout_pages([Table((20, 150), rows, heads)])
    bodies = [piece for side in sides for _, piece in side.fragments if piece.repeat_header]
    assert len(bodies) == len(rows)
    head = bodies[0].repeat_header
    assert head is not None
    assert all(side.fragments[0][1].repeat_header is None for side in sides)
    assert all(abs(side.fragments[0][1].height - head.height) < 0.01 for side in sides)
    assert len(sides) > 3


def test_a_row_that_no_page_can_hold_goes_on_on_the_next() -> None:
    sides = layout_pages([Table((30, 140), [TableRow([Cell("说明"), Cell("字" * 10_000)])])])
    assert len(sides) > 5
    assert all(piece.height <= a4_text_area(False)[1] for side in sides for _, piece in side.fragments)


def test_rows_that_a_cell_holds_together_stay_together() -> None:
    groups = [
        row
        for n in range(30)
        for row in [
            TableRow([Cell(f"项目{n}", row_span=4), Cell("要点")]),
            *(TableRow([Cell("要点")]) for _ in range(3)),
        ]
    ]
    sides = layout_pages([Table((40, 130), groups)])
    assert sum(len(side.fragments) for side in sides) == 30
    assert all(abs(piece.height - 4 * 7.5 * MM) < 0.1 for side in sides for _, piece in side.fragments)


def render_section(sample_households: SampleHouseholds, name: str, household: str) -> str:
    """What a part says, in one text."""
    out = io.BytesIO()
    with sample_households.workbook.reading() as session:
        (part,) = select_parts([name])
        pdf = PdfDocument(out, name, "")
        for page in layout_pages(part.build(session, household), part.landscape):
            side = a4_page(page.landscape, back=False)
            canvas = PageCanvas(pdf, side.width, side.height)
            for down, piece in page.fragments:
                piece.draw(canvas, side.left, side.top - down)
            canvas.finish()
        pdf.close()
    return "".join(page.extract_text() for page in PdfReader(out).pages)


def test_a_year_that_was_inspected_is_printed_from_its_inspection_and_not_from_the_form(
    sample_households: SampleHouseholds,
) -> None:
    text = render_section(sample_households, "two_assurances", sample_households.full)
    assert text.count("2018年两不愁三保障及饮水安全核查表") == 1
    assert "未做到：" in text
    assert "已当场说明" in text
    assert "未做到：" not in render_section(
        sample_households, "two_assurances", sample_households.monster
    )  # never inspected: as it was filled in


def test_inspections_that_have_a_part_of_their_own_are_not_printed_among_the_score_sheets(
    sample_households: SampleHouseholds,
) -> None:
    assert "两不愁" not in render_section(sample_households, "inspections", sample_households.full)


def test_quarters_are_summed_and_spending_is_taken_off(sample_households: SampleHouseholds) -> None:
    text = render_section(sample_households, "quarter_account", sample_households.full)
    assert "4,938.00" in text  # a line: 4 × 1,234.50
    assert "3,703.50" in text  # a quarter: A + B + C + D - E = 3 × 1,234.50
    assert "14,814.00" in text


def test_the_plan_of_a_year_sums_what_is_to_be_gained(sample_households: SampleHouseholds) -> None:
    text = render_section(sample_households, "aid_plan", sample_households.full)
    assert [year for year in ("2018年度帮扶计划", "2017年度帮扶计划", "2016年度帮扶计划") if year not in text] == []
    assert "4,800.00" in text


def test_benefits_are_told_policy_by_policy(sample_households: SampleHouseholds) -> None:
    text = render_section(sample_households, "policy_benefits", sample_households.full)
    assert "参加城乡居民基本医疗保险" in text.replace("\n", "")
    assert "未享受" in text


def test_notes_of_the_household_are_printed(sample_households: SampleHouseholds) -> None:
    with sample_households.workbook.writing() as session:
        household_id = builders.household(session, 2, number=60, note="门前路窄").id
        watched = {"kind": "边缘易致贫户", "identified": "2018-06", "risk_note": "自付医药费三万元"}
        session.add(Monitoring(village=builders.VILLAGE.code, household_id=household_id, **watched))
    assert "门前路窄" in render_section(sample_households, "information", household_id)
    assert "自付医药费三万元" in render_section(sample_households, "monitoring", household_id)
