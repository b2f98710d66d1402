"""Loads the facts of households: one query per table and block of households."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.checklists.households import closed_registration_states
from app.checklists.results import RoundResult, load_rounds, results_by_round
from app.issues.cross_index import CrossHouseholdIndex
from app.issues.household_facts import AssignmentFacts, HouseholdFacts, IncomeYearFacts, MemberFacts
from app.issues.merged_records import merged_records
from app.policies.entitlement import Entitlement, entitlements
from app.records.income import YearlyIncome, entry_amount, yearly_incomes
from app.records.monitoring import newest_first
from app.records.standards import load_standards
from db.filled_tables import filled_tables
from db.schema.aid import Assignment, Helper, Measure, Visit
from db.schema.asset import Distribution, DistributionLine, IndustryLink
from db.schema.assistance import EmergencyAid, SocialAssistance
from db.schema.community import Grid, GridHousehold, Meeting, MeetingParticipant
from db.schema.education import EducationAid, SchoolTerm
from db.schema.employment import (
    PublicJob,
    SkillTraining,
    TrainingParticipant,
    TrainingWish,
    WorkshopPay,
    WorkshopPayLine,
    WorkSpell,
)
from db.schema.finance import SmallLoan
from db.schema.health import ChronicCard, MedicalExpense
from db.schema.household import Household, LivingCondition, Member
from db.schema.housing import HousingRenovation
from db.schema.income import IncomeLine, IncomeYear
from db.schema.insurance import InsuranceClaim, InsuranceEnrolment
from db.schema.monitoring import Monitoring
from db.schema.production import FarmBusiness, ProductionSubsidy
from db.schema.record import Record
from db.schema.rectification import Rectification
from db.schema.visit import VisitPolicy
from db.schema.water import WaterHousehold, WaterSource, WaterTest
from resources.option_roles import values_with_role

_AID: tuple[type[Record], ...] = (
    PublicJob, WorkSpell, EducationAid, MedicalExpense, ChronicCard, InsuranceEnrolment, InsuranceClaim,
    SocialAssistance, EmergencyAid, HousingRenovation, ProductionSubsidy, SmallLoan, SchoolTerm, TrainingWish,
    FarmBusiness, IndustryLink,
    DistributionLine, MeetingParticipant, GridHousehold, TrainingParticipant, WorkshopPayLine, WaterHousehold,
    Rectification,
)  # fmt: skip
# what the last row belongs to, and the tests of water
_LISTS: tuple[type[Record], ...] = (
    Distribution, Meeting, Grid, SkillTraining, WorkshopPay, WaterSource, WaterTest,
)  # fmt: skip
BLOCK_SIZE = 100  # households held in memory at one time
RecordT = TypeVar("RecordT", bound=Record)


class ReadOnlyRow:
    """The cells of a record, typed as the record: plain values, quick to read, and no rule can write one by mistake."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{name} is read only")


class RuleContext:
    """What is read once for all households: yearly incomes, lines of the years and results of rounds."""

    def __init__(self, session: Session, cross_index: CrossHouseholdIndex, today: date, household_id: str = "") -> None:
        self.cross_index, self.today = cross_index, today
        self.filled_tables = filled_tables(session)
        self.standards = load_standards(session)
        self.helpers = {row.id: row for row in _select_rows(session, Helper)}
        self.net_by_income_year: dict[str, YearlyIncome] = {
            net.income_year_id: net for net in yearly_incomes(session, household_id)
        }
        self.merged_records = merged_records(session, household_id)
        self.village_lists: dict[str, dict[str, Record]] = {
            model.__tablename__: {row.id: row for row in _select_rows(session, model, ~model.withdrawn)}
            if model.__tablename__ in self.filled_tables
            else {}
            for model in _LISTS
        }
        self.entitlements: dict[str, list[Entitlement]] = {}
        for one in entitlements(session, today, household_id):
            self.entitlements.setdefault(one.household_id, []).append(one)
        self.round_results: dict[str, list[RoundResult]] = {}
        round_versions = load_rounds(session)
        last_closed = {version.village: version.id for version in round_versions if not version.open}
        relevant = [version for version in round_versions if version.open or version.id in last_closed.values()]
        self.open_rounds = frozenset(version.id for version in round_versions if version.open)
        results = results_by_round(session, relevant, household_id)
        for version in relevant:
            for result in results[version.id]:
                household_results = self.round_results.setdefault(result.household.household_id, [])
                household_results.append(RoundResult(version.id, version.title, version.started_on, result))


def eligible_household_ids(session: Session, household_id: str = "") -> list[str]:
    """Households that are checked: not withdrawn, not merged into another, not closed; by village, group and number."""
    query = (
        select(Household.id, Household.registration_state)
        .where(~Household.withdrawn, Household.merged_into.is_(None))
        .order_by(Household.village, Household.group_name, Household.household_no, Household.id)
    )
    if household_id:
        query = query.where(Household.id == household_id)
    return [eligible_id for eligible_id, state in session.execute(query) if state not in closed_registration_states()]


def iter_households(session: Session, ids: Sequence[str], context: RuleContext) -> Iterator[HouseholdFacts]:
    """The households of these ids, in their order; read in blocks."""
    for start in range(0, len(ids), BLOCK_SIZE):
        yield from _load_block(session, ids[start : start + BLOCK_SIZE], context)


