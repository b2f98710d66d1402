"""Taking a roster of 5,000 people in, against its floor: calamine reading the file and bare inserts of the same records
into an encrypted file with its journal, by the driver itself. Promise: at most 3 times that."""

import gc
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from sqlalchemy import text

from app.progress import Progress, Result, Task, run_to_completion
from app.sheets.import_preview import ImportPreview
from app.sheets.reader import read
from app.sheets.roster_import import apply_import, preview
from app.workbook.workbook import Workbook
from db.schema import records
from tests import builders
from tests.app.sheets.sheet_files import VILLAGE, xlsx

PEOPLE, IN_HOME, ROUNDS = 5000, 3, 3
MOST = 3.0
HEADERS = (
    "序号 县(市、区、旗) 乡(镇) 行政村 自然村 户编号 人编号 姓名 证件号码 人数 与户主关系 民族 文化程度 "
    "在校生状况 健康状况 劳动技能 务工状况 务工时间（月） 是否参加大病医疗 脱贫属性 贫困户属性 主要致贫原因 "
    "是否危房户 是否饮水安全 是否饮水困难 人均纯收入 联系电话"
)
SURNAMES, GIVEN = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗", "国秀英建军桂兰志强玉梅小明春花海燕𬱖𡐓"


def row(n: int) -> list[Any]:
    household_id, nth = divmod(n, IN_HOME)
    number = f"{VILLAGE}{household_id:04}"
    birth = date(1940, 1, 1) + timedelta(days=n * 5 % 25000)
    name = SURNAMES[household_id % 20] + GIVEN[n % 19] + GIVEN[n * 7 % 19]
    return [
        n + 1, "岳西县", "响水镇", "石桥村", f"组{household_id % 9}", number, f"{number}{nth + 1:02}", name,
        builders.id_number(birth, n % 400, nth == 0), IN_HOME, ("户主", "配偶", "之子")[nth], "汉族", "初中",
        "非在校生", "健康", "普通劳动力", "省外", n % 13, "是", "已脱贫", "一般贫困户", "因病", "否", "是", "否",
        8000 + household_id,
        f"139{n:08}" if nth == 0 else None,
    ]  # fmt: skip


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cells = [HEADERS.split(), *(row(n) for n in range(PEOPLE))]
    return xlsx(tmp_path_factory.mktemp("roster") / "名册.xlsx", cells)


def statements(result: ImportPreview) -> dict[str, tuple[str, list[tuple[Any, ...]]]]:
    """SQL and ready values for every table; not part of what is measured."""
    from sqlalchemy.dialects import sqlite

    dialect = sqlite.dialect()
    statements_run: dict[str, tuple[str, list[tuple[Any, ...]]]] = {}
    for table in dict.fromkeys(one.table for one in result.records):
        changes = [one for one in result.records if one.table == table]
        columns = list(dict.fromkeys(name for one in changes for name in one.after))
        types = records()[table].__table__.columns
        processors = [types[name].type.bind_processor(dialect) or (lambda value: value) for name in columns]
        names = ", ".join(f'"{name}"' for name in ("id", "village", *columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * (len(columns) + 2))})"
        rows = [
            (one.id, one.village, *(keep(one.after.get(name)) for keep, name in zip(processors, columns, strict=True)))
            for one in changes
        ]
        statements_run[table] = (statement, rows)
    return statements_run


def timed(task: Task[Result]) -> tuple[float, Result]:
    gc.collect()
    start = time.perf_counter()
    result = run_to_completion(task)
    return time.perf_counter() - start, result


def test_a_roster_of_five_thousand(roster: Path, tmp_path: Path) -> None:
    reads, preview_times, writes, floors, agains = [], [], [], [], []
    for n in range(ROUNDS):
        book, other = (builders.workbook(tmp_path, f"{n}{kind}.hdb") for kind in ("", "bare"))
        reads.append(timed(read(roster))[0])
        preview_time, result = timed(preview(book, roster))
        preview_times.append(preview_time)
        writes.append(timed(apply_import(book, result))[0])
        assert result.counts()["members"] == {"new": PEOPLE, "changed": 0, "unchanged": 0}
        floors.append(timed(bare(other, roster, statements(result)))[0])
        assert counted(book) == counted(other)
        agains.append(timed(preview(book, roster))[0])
        book.close()
        other.close()
    ratio = (min(preview_times) + min(writes)) / min(floors)
    print(
        f"\nroster of {PEOPLE}: preview {min(preview_times):.2f} s (of which reading {min(reads):.2f}), writing "
        f"{min(writes):.2f} s; floor {min(floors):.2f} s; ratio {ratio:.2f} (at most {MOST}); "
        f"preview again, all unchanged {min(agains):.2f} s"
    )
    assert ratio <= MOST


def bare(book: Workbook, roster: Path, ready: dict[str, tuple[str, list[tuple[Any, ...]]]]) -> Task[None]:
    """The floor: calamine reads the file here, the driver inserts ready rows."""
    yield Progress(0, 1)
    python_calamine.CalamineWorkbook.from_path(str(roster)).get_sheet_by_index(0).to_python()
    with book.writing() as session:
        driver: Any = session.connection().connection.driver_connection
        for statement, rows in ready.values():
            driver.executemany(statement, rows)


def counted(book: Workbook) -> list[tuple[Any, ...]]:
    """How many changes of each table the journal has, that both did the same; what the list says of the national system
    is written besides, and counts in the time."""
    with book.reading() as session:
        statement = text(
            "SELECT table_name, count(*) FROM change WHERE table_name <> 'observed_values' "
            "GROUP BY table_name ORDER BY table_name"
        )
        return [tuple(statements_run) for statements_run in session.execute(statement)]
