"""公益性岗位, a register about a member: who is meant on a sheet, how long a post runs, what was paid."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.__main__ import main
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.registers.engine.steps import due_items
from app.reports.register_ledger import household_part
from app.sheets.register_export import write_register
from app.sheets.register_import import apply_import, preview
from app.sheets.register_preview import RegisterPreview
from app.workbook.workbook import Workbook
from db.schema.employment import PublicJob, PublicJobMonth
from db.schema.household import Household, Member
from tests import builders

JOBS = get_register("public_job")
VILLAGE = builders.VILLAGE.code
TODAY = date(2018, 12, 1)


def _member_id(household: int, order: int) -> str:
    return Member.id_of(f"{VILLAGE}{household:03}{order:02}")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """A wife of the first household with a post that ends in December, one of the second that has left hers."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        for number in (1, 2):
            builders.household(session, number=number)
        session.get_one(Member, _member_id(2, 2)).name = "胡杏花"
        for id, number, until, ended in (
            ("works", 1, date(2018, 12, 20), None),
            ("left", 2, date(2018, 6, 30), date(2018, 5, 31)),
        ):
            session.add(
                PublicJob(
                    id=id, village=VILLAGE, member_id=_member_id(number, 2), kind="保洁员", unit="村委会", pay=500,
                    started_on=date(2018, 1, 1), contract_until=until, ended_on=ended,
                )
            )  # fmt: skip
        for job, month, paid in (("works", "2018-01", 500), ("works", "2018-02", 480), ("left", "2018-01", 500)):
            session.add(PublicJobMonth(village=VILLAGE, job_id=job, month=month, days=22, paid=paid, appraisal="合格"))
    yield opened
    opened.close()


def _sheet(path: Path, *rows: tuple[Any, ...]) -> Path:
    excel = openpyxl.Workbook()
    for row in rows:
        excel.active.append(row)
    excel.save(path)
    return path


def _preview(book: Workbook, path: Path) -> RegisterPreview:
    return run_to_completion(preview(book, path, JOBS))


def test_a_post_says_how_long_it_runs_and_what_was_paid(book: Workbook) -> None:
    with book.reading() as session:
        works, left = load_rows(session, JOBS, ["works", "left"], TODAY)
        assert (works.progress.label, works.progress.days_left, left.progress.label) == ("在岗", 19, "已离岗")
        assert (works.values["months"], works.values["paid"]) == (2, Decimal(980))
        assert [(item.record_id, item.title) for item in due_items(session, [JOBS], TODAY)] == [("works", "李秀英")]
        figures = {one.label: one.text for one in figure_values(session, JOBS, RowQuery(today=date(2019, 1, 1)))}
        assert figures == {"岗位数": "2", "在岗人数": "1", "已发补贴": "1,480.00元", "协议到期未续": "1"}
        first = Household.id_of(f"{VILLAGE}001")
        assert row_ids(session, JOBS, RowQuery(household_id=first)) == ["works"]
        assert row_ids(session, JOBS, RowQuery(member_id=_member_id(2, 2))) == ["left"]
        assert household_part(JOBS, session, first)


def test_a_member_that_is_withdrawn_takes_the_rows_along(book: Workbook) -> None:
    with book.writing() as session:
        session.get_one(Member, _member_id(1, 2)).withdrawn = True
    with book.reading() as session:
        assert row_ids(session, JOBS) == ["left"]


def test_a_written_sheet_names_the_person_by_number_and_hides_it_unless_asked(book: Workbook, tmp_path: Path) -> None:
    number = builders.id_number(date(1969, 1, 3), 0, male=False)  # of 胡杏花
    for hide, shown in ((True, f"{number[:6]}********{number[-4:]}"), (False, number)):
        out = tmp_path / f"岗位{hide}.xlsx"
        run_to_completion(write_register(book, JOBS, ["left"], out, hide=hide, reason="乡镇核对"))
        header, row = list(openpyxl.load_workbook(out).worksheets[0].iter_rows(min_row=2, max_row=3, values_only=True))
        cells = dict(zip(header, row, strict=True))
        assert (cells["姓名"], cells["户主"], cells["证件号码"]) == ("胡杏花", "陈卫国", shown)
        assert _preview(book, out).counts() == dict.fromkeys(_preview(book, out).counts(), 0) | {"unchanged": 2}


