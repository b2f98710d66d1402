"""A list of 50,000 people as a styled sheet that comes back, with what each cell said, against openpyxl writing the
bare cells as a stream. Promise: at most 1.5 times that. And the way back."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import insert

from app.progress import run_to_completion
from app.registers.engine.rows import row_ids
from app.registers.lists import get_list
from app.sheets.register_cells import sheet_rows
from app.sheets.register_export import write_register
from app.sheets.register_import import preview
from app.sheets.register_layout import RegisterLayout
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from tests import builders

PEOPLE, IN_HOME, MOST = 50_000, 4, 1.5
VILLAGE = builders.VILLAGE.code
LIST = get_list("人口")


def _person(n: int) -> dict[str, Any]:
    number = f"{VILLAGE}{n // IN_HOME:05}"
    return {
        "id": f"{n:032x}", "village": VILLAGE, "household_id": Household.id_of(number), "withdrawn": False,
        "person_no": f"{number}{n % IN_HOME + 1:02}", "name": f"李建国{n % 7}", "sex": "男",
        "id_no": builders.id_number(order=n % 499), "relation": "户主" if n % IN_HOME == 0 else "之子",
        "ethnic": "汉族", "political": "群众", "education": "初中", "school_status": "非在校生", "health": ("健康",),
        "labour": "普通劳动力", "work_region": "省外", "work_place": "浙江省宁波市", "work_months": 10,
        "work_company": "宁波某电器有限公司", "work_income_month": 4200, "med_ins": True, "serious_ins": True,
        "pension": True, "dibao": False, "mandarin": True, "member_phone": f"139{n:08}", "note": "在家务农，农闲外出",
    }  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        people = [_person(n) for n in range(PEOPLE)]
        numbers = dict.fromkeys(person["person_no"][:-2] for person in people)
        households = [
            {"id": Household.id_of(number), "village": VILLAGE, "household_no": number, "withdrawn": False}
            for number in numbers
        ]
        with opened.writing() as session:
            session.execute(insert(Household), households)
            session.execute(insert(Member), people)
        yield opened
        opened.close()


def _bare(rows: list[list[object]], out: Path) -> float:
    start = time.process_time()
    excel = openpyxl.Workbook(write_only=True)
    sheet = excel.create_sheet()
    for cells in rows:
        sheet.append(cells)
    excel.save(out)
    return time.process_time() - start


def test_a_list_leaves_as_fast_as_openpyxl_writes_bare_cells(
    book: Workbook, tmp_path: Path, record_property: Any
) -> None:
    with book.reading() as session:
        ids = row_ids(session, LIST)
    rows = [cells for batch in sheet_rows(book, RegisterLayout(LIST), ids, True) for cells in batch]
    floor = _bare(rows, tmp_path / "bare.xlsx")
    start = time.process_time()
    assert run_to_completion(write_register(book, LIST, ids, tmp_path / "人口.xlsx")) == PEOPLE
    spent = time.process_time() - start
    record_property("seconds", round(spent, 1))
    record_property("bare_seconds", round(floor, 1))
    print(f"export {spent:.1f} s, bare {floor:.1f} s, ratio {spent / floor:.2f}")
    start = time.perf_counter()
    shown = run_to_completion(preview(book, tmp_path / "人口.xlsx"))
    print(f"preview {time.perf_counter() - start:.1f} s")
    assert (shown.to_write(), shown.counts()["unchanged"]) == ([], PEOPLE)
    assert spent <= MOST * floor
