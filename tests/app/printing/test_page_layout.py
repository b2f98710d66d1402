"""Where things stand on pages: signatures with their forms, numbers and the archive's own at the outer edge."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from app.pdf.page_style import MM
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview
from app.progress import run_to_completion
from app.workbook import preferences
from tests.app.conftest import SampleHouseholds

Box = tuple[float, float, float, float]  # left, bottom, right, top
# over a form stands by whom it was filled in; that is no place to sign
_SIGNED = re.compile("(户主签字|评分人签字|填表人(?!：王书记)|帮扶联系人签字|核算人[^：]{0,9}|走访人签字|立卷人)：")


@pytest.fixture(scope="module", params=["full", "monster"])
def volume(request: pytest.FixtureRequest, sample_households: SampleHouseholds) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(
        run_to_completion(
            preview(sample_households.workbook, ArchiveJob([getattr(sample_households, request.param)], reason="测试"))
        )
    )
    yield document
    document.close()


@pytest.fixture(scope="module")
def duplex(sample_households: SampleHouseholds) -> Iterator[pypdfium2.PdfDocument]:
    preferences.save(sample_households.workbook, "duplex", True)
    document = pypdfium2.PdfDocument(
        run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.full], reason="测试")))
    )
    preferences.save(sample_households.workbook, "duplex", False)
    yield document
    document.close()


def _letters(page: pypdfium2.PdfPage) -> list[tuple[str, Box]]:
    """Every printed character with its place."""
    text = page.get_textpage()
    letter_boxes = [(text.get_text_range(n, 1), text.get_charbox(n, loose=True)) for n in range(text.count_chars())]
    text.close()
    return [(letter, box) for letter, box in letter_boxes if letter.strip()]


def _find(letters: list[tuple[str, Box]], pattern: re.Pattern[str]) -> Iterator[Box]:
    """The places of a text."""
    for matches in pattern.finditer("".join(letter for letter, _ in letters)):
        boxes = [box for _, box in letters[matches.start() : matches.end()]]
        yield (
            min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )  # fmt: skip


def test_no_signature_leaves_its_form(volume: pypdfium2.PdfDocument) -> None:
    signed = 0
    for page in volume:
        width, height = page.get_size()
        letters = _letters(page)
        for left_edge, bottom, right, top in _find(letters, _SIGNED):
            signed += 1
            assert bottom > 15 * MM - 1
            assert left_edge > 14 * MM
            assert right < width - 14 * MM
            above = [box for _, box in letters if top < box[1] and box[3] < height - 19 * MM]
            assert len(above) > 8  # the end of the form it belongs to; least are the words in a photograph's frame
    assert signed >= 8


def test_a_place_for_a_finger_is_beside_its_label(volume: pypdfium2.PdfDocument) -> None:
    observed = 0
    for page in volume:
        letters = _letters(page)
        squares = [box for box in _paths(page) if _measures(box, 18, 18)]
        for _, bottom, _, top in _find(letters, re.compile("按指印")):
            observed += 1
            assert any(box[1] < bottom and top < box[3] for box in squares)
            assert any(abs(box[3] - top) < 14 * MM for box in _find(letters, re.compile("(户主|申请人|受访人)签字")))
    assert observed


def test_nothing_is_printed_outside_the_margins(volume: pypdfium2.PdfDocument) -> None:
    for page in volume:
        width, height = page.get_size()
        for letter, (left_edge, bottom, right, top) in _letters(page):
            assert 5 * MM < left_edge < right + 1 < width - 9 * MM, letter
            assert 5 * MM < bottom < top < height - 5 * MM, letter


def _paths(page: pypdfium2.PdfPage) -> list[Box]:
    observed = []
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left_edge, bottom, right, top = drawn.get_bounds()
        observed.append((left_edge, bottom, right, top))
    return observed


def _measures(box: Box, wide: float, high: float) -> bool:
    return abs(box[2] - box[0] - wide * MM) < 1.5 and abs(box[3] - box[1] - high * MM) < 1.5


def test_numbers_and_the_archives_own_stand_at_the_outer_edge(duplex: pypdfium2.PdfDocument) -> None:
    edges = set()
    for n, page in enumerate(duplex, 1):
        width, height = page.get_size()
        across = width > height
        letters = _letters(page)
        numbers = list(_find(letters, re.compile(rf"第{n}页共{len(duplex)}页")))
        if not numbers:
            continue
        (number,) = numbers
        boxes = [box for box in _paths(page) if _measures(box, *((8, 12) if across else (12, 8)))]
        outer = [box for box in boxes if across or box[3] > height - 19 * MM]  # cells of tables may be as large
        text = "".join(letter for letter, _ in letters)
        if any(title in text for title in ("顺序号文号或编号责任者", "卷内备考表")):
            assert outer == []  # not counted
            continue
        (outer_boxes,) = outer
        back = n % 2 == 0
        edges.add((across, back))
        if across:
            # held upright, the sheet's right edge is below it: its outer side is down on fronts, up on backs
            assert number[2] < 16 * MM
            assert (number[1] > height / 2) is back
            assert outer_boxes[0] > width - 14 * MM
            assert (outer_boxes[1] > height / 2) is back
        else:
            assert number[3] < 18 * MM
            assert (number[0] < width / 2) is back
            assert outer_boxes[1] > height - 20 * MM
            assert (outer_boxes[0] < width / 2) is back
    assert {(False, False), (False, True), (True, False)} <= edges


def test_heads_across_lie_towards_the_binding_on_fronts(duplex: pypdfium2.PdfDocument) -> None:
    for n, page in enumerate(duplex, 1):
        width, height = page.get_size()
        if width > height:
            top = max(
                box[3] for _, box in _letters(page) if 30 * MM < box[0] < width - 30 * MM and box[3] < height - 9 * MM
            )
            binding = 25 if n % 2 else 15
            assert abs(height - top - binding * MM) < 6 * MM


def test_printed_on_both_sides_each_form_begins_on_a_leaf_of_its_own(
    sample_households: SampleHouseholds, tmp_path: Path
) -> None:
    from tests import pdf_reader

    preferences.save(sample_households.workbook, "duplex", True)
    pdf = run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.monster], reason="测试")))
    preferences.save(sample_households.workbook, "duplex", False)
    marks = pdf_reader.bookmarks(pdf)
    assert len(marks) > 12
    assert all(page % 2 == 1 for _, _, page in marks)


def test_no_line_begins_with_a_closing_sign(volume: pypdfium2.PdfDocument) -> None:
    for page in volume:
        text = page.get_textpage()
        lines = text.get_text_range().splitlines()
        text.close()
        assert [line for line in lines if line[:1] in set("，。；：！？、）》」』】”’%‰")] == []
