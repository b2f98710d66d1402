"""What a household's record says stands on its papers, and a dash where it says nothing: read back from the pages."""

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest

from app.checklists.inspections import save_inspection
from app.checklists.rounds import open_round
from app.checklists.template import checklist
from app.forms.definition import load_form
from app.forms.entries import create_entry, load_entry, save_entry
from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument
from app.pdf.page_style import a4_page
from app.pdf.pagination import layout_pages
from app.records.row_views import HEAD_RELATION
from app.reports.catalogue import select_parts
from app.reports.subject_choices import subject_choices
from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.photo import Photo, Picture
from db.schema.village import Village
from tests import builders, full_household, pdf_reader
from tests.machine_memory import remembering_in

Facts = Callable[[str], str]
VILLAGE = builders.VILLAGE.code


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        yield opened
        opened.close()


def read(book: Workbook, name: str, household_id: str) -> str:
    """All that a part prints, without blanks."""
    return pdf_reader.full_text(printed(book, name, household_id))


def printed(book: Workbook, name: str, household_id: str) -> bytes:
    out = io.BytesIO()
    with book.reading() as session:
        (part,) = select_parts([name])
        pdf = PdfDocument(out, name, "")
        for page in layout_pages(part.build(session, household_id), part.landscape):
            side = a4_page(page.landscape, back=False)
            canvas = PageCanvas(pdf, side.width, side.height)
            for down, piece in page.fragments:
                piece.draw(canvas, side.left, side.top - down)
            canvas.finish()
        pdf.close()
    return out.getvalue()


@pytest.fixture(scope="module")
def filled(book: Workbook) -> Facts:
    """What a part says of a household of which much is known."""
    with book.writing() as session:
        household = builders.household(
            session, members=3, number=1, situation="住在老屋", cause_main="因病", cause_other=("缺技术",),
            address="下屋组3号", phone="13800138000", household_attribute="低保贫困户", registration_state="已脱贫",
        )  # fmt: skip
        village = session.query(Village).filter_by(code=VILLAGE).one()
        village.team_phone, village.sponsor_unit, village.team_leader = "0556-2171234", "市教育局", "周书记"
        session.get_one(Member, Member.id_of(f"{VILLAGE}00101")).health = ("健康",)
        wife = session.get_one(Member, Member.id_of(f"{VILLAGE}00102"))
        wife.health, wife.med_ins = ("长期慢性病",), True
        helper = Helper(
            village=VILLAGE,
            name="赵干部",
            sex="男",
            unit="县农业局",
            post="科长",
            affiliation="县",
            phone="13900139000",
        )
        session.add(helper)
        session.flush()
        for start, end in ((date(2017, 3, 1), None), (date(2015, 3, 1), date(2016, 12, 31))):
            session.add(
                Assignment(
                    village=VILLAGE, household_id=household.id, helper_id=helper.id, started_on=start, ended_on=end
                )
            )
        measures = (
            {"year": 2017, "kind": "教育资助", "title": "助学金", "member_id": Member.id_of(f"{VILLAGE}00103"),
             "amount": Decimal(1000), "state": "已完成"},
            {"year": 2018, "kind": "产业开发", "title": "茶园", "content": "两亩", "quantity": "2亩",
             "amount": Decimal(2400), "fund_source": "县财政", "responsible": "农业站", "started_on": date(2018, 3, 5),
             "ended_on": date(2018, 11, 30), "state": "实施中", "effect": "增收", "expected_gain": Decimal(3000),
             "note": "已验收合格"},
            {"year": 2018, "kind": "就业扶贫", "title": "护林员"},
        )  # fmt: skip
        for values in measures:
            session.add(Measure(village=VILLAGE, household_id=household.id, **values))
        for day, request in ((date(2017, 5, 6), "修路"), (date(2018, 6, 7), "公益性岗位"), (None, "无日期的走访")):
            session.add(
                Visit(village=VILLAGE, household_id=household.id, visited_on=day, asked_for=request, visitors="甲")
            )
        for year, amount in ((2017, 9000), (2018, 12000)):
            account = IncomeYear(village=VILLAGE, household_id=household.id, year=year, people=3)
            session.add(account)
            session.flush()
            session.add(IncomeLine(village=VILLAGE, income_year_id=account.id, item="务工收入", amount=Decimal(amount)))
        photo = {
            "kind": "住房",
            "taken_at": "2018-08-10 09:30",
            "caption": "正屋",
            "place": "下屋组",
            "people": "陈卫国",
            "photographer": "王书记",
        }
        session.add(Photo(village=VILLAGE, household_id=household.id, content="1" * 64, **photo))
        session.add(LivingCondition(village=VILLAGE, household_id=household.id, year=2018, toilet=True))
        id = household.id
    return lambda name: read(book, name, id)


