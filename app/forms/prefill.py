"""What a form need not ask, because the workbook knows it: the first answers of a new entry, and words of its text."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.forms.definition import Form, Question, as_text
from app.records.assignment import in_force
from app.records.field import Value
from app.records.household import conditions, labour_count
from app.records.income import nets
from app.records.lists import HEAD, member_rows
from db.schema.aid import Assignment, Helper
from db.schema.household import Household, Member
from db.schema.village import Village


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of whom a form is about, by source: "household.phone", "head.name", "living.house_area"."""

    values: Mapping[str, Value]

    def of(self, source: str) -> Value:
        """The value of a source; None where it is not known."""
        return self.values.get(source)


def known(
    session: Session,
    asking: Sequence[Question],
    village: str,
    household_id: str | None,
    member_id: str | None,
    year: int | None,
    operator: str,
) -> Known:
    """What these questions may be filled with.

    Args:
        asking: only what they ask for is looked up
        year: of the entry: income of that year or the latest before it
    """
    wanted = {one.fills for one in asking} - {""}
    found: dict[str, Value] = {"operator": operator, "today": date.today(), "year": year or date.today().year}
    if _any(wanted, "village."):
        found |= _columns("village", session.scalar(select(Village).where(Village.code == village, ~Village.withdrawn)))
    if member_id:
        found |= _columns("member", session.get(Member, member_id))
    if household_id and wanted:
        found |= _of_household(session, household_id, year, wanted)
    return Known(found)


def _any(wanted: Collection[str], start: str) -> bool:
    return any(source.startswith(start) for source in wanted)


def first_answers(form: Form, about: Known) -> dict[str, str]:
    """Answers that a new entry begins with, as they are kept."""
    answers = {one.key: as_text(about.of(one.fills)) for one in form.plain() if one.fills}
    return {key: text for key, text in answers.items() if text}


def line_answers(form: Form, key: str, about: Known) -> dict[str, str]:
    """Column → what a new line of a table begins with."""
    answers = {one.key: as_text(about.of(one.fills)) for one in form.question(key).columns if one.fills}
    return {column: text for column, text in answers.items() if text}


def _columns(name: str, row: Any) -> dict[str, Value]:
    if row is None:
        return {}
    columns = [column.name for column in row.__table__.columns if "declared" in column.info]
    return {f"{name}.{column}": getattr(row, column) for column in columns}


def _of_household(session: Session, household_id: str, year: int | None, wanted: Collection[str]) -> dict[str, Value]:
    home = session.get(Household, household_id)
    people = [one for one in member_rows(session, household_id) if not one.left]
    head = next((one for one in people if one.relation == HEAD), None)
    count = labour_count(people)
    found: dict[str, Value] = _columns("household", home)
    found |= _columns("head", session.get(Member, head.id) if head else None)
    found |= {
        "size": Decimal(len(people)),
        "labour": Decimal(count.full + count.half),
        "people": "、".join(one.name for one in people),
        "at_school": Decimal(count.at_school),
        "group": (home.group_name or home.hamlet) if home else None,
        "kind": (home.household_kind or home.household_attribute) if home else None,
    }
    if "helper" in wanted:
        found["helper"] = "、".join(_helpers(session, household_id))
    if _any(wanted, "living."):
        living = next((one for one in conditions(session, household_id) if not year or one.year <= year), None)
        found |= {f"living.{name}": value for name, value in living.values.items()} if living else {}
    if _any(wanted, "income."):
        net = next((one for one in nets(session, household_id) if not year or one.year <= year), None)
        found |= {"income.net": net.net, "income.per_head": net.per_head, "income.year": net.year} if net else {}
    return found


def _helpers(session: Session, household_id: str) -> list[str]:
    query = (
        select(Helper.name)
        .join(Assignment, Assignment.helper_id == Helper.id)
        .where(Assignment.household_id == household_id, in_force(), ~Helper.withdrawn)
        .order_by(Assignment.started_on, Helper.name)
    )
    return [name for name in session.scalars(query) if name]
