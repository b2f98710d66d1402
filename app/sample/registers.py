"""What the registers of the sample village hold: what follows from its households, and what registers.toml tells."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.records.field import options
from app.sample.assistance import AssignmentSeed
from app.sample.families import (
    OUTSIDE_COUNTY,
    STORY_DAY,
    Row,
    SampleHousehold,
    SamplePerson,
    SampleVillage,
    load_data,
    seeded_rng,
)
from app.sample.life_events import life_event_rows
from app.sample.livelihood import livelihood_rows
from app.sample.village_registers import village_rows
from app.sample.village_work import work_rows
from app.sample.visits import explained_rows, participant_rows, plan_rows
from db.schema.assistance import EmergencyAid, SocialAssistance
from db.schema.education import EducationAid
from db.schema.employment import PublicJob, PublicJobMonth, WorkSpell
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.health import ChronicCard, MedicalExpense
from db.schema.housing import HousingRenovation
from db.schema.insurance import InsuranceClaim, InsuranceEnrolment
from db.schema.production import ProductionSubsidy
from db.schema.record import Record
from resources.option_roles import values_with_role
from resources.yearly_limits import numbers_of_year

_RENOVATION_STEPS = (
    "applied_on", "appraised_on", "published_on", "approved_on", "started_on", "completed_on", "accepted_on", "paid_on",
)  # fmt: skip
_Made = tuple[type[Record], Row]


def register_rows(
    village: SampleVillage,
    households: Sequence[SampleHousehold],
    helpers: Sequence[Row],
    measures: Sequence[Row],
    visits: Sequence[Row],
    assignment_seeds: Sequence[AssignmentSeed],
) -> dict[str, list[Row]]:
    """Rows by table, of the registers and of what stands below their rows."""
    made = [*village_rows(village, households, helpers), *work_rows(village, households, helpers)]
    made += _loans(measures, households)
    for household in households:
        if household.is_active:
            made += [*_of_household(household), *_work(household), *_schooling(household), *_health(household)]
            made += [*_insurance(household), *_assistance(household), *life_event_rows(household)]
            made += livelihood_rows(household)
    made += _defects(households)
    made += [*participant_rows(visits, helpers), *explained_rows(village, visits), *plan_rows(visits, assignment_seeds)]
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for model, values in made:
        key = model.KEY
        assert isinstance(key, tuple)
        row = {"village": village.code, **values}
        tables[model.__tablename__].append({"id": model.id_of(*(row.get(name) for name in key)), **row})
    return dict(tables)


def _data(part: str) -> Any:
    return load_data("registers")[part]


def _word(name: str) -> Any:
    return _data("words")[name]


def _loans(measures: Sequence[Row], households: Sequence[SampleHousehold]) -> Iterator[_Made]:
    """The loans that stand among the measures, with the interest that the county paid."""
    head = {household.id: household.current_members[0] for household in households if household.current_members}
    old, misused = _data("defects")["old_borrower"], _data("defects")["misused_loan"]
    head |= {one.id: person for one in households for person in one.members if person.name == old["name"]}
    purposes = {one.id: misused["purpose"] for one in households if one.no == misused["household"]}
    kinds = values_with_role("measure_kind", "loan")
    for measure in (one for one in measures if one["kind"] in kinds and one["started_on"]):
        issued: date = measure["started_on"]
        loan = {
            "household_id": measure["household_id"],
            "member_id": head[measure["household_id"]].id,
            "bank": _word("bank"),
            "contract_no": f"XS{issued:%Y%m%d}",
            "amount": measure["amount"],
            "rate": Decimal("4.35"),
            "interest_paid_by": _word("interest"),
            "purpose": purposes.get(measure["household_id"], _word("loan_purpose")),
            "issued_on": issued,
            "due_on": issued.replace(year=issued.year + 3),
        }
        yield SmallLoan, loan
        loan_id = SmallLoan.id_of(*(loan[name] for name in SmallLoan.KEY))
        interest = (measure["amount"] * Decimal("0.0435") / 4).quantize(Decimal("0.01"))
        for month in (9, 12):
            paid_on = date(issued.year, month, 20)
            yield LoanRepayment, {"loan_id": loan_id, "paid_on": paid_on, "interest": interest, "subsidised": interest}


def _work(household: SampleHousehold) -> Iterator[_Made]:
    """Public posts with their months, and work away from home."""
    for person in household.current_members:
        if "job" in person.attributes:
            yield from _post(household, person)
        if "work" in person.attributes:
            yield WorkSpell, _spell(household, person)


def _post(household: SampleHousehold, person: SamplePerson) -> Iterator[_Made]:
    kind, months = person.attributes["job"]
    started = date(2018, 13 - int(months), 1)
    pay = Decimal(_data("amounts")["post"])
    job = {
        "member_id": person.id,
        "kind": kind,
        "unit": _word("post_unit").format(village=household.village.name),
        "contract_no": f"GW2018{household.no:03}",
        "started_on": started,
        "contract_until": date(2019, 12, 31),
        "pay": pay,
    }
    yield PublicJob, job
    rng = seeded_rng(household, "public job")
    for month in range(started.month, STORY_DAY.month):
        yield (
            PublicJobMonth,
            {
                "job_id": PublicJob.id_of(person.id, kind, started),
                "month": f"2018-{month:02}",
                "days": rng.randrange(20, 27),
                "appraisal": _word("post_appraisal"),
                "paid": pay,
                "paid_on": date(2018, month + 1, 10),
            },
        )


def _spell(household: SampleHousehold, person: SamplePerson) -> Row:
    region, place, months, pay, company = person.attributes["work"]
    rng = seeded_rng(household, f"work {person.name}")
    started = date(2018, 1, 2) if int(months) > 10 else date(2018, 2, 22) + timedelta(days=rng.randrange(6))
    ended = started + timedelta(days=int(months) * 30)
    row = {
        "member_id": person.id,
        "region": region,
        "place": place,
        "company": company,
        "channel": rng.choice(_word("work_channels")),
        "started_on": started,
        "ended_on": ended if ended < STORY_DAY - timedelta(days=30) else None,
        "months": Decimal(months),
        "pay": Decimal(pay),
    }
    if household.is_registered and region in OUTSIDE_COUNTY:
        high = _data("defects")["high_travel"]
        subsidy = Decimal(high["amount"] if person.name == high["name"] else _data("amounts")["travel"])
        row |= {"subsidy_kind": _word("travel_subsidy"), "subsidy": subsidy, "subsidy_paid_on": date(2018, 11, 26)}
    return row


def _schooling(household: SampleHousehold) -> Iterator[_Made]:
    """What pupils of a registered household were granted for the autumn."""
    low = _data("defects")["low_grant"]
    for person in household.current_members if household.is_registered else ():
        for grant in _data("grants"):
            if person.school_status in grant["stages"] and person.name != _data("defects")["omitted_pupil"]:
                spec = grant | {"standard": low["standard"]} if person.name == low["name"] else grant
                yield EducationAid, _grant(household, person, spec)


def _grant(household: SampleHousehold, person: SamplePerson, grant: Mapping[str, Any]) -> Row:
    is_paid = seeded_rng(household, f"grant {person.name}").random() < 0.9
    standard = Decimal(grant["standard"])
    return {
        "member_id": person.id,
        "year": 2018,
        "term": _word("autumn"),
        "stage": person.school_status,
        "school": person.attributes.get("school", (None,))[0],
        "item": grant["item"],
        "standard": standard,
        "applied_on": date(2018, 9, 18),
        "approved_on": date(2018, 10, 12),
        "paid": standard if is_paid else None,
        "paid_on": date(2018, 11, 23) if is_paid else None,
        "evidence": _word("evidence"),
    }


def _health(household: SampleHousehold) -> Iterator[_Made]:
    """Cards and outpatient bills of the chronically ill, bills of the seriously ill."""
    medical = _data("medical")
    for person in household.current_members:
        rng = seeded_rng(household, f"illness of {person.name}")
        if "chronic" in person.health and person.name != _data("defects")["uncarded"]:
            yield ChronicCard, _card(household, person)
        if "chronic" in person.health and household.is_registered:
            total = Decimal(rng.randrange(8, 30) * 100)
            basic = (total * Decimal("0.55")).quantize(Decimal("0.01"))
            paid = {"basic": basic, "supplement": ((total - basic) * Decimal("0.8")).quantize(Decimal("0.01"))}
            yield MedicalExpense, _bill(person, medical["chronic"], date(2018, 11, 8), total, paid)
        if "serious" in person.health and household.is_registered:
            for month in (4, 10):
                total = Decimal(rng.randrange(80, 160) * 100)
                shares = {"basic": "0.65", "serious": "0.12", "rescue": "0.08", "supplement": "0.06"}
                paid = {name: (total * Decimal(share)).quantize(Decimal("0.01")) for name, share in shares.items()}
                yield MedicalExpense, _bill(person, medical["care"], date(2018, month, 17), total, paid)


def _card(household: SampleHousehold, person: SamplePerson) -> Row:
    return {
        "member_id": person.id,
        "disease": person.illness,
        "card_no": f"MB2017{household.no:04}{person.order:04}",
        "applied_on": date(2017, 5, 10),
        "issued_on": date(2017, 6, 2),
        "valid_until": date(2019, 12, 31),
        "doctor": _word("doctor"),
    }


def _bill(person: SamplePerson, care: str, day: date, total: Decimal, paid: Mapping[str, Decimal]) -> Row:
    level = _word("hospital_level")
    return {
        "member_id": person.id,
        "settled_on": day,
        "care": care,
        "hospital": _data("medical")["hospitals"][level],
        "level": level,
        "illness": person.illness,
        "total": total,
        **paid,
    }


def _insurance(household: SampleHousehold) -> Iterator[_Made]:
    """Medical insurance of 2018, which all paid, and of 2019, which some have not paid yet."""
    employees = "职工医保"
    for person in household.current_members:
        for year in (2018, 2019):
            rng = seeded_rng(household, f"insured {person.name} {year}")
            if employees in person.flags or person.birth.year >= year:
                continue
            fee = Decimal(_data("amounts")[f"medical_{year}"])
            is_paid = year == 2018 or household.is_registered or rng.random() < 0.8
            yield (
                InsuranceEnrolment,
                {
                    "member_id": person.id,
                    "year": year,
                    "kind": _word("medical_insurance"),
                    "payer": _word("paid_for" if household.is_registered else "paid_self"),
                    "fee": fee,
                    "subsidised": fee if household.is_registered else None,
                    "paid_on": date(year - 1, 12, rng.randrange(3, 19)) if is_paid else None,
                },
            )


def _assistance(household: SampleHousehold) -> Iterator[_Made]:
    """低保 and 特困 by the marks of the people, subsidies for the disabled."""
    strength = {option.value: option.extra["strength"] for option in options("labour")}
    for person in household.current_members:
        for entry in _data("assistance"):
            if entry["mark"] in person.flags:
                level, amount = entry[strength.get(person.labour, "none")]
                yield SocialAssistance, _support(person, entry["kind"], level, amount)
        if "disabled" in person.health:
            disability = _data("disability")
            _, level = person.health["disabled"].split("/")
            if level in disability["severe"]:
                yield SocialAssistance, _support(person, disability["care"], None, disability["care_amount"])
            if household.is_registered:
                yield SocialAssistance, _support(person, disability["living"], None, disability["living_amount"])


def _support(person: SamplePerson, kind: str, level: str | None, amount: int) -> Row:
    is_late = person.name == _data("defects")["late_review"]
    return {
        "member_id": person.id,
        "kind": kind,
        "level": level,
        "applied_on": date(2017, 4, 12),
        "approved_on": date(2017, 6, 20),
        "started_in": "2017-07",
        "amount": Decimal(amount),
        "reviewed_on": date(2017, 9, 14) if is_late else date(2018, 10, 25),
    }


def _of_household(household: SampleHousehold) -> Iterator[_Made]:
    """Its house, what it grew, what struck it."""
    if household.unsafe_house and household.current_members:
        yield HousingRenovation, _renovation(household, *household.unsafe_house)
    for name, quantity in household.produce if household.is_registered else ():
        if name in _data("production"):
            yield ProductionSubsidy, _subsidy(household, _data("production")[name], quantity)
    for model, part in ((EmergencyAid, "emergencies"), (InsuranceClaim, "claims")):
        for entry in _data(part):
            if entry["household"] == household.no:
                yield model, _case(household, entry)


def _case(household: SampleHousehold, entry: Mapping[str, Any]) -> Row:
    """What registers.toml tells of an emergency or a claim."""
    money = ("requested", "approved", "loss", "claim")
    told = {name: Decimal(value) if name in money else value for name, value in entry.items() if name != "household"}
    return {"household_id": household.id, "member_id": household.current_members[0].id, **told}


def _renovation(household: SampleHousehold, level: str, year: int) -> Row:
    """One that is planned for a later year has been approved; the others are paid for."""
    house = _data("house")
    role = next((role for role in ("tekun", "dibao", "poor") if role in household.tags), "other")
    begun = min(year, STORY_DAY.year)
    is_planned = year > STORY_DAY.year
    steps = _RENOVATION_STEPS[:4] if is_planned else _RENOVATION_STEPS
    row: Row = {
        "household_id": household.id,
        "year": year,
        "target": house["targets"][role],
        "level": level,
        "certified_on": date(begun, 2, 20),
        "certified_by": house["certified_by"],
        "way": house["ways"][level],
        "subsidy": Decimal(house["subsidies"][level]),
        **{name: date(begun, month, 15) for month, name in enumerate(steps, 3)},
    }
    return row if is_planned else row | {"acceptance": _word("accepted"), "accepted_by": _word("town")}


def _subsidy(household: SampleHousehold, item: str, quantity: Decimal) -> Row:
    numbers = numbers_of_year("production_subsidy", 2018, item)
    entitled = min(quantity * numbers["standard"], numbers["cap"])
    defects = _data("defects")
    is_paid = seeded_rng(household, f"subsidy {item}").random() < 0.8
    row: Row = {
        "household_id": household.id,
        "year": 2018,
        "item": item,
        "declared_on": date(2018, 3, 20),
        "declared": quantity,
        "verified_on": date(2018, 9, 12),
        "verified": quantity,
        "verified_by": _word("verifier"),
        "published_on": date(2018, 10, 15),
    }
    if household.no == defects["disordered_household"]:
        row["published_on"] = date(2018, 8, 15)
    if is_paid or household.no == defects["overpaid_household"]:
        extra = 300 if household.no == defects["overpaid_household"] else 0
        row |= {"paid": entitled + extra, "paid_on": date(2018, 11, 28)}
    return row


def _defects(households: Sequence[SampleHousehold]) -> Iterator[_Made]:
    """What is wrong on purpose beside what is changed above."""
    defects = _data("defects")
    people = {person.name: person for household in households for person in household.members}
    household_of = {person.id: household for household in households for person in household.members}
    pupil = people[defects["grant"]["name"]]
    yield EducationAid, _grant(household_of[pupil.id], pupil, defects["grant"])
    dead = dict(defects["dead"])
    person = people[dead.pop("name")]
    amount = Decimal(dead.pop("amount"))
    yield SocialAssistance, {"member_id": person.id, "approved_on": date(2015, 12, 20), "amount": amount, **dead}
    costly = defects["over_cap"]
    patient = people[costly["name"]]
    paid = {name: Decimal(costly[name]) for name in ("basic", "serious", "rescue")}
    bill = _bill(patient, _data("medical")["care"], date(2018, 6, 21), Decimal(costly["total"]), paid)
    yield MedicalExpense, bill | {"level": costly["level"], "hospital": _data("medical")["hospitals"][costly["level"]]}
