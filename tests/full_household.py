"""Households with everything an archive prints: a usual one, and one that is larger than any form expects."""

import hashlib
import io
import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from PIL import Image
from sqlalchemy.orm import Session

from app.checklists import template
from app.forms.definition import Form, Question, all_forms
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.form import FormAnswer, FormEntry, FormVersion
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.inspection import Answer, ChecklistVersion, Inspection, Round
from db.schema.monitoring import Monitoring
from db.schema.photo import Photo, Picture
from db.schema.record import derived_id
from db.schema.rectification import Rectification
from tests.builders import VILLAGE, household, id_number

RARE = "㛃䶮𬱖𫖯𬭚𰻝"
LINES = (
    ("务工收入", "", None, None, "38000.00", "工资流水"),
    ("种植收入", "水稻", "2000", "2.60", "5200.00", "销售票据"),
    ("养殖收入", "土鸡", "60", "85.00", "5100.00", "村核实"),
    ("种植支出", "化肥、种子", None, None, "1860.50", "购货单"),
    ("养老保险金", "", "12", "105.00", "1260.00", "一卡通"),
)
_WORDS = (
    "户主身体尚好，在镇上务工，家中老人需要照顾。住房为砖混结构，屋内整洁；饮水为集中供水，水量充足。"
    "孩子在县城读高中，已享受国家助学金。今年发展茶叶两亩，预计增收四千元（由合作社统一收购）。"
)


