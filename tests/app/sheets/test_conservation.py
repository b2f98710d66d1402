"""The law of every import, for lists of any make: what a person wrote into a cell is found again.

A list is drawn at random: columns of the national export and foreign ones, permuted, some under two names, some under
groups, with a unit or with years or quarters side by side, people and helpers across the row, a number of the household
in its first row only, a heading on each printed page, sums between and below. Each cell says something that no other
cell says, so that its text alone shows where it went; the accounting of the import itself is not asked.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.progress import run_to_completion
from app.records.draft import withdraw
from app.sheets.import_preview import ImportPreview
from app.sheets.roster_import import apply_import, preview
from app.workbook.workbook import Workbook
from db.schema.household import Household, LivingCondition
from tests import builders
from tests.app.sheets.sheet_files import VILLAGE, person, table, xlsx

_KEYS = ("户编号", "姓名", "证件号码", "与户主关系", "民族")
# texts that a field takes as they are; the number makes each cell its own
_TEXTS = ("自然村", "村民组", "家庭住址", "务工企业名称", "务工所在地", "备注", "病种", "学校名称")
_PHONES = ("联系电话", "电话", "成员联系电话", "户主电话")
_MONEY = ("人均纯收入", "工资性收入", "生产经营性收入", "转移性收入")
_UNITS = {"": 1, "（元）": 1, "（千元）": 1000, "（万元）": 10000}
_FOREIGN = ("小名", "村里编号", "负责干部", "网格", "签字", "小名")
_GROUPS = ("基本情况", "监护人信息", "帮扶责任人信息", "2019年", "一季度")
# an item above its years, its quarters, or a part of them
_ITEMS = {
    "财产性收入": ("2018年", "2019年"),
    "低保金": ("一季度", "二季度", "三季度", "四季度"),
    "转移性收入": ("上半年", "下半年", "合计"),
    "生态补偿金": ("一季度", "二季度"),
}
_ACROSS = (("家庭成员{}", "name"), ("与户主关系", "relation"), ("身份证号", "id"))
_HELPERS = (("帮扶责任人{}", "name"), ("联系电话{}", "phone"), ("单位", "text"))


@dataclass(frozen=True)
class DrawnColumn:
    """A column of a list: what stands above it, and what kind of thing stands in it."""

    group: str
    header: str
    kind: str


@st.composite
def columns(draw: st.DrawFn) -> list[DrawnColumn]:
    picked = [DrawnColumn("", header, header) for header in _KEYS]
    for headers, kind in ((_TEXTS, "text"), (_PHONES, "phone"), (_FOREIGN, "foreign")):
        for header in draw(st.lists(st.sampled_from(headers), max_size=4)):
            picked.append(DrawnColumn("", header, kind))
    for header in draw(st.lists(st.sampled_from(_MONEY), max_size=3)):
        year = draw(st.sampled_from(("", "", "2019年", "2020年")))
        picked.append(DrawnColumn("", f"{year}{header}{draw(st.sampled_from(sorted(_UNITS)))}", "money"))
    plain = draw(st.permutations(picked))
    grouped: list[DrawnColumn] = []
    for group in draw(st.lists(st.sampled_from(_GROUPS), max_size=2, unique=True)):
        for header in draw(
            st.lists(st.sampled_from(("备注", "联系电话", "小名", "工资性收入")), min_size=2, max_size=3)
        ):
            kind = {"联系电话": "phone", "工资性收入": "money"}.get(header, "text")
            grouped.append(DrawnColumn(group, header, kind))
    for item in draw(st.lists(st.sampled_from(sorted(_ITEMS)), max_size=2, unique=True)):
        grouped += [DrawnColumn(item, header, "money") for header in _ITEMS[item]]
    beside: list[DrawnColumn] = []
    for block in draw(st.lists(st.sampled_from((_ACROSS, _HELPERS)), max_size=2, unique=True)):
        for number in range(1, draw(st.integers(1, 3)) + 1):
            beside += [DrawnColumn("", header.format(number), kind) for header, kind in block]
    return [*plain, *beside, *grouped]


def cell_of(column: DrawnColumn, row: int, place: int) -> Any:
    number = row * 60 + place + 1
    match column.kind:
        case "户编号":
            return f"{VILLAGE}{row // 2:03}"
        case "姓名":
            return f"人{number}名"
        case "证件号码":
            return builders.id_number(order=row + 1)
        case "与户主关系":
            return ("户主", "配偶")[row % 2]
        case "民族":
            return "汉族"
        case "name":
            return f"名{number}字"
        case "relation":
            return "之子"
        case "id":
            return builders.id_number(date(1990, 1, 2), number)
        case "phone":
            return f"139{number:08}"
        case "money":
            return 70000 + number
    return f"字{number}样"


@dataclass(frozen=True)
class Layout:
    """How the rows of a list stand in its sheet.

    Attributes:
        merge: the cells of a group's heading are one
        in_first_row: 户编号 stands in a household's first row only
        pages: the heading comes again after each household, below a sum
        units: a line below the heading says that money is in 千元 where the heading does not say otherwise
    """

    merge: bool = False
    in_first_row: bool = False
    pages: bool = False
    units: bool = False


layouts = st.builds(Layout, st.booleans(), st.booleans(), st.booleans(), st.booleans())


def write(folder: Path, drawn: Sequence[DrawnColumn], rows: int, gaps: set[tuple[int, int]], layout: Layout) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    has_groups = any(column.group for column in drawn)
    if has_groups:
        groups = [column.group for column in drawn]
        starts = [n for n, group in enumerate(groups) if group and (n == 0 or groups[n - 1] != group)]
        sheet.append([group if n in starts else None for n, group in enumerate(groups)])
        for start in starts:
            end = max(n for n, group in enumerate(groups) if group == groups[start])
            if layout.merge:
                sheet.merge_cells(start_row=1, end_row=1, start_column=start + 1, end_column=end + 1)
    sheet.append([column.header for column in drawn])
    if layout.units and any(column.kind == "money" for column in drawn):
        sheet.append(["千元" if is_in_line_below(column) else None for column in drawn])
    for row in range(rows):
        cells = [None if (row, n) in gaps else cell_of(column, row, n) for n, column in enumerate(drawn)]
        if layout.in_first_row and row % 2:
            cells = [None if column.kind == "户编号" else cell for column, cell in zip(drawn, cells, strict=True)]
        if layout.pages and row and row % 2 == 0:
            sheet.append(["小计", f"共{row}00户"])
            sheet.append([column.header for column in drawn])
        sheet.append(cells)
    sheet.append(["合计", "共9999户"])
    book.save(folder / "名册.xlsx")
    return folder / "名册.xlsx"


def told(result: ImportPreview) -> str:
    """Everything that the import writes, notes, remarks or refuses, as one text."""
    written = [str(value) for record in result.records for value in record.after.values()]
    written += [f"{remark.text} {remark.cells}" for remark in result.remarks]
    written += [text for row in result.rejected for text in row.cells]
    return "\n".join(written)


def is_in_line_below(column: DrawnColumn) -> bool:
    return column.kind == "money" and not column.header.endswith("元）")


def in_yuan(column: DrawnColumn, number: int, layout: Layout) -> str:
    unit = next((unit for unit in ("（千元）", "（万元）") if column.header.endswith(unit)), "")
    return str(number * (1000 if layout.units and is_in_line_below(column) else _UNITS[unit]))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """One for all lists: a preview writes nothing."""
    opened = builders.workbook(tmp_path_factory.mktemp("conservation"))
    yield opened
    opened.close()


@settings(max_examples=70, deadline=None, suppress_health_check=list(HealthCheck))
@given(columns(), st.integers(1, 4), st.sets(st.tuples(st.integers(0, 3), st.integers(5, 25)), max_size=10), layouts)
def test_every_cell_is_accounted_for(
    workbook: Workbook, drawn: list[DrawnColumn], rows: int, gaps: set[tuple[int, int]], layout: Layout
) -> None:
    gaps = {(row, n) for row, n in gaps if n < len(drawn) and drawn[n].kind not in _KEYS}
    with tempfile.TemporaryDirectory() as name:
        path = write(Path(name), drawn, rows, gaps, layout)
        result = run_to_completion(preview(workbook, path, year=2021))
    everything = told(result)
    numbers = {
        Decimal(value)
        for record in result.records
        for value in record.after.values()
        if isinstance(value, Decimal | int) and not isinstance(value, bool)
    }
    assert "共9999户" in everything
    for row in range(rows):
        for n, column in enumerate(drawn):
            if (row, n) in gaps:
                continue
            cell = str(cell_of(column, row, n))
            if column.kind == "money":
                assert Decimal(in_yuan(column, int(cell), layout)) in numbers or cell in everything, (column, cell)
            else:
                assert cell in everything, (column, cell)


def test_what_a_record_that_was_taken_back_would_have_kept_is_named(workbook: Workbook, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "名册.xlsx", table([person(1, 住房面积="91")]), title="")
    run_to_completion(apply_import(workbook, run_to_completion(preview(workbook, path, year=2019))))
    withdraw(workbook, "living_condition", LivingCondition.id_of(Household.id_of(f"{VILLAGE}001"), 2019))
    result = run_to_completion(preview(workbook, path, year=2019))
    [remark] = [one for one in result.remarks if one.cells]
    assert (remark.text, remark.cells) == ("没有取的内容：住房面积：91", ((2, "住房面积", "91"),))
