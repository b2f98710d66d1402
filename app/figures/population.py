"""农户人口: households and people, those who are registered, monitored, supported or badly housed."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.figures.counting import count_households, count_people, count_rows, people_in_use, within_months, within_years
from app.figures.definition import Period, Reading, VillageFigure
from app.records.monitoring import monitored_household
from db.county_values import options_of_role, options_with
from db.schema.household import Household, LivingCondition, Member
from db.schema.monitoring import Monitoring
from db.schema.village_year import VillageIndicator
from resources.option_roles import value_of, values_with_role, values_without_role

SECTION = "农户人口"
# of unknown kind are registered too, because rosters leave it out (app/records/assignment.py)
_registered = or_(
    Household.household_kind.is_(None),
    Household.household_kind.not_in(values_without_role("household_kind", "registered")),
)
_not_exited = or_(
    Household.exit_status.in_(values_with_role("exit_status", "not_exited")),
    Household.exit_status.in_(values_with_role("exit_status", "returned")),
)
_able = Member.labour.in_(options_with("labour", "strength", "full", "half"))


def _of_household(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return Member.household_id.in_(select(Household.id).where(*conditions))


def _with_person(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return Household.id.in_(select(Member.household_id).where(*people_in_use(), *conditions))


def _living(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """In SQL: households of which the newest year of living conditions fits."""
    newest = select(LivingCondition.household_id, func.max(LivingCondition.year).label("year"))
    last = newest.where(~LivingCondition.withdrawn).group_by(LivingCondition.household_id).subquery()
    of_last = (LivingCondition.household_id == last.c.household_id) & (LivingCondition.year == last.c.year)
    fitting = select(LivingCondition.household_id).join(last, of_last)
    return Household.id.in_(fitting.where(~LivingCondition.withdrawn, condition))


def _poverty_rate(session: Session, period: Period) -> Reading:
    """People of registered households that have not risen, in per cent of everybody in the village.

    The workbook need not hold every household: how many people there are is an indicator that is entered for the year.
    """
    everybody = session.scalar(
        select(func.sum(VillageIndicator.value)).where(
            ~VillageIndicator.withdrawn,
            VillageIndicator.year == period.last.year,
            VillageIndicator.indicator == value_of("village_indicator", "people"),
        )
    )
    if not everybody:
        return Reading(None, missing=f"{period.last.year} 年的村情没有填全村总人口")
    poor = count_people(_of_household(_registered, _not_exited))(session, period)
    rate = 100 * Decimal(len(poor.ids)) / everybody
    return Reading(rate.quantize(Decimal("0.01"), ROUND_HALF_UP), poor.ids)


def _has(column: Any) -> ColumnElement[bool]:
    return column.is_(True)  # type: ignore[no-any-return]


FIGURES = (
    VillageFigure("households", "农户总数", "户", "household", count_households()),
    VillageFigure("people", "农户人口", "人", "member", count_people()),
    VillageFigure("labour", "有劳动能力人数", "人", "member", count_people(_able)),
    VillageFigure(
        "party_members", "登记的党员", "人", "member",
        count_people(Member.political.in_(options_of_role("political", "party"))),
    ),
    VillageFigure("registered_households", "建档立卡户", "户", "household", count_households(_registered)),
    VillageFigure("registered_people", "建档立卡人口", "人", "member", count_people(_of_household(_registered))),
    VillageFigure(
        "not_exited_people", "未脱贫和返贫人口", "人", "member", count_people(_of_household(_registered, _not_exited))
    ),
    VillageFigure("exited_households", "当年脱贫退出", "户", "household",
                  count_households(within_years(Household.exit_year))),
    VillageFigure("poverty_rate", "贫困人口占比", "%", "member", _poverty_rate),
    VillageFigure("monitored_households", "在册监测户", "户", "household", count_households(monitored_household())),
    VillageFigure("monitored_people", "在册监测人口", "人", "member",
                  count_people(_of_household(monitored_household()))),
    VillageFigure(
        "monitoring_begun", "期内识别监测", "次", "monitoring",
        count_rows(Monitoring, within_months(Monitoring.identified)), in_period=True,
    ),
    VillageFigure(
        "monitoring_removed", "期内消除风险", "次", "monitoring",
        count_rows(Monitoring, within_months(Monitoring.removed)), in_period=True,
    ),
    VillageFigure("allowance_households", "低保家庭", "户", "household",
                  count_households(_with_person(_has(Member.dibao)))),
    VillageFigure("allowance_people", "低保人口", "人", "member", count_people(_has(Member.dibao))),
    VillageFigure("destitute_people", "特困供养人口", "人", "member", count_people(_has(Member.tekun))),
    VillageFigure("disabled_people", "持证残疾人", "人", "member", count_people(Member.disability_no.is_not(None))),
    VillageFigure("pension_people", "养老保险参保人口", "人", "member", count_people(_has(Member.pension))),
    VillageFigure("insured_people", "医疗保险参保人口", "人", "member",
                  count_people(or_(_has(Member.med_ins), _has(Member.emp_med_ins)))),
    VillageFigure("unsafe_houses", "住房不安全户", "户", "household",
                  count_households(_living(_has(LivingCondition.house_unsafe)))),
    VillageFigure("unsafe_water", "饮水不安全户", "户", "household",
                  count_households(_living(LivingCondition.water_safe.is_(False)))),
)  # fmt: skip