def _load_block(session: Session, ids: Sequence[str], context: RuleContext) -> Iterator[HouseholdFacts]:
    households = {row.id: row for row in _select_rows(session, Household, Household.id.in_(ids))}
    members = _by_household(session, Member, ids)
    conditions = _by_household(session, LivingCondition, ids)
    income_years = _income_years(session, ids, context)
    assignments = _assignments(session, ids, context)
    measures = _by_household(session, Measure, ids)
    monitorings = _by_household(session, Monitoring, ids)
    register_rows = _register_rows(session, ids, members, context.filled_tables)
    last_visits = (
        select(Visit.household_id, func.max(Visit.visited_on))
        .where(Visit.household_id.in_(ids), ~Visit.withdrawn)
        .where(Visit.way.is_(None) | Visit.way.in_(values_with_role("visit_way", "in_person")))
        .group_by(Visit.household_id)
    )
    visits = dict(iter(session.execute(last_visits).all()))
    taught = select(VisitPolicy.visit_id).where(~VisitPolicy.withdrawn)
    last_explained = (
        select(Visit.household_id, func.max(Visit.visited_on))
        .where(Visit.household_id.in_(ids), ~Visit.withdrawn)
        .where(Visit.explained.is_not(None) | Visit.id.in_(taught))
        .group_by(Visit.household_id)
    )
    explained = dict(iter(session.execute(last_explained).all()))
    for household_id in ids:
        as_of = min(households[household_id].fill_date or context.today, context.today)
        member_facts = [MemberFacts.from_row(row, as_of) for row in members.get(household_id, ())]
        yield HouseholdFacts(
            row=households[household_id],
            members=tuple(member for member in member_facts if not member.row.left),
            former_members=tuple(member for member in member_facts if member.row.left),
            living_conditions=tuple(sorted(conditions.get(household_id, ()), key=lambda row: -(row.year or 0))),
            income_years=tuple(income_years.get(household_id, ())),
            assignments=tuple(assignments.get(household_id, ())),
            measures=tuple(measures.get(household_id, ())),
            monitorings=tuple(newest_first(monitorings.get(household_id, ()))),
            last_visit=visits.get(household_id),
            last_explained=explained.get(household_id),
            rounds=tuple(context.round_results.get(household_id, ())),
            open_rounds=context.open_rounds,
            entitlements=context.entitlements.get(household_id, ()),
            merged_records=tuple(context.merged_records.get(household_id, ())),
            register_rows=register_rows.get(household_id, {}),
            village_lists=context.village_lists,
            cross_index=context.cross_index,
            standards=context.standards,
            today=context.today,
            as_of=as_of,
        )


def _select_rows(session: Session, model: type[RecordT], *criteria: Any) -> Iterator[RecordT]:
    """The records for which all of this holds, in the order of their ids."""
    column_names = model.__table__.columns.keys()
    table_attributes = {"__tablename__": model.__tablename__}
    for row in session.execute(_all_rows(model).where(*criteria)):
        yield cast(RecordT, ReadOnlyRow(table_attributes | dict(zip(column_names, row, strict=True))))


@cache
def _all_rows(model: type[Record]) -> Select[Any]:
    """Built once: some tables have forty columns, and one household's check asks forty tables."""
    return select(*model.__table__.columns).order_by(model.id)


def _by_household(session: Session, model: type[RecordT], ids: Sequence[str]) -> dict[str, list[RecordT]]:
    table: Any = model
    rows_by_household: dict[str, list[RecordT]] = {}
    for row in _select_rows(session, model, table.household_id.in_(ids), ~table.withdrawn):
        rows_by_household.setdefault(row.household_id, []).append(row)  # type: ignore[attr-defined]  # Record itself has none
    return rows_by_household


def _register_rows(
    session: Session, ids: Sequence[str], members: Mapping[str, Sequence[Member]], filled: Collection[str]
) -> dict[str, dict[str, list[Record]]]:
    """Household → table → its rows, and those of its people, in the registers that rules are about."""
    household_of = {member.id: household for household, rows in members.items() for member in rows}
    people = select(Member.id).where(Member.household_id.in_(ids), ~Member.withdrawn)
    found: dict[str, dict[str, list[Record]]] = {household: {} for household in ids}
    for model in (model for model in _AID if model.__tablename__ in filled):
        table: Any = model
        about = table.household_id.in_(ids) if hasattr(model, "household_id") else table.member_id.in_(people)
        for row in _select_rows(session, table, about, ~table.withdrawn):
            household = getattr(row, "household_id", None) or household_of[row.member_id]
            found[household].setdefault(model.__tablename__, []).append(row)
    return found


def _income_years(session: Session, ids: Sequence[str], context: RuleContext) -> dict[str, list[IncomeYearFacts]]:
    years = _by_household(session, IncomeYear, ids)
    for rows in years.values():
        rows.sort(key=lambda row: -(row.year or 0))
    newest = [rows[0].id for rows in years.values()]
    amounts: dict[str, dict[str, Decimal]] = {}
    query = select(
        IncomeLine.income_year_id, IncomeLine.item, IncomeLine.amount, IncomeLine.quantity, IncomeLine.unit_price
    ).where(IncomeLine.income_year_id.in_(newest), ~IncomeLine.withdrawn)
    for year, item, amount, quantity, price in session.execute(query):
        line_amount = entry_amount(amount, quantity, price)
        if line_amount is not None and item:
            year_amounts = amounts.setdefault(year or "", {})
            year_amounts[item] = year_amounts.get(item, Decimal()) + line_amount
    return {
        household: [
            IncomeYearFacts(row, context.net_by_income_year[row.id], amounts.get(row.id, {}))
            for row in rows
            if row.id in context.net_by_income_year
        ]
        for household, rows in years.items()
    }


def _assignments(session: Session, ids: Sequence[str], context: RuleContext) -> dict[str, list[AssignmentFacts]]:
    return {
        household: [
            AssignmentFacts(
                row, context.helpers.get(row.helper_id or ""), row.ended_on is None or row.ended_on > context.today
            )
            for row in rows
        ]
        for household, rows in _by_household(session, Assignment, ids).items()
    }
