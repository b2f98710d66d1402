"""Files that are drawn by hand and read back: fonts, photographs, outline, layers."""

import io

import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfbase import pdfdoc

from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument, read_jpeg
from app.pdf.page_style import BODY, HEIGHT, WIDTH
from tests import full_household, pdf_reader


class Sketch:
    """A file of one page at a time."""

    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.pdf = PdfDocument(self.file, "题名", "王书记")
        self.canvas = PageCanvas(self.pdf, WIDTH, HEIGHT)

    def turn(self) -> None:
        self.canvas.finish()
        self.canvas = PageCanvas(self.pdf, WIDTH, HEIGHT)

    def read(self) -> bytes:
        self.canvas.finish()
        self.pdf.close()
        return self.file.getvalue()


def photograph(mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (40, 30), tuple(200 for _ in mode) if len(mode) > 1 else 200).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("text", ["3-5‑7", "•一‧二", "《三》〈四〉", "𬱖𰻝㛃" + chr(0x20001)])
def test_characters_that_share_a_glyph_or_are_rare_keep_their_meaning(text: str) -> None:
    sketch = Sketch()
    sketch.canvas.text(80, 700, 400, text, BODY)
    pdf = sketch.read()
    assert pdf_reader.full_text(pdf) == text
    assert "".join(pdf_reader.page_texts(pdf)).strip() == text


def test_a_font_lists_each_glyph_once_and_only_what_is_used() -> None:
    sketch = Sketch()
    sketch.canvas.text(80, 700, 400, "石桥村石桥村", BODY)
    sketch.turn()
    sketch.canvas.text(80, 700, 400, "村民委员会", BODY)
    fonts = [page["/Resources"]["/Font"] for page in pdf_reader.reader(sketch.read()).pages]
    assert [list(font_names) for font_names in fonts] == [["/F1"], ["/F1"]]
    below = fonts[0]["/F1"]["/DescendantFonts"][0]
    program = below["/FontDescriptor"]["/FontFile2"].get_data()
    assert len(below["/CIDToGIDMap"].get_data()) == 2 * (1 + len(set("　石桥村民委员会")))
    assert len(program) < 20_000


def test_a_photograph_is_embedded_once_as_it_is() -> None:
    data = full_household.jpeg(1)
    sketch = Sketch()
    for _ in range(3):
        for y in (100, 500):
            picture_block = read_jpeg(data)
            assert picture_block is not None
            sketch.canvas.image(picture_block, 50, y, 200, 150, "照片")
        sketch.turn()
    pdf = sketch.read()
    assert pdf.count(data) == 1
    names = {name for page in list(pdf_reader.reader(pdf).pages)[:3] for name in page["/Resources"]["/XObject"]}
    assert len(names) == 1


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_photographs_of_every_kind_show_their_colour(mode: str) -> None:
    data = photograph(mode)
    picture_block = read_jpeg(data)
    assert picture_block is not None
    sketch = Sketch()
    sketch.canvas.image(picture_block, 0, 0, WIDTH, HEIGHT, "照片")
    with pypdfium2.PdfDocument(sketch.read()) as document:
        actual = document[0].render(scale=0.2).to_pil().convert("RGB").getpixel((40, 40))
    with Image.open(io.BytesIO(data)) as image:
        expected = image.convert("RGB").getpixel((20, 15))
    assert all(abs(one - other) < 30 for one, other in zip(actual, expected, strict=True))


def test_what_cannot_be_shown_is_no_photograph() -> None:
    content, png = photograph(), io.BytesIO()
    Image.new("RGB", (4, 4)).save(png, "PNG")
    short_mark = (
        content[:2] + b"\xff\xe0\x00\x04ab" + content[2:]
    )  # a mark that PIL passes over and reportlab stumbles on
    assert read_jpeg(content) is not None
    assert [read_jpeg(data) for data in (b"", b"text", content[:9], png.getvalue(), short_mark)] == [None] * 5


def test_the_outline_is_folded_to_volumes() -> None:
    sketch = Sketch()
    for household_id in ("一户", "二户"):
        sketch.pdf.bookmark(household_id)
        for part in ("封面", "（附页）\\"):
            sketch.pdf.bookmark(part, 1)
            sketch.turn()
    pdf = sketch.read()
    assert pdf_reader.bookmarks(pdf) == [
        (0, "一户", 1), (1, "封面", 1), (1, "（附页）\\", 2), (0, "二户", 3), (1, "封面", 3), (1, "（附页）\\", 4),
    ]  # fmt: skip
    root = pdf_reader.reader(pdf).trailer["/Root"]
    assert root["/PageMode"] == "/UseOutlines"
    assert root["/Outlines"]["/First"]["/Count"] == -2


def test_a_page_without_text_lists_no_font() -> None:
    sketch = Sketch()
    sketch.canvas.line(0, 0, 100, 100)
    (page,) = pdf_reader.reader(sketch.read()).pages
    assert dict(page["/Resources"]["/Font"]) == {}


def test_text_lies_over_lines_over_pictures_over_shades_whatever_comes_first() -> None:
    white = photograph("L")
    picture_block = read_jpeg(white)
    assert picture_block is not None
    sketch = Sketch()
    sketch.canvas.text(0, HEIGHT, WIDTH, "■" * 30, BODY)
    sketch.canvas.line(0, 300, WIDTH, 300, 40)
    sketch.canvas.image(picture_block, 0, 0, WIDTH, 400, "照片")
    sketch.canvas.shade(0, 0, WIDTH, HEIGHT, 0.5)
    with pypdfium2.PdfDocument(sketch.read()) as document:
        page = document[0].render(scale=1).to_pil().convert("L")
    below = [page.getpixel((300, round(HEIGHT) - y)) for y in (500, 200, 300)]
    assert [abs(actual - expected) < 5 for actual, expected in zip(below, (128, 200, 0), strict=True)] == [True] * 3
    assert min(page.crop((0, 0, 595, 30)).tobytes()) < 20


def test_a_file_may_be_longer_than_four_gibibytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand households with twenty photographs each; here the first object is said to lie that far behind."""
    begin = pdfdoc.PDFFile.__init__

    def begin_far_behind(file: pdfdoc.PDFFile, *version: object) -> None:
        begin(file, *version)
        file.offset = 5 << 30

    monkeypatch.setattr(pdfdoc.PDFFile, "__init__", begin_far_behind)
    sketch = Sketch()
    sketch.canvas.text(80, 700, 400, "户档", BODY)
    assert int(sketch.read().rsplit(b"startxref\n", 1)[1].split()[0]) > 5 << 30
