"""Charts as they are printed: round values beside the axis, a number on each column, greys that differ."""

import io

import pypdfium2
import pytest

from app.pdf.canvas import PageCanvas
from app.pdf.chart import LineChart, Series, StackedColumnChart, is_drawable
from app.pdf.document import PdfDocument
from app.pdf.flowables import Flowable
from app.pdf.page_style import HEIGHT, WIDTH, a4_text_area
from tests import pdf_reader

YEARS = ("2016年", "2017年", "2018年")
SOURCES = (
    Series("工资性收入", (20000, 31000, 38000)),
    Series("生产经营性收入", (9000, 0, 10300)),
    Series("转移性收入", (1000, 1260, 1260)),
)


def draw_chart(*blocks: Flowable) -> bytes:
    file = io.BytesIO()
    pdf = PdfDocument(file, "图", "王书记")
    canvas = PageCanvas(pdf, WIDTH, HEIGHT)
    y = HEIGHT - 50
    for block in blocks:
        (piece,) = block.split(a4_text_area(False)[0], a4_text_area(False)[1])
        piece.draw(canvas, 60, y)
        y -= piece.height
    canvas.finish()
    pdf.close()
    return file.getvalue()


def test_columns_say_their_sums_years_and_sources() -> None:
    (text,) = pdf_reader.page_texts(draw_chart(StackedColumnChart(YEARS, SOURCES, "历年总收入的来源")))
    for expected_texts in (
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
        assert expected_texts in text


@pytest.mark.parametrize(
    ("most", "top"),
    [(9539.9, "10,000"), (49560, "50,000"), (1, "1"), (0.4, "1"), (123456, "125,000"), (7_000_000, "8,000,000")],
)
def test_the_axis_ends_at_a_round_value(most: float, top: str) -> None:
    (text,) = pdf_reader.page_texts(
        draw_chart(StackedColumnChart(YEARS[:2], (Series("收入", (most, most / 2)),), "收入"))
    )
    assert top in text


def test_greys_of_sources_differ() -> None:
    with pypdfium2.PdfDocument(draw_chart(StackedColumnChart(YEARS, SOURCES, "来源"))) as document:
        page = document[0].render(scale=2).to_pil().convert("L")
    greys = {grey for many, grey in page.getcolors(256) if many > 400} - {255}
    assert len([grey for grey in greys if 60 < grey < 240]) >= 3


def test_only_the_last_twelve_are_drawn() -> None:
    names = tuple(f"{year}年" for year in range(2000, 2020))
    values = tuple(float(n) for n in range(1, 21))
    (text,) = pdf_reader.page_texts(
        draw_chart(StackedColumnChart(names, (Series("收入", values),), "收入"), LineChart(names, values, "得分"))
    )
    assert "2008年" in text
    assert "2007年" not in text


def test_a_trend_stays_in_its_field() -> None:
    pdf = draw_chart(LineChart(YEARS, (100.0, 0.0, 82.5), "历次得分"))
    (text,) = pdf_reader.page_texts(pdf)
    assert "82.5" in text
    assert "（分）" in text
    with pypdfium2.PdfDocument(pdf) as document:
        assert all(obj.get_bounds()[3] < HEIGHT - 50 for obj in document[0].get_objects())


def test_nothing_is_drawn_of_nothing() -> None:
    assert not is_drawable(())
    assert not is_drawable((5.0,))
    assert not is_drawable((0.0, 0.0))
    assert is_drawable((0.0, 1.0))
