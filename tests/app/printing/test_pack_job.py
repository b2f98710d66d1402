"""Papers that are handed in together: contents that say what is there, on which page, and what is not."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

import resources
from app.figures.frozen_report import make_report
from app.forms.entries import create_entry
from app.printing.pack_job import PackJob
from app.printing.pipeline import preview, print_to_path
from app.progress import run_to_completion
from app.reports.packs import all_packs, get_pack
from app.workbook import preferences
from app.workbook.workbook import Workbook
from db.schema.community import Meeting
from db.schema.period_report import PeriodReport
from tests import builders, pdf_reader

CODE = builders.VILLAGE.code


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    with closing(builders.workbook(tmp_path)) as opened:
        with opened.writing() as session:
            builders.household(session)
            monthly = {"first_on": date(2018, 11, 1), "last_on": date(2018, 11, 30)}
            session.add(PeriodReport(village=CODE, kind="月报", **monthly))
            session.add(Meeting(village=CODE, title="村民代表会", kind="村民代表会议", held_on=date(2018, 11, 3)))
        make_report(opened, "年终自评", None, date(2018, 12, 20))
        create_entry(opened, "self_check", village=CODE, year=2018, day=date(2018, 12, 10))
        yield opened


def text_of(pdf: bytes | Path) -> str:
    return pdf_reader.full_text(pdf).replace("\n", "")


def test_every_pack_names_papers_that_are_there() -> None:
    assert [pack.name for pack in all_packs()] == resources.names("packs")
    assert {"year_end", "acceptance"} <= {pack.name for pack in all_packs()}
    with pytest.raises(KeyError):
        get_pack("nothing")


def test_the_contents_name_what_is_there_and_what_is_not(book: Workbook) -> None:
    text = text_of(run_to_completion(preview(book, PackJob("year_end", 2018))))
    assert "石桥村2018年年终考核材料" in text
    assert text.count("调度报告：") == 1  # of the two kinds the one that is asked for
    assert "年度自查表" in text
    _, lacking = text.split("还没有登记、印不出来的")
    assert "日常考核记分表" in lacking
    assert "调度报告" not in lacking
    with book.writing() as session:
        session.scalars(select(PeriodReport).where(PeriodReport.kind == "年终自评")).one().frozen_on = None
    _, lacking = text_of(run_to_completion(preview(book, PackJob("year_end", 2018)))).split("还没有登记、印不出来的")
    assert "还没有统计" in lacking  # why it cannot be printed


@pytest.mark.parametrize("duplex", [False, True])
def test_bound_it_begins_with_contents_that_say_on_which_page(book: Workbook, tmp_path: Path, duplex: bool) -> None:
    preferences.save(book, "duplex", duplex)
    out = tmp_path / "年终.pdf"
    run_to_completion(print_to_path(book, PackJob("year_end", 2018), out))
    pages = pdf_reader.page_texts(out)
    assert pages[0].startswith("目录")
    first_page = next(n for n, text in enumerate(pages, 1) if "问题分析表" in text and n > 1)
    assert f"问题分析表1{first_page}" in pages[0].replace(" ", "")  # one page, and the page of the file
    assert not duplex or first_page % 2 == 1


def test_in_a_folder_each_paper_has_its_number(book: Workbook, tmp_path: Path) -> None:
    result = run_to_completion(print_to_path(book, PackJob("year_end", 2018), tmp_path / "年终"))
    names = [path.name for path in result.files]
    assert names[0] == "00 目录.pdf"
    assert names[1].startswith("01 调度报告")
    assert names[-1].endswith("年度自查表.pdf")
    assert names == sorted(names)
