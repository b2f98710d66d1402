"""How papers are laid out: what must not be cut, stand alone, or stand at another side than elsewhere."""

import io
import re
from collections.abc import Iterator, Sequence

import pytest

from app.pdf.flowables import Flowable, SignatureField, Title
from app.pdf.page_style import MM, a4_text_area, is_label
from app.pdf.pagination import paginate
from app.pdf.plain_document import write_plain_document
from app.pdf.table import Cell, Table, TableRow
from app.reports.catalogue import parts
from tests import full_household, pdf_reader
from tests.builders import workbook
from tests.paper_columns import misplaced_columns, tables

_WIDTH, _HEIGHT = a4_text_area(False)
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日|\d{18}|1\d{10}")
_MONEY = re.compile(r"-?[\d,]+\.\d\d")


@pytest.fixture(scope="module")
def extreme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[bool, list[Flowable]]]]:
    """The parts of the archive of a household that is larger than forms expect: whether landscape, flowables."""
    book = workbook(tmp_path_factory.mktemp("book"))
    with book.writing() as session:
        household_id = full_household.add_extreme_household(session, photos=4).id
    with book.reading() as session:
        yield {part.name: (part.landscape, list(part.build(session, household_id))) for part in parts()}
    book.close()


def test_no_number_date_or_code_is_cut(extreme: dict[str, tuple[bool, list[Flowable]]]) -> None:
    for name, (landscape, flowables) in extreme.items():
        width, height = a4_text_area(landscape)
        for table in tables(flowables):
            cuts: dict[int, float] = {}
            table._fragments(width, height, cuts)
            assert not cuts or table._roomier_columns(width, cuts), name


def test_each_row_of_a_table_fills_its_columns(extreme: dict[str, tuple[bool, list[Flowable]]]) -> None:
    """A row that is a cell short, or spans one column more, prints; it only looks wrong."""
    for name, (_, flowables) in extreme.items():
        for table in tables(flowables):
            assert set(_columns_filled([*table.header_rows, *table.rows])) <= {len(table.columns)}, name


def _columns_filled(rows: Sequence[TableRow]) -> Iterator[int]:
    """How many columns each row fills, with the cells that reach down into it."""
    below: list[tuple[int, int]] = []  # of cells that reach further: columns, rows to come
    for row in rows:
        yield sum(cell.col_span for cell in row.cells) + sum(columns for columns, _ in below)
        below = [(columns, left - 1) for columns, left in below if left > 1]
        below += [(cell.col_span, cell.row_span - 1) for cell in row.cells if cell.row_span > 1]


def test_nobody_signs_a_page_without_what_is_signed(extreme: dict[str, tuple[bool, list[Flowable]]]) -> None:
    for name, (landscape, flowables) in extreme.items():
        for page in paginate(flowables, *a4_text_area(landscape)):
            drawn = [fragment.draw.__qualname__ for _, fragment in page]
            if any(one.startswith("SignatureBlock") for one in drawn):
                assert any("Table" in one or "_row_fragment" in one for one in drawn), name


def test_days_and_codes_stand_in_the_middle_and_money_at_the_right(
    extreme: dict[str, tuple[bool, list[Flowable]]],
) -> None:
    for name, (_, flowables) in extreme.items():
        for table in (
            table for table in tables(flowables) if table.header_rows and name != "changes"
        ):  # which holds any value
            for cell in (cell for row in table.rows for cell in row.cells if isinstance(cell.content, str)):
                if not is_label(cell.style) and cell.col_span == 1:
                    assert not _DAY.fullmatch(cell.content) or cell.style.align == "center", (name, cell.content)
                    assert not _MONEY.fullmatch(cell.content) or cell.style.align == "right", (name, cell.content)


def test_columns_stand_by_their_kind(extreme: dict[str, tuple[bool, list[Flowable]]]) -> None:
    misplaced = {name: misplaced_columns(flowables) for name, (_, flowables) in extreme.items() if name != "changes"}
    assert {name: columns for name, columns in misplaced.items() if columns} == {}


def test_every_table_says_what_its_columns_or_rows_are(extreme: dict[str, tuple[bool, list[Flowable]]]) -> None:
    for name, (_, flowables) in extreme.items():
        for table in tables(flowables):
            texts = [[cell for cell in row.cells if isinstance(cell.content, str)] for row in table.rows]
            labelled = all(len(row) <= 1 or any(cell.style.font == "hei" for cell in row) for row in texts)
            assert table.header_rows or labelled or name == "cover", name


def test_a_group_of_three_scores(extreme: dict[str, tuple[bool, list[Flowable]]]) -> None:
    _, flowables = extreme["inspections"]
    assert [field.label for field in _signature_fields(flowables)][:4] == [
        "评分人（一）签字", "评分人（二）签字", "评分人（三）签字", "户主签字",
    ]  # fmt: skip


def _signature_fields(flowables: Sequence[Flowable]) -> Iterator[SignatureField]:
    for one in flowables:
        yield from getattr(one, "fields", ())
        yield from _signature_fields(getattr(one, "flowables", ()))


def _rows(count: int) -> list[TableRow]:
    return [TableRow([Cell(str(n)), Cell("四净两规范")]) for n in range(count)]


def test_a_short_table_stays_whole() -> None:
    filler = Table((1,), [TableRow([Cell("")], min_height=200)])
    _, second = paginate([filler, Table((1, 2), _rows(8))], _WIDTH, _HEIGHT)
    assert len(second) == 8


def test_a_page_on_which_a_table_goes_on_says_so() -> None:
    head = [TableRow([Cell("序号"), Cell("项目")])]
    _, second = paginate([Title("走访台账"), Table((1, 2), _rows(40), head)], _WIDTH, _HEIGHT)
    caption, header, *rows = second
    assert caption[1].draw.__qualname__.startswith("_page_head")
    assert header[0] == pytest.approx(caption[1].height)
    assert len(rows) > 2


def test_a_row_that_fills_pages_says_again_what_it_is_about() -> None:
    row = TableRow([Cell("了解情况"), Cell("户主身体尚好，在镇上务工，家中老人需要照顾。" * 150)])
    file = io.BytesIO()
    write_plain_document(file, "走访记录", "", [Title("走访记录"), Table((30, 140), [row])])
    text = pdf_reader.full_text(file.getvalue())
    assert "了解情况（续）" in text
    assert "走访记录（续）" in text


@pytest.mark.parametrize("text", ["2018年8月10日", "340881197001010018", "13,500.00元", "3.25亩"])
def test_a_column_makes_room_for_what_must_not_be_cut(text: str) -> None:
    table = Table((9, 161), [TableRow([Cell(text), Cell("说明")])])
    cuts: dict[int, float] = {}
    table._fragments(_WIDTH, _HEIGHT, cuts)
    columns = table._roomier_columns(_WIDTH, cuts)
    assert 0 in cuts
    assert columns is not None
    assert sum(columns) == pytest.approx(170 * MM)
    (fragment,) = table.split(_WIDTH, _HEIGHT)
    assert fragment.height < 9 * MM  # one line
