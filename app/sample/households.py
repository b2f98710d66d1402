"""Households and members of the sample village, cell by cell."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from stdnum import luhn

from app.records.field import options
from app.sample.homes import AWAY, STORY_DAY, Home, Person, Row, fitting, hamlet, id_number, product, rng, spoken

FILLER, FILLER_PHONE = "汪巧珍", "15498880013"


def household_rows(homes: Sequence[Home]) -> list[Row]:
    """One row of `household` for each home."""
    by_no = {home.no: home for home in homes}
    return [_household(home, by_no) for home in homes]


def member_rows(homes: Sequence[Home]) -> list[Row]:
    """One row of `member` for each person, also of those who left."""
    return [_member(home, person) for home in homes for person in home.people]


def phone_of(home: Home) -> str:
    """Numbers that begin with 154 0888 are not given out."""
    return f"1540888{home.raw.get('phone_of', home.no):04}"


def _household(home: Home, by_no: Mapping[int, Home]) -> Row:
    raw, size = home.raw, len(home.present)
    away = sum(person.more.get("务工", ("",))[0] in AWAY for person in home.present)
    card = f"6299888{home.no:011}"
    return {
        "id": home.id,
        "village": home.place.code,
        "household_no": home.number,
        "hamlet": hamlet(raw["group"]),
        "group_name": raw["group"],
        "address": f"{home.place.name}{raw['group']}{home.no}号",
        "phone": phone_of(home) if home.people else None,
        "bank_name": "岳西农村商业银行响水支行" if home.registered and home.people else None,
        "bank_card_no": card + luhn.calc_check_digit(card) if home.registered and home.people else None,
        "household_kind": home.kind,
        "registration_state": home.state,
        "population": raw.get("population", size),
        "residents": max(size - away, 0),
        "filler": FILLER,
        "filler_phone": FILLER_PHONE,
        "fill_date": STORY_DAY - timedelta(days=rng(home, "filled in").randrange(50, 85)),
        "situation": _situation(home),
        "merged_into": by_no[raw["merged"]].id if "merged" in raw else None,
        **(_registration(home) if home.registered else {}),
        **_tidy(raw.get("is", {})),
    }


def _registration(home: Home) -> Row:
    """What only registered households have."""
    raw, exit_ = home.raw, home.raw["exit"]
    exited = isinstance(exit_, int)
    ordinary = {"特困": "特困供养"}.get(raw["type"], raw["type"])
    main, *others = raw["cause"]
    return {
        "household_attribute": f"{ordinary}{'脱贫户' if exited else '贫困户'}",
        "exit_status": home.exit_status,
        "ident_standard": {5: "省定标准", 11: "市定标准"}.get(home.no % 23, "国家标准"),
        "register_date": raw["since"],
        "plan_exit_year": exit_ if exited else {"预脱贫": 2018}.get(exit_, 2019),
        "exit_year": exit_ if exited else None,
        "cause_main": main,
        "cause_other": _in_order(others, "poverty_cause"),
        "cause_note": None if exited else f"{raw['story'].split('。')[0]}。",
        "is_military_family": False,
        "is_one_child": False,
        "is_two_girls": False,
        "no_labour_fallback": False,
    }


def _tidy(values: Mapping[str, Any]) -> Row:
    """Lists of the file as choices."""
    return {key: _in_order(value, "risk") if isinstance(value, list) else value for key, value in values.items()}


def _in_order(chosen: Sequence[str], dictionary: str) -> tuple[str, ...] | None:
    """Choices in the order of their list, as they are kept."""
    return tuple(option.value for option in options(dictionary) if option.value in chosen) or None


def _situation(home: Home) -> str:
    """The story, and the plain facts that follow from the other records."""
    if not home.present:
        return str(home.raw["story"])
    strong = sum(person.labour in ("普通劳动力", "技能劳动力") for person in home.present)
    facts = f"全家{len(home.present)}口人，" + (f"劳动力{strong}人。" if strong else "没有整劳动力。")
    goods = "、".join(product(name)["in_words"].format(n=number) for name, number in home.produce)
    workers = [
        f"{person.name}在{spoken(person.more['务工'][1])}务工" for person in home.present if "务工" in person.more
    ]
    learners = [f"{person.name}在{person.more['校'][0]}就读" for person in home.present if person.pupil]
    parts = [f"家中有{goods}" if goods else "", *workers, *learners]
    told = "，".join(part for part in parts if part)
    help_ = "享受特困供养。" if fitting(home, ["tekun"]) else "享受农村低保。" if fitting(home, ["dibao"]) else ""
    return f"{home.raw['story']}{facts}{told + '。' if told else ''}{help_}"


def _member(home: Home, person: Person) -> Row:
    id_no = id_number(person.birth, person.order, person.sex)
    marks, insured = person.marks, "职工医保" in person.marks
    learning = "school_status" if person.school else "education"
    adult = person.age() >= 16 and not person.pupil
    row: Row = {
        "id": person.id,
        "village": home.place.code,
        "household_id": home.id,
        "person_no": person.person_no,
        "name": person.name,
        "sex": person.sex,
        "id_type": "居民身份证",
        "id_no": id_no,
        "birth": person.birth,
        "relation": person.relation,
        "ethnic": person.more.get("族", ("汉族",))[0],
        "political": "中共党员" if "党员" in marks else "共青团员" if "团员" in marks else "群众",
        learning: person.learning,
        "school_name": person.more.get("校", (None,))[0],
        "labour": person.labour,
        "med_ins": not insured,
        "emp_med_ins": insured,
        "serious_ins": True,
        "comm_ins": home.no % 9 == 4 and person.relation == "户主",
        "med_rescue": "大病" in person.health,
        "pension": adult and not insured,
        "emp_pension": insured,
        "dibao": "低保" in marks,
        "tekun": "特困" in marks,
        "mandarin": 6 <= person.age() <= 55 and "残疾" not in person.health,
        "relocated_person": bool(home.raw.get("relocated")),
        "member_phone": _phone(home, person),
        "ident_date": person.joined_on.strftime("%Y-%m") if person.joined_on else home.raw.get("since"),
    }
    return row | _health(person, id_no) | _work(person) | _coming_and_going(person)


def _phone(home: Home, person: Person) -> str | None:
    if person.relation == "户主":
        return phone_of(home)
    return f"1541888{home.no:02}{person.order % 7 + 1:02}" if "务工" in person.more else None


def _health(person: Person, id_no: str) -> Row:
    if not person.health:
        return {"health": ("健康",)}
    names = {"慢病": "长期慢性病", "大病": "患有大病", "残疾": "残疾"}
    row: Row = {
        "health": _in_order([names[kind] for kind in person.health], "health"),
        "illness_name": person.illness or None,
    }
    if "残疾" in person.health:
        kind, level = f"{person.health['残疾'][:2]}残疾", person.health["残疾"][2:]
        digits = (
            next(option.code for option in options(name) if option.value == value)
            for name, value in (("disability_kind", kind), ("disability_level", level))
        )
        row |= {"disability_no": id_no + "".join(digits), "disability_kind": kind, "disability_level": level}
    return row


def _work(person: Person) -> Row:
    row: Row = {}
    if "务工" in person.more:
        region, place, months, income, company = person.more["务工"]
        row |= {
            "work_region": region,
            "work_place": place,
            "work_months": Decimal(months),
            "work_income_month": Decimal(income),
            "work_company": company,
        }
    if "岗位" in person.more:
        kind, months = person.more["岗位"]
        row |= {"public_job_kind": kind, "public_job_months": Decimal(months)}
    return row


def _coming_and_going(person: Person) -> Row:
    row: Row = {}
    if "增" in person.more:
        row |= {"joined": person.more["增"][0], "joined_on": person.joined_on}
    if "减" in person.more:
        row |= {"left": person.more["减"][0], "left_on": person.left_on}
    return row
