"""What a household sells, where its children are at school, who is paid for which work, and what it drinks."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.errors import UserError
from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.rows import RowQuery, load_rows
from app.registers.engine.steps import complete_step, due_items
from app.reports.parameters import ReportParameters
from app.workbook import operations
from app.workbook.workbook import Workbook
from db.schema.asset import Asset, AssetMonth, AssetYear
from db.schema.education import EducationAid, ReturnPersuasion, SchoolTerm
from db.schema.employment import PublicJob, PublicJobMonth, WorkshopPay, WorkshopPayLine, WorkSpell
from db.schema.finance import SmallLoan
from db.schema.health import MedicalExpense
from db.schema.household import Household, Member
from db.schema.motivation import MotivationReview
from db.schema.photo import Photo
from db.schema.production import FarmBusiness, ProductionSubsidy
from db.schema.record import Record
from db.schema.water import WaterHousehold, WaterSource, WaterTest
from tests import builders, pdf_reader
from tests.machine_memory import remembering_in

VILLAGE = builders.VILLAGE.code
HOUSEHOLD, NEIGHBOUR = (Household.id_of(f"{VILLAGE}{n:03}") for n in (1, 2))
HEAD, WIFE, SON = (Member.id_of(f"{VILLAGE}0010{n}") for n in (1, 2, 3))
DAY = date(2018, 12, 1)
CARD = "6217001234567890128"


def rows() -> list[Record]:
    """What the registers hold, in the order in which one needs the other."""
    return [
        FarmBusiness(
            id="tea",
            household_id=HOUSEHOLD,
            year=2018,
            kind="茶叶种植",
            scale=Decimal("3.5"),
            output=Decimal(63),
            sold=Decimal(60),
            price=Decimal(110),
            sales=Decimal(6600),
            cost=Decimal(2100),
            channel="消费帮扶",
        ),
        FarmBusiness(id="sheep", household_id=NEIGHBOUR, year=2018, kind="羊", scale=Decimal(20), sales=Decimal(900)),
        SchoolTerm(
            id="gone",
            member_id=SON,
            year=2018,
            term="秋季学期",
            state="失学辍学",
            checked_on=date(2018, 11, 20),
            missed_on=date(2018, 11, 26),
        ),
        ReturnPersuasion(
            term_id="gone", visited_on=date(2018, 11, 28), visitors="程老师", talked="家长答应", result="同意返校"
        ),
        WorkshopPay(id="sewing", workshop="缝纫车间", month="2018-10", counted_on=date(2018, 11, 2)),
        WorkshopPayLine(pay_id="sewing", member_id=WIFE, pieces=Decimal(300), rate=Decimal("2.5"), wage=Decimal(750)),
        WorkshopPayLine(pay_id="sewing", member_id=HEAD, pieces=Decimal(100), rate=Decimal("2.5"), wage=Decimal(260)),
        Asset(id="solar", name="光伏电站", kind="光伏电站"),
        AssetYear(asset_id="solar", year=2017, income=Decimal(9000)),
        AssetYear(asset_id="solar", year=2018, income=Decimal(5000)),
        AssetMonth(asset_id="solar", month="2018-01", power=Decimal(2500), income=Decimal(2400)),
        AssetMonth(asset_id="solar", month="2018-02", power=Decimal(2700), income=Decimal(2600)),
        WaterSource(id="spring", name="山泉", kind="单户山泉水", short_months="12月"),
        WaterHousehold(source_id="spring", household_id=HOUSEHOLD),
        WaterTest(source_id="spring", tested_on=date(2017, 8, 1), result="不合格"),
        WaterTest(source_id="spring", tested_on=date(2018, 8, 1), result="合格"),
        MotivationReview(id="idle", household_id=HOUSEHOLD, reviewed_on=date(2018, 3, 1), level="等靠要"),
        PublicJob(id="cleans", member_id=WIFE, kind="保洁员", started_on=date(2018, 10, 1), pay=Decimal(500)),
        PublicJobMonth(job_id="cleans", month="2018-10", days=23, appraisal="合格", paid=Decimal(480)),
        PublicJob(
            id="guarded",
            member_id=HEAD,
            kind="生态护林员",
            started_on=date(2018, 1, 1),
            pay=Decimal(600),
            ended_on=date(2018, 9, 30),
        ),
        WorkSpell(
            id="away",
            member_id=HEAD,
            region="省外",
            place="宁波市",
            started_on=date(2018, 2, 20),
            subsidy_kind="一次性交通补助",
            subsidy=Decimal(500),
        ),
        EducationAid(
            id="yulu",
            member_id=SON,
            year=2018,
            term="秋季学期",
            stage="中职一年级",
            item="雨露计划",
            school="县职教中心",
            standard=Decimal(1500),
        ),
        EducationAid(
            member_id=SON, year=2018, term="秋季学期", stage="中职一年级", item="中职免学费", paid=Decimal(900)
        ),
        ProductionSubsidy(
            id="ox",
            household_id=HOUSEHOLD,
            year=2018,
            item="养牛",
            declared_on=DAY,
            verified_on=DAY,
            verified=Decimal(2),
            photo_id="seen",
        ),
        ProductionSubsidy(household_id=HOUSEHOLD, year=2018, item="养羊", verified=Decimal(9), rejected_on=DAY),
        MedicalExpense(
            member_id=HEAD,
            settled_on=date(2018, 4, 1),
            care="住院",
            hospital="县医院",
            level="县域内",
            total=Decimal(12000),
            eligible=Decimal(11000),
            basic=Decimal(7000),
        ),
        MedicalExpense(
            member_id=HEAD,
            settled_on=date(2018, 5, 1),
            care="慢性病门诊",
            hospital="市医院",
            level="市级",
            total=Decimal(1000),
            basic=Decimal(500),
            supplement=Decimal(300),
        ),
        *(
            SmallLoan(
                id=f"due{days}",
                household_id=HOUSEHOLD,
                bank=f"农商行{days}",
                amount=Decimal(30000),
                issued_on=date(2015, 12, 1),
                due_on=date(2018, 12, 1),
                extended_to=date.fromordinal(DAY.toordinal() + days),
            )
            for days in (-5, 30, 31, 90, 91)
        ),
    ]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        with opened.writing() as session:
            for number in (1, 2):
                builders.household(session, number=number, bank_card_no=CARD)
            session.get_one(Member, HEAD).relocated_person = True
            session.add(Photo(id="seen", village=VILLAGE, household_id=HOUSEHOLD, kind="核验现场", caption="牛栏"))
            session.flush()
            for row in rows():
                row.village = VILLAGE
                session.add(row)
                session.flush()
        yield opened
        opened.close()


def told(book: Workbook, register: str, today: date = DAY) -> dict[str, str]:
    with book.reading() as session:
        query = RowQuery(today=today)
        return {one.label: one.text for one in figure_values(session, get_register(register), query)}


def paper(book: Workbook, name: str, record: str = "", **choice: Any) -> str:
    """Everything on a paper, without blanks."""
    parameters = ReportParameters(**{"record": record, "today": DAY} | choice)
    shown = run_to_completion(preview(book, ReportJob(name, [parameters])))
    return pdf_reader.full_text(shown).replace(" ", "").replace("\n", "")


def test_what_a_trade_earned_is_what_was_sold_less_what_it_cost(book: Workbook) -> None:
    figures = told(book, "farm_business")
    assert (figures["发展产业户数"], figures["销售收入"], figures["其中消费帮扶"]) == ("2", "7,500.00元", "6,600.00元")
    with book.reading() as session:
        row = load_rows(session, get_register("farm_business"), ["tea"])[0]
        assert (row.values["net"], row.values["unit"], row.values["output_unit"]) == (4500, "亩", "公斤")
    assert "特色产业发展台账" in paper(book, "farm_business_ledger")


def test_a_child_out_of_school_is_called_on_within_days_and_comes_back(book: Workbook) -> None:
    terms = get_register("school_term")
    with book.reading() as session:
        (item,) = due_items(session, [terms], DAY)
        assert (item.step, item.due_on, item.overdue) == ("劝返", date(2018, 11, 29), True)
    assert told(book, "school_term")["失学辍学"] == "1"
    with pytest.raises(UserError, match="“劝返”还没有办"):
        complete_step(book, terms, "gone", "复学", DAY, {"arrangement": "原班"})
    with pytest.raises(UserError, match="日期前后不对"):
        complete_step(book, terms, "gone", "劝返", date(2018, 11, 1), {"cause": "厌学", "responsible": "程老师"})
    complete_step(book, terms, "gone", "劝返", date(2018, 11, 28), {"cause": "厌学", "responsible": "程老师"})
    complete_step(book, terms, "gone", "复学", DAY, {"arrangement": "原班就读"})
    figures = told(book, "school_term")
    assert (figures["失学辍学"], figures["已复学"], figures["超期未劝返或未复学"]) == ("0", "1", "0")
    text = paper(book, "school_term_persuasion", "gone")
    assert "家长答应" in text
    assert "学生监护人签字" in text


def test_piece_wages_are_held_against_pieces_and_price_and_signed_for(book: Workbook) -> None:
    with book.reading() as session:
        row = load_rows(session, get_register("workshop_pay"), ["sewing"])[0]
    assert [row.values[name] for name in ("workers", "pieces", "wages", "difference")] == [2, 400, 1010, 10]
    assert told(book, "workshop_pay")["工资与计件不符"] == "1"
    assert told(book, "workshop_pay", date(2018, 11, 18))["超期未发"] == "1"
    text = paper(book, "workshop_pay_roll", "sewing")
    assert "领取人签字（按指印）" in text
    assert "1,010.00" in text
    with book.operation("姓名没有填") as session:
        session.get_one(Member, WIFE).name = None
    assert "1,010.00" in paper(book, "workshop_pay_roll", "sewing")
    run_to_completion(operations.undo(book))


def test_the_months_of_a_solar_station_add_up_to_its_year(book: Workbook) -> None:
    assert told(book, "asset")["年收益与各月之和不符"] == "0"
    assert "2,600.00" in paper(book, "asset_card", "solar")
    with book.operation("改一个月") as session:
        month = session.query(AssetMonth).filter_by(month="2018-02").one()
        month.income = Decimal(2500)
    assert told(book, "asset")["年收益与各月之和不符"] == "1"


def test_the_latest_test_of_a_source_counts(book: Workbook) -> None:
    figures = told(book, "water_source")
    assert [figures[name] for name in ("没有检测", "最近检测不合格", "季节性缺水")] == ["0", "0", "1"]
    assert "合格" in paper(book, "water_source_card", "spring")


def test_a_plan_is_needed_before_a_household_is_said_to_have_changed(book: Workbook) -> None:
    assert told(book, "motivation_review")["等靠要"] == "1"
    with pytest.raises(UserError, match="分类施策"):
        complete_step(book, get_register("motivation_review"), "idle", "见效", DAY, {"result": "养羊"})


def test_loans_are_reminded_of_in_bands_and_each_household_by_a_letter(book: Workbook) -> None:
    text = paper(book, "loan_reminders")
    assert "共4笔" in text
    for heading in ("已经逾期（1笔）", "30天内到期（1笔）", "60天内到期（1笔）", "90天内到期（1笔）"):
        assert heading in text
    assert "农商行91" not in text
    assert "没有逾期的小额信贷，90天内也没有到期的。" in paper(book, "loan_reminders", today=date(2018, 8, 1))
    letter = paper(book, "small_loan_reminder", "due30")
    assert "陈卫国：您家在农商行30的扶贫小额信贷应于2018年12月31日归还，还有30天到期，尚欠本金30,000.00元" in letter
    overdue = paper(book, "small_loan_reminder", "due-5")
    assert "已经逾期5天" in overdue
    assert not re.search("提前|按期|到期以前", overdue)  # it is too late for that
    assert "＿＿＿＿" in paper(book, "small_loan_reminder", blank=True)


def test_the_pay_roll_of_a_month_lists_who_held_a_post_in_it(book: Workbook) -> None:
    october = paper(book, "job_payroll", month="2018-10")
    assert "2018年10月" in october
    assert "李秀英" in october
    assert "480.00" in october
    assert "陈卫国" not in october
    assert (CARD in october, CARD[-4:] in october) == (False, True)
    assert CARD in paper(book, "job_payroll", month="2018-10", full=True)
    whole_year = paper(book, "job_payroll", year=2018)
    assert whole_year.count("公益性岗位工资发放表") == 12
    assert "领取人签字" in paper(book, "job_payroll", blank=True)
    with pytest.raises(UserError, match="“十月”不是月份"):
        paper(book, "job_payroll", month="十月")


def test_those_who_were_moved_are_one_list(book: Workbook) -> None:
    text = paper(book, "relocation_ledger")
    assert "共1户" in text
    assert "陈卫国" in text


def test_applications_say_who_asks_for_what(book: Workbook) -> None:
    travel = paper(book, "work_spell_application", "away")
    assert "本人陈卫国，自2018年2月20日起在宁波市务工，申请一次性交通补助" in travel
    grant = paper(book, "education_aid_application", "yulu")
    assert "秋季学期在县职教中心（中职一年级）就读，申请雨露计划" in grant
    roll = paper(book, "education_aid_yulu")
    assert "共1条" in roll
    assert "900.00" not in roll


def test_subsidies_are_signed_for_and_were_photographed(book: Workbook) -> None:
    roll = paper(book, "production_subsidy_roll", year=2018)
    assert "共1条" in roll
    assert "领取人签字" in roll
    assert "照片还没有收到" in paper(book, "production_subsidy_acceptance", "ox")
    assert told(book, "production_subsidy")["核验没有照片"] == "0"


def test_a_settlement_holds_the_bills_of_a_year_against_the_caps(book: Workbook) -> None:
    text = paper(book, "medical_settlement", households=(HOUSEHOLD,), year=2018)
    assert "县域内：合规费用自付4,000.00元，年度封顶3,000.00元，超过封顶1,000.00元，应由兜底补助。" in text
    assert "市级：合规费用自付200.00元" in text
    assert "没有超过封顶" in text
    assert "按80%应补充报销400.00元，已报300.00元，还应补报100.00元" in text
    assert "4,200.00" in text


def test_a_household_that_is_not_registered_has_no_cap(book: Workbook) -> None:
    """As the doubt about the cap has it, which asks registered households alone."""
    with book.writing() as session:
        household = session.get_one(Household, HOUSEHOLD)
        kind, household.household_kind = household.household_kind, "一般农户"
    try:
        text = paper(book, "medical_settlement", households=(HOUSEHOLD,), year=2018)
    finally:
        with book.writing() as session:
            session.get_one(Household, HOUSEHOLD).household_kind = kind
    assert "4,200.00" in text
    assert "只对建档立卡户" in text
    assert "应由兜底补助" not in text