@pytest.fixture(scope="module")
def bare(book: Workbook) -> Facts:
    """What a part says of a household whose records have next to nothing in them."""
    with book.writing() as session:
        household = Household(village=VILLAGE)
        session.add(household)
        session.flush()
        about = {"village": VILLAGE, "household_id": household.id}
        helper = Helper(village=VILLAGE)
        session.add_all(
            [
                Member(**about, relation=HEAD_RELATION),
                Measure(**about),
                Visit(**about),
                LivingCondition(**about),
                helper,
            ]
        )
        session.add(Photo(**about, content="2" * 64))
        session.flush()
        session.add(Assignment(**about, helper_id=helper.id))
        id = household.id
    return lambda name: read(book, name, id)


def test_the_overview_names_facts_description_and_members(filled: Facts, bare: Facts) -> None:
    text = filled("overview")
    for fact in (
        "户主陈卫国", "家庭人口3人", "家庭住址下屋组3号", "联系电话13800138000", "户属性低保贫困户", "登记状态已脱贫",
        "主要致贫原因因病", "帮扶联系人赵干部（县农业局）", "人均纯收入4,000.00元（2018年）", "一、户情简介住在老屋",
        "二、家庭成员", "健康",
    ):  # fmt: skip
        assert fact in text
    nothing = bare("overview")
    assert "户情简介户主" in nothing  # the title, and no heading of a description
    assert "一、户情简介" not in nothing
    assert "二、家庭成员" not in nothing
    for label in ("家庭住址", "联系电话", "户属性", "登记状态", "主要致贫原因", "帮扶联系人", "人均纯收入"):
        assert f"{label}—" in nothing


def test_helpers_stand_with_their_time_the_present_one_first(filled: Facts, bare: Facts) -> None:
    text = filled("assignments")
    row = "赵干部男县农业局科长县13900139000"
    assert text.index(f"{row}2017.03至今") < text.index(f"{row}2015.03至2016.12")
    assert "——————" in bare("assignments")
    assert "—至今" in bare("assignments")


def test_the_contact_card_is_there_twice_with_the_numbers_to_call(filled: Facts, bare: Facts) -> None:
    text = filled("contact_card")
    assert text.count("帮扶联系人赵干部联系电话13900139000") == 2
    assert text.count("单位县农业局职务科长") == 2
    assert text.count("包村单位市教育局驻村第一书记周书记第一书记电话0556-2171234防返贫监测咨询电话12317") == 2
    assert text.count("沿此线裁开") == 1
    assert "单位—职务—" in bare("contact_card")


def test_the_plan_has_a_form_a_year_the_newest_first(filled: Facts, bare: Facts) -> None:
    text = filled("aid_plan")
    newest, older = text.split("2017年度帮扶计划")
    assert newest.startswith("2018年度帮扶计划")
    assert "家庭人口3人，低保贫困户" in newest
    assert "致贫原因因病、缺技术" in newest
    assert "需求公益性岗位" in newest
    assert "1产业开发茶园：两亩农业站2018年11月30日3,000.00已验收合格" in newest
    assert "2就业扶贫护林员———" in newest
    assert "预期增收合计3,000.00" in newest
    assert "需求修路" in older
    assert "预期增收合计—" in older
    nothing = bare("aid_plan")
    assert nothing.startswith("帮扶计划")
    assert "户属性未填" in nothing
    assert "致贫原因—需求—" in nothing
    assert "1—————" in nothing


