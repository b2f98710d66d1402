"""Titles, labels and places to sign follow the era of the village and the year of the paper; typed texts do not."""

from collections.abc import Iterator
from datetime import date

import pytest

from app.pdf.flowables import Heading, Title
from app.pdf.page_style import SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.printing.pipeline import preview as preview_report
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.reports.catalogue import parts
from app.reports.era import terms
from app.reports.era_labels import relabel
from app.reports.parameters import ReportParameters
from app.reports.village import all_reports, get_report
from app.workbook import preferences
from app.workbook.workbook import Workbook
from db.schema.village import Village
from tests import builders, pdf_reader
from tests.app.county.conftest import cell, edit

TODAY = date(2026, 5, 1)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path_factory.mktemp("eras"))
    with opened.writing() as session:
        builders.household(session, members=2, number=1)
    yield opened
    opened.close()


def _ledger(book: Workbook, name: str, **values: object) -> str:
    parameters = ReportParameters(today=TODAY, blank=True, **values)  # type: ignore[arg-type]
    shown = run_to_completion(preview_report(book, ReportJob(name, [parameters])))
    return pdf_reader.full_text(shown).replace(" ", "").replace("\n", "")


def test_a_ledger_is_called_as_in_its_year_and_the_chosen_era(book: Workbook) -> None:
    assert "石桥村脱贫人口小额信贷台账" in _ledger(book, "small_loan_ledger")
    assert "石桥村扶贫小额信贷台账" in _ledger(book, "small_loan_ledger", year=2018)
    assert "帮扶单元农户花名册" in _ledger(book, "grid_roll")
    assert "巩固脱贫攻坚成果责任体系一览表" in _ledger(book, "duty_post_ledger")
    with book.writing() as session:
        session.query(Village).one().era = "精准扶贫"
    assert "扶贫单元花名册" in _ledger(book, "grid_ledger")
    assert ReportJob("handbook", ()).title(book) == "扶贫手册"
    with book.writing() as session:
        session.query(Village).one().era = None


def test_a_paper_that_one_row_makes_is_worded_by_its_era_in_its_text_too(book: Workbook) -> None:
    text = _ledger(book, "small_loan_reminder")
    assert "脱贫人口小额信贷到期提醒单" in text
    assert "的脱贫人口小额信贷应于" in text
    assert "扶贫小额信贷公示" in _ledger(book, "small_loan_reminder", title="扶贫小额信贷公示")


def test_the_county_and_the_workbook_word_what_helps(book: Workbook) -> None:
    column = "帮扶联系人"
    assert column in _ledger(book, "household_ledger")
    assert "帮扶责任人" in _ledger(book, "household_ledger", year=2018)
    edit(book, "eras", "巩固脱贫成果", cell("words/helper", "registered", "包保干部"))
    assert "包保干部" in _ledger(book, "household_ledger")
    preferences.save(book, "helper_word", "帮扶责任人")
    assert "帮扶责任人" in _ledger(book, "household_ledger")
    preferences.save(book, "helper_word", "")
    edit(book, "eras", "巩固脱贫成果", cell("words/helper", "registered", "帮扶联系人"))


def test_what_somebody_typed_stays_as_it_is() -> None:
    words = {2018: terms(None, date(2018, 1, 1)), 2026: terms(None, TODAY)}
    table = Table((1, 1), [TableRow([Cell("帮扶联系人", SMALL_LABEL), Cell("帮扶联系人走访，写进帮扶手册", SMALL)])])
    told = [Title("扶贫单元", dated=date(2018, 6, 1)), Heading("帮扶手册"), table, Title("扶贫单元公示")]
    title, heading, found, typed = relabel(told, lambda day: words[day.year if day else 2026], "扶贫单元公示")
    assert (title, heading) == (Title("扶贫单元", dated=date(2018, 6, 1)), Heading("扶贫手册"))
    assert isinstance(found, Table)
    assert [one.content for one in found.rows[0].cells] == ["帮扶责任人", "帮扶联系人走访，写进帮扶手册"]
    assert typed == Title("扶贫单元公示")


def test_papers_and_parts_of_an_archive_are_listed_in_the_words_of_an_era() -> None:
    before, since = terms(None, date(2018, 1, 1)), terms(None, TODAY)
    assert (get_report("handbook").called(before), get_report("handbook").called(since)) == ("扶贫手册", "帮扶手册")
    (loans,) = (part for part in parts() if part.name == "small_loan")
    assert (loans.called(before), loans.called(since)) == ("扶贫小额信贷", "脱贫人口小额信贷")
    listed = [report.called(since) for report in all_reports()]
    assert not [title for title in listed if "扶贫" in title.replace("易地扶贫搬迁", "")]
    assert len(set(listed)) == len({report.title for report in all_reports()})