def test_a_person_on_a_foreign_list_is_known_by_number_or_by_household_and_name(book: Workbook, tmp_path: Path) -> None:
    heads = [builders.id_number(date(1970, 1, 1 + n), 0, male=True) for n in (1, 2)]
    shown = _preview(
        book,
        _sheet(
            tmp_path / "县里的名单.xlsx",
            ("序号", "姓名", "身份证号", "户编号", "岗位类别", "上岗时间"),
            (1, "陈卫国", heads[0], "", "保洁员", "2018-03-01"),
            (2, "陈建国", heads[1], "", "保洁员", "2018-03-01"),
            (3, "陈𬱖", "340888********0013", f"{VILLAGE}002", "保洁员", "2018-03-01"),
            (4, "胡杏花", "340888199901010017", f"{VILLAGE}002", "保洁员", "2018-03-01"),
            (5, "胡杏花", "", "", "道路管护员", "2018-03-01"),
            (6, "陈卫国", "", "", "保洁员", "2018-04-01"),
            (7, "无此人", "", f"{VILLAGE}002", "保洁员", "2018-04-01"),
        ),
    )
    about = {change.row: change.after["member_id"] for change in shown.rows}
    assert about == {
        2: _member_id(1, 1), 3: _member_id(2, 1), 4: _member_id(2, 3), 5: _member_id(2, 2), 6: _member_id(2, 2),
    }  # fmt: skip
    assert {(one.row, one.text) for one in shown.remarks} == {
        (3, "证件号码是“陈卫国”的，姓名写的是“陈建国”，按证件号码认的，请核对"),
        (5, "证件号码与本工作簿不同，“胡杏花”是按户和姓名认的，请核对"),
        (6, "没有证件号码，也没有写是哪一户，“胡杏花”是只按姓名认的，请核对"),
    }
    assert [(one.row, one.reason) for one in shown.refused] == [
        (7, "“陈卫国”在本工作簿里有 2 个，分不清是哪一位，请填证件号码。"),
        (8, "“无此人”在本工作簿里没有，请核对，或先登记。"),
    ]
    assert run_to_completion(apply_import(book, shown)) == 5
    with book.reading() as session:
        assert len(row_ids(session, JOBS)) == 7


def test_months_are_filled_in_on_a_sheet(book: Workbook, tmp_path: Path) -> None:
    out = tmp_path / "岗位.xlsx"
    run_to_completion(write_register(book, JOBS, ["works"], out))
    excel = openpyxl.load_workbook(out)
    months = excel["岗位考勤和补贴"]
    columns = {cell.value: cell.column for cell in months[2]}
    months.cell(3, columns["实发补贴（元）"]).value = 510
    new = {"户编号": f"{VILLAGE}001", "姓名": "李秀英", "月份": "2018-03", "出勤天数（天）": 20, "实发补贴（元）": 450}
    for name, value in new.items():
        months.cell(5, columns[name]).value = value
    months.cell(5, columns["所属公益性岗位"]).value = months.cell(4, columns["所属公益性岗位"]).value
    excel.save(out)
    shown = _preview(book, out)
    assert (shown.counts()["new"], shown.counts()["changed"], shown.refused) == (1, 1, ())
    run_to_completion(apply_import(book, shown))
    with book.reading() as session:
        works = load_rows(session, JOBS, ["works"], TODAY)[0]
        assert (works.values["months"], works.values["paid"]) == (3, Decimal(1440))


def test_the_command_lists_a_household(book: Workbook, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUDANG_PASSPHRASE", builders.PASSPHRASE)
    book.close()
    assert main(["list", str(book.path), "public_job", "--household", f"{VILLAGE}001", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["about"], listed["household"]) == ("李秀英", Household.id_of(f"{VILLAGE}001"))
    assert [month["month"] for month in listed["public_job_month"]] == ["2018-01", "2018-02"]
