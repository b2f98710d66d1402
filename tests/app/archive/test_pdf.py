"""Files that are drawn by hand and read back: fonts, photographs, outline, layers."""

import io

import pypdfium2
import pytest
from PIL import Image

from app.archive.paper import BODY, HEIGHT, WIDTH
from app.archive.pdf import PdfFile, jpeg
from app.archive.pen import Pen
from tests.app.archive import filled, reading


class Sketch:
    """A file of one page at a time."""

    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.pdf = PdfFile(self.file, "题名", "王书记")
        self.pen = Pen(self.pdf, WIDTH, HEIGHT)

    def turn(self) -> None:
        self.pen.finish()
        self.pen = Pen(self.pdf, WIDTH, HEIGHT)

    def read(self) -> bytes:
        self.pen.finish()
        self.pdf.close()
        return self.file.getvalue()


def photograph(mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (40, 30), tuple(200 for _ in mode) if len(mode) > 1 else 200).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("text", ["3-5‑7", "•一‧二", "《三》〈四〉", "𬱖𰻝㛃" + chr(0x20001)])
def test_characters_that_share_a_glyph_or_are_rare_keep_their_meaning(text: str) -> None:
    sketch = Sketch()
    sketch.pen.text(80, 700, 400, text, BODY)
    pdf = sketch.read()
    assert reading.whole(pdf) == text
    assert "".join(reading.pages(pdf)).strip() == text


def test_a_font_lists_each_glyph_once_and_only_what_is_used() -> None:
    sketch = Sketch()
    sketch.pen.text(80, 700, 400, "石桥村石桥村", BODY)
    sketch.turn()
    sketch.pen.text(80, 700, 400, "村民委员会", BODY)
    fonts = [page["/Resources"]["/Font"] for page in reading.reader(sketch.read()).pages]
    assert [list(listed) for listed in fonts] == [["/F1"], ["/F1"]]
    below = fonts[0]["/F1"]["/DescendantFonts"][0]
    program = below["/FontDescriptor"]["/FontFile2"].get_data()
    assert len(below["/CIDToGIDMap"].get_data()) == 2 * (1 + len(set("　石桥村民委员会")))
    assert len(program) < 20_000


def test_a_photograph_is_embedded_once_as_it_is() -> None:
    data = filled.jpeg(1)
    sketch = Sketch()
    for _ in range(3):
        for y in (100, 500):
            shown = jpeg(data)
            assert shown is not None
            sketch.pen.picture(shown, 50, y, 200, 150)
        sketch.turn()
    pdf = sketch.read()
    assert pdf.count(data) == 1
    names = {name for page in list(reading.reader(pdf).pages)[:3] for name in page["/Resources"]["/XObject"]}
    assert len(names) == 1


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_photographs_of_every_kind_show_their_colour(mode: str) -> None:
    data = photograph(mode)
    shown = jpeg(data)
    assert shown is not None
    sketch = Sketch()
    sketch.pen.picture(shown, 0, 0, WIDTH, HEIGHT)
    with pypdfium2.PdfDocument(sketch.read()) as document:
        found = document[0].render(scale=0.2).to_pil().convert("RGB").getpixel((40, 40))
    with Image.open(io.BytesIO(data)) as image:
        wanted = image.convert("RGB").getpixel((20, 15))
    assert all(abs(one - other) < 30 for one, other in zip(found, wanted, strict=True))


def test_what_cannot_be_shown_is_no_photograph() -> None:
    whole, png = photograph(), io.BytesIO()
    Image.new("RGB", (4, 4)).save(png, "PNG")
    short_mark = whole[:2] + b"\xff\xe0\x00\x04ab" + whole[2:]  # a mark that PIL passes over and reportlab stumbles on
    assert jpeg(whole) is not None
    assert [jpeg(data) for data in (b"", b"text", whole[:9], png.getvalue(), short_mark)] == [None] * 5


def test_the_outline_is_folded_to_volumes() -> None:
    sketch = Sketch()
    for home in ("一户", "二户"):
        sketch.pdf.bookmark(home)
        for part in ("封面", "（附页）\\"):
            sketch.pdf.bookmark(part, 1)
            sketch.turn()
    pdf = sketch.read()
    assert reading.bookmarks(pdf) == [
        (0, "一户", 1), (1, "封面", 1), (1, "（附页）\\", 2), (0, "二户", 3), (1, "封面", 3), (1, "（附页）\\", 4),
    ]  # fmt: skip
    root = reading.reader(pdf).trailer["/Root"]
    assert root["/PageMode"] == "/UseOutlines"
    assert root["/Outlines"]["/First"]["/Count"] == -2


def test_a_page_without_text_lists_no_font() -> None:
    sketch = Sketch()
    sketch.pen.line(0, 0, 100, 100)
    (page,) = reading.reader(sketch.read()).pages
    assert dict(page["/Resources"]["/Font"]) == {}


def test_text_lies_over_lines_over_pictures_over_shades_whatever_comes_first() -> None:
    white = photograph("L")
    shown = jpeg(white)
    assert shown is not None
    sketch = Sketch()
    sketch.pen.text(0, HEIGHT, WIDTH, "■" * 30, BODY)
    sketch.pen.line(0, 300, WIDTH, 300, 40)
    sketch.pen.picture(shown, 0, 0, WIDTH, 400)
    sketch.pen.shade(0, 0, WIDTH, HEIGHT, 0.5)
    with pypdfium2.PdfDocument(sketch.read()) as document:
        page = document[0].render(scale=1).to_pil().convert("L")
    below = [page.getpixel((300, round(HEIGHT) - y)) for y in (500, 200, 300)]
    assert [abs(found - wanted) < 5 for found, wanted in zip(below, (128, 200, 0), strict=True)] == [True] * 3
    assert min(page.crop((0, 0, 595, 30)).tobytes()) < 20
