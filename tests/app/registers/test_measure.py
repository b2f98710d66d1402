"""帮扶措施: the ledger stands household by household, as officers walk, and leaves out closed households."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.new_row import start_row
from app.registers.engine.rows import row_ids
from app.reports.parameters import ReportParameters
from app.workbook.workbook import Workbook
from db.schema.aid import Measure
from db.schema.household import Household, Member
from tests import builders, pdf_reader

MEASURES = get_register("measure")
DAY = date(2018, 12, 20)


def _household_id(number: int) -> str:
    return Household.id_of(f"{builders.VILLAGE.code}{number:03}")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """Households of the tenth and the second group, and one that is closed; the second has a measure for a member."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        builders.household(session, number=1, group_name="十组")
        builders.household(session, number=2, group_name="二组", members=2)
        builders.household(session, number=3, group_name="三组", registration_state="注销")
        session.get_one(Member, Member.id_of(f"{builders.VILLAGE.code}00202")).name = "李秀英"
        for id, number, year, kind, title in (
            ("of_tenth", 1, 2018, "产业开发", "茶园奖补"),
            ("older", 2, 2017, "产业开发", "光伏分红"),
            ("newer", 2, 2018, "就业扶贫", "公益岗位"),
            ("first", 2, 2018, "产业开发", "养蜂奖补"),
            ("of_closed", 3, 2018, "产业开发", "黄牛奖补"),
        ):
            session.add(
                Measure(
                    id=id, village=builders.VILLAGE.code, household_id=_household_id(number), year=year, kind=kind,
                    title=title, amount=1000,
                    member_id=Member.id_of(f"{builders.VILLAGE.code}00202") if id == "newer" else None,
                )
            )  # fmt: skip
    yield opened
    opened.close()


def _ledger(book: Workbook, **choice: object) -> str:
    parameters = ReportParameters(today=DAY, **choice)  # type: ignore[arg-type]
    return pdf_reader.full_text(run_to_completion(preview(book, ReportJob("measure_ledger", [parameters]))))


def test_the_ledger_goes_from_household_to_household_the_newest_first(book: Workbook) -> None:
    text = _ledger(book)
    places = [text.index(title) for title in ("养蜂奖补", "公益岗位", "光伏分红", "茶园奖补")]
    assert places == sorted(places)
    assert "黄牛奖补" not in text
    assert "全户" in text
    assert "李秀英" in text
    assert "4,000.00" in text


def test_the_ledger_of_a_year_and_of_chosen_households(book: Workbook) -> None:
    assert "光伏分红" not in _ledger(book, year=2018)
    text = _ledger(book, households=(_household_id(1), _household_id(3)))
    assert "茶园奖补" in text
    assert "黄牛奖补" in text
    assert "养蜂奖补" not in text


def test_the_list_has_the_newest_year_first_and_a_new_row_is_of_this_year(book: Workbook) -> None:
    with book.reading() as session:
        assert row_ids(session, MEASURES) == ["first", "of_closed", "of_tenth", "newer", "older"]
    values = start_row(MEASURES, builders.VILLAGE.code, household_id=_household_id(1)).values
    assert (values["year"], values["title"], values["kind"]) == (date.today().year, None, None)
