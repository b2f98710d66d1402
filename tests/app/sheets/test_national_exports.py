"""Exports of the national system of 2018, of 2021 and of now come in whole: in a field, or as a named note."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.progress import run_to_completion
from app.registers import get_register
from app.sheets import register_import
from app.sheets.errors import NoHeaderRow
from app.sheets.import_preview import ImportPreview
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Measure
from db.schema.employment import WorkSpell
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.monitoring import Monitoring
from tests import builders
from tests.app.sheets import national_exports
from tests.app.sheets.sheet_files import import_file, preview_file, table, xlsx

ONE = Household.id_of(f"{builders.VILLAGE.code}001")
HEAD = Member.id_of(f"{builders.VILLAGE.code}00101")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    yield opened
    opened.close()


def _file(folder: Path, columns: Mapping[str, Any]) -> Path:
    """Two rows above the heading, as the national system writes it."""
    return xlsx(folder / "导出.xlsx", [["导出时间：2024-12-31"], *table([columns])], title="全国防返贫监测信息系统")


def _take_in(book: Workbook, folder: Path, columns: Mapping[str, Any]) -> ImportPreview:
    shown = import_file(book, _file(folder, columns), year=2024)
    assert shown.rejected == ()
    return shown


def _notes(book: Workbook) -> set[str]:
    with book.reading() as session:
        rows = [session.get_one(Household, ONE).import_extra, session.get_one(Member, HEAD).import_extra]
    return {header for extra in rows if extra for header in json.loads(extra)}


def test_people_of_2018_come_in_whole(book: Workbook, tmp_path: Path) -> None:
    shown = _take_in(book, tmp_path, national_exports.PEOPLE_2018)
    assert shown.remarks == ()
    assert _notes(book) == {"产业分类", "是否国外务工", "是否接受其他健康扶贫", "残疾证办证年度"}
    with book.reading() as session:
        head = session.get_one(Member, HEAD)
        assert (head.work_channel, head.public_job_kind, head.emp_med_ins) == ("自主外出", "生态护林员", False)
        assert (head.birth, head.work_months, head.med_ins) == (date(1970, 5, 6), 6, True)


def test_households_of_2018_come_in_whole(book: Workbook, tmp_path: Path) -> None:
    _take_in(book, tmp_path, national_exports.PEOPLE_2018)
    shown = _take_in(book, tmp_path, national_exports.HOUSEHOLDS_2018)
    assert {remark.column for remark in shown.remarks} <= {"银行卡号"}
    assert _notes(book) >= {"年收入", "村办公电话"}
    with book.reading() as session:
        lines = {one.item: one.amount for one in session.scalars(select(IncomeLine))}
        living = session.scalars(select(LivingCondition)).one()
    assert (lines["生产经营性支出"], lines["生态补偿金"]) == (Decimal("1599.5"), 200)
    assert (living.year, living.road_kind, living.land_returned) == (2018, "水泥路", 1)


def test_lifted_people_of_2021_come_in_whole(book: Workbook, tmp_path: Path) -> None:
    shown = _take_in(book, tmp_path, national_exports.LIFTED_2021)
    assert shown.remarks == ()
    assert _notes(book) == set()
    with book.reading() as session:
        row = session.scalars(select(Monitoring)).one()
        assert session.get_one(Household, ONE).household_kind == "脱贫户"
    assert (row.kind, row.identified, row.removed) == ("脱贫不稳定户", "2021-03", "2022-05")


def test_monitored_people_of_now_come_in_whole(book: Workbook, tmp_path: Path) -> None:
    assert len(national_exports.MONITORED) > 85
    shown = _take_in(book, tmp_path, national_exports.MONITORED)
    assert shown.remarks == ()
    assert all(header.startswith(("风险消除后", "是否", "实施开发式")) for header in _notes(book))
    with book.reading() as session:
        row = session.scalars(select(Monitoring)).one()
        living = session.scalars(select(LivingCondition)).one()
        income = session.scalars(select(IncomeYear)).one()
        head = session.get_one(Member, HEAD)
        measures = session.scalars(select(Measure)).all()
    assert (row.risks, row.disasters, row.risk_note) == (
        ("因病", "因残", "因学", "因自然灾害", "其他"), ("洪涝",), "家里失火",
    )  # fmt: skip
    assert len(measures) == 14
    again = preview_file(book, _file(tmp_path, national_exports.MONITORED), year=2024)
    assert again.count_writes() == 0
    assert (living.road_kind, living.toilet) == ("硬化路", True)
    assert (income.claim_income, income.medical_self_paid) == (500, 320)
    assert (head.work_place, head.work_channel, head.tekun) == ("合肥市肥西县", "自主外出", False)


def test_helpers_come_in_whole(book: Workbook, tmp_path: Path) -> None:
    _take_in(book, tmp_path, national_exports.LIFTED_2021)
    shown = _take_in(book, tmp_path, national_exports.HELPERS)
    assert shown.remarks == ()
    assert _notes(book) == set()
    with book.reading() as session:
        helper = session.scalars(select(Helper)).one()
        assignment = session.scalars(select(Assignment)).one()
    assert (helper.sex, helper.political, helper.affiliation) == ("男", "中共党员", "县")
    assert helper.id_no == national_exports.HELPERS["帮扶责任人证件号码"]
    assert (assignment.household_id, assignment.started_on) == (ONE, date(2017, 3, 1))


def test_work_spells_are_taken_in_on_the_page_of_their_register(book: Workbook, tmp_path: Path) -> None:
    _take_in(book, tmp_path, national_exports.LIFTED_2021)
    path = _file(tmp_path, national_exports.WORK_SPELLS)
    with pytest.raises(NoHeaderRow, match="是务工记录的表，不是名册。请到“务工记录”页按 Ctrl\\+I 导入"):
        preview_file(book, path)
    shown = run_to_completion(register_import.preview(book, path, get_register("work_spell")))
    assert (shown.remarks, shown.refused) == ((), ())
    run_to_completion(register_import.apply_import(book, shown))
    with book.reading() as session:
        spell = session.scalars(select(WorkSpell)).one()
    assert (spell.member_id, spell.place, spell.started_on) == (HEAD, "安徽省合肥市肥西县", date(2024, 2, 20))
    assert (spell.industry, spell.channel, spell.pay, spell.subsidy, spell.point_to_point) == (
        "制造业", "自主外出", 3800, 500, False,
    )  # fmt: skip


def test_a_roster_that_tells_when_somebody_works_stays_a_roster(book: Workbook, tmp_path: Path) -> None:
    told = {"开始时间": "2024-02-20", "结束时间": "2024-12-20", "务工所在县": "肥西县"}
    assert _take_in(book, tmp_path, national_exports.LIFTED_2021 | told).count_writes() > 0
