"""What the registers about the whole of the sample village hold: projects, trainings, who was in the village."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.policies.common_policies import common_policies
from app.sample.families import Row, SampleHousehold, SampleVillage, load_data, seeded_rng
from app.sample.livelihood import first_worker
from db.schema.employment import SkillTraining, TrainingParticipant
from db.schema.policy import Policy
from db.schema.project import ProjectBenefit, ProjectMoney, VillageProject
from db.schema.record import Record
from db.schema.work_team import Attendance

_MONEY = ("planned", "arrived", "paid")
_SATURDAY = 5


def village_rows(
    village: SampleVillage, households: Sequence[SampleHousehold], helpers: Sequence[Row]
) -> Iterator[tuple[type[Record], Row]]:
    """Record and its values, without the id."""
    data, by_no = load_data("registers"), {household.no: household for household in households}
    for project in data["projects"]:
        yield from _project(village, project, by_no)
    for training in data["trainings"]:
        yield from _training(village, training, households)
    for policy in common_policies():
        yield Policy, {**policy, "yearly": False}  # the story ends years ago
    for helper in helpers:
        if helper["is_team_leader"] or helper["is_team_member"]:
            yield from _attendance(helper, data["attendance"], households[0])


def _project(
    village: SampleVillage, entry: Mapping[str, Any], by_no: Mapping[int, SampleHousehold]
) -> Iterator[tuple[type[Record], Row]]:
    year = entry["proposed_on"].year
    below = ("way", "households", "amount", "money")
    values = {name: value for name, value in entry.items() if name not in below} | {"budget": Decimal(entry["budget"])}
    yield VillageProject, {"year": year, "owner": f"{village.name}村民委员会", **values}
    project_id = VillageProject.id_of(village.code, entry["name"], year)
    for source, *amounts in entry["money"]:
        money = dict(zip(_MONEY, map(Decimal, amounts), strict=True))
        yield ProjectMoney, {"project_id": project_id, "source": source, "year": year, **money}
    for no in entry["households"]:
        amount = Decimal(entry["amount"]) if "amount" in entry else None
        benefit = {"household_id": by_no[no].id, "way": entry["way"], "amount": amount}
        yield ProjectBenefit, {"project_id": project_id, **benefit}


def _training(
    village: SampleVillage, entry: Mapping[str, Any], households: Sequence[SampleHousehold]
) -> Iterator[tuple[type[Record], Row]]:
    """Of each registered household with the produce that it was about somebody came, who can work if anybody can."""
    values = {name: value for name, value in entry.items() if name not in ("produce", "subsidy")}
    organizer = entry["organizer"].format(village=village.name)
    yield SkillTraining, {**values, "organizer": organizer, "hours": Decimal(entry["hours"])}
    training_id = SkillTraining.id_of(village.code, entry["name"], entry["started_on"])
    for household in households:
        if household.is_registered and household.current_members and entry["produce"] in dict(household.produce):
            subsidy = Decimal(entry["subsidy"]) if "subsidy" in entry else None
            person = {"member_id": first_worker(household).id, "signed": True, "subsidy": subsidy}
            yield TrainingParticipant, {"training_id": training_id, **person}


def _attendance(
    helper: Row, entry: Mapping[str, Any], household: SampleHousehold
) -> Iterator[tuple[type[Record], Row]]:
    """A month, day by day; on the last two days of a week the team rests."""
    rng, day = seeded_rng(household, f"attendance of {helper['name']}"), entry["first"]
    while day <= entry["last"]:
        n = rng.randrange(len(entry["states"]))
        at_rest = day.weekday() >= _SATURDAY
        state = entry["rest"] if at_rest else entry["states"][n]
        yield Attendance, _day(helper, day, state, None if at_rest else entry["works"][n])
        day += timedelta(days=1)


def _day(helper: Row, day: date, state: str, work: str | None) -> Row:
    return {"helper_id": helper["id"], "day": day, "state": state, "work": work}
