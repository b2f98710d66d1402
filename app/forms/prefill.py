"""What a form is prefilled with from the workbook: first answers of a new entry, and words of its text."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form, Question, answer_text
from app.records.as_of import household_as_of, load_past
from app.records.assignment import is_in_force
from app.records.field import Value
from app.records.household import labour_counts, living_conditions
from app.records.income import yearly_incomes
from app.records.monitoring import monitorings
from app.records.row_views import HEAD_RELATION, member_row, member_rows
from db.schema.aid import Assignment, Helper
from db.schema.household import Household, Member
from db.schema.monitoring import Monitoring
from db.schema.village import Village

# sources of forms that a workbook keeps from a version before revision 0010 → columns of `monitoring`
_FORMER_SOURCES = {
    "household.monitor_since": "identified",
    "household.monitor_removed": "removed",
    "household.monitor_risks": "risks",
    "household.monitor_note": "risk_note",
}


@dataclass(frozen=True, slots=True)
class PrefillContext:
    """Known values of a form's subject, by source: "household.phone", "head.name", "living.house_area"."""

    values: Mapping[str, Value]

    def get(self, source: str) -> Value:
        """The value of a source; None where it is not known."""
        return self.values.get(source)


def prefill_values(
    session: Session,
    questions: Sequence[Question],
    village: str,
    household_id: str | None,
    member_id: str | None,
    year: int | None,
    operator: str,
    filled_on: date | None = None,
) -> PrefillContext:
    """The values that these questions can be prefilled with.

    Args:
        questions: only their sources are looked up
        year: of the entry: income of that year or the latest before it
        filled_on: the day of the entry; what the household was then (app/records/as_of.py)
    """
    sources = {question.prefill_source for question in questions} - {""}
    values: dict[str, Value] = {"operator": operator, "today": date.today(), "year": year or date.today().year}
    if _any_with_prefix(sources, "village."):
        values |= _record_values(
            "village", session.scalar(select(Village).where(Village.code == village, ~Village.withdrawn))
        )
    if member_id:
        values |= _record_values("member", session.get(Member, member_id))
    if household_id and sources:
        values |= _household_values(session, household_id, year, sources, day_of_facts(year, filled_on))
    return PrefillContext(values)


def _any_with_prefix(sources: Collection[str], prefix: str) -> bool:
    return any(source.startswith(prefix) for source in sources)


def initial_answers(form: Form, context: PrefillContext) -> dict[str, str]:
    """The first answers of a new entry, as stored."""
    answers = {
        question.key: answer_text(context.get(question.prefill_source))
        for question in form.simple_questions()
        if question.prefill_source
    }
    return {key: text for key, text in answers.items() if text}


def initial_line_answers(form: Form, key: str, context: PrefillContext) -> dict[str, str]:
    """Column → first value of a new line of a table."""
    answers = {
        question.key: answer_text(context.get(question.prefill_source))
        for question in form.question(key).columns
        if question.prefill_source
    }
    return {column: text for column, text in answers.items() if text}


def _record_values(name: str, row: Any) -> dict[str, Value]:
    if row is None:
        return {}
    columns = [column.name for column in row.__table__.columns if "declared" in column.info]
    return {f"{name}.{column}": getattr(row, column) for column in columns}


def day_of_facts(year: int | None, filled_on: date | None) -> date | None:
    """The day whose facts a form tells: on which it was filled in, no later than the end of its year."""
    if year is None:
        return filled_on
    return min(filled_on or date.max, date(year, 12, 31))


def _household_values(
    session: Session, household_id: str, year: int | None, sources: Collection[str], day: date | None
) -> dict[str, Value]:
    household = session.get(Household, household_id)
    people = [row for row in member_rows(session, household_id) if not row.left]
    head = next((session.get(Member, row.id) for row in people if row.relation == HEAD_RELATION), None)
    monitoring = next(iter(monitorings(session, household_id)), None)
    if household is not None and day is not None and day < date.today():
        everyone = session.scalars(select(Member).where(Member.household_id == household_id, ~Member.withdrawn)).all()
        then = household_as_of(household, everyone, load_past(session, household_id, everyone), day)
        household, monitoring = then.household, then.monitoring or monitoring
        people = [member_row(member, day) for member in then.members]
        head = next((member for member in then.members if member.relation == HEAD_RELATION), None)
    labour = labour_counts(people)
    values: dict[str, Value] = _record_values("household", household)
    values |= _monitoring_values(monitoring)
    values |= _record_values("head", head)
    values |= {
        "size": Decimal(len(people)),
        "labour": Decimal(labour.full + labour.half),
        "people": "、".join(row.name for row in people),
        "at_school": Decimal(labour.at_school),
        "group": (household.group_name or household.hamlet) if household else None,
        "kind": _kinds(household, values.get("monitoring.kind")),
    }
    if "helper" in sources:
        values["helper"] = "、".join(_helpers(session, household_id))
    if _any_with_prefix(sources, "living."):
        living = next((row for row in living_conditions(session, household_id) if not year or row.year <= year), None)
        values |= {f"living.{name}": value for name, value in living.values.items()} if living else {}
    if _any_with_prefix(sources, "income."):
        net = next((row for row in yearly_incomes(session, household_id) if not year or row.year <= year), None)
        values |= {"income.net": net.net, "income.per_head": net.per_capita, "income.year": net.year} if net else {}
    return values


def _monitoring_values(monitoring: Monitoring | None) -> dict[str, Value]:
    """Of the monitoring that is open, else of the latest; forms of former versions ask for it by the former names."""
    values = _record_values("monitoring", monitoring)
    former = {source: values.get(f"monitoring.{column}") for source, column in _FORMER_SOURCES.items()}
    return values | former


def _kinds(household: Household | None, monitored: Value) -> str | None:
    own = (household.household_kind or household.household_attribute) if household else None
    return "、".join(str(text) for text in (own, monitored) if text) or None


def _helpers(session: Session, household_id: str) -> list[str]:
    query = (
        select(Helper.name)
        .join(Assignment, Assignment.helper_id == Helper.id)
        .where(Assignment.household_id == household_id, is_in_force(), ~Helper.withdrawn)
        .order_by(Assignment.started_on, Helper.name)
    )
    return [name for name in session.scalars(query) if name]
