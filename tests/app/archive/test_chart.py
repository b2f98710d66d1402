"""Charts as they are printed: round values beside the axis, a number on each column, greys that differ."""

import io

import pypdfium2
import pytest

from app.archive.blocks import Block
from app.archive.chart import Columns, Share, Trend, drawable
from app.archive.paper import HEIGHT, WIDTH, frame
from app.archive.pdf import PdfFile
from app.archive.pen import Pen
from tests.app.archive import reading

YEARS = ("2016年", "2017年", "2018年")
SOURCES = (
    Share("工资性收入", (20000, 31000, 38000)),
    Share("生产经营性收入", (9000, 0, 10300)),
    Share("转移性收入", (1000, 1260, 1260)),
)


def drawn(*blocks: Block) -> bytes:
    file = io.BytesIO()
    pdf = PdfFile(file, "图", "王书记")
    pen = Pen(pdf, WIDTH, HEIGHT)
    y = HEIGHT - 50
    for block in blocks:
        (piece,) = block.pieces(frame(False)[0], frame(False)[1])
        piece.draw(pen, 60, y)
        y -= piece.height
    pen.finish()
    pdf.close()
    return file.getvalue()


def test_columns_say_their_sums_years_and_sources() -> None:
    (text,) = reading.pages(drawn(Columns(YEARS, SOURCES, "历年总收入的来源")))
    for said in (
        *YEARS,
        "30,000",
        "32,260",
        "49,560",
        "工资性收入",
        "生产经营性收入",
        "转移性收入",
        "50,000",
        "（元）",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("most", "top"),
    [(9539.9, "10,000"), (49560, "50,000"), (1, "1"), (0.4, "1"), (123456, "125,000"), (7_000_000, "8,000,000")],
)
def test_the_axis_ends_at_a_round_value(most: float, top: str) -> None:
    (text,) = reading.pages(drawn(Columns(YEARS[:2], (Share("收入", (most, most / 2)),), "收入")))
    assert top in text


def test_greys_of_sources_differ() -> None:
    with pypdfium2.PdfDocument(drawn(Columns(YEARS, SOURCES, "来源"))) as document:
        page = document[0].render(scale=2).to_pil().convert("L")
    greys = {grey for many, grey in page.getcolors(256) if many > 400} - {255}
    assert len([grey for grey in greys if 60 < grey < 240]) >= 3


def test_only_the_last_twelve_are_drawn() -> None:
    names = tuple(f"{year}年" for year in range(2000, 2020))
    values = tuple(float(n) for n in range(1, 21))
    (text,) = reading.pages(drawn(Columns(names, (Share("收入", values),), "收入"), Trend(names, values, "得分")))
    assert "2008年" in text
    assert "2007年" not in text


def test_a_trend_stays_in_its_field() -> None:
    pdf = drawn(Trend(YEARS, (100.0, 0.0, 82.5), "历次得分"))
    (text,) = reading.pages(pdf)
    assert "82.5" in text
    assert "（分）" in text
    with pypdfium2.PdfDocument(pdf) as document:
        assert all(obj.get_bounds()[3] < HEIGHT - 50 for obj in document[0].get_objects())


def test_nothing_is_drawn_of_nothing() -> None:
    assert not drawable(())
    assert not drawable((5.0,))
    assert not drawable((0.0, 0.0))
    assert drawable((0.0, 1.0))
