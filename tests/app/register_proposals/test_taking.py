"""What the registers propose to accounts and members, what is doubtful about it, and what taking it leaves behind."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.commands import run
from app.errors import UserError
from app.progress import run_to_completion
from app.records.income_entry import open_income_year, save_entry
from app.register_proposals.origins import origin_rows
from app.register_proposals.proposal import CardProposal
from app.register_proposals.taking import proposals, take
from app.workbook import operations
from app.workbook.workbook import Workbook
from db.schema.asset import Distribution, DistributionLine
from db.schema.assistance import EmergencyAid, SocialAssistance
from db.schema.employment import PublicJob, PublicJobMonth, WorkshopPay, WorkshopPayLine, WorkSpell
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.health import MedicalExpense
from db.schema.household import Household, Member
from db.schema.income import IncomeLine, IncomeOrigin, IncomeYear
from db.schema.insurance import InsuranceClaim, InsuranceEnrolment
from db.schema.production import FarmBusiness
from tests import builders

VILLAGE = builders.VILLAGE.code
HOME = Household.id_of(f"{VILLAGE}001")
HEAD, WIFE, SON = (Member.id_of(f"{VILLAGE}0010{n}") for n in (1, 2, 3))
TODAY = date(2018, 12, 20)
OWN = {"village": VILLAGE}


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """One household with rows in most registers, of 2018."""
    opened = builders.workbook(tmp_path)
    with opened.writing() as session:
        builders.household(session)
        session.add_all((
            WorkSpell(id="spell", **OWN, member_id=SON, place="昆山", started_on=date(2018, 3, 1), pay=Decimal(4000)),
            PublicJob(
                id="job", **OWN, member_id=HEAD, kind="保洁员", started_on=date(2018, 1, 1), pay=Decimal(500),
            ),
            SocialAssistance(
                id="dibao", **OWN, member_id=WIFE, kind="农村低保", started_in="2017-07", amount=Decimal(300),
                approved_on=date(2017, 6, 20),
            ),
            EmergencyAid(
                id="aid", **OWN, household_id=HOME, cause="因病", applied_on=date(2018, 5, 1), approved=Decimal(2000),
                paid_on=date(2018, 5, 9),
            ),
            InsuranceClaim(
                id="claim", **OWN, household_id=HOME, cause="因病", reported_on=date(2018, 6, 1), claim=Decimal(800),
                paid_on=date(2018, 6, 20),
            ),
            MedicalExpense(
                id="bill", **OWN, member_id=HEAD, settled_on=date(2018, 4, 2), total=Decimal(5000),
                eligible=Decimal(4000), basic=Decimal(3000),
            ),
            SmallLoan(
                id="loan", **OWN, household_id=HOME, bank="农商行", amount=Decimal(20000), issued_on=date(2017, 9, 1),
                due_on=date(2020, 9, 1),
            ),
            LoanRepayment(
                id="interest", **OWN, loan_id="loan", paid_on=date(2018, 9, 1), interest=Decimal(900),
                subsidised=Decimal(600),
            ),
            Distribution(
                id="solar", **OWN, name="光伏分红", year=2018, reason="资产收益分红", paid_on=date(2018, 12, 1),
            ),
            DistributionLine(id="share", **OWN, distribution_id="solar", member_id=HEAD, amount=Decimal(1000)),
        ))  # fmt: skip
        session.flush()
        session.add_all(
            PublicJobMonth(id=f"month{n}", **OWN, job_id="job", month=f"2018-0{n}", paid=Decimal(480)) for n in (1, 2)
        )
    yield opened
    opened.close()


def found(book: Workbook, today: date = TODAY) -> dict[str, CardProposal]:
    with book.reading() as session:
        return {one.label: one for one in proposals(session, 2018, today)}


def test_registers_propose_the_account_of_the_year(book: Workbook) -> None:
    proposed = {label: one.proposed_text for label, one in found(book).items() if one.is_income}
    assert proposed == {
        "务工收入（陈𬱖）": "40,000.00",  # ten months until December; the row has no end
        "村级公益岗工资（陈卫国）": "960.00",  # what was paid, not the pay of each month
        "低保金（农村低保）": "3,600.00",
        "其他转移性收入（救急难）": "2,000.00",
        "理赔收入": "800.00",
        "合规自付支出": "1,000.00",
        "其他经营支出（小额信贷利息）": "300.00",
        "资产收益扶贫分红（光伏分红）": "1,000.00",
    }
    assert not any(one.doubt for one in found(book).values())
    assert found(book)["低保金（农村低保）"].basis == "兜底保障 李秀英 农村低保 2017-07 300.00 元×12 个月"


def test_what_was_grown_and_what_was_made_by_the_piece_is_income(book: Workbook) -> None:
    with book.writing() as session:
        for kind, sales, cost in (
            ("茶叶种植", 6000, 900),
            ("油茶种植", 800, 0),
            ("蜂", 1500, 200),
            ("其他产业", 400, 100),
        ):
            farm = FarmBusiness(**OWN, household_id=HOME, year=2018, kind=kind, scale=Decimal(2))
            farm.sales, farm.cost = Decimal(sales), Decimal(cost)
            session.add(farm)
        session.get_one(WorkSpell, "spell").company = "来料加工车间"
        session.add(WorkshopPay(id="pay", **OWN, workshop="来料加工车间", month="2018-10"))
        session.add(WorkshopPayLine(**OWN, pay_id="pay", member_id=WIFE, wage=Decimal(1250)))
    proposed = {label: one.proposed for label, one in found(book).items()}
    farm = ("种植收入（茶叶种植）", "种植支出（茶叶种植）", "林果收入（油茶种植）", "养殖收入（蜂）", "养殖支出（蜂）")
    other = ("其他经营收入（其他产业）", "其他经营支出（其他产业）")
    assert [proposed[label] for label in (*farm, *other)] == [6000, 900, 800, 1500, 200, 400, 100]
    assert [proposed[f"务工收入（{name}）"] for name in ("李秀英", "陈𬱖")] == [1250, 40000]
    assert "林果支出（油茶种植）" not in proposed
    with book.writing() as session:
        session.add(WorkshopPayLine(**OWN, id="son", pay_id="pay", member_id=SON, pieces=Decimal(90)))
    assert found(book)["务工收入（陈𬱖）"].proposed == 40000, "nobody knows yet what it came to"
    with book.writing() as session:
        session.get_one(WorkSpell, "spell").started_on = date(2017, 12, 1)
        session.get_one(WorkshopPayLine, "son").wage = Decimal(2300)
    with book.reading() as session:
        former = {one.label: one.proposed for one in proposals(session, 2017, TODAY)}
    assert former["务工收入（陈𬱖）"] == 4000, "the register of a year says nothing of the year before"
    shown = found(book)["务工收入（陈𬱖）"]
    assert shown.proposed == 2300, "not the same work twice"
    assert shown.basis == "帮扶车间计件工资 陈𬱖 2018-10 2,300.00 元"


def test_the_account_s_own_time_counts(book: Workbook) -> None:
    year = open_income_year(book, HOME, 2018)
    with book.writing() as session:
        account = session.get_one(IncomeYear, year)
        account.period_start, account.period_end = date(2017, 10, 1), date(2018, 9, 30)
    shown = found(book)
    assert shown["务工收入（陈𬱖）"].proposed == 7 * 4000
    assert shown["低保金（农村低保）"].proposed == 12 * 300
    with book.reading() as session:
        former = {one.label: one.proposed for one in proposals(session, 2017, TODAY)}
    assert "务工收入（陈𬱖）" not in former
    assert former["低保金（农村低保）"] == 6 * 300


def test_taking_is_one_operation_and_keeps_where_it_came_from(book: Workbook) -> None:
    taken = take(book, list(found(book).values()), 2018, TODAY)
    assert taken.changed_since == 0
    assert found(book) == {}
    with book.reading() as session:
        account = session.scalars(select(IncomeYear)).one()
        assert (account.people, account.claim_income, account.medical_self_paid) == (3, 800, 1000)
        assert session.get_one(Member, WIFE).dibao is True
        [row] = origin_rows(session, account.id, "低保金", "农村低保")
        assert (row.register, row.record_id, row.title) == (
            "social_assistance",
            "dibao",
            "兜底保障：李秀英 农村低保 2017-07",
        )
        [share] = origin_rows(session, account.id, "资产收益扶贫分红", "光伏分红")
        assert (share.register, share.record_id) == ("distribution", "solar")  # the row that has a page
        assert len(origin_rows(session, account.id)) >= 8
    run_to_completion(operations.undo(book))
    assert len(found(book)) == taken.written
    with book.reading() as session:
        assert session.scalars(select(IncomeLine).where(~IncomeLine.withdrawn)).all() == []
    take(book, list(found(book).values()), 2018, TODAY)  # what was taken back can be taken again
    assert found(book) == {}
    with book.writing() as session:  # by a newer program, from a register that is not known here
        [origin] = session.scalars(select(IncomeOrigin).where(IncomeOrigin.target == "低保金"))
        origin.rows = json.dumps([["solar_roof", "solar_roof", "r"], *json.loads(origin.rows or "")])
    with book.reading() as session:
        assert [row.record_id for row in origin_rows(session, account.id, "低保金", "农村低保")] == ["dibao"]


def test_only_what_changed_since_is_proposed_again(book: Workbook) -> None:
    take(book, list(found(book).values()), 2018, TODAY)
    with book.writing() as session:
        session.get_one(EmergencyAid, "aid").approved = Decimal(2500)
        session.get_one(WorkSpell, "spell").withdrawn = True
    again = {label: one for label, one in found(book).items() if one.is_income}
    assert {label: (one.now_text, one.proposed_text, one.doubt) for label, one in again.items()} == {
        "其他转移性收入（救急难）": ("2,000.00", "2,500.00", ""),
        "务工收入（陈𬱖）": ("40,000.00", "", ""),
    }
    take(book, list(again.values()), 2018, TODAY)
    assert not any(one.is_income for one in found(book).values())


@pytest.mark.parametrize(
    ("item", "what", "amount", "label", "doubt"),
    [
        ("低保金", "农村低保", 3000, "低保金（农村低保）", "户档里的 3,000.00 是填写的"),
        ("低保金", "", 3000, "低保金（农村低保）", "可能已含在“低保金”3,000.00 里"),
        ("乡镇公益岗工资", "", 960, "村级公益岗工资（陈卫国）", "可能已含在“乡镇公益岗工资”960.00 里"),
        ("工资性收入", "", 30000, "务工收入（陈𬱖）", "“工资性收入”填的是合计 30,000.00，带入后按明细算"),
        ("其他转移性收入", "地力补贴", 80, "其他转移性收入（救急难）", ""),
    ],
)
def test_what_was_typed_or_may_be_contained_is_doubtful(
    book: Workbook, item: str, what: str, amount: int, label: str, doubt: str
) -> None:
    save_entry(book, open_income_year(book, HOME, 2018), item, what, {"amount": Decimal(amount)})
    assert found(book)[label].doubt == doubt


def test_a_figure_that_was_changed_since_it_was_shown_is_left(book: Workbook) -> None:
    shown = found(book)
    year = open_income_year(book, HOME, 2018)
    save_entry(book, year, "低保金", "农村低保", {"amount": Decimal(1)})
    chosen = [shown["低保金（农村低保）"], shown["理赔收入"]]
    assert (take(book, chosen, 2018, TODAY).written, take(book, [shown["合规自付支出"]], 2018, TODAY).written) == (1, 1)
    with pytest.raises(UserError, match="按 F5 刷新"):
        take(book, [shown["低保金（农村低保）"]], 2018, TODAY)
    with pytest.raises(UserError, match="没有打勾"):
        take(book, [], 2018, TODAY)


def test_marks_follow_the_registers(book: Workbook) -> None:
    with book.writing() as session:
        for id, person in (("a", HEAD), ("b", WIFE)):
            session.add(
                InsuranceEnrolment(
                    id=id, **OWN, member_id=person, year=2018 if person == HEAD else 2017, kind="城乡居民基本医疗保险",
                    payer="自缴", paid_on=date(2018, 1, 5),
                )
            )  # fmt: skip
        session.get_one(SocialAssistance, "dibao").ended_on = date(2018, 11, 30)
        for person in (WIFE, SON):
            row = session.get_one(Member, person)
            row.dibao = row.med_ins = row.pension = True
    marks = {label: (one.proposed, one.doubt) for label, one in found(book).items() if not one.is_income}
    insured, dibao = "是否参加城乡居民基本医疗保险", "是否享受低保"
    assert marks == {
        "陈卫国：公益性岗位类型": ("保洁员", ""),
        f"陈卫国：{insured}": (True, ""),
        f"李秀英：{insured}": (False, "本年度没有，请先核实"),
        f"李秀英：{dibao}": (False, ""),  # a row says that it ended
        f"陈𬱖：{insured}": (False, "台账里没有这个人，请先核实"),
        f"陈𬱖：{dibao}": (False, "台账里没有这个人，请先核实"),
        "陈𬱖：务工所在地": ("昆山", ""),
    }  # nothing of 养老保险: the register has no row of it at all


def test_by_command(book: Workbook, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(book.path)
    book.close()
    secret = tmp_path / "secret"
    secret.write_text(builders.PASSPHRASE, encoding="utf-8")
    arguments = ["take-from-registers", path, "--passphrase-file", str(secret), "--year", "2018"]
    assert run([*arguments, "--dry-run", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    bill = next(one for one in shown if one["label"] == "合规自付支出")
    assert bill["sources"] == [{"register": "medical_expense", "table": "medical_expense", "id": "bill"}]
    assert run(arguments) == 0
    assert f"已写入 {len(shown)} 项" in capsys.readouterr().out
    assert run([*arguments, "--household", "1"]) == 1
    assert "没有户编号" in capsys.readouterr().err
