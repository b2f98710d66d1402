"""The structure of printed papers, read back with pikepdf: what is read aloud, in which order, what is passed over."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from app.pdf.bar_chart import BarGroup, BarGroupRow
from app.pdf.canvas import PageCanvas
from app.pdf.chart import LineChart, Series, StackedColumnChart
from app.pdf.document import PdfDocument, read_jpeg
from app.pdf.flowables import Heading, Paragraph, Title
from app.pdf.page_style import LABEL, a4_page
from app.pdf.pagination import draw_fragments, layout_pages
from app.pdf.plain_document import write_plain_document
from app.pdf.table import Cell, CheckboxList, ImageCell, Table, TableRow
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview
from app.progress import run_to_completion
from tests.app.conftest import SampleHouseholds
from tests.full_household import jpeg


class Structure:
    """The tree of a file as a reader sees it."""

    def __init__(self, content: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(content))
        self._texts = [_marked_texts(page) for page in self.pdf.pages]
        self._page_numbers = {page.objgen: n for n, page in enumerate(self.pdf.pages)}
        self.root = self.pdf.Root.StructTreeRoot

    def elements(self, kind: str = "") -> list[Any]:
        return [one for one in _walk(self.root.K) if not kind or f"/{kind}" == one.S]

    def text(self, element: Any) -> str:
        """What stands in an element and those below it."""
        return "".join(self._text_of(kid, element) for kid in _kids(element))

    def _text_of(self, kid: Any, element: Any) -> str:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") != "/MCR":
            return self.text(kid)
        page, number = (kid.Pg, int(kid.MCID)) if isinstance(kid, pikepdf.Dictionary) else (element.Pg, int(kid))
        return self._texts[self._page_numbers[page.objgen]].get(number, "")

    def untagged(self) -> set[str]:
        """The operators that draw something outside any marked content."""
        return {operator for page in self.pdf.pages for operator in _outside(page)}


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _walk(element: Any) -> Iterator[Any]:
    yield element
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _walk(kid)


def _to_unicode(page: Any) -> dict[str, dict[bytes, str]]:
    maps = {}
    for name, font in page.Resources.get("/Font", {}).items():
        maps[name] = {}
        for first, values in re.findall(r"<(\w{4})> <\w{4}> \[(.*?)\]", font.ToUnicode.read_bytes().decode("ascii")):
            for code, value in enumerate(re.findall(r"<(\w+)>", values), int(first, 16)):
                maps[name][code.to_bytes(2)] = bytes.fromhex(value).decode("utf-16-be")
    return maps


def _marked_texts(page: Any) -> dict[int, str]:
    """What is drawn under each number on a page."""
    maps, texts, number, font = _to_unicode(page), {}, None, ""
    for one in pikepdf.parse_content_stream(page):
        operator = str(one.operator)
        if operator == "BDC":
            number = int(one.operands[1].MCID)
            texts[number] = ""
        elif operator in ("BMC", "EMC"):
            number = None
        elif operator == "Tf":
            font = str(one.operands[0])
        elif operator == "Tj" and number is not None:
            codes = bytes(one.operands[0])
            texts[number] += "".join(maps[font][codes[n : n + 2]] for n in range(0, len(codes), 2))
    return texts


def _outside(page: Any) -> Iterator[str]:
    depth = 0
    for one in pikepdf.parse_content_stream(page):
        operator = str(one.operator)
        depth += (operator in ("BDC", "BMC")) - (operator == "EMC")
        assert depth in (0, 1)
        if depth == 0 and operator in ("Tj", "Do", "S", "f", "B", "n"):
            yield operator
    assert depth == 0


def _write(*flowables: Any) -> Structure:
    file = io.BytesIO()
    write_plain_document(file, "题名", "王书记", flowables)
    return Structure(file.getvalue())


@pytest.fixture(scope="module")
def volume(sample_households: SampleHouseholds) -> Structure:
    return Structure(run_to_completion(preview(sample_households.workbook, ArchiveJob([sample_households.full]))))


def test_all_that_is_drawn_is_content_or_artifact(volume):
    assert volume.pdf.Root.MarkInfo.Marked
    assert str(volume.pdf.Root.Lang) == "zh-CN"
    assert volume.untagged() == set()
    assert all(page.Tabs == "/S" for page in volume.pdf.pages)


def test_every_content_of_a_page_is_found_from_the_page_and_from_the_tree(volume):
    parents = dict(zip(*[iter(volume.root.ParentTree.Nums)] * 2, strict=True))
    numbers = [int(page.StructParents) for page in volume.pdf.pages if "/StructParents" in page]
    assert sorted(parents) == sorted(numbers) == list(range(len(parents)))
    for page in volume.pdf.pages:
        found = list(parents[int(page.StructParents)]) if "/StructParents" in page else []
        texts = _marked_texts(page)
        assert sorted(texts) == list(range(len(found)))
        for number, element in enumerate(found):
            own = [int(kid.MCID) if isinstance(kid, pikepdf.Dictionary) else int(kid) for kid in _kids(element)
                   if not (isinstance(kid, pikepdf.Dictionary) and "/S" in kid)]  # fmt: skip
            assert number in own


def test_an_archive_is_read_part_by_part_in_its_order(volume):
    sections = volume.elements("Sect")
    titles = [str(one.T) for one in sections]
    assert titles[0] == "封面"
    assert titles == [str(item.title) for item in volume.pdf.open_outline().root]
    contents = next(one for one in sections if str(one.T) == "卷内文件目录")
    assert "卷内文件目录" in volume.text(contents)


def test_rows_hold_cells_alone_and_tables_rows(volume):
    for table in volume.elements("Table"):
        assert {str(kid.S) for kid in _kids(table)} == {"/TR"}
    for row in volume.elements("TR"):
        assert {str(kid.S) for kid in _kids(row)} <= {"/TD", "/TH"}


def test_headings_and_paragraphs_say_what_they_are():
    structure = _write(Title("承诺书", "二〇一八年"), Heading("一、内容"), Paragraph("甲" * 300))
    assert [structure.text(one) for one in structure.elements("H1")] == ["承诺书"]
    assert [structure.text(one) for one in structure.elements("H2")] == ["一、内容"]
    assert [structure.text(one) for one in structure.elements("P")] == ["二〇一八年", "　　" + "甲" * 300]


def test_a_table_over_several_pages_is_one_table_and_its_header_is_read_once():
    header = TableRow([Cell("姓名", LABEL), Cell("金额", LABEL)])
    rows = [TableRow([Cell(f"户{n}"), Cell(str(n))]) for n in range(90)]
    structure = _write(Table((1, 1), rows, [header]))
    assert len(structure.pdf.pages) > 2
    (table,) = structure.elements("Table")
    assert len(_kids(table)) == 91
    heads = structure.elements("TH")
    assert [structure.text(one) for one in heads] == ["姓名", "金额"]
    assert all(one.A.Scope == "/Column" for one in heads)
    assert structure.untagged() == set()


def test_a_cell_that_is_split_between_pages_stays_one_cell():
    long_text = "\n".join(f"第{n}条" for n in range(200))
    structure = _write(Table((1, 3), [TableRow([Cell("规定", LABEL), Cell(long_text)])]))
    assert len(structure.pdf.pages) > 1
    (label,), (cell,) = structure.elements("TH"), structure.elements("TD")
    assert (structure.text(label), str(label.A.Scope)) == ("规定", "/Row")
    assert structure.text(cell) == long_text.replace("\n", "")


def test_spans_and_empty_cells_are_there():
    rows = [TableRow([Cell("甲", row_span=2), Cell("乙", col_span=2)]), TableRow([Cell(""), Cell("丙")])]
    structure = _write(Table((1, 1, 1), rows))
    cells = structure.elements("TD")
    assert [structure.text(one) for one in cells] == ["甲", "乙", "", "丙"]
    assert (int(cells[0].A.RowSpan), int(cells[1].A.ColSpan)) == (2, 2)


def test_an_option_says_whether_it_is_chosen():
    structure = _write(Table((1,), [TableRow([Cell(CheckboxList(("男", "女"), ("女",)))])]))
    assert [str(one.ActualText) for one in structure.elements("Span")] == ["☐男", "☑女"]


def test_a_photograph_says_what_it_shows_and_where():
    picture = read_jpeg(jpeg(1))
    structure = _write(Table((1,), [TableRow([Cell(ImageCell(picture, (30, 40), "户主照片"))])]))
    (figure,) = structure.elements("Figure")
    assert str(figure.Alt) == "户主照片"
    assert len(figure.A.BBox) == 4
    assert figure.P.S == "/TD"


def test_what_stands_around_a_page_is_passed_over():
    file = io.BytesIO()
    pdf = PdfDocument(file, "", "")
    (page,) = layout_pages([Paragraph("正文")])
    geometry = a4_page(landscape=False, back=False)
    canvas = PageCanvas(pdf, geometry.width, geometry.height)
    canvas.watermark("草稿")
    draw_fragments(canvas, geometry, page.fragments)
    canvas.text(50, 50, 100, "第 1 页", LABEL)
    canvas.finish()
    pdf.close()
    structure = Structure(file.getvalue())
    assert [structure.text(one) for one in structure.elements("Sect")] == ["　　正文"]
    assert structure.untagged() == set()


def test_a_chart_is_told_in_words():
    bars = BarGroup("致贫原因", (("因病", 1.0, "10 户"), ("因残", 0.9, "9 户")))
    columns = StackedColumnChart(
        ("2017", "2018"), (Series("工资", (1000.0, 2000.0)), Series("转移", (1.0, 2.0))), "收入"
    )
    structure = _write(BarGroupRow([bars]), LineChart(("一月", "二月"), (80.0, 92.5), "得分"), columns)
    assert [str(one.Alt) for one in structure.elements("Figure")] == [
        "致贫原因：因病 10 户，因残 9 户",
        "得分：一月 80分，二月 92.5分",
        "收入：2017 1,001元，2018 2,002元",
    ]