@cache
def jpeg(number: int, width: int = 800, height: int = 600) -> bytes:
    """A picture of about 60 KB that no other number gives."""
    rnd = random.Random(number)
    small = Image.frombytes("RGB", (width // 10, height // 10), rnd.randbytes(width * height * 3 // 100))
    out = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(out, "JPEG", quality=85)
    return out.getvalue()


def add_full_household(session: Session, number: int = 1, photos: int = 4) -> Household:
    """A household as an officer keeps it: everything filled in."""
    household_id = household(session, 5, number=number)
    for name, value in _HOUSEHOLD.items():
        setattr(household_id, name, value)
    add_members(session, household_id)
    for year in (2018, 2017):
        add_living_condition(session, household_id, year)
    add_helper(session, household_id)
    for n in range(6):
        add_measure(session, household_id, n)
    for n in range(4):
        add_visit(session, household_id, n)
    for year in (2018, 2017, 2016):
        add_income(session, household_id, year)
    add_rounds(session, household_id, 3)
    for n in range(photos):
        add_photo(session, household_id, n)
    add_filled_forms(session, household_id)
    add_checklist_round(session, household_id, "two_assurances")
    add_problem(session, household_id, 0)
    add_monitoring(session, household_id)
    session.flush()
    return household_id


def add_large_household(session: Session, number: int = 2) -> Household:
    """20 members, 12 years of income, 60 visits, texts of 10,000 characters, 40 measures."""
    household_row = household(session, 20, number=number)
    for name, value in _HOUSEHOLD.items():
        setattr(household_row, name, value)
    household_row.situation = _WORDS * 150
    household_row.cause_note = "很" * 10_000
    add_members(session, household_row)
    for year in range(2010, 2019):
        add_living_condition(session, household_row, year)
    for _ in range(4):
        add_helper(session, household_row)
    for n in range(40):
        add_measure(session, household_row, n, effect="增收明显，" * (300 if n == 7 else 3))
    for n in range(60):
        add_visit(session, household_row, n, findings=_WORDS * (40 if n == 5 else 1))
    for year in range(2007, 2019):
        add_income(session, household_row, year, lines=9)
    add_rounds(session, household_row, 14, note="整" * 3000)
    for n in range(9):
        add_photo(session, household_row, n)
    add_filled_forms(session, household_row, lines=60, answer_text=_WORDS * 12)
    add_checklist_round(session, household_row, "housing_safety", note="裂" * 300)
    for n in range(12):
        add_problem(session, household_row, n, description=_WORDS * (40 if n == 3 else 1))
    session.flush()
    return household_row


LONG_NAME = "阿卜杜热合曼·买买提艾力·古丽巴哈尔·阿不都克里木·吐尔逊江"  # of thirty letters with its dots
RAREST = "𠮷𬎆𰻞"


def add_extreme_household(session: Session, number: int = 1, photos: int = 60) -> Household:
    """12 members, 40 visits, 60 photographs of each shape, a name of thirty letters, names of the rarest characters."""
    household_row = add_full_household(session, number, photos=0)
    for n in range(7):
        relation = ("之父", "之媳", "之孙子", "之孙女", "之兄弟姐妹", "其他", "其他")[n]
        birth = date(1975 + n, 3, 4)
        session.add(
            Member(
                village=household_row.village, household_id=household_row.id, name=f"陈{RAREST[n % 3]}", sex="女",
                relation=relation, id_no=id_number(birth, 100 + n, False), birth=birth,
            )
        )  # fmt: skip
    head = session.query(Member).filter_by(household_id=household_row.id, relation="户主").one()
    head.name = LONG_NAME
    for n in range(4, 40):
        add_visit(session, household_row, n)
    for n in range(photos):
        add_photo(session, household_row, n, jpeg(n, 240, 320) if n % 4 == 0 else jpeg(n, 320, 240))
    session.flush()
    return household_row


_HOUSEHOLD = {
    "phone": "13800138000",
    "address": "石桥村下屋组 18 号",
    "bank_name": "岳西农村商业银行响水支行",
    "bank_card_no": "6217788300001234567",
    "ident_standard": "国家标准",
    "household_attribute": "低保贫困户",
    "exit_status": "已脱贫",
    "household_kind": "脱贫户",
    "registration_state": "已脱贫",
    "register_date": "2014-03",
    "plan_exit_year": 2018,
    "exit_year": 2018,
    "cause_main": "因病",
    "cause_other": ("缺技术", "缺资金"),
    "cause_note": "户主之母常年患病，需要长期服药，家中劳力不足。",
    "is_military_family": False,
    "is_one_child": True,
    "is_two_girls": False,
    "residents": 4,
    "no_labour_fallback": False,
    "filler": "王书记",
    "fill_date": date(2018, 8, 10),
    "situation": _WORDS * 3,
}


def add_monitoring(session: Session, household_row: Household) -> None:
    values = {"kind": "脱贫不稳定户", "risks": ("因病",), "identified": "2020-05", "risk_note": "慢性病用药增多。"}
    session.add(Monitoring(village=VILLAGE.code, household_id=household_row.id, **values))


def add_members(session: Session, household_row: Household) -> None:
    rows = session.query(Member).filter_by(household_id=household_row.id).order_by(Member.person_no).all()
    for n, one in enumerate(rows):
        one.ethnic, one.political, one.education = "汉族", "群众", ("初中", "小学", "高中")[n % 3]
        one.health = (("健康",), ("长期慢性病", "残疾"))[n % 2]
        one.labour, one.med_ins, one.serious_ins = "普通劳动力", True, True
        one.pension, one.dibao, one.work_months = n % 2 == 0, n % 3 == 0, Decimal("9.5")
        one.work_region, one.work_place = "县外省内", "合肥市肥西县"
        if n % 4 == 2:
            one.name, one.school_status = f"陈{RARE[n % 6]}{RARE[(n + 1) % 6]}", "普通高中二年级"
            one.joined, one.joined_on = "新生儿", date(2003, 5, 6)
    session.add(
        Member(
            village=household_row.village, household_id=household_row.id, name="陈老太", sex="女", relation="之祖母",
            id_no=id_number(date(1930, 1, 2), 3, False), left="死亡", left_on=date(2017, 11, 3),
        )
    )  # fmt: skip


def add_living_condition(session: Session, household_row: Household, year: int) -> None:
    session.add(
        LivingCondition(
            id=LivingCondition.id_of(household_row.id, year),
            village=household_row.village,
            household_id=household_row.id,
            year=year,
            land_farm=Decimal("3.20"),
            land_forest=Decimal("12.50"),
            house_area=Decimal("120"),
            house_structure="砖混",
            house_year=2009,
            house_unsafe=False,
            danger_level="A",
            water_safe=True,
            water_hard=False,
            elec_prod=True,
            elec_life=True,
            tv=True,
            toilet=year > 2017,
            road_kind="水泥路",
            road_km=Decimal("0.30"),
            fuel="柴草",
            coop=True,
            leading_firm=False,
            leader_person=True,
        )
    )


def add_helper(session: Session, household_row: Household) -> None:
    one = Helper(
        village=household_row.village,
        name="张𬭚",
        sex="男",
        unit="岳西县农业农村局（县扶贫开发领导小组办公室）",
        post="科员",
        affiliation="县",
        phone="13900139000",
        political="中共党员",
    )
    session.add(one)
    session.flush()
    session.add(
        Assignment(
            village=household_row.village, household_id=household_row.id, helper_id=one.id, started_on=date(2017, 3, 1)
        )
    )
    session.add(
        Assignment(
            village=household_row.village, household_id=household_row.id, helper_id=one.id, started_on=date(2015, 3, 1),
            ended_on=date(2016, 12, 31),
        )
    )  # fmt: skip


def add_measure(session: Session, household_row: Household, n: int, effect: str = "年增收 2,400 元") -> None:
    year = 2018 - n % 3
    kinds = ("产业开发", "就业扶贫", "教育资助", "健康扶贫", "兜底保障", "危房改造")
    session.add(
        Measure(
            village=household_row.village, household_id=household_row.id, kind=kinds[n % 6],
            title=("茶叶种植奖补", "公益性岗位", "助学金")[n % 3], year=year, content="发展茶叶两亩，由合作社统一收购",
            quantity="2 亩", amount=Decimal(1200 + n * 350), fund_source="县级财政专项扶贫资金",
            responsible="县农业农村局", started_on=date(year, 3, 1 + n % 28), ended_on=date(year, 12, 31),
            state="已完成", effect=effect, expected_gain=Decimal("2400"),
        )
    )  # fmt: skip


def add_visit(session: Session, household_row: Household, n: int, findings: str = _WORDS) -> None:
    session.add(
        Visit(
            village=household_row.village,
            household_id=household_row.id,
            visited_on=date(2018, 8, 10) - timedelta(days=21 * n),
            visitors="王书记、张𬭚",
            visitor_unit="驻村工作队",
            found=findings,
            explained="医保与教育资助政策",
            asked_for="希望安排一个公益性岗位",
            promised="与镇里联系公益性岗位",
            promised_by=date(2018, 9, 1),
        )
    )


def add_income(session: Session, household_row: Household, year: int, lines: int = 5) -> None:
    row = IncomeYear(
        id=IncomeYear.id_of(household_row.id, year),
        village=household_row.village,
        household_id=household_row.id,
        year=year,
        people=5,
        calculated_by="王书记",
        calculated_on=date(year, 10, 20),
        reported_per_head=Decimal("9000.10"),
    )
    session.add(row)
    session.flush()
    for n in range(lines):
        item, what, quantity, price, amount, evidence = LINES[n % 5]
        session.add(
            IncomeLine(
                village=household_row.village, income_year_id=row.id, item=item, what=f"{what}{n // 5 or ''}",
                quantity=quantity and Decimal(quantity), unit_price=price and Decimal(price), amount=Decimal(amount),
                evidence=evidence,
            )
        )  # fmt: skip


def add_rounds(session: Session, household_row: Household, count: int, note: str = "") -> None:
    text = template.checklist_text("four_clean_two_norms")
    used = ChecklistVersion.id_of(VILLAGE.code, text)
    if session.get(ChecklistVersion, used) is None:
        session.add(
            ChecklistVersion(
                id=used, village=household_row.village, code="four_clean_two_norms", title="四净两规范", text=text
            )
        )
    checks = [check.code for check in template.checklist("four_clean_two_norms").checks()]
    for n in range(count):
        began = date(2018, 1, 5) + timedelta(days=30 * n)
        title = f"2018年第{n + 1}轮"
        one = session.query(Round).filter_by(title=title).first()
        if one is None:
            one = Round(village=household_row.village, checklist_id=used, title=title, period="月度", started_on=began)
            session.add(one)
            session.flush()
        inspection = Inspection(
            id=Inspection.id_of(one.id, household_row.id, "王书记"),
            village=household_row.village,
            round_id=one.id,
            household_id=household_row.id,
            inspector="王书记",
            seen_on=began + timedelta(days=3),
            note="总体较好",
        )
        session.add(inspection)
        session.flush()
        rnd = random.Random(n)
        for check in checks:
            value = rnd.choices(["达标", "基本达标", "不达标"], [8 + n, 3, 1])[0]
            answer_note = note if check == checks[3] and n == 0 else ("已督促整改" if value == "不达标" else None)
            session.add(
                Answer(
                    id=Answer.id_of(inspection.id, check),
                    village=household_row.village,
                    inspection_id=inspection.id,
                    check=check,
                    value=value,
                    note=answer_note,
                )
            )


def add_filled_forms(
    session: Session, household_row: Household, lines: int = 3, answer_text: str = "经核实，情况属实。"
) -> None:
    """An entry of every form with an answer to everything, and `lines` in each table that is open at its end."""
    for one in all_forms():
        used = FormVersion.id_of(household_row.village, one.text)
        if session.get(FormVersion, used) is None:
            session.add(
                FormVersion(id=used, village=household_row.village, code=one.code, title=one.title, text=one.text)
            )
            session.flush()
        entry = FormEntry(
            village=household_row.village,
            form_id=used,
            household_id=None if one.subject == "village" else household_row.id,
            form=one.code,
            year=2018,
            filled_on=date(2018, 9, 3),
            filled_by="王书记",
        )
        session.add(entry)
        session.flush()
        for name, text in _answers(one, household_row, lines, answer_text):
            session.add(FormAnswer(village=household_row.village, entry_id=entry.id, question=name, value=text))


def _answers(one: Form, household_row: Household, lines: int, text: str) -> Iterator[tuple[str, str]]:
    for question in one.questions:
        if question.kind == "rows":
            keys = [line.key for line in question.lines] or [f"{n:04}-abcdef" for n in range(lines)]
            keys = [household_row.id] if question.households else keys
            yield from (
                (f"{question.key}/{key}/{column.key}", _answer(column, "已落实"))
                for key in keys
                for column in question.columns
            )
        elif question.kind != "photo":
            yield question.key, _answer(question, text)


def _answer(question: Question, text: str) -> str:
    if question.field.options:
        return question.field.options[0].value
    texts = {"decimal": "12", "money": "1234.50", "date": "2018-09-10", "year": "2018", "yes_no": "是", "long": text}
    return texts.get(question.field.kind, f"王书记{RARE[0]}")


def add_checklist_round(session: Session, household_row: Household, code: str, note: str = "") -> None:
    """An inspection by another checklist."""
    text = template.checklist_text(code)
    used = ChecklistVersion.id_of(VILLAGE.code, text)
    session.merge(ChecklistVersion(id=used, village=household_row.village, code=code, title=code, text=text))
    one = Round(village=household_row.village, checklist_id=used, title=f"2018年{code}", started_on=date(2018, 9, 1))
    session.add(one)
    session.flush()
    inspection = Inspection(
        village=household_row.village,
        round_id=one.id,
        household_id=household_row.id,
        inspector="王书记",
        seen_on=date(2018, 9, 3),
    )
    session.add(inspection)
    session.flush()
    for n, check in enumerate(template.checklist(code).checks()):
        value = ("达标", "达标", "不达标", "不适用")[n % 4]
        session.add(
            Answer(
                village=household_row.village,
                inspection_id=inspection.id,
                check=check.code,
                value=value,
                note=note or "已当场说明",
            )
        )


def add_problem(session: Session, household_row: Household, n: int, description: str = "院内堆放杂物") -> None:
    session.add(
        Rectification(
            village=household_row.village,
            household_id=household_row.id,
            number=f"2018-{n:04}",
            source="随机暗访",
            level="现场交办",
            issued_by="响水镇督查组",
            found_on=date(2018, 9, 1 + n),
            problem=description,
            responsible="王书记",
            plan="清走杂物",
            due_on=date(2018, 9, 15),
            done_on=date(2018, 9, 10),
            outcome="已清走",
            followup_on=date(2018, 9, 20),
            followup_by="张干部",
            opinion="满意",
        )
    )


def add_photo(session: Session, household_row: Household, n: int, data: bytes = b"") -> None:
    data = data or (jpeg(n, 600, 800) if n % 4 == 0 else jpeg(n))
    sha = hashlib.sha256(data).hexdigest()
    if session.get(Picture, sha) is None:
        session.add(Picture(sha256=sha, jpeg=data))
    session.add(
        Photo(
            id=derived_id("photo of a full household", household_row.id, n, sha),  # of one moment they lie by their ids
            village=household_row.village,
            household_id=household_row.id,
            kind=("户主照片", "全家照", "房屋外观", "产业")[n % 4],
            taken_at="2018-08-10 09:30",
            place="石桥村下屋组",
            people="陈卫国一家",
            photographer="王书记",
            caption="入户走访时所拍",
            content=sha,
        )
    )
