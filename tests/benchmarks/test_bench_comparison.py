"""Comparing a list of 20,000 with 200,000 people, against its floor: calamine reading the file and the driver reading
the same columns of everybody. Promise: 5 seconds, at most 8 times the floor, and never long between two steps.

Measured is the time of the processor, of the reading child too, because other work goes on beside a benchmark.
"""

import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from sqlalchemy import insert, text

from app.progress import Task
from app.sheets.list_comparison import ListComparison, compare_list
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from tests import builders
from tests.app.sheets.sheet_files import xlsx

PEOPLE, ROWS, IN_HOUSEHOLD = 200_000, 20_000, 4
MOST_SECONDS, MOST, LONGEST_STEP = 5.0, 8.0, 0.5
VILLAGE = builders.VILLAGE.code
_COLUMNS = "id, household_id, village, name, id_no, birth, left, relation, dibao"


def _birth(n: int) -> date:
    return date(1930, 1, 1) + timedelta(days=n % 32_000)


def _number(n: int) -> str:
    return builders.id_number(_birth(n), n // 32_000)


def _household_id(n: int) -> str:
    return f"{n + (1 << 64):032x}"


def _person(n: int) -> dict[str, Any]:
    return {
        "id": f"{n:032x}", "village": VILLAGE, "household_id": _household_id(n // IN_HOUSEHOLD), "withdrawn": False,
        "name": f"李建国{n % 7}", "id_no": _number(n), "birth": _birth(n), "dibao": n % 12 == 0, "med_ins": True,
        "relation": "户主" if n % IN_HOUSEHOLD == 0 else "之子",
    }  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        households = [
            {"id": _household_id(n), "village": VILLAGE, "household_no": f"{VILLAGE}{n:06}", "withdrawn": False}
            for n in range(PEOPLE // IN_HOUSEHOLD)
        ]
        with opened.writing() as session:
            session.execute(insert(Household), households)
            session.execute(insert(Member), [_person(n) for n in range(PEOPLE)])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def office_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    headers = ["序号", "姓名", "身份证号码", "低保证号", "月保障金额", "开户行", "银行账号", "备注"]
    cells = [
        [n, f"李建国{12 * n % 7}", _number(12 * n), f"D{n:06}", 420, "农商行", f"6217{n:012}", ""] for n in range(ROWS)
    ]
    return xlsx(tmp_path_factory.mktemp("list") / "低保.xlsx", [headers, *cells])


def _spent() -> float:
    """Seconds of the processor until now, by this process and by the children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _timed(task: Task[ListComparison]) -> tuple[ListComparison, float, float]:
    """What it gives, what it took, and the most between two steps, in seconds of the processor."""
    start, last, longest = _spent(), time.process_time(), 0.0
    while True:
        try:
            next(task)
        except StopIteration as stop:
            return stop.value, _spent() - start, max(longest, time.process_time() - last)
        longest, last = max(longest, time.process_time() - last), time.process_time()


def _floor(book: Workbook, path: Path) -> float:
    start = _spent()
    python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    with book.reading() as session:
        raw: Any = session.connection().connection.driver_connection
        raw.execute(f"SELECT {_COLUMNS.replace('left', chr(34) + 'left' + chr(34))} FROM member").fetchall()
        session.execute(text("SELECT 1"))
    return _spent() - start


def test_a_long_list_is_compared_with_a_township(book: Workbook, office_list: Path, record_property: Any) -> None:
    floor = min(_floor(book, office_list) for _ in range(2))
    found, spent, longest = min((_timed(compare_list(book, office_list)) for _ in range(2)), key=lambda one: one[1])
    counts = found.compared.counts()
    record_property("seconds", round(spent, 2))
    record_property("floor_seconds", round(floor, 2))
    print(f"comparison {spent:.2f} s, floor {floor:.2f} s, longest step {longest:.2f} s, {counts}")
    assert found.compared.row_count == ROWS
    assert counts["same"] == PEOPLE // 12 + 1
    assert spent <= MOST_SECONDS
    assert spent <= MOST * floor
    assert longest <= LONGEST_STEP
