"""The law of comparing: each row of a list comes to exactly one result, and each of its cells is still there to read.

Rows are drawn at random: right, wrong, old, masked and missing numbers, names with and without birth dates, people who
are ours and who are not, twice and of other villages, notes and sums between them, columns in any order.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.comparison.line import RESULTS
from app.comparison.stored_lines import save_comparison
from app.comparison.subject import all_subjects
from app.progress import run_to_completion
from app.sheets.list_comparison import compare_list
from app.workbook.workbook import Workbook
from tests import builders
from tests.app.comparison.office_files import BIRTHS, NUMBERS, fill
from tests.app.sheets.sheet_files import text
from tests.machine_memory import remembering_in

_HEADERS = ("姓名", "身份证号", "出生日期", "行政村", "备注", "金额", "金额")
_NAMES = st.sampled_from([*BIRTHS, "孙六", "张 一", "", "合计", "无"])
_NUMBERS = st.sampled_from(
    [*NUMBERS.values(), "", "3408281970", "340888********0026", "G" + NUMBERS["李三"], "不详", "3.4E+17"]
    + [number[:6] + number[8:17] for number in NUMBERS.values()]
    + [builders.id_number(date(1980, 1, 1), n) for n in range(3)]
)
_BIRTHS = st.sampled_from([*(birth.isoformat() for birth in BIRTHS.values()), "", "1975.3", "某年"])
_VILLAGES = st.sampled_from(["石桥村", "石桥", "柳树沟村", ""])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        fill(opened, 张一={"dibao": True, "med_ins": True}, 李三={"dibao": True}, 钱五={"id_no": None})
        yield opened
        opened.close()


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    rows=st.lists(st.tuples(_NAMES, _NUMBERS, _BIRTHS, _VILLAGES), max_size=12),
    order=st.permutations(range(len(_HEADERS))),
    subject=st.sampled_from(all_subjects()),
    is_complete=st.booleans(),
)
def test_each_row_comes_to_one_result_and_no_cell_is_lost(
    book: Workbook, rows: list[tuple[str, ...]], order: list[int], subject: object, is_complete: bool
) -> None:
    cells = [[*row, f"说明{n}", f"{n}01", f"{n}02"] for n, row in enumerate(rows)]
    table = [[row[n] for n in order] for row in ([*_HEADERS], *cells)]
    with tempfile.TemporaryDirectory() as folder:
        path = text(Path(folder) / "名单.csv", table)
        shown = run_to_completion(compare_list(book, path, subject, is_complete=is_complete))
    compared = shown.compared
    rows_of_lines = [line.row.row for line in compared.lines if line.row is not None]
    left_out = {row for remark in shown.remarks for row in (remark.row, *remark.other_rows) if "没有比" in remark.text}
    assert Counter(rows_of_lines + sorted(left_out)) == Counter(range(2, len(rows) + 2))
    assert all(line.result in RESULTS for line in compared.lines)
    assert sum(compared.counts().values()) == len(compared.lines) == len(shown.standings)
    assert len({line.key for line in compared.lines}) == len(compared.lines)
    told = {line.row.row: dict(line.row.cells) for line in compared.lines if line.row is not None}
    remarked = " ".join(remark.describe() for remark in shown.remarks)
    for n, row in enumerate(cells, 2):
        for said in row[4:]:
            assert said in told[n].values() if n in told else said in remarked
    assert all(line.person is not None and line.person.is_listed for line in compared.lines if line.row is None)


def test_keeping_a_comparison_twice_writes_nothing_more(book: Workbook, tmp_path: Path) -> None:
    path = text(tmp_path / "低保.csv", [["姓名", "身份证号"], ["孙六", ""], ["", "34"], ["王二", NUMBERS["王二"]]])
    for added, unchanged in ((5, 0), (0, 5)):
        saved = run_to_completion(save_comparison(book, run_to_completion(compare_list(book, path)).compared))
        assert (saved.added, saved.changed, saved.unchanged) == (added, 0, unchanged)
