"""Two records of one household, each with rows in registers: merged, nothing is lost; unmerged, all is as before."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.progress import run_to_completion
from app.records import household_merge
from app.registers import get_register, household_registers
from app.registers.engine.rows import RowQuery, child_rows, count_rows, load_rows, row_ids
from app.registers.engine.steps import due_items
from app.sheets.register_import import preview
from app.workbook.integrity import check_integrity
from app.workbook.workbook import Workbook
from db.schema.assistance import SocialAssistance
from db.schema.employment import PublicJob, PublicJobMonth, SkillTraining, TrainingParticipant
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.household import Household, Member
from db.schema.production import ProductionSubsidy
from db.schema.project import ProjectBenefit, VillageProject
from tests import builders
from tests.app.sync.peers import all_records, make_team, send

VILLAGE = builders.VILLAGE.code
KEPT, OTHER = (Household.id_of(f"{VILLAGE}{number:03}") for number in (1, 2))
HEAD, TWIN, DAUGHTER = Member.id_of(f"{VILLAGE}00101"), "e" * 32, "f" * 32
DAY = date(2018, 3, 1)


def _loan(id: str, household: str, member: str, contract: str, amount: int) -> SmallLoan:
    return SmallLoan(
        id=id, village=VILLAGE, household_id=household, member_id=member, bank="农商行", contract_no=contract,
        amount=amount, purpose="养殖业", issued_on=DAY, due_on=date(2021, 3, 1),
    )  # fmt: skip


def _id(name: str) -> str:
    """As packages demand it, of 32 hex digits."""
    return name.ljust(16).encode().hex()


def _fill(book: Workbook) -> None:
    """The head is in both households; both borrowed, once by one contract; a project, a training, posts, 低保."""
    with book.writing() as session:
        builders.household(session, number=1)
        builders.household(session, members=0, number=2)
        twin_of = session.get_one(Member, HEAD)
        for id, name, relation, number in (
            (TWIN, "陈卫国", "户主", twin_of.id_no),
            (DAUGHTER, "陈小妹", "之女", builders.id_number(date(2000, 3, 4), 7, male=False)),
        ):
            session.add(Member(id=id, village=VILLAGE, household_id=OTHER, name=name, relation=relation, id_no=number))
        session.add_all([
            _loan(_id("kept"), KEPT, HEAD, "A1", 30000),
            _loan(_id("same"), OTHER, TWIN, "a1 ", 30000),
            _loan(_id("other"), OTHER, DAUGHTER, "B2", 20000),
            LoanRepayment(id=_id("p1"), village=VILLAGE, loan_id=_id("kept"), paid_on=DAY, principal=1000),
            LoanRepayment(id=_id("p2"), village=VILLAGE, loan_id=_id("same"), paid_on=DAY, principal=1000),
            LoanRepayment(id=_id("p3"), village=VILLAGE, loan_id=_id("same"), paid_on=date(2018, 4, 1), principal=500),
            VillageProject(id=_id("road"), village=VILLAGE, name="道路", kind="基础设施"),
            ProjectBenefit(id=_id("b1"), village=VILLAGE, project_id=_id("road"), household_id=KEPT, amount=100),
            ProjectBenefit(id=_id("b2"), village=VILLAGE, project_id=_id("road"), household_id=OTHER, amount=60),
            VillageProject(id=_id("pump"), village=VILLAGE, name="泵站", kind="基础设施"),
            ProjectBenefit(id=_id("b3"), village=VILLAGE, project_id=_id("pump"), household_id=OTHER, amount=40),
            PublicJob(id=_id("j1"), village=VILLAGE, member_id=HEAD, kind="保洁员", started_on=DAY),
            PublicJob(id=_id("j2"), village=VILLAGE, member_id=TWIN, kind="保洁员", started_on=DAY, unit="村委会"),
            PublicJobMonth(id=_id("m1"), village=VILLAGE, job_id=_id("j2"), month="2018-03", paid=500),
            SocialAssistance(id=_id("s1"), village=VILLAGE, member_id=DAUGHTER, kind="农村低保", started_in="2018-01"),
            SkillTraining(id=_id("course"), village=VILLAGE, name="茶园管理", kind="种养技术", started_on=DAY),
            TrainingParticipant(id=_id("t1"), village=VILLAGE, training_id=_id("course"), member_id=TWIN),
            ProductionSubsidy(id=_id("y1"), village=VILLAGE, household_id=OTHER, year=2018, item="养牛", verified=2),
        ])  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path)
    _fill(opened)
    yield opened
    assert run_to_completion(check_integrity(opened)) == []
    opened.close()


def _merge(book: Workbook) -> None:
    household_merge.merge(book, household_merge.compare_for_merge(book, KEPT, OTHER))


def _rows(book: Workbook, key: str, household: str = KEPT) -> list[str]:
    with book.reading() as session:
        return sorted(
            bytes.fromhex(id).decode().strip()
            for id in row_ids(session, get_register(key), RowQuery(household_id=household))
        )


def test_all_rows_of_both_stand_in_the_one_that_is_kept(book: Workbook) -> None:
    _merge(book)
    assert _rows(book, "small_loan") == ["kept", "other"]
    assert _rows(book, "village_project") == ["pump", "road"]
    assert _rows(book, "public_job") == ["j1"]
    assert _rows(book, "social_assistance") == ["s1"]
    assert _rows(book, "skill_training") == ["course"]
    assert _rows(book, "production_subsidy") == ["y1"]
    with book.reading() as session:
        for register in household_registers():
            assert count_rows(session, register, RowQuery(household_id=OTHER)) == 0, register.key
        loans, jobs = get_register("small_loan"), get_register("public_job")
        kept, other = load_rows(session, loans, [_id("kept"), _id("other")], DAY)
        assert kept.values["balance"] == Decimal(28500)  # one payment was written down twice
        assert (str(other.subject), other.texts["member_id"]) == ("陈卫国（下屋组）", "陈小妹")
        job = load_rows(session, jobs, [_id("j1")], DAY)[0]
        assert (job.values["unit"], job.values["months"], job.values["paid"]) == ("村委会", 1, Decimal(500))
        assert [item.household_id for item in due_items(session, [loans], date(2021, 2, 20))] == [KEPT, KEPT]


def test_what_a_project_gives_to_both_stays_with_both_sums(book: Workbook) -> None:
    _merge(book)
    projects = get_register("village_project")
    with book.reading() as session:
        benefits = child_rows(session, projects, projects.children[1], [_id("pump"), _id("road")])
        assert {row.values["household_id"] for row in benefits} == {KEPT}
        assert sum(Decimal(str(row.values["amount"])) for row in benefits) == 200


def test_unmerged_all_is_as_before(book: Workbook) -> None:
    before = all_records(book)
    _merge(book)
    household_merge.unmerge(book, OTHER)
    assert all_records(book) == before
    assert _rows(book, "public_job", OTHER) == ["j2"]


def test_rows_that_a_colleague_writes_later_follow(tmp_path: Path) -> None:
    lu, mei = make_team(tmp_path, "鲁", "梅")
    _fill(lu)
    send(lu, mei)
    _merge(lu)
    with mei.writing() as session:
        session.add(PublicJob(id=_id("late"), village=VILLAGE, member_id=TWIN, kind="水利管护员", started_on=DAY))
        session.add(ProductionSubsidy(id=_id("later"), village=VILLAGE, household_id=OTHER, year=2018, item="养羊"))
    send(mei, lu)
    assert _rows(lu, "public_job") == ["j1", "late"]
    assert _rows(lu, "production_subsidy") == ["later", "y1"]
    send(lu, mei)
    assert all_records(lu) == all_records(mei)
    for one in (lu, mei):
        assert run_to_completion(check_integrity(one)) == []
        one.close()


def test_a_sheet_with_the_number_of_the_other_household_finds_the_kept_one(book: Workbook, tmp_path: Path) -> None:
    import openpyxl

    _merge(book)
    excel = openpyxl.Workbook()
    excel.active.append(("户编号", "姓名", "岗位类型", "上岗日期"))
    excel.active.append((f"{VILLAGE}002", "陈小妹", "保洁员", "2018-05-01"))
    excel.save(tmp_path / "岗位.xlsx")
    shown = run_to_completion(preview(book, tmp_path / "岗位.xlsx", get_register("public_job")))
    assert [change.after["member_id"] for change in shown.rows] == [DAUGHTER]
    with book.reading() as session:
        assert session.scalars(select(Member.household_id).where(Member.id == DAUGHTER)).one() == KEPT
