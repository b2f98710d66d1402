"""One small workbook for all tests of views: households, people and loans with and without values in every field."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from app.workbook.workbook import Workbook
from db.schema.aid import Assignment, Helper, Visit
from db.schema.finance import SmallLoan
from db.schema.household import Household, Member
from db.schema.income import IncomeYear
from tests import builders
from tests.machine_memory import remembering_in

HOUSEHOLDS = 9
LOANS = 14
_GROUPS = ("二组", "十组", "一组", None)
_KINDS = ("一般农户", "脱贫户", None)
_CAUSES = (("因病",), ("因病", "因学"), None)
_BANKS = ("农商行", "Rural Bank 100%", "邮储_银行", None)


@pytest.fixture(scope="package")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        with opened.writing() as session:
            households = [_household(session, n) for n in range(HOUSEHOLDS)]
            for n, name in enumerate(("汪明远", "储全胜", "何敬之")):
                helper = Helper(village=builders.VILLAGE.code, name=name)
                session.add(helper)
                session.flush()
                given = {"village": builders.VILLAGE.code, "helper_id": helper.id, "started_on": date(2018, 1, 1)}
                session.add_all(Assignment(household_id=one.id, **given) for one in households[n : n + 2])
            for n, household in enumerate(households[:3]):
                when = date(2018, 3, 1 + n)
                session.add(Visit(village=builders.VILLAGE.code, household_id=household.id, visited_on=when))
                year = IncomeYear(village=builders.VILLAGE.code, household_id=household.id, year=2016 + n, people=2)
                year.reported_net, year.reported_per_head = 8001 + n, 4000
                session.add(year)
            session.add_all(_loan(n, households[n % (HOUSEHOLDS - 2)]) for n in range(LOANS))
            for n, member in enumerate(session.scalars(select(Member).order_by(Member.person_no))):
                member.work_months = (None, 3, "7.5")[n % 3]
                member.health = (None, ("健康",), ("长期慢性病",))[n % 3]
        yield opened
        opened.close()


def _household(session: object, n: int) -> Household:
    return builders.household(
        session,  # type: ignore[arg-type]
        number=n + 1,
        members=n % 3,
        group_name=_GROUPS[n % 4],
        household_kind=_KINDS[n % 3],
        cause_other=_CAUSES[n % 3],
        exit_year=(None, 2016, 2018)[n % 3],
        register_date=(None, "2014-06", "2015-01")[(n + 1) % 3],
        is_one_child=(None, True, False)[n % 3],
    )


def _loan(n: int, household: Household) -> SmallLoan:
    return SmallLoan(
        id=f"{n:032}",
        village=builders.VILLAGE.code,
        household_id=household.id,
        bank=_BANKS[n % 4],
        amount=(None, 10000, "20000.5", 50000)[n % 4],
        rate=(None, "4.35", "4.9")[n % 3],
        purpose=("养殖业", None, "种植业")[n % 3],
        issued_on=(None, date(2018, 1, 1), date(2018, 6, 30), date(2019, 2, 1))[n % 4],
        withdrawn=n == LOANS - 1,
    )
