"""A village after 2021: the fourteen steps of docs/domain on which the program of 2018 went wrong (T1–T14)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app.dashboard.summary import village_summary
from app.errors import ValidationError
from app.forms.entries import create_entry, load_entry, save_entry
from app.issues.issues import household_issues
from app.issues.rule import CountyPlace
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import preview, print_to_path
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.records.assignment import without_helper
from app.records.draft import withdraw
from app.records.household_list import HouseholdQuery, listed
from app.records.row_views import household_rows
from app.records.standards import MissingLine, load_standards
from app.records.withdrawn_records import restore_records
from app.registers import get_register
from app.registers.engine.new_row import save_row, start_row
from app.registers.small_loan import take_over_measures
from app.reports.parameters import ReportParameters
from app.sheets.errors import NoHeaderRow
from app.sheets.form_export import write_entries
from app.sheets.indicator_import import apply_indicators, preview_indicators
from app.workbook.workbook import Workbook
from db.schema.aid import Measure
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear
from db.schema.monitoring import Monitoring
from db.schema.standard import Standard
from db.schema.village_year import VillageIndicator
from tests import builders, pdf_reader
from tests.app.sheets.sheet_files import import_file, person, preview_file, table, xlsx
from tests.app.sync.peers import make_team, send

ONE = Household.id_of(f"{builders.VILLAGE.code}001")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    yield opened
    opened.close()


def take_in(book: Workbook, folder: Path, *rows: dict[str, Any]) -> None:
    import_file(book, xlsx(folder / "监测对象.xlsx", table(rows), title="导出时间：2025-06-10"))


def monitoring_of(book: Workbook, household_id: str = ONE) -> Monitoring:
    with book.reading() as session:
        row = session.scalars(select(Monitoring).where(Monitoring.household_id == household_id)).one()
        session.expunge(row)
        return row


def test_t1_a_lifted_household_that_is_monitored_keeps_both_facts(book: Workbook, tmp_path: Path) -> None:
    take_in(book, tmp_path, person(户类型="脱贫户", 监测对象类别="突发严重困难户", 识别监测时间="2025-03"))
    with book.reading() as session:
        (row,) = household_rows(session)
        assert (row.kind, row.monitored, row.needs_helper) == ("脱贫户", "突发严重困难户", True)
        assert without_helper(session) == [ONE]
        assert list(listed(session, HouseholdQuery(unvisited=True), 90).ids) == [ONE]
        assert {"unvisited", "no_helper"} <= {issue.rule for issue in household_issues(session, ONE)}


def test_t2_monitored_households_are_among_those_to_visit_and_to_help(book: Workbook, tmp_path: Path) -> None:
    kinds = ("边缘易致贫户", "突发严重困难户", "边缘易致贫户")
    monitored = [person(n, 户类型="一般农户", 监测对象类别=kind) for n, kind in enumerate(kinds, 1)]
    take_in(book, tmp_path, *monitored, person(4, 户类型="脱贫户"), person(5, 户类型="一般农户"))
    with book.reading() as session:
        summary = village_summary(session)
        assert {row.kind for row in household_rows(session)} == {"一般农户", "脱贫户"}
    assert (summary.households, summary.monitored) == (5, 3)
    assert (summary.visits_due, summary.without_helper) == (4, 4)


def test_t3_up_to_five_risks_come_in(book: Workbook, tmp_path: Path) -> None:
    risks = {"致贫/返贫风险1": "因病", "致贫/返贫风险2": "因残", "致贫/返贫风险3": "因学"}
    take_in(book, tmp_path, person(户类型="脱贫户", 监测对象类别="脱贫不稳定户", **risks))
    assert monitoring_of(book).risks == ("因病", "因残", "因学")
    with book.reading() as session:
        assert session.get_one(Household, ONE).import_extra is None


def test_t4_the_removal_of_the_risk_is_a_state_of_the_monitoring(book: Workbook, tmp_path: Path) -> None:
    told = {"风险是否已消除": "是", "风险消除方式": "帮扶消除", "风险消除时间": "2025-05", "识别监测时间": "2024-03"}
    take_in(book, tmp_path, person(户类型="脱贫户", 监测对象类别="脱贫不稳定户", **told))
    row = monitoring_of(book)
    assert (row.identified, row.removed, row.removal_way) == ("2024-03", "2025-05", "帮扶消除")
    with book.reading() as session:
        assert household_rows(session)[0].monitored == ""


def test_t5_columns_of_measures_are_measures_of_the_year(book: Workbook, tmp_path: Path) -> None:
    told = {"健康帮扶": "慢病签约服务", "综合保障": "是", "产业帮扶": "否"}
    take_in(book, tmp_path, person(户类型="脱贫户", 监测对象类别="脱贫不稳定户", 识别监测时间="2025-01", **told))
    with book.reading() as session:
        measures = session.scalars(select(Measure).order_by(Measure.kind)).all()
        assert [(one.kind, one.title, one.year) for one in measures] == [
            ("健康帮扶", "慢病签约服务", 2025),
            ("综合保障", "综合保障", 2025),
        ]
        assert "monitor_unaided" not in {issue.rule for issue in household_issues(session, ONE)}


def test_t6_what_the_export_says_of_assistance_and_work_is_taken(book: Workbook, tmp_path: Path) -> None:
    told = {"享受低保政策情况": "是", "享受特困供养政策情况": "否", "务工所在县": "合肥市肥西县", "理赔收入": 500}
    take_in(book, tmp_path, person(**told, 入户道路是否硬化="是", 就业渠道="自主就业"))
    with book.reading() as session:
        member = session.scalars(select(Member)).one()
        assert (member.dibao, member.tekun) == (True, False)
        assert (member.work_place, member.work_channel, member.import_extra) == ("合肥市肥西县", "自主外出", None)
        assert session.scalars(select(LivingCondition.road_kind)).one() == "硬化路"
        assert session.scalars(select(IncomeYear.claim_income)).one() == 500


def _income_of_2025(book: Workbook, per_head: int = 5000) -> None:
    with book.writing() as session:
        household = builders.household(session, household_kind="一般农户")
        values = {"household_id": household.id, "year": 2025, "reported_per_head": per_head, "people": 3}
        session.add(IncomeYear(village=builders.VILLAGE.code, reported_net=3 * per_head, **values))


def _enter(book: Workbook, **values: Any) -> None:
    save_row(book, start_row(get_register("standard"), builders.VILLAGE.code, **values))


def test_t9_a_line_that_is_missing_is_said_and_never_reads_0(book: Workbook) -> None:
    _income_of_2025(book)
    with book.reading() as session:
        below = village_summary(session).below_line
        (hint,) = [issue for issue in household_issues(session, ONE) if issue.rule == "line_missing"]
    assert (below.count, below.compared, below.missing) == (0, 0, (MissingLine(2025, "监测范围", 1),))
    assert "2025 年没有录入监测范围" in hint.message
    assert hint.county == CountyPlace("standard", year=2025, column="监测范围")


def test_t9_a_line_that_is_entered_is_used_at_once(book: Workbook) -> None:
    _income_of_2025(book)
    _enter(book, year=2025, kind="监测范围", amount=Decimal(8500), source="皖农振〔2025〕3 号")
    with book.reading() as session:
        below = village_summary(session).below_line
        rules = {issue.rule for issue in household_issues(session, ONE)}
    assert (below.count, below.compared, below.missing) == (1, 1, ())
    assert "unmonitored_below" in rules
    assert "line_missing" not in rules


def test_t9_an_entered_line_stands_before_the_one_of_the_program(book: Workbook) -> None:
    with book.reading() as session:
        shipped = load_standards(session).line("poverty", 2018)
    _enter(book, year=2018, kind="贫困线", amount=Decimal(3300))
    with book.reading() as session:
        entered = load_standards(session).line("poverty", 2018)
    assert shipped is not None
    assert entered is not None
    assert (shipped.amount, entered.amount) == (Decimal(3200), Decimal(3300))


def test_t9_a_line_of_a_year_to_come_is_refused(book: Workbook) -> None:
    with pytest.raises(ValidationError, match="年还没有到，不能先填"):
        _enter(book, year=date.today().year + 1, kind="监测范围", amount=Decimal(9000))


def test_t9_one_line_a_year_and_kind(book: Workbook) -> None:
    _enter(book, year=2025, kind="监测范围", amount=Decimal(8500))
    with pytest.raises(ValidationError, match=r"2025年 监测范围.*已经有了"):
        _enter(book, year=2025, kind="监测范围", amount=Decimal(8600))
    with book.reading() as session:
        assert session.scalars(select(Standard.amount)).all() == [Decimal(8500)]


def test_t9_entered_lines_travel_in_packages(tmp_path: Path) -> None:
    here, there = make_team(tmp_path, "甲", "乙")
    _enter(here, year=2025, kind="监测范围", amount=Decimal(8500))
    send(here, there)
    with there.reading() as session:
        line = load_standards(session).line("monitoring", 2025)
    assert line is not None
    assert line.amount == Decimal(8500)
    here.close()
    there.close()


_VILLAGE_EXPORT = {
    "行政村": "石桥村", "年度": 2024, "是否出列": "是", "总户数": 420, "总人口数": 1503, "低保户数": 31,
    "低保人口数": 52, "特困供养人口数": 9, "残疾人口数": 61, "危房户数": 0, "未实现饮水安全户数": 0,
    "村级集体经济收入（万元）": 62.5,
    "到乡镇是否通沥青（水泥）路": "是", "是否通客运班车": "是", "村小学（个数）": 1, "行政村卫生室个数": 1,
    "行政村执业（助理）医师（人）": 2, "行政村公共卫生厕所个数": 3, "行政村生产生活垃圾集中堆放点个数（个）": 12,
    "行政村文化（图书）室个数（个）": 1, "参加城乡居民基本养老保险人数": 803, "农民人均纯收入（元)": 18650,
}  # fmt: skip


def test_t7_the_export_of_villages_becomes_indicators_of_the_year(book: Workbook, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "行政村信息.xlsx", [["导出时间"], *table([_VILLAGE_EXPORT])], title="行政村信息")
    with pytest.raises(NoHeaderRow, match="请到“村情”页"):
        preview_file(book, path)
    shown = run_to_completion(preview_indicators(book, path, 2020))
    assert apply_indicators(book, shown) == len(_VILLAGE_EXPORT) - 2
    (remark,) = shown.remarks  # what a village that has risen must not leave empty
    assert remark.startswith("已出列的村不能为空：贫困发生率")
    with book.reading() as session:
        rows = session.scalars(select(VillageIndicator)).all()
    assert {row.year for row in rows} == {2024}
    assert next(row.value for row in rows if row.indicator == "村级集体经济收入") == 625000


def test_t8_a_list_of_another_office_is_asked_about_and_not_taken(book: Workbook, tmp_path: Path) -> None:
    columns = {"姓名": "陈卫国", "证件号码": builders.id_number(order=11), "保障类别": "A类", "保障金额": 560}
    path = xlsx(tmp_path / "农村低保备案表.xlsx", table([columns | {"家庭住址": "下屋组"}]), title="农村低保备案表")
    shown = preview_file(book, path)
    assert shown.count_doubts() > 0
    assert shown.count_writes() == 0


def test_t10_the_ledger_of_loans_shows_loans_under_every_name(book: Workbook) -> None:
    with book.writing() as session:
        household = builders.household(session)
        told = (("扶贫小额信贷", "养牛贷款"), ("金融帮扶", "小额信贷"), ("金融帮扶", "防返贫保险"))
        for day, (kind, title) in enumerate(told, 1):
            values = {"kind": kind, "title": title, "started_on": date(2025, 3, day)}
            session.add(Measure(village=builders.VILLAGE.code, household_id=household.id, **values))
    assert take_over_measures(book) == 2
    job = ReportJob("small_loan_ledger", [ReportParameters()])
    assert "共2条" in pdf_reader.full_text(run_to_completion(preview(book, job))).replace(" ", "")


def test_t11_the_archive_of_a_monitored_household_is_called_so(book: Workbook, tmp_path: Path) -> None:
    take_in(book, tmp_path, person(户类型="一般农户", 监测对象类别="边缘易致贫户", 识别监测时间="2022-03"))
    with book.writing() as session:
        session.get_one(Household, ONE).fill_date = date(2023, 6, 1)
    parts = ["cover", "contents", "information", "members"]
    text = pdf_reader.full_text(run_to_completion(preview(book, ArchiveJob([ONE], parts)))).replace(" ", "")
    assert "（防返贫监测户档案）" in text
    assert text.count("监测对象信息采集表（基本情况）") == 3  # the contents, the form and its second page
    assert "贫困户信息采集表" not in text
    assert "扶贫" not in text
    booklet = ReportJob("handbook", [ReportParameters(households=(ONE,))])
    assert "帮扶手册" in pdf_reader.full_text(run_to_completion(preview(book, booklet))).replace(" ", "")


def test_t12_what_a_roster_points_to_can_be_brought_back(book: Workbook, tmp_path: Path) -> None:
    take_in(book, tmp_path, person(户类型="脱贫户"))
    withdraw(book, "household", ONE)
    shown = preview_file(book, xlsx(tmp_path / "再导.xlsx", table([person(户类型="脱贫户")])))
    assert "请先在“已撤回”里恢复" in shown.rejected[0].reason
    restore_records(book, [("household", ONE)])
    assert preview_file(book, xlsx(tmp_path / "再导.xlsx", table([person(户类型="脱贫户")]))).rejected == ()


def test_t13_the_lines_of_a_form_are_a_sheet_of_their_own(book: Workbook, tmp_path: Path) -> None:
    entry_id = create_entry(book, "appraisal_meeting", village=builders.VILLAGE.code, day=date(2025, 3, 6))
    with book.reading() as session:
        entry = load_entry(session, entry_id)
        household = next(one for one in entry.form.questions if one.kind == "rows" and not one.lines)
    column = household.columns[0].key
    save_entry(book, entry.with_values(**{f"{household.key}/one/{column}": "陈卫国"}))
    out = tmp_path / "评议.xlsx"
    run_to_completion(write_entries(book, "appraisal_meeting", out))
    sheets = openpyxl.load_workbook(out).worksheets
    assert household.label in [sheet.title for sheet in sheets]
    assert "陈卫国" in {cell for row in sheets[1].iter_rows(values_only=True) for cell in row}


def test_t14_minutes_of_a_meeting_print_whole(book: Workbook, tmp_path: Path) -> None:
    entry_id = create_entry(book, "appraisal_meeting", village=builders.VILLAGE.code, day=date(2025, 3, 6))
    job = ReportJob("filled_form", [ReportParameters(entry=entry_id)])
    run_to_completion(print_to_path(book, job, tmp_path / "会议记录.pdf"))
    assert "民主评议" in pdf_reader.full_text(tmp_path / "会议记录.pdf")
