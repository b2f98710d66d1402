"""The households of a report about the village."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.households import closed_registration_states, group_number
from app.pdf.flowables import HeaderLine
from app.records.row_views import HEAD_RELATION, HouseholdRow, age_on, birth_of, household_rows
from app.reports.era import Terms, terms
from app.reports.household_context import HELPER_WORD, text_setting
from app.reports.parameters import ReportParameters
from app.workbook.masking import mask_text
from db.schema.household import Member
from db.schema.village import Village

CHILD_AGE = 14  # 个人信息保护法 28: what concerns a child below this age is sensitive


@dataclass(frozen=True, slots=True)
class HouseholdSelection:
    """Households in walking order, with their villages."""

    households: tuple[HouseholdRow, ...]
    villages: tuple[Village, ...]
    unit: str
    terms: Terms

    @property
    def helper_word(self) -> str:
        """What those who help are called: 帮扶责任人, 帮扶联系人."""
        return self.terms.word("helper")

    @property
    def village(self) -> str:
        """The name of the village, or of all if there are several."""
        return "、".join(item.name or item.code or "" for item in self.villages) or "本村"

    @property
    def place(self) -> str:
        """The village, preceded by its township."""
        township = next((item.township for item in self.villages if item.township), "")
        return f"{township}{self.village}"

    @property
    def people(self) -> int:
        return sum(household.size for household in self.households)

    def header_line(self, right: str = "") -> HeaderLine:
        """The line above a list: village, number of households and people."""
        return HeaderLine(f"行政村：{self.place}", right or f"共 {len(self.households)} 户 {self.people} 人")


def select_households(session: Session, parameters: ReportParameters) -> HouseholdSelection:
    """The chosen households in the order of choice, or all in force, group by group."""
    rows = household_rows(session)
    if parameters.households:
        by_id = {row.id: row for row in rows}
        selected = [by_id[id] for id in parameters.households if id in by_id]
    else:
        selected = sorted((row for row in rows if row.state not in closed_registration_states()), key=_walking_order)
    codes = list(dict.fromkeys(row.village for row in selected))
    village_query = select(Village).where(~Village.withdrawn).order_by(Village.code)
    villages = tuple(session.scalars(village_query.where(Village.code.in_(codes)) if codes else village_query))
    first_village = villages[0].name if villages else ""
    return HouseholdSelection(
        households=tuple(selected),
        villages=villages,
        unit=text_setting(session, "archive_unit") or f"{first_village or ''}村民委员会",
        terms=village_terms(session, parameters.day, villages),
    )


def village_terms(session: Session, day: date, villages: Sequence[Village] = ()) -> Terms:
    """The words of a paper of that day about a village, the first where there are several."""
    query = select(Village).where(~Village.withdrawn).order_by(Village.code).limit(1)
    first = villages[0] if villages else session.scalar(query)
    return terms(first.era if first else None, day, helper=text_setting(session, HELPER_WORD))


def group_or_hamlet(household: HouseholdRow) -> str:
    """Where a household lives, as printed in a list."""
    return household.group or household.hamlet


def public_head_names(session: Session, today: date) -> dict[str, str]:
    """Household → its head as named in a public list: a child by the family name alone."""
    rows = session.execute(
        select(Member.household_id, Member.name, Member.birth, Member.id_no).where(
            Member.relation == HEAD_RELATION, Member.left.is_(None), ~Member.withdrawn
        )
    )
    names = {}
    for household, name, birth, id_no in rows:
        years = age_on(birth or birth_of(id_no), today)
        child = years is not None and years < CHILD_AGE
        names[household or ""] = mask_text(name or "", "name") if child and name else name or ""
    return names


def _walking_order(household: HouseholdRow) -> tuple[object, ...]:
    """Sort key: 二组 before 十组, households without a group last."""
    group = group_or_hamlet(household)
    number = group_number(group)
    return household.village, not group, number is None, number or 0, group, household.household_no, household.id
