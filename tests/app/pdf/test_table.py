"""Ruled tables on pages."""

import pytest

from app.pdf.page_style import MM
from app.pdf.pagination import paginate
from app.pdf.table import Cell, Table, TableRow

_WIDTH, _HEIGHT = 170 * MM, 100 * MM


def _table(rows: int, min_height: float = 10) -> Table:
    return Table(
        (1, 2),
        [TableRow([Cell(str(n)), Cell("四净两规范")]) for n in range(rows)],
        [TableRow([Cell("序号"), Cell("项目")])],
        min_height=min_height,
    )


def test_a_row_is_as_tall_as_asked_in_millimetres() -> None:
    (page,) = paginate([_table(3)], _WIDTH, _HEIGHT)
    assert [round(top / MM) for top, _ in page] == [0, 10, 20, 30]


@pytest.mark.parametrize("rows", range(2, 24))
def test_the_last_row_never_stands_alone_on_a_page(rows: int) -> None:
    """A page holds nine rows of 10 mm below the repeated header."""
    pages = paginate([_table(rows)], _WIDTH, _HEIGHT)
    body_rows = [len(page) - 1 for page in pages]
    assert sum(body_rows) == rows
    assert min(body_rows) >= 2
    assert all(top + fragment.height <= _HEIGHT for page in pages for top, fragment in page)
