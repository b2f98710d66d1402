"""Households and members of the sample village, cell by cell."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from stdnum import luhn

from app.records.field import options
from app.records.row_views import HEAD_RELATION
from app.sample.families import (
    OUTSIDE_COUNTY,
    STORY_DAY,
    Row,
    SampleHousehold,
    SamplePerson,
    hamlet,
    id_number,
    load_data,
    local_place_name,
    matches_tags,
    product_spec,
    seeded_rng,
)
from resources.option_roles import value_of

FILLER, FILLER_PHONE = "汪巧珍", "15498880013"


def household_rows(households: Sequence[SampleHousehold]) -> list[Row]:
    """One row of `household` for each household."""
    household_by_no = {household.no: household for household in households}
    return [_household(household, household_by_no) for household in households]


def member_rows(households: Sequence[SampleHousehold]) -> list[Row]:
    """One row of `member` for each person, also of those who left."""
    return [_member(household, person) for household in households for person in household.members]


def phone_of(household: SampleHousehold) -> str:
    """Numbers that begin with 154 0888 are not given out."""
    return f"1540888{household.raw.get('phone_of', household.no):04}"


def _household(household: SampleHousehold, household_by_no: Mapping[int, SampleHousehold]) -> Row:
    raw, size = household.raw, len(household.current_members)
    away_count = sum(person.attributes.get("work", ("",))[0] in OUTSIDE_COUNTY for person in household.current_members)
    card_prefix = f"6299888{household.no:011}"
    return {
        "id": household.id,
        "village": household.village.code,
        "household_no": household.number,
        "hamlet": hamlet(raw["group"]),
        "group_name": raw["group"],
        "address": f"{household.village.name}{raw['group']}{household.no}号",
        "phone": phone_of(household) if household.members else None,
        "bank_name": "岳西农村商业银行响水支行" if household.is_registered and household.members else None,
        "bank_card_no": card_prefix + luhn.calc_check_digit(card_prefix)
        if household.is_registered and household.members
        else None,
        "household_kind": household.household_kind,
        "registration_state": household.registration_state,
        "population": raw.get("population", size),
        "residents": max(size - away_count, 0),
        "filler": FILLER,
        "filler_phone": FILLER_PHONE,
        "fill_date": STORY_DAY - timedelta(days=seeded_rng(household, "filled in").randrange(50, 85)),
        "situation": _situation(household),
        "merged_into": household_by_no[raw["merged"]].id if "merged" in raw else None,
        **(_registration(household) if household.is_registered else {}),
        **_choice_values(raw.get("is", {})),
    }


def _registration(household: SampleHousehold) -> Row:
    """What only registered households have."""
    raw, exit_ = household.raw, household.raw["exit"]
    exited = isinstance(exit_, int)
    usual, attribute = load_data("households")["usual"], load_data("households")["words"]["types"][raw["type"]]
    main, *others = raw["cause"]
    return {
        "household_attribute": value_of("household_attribute", attribute, "exited" if exited else "poor"),
        "exit_status": household.exit_status,
        "ident_standard": usual["standards"].get(str(household.no % 23), usual["standard"]),
        "register_date": raw["since"],
        "plan_exit_year": exit_ if exited else 2018 if exit_ == value_of("exit_status", "about_to_exit") else 2019,
        "exit_year": exit_ if exited else None,
        "cause_main": main,
        "cause_other": _ordered_choices(others, "poverty_cause"),
        "cause_note": None if exited else f"{raw['story'].split('。')[0]}。",
        "is_military_family": False,
        "is_one_child": False,
        "is_two_girls": False,
        "no_labour_fallback": False,
    }


def _choice_values(values: Mapping[str, Any]) -> Row:
    """Lists of the file as choices."""
    return {key: _ordered_choices(value, "risk") if isinstance(value, list) else value for key, value in values.items()}


def _ordered_choices(chosen: Sequence[str], dictionary: str) -> tuple[str, ...] | None:
    """Choices in the order of their list, as they are stored."""
    return tuple(option.value for option in options(dictionary) if option.value in chosen) or None


def _situation(household: SampleHousehold) -> str:
    """The story, and the plain facts that follow from the other records."""
    if not household.current_members:
        return str(household.raw["story"])
    full = {option.value for option in options("labour") if option.extra["strength"] == "full"}
    able_count = sum(person.labour in full for person in household.current_members)
    facts = f"全家{len(household.current_members)}口人，" + (
        f"劳动力{able_count}人。" if able_count else "没有整劳动力。"
    )
    produce = "、".join(product_spec(name)["in_words"].format(n=number) for name, number in household.produce)
    workers = [
        f"{person.name}在{local_place_name(person.attributes['work'][1])}务工"
        for person in household.current_members
        if "work" in person.attributes
    ]
    pupils = [
        f"{person.name}在{person.attributes['school'][0]}就读"
        for person in household.current_members
        if person.is_pupil
    ]
    parts = [f"家中有{produce}" if produce else "", *workers, *pupils]
    more = "，".join(part for part in parts if part)
    assistance = (
        "享受特困供养。"
        if matches_tags(household, ["tekun"])
        else "享受农村低保。"
        if matches_tags(household, ["dibao"])
        else ""
    )
    return f"{household.raw['story']}{facts}{more + '。' if more else ''}{assistance}"


def _member(household: SampleHousehold, person: SamplePerson) -> Row:
    id_no = id_number(person.birth, person.order, person.sex)
    marks, has_employee_insurance = person.flags, "职工医保" in person.flags
    usual = load_data("households")["usual"]
    political = "party_member" if "党员" in marks else "league_member" if "团员" in marks else "political"
    education_column = "school_status" if person.school_status else "education"
    is_adult = person.age() >= 16 and not person.is_pupil
    row: Row = {
        "id": person.id,
        "village": household.village.code,
        "household_id": household.id,
        "person_no": person.person_no,
        "name": person.name,
        "sex": person.sex,
        "id_type": usual["id_type"],
        "id_no": id_no,
        "birth": person.birth,
        "relation": person.relation,
        "ethnic": person.attributes.get("ethnic", (usual["ethnic"],))[0],
        "political": usual[political],
        education_column: person.education,
        "school_name": person.attributes.get("school", (None,))[0],
        "labour": person.labour,
        "med_ins": not has_employee_insurance,
        "emp_med_ins": has_employee_insurance,
        "serious_ins": True,
        "comm_ins": household.no % 9 == 4 and person.relation == HEAD_RELATION,
        "med_rescue": "serious" in person.health,
        "pension": is_adult and not has_employee_insurance,
        "emp_pension": has_employee_insurance,
        "dibao": "低保" in marks,
        "tekun": "特困" in marks,
        "mandarin": 6 <= person.age() <= 55 and "disabled" not in person.health,
        "relocated_person": bool(household.raw.get("relocated")),
        "member_phone": _phone(household, person),
        "ident_date": person.joined_on.strftime("%Y-%m") if person.joined_on else household.raw.get("since"),
    }
    return row | _health(person, id_no) | _work(person) | _joined_and_left(person)


def _phone(household: SampleHousehold, person: SamplePerson) -> str | None:
    if person.relation == HEAD_RELATION:
        return phone_of(household)
    return f"1541888{household.no:02}{person.order % 7 + 1:02}" if "work" in person.attributes else None


def _health(person: SamplePerson, id_no: str) -> Row:
    if not person.health:
        return {"health": (value_of("health", "healthy"),)}
    row: Row = {
        "health": _ordered_choices([value_of("health", role) for role in person.health], "health"),
        "illness_name": person.illness or None,
    }
    if "disabled" in person.health:
        kind, level = person.health["disabled"].split("/")
        digits = (
            next(option.code for option in options(name) if option.value == value)
            for name, value in (("disability_kind", kind), ("disability_level", level))
        )
        row |= {"disability_no": id_no + "".join(digits), "disability_kind": kind, "disability_level": level}
    return row


def _work(person: SamplePerson) -> Row:
    row: Row = {}
    if "work" in person.attributes:
        region, place, months, income, company = person.attributes["work"]
        row |= {
            "work_region": region,
            "work_place": place,
            "work_months": Decimal(months),
            "work_income_month": Decimal(income),
            "work_company": company,
        }
    if "job" in person.attributes:
        kind, months = person.attributes["job"]
        row |= {"public_job_kind": kind, "public_job_months": Decimal(months)}
    return row


def _joined_and_left(person: SamplePerson) -> Row:
    row: Row = {}
    if "joined" in person.attributes:
        row |= {"joined": person.attributes["joined"][0], "joined_on": person.joined_on}
    if "left" in person.attributes:
        row |= {"left": person.attributes["left"][0], "left_on": person.left_on}
    return row
