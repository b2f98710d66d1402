"""What is special about the registers of aid: sums that follow from data, days that run, steps that need something."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import UserError
from app.issues.issues import household_issues
from app.registers import get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.rows import RowQuery, load_rows, row_ids, sums
from app.registers.engine.steps import complete_step, due_items
from app.workbook.workbook import Workbook
from db.schema.assistance import EmergencyAid, SocialAssistance
from db.schema.education import EducationAid
from db.schema.health import ChronicCard, MedicalExpense
from db.schema.household import Member
from db.schema.housing import HousingRenovation
from db.schema.insurance import InsuranceClaim, InsuranceEnrolment
from db.schema.production import ProductionSubsidy
from tests import builders

VILLAGE = builders.VILLAGE.code
HEAD, WIFE, SON = (Member.id_of(f"{VILLAGE}0010{n}") for n in (1, 2, 3))
DAY = date(2018, 6, 1)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        builders.household(session)
    yield opened
    opened.close()


@pytest.fixture
def home(book: Workbook) -> str:
    with book.reading() as session:
        return session.get_one(Member, HEAD).household_id or ""


@pytest.mark.parametrize(
    ("item", "verified", "unit", "entitled"),
    [
        ("养牛", "2", "头", "1600"),
        ("养牛", "12", "头", "3000"),
        ("茶园", "1.25", "亩", "625"),
        ("茶园", None, "亩", None),
        (None, "3", None, None),
    ],
)
def test_a_subsidy_is_the_count_by_the_standard_up_to_the_cap(
    book: Workbook, home: str, item: str | None, verified: str | None, unit: str | None, entitled: str | None
) -> None:
    subsidies = get_register("production_subsidy")
    quantity, amount = (Decimal(text) if text else None for text in (verified, entitled))
    with book.writing() as session:
        row = ProductionSubsidy(
            id="row", village=VILLAGE, household_id=home, year=2018, item=item, verified=quantity, paid=amount
        )
        session.add(row)
        session.flush()
        shown = load_rows(session, subsidies, ["row"])[0]
        assert (shown.values["entitled"], shown.values["unit"]) == (amount, unit)
        assert sums(session, subsidies, ["row"])["entitled"] == (amount or 0)
        assert "subsidy_over" not in {issue.rule for issue in household_issues(session, home)}
        row.paid = (amount or 0) + Decimal("0.01")
        session.flush()  # the check works the amount out by itself
        assert ("subsidy_over" in {issue.rule for issue in household_issues(session, home)}) is (amount is not None)


def test_what_the_patient_pays_is_what_the_schemes_leave_over(book: Workbook) -> None:
    expenses = get_register("medical_expense")
    with book.writing() as session:
        for id, total, basic, rescue in (("a", "12000.50", "8000", "1000.25"), ("b", "300", None, None)):
            session.add(
                MedicalExpense(
                    id=id, village=VILLAGE, member_id=HEAD, settled_on=DAY, care="住院", level="县域内",
                    total=Decimal(total), basic=basic and Decimal(basic), rescue=rescue and Decimal(rescue),
                )
            )  # fmt: skip
    with book.reading() as session:
        first, second = load_rows(session, expenses, ["a", "b"])
        assert (first.values["reimbursed"], first.values["self_paid"]) == (Decimal("9000.25"), Decimal("3000.25"))
        assert (second.values["reimbursed"], second.values["self_paid"]) == (0, 300)
        figures = {one.label: one.text for one in figure_values(session, expenses, RowQuery(year=2018))}
        assert (figures["就医人次"], figures["就医人数"], figures["个人自付"]) == ("2", "1", "3,300.25元")
        assert row_ids(session, expenses, RowQuery(sort="-self_paid")) == ["a", "b"]


def test_an_emergency_is_looked_at_within_three_days_by_somebody(book: Workbook, home: str) -> None:
    emergencies = get_register("emergency_aid")
    with book.writing() as session:
        session.add(
            EmergencyAid(
                id="fire", village=VILLAGE, household_id=home, cause="因灾", applied_on=DAY, situation="失火",
                requested=5000,
            )
        )  # fmt: skip
    with book.reading() as session:
        (item,) = due_items(session, [emergencies], DAY)
        assert (item.step, item.due_on, item.days_left) == ("核实", date(2018, 6, 4), 3)
        assert [one.overdue for one in due_items(session, [emergencies], date(2018, 6, 5))] == [True]
    with pytest.raises(UserError, match="办“核实”以前，请先填“核实人”、“核实意见”。"):
        complete_step(book, emergencies, "fire", "核实", date(2018, 6, 2))
    complete_step(book, emergencies, "fire", "核实", date(2018, 6, 2), {"verified_by": "王书记", "finding": "属实"})
    with pytest.raises(UserError, match="批准金额"):
        complete_step(book, emergencies, "fire", "审批", date(2018, 6, 3))
    complete_step(book, emergencies, "fire", "审批", date(2018, 6, 3), {"approved": Decimal(3000)})
    complete_step(book, emergencies, "fire", "发放", date(2018, 6, 5))
    with book.reading() as session:
        assert due_items(session, [emergencies], date(2019, 1, 1)) == []
        figures = {one.label: one.text for one in figure_values(session, emergencies)}
        assert (figures["已救助户数"], figures["救助金额"]) == ("1", "3,000.00元")


def test_a_house_is_accepted_after_it_is_built_and_a_case_may_be_dropped(book: Workbook, home: str) -> None:
    houses = get_register("housing_renovation")
    with book.writing() as session:
        for id, year, dropped in (("built", 2018, None), ("dropped", 2017, date(2017, 5, 1))):
            session.add(
                HousingRenovation(
                    id=id, village=VILLAGE, household_id=home, year=year, target="低保户", level="D", way="拆除重建",
                    subsidy=20000, applied_on=DAY, appraised_on=DAY, published_on=DAY, approved_on=DAY,
                    started_on=DAY, dropped_on=dropped,
                )
            )  # fmt: skip
    with pytest.raises(UserError, match="“竣工”还没有办"):
        complete_step(
            book, houses, "built", "验收", date(2018, 9, 1), {"acceptance": "合格", "accepted_by": "镇住建所"}
        )
    complete_step(book, houses, "built", "竣工", date(2018, 8, 1))
    with book.reading() as session:
        built, dropped = load_rows(session, houses, ["built", "dropped"], date(2018, 9, 1))
        assert (built.progress.label, built.progress.days_left, dropped.progress.label) == ("待验收", -1, "已取消")
        figures = {one.label: one.text for one in figure_values(session, houses, RowQuery(today=date(2018, 9, 1)))}
        assert figures == {"改造户数": "1", "已竣工": "1", "已验收": "0", "补助金额": "20,000.00元", "超期未办": "1"}


def test_people_are_counted_once_however_many_rows_they_have(book: Workbook) -> None:
    with book.writing() as session:
        for term, item, paid in (
            ("春季学期", "雨露计划", 1500),
            ("秋季学期", "雨露计划", None),
            ("春季学期", "中职免学费", 900),
        ):
            session.add(
                EducationAid(
                    village=VILLAGE, member_id=SON, year=2018, term=term, stage="中职一年级", item=item, paid=paid
                )
            )
        for member, kind, ended in (
            (HEAD, "农村低保", None), (HEAD, "困难残疾人生活补贴", None), (WIFE, "农村低保", date(2018, 5, 1)),
        ):  # fmt: skip
            session.add(
                SocialAssistance(
                    village=VILLAGE, member_id=member, kind=kind, approved_on=date(2018, 1, 5), started_in="2018-01",
                    amount=300, ended_on=ended,
                )
            )  # fmt: skip
        for member, paid_on in ((HEAD, DAY), (WIFE, None)):
            session.add(
                InsuranceEnrolment(
                    village=VILLAGE, member_id=member, year=2018, kind="城乡居民基本医疗保险", payer="全额资助",
                    fee=180, subsidised=180, paid_on=paid_on,
                )
            )  # fmt: skip
        session.add(ChronicCard(village=VILLAGE, member_id=HEAD, disease="高血压", card_no="M1", issued_on=DAY))
        session.add(
            InsuranceClaim(village=VILLAGE, household_id=session.get_one(Member, HEAD).household_id, cause="因病")
        )
    expected = {
        "education_aid": {"资助人次": "3", "资助学生": "1", "其中雨露计划": "2", "已发资助": "2,400.00元"},
        "social_assistance": {
            "正在享受人数": "1",
            "其中低保和特困": "1",
            "其中残疾人补贴": "1",
            "每月保障金额": "600.00元",
        },
        "insurance_enrolment": {"参保人次": "2", "参保人数": "2", "未缴费": "1", "其中资助": "360.00元"},
        "chronic_card": {"办证数": "1", "持证人数": "1", "未发证": "0"},
        "insurance_claim": {"报案件数": "1", "已赔付": "0"},
    }
    with book.reading() as session:
        for key, texts in expected.items():
            figures = {one.label: one.text for one in figure_values(session, get_register(key))}
            assert {label: figures[label] for label in texts} == texts
