"""待录入清单 and 三者一致 on paper, as Excel, and by command."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.__main__ import main
from app.consistency.actual_values import record_actual
from app.consistency.three_way import fact_lines
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview, print_to_path
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.records.draft import open_draft, write_draft
from app.reports.parameters import ReportParameters
from app.workbook.access import unlock
from app.workbook.workbook import Workbook
from tests import builders, pdf_reader
from tests.app.sheets.sheet_files import import_file, person, table, xlsx
from tests.builders import PASSPHRASE

ID_NO = builders.id_number(order=11)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A household as the national list has it and as it was printed, in which somebody saw something else since."""
    with closing(builders.workbook(tmp_path)) as book:
        rows = [person(健康状况="健康"), person(nth=2, 健康状况="健康")]
        import_file(book, xlsx(tmp_path / "人口.xlsx", table(rows), title="导出时间：2026-11-02"))
        lines = run_to_completion(fact_lines(book))
        health = next(one for one in lines if one.field.label == "健康状况" and one.title == "陈卫国")
        job = ArchiveJob([health.household.id], ("members",), reason="已核对")
        run_to_completion(print_to_path(book, job, tmp_path / "户档.pdf"))
        record_actual(book, health, "残疾", date(2026, 11, 20), "李干事")
        with book.operation("改") as session:
            draft = open_draft(session, "member", health.record_id)
            write_draft(session, draft.with_values(education="初中", health=("残疾",)))
        return book.path


def printed(book: Workbook, name: str, **choice: object) -> str:
    """Its text without blanks and line breaks."""
    pdf = run_to_completion(preview(book, ReportJob(name, [ReportParameters(**choice)])))
    return "".join(pdf_reader.full_text(pdf).split())


def test_the_lists_on_paper(path: Path) -> None:
    with closing(unlock(path, PASSPHRASE)) as book:
        entry_list = printed(book, "entry_list")
        corrections = printed(book, "system_corrections")
        reprints = printed(book, "archive_reprints")
        household_id = run_to_completion(fact_lines(book))[0].household.id
        sheet = printed(book, "consistency_sheet", households=(household_id,))
    assert "文化程度：小学→初中；健康状况：健康→残疾" in entry_list
    assert "王书记" in entry_list
    assert "健康" in corrections
    assert "李干事2026-11-20入户核实" in corrections
    assert "陈卫国健康状况：健康→残疾" in reprints
    for told in ("健康（2026年11月2日）", "残疾（2026年11月20日）", "改系统、重印", "户主（签字、按指印）", "核实人"):
        assert told in sheet
    assert ID_NO not in sheet


@pytest.fixture
def hudang(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)

    def run(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        status = main([str(word) for word in words])
        output = capsys.readouterr()
        return status, output.out + output.err

    return run


def test_the_lists_by_command_and_as_excel(path: Path, hudang: Callable[..., tuple[int, str]]) -> None:
    out = path.with_name("待录入.xlsx")
    status, told = hudang("entry-list", path, "--system", "national", "--out", out, "--json")
    assert status == 0
    fields = [one for line in json.loads(told) for one in line["fields"]]
    assert [(one["label"], one["before"], one["after"], one["by"]) for one in fields] == [
        ("文化程度", "小学", "初中", "王书记"),
        ("健康状况", "健康", "残疾", "王书记"),
    ]
    rows = list(openpyxl.load_workbook(out).active.iter_rows(values_only=True))
    assert [row[7:11] for row in rows] == [
        ("字段", "系统里的值", "本工作簿的值", "修改人"),
        ("文化程度", "小学", "初中", "王书记"),
        ("健康状况", "健康", "残疾", "王书记"),
    ]
    facts = path.with_name("三者一致.xlsx")
    status, told = hudang("consistency", path, "--out", facts)
    assert (status, "三者一致 0 户（0%），有不一致的 1 户" in told) == (0, True)
    found = {row[3:13] for row in openpyxl.load_workbook(facts).active.iter_rows(values_only=True)}
    assert ("陈卫国", "健康状况", "不一致", "改系统、重印", "残疾", "健康", "2026-11-02", "健康") in {
        row[:8] for row in found
    }
    assert hudang("entry-list", path, "--full")[0] == 1
    assert "已全部标记为已录入" in hudang("entry-list", path, "--system", "national", "--mark")[1]
    assert hudang("entry-list", path, "--system", "national")[1] == "未录入 0 条，有变动 0 条。\n"