def test_the_ledger_of_measures_sums_each_year(filled: Facts, bare: Facts) -> None:
    text = filled("measures")
    assert "12018年3月5日产业开发茶园：两亩全户2亩2,400.00县财政实施中，增收已验收合格" in text
    assert "22018年就业扶贫护林员全户————" in text
    assert "2018年合计2,400.00" in text
    assert "32017年教育资助助学金陈𬱖—1,000.00—已完成—" in text
    assert text.index("2018年合计") < text.index("2017年合计1,000.00")
    nothing = bare("measures")
    assert "1———全户—————" in nothing
    assert "年度未填的合计—" in nothing


def test_benefits_name_who_when_and_how_far(filled: Facts) -> None:
    text = filled("policy_benefits")
    assert "全户茶园：两亩2018年2,400.00实施中" in text
    assert "陈𬱖助学金2017年1,000.00已完成" in text
    assert "全户护林员2018年——" in text
    assert "健康李秀英参加城乡居民基本医疗保险——享受中" in text


def test_visits_stand_latest_first_and_undated_ones_last(filled: Facts, bare: Facts) -> None:
    text = filled("visits")
    assert "共3次" in text
    assert text.index("公益性岗位") < text.index("修路") < text.index("无日期的走访")
    assert "共1次" in bare("visits")


def test_income_is_compared_with_the_year_before(filled: Facts) -> None:
    text = filled("income")
    assert "人均纯收入4,000.00元比上年增减+33.3%" in text
    assert "人均纯收入3,000.00元比上年增减—" in text
    assert "总收入（A+B+C+D）12,000.00元" in text
    assert "核算人口3人" in text
    assert "系统纯收入—系统人均纯收入—" in text
    assert "（系统数）" not in text


def test_a_photograph_has_the_caption_that_archives_ask_for(filled: Facts, bare: Facts) -> None:
    text = filled("photographs")
    assert "第1张2018年8月10日09:30事由：住房，正屋" in text
    assert "地点：下屋组人物：陈卫国" in text
    assert "摄影者：王书记所属户：陈卫国（响水镇石桥村下屋组）" in text
    nothing = bare("photographs")
    assert "第1张—事由：—" in nothing
    assert "地点：—人物：—" in nothing
    assert "摄影者：—所属户：（户主未填）（响水镇石桥村）" in nothing


def test_papers_to_be_pasted_in_name_the_head(filled: Facts, bare: Facts) -> None:
    assert "身份证正面（陈卫国）" in filled("copies")
    assert "身份证背面（陈卫国）" in filled("copies")
    assert "身份证正面（户主）" in bare("copies")
    assert "慢性病证（李秀英）" in filled("copies")
    assert "慢性病证（陈卫国）" not in filled("copies")
    assert "残疾证" not in filled("copies")


def test_no_place_is_left_for_a_certificate_that_has_its_copy(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=1, number=13).id
        of_head = {"village": VILLAGE, "household_id": household_id, "kind": "证件资料", "people": "陈卫国"}
        session.add(Photo(**of_head, caption="身份证", content="3" * 64))
    text = read(book, "copies", household_id)
    assert "陈卫国，身份证" in text
    assert "身份证正面（陈卫国）粘贴处" not in text
    assert "身份证背面（陈卫国）粘贴处" in text


def test_living_conditions_name_their_year(filled: Facts, bare: Facts) -> None:
    assert "年度：2018年" in filled("living")
    assert "年度：—年" in bare("living")
    assert "历年情况" not in filled("living")


def test_a_form_prints_every_question_with_its_answer(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=2, number=7).id
    id = create_entry(book, "poverty_application", household_id, day=date(2018, 9, 3))
    with book.reading() as session:
        entry = load_entry(session, id)
    answers = {"labour": Decimal(1), "per_head": Decimal("2345.60"), "house_area": Decimal("96.5")}
    save_entry(book, entry.with_values(**answers))
    text = read(book, "application", household_id)
    assert "石桥村村民委员会：" in text
    assert "家庭人口2人" in text
    assert "劳动力人数1人" in text
    assert "上年人均纯收入2,345.60元" in text
    assert "住房面积96.5㎡" in text
    form = load_form("poverty_application")
    for one in (*form.questions, *form.signature_places):
        assert one.label in text


