"""The households that a paper about the village is about, and whose village it is."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive.about import About
from app.archive.blocks import Between
from app.archive.subject import setting
from app.checklists.homes import closed_states, group_number
from app.records.lists import HEAD, HouseholdRow, age, birth_of, household_rows
from app.records.masking import masked
from db.schema.household import Member
from db.schema.village import Village

CHILD = 14  # 个人信息保护法 28: what concerns a child below this age is sensitive


@dataclass(frozen=True, slots=True)
class Listed:
    """Households in walking order, and who keeps them."""

    homes: tuple[HouseholdRow, ...]
    villages: tuple[Village, ...]
    unit: str
    helper_word: str

    @property
    def village(self) -> str:
        """The name of the village, of all where there are several."""
        return "、".join(one.name or one.code or "" for one in self.villages) or "本村"

    @property
    def place(self) -> str:
        """The village with its township before it."""
        township = next((one.township for one in self.villages if one.township), "")
        return f"{township}{self.village}"

    @property
    def people(self) -> int:
        return sum(home.size for home in self.homes)

    def heading(self, right: str = "") -> Between:
        """The line over a list: of which village, how many households and people."""
        return Between(f"行政村：{self.place}", right or f"共 {len(self.homes)} 户 {self.people} 人")


def listed(session: Session, about: About) -> Listed:
    """The chosen households in the order in which they were chosen, or all in force, group by group."""
    rows = household_rows(session)
    if about.households:
        by_id = {one.id: one for one in rows}
        homes = [by_id[id] for id in about.households if id in by_id]
    else:
        homes = sorted((one for one in rows if one.state not in closed_states()), key=_walking)
    codes = list(dict.fromkeys(home.village for home in homes))
    kept = select(Village).where(~Village.withdrawn).order_by(Village.code)
    villages = tuple(session.scalars(kept.where(Village.code.in_(codes)) if codes else kept))
    first = villages[0].name if villages else ""
    return Listed(
        homes=tuple(homes),
        villages=villages,
        unit=setting(session, "archive_unit") or f"{first or ''}村民委员会",
        helper_word=setting(session, "helper_word") or "帮扶联系人",
    )


def group_of(home: HouseholdRow) -> str:
    """Where a household lives, as a list says it."""
    return home.group or home.hamlet


def public_heads(session: Session, today: date) -> dict[str, str]:
    """Household → its head as a public list names them: a child by the family name alone."""
    rows = session.execute(
        select(Member.household_id, Member.name, Member.birth, Member.id_no).where(
            Member.relation == HEAD, Member.left.is_(None), ~Member.withdrawn
        )
    )
    found = {}
    for household, name, birth, id_no in rows:
        years = age(birth or birth_of(id_no), today)
        child = years is not None and years < CHILD
        found[household or ""] = masked(name or "", "name") if child and name else name or ""
    return found


def _walking(home: HouseholdRow) -> tuple[object, ...]:
    """二组 before 十组, households without a group last."""
    group = group_of(home)
    number = group_number(group)
    return home.village, not group, number is None, number or 0, group, home.household_no, home.id
