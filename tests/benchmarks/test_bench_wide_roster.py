"""A roster of 50,000 people × 40 columns: its preview in a process of its own, against calamine reading the file here
and bare inserts of the same records into an encrypted file. Promise: at most 3 times that, and at most 500 MB with the
process that reads. HUDANG_BENCH_ROSTER (50,000) rows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.sheets.roster_import import preview
from tests import builders
from tests.app.sheets.sheet_files import xlsx
from tests.benchmarks.test_bench_roster import HEADERS, bare, row, statements, timed

ROOT = Path(__file__).parents[2]
ROWS, COLUMNS, MOST, MOST_MB = int(os.environ.get("HUDANG_BENCH_ROSTER", 50_000)), 40, 3.0, 500
MORE = {
    "政治面貌": "群众", "务工地点": "浙江省宁波市", "公司名称": "宁波某电器有限公司",
    "是否参加城乡居民基本养老保险": "是",
    "是否参加城乡居民基本医疗保险": "是", "是否会讲普通话": "是", "耕地面积": 3.5, "林地面积": 12, "住房面积": 98,
    "是否加入农民专业合作组织": "否", "入户路类型": "水泥路", "主要燃料类型": "柴草", "备注": "在家务农，农闲外出",
}  # fmt: skip


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    headers = [*HEADERS.split(), *MORE]
    assert len(headers) == COLUMNS
    cells: list[list[Any]] = [headers, *([*row(n), *MORE.values()] for n in range(ROWS))]
    return xlsx(tmp_path_factory.mktemp("roster") / "名册.xlsx", cells)


def test_a_preview_is_quick_and_small(roster: Path, tmp_path: Path) -> None:
    book, other = builders.workbook(tmp_path, "a.hdb"), builders.workbook(tmp_path, "b.hdb")
    _, result = timed(preview(book, roster))
    ready = statements(result)
    del result
    floor = timed(bare(other, roster, ready))[0]
    book.close()
    other.close()
    program = [sys.executable, "-m", "tests.benchmarks.programs.one_preview", str(tmp_path / "a.hdb"), str(roster)]
    environment = os.environ | {"HUDANG_STATE": str(tmp_path / "state")}
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    print(f"\n{found} against {floor:.1f} s: {found['seconds'] / floor:.2f}")
    assert found["people"] == ROWS
    assert found["seconds"] <= MOST * floor
    assert found["MB"] <= MOST_MB
