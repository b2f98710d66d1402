"""A household that no rule has anything to say about, and its rows by name, so that a test breaks one thing."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session
from stdnum import luhn

from app.checklists import template
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.health import ChronicCard
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from db.schema.inspection import Answer, ChecklistVersion, Inspection, Round
from db.schema.monitoring import Monitoring
from db.schema.record import Record
from tests.builders import VILLAGE, id_number

TODAY = date(2021, 6, 1)


@dataclass
class HouseholdRows:
    """The rows of a sound household."""

    session: Session
    number: int
    household: Household
    head: Member
    wife: Member
    son: Member
    mother: Member
    living_condition: LivingCondition
    income_year: IncomeYear
    last_income_year: IncomeYear
    helper: Helper
    assignment: Assignment
    measure: Measure
    visit: Visit

    def add_measure(self, kind: str, title: str, **values: Any) -> Measure:
        """One more measure."""
        what = {"year": 2020, "state": "已完成", "effect": "落实到位"} | values
        row = Measure(village=VILLAGE.code, household_id=self.household.id, kind=kind, title=title, **what)
        self.session.add(row)
        self.session.flush()
        return row

    def add_row(self, model: type[Record], **values: Any) -> None:
        """One row in a register, about the head unless values name somebody, or about the household."""
        whom = {"household_id": self.household.id} if hasattr(model, "household_id") else {"member_id": self.head.id}
        self.session.add(model(village=VILLAGE.code, **(whom | values)))
        self.session.flush()

    def set_monitored(self, *risks: str, **values: Any) -> None:
        """Watched since March 2020, with help that answers 因病."""
        self.add_monitoring(**{"kind": "脱贫不稳定户", "risks": risks or ("因病",), "identified": "2020-03"} | values)
        self.add_measure("健康帮扶", "大病救治")

    def add_monitoring(self, **values: Any) -> Monitoring:
        """One time that it is watched."""
        row = Monitoring(village=VILLAGE.code, household_id=self.household.id, **values)
        self.session.add(row)
        self.session.flush()
        return row

    def set_income(self, item: str, amount: int | None) -> None:
        """An amount of the newest year set, or taken out."""
        self.session.flush()
        id = IncomeLine.id_of(self.income_year.id, item)
        row = self.session.get(IncomeLine, id)
        if amount is None:
            assert row is not None
            row.withdrawn = True
        elif row is None:
            self.session.add(
                IncomeLine(
                    id=id, village=VILLAGE.code, income_year_id=self.income_year.id, item=item, amount=Decimal(amount)
                )
            )
        else:
            row.amount = Decimal(amount)

    def add_inspection(
        self, value: str, *, state: str = "入户", seen_on: date = date(2021, 5, 3), checks: int = 999
    ) -> None:
        """A round with an inspection whose first check points all have this value."""
        text = template.checklist_text("four_clean_two_norms")
        id = ChecklistVersion.id_of(VILLAGE.code, text)
        if self.session.get(ChecklistVersion, id) is None:
            self.session.add(ChecklistVersion(id=id, village=VILLAGE.code, code="four_clean_two_norms", text=text))
        new_round = Round(
            village=VILLAGE.code, checklist_id=id, title="2021年5月", started_on=date(2021, 5, 1), state=state
        )
        self.session.add(new_round)
        self.session.flush()
        inspection = Inspection(
            village=VILLAGE.code,
            round_id=new_round.id,
            household_id=self.household.id,
            inspector="王书记",
            seen_on=seen_on,
        )
        self.session.add(inspection)
        self.session.flush()
        for check in list(template.checklist("four_clean_two_norms").checks())[:checks]:
            self.session.add(Answer(village=VILLAGE.code, inspection_id=inspection.id, check=check.code, value=value))


def clean_household(session: Session, number: int = 1) -> HouseholdRows:
    """The household of this number; several do not disturb one another."""
    code, no = VILLAGE.code, f"{VILLAGE.code}{number:03}"
    card = f"6217{number:014}"
    household = Household(
        id=Household.id_of(no), village=code, household_no=no, group_name="下屋组", hamlet="下屋",
        phone=f"1380000{number:04}", bank_name="农商行", bank_card_no=card + luhn.calc_check_digit(card),
        ident_standard="国家标准", household_attribute="一般脱贫户", exit_status="已脱贫", household_kind="脱贫户",
        registration_state="已脱贫", register_date="2014-03", exit_year=2018, cause_main="缺技术", population=4,
        residents=3, no_labour_fallback=False, filler="汪会计", filler_phone="13900000001", fill_date=date(2021, 5, 1),
    )  # fmt: skip
    session.add(household)
    members = [
        _make_member(household, number, n, *what)
        for n, what in enumerate(
            (
                (f"陈卫国{number}", "男", date(1970, 3, 1), "户主", "初中", None, ("健康",), "普通劳动力"),
                ("李秀英", "女", date(1972, 4, 1), "配偶", "初中", None, ("健康",), "普通劳动力"),
                ("陈小军", "男", date(2006, 1, 5), "之子", None, "九年级", ("健康",), "无劳动力"),
                ("王桂兰", "女", date(1945, 2, 1), "之母", "小学", None, ("长期慢性病",), "无劳动力"),
            )
        )
    ]
    members[0].work_region, members[0].work_place = "县外省内", "合肥市"
    members[0].work_months, members[0].work_income_month = Decimal(8), Decimal(3000)
    session.add_all(members)
    living = LivingCondition(
        id=LivingCondition.id_of(household.id, 2020), village=code, household_id=household.id, year=2020,
        land_farm=Decimal(4), land_irrigated=Decimal(2), land_forest=Decimal(12), land_returned=Decimal(3),
        land_fruit=Decimal(0), land_grass=Decimal(0), land_water=Decimal(0), house_area=Decimal(110),
        house_structure="砖混", house_unsafe=False, danger_level="A", water_safe=True, water_hard=False,
        elec_prod=True, elec_life=True, tv=True, toilet=True, road_kind="水泥路", road_km=Decimal("0.3"), fuel="柴草",
    )  # fmt: skip
    session.add(living)
    years = [
        IncomeYear(id=IncomeYear.id_of(household.id, year), village=code, household_id=household.id, year=year)
        for year in (2020, 2019)
    ]
    session.add_all(years)
    helper = Helper(
        id=Helper.id_of(code, "张帮扶", str(number)), village=code, name=f"张帮扶{number}", rank="科员级",
        phone=f"1370000{number:04}", id_no=id_number(date(1985, 6, 1 + number // 400), number % 400),
    )  # fmt: skip
    session.add(helper)
    session.flush()
    for year, wage in zip(years, (24000, 22000), strict=True):
        for item, amount in (("务工收入", wage), ("种植收入", 20000), ("种植支出", 5000), ("养老保险金", 1400)):
            session.add(
                IncomeLine(
                    id=IncomeLine.id_of(year.id, item), village=code, income_year_id=year.id, item=item,
                    amount=Decimal(amount),
                )
            )  # fmt: skip
    assignment = Assignment(village=code, household_id=household.id, helper_id=helper.id, started_on=date(2017, 3, 1))
    measure = Measure(
        village=code, household_id=household.id, kind="产业开发", title="茶叶种植奖补", year=2020, amount=Decimal(1200),
        started_on=date(2020, 3, 1), ended_on=date(2020, 12, 1), state="已完成", effect="增收两千元",
    )  # fmt: skip
    visit = Visit(
        village=code,
        household_id=household.id,
        visited_on=date(2021, 4, 8),
        visitors="王书记",
        way="入户",
        explained="讲解慢性病门诊政策",
    )
    card = ChronicCard(
        village=code, member_id=members[3].id, disease="高血压", card_no="MB1", issued_on=date(2019, 6, 1)
    )
    session.add_all([assignment, measure, visit, card])
    session.flush()
    return HouseholdRows(session, number, household, *members, living, *years, helper, assignment, measure, visit)


def _make_member(
    household: Household, number: int, n: int, name: str, sex: str, birth: date, relation: str, education: str | None,
    school: str | None, health: tuple[str, ...], labour: str,
) -> Member:  # fmt: skip
    no = f"{household.household_no}{n:02}"
    birth += timedelta(days=number // 400)  # an ID number tells 500 people of one birthday apart
    return Member(
        id=Member.id_of(no), village=household.village, household_id=household.id, person_no=no, name=name, sex=sex,
        id_no=id_number(birth, number % 400, sex == "男"), birth=birth, relation=relation, ethnic="汉族",
        education=education,
        school_status=school, health=health, labour=labour, med_ins=True, emp_med_ins=False, serious_ins=True,
        pension=school is None, dibao=False, tekun=False,
    )  # fmt: skip
