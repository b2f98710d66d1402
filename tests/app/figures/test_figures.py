"""The village's figures: what each counts, reports frozen on a day and compared, what is proposed from them."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from app.errors import UserError
from app.figures.catalogue import all_figures, find_figure
from app.figures.charts import village_charts
from app.figures.comparison import compare_report
from app.figures.definition import Period, Reading, period_of_months, year_period
from app.figures.frozen_report import freeze_report, frozen_figures, make_report, rows_behind
from app.figures.proposals import fill_assessment, fill_criteria, measure_targets, propose_indicators
from app.list_views.definition import ListView
from app.list_views.household_source import household_source
from app.list_views.rows import view_ids
from app.printing.pipeline import preview as preview_report
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.rows import RegisterRow, RowQuery, load_rows, row_ids
from app.registers.report_duty import begin_next_duties
from app.reports.parameters import ReportParameters
from app.sheets.errors import NoHeaderRow, WrongVillage
from app.sheets.indicator_import import IndicatorPreview, apply_indicators, preview_indicators
from app.sheets.register_export import write_register
from app.sheets.register_import import apply_import
from app.sheets.register_import import preview as preview_sheet
from app.sheets.roster_import import preview as preview_roster
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.assessment import Assessment, AssessmentItem
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeYear
from db.schema.monitoring import Monitoring
from db.schema.period_report import PeriodReport, ReportDuty, ReportFigure
from db.schema.village_year import AnnualTarget, VillageExit, VillageIndicator
from tests import builders, pdf_reader
from tests.machine_memory import remembering_in
from tests.replicas import all_records, make_replicas, sync

VILLAGE = builders.VILLAGE.code
FIRST, SECOND, CLOSED = (Household.id_of(f"{VILLAGE}{n:03}") for n in (1, 2, 3))
DAY = date(2018, 6, 20)
SPRING, SUMMER = Period(date(2018, 3, 1), date(2018, 4, 30)), Period(date(2018, 5, 1), date(2018, 6, 30))


def fill(book: Workbook) -> None:
    """Two households and one that is closed; a visit in spring, two in summer, an income of 2018."""
    with book.writing() as session:
        for number in (1, 2, 3):
            builders.household(session, members=2, number=number, household_kind="脱贫户", exit_status="已脱贫")
        session.get_one(Household, CLOSED).registration_state = "注销"
        session.get_one(Household, SECOND).exit_status = "未脱贫"
        session.get_one(Household, SECOND).cause_main = "因病"
        for household, day in ((FIRST, date(2018, 3, 5)), (FIRST, date(2018, 5, 6)), (SECOND, date(2018, 6, 7))):
            session.add(Visit(village=VILLAGE, household_id=household, visited_on=day, visitors="王书记"))
        for year, unsafe in ((2017, True), (2018, False)):
            session.add(LivingCondition(village=VILLAGE, household_id=FIRST, year=year, house_unsafe=unsafe))
        session.add(LivingCondition(village=VILLAGE, household_id=SECOND, year=2017, house_unsafe=True))
        session.add(Monitoring(village=VILLAGE, household_id=SECOND, kind="脱贫不稳定户", identified="2018-05"))
        for household, net in ((FIRST, 10000), (SECOND, 4000)):
            session.add(IncomeYear(village=VILLAGE, household_id=household, year=2018, people=2, reported_net=net))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """For tests that only read it."""
    with (
        remembering_in(tmp_path_factory.mktemp("state")),
        closing(builders.workbook(tmp_path_factory.mktemp("book"))) as opened,
    ):
        fill(opened)
        yield opened


@pytest.fixture
def own_book(tmp_path: Path) -> Iterator[Workbook]:
    """For a test that writes."""
    with closing(builders.workbook(tmp_path)) as opened:
        fill(opened)
        yield opened


def read(book: Workbook, name: str, period: Period = SUMMER) -> Reading:
    figure = find_figure(name)
    assert figure is not None
    with book.reading() as session:
        return figure.read(session, period)


def rows(book: Workbook, key: str) -> list[RegisterRow]:
    with book.reading() as session:
        return load_rows(session, get_register(key), row_ids(session, get_register(key)))


def test_each_figure_has_a_name_of_its_own_and_counts_records_that_can_be_listed(book: Workbook) -> None:
    figures = [figure for _, figure in all_figures()]
    assert len({one.name for one in figures}) == len({one.label for one in figures}) == len(figures) > 50
    with book.reading() as session:
        for figure in figures:
            reading = figure.read(session, SUMMER)
            assert (reading.value is None) == bool(reading.missing), figure.name
            assert list(reading.ids) == sorted(set(reading.ids)), figure.name
            key, ids = rows_behind(session, figure.table, reading.ids)
            assert key == "household" or get_register(key).key == key
            assert bool(ids) == bool(reading.ids)


def test_figures_count_who_is_kept_and_what_happened_in_the_period(book: Workbook) -> None:
    assert read(book, "households") == Reading(Decimal(2), tuple(sorted((FIRST, SECOND))))
    assert read(book, "people").value == 4
    assert read(book, "not_exited_people").value == 2
    assert read(book, "monitored_households").ids == (SECOND,)
    assert [read(book, "monitoring_begun", period).value for period in (SPRING, SUMMER)] == [0, 1]
    assert [read(book, "visits", period).value for period in (SPRING, SUMMER)] == [1, 2]
    assert read(book, "unvisited_households", SPRING).ids == (SECOND,)
    assert read(book, "unsafe_houses").ids == (SECOND,)  # the newest year of the first is safe
    assert read(book, "income_per_head").value == Decimal("3500.00")


def test_what_a_figure_needs_and_has_not_is_told_and_never_nought(book: Workbook) -> None:
    assert read(book, "below_line_households").value is not None  # the program brings the line of 2018
    assert read(book, "below_line_households", year_period(2024)).missing == "2024 年没有录入监测范围"
    assert read(book, "income_per_head", year_period(2016)).missing == "2016 年还没有收入核算"
    assert read(book, "poverty_rate").missing == "2018 年的村情没有填全村总人口"
    assert read(book, "clean_average").missing == "期内没有评完的环境卫生检查"


def test_periods_are_called_as_the_office_does() -> None:
    assert period_of_months(DAY, 2) == SUMMER
    assert [one.title for one in (SPRING, year_period(2018), period_of_months(DAY, 1))] == [
        "2018年3月—4月", "2018年", "2018年6月",
    ]  # fmt: skip
    assert Period(date(2018, 5, 2), DAY).title == "2018-05-02 至 2018-06-20"
    assert period_of_months(date(2018, 8, 1), 6) == Period(date(2018, 7, 1), date(2018, 12, 31))


def test_a_report_is_frozen_once_and_stays_what_it_was(own_book: Workbook, tmp_path: Path) -> None:
    make_report(own_book, "双月调度", SPRING, date(2018, 5, 2))
    report = make_report(own_book, "双月调度", None, DAY)
    with own_book.reading() as session:
        before = frozen_figures(session, report)
        assert [one.value for one in before if one.name == "visits"] == [2]
        assert session.get_one(PeriodReport, report).frozen_on == DAY
    with own_book.writing() as session:
        session.get_one(Household, SECOND).withdrawn = True
        session.add(Visit(village=VILLAGE, household_id=FIRST, visited_on=DAY, visitors="王书记"))
    with own_book.reading() as session:
        assert frozen_figures(session, report) == before
        found = compare_report(
            session, report, PeriodReport.id_of(VILLAGE, "双月调度", *_days(SPRING), date(2018, 5, 2))
        )
    by_name = {one.frozen.name: one for one in found.figures}
    assert (found.title, found.other_title) == ("2018年5月—6月双月调度", "2018年3月—4月双月调度")
    assert (by_name["visits"].change, by_name["visits"].drift) == (1, 1)
    assert (by_name["households"].change, by_name["households"].drift) == (0, -1)
    assert by_name["households"].has_drifted
    assert not by_name["meetings"].has_drifted
    with pytest.raises(UserError, match=r"2018-06-20 已经统计过"):
        freeze_report(own_book, report, DAY)
    with pytest.raises(UserError, match="今天已经生成过一份"):
        make_report(own_book, "双月调度", None, DAY)


def _days(period: Period) -> tuple[date, date]:
    return period.first, period.last


def test_a_report_travels_and_is_taken_back_whole(own_book: Workbook, tmp_path: Path) -> None:
    path = own_book.path
    own_book.close()
    (tmp_path / "replicas").mkdir()
    first, second = make_replicas(path, tmp_path / "replicas", ("甲", "乙"))
    with closing(first), closing(second):
        report = make_report(first, "半年盘点", None, DAY)
        sync(first, second)
        assert all_records(first)["report_figure"] == all_records(second)["report_figure"]
        with second.reading() as session:
            assert next(one.ids for one in frozen_figures(session, report) if one.name == "monitored_people")
        run_to_completion(undo(first))
        with first.reading() as session:
            assert frozen_figures(session, report) == []
            assert row_ids(session, get_register("period_report")) == []
        assert make_report(first, "半年盘点", None, DAY) == report


def test_a_sheet_does_not_change_what_was_frozen(own_book: Workbook, tmp_path: Path) -> None:
    report, path = make_report(own_book, "双月调度", None, DAY), tmp_path / "报告.xlsx"
    with own_book.reading() as session:
        before = frozen_figures(session, report)
    run_to_completion(write_register(own_book, get_register("period_report"), [report], path))
    sheet = openpyxl.load_workbook(path)
    for cells in sheet["报告数据"].iter_rows(min_row=2):
        for cell in cells:
            if cell.value == 2:
                cell.value = 99
    sheet.save(path)
    shown = run_to_completion(preview_sheet(own_book, path, get_register("period_report")))
    run_to_completion(apply_import(own_book, shown))
    with own_book.reading() as session:
        assert frozen_figures(session, report) == before


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2015, 1, 1), date(2015, 2, 28), "2015年1月—2月没有走访、会议、任务、检查等任何记录"),
        (date(2018, 6, 1), date(2018, 5, 31), "期间写反了：开始 2018-06-01，结束 2018-05-31"),
        (date(2018, 7, 1), date(2018, 7, 31), "2018年7月还没有到，不能统计"),
        (date(2018, 7, 1), None, "请先填“期间开始”和“期间结束”"),
    ],
)
def test_a_report_over_a_wrong_period_is_refused_and_nothing_is_written(
    book: Workbook, first: date, last: date | None, told: str
) -> None:
    row = f"{first}{last}"
    with book.writing() as session:
        session.add(PeriodReport(id=row, village=VILLAGE, kind="专项报告", first_on=first, last_on=last, made_on=DAY))
    with pytest.raises(UserError, match=told):
        freeze_report(book, row, DAY)
    with book.reading() as session:
        assert frozen_figures(session, row) == []
        assert session.query(ReportFigure).count() == 0
    with pytest.raises(UserError, match="还没有统计，不能比较"), book.reading() as session:
        compare_report(session, row)


def test_indicators_are_proposed_marked_and_held_against_their_standard(own_book: Workbook) -> None:
    with own_book.writing() as session:
        for indicator, value in (("总人口数", 200), ("低保户数", 9), ("农民人均纯收入", 11000)):
            session.add(
                VillageIndicator(
                    id=VillageIndicator.id_of(VILLAGE, 2018, indicator), village=VILLAGE, year=2018,
                    indicator=indicator, value=value,
                )
            )  # fmt: skip
        session.add(VillageIndicator(village=VILLAGE, year=2018, indicator="是否通客运班车", answer=False))
    proposal = propose_indicators(own_book, 2018, DAY)
    assert proposal.kept == ("低保户数：填的是 9，按户档是 0",)
    told = {row.texts["indicator"]: row for row in rows(own_book, "village_indicator")}
    assert told["建档立卡户数"].texts["value"] == "2"
    assert told["建档立卡户数"].texts["source"] == "按户档核算，在册 2 户"
    assert told["低保户数"].texts["value"] == "9"
    expected = {"贫困发生率": "已达标", "农民人均纯收入": "标准未录入", "是否通客运班车": "未达标", "总人口数": ""}
    assert {name: told[name].texts["met"] for name in expected} == expected
    assert told["贫困发生率"].values["value"] == 1
    assert propose_indicators(own_book, 2018, DAY).written == 0
    with pytest.raises(UserError, match="2019 年还没有到"):
        propose_indicators(own_book, 2019, DAY)


def test_targets_exit_and_assessment_are_filled_from_the_figures(own_book: Workbook) -> None:
    with own_book.writing() as session:
        for title, measure in (("走访", "走访次数"), ("修路", "公里数"), ("脱贫", None)):
            session.add(AnnualTarget(village=VILLAGE, year=2018, title=title, planned=12, measured_by=measure))
        session.add(VillageExit(id="exit", village=VILLAGE, year=2018))
        session.add(Assessment(id="score", village=VILLAGE, year=2018))
    measured = measure_targets(own_book, 2018, DAY)
    assert (measured.written, len(measured.kept)) == (1, 1)
    assert "“公里数”没有这一项" in measured.kept[0]
    visits = next(row for row in rows(own_book, "annual_target") if row.title.endswith("走访"))
    assert [visits.texts[name] for name in ("reached", "rate", "unit", "reached_on")] == ["3", "25", "次", "2018-06-20"]
    with pytest.raises(UserError, match="2018 年的村情还没有填"):
        fill_criteria(own_book, "exit")
    propose_indicators(own_book, 2018, DAY)
    assert fill_criteria(own_book, "exit").written == 2
    assert rows(own_book, "village_exit")[0].texts["met"] == "1"  # one house is unsafe
    assert fill_assessment(own_book, "score", DAY).written == 10
    score = rows(own_book, "assessment")[0]
    assert [score.texts[name] for name in ("weight", "points", "open_items")] == ["100", "0", "10"]
    with own_book.writing() as session:
        session.get_one(AssessmentItem, AssessmentItem.id_of("score", "约谈情况")).weight = 3
    with own_book.reading() as session:
        figures = {
            one.label: one.text for one in figure_values(session, get_register("assessment"), RowQuery(today=DAY))
        }
    assert figures["分值合计不等于满分"] == "1"
    assert fill_assessment(own_book, "score", DAY).written == 0


def test_what_is_due_every_month_goes_on(own_book: Workbook) -> None:
    duty = {"title": "驻村工作月报", "recipient": "县委组织部", "period": "每月"}
    with own_book.writing() as session:
        session.add(ReportDuty(village=VILLAGE, due_on=date(2018, 5, 31), sent_on=date(2018, 6, 2), **duty))
    assert begin_next_duties(own_book, DAY) == 1
    assert begin_next_duties(own_book, DAY) == 0
    with own_book.reading() as session:
        register = get_register("report_duty")
        assert [row.texts["due_on"] for row in load_rows(session, register, row_ids(session, register), DAY)] == [
            "2018-06-30", "2018-05-31",
        ]  # fmt: skip
    assert read(own_book, "late_reports", Period(date(2018, 5, 1), date(2018, 5, 31))).value == 1


def _village_list(path: Path, *cells: tuple[str, object]) -> Path:
    sheet = openpyxl.Workbook()
    assert sheet.active is not None
    sheet.active.append(["行政村信息"])
    sheet.active.append([header for header, _ in cells])
    sheet.active.append(["别的村", *(None for _ in cells[1:])])
    sheet.active.append([value for _, value in cells])
    sheet.save(path)
    return path


def _preview(book: Workbook, path: Path) -> IndicatorPreview:
    return run_to_completion(preview_indicators(book, path, 2018))


def test_the_list_of_villages_becomes_indicators(own_book: Workbook, tmp_path: Path) -> None:
    path = _village_list(
        tmp_path / "行政村.xlsx",
        ("行政村", "石桥村委会"), ("总户数", 20), ("总人口数", 60), ("危房户数", 15), ("未实现饮水安全户数", 9),
        ("村级集体经济收入（万元）", 7.63), ("村小学（个数）", "一所"), ("是否通客运班车", "是"),
        ("行政村执业（助理）医师（人）", 2), ("村民小组数", 7), ("是否出列", "是"),
    )  # fmt: skip
    with pytest.raises(NoHeaderRow, match="是行政村表，不是名册。请到“村情”页"):
        run_to_completion(preview_roster(own_book, path))
    shown = _preview(own_book, path)
    told = {one.indicator: one.text for one in shown.changes}
    assert told["村级集体经济收入"] == "76300"
    assert told["行政村执业（助理）医师人数"] == "2"
    assert (told["是否通客运班车"], told["是否出列"]) == ("是", "是")
    remarks = "\n".join(shown.remarks)
    assert "“村小学（个数）”没有导入" in remarks
    assert "村民小组数" in remarks
    assert "危房户和饮水不安全户合计 24 户，多于总户数 20 户" in remarks
    assert "已出列的村不能为空" in remarks
    assert apply_indicators(own_book, shown) == len(shown.changes) == 8
    assert apply_indicators(own_book, _preview(own_book, path)) == 0
    with pytest.raises(WrongVillage, match="没有“石桥村”这一行"):
        _preview(own_book, _village_list(tmp_path / "别村.xlsx", ("行政村", "柳村"), *((f, 1) for f in list(told)[:5])))
    with pytest.raises(NoHeaderRow, match="没有找到行政村表的表头"):
        _preview(own_book, _village_list(tmp_path / "名册.xlsx", ("户主", "甲"), ("人口", 2)))


def test_each_bar_of_a_chart_finds_the_households_that_it_counts(book: Workbook) -> None:
    with book.reading() as session:
        charts = {chart.key: chart for chart in village_charts(session)}
        for chart in charts.values():
            for bar in chart.bars:
                found = view_ids(session, household_source(), ListView(where=bar.where))
                assert len(found) == (2 if chart.is_trend else bar.value), (chart.key, bar.label)
    assert [(bar.label, bar.value) for bar in charts["cause"].bars] == [("因病", 1), ("未填", 1)]
    assert {bar.label: bar.value for bar in charts["income"].bars}["4,000 元以下"] == 1
    assert charts["trend"].bars[-1].value == Decimal("3500.00")
    assert charts["clean"].missing == "还没有评完的检查"


def test_the_papers_say_what_is_missing_and_fit_their_page(own_book: Workbook) -> None:
    report = make_report(own_book, "双月调度", None, DAY)
    with own_book.writing() as session:
        session.add(Visit(village=VILLAGE, household_id=FIRST, visited_on=DAY - timedelta(days=1), visitors="王书记"))
        session.query(Member).filter(Member.household_id == FIRST).update({"dibao": True})
    text = _text(own_book, "period_report_paper", record=report)
    assert "2018年5月—6月" in text
    assert "2018年的村情没有填全村总人口" in text
    assert "现在3" in text
    pages = pdf_reader.page_texts(_pdf(own_book, "village_overview", year=2024))
    assert len(pages) == 1
    assert "2024年没有录入监测范围" in pages[0].replace("\n", "").replace(" ", "")


def _pdf(book: Workbook, name: str, **choice: object) -> bytes:
    job = ReportJob(name, [ReportParameters(today=DAY, **choice)])  # type: ignore[arg-type]
    return run_to_completion(preview_report(book, job))


def _text(book: Workbook, name: str, **choice: object) -> str:
    return pdf_reader.full_text(_pdf(book, name, **choice)).replace("\n", "").replace(" ", "")
