"""Figures of a village of 1,000 households with 65,000 visits, measures and incomes: freezing, comparing, charts."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from app.figures.charts import village_charts
from app.figures.comparison import compare_report
from app.figures.frozen_report import make_report
from app.workbook.workbook import Workbook
from db.schema.aid import Measure, Visit
from db.schema.income import IncomeYear
from db.schema.record import new_id
from tests.builders import VILLAGE, household, workbook

HOUSEHOLDS, VISITS, MEASURES, YEARS = 1_000, 40_000, 20_000, 5
FROZEN, CHARTS = 2.0, 1.0  # seconds
NEW_YEAR, DAY = date(2018, 1, 1), date(2018, 12, 20)


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        book = workbook(tmp_path_factory.mktemp("book"))
        with book.writing() as session:
            ids = [household(session, members=4, number=n).id for n in range(1, HOUSEHOLDS + 1)]
            about = [
                {"id": new_id(), "village": VILLAGE.code, "household_id": ids[n % HOUSEHOLDS]} for n in range(VISITS)
            ]
            days = [NEW_YEAR + timedelta(days=n % 353) for n in range(VISITS)]
            session.execute(
                insert(Visit),
                [row | {"visited_on": day, "visitors": "甲"} for row, day in zip(about, days, strict=True)],
            )
            measures = zip(about[:MEASURES], days, strict=False)
            values = {"kind": "产业帮扶", "title": "养鸡", "amount": 100}
            session.execute(insert(Measure), [row | values | {"started_on": day} for row, day in measures])
            incomes = [
                row | {"year": 2014 + year, "people": 4, "reported_net": 20_000 + n, "id": new_id()}
                for n, row in enumerate(about[:HOUSEHOLDS])
                for year in range(YEARS)
            ]
            session.execute(insert(IncomeYear), incomes)
        yield book
        book.close()


def _seconds(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def test_a_report_is_frozen_and_charts_are_drawn_in_time(village: Workbook) -> None:
    made: list[str] = []
    freezing = _seconds(lambda: made.append(make_report(village, "年终自评", None, DAY)))
    with village.reading() as session:
        comparing = _seconds(lambda: compare_report(session, made[0], today=DAY))
        charts = min(_seconds(lambda: village_charts(session)) for _ in range(3))
    print(f"\nfrozen in {freezing:.2f} s, compared in {comparing:.2f} s, charts in {charts:.2f} s")
    assert freezing < FROZEN
    assert charts < CHARTS
