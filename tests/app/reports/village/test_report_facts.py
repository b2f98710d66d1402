"""What the papers of a village say of single records: read back from the printed pages."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from app.checklists.inspections import save_inspection
from app.checklists.rounds import DEFAULT_CHECKLIST, open_round
from app.checklists.template import checklist
from app.errors import UserError
from app.photo_intake.cards import card_text
from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.reports.parameters import ReportParameters
from app.reports.subject_choices import subject_choices
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.archive import ArchivePrint
from db.schema.community import Grid, GridHousehold
from db.schema.education import EducationAid
from db.schema.exchange import PackageLog
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.inspection import Round
from db.schema.rectification import Rectification
from db.schema.responsibility import DutyPost
from db.schema.village import Village
from db.schema.visit import VisitPlan
from db.schema.work_task import WorkTask
from db.schema.work_team import OfficerTraining
from tests import builders, pdf_reader
from tests.machine_memory import remembering_in

VILLAGE = builders.VILLAGE.code
FIRST, SECOND = (Household.id_of(f"{VILLAGE}{number:03}") for number in (1, 2))
DAY = date(2018, 12, 20)
Paper = Callable[..., str]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """A household of which much is known and one of which next to nothing is."""
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        with opened.writing() as session:
            builders.household(session, 3, number=1, group_name="一组", household_kind="脱贫户", exit_year=2017)
            builders.household(session, 1, number=2, group_name=None, hamlet="柳湾")
            session.get_one(Member, Member.id_of(f"{VILLAGE}00201")).name = None
            session.query(Village).filter_by(code=VILLAGE).one().sponsor_unit = "市教育局"
            _add_aid(session)
            _add_prints_and_problems(session)
        yield opened
        opened.close()


def _add_aid(session: Any) -> None:
    helper = Helper(village=VILLAGE, name="赵干部", unit="县农业局", post="科长", phone="13900139000")
    session.add(helper)
    session.flush()
    session.add(Assignment(village=VILLAGE, household_id=FIRST, helper_id=helper.id, started_on=date(2017, 3, 1)))
    for household_id, values in (
        (FIRST, {"kind": "产业开发", "title": "茶园", "year": 2017, "quantity": "2亩", "amount": Decimal(2400),
                 "fund_source": "县财政", "state": "已完成", "effect": "增收"}),
        (FIRST, {"kind": "就业扶贫", "title": "护林员", "year": 2018, "member_id": Member.id_of(f"{VILLAGE}00102")}),
        (SECOND, {"title": "慰问", "member_id": Member.id_of(f"{VILLAGE}00201")}),
    ):  # fmt: skip
        session.add(Measure(village=VILLAGE, household_id=household_id, **values))
    account = IncomeYear(village=VILLAGE, household_id=FIRST, year=2017, people=3)
    session.add(account)
    session.flush()
    session.add(IncomeLine(village=VILLAGE, income_year_id=account.id, item="务工收入", amount=Decimal(9000)))
    for day in (date(2018, 3, 4), date(2018, 6, 7)):
        session.add(Visit(village=VILLAGE, household_id=FIRST, visited_on=day))
    session.add(LivingCondition(village=VILLAGE, household_id=FIRST, year=2016, toilet=False))
    session.add(LivingCondition(village=VILLAGE, household_id=FIRST, year=2018, toilet=True))


def _add_prints_and_problems(session: Any) -> None:
    for printed_at, pages in (("2018-05-01 10:00:00", 30), ("2018-11-02 10:00:00", 42)):
        session.add(
            ArchivePrint(village=VILLAGE, household_id=FIRST, printed_at=printed_at, pages=pages, file_no=f"JF-{pages}")
        )
    for household_id, found_on, problem in (
        (FIRST, date(2018, 11, 2), "排水沟堵塞"),
        (None, date(2017, 10, 1), "村部漏雨"),
        (FIRST, None, "日期不明的问题"),
    ):
        session.add(Rectification(village=VILLAGE, household_id=household_id, found_on=found_on, problem=problem))


@pytest.fixture(scope="module")
def paper(book: Workbook) -> Paper:
    """The text of a report, without blanks."""

    def printed(name: str, **choice: object) -> str:
        parameters = ReportParameters(**({"today": DAY} | choice))  # type: ignore[arg-type]
        return pdf_reader.full_text(run_to_completion(preview(book, ReportJob(name, [parameters]))))

    return printed


def test_measures_are_listed_by_household_with_who_gets_them(paper: Paper) -> None:
    text = paper("measure_ledger")
    assert "一组陈卫国李秀英就业扶贫护林员2018年" in text
    assert "一组陈卫国全户产业开发茶园2017年2亩2,400.00县财政已完成增收" in text
    assert text.index("护林员") < text.index("茶园") < text.index("慰问")
    assert "共3条" in text
    assert "截至2018年12月20日" in text
    of_one_year = paper("measure_ledger", year=2017)
    assert "共1条" in of_one_year
    assert "截至" not in of_one_year


def test_each_code_to_photograph_stands_right_before_the_name_of_its_household(book: Workbook) -> None:
    cards = run_to_completion(preview(book, ReportJob("photo_cards", [ReportParameters(today=DAY)])))
    scale, mm = 2, 72 / 25.4
    with pypdfium2.PdfDocument(cards) as document:
        page = document[0]
        picture, text = page.render(scale=scale).to_pil().convert("L"), page.get_textpage()
        lines = [text.get_rect(n) for n in range(text.count_rects())]
        beside = sorted({round(left) for left, bottom, right, top in lines
                         if "先拍这张卡" in text.get_text_bounded(left, bottom, right, top)})  # fmt: skip
    codes = zxingcpp.read_barcodes(picture)
    ends = sorted(code.position.top_right.x / scale for code in codes)
    assert {code.text for code in codes} == {card_text(FIRST), card_text(SECOND)}
    assert len(beside) == 2
    for end, start in zip(ends, beside, strict=True):
        assert 3 * mm < start - end < 6 * mm


def test_the_card_shows_the_latest_year_or_the_one_asked_for(paper: Paper) -> None:
    text = paper("measures_card", households=(FIRST,))
    assert "2018年享受的帮扶措施" in text
    assert "就业扶贫护林员" in text
    assert "茶园" not in text
    assert "人均纯收入3,000.00元（2017年）" in text
    assert "帮扶联系人赵干部" in text
    assert "市教育局" in text
    assert "13900139000" in text
    assert "2017年享受的帮扶措施" in paper("measures_card", households=(FIRST,), year=2017)
    nothing = paper("measures_card", households=(SECOND,))
    assert "人均纯收入—" in nothing
    assert "年享受的帮扶措施" not in nothing


def test_the_answer_card_tells_what_inspectors_ask(paper: Paper) -> None:
    text = paper("answer_card", households=(FIRST,))
    for fact in (
        "户的情况脱贫户，2017年脱贫", "人均纯收入2017年人均3,000.00元", "是否有卫生厕所：是", "赵干部（县农业局）",
        "帮扶措施2018年：护林员", "走访共2次，最近2018年6月7日",
    ):  # fmt: skip
        assert fact in text
    assert "四净两规范—" in paper("answer_card", households=(SECOND,))


def test_the_handbook_lists_what_a_household_was_given(paper: Paper) -> None:
    assert "2017产业开发茶园2,400.00" in paper("handbook", households=(FIRST,))


def test_visits_are_counted_by_helper_and_no_unit_is_no_fault(book: Workbook, paper: Paper) -> None:
    with book.writing() as session:
        session.add(Helper(id="f" * 32, village=VILLAGE, name="钱新来"))
        session.flush()
        for helper in session.query(Helper):
            plan = VisitPlan(village=VILLAGE, household_id=FIRST, helper_id=helper.id, month="2018-06")
            session.add(plan)
    text = paper("visit_statistics", year=2018)
    with book.writing() as session:
        session.get_one(Helper, "f" * 32).withdrawn = True
    assert text.count("赵干部县农业局") == 2  # the year, and month by month
    assert text.count("钱新来") == 2
    assert "钱新来1" in text  # one visit was planned; before it nothing stands for the unit
    assert f"钱新来{'—' * 13}2赵干部" in text  # twelve months and their sum


def test_people_who_were_relocated_are_counted_by_household(book: Workbook, paper: Paper) -> None:
    with book.writing() as session:
        for number, withdrawn in (("00101", False), ("00102", False), ("00103", True), ("00201", True)):
            person = session.get_one(Member, Member.id_of(f"{VILLAGE}{number}"))
            person.relocated_person, person.withdrawn = True, withdrawn
    text = paper("relocation_ledger")
    with book.writing() as session:
        for number in ("00103", "00201"):
            session.get_one(Member, Member.id_of(f"{VILLAGE}{number}")).withdrawn = False
    assert "共1户" in text
    assert "一组陈卫国2" in text


def test_problems_of_households_and_of_the_village_are_listed(paper: Paper) -> None:
    text = paper("rectification_ledger")
    assert "共3条" in text
    assert "村级" in text
    assert text.index("村部漏雨") < text.index("排水沟堵塞") < text.index("日期不明的问题")
    of_2018 = paper("rectification_ledger", year=2018)
    assert "共1条" in of_2018
    assert "陈卫国" in of_2018
    assert "2018年" in of_2018
    of_the_household = paper("rectification_ledger", households=(FIRST,))
    assert "共2条" in of_the_household
    assert "村部漏雨" not in of_the_household


def test_the_index_of_volumes_shows_the_last_printing(paper: Paper) -> None:
    text = paper("volume_index")
    assert "001JF-42陈卫国户档案一组422018-11-02永久" in text
    assert "JF-30" not in text
    assert "002—（户主未填）户档案柳湾——永久" in text
    assert "共2卷" in text


def test_a_sheet_of_spine_labels_is_filled_up_with_empty_ones(book: Workbook, paper: Paper) -> None:
    text = paper("spine_labels")
    assert text.count("案卷号") == 2
    assert "陈卫国" in text


def test_helpers_of_each_household_and_who_has_none(paper: Paper) -> None:
    text = paper("aid_ledger", full=True)
    assert "一组陈卫国3脱贫户赵干部县农业局科长139001390002017年3月1日2018年6月7日" in text
    assert "柳湾" in text
    assert "（未安排）" in text
    assert "139****9000" in paper("aid_ledger")


def test_the_receipt_of_an_exchange_says_how_it_ended(book: Workbook, paper: Paper) -> None:
    numbers = {}
    with book.writing() as session:
        for key, values in {
            "out": {"way": "out"},
            "in": {"way": "in", "result": '{"known": 3, "conflicts": 2}'},
            "plain": {"way": "in", "result": "读不出"},
            "list": {"way": "in", "result": '["known", "conflicts"]'},
            "timeless": {"way": "in", "undone_at": "昨天"},
            "undone": {"way": "in", "undone_at": "2018-12-19 08:00:00"},
            "acknowledged": {"way": "out", "acknowledged_at": "2018-12-19 09:30:00"},
        }.items():
            log = PackageLog(
                at="2018-12-18 09:30:00", package="ab" * 16, peer="镇扶贫站", file_name="x.hdpack", changes=1234,
                operator="王书记", **values,
            )  # fmt: skip
            session.add(log)
            session.flush()
            numbers[key] = log.n
    with book.reading() as session:
        offered = {choice.id: (choice.name, choice.detail) for choice in subject_choices(session, "package")}
        assert subject_choices(session, "household") == ()  # which are chosen in the list
    assert offered[str(numbers["in"])] == ("x.hdpack", "2018-12-18 09:30，收自对方")
    texts = {key: paper("exchange_receipt", package=n) for key, n in numbers.items()}
    assert "结果已生成对方回执还没有收到" in texts["out"]
    assert "交出方王书记接收方镇扶贫站" in texts["out"]
    assert "交出方镇扶贫站接收方王书记" in texts["in"]
    assert "结果早已有的变更3，内容不一致的地方2对方回执—" in texts["in"]
    assert "结果已收进" in texts["plain"]
    assert "结果已收进" in texts["list"]
    assert "结果昨天已撤销" in texts["timeless"]
    assert "结果2018年12月19日08:00已撤销" in texts["undone"]
    assert "对方回执2018年12月19日09:30" in texts["acknowledged"]


def test_a_round_is_summed_up_with_its_first_day_and_flags_go_to_heads(book: Workbook, paper: Paper) -> None:
    id = open_round(book, VILLAGE, DEFAULT_CHECKLIST, "十一月检查", "月度", date(2018, 11, 3))
    met = {check.code: "达标" for check in checklist(DEFAULT_CHECKLIST).checks()}
    save_inspection(book, id, FIRST, "王书记", date(2018, 11, 5), met)
    save_inspection(book, id, SECOND, "王书记", date(2018, 11, 5), {"J1.1": "达标"})
    text = paper("round_summary", round=id)
    assert "2018年11月3日开始" in text
    assert "一组陈卫国100.0优秀是1王书记" in text
    assert "未评完" in text
    assert "一组111" in text
    assert "一组陈卫国户" in paper("flag_labels", round=id)
    save_inspection(book, id, SECOND, "王书记", date(2018, 11, 5), met)
    assert "柳湾—户" in paper("flag_labels", round=id)
    with book.writing() as session:
        session.get_one(Round, id).started_on = None
    assert "开始" not in paper("round_summary", round=id)


def test_flags_that_nobody_has_earned_are_not_printed(book: Workbook, paper: Paper) -> None:
    id = open_round(book, VILLAGE, DEFAULT_CHECKLIST, "空的一轮", "月度", date(2018, 12, 3))
    with pytest.raises(UserError, match="还没有得流动红旗的户"):
        paper("flag_labels", round=id)


def test_the_day_of_a_notice_stands_below_the_unit_that_signs_it(book: Workbook) -> None:
    document = pypdfium2.PdfDocument(
        run_to_completion(preview(book, ReportJob("notice", [ReportParameters(today=DAY)])))
    )
    try:
        text = document[len(document) - 1].get_textpage()
        characters = text.get_text_range()
        unit, day = characters.rindex("石桥村村民委员会"), characters.rindex("2018年12月20日")
        assert text.get_charbox(unit)[3] - text.get_charbox(day)[3] == pytest.approx(29, abs=1)  # one line, in points
        text.close()
    finally:
        document.close()


def test_who_answers_for_the_village_is_posted_and_gets_a_card_and_hours_are_summed(
    book: Workbook, paper: Paper
) -> None:
    assert "2018年学时合计" in paper("training_hours")  # a column for this year, though nobody has been trained
    helper = Helper.name == "赵干部"
    with book.writing() as session:
        officer = session.query(Helper).filter(helper).one()
        session.add(Grid(village=VILLAGE, name="上屋单元", kind="扶贫单元", leader="何开金", area="一组"))
        session.add(Grid(village=VILLAGE, name="旧单元", kind="扶贫单元", leader="旧人", dissolved_on=date(2018, 1, 1)))
        for name, level, ended_on in (("柳明德", "村级责任人", None), ("前书记", "村级责任人", date(2018, 8, 1))):
            session.add(
                DutyPost(village=VILLAGE, name=name, level=level, post="村党组织书记", role="第一责任人",
                         duty="组织评议", public_phone="0556-2178236", ended_on=ended_on)
            )  # fmt: skip
        for course, started_on, hours, score in (
            ("系统操作", date(2017, 5, 1), Decimal(8), Decimal(90)),
            ("政策", date(2018, 5, 1), Decimal("4.5"), Decimal(81)),
        ):
            session.add(
                OfficerTraining(village=VILLAGE, helper_id=officer.id, course=course, kind="专题学习",
                                started_on=started_on, hours=hours, score=score)
            )  # fmt: skip
    board = paper("duty_board")
    assert "村级责任人柳明德村党组织书记第一责任人组织评议0556-2178236" in board
    assert "上屋单元一组何开金" in board
    assert "县级责任人" in board  # with a line to be filled in by hand
    cards = paper("duty_card")
    assert cards.count("责任卡") == 1
    assert "柳明德" in cards
    for gone in ("前书记", "旧人"):
        assert gone not in board + cards
    hours = paper("training_hours")
    assert "赵干部县农业局84.512.5285.5" in hours
    assert "共1人，0人没有参加过培训" in hours


def test_units_are_charted_with_their_households_and_each_task_force_is_counted(book: Workbook, paper: Paper) -> None:
    with book.writing() as session:
        unit = Grid(village=VILLAGE, name="岭头单元", kind="扶贫单元", leader="朱岭生", instructor="宋文娟")
        session.add(unit)
        session.flush()
        session.add(GridHousehold(village=VILLAGE, grid_id=unit.id, household_id=FIRST))
        session.add(
            WorkTask(village=VILLAGE, title="核对奖补", task_force="产业专班", assigned_on=date(2018, 10, 1),
                     due_on=date(2018, 11, 30))
        )  # fmt: skip
    chart = paper("grid_chart")
    assert "岭头单元朱岭生宋文娟1陈卫国" in chart
    assert "没有编入单元——1" in chart
    summary = paper("task_force_summary")
    assert "产业专班11000000012,400.00" in summary  # and one measure, by its kind
    assert "没有写专班000" in summary


def test_money_that_was_paid_above_what_was_granted_is_told(book: Workbook, paper: Paper) -> None:
    with book.writing() as session:
        term = {
            "village": VILLAGE,
            "member_id": Member.id_of(f"{VILLAGE}00101"),
            "year": 2018,
            "item": "义务教育生活补助",
        }
        paid = {"standard": Decimal(500), "paid_on": date(2018, 6, 1)}
        session.add(EducationAid(**term, term="春季学期", paid=Decimal(600), approved_on=date(2018, 4, 1), **paid))
        session.add(EducationAid(**term, term="秋季学期", paid=Decimal(500), **paid))
        session.add(EducationAid(**term, term="全年", standard=Decimal(300), paid=Decimal(300)))  # not paid yet
    text = paper("funds_check")
    assert "有疑问的2笔" in text
    assert "教育资助31,300.0021,100.00200.00" in text
    assert "多付100.00元" in text
    assert "没有审核日期就付了" in text