def test_figures_of_the_national_system_are_called_so(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=2, number=8).id
        for year, reported in ((2017, Decimal(8000)), (2018, None)):
            session.add(
                IncomeYear(village=VILLAGE, household_id=household_id, year=year, people=2, reported_net=reported)
            )
    text = read(book, "income", household_id)
    assert "8,000.00元（系统数）" in text
    assert text.count("（系统数）") == 1


def test_a_check_prints_the_notes_of_the_inspector_whose_score_counts(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=1, number=9).id
    round_id = open_round(book, VILLAGE, "housing_safety", "住房核查", "年度", date(2018, 5, 1))
    checks = [check.code for check in checklist("housing_safety").checks()]
    met = dict.fromkeys(checks, "达标")
    for inspector, day, noted in (
        ("乙", date(2018, 5, 3), {checks[0]: "已修好裂缝"}),
        ("甲", date(2018, 5, 2), {checks[1]: "墙体有裂缝"}),
    ):
        save_inspection(book, round_id, household_id, inspector, day, met, noted)
    text = read(book, "housing", household_id)
    assert "已修好裂缝" in text
    assert "墙体有裂缝" not in text


def test_a_register_prints_how_far_each_of_its_rows_is(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=1, number=11).id
        loan = SmallLoan(
            village=VILLAGE, household_id=household_id, bank="农商行", amount=Decimal(30000), purpose="养殖业",
            issued_on=date(2016, 3, 1), due_on=date(2017, 3, 1),
        )  # fmt: skip
        session.add(loan)
        session.flush()
        session.add(LoanRepayment(village=VILLAGE, loan_id=loan.id, paid_on=date(2016, 9, 1), principal=Decimal(10000)))
    text = read(book, "small_loan", household_id)
    assert "下屋组陈卫国2016年9月1日" in text  # whose loan is paid back
    assert "备注进度1" in text  # the last heading, before the first row
    assert "待结清" in text


def test_helpers_stand_in_the_order_in_which_they_came(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=1, number=23).id
        for name, day in (("赵先来", date(2016, 3, 1)), ("丁后到", date(2018, 3, 1))):
            helper = Helper(village=VILLAGE, name=name)
            session.add(helper)
            session.flush()
            about = {"village": VILLAGE, "household_id": household_id}
            session.add(Assignment(**about, helper_id=helper.id, started_on=day))
    assert "赵先来、丁后到" in read(book, "overview", household_id)
    with book.reading() as session:
        told = {choice.name: choice.detail for choice in subject_choices(session, "helper")}
    assert told["丁后到"] == "1 户"  # whose unit nobody has written down


def test_a_visit_is_printed_with_its_own_photographs(book: Workbook) -> None:
    with book.writing() as session:
        household_id = builders.household(session, members=1, number=12).id
        about = {"village": VILLAGE, "household_id": household_id}
        session.add(Visit(**about, visited_on=date(2018, 3, 4), asked_for="撤回的", withdrawn=True))
        visit = Visit(**about, visited_on=date(2018, 5, 6))
        session.add_all([visit, Visit(**about, visited_on=date(2018, 4, 5))])
        session.flush()
        for n, visit_id in enumerate((visit.id, None)):
            content = full_household.jpeg(n)
            sha256 = hashlib.sha256(content).hexdigest()
            session.add(Picture(sha256=sha256, jpeg=content))
            session.add(Photo(**about, content=sha256, visit_id=visit_id, taken_at=("2018-春-末", None)[n]))
    visits = printed(book, "visits", household_id)
    assert "撤回的" not in pdf_reader.full_text(visits)
    pages = pdf_reader.reader(visits).pages
    assert sum(len(page.images) for page in pages) == 1
    content = printed(book, "photographs", household_id)
    assert sum(len(page.images) for page in pdf_reader.reader(content).pages) == 2
    assert "2018-春-末" in pdf_reader.full_text(content)  # as the laptop that sent it wrote it
