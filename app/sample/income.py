"""How the households of the sample village live, and what they earn: living conditions and income, year by year."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.records.income import income_item, per_capita
from app.sample.families import (
    Row,
    SampleHousehold,
    SamplePerson,
    load_data,
    matches_tags,
    product_spec,
    seeded_rng,
)
from db.schema.household import LivingCondition
from db.schema.income import IncomeLine, IncomeYear
from resources.option_roles import value_of

CALCULATED_BY = "汪巧珍"
YEARS = (2016, 2017, 2018)
_MISREPORTED = (22, 45)  # doubtful: the national system has another net income
_JOB_MONTHLY_PAY = Decimal(500)
_EMPLOYEE_PENSION = Decimal(3150)


def condition_rows(households: Sequence[SampleHousehold]) -> list[Row]:
    """One row of `living_condition` for each household and each of two years."""
    return [
        _condition(household, year)
        for household in households
        for year in (2017, 2018)
        if household.members_on(date(year, 12, 1))
    ]


def income_rows(households: Sequence[SampleHousehold]) -> tuple[list[Row], list[Row]]:
    """Rows of `income_year` and of `income_line`; the account runs from October to September."""
    years, lines = [], []
    for household in households:
        for year in YEARS:
            end = date(year, 9, 30)
            people = household.members_on(end)
            if people and household.registered_on <= end and (household.is_registered or year == 2018):
                household_lines = list(_lines(household, year, people))
                years.append(_year(household, year, len(people), household_lines))
                lines += household_lines
    return years, lines


def _condition(household: SampleHousehold, year: int) -> Row:
    rng, size = seeded_rng(household, "living"), max(len(household.members_on(date(2017, 12, 1))), 1)
    land = _land(household)
    was_relocated = bool(household.raw.get("relocated"))
    has_paved_road = household.raw.get("road_to_come") is None and (rng.random() < 0.85 or "road" in household.raw)
    area = 25 * size if was_relocated else min(max(size * rng.randrange(22, 42), 45), 220)
    house, road, fuel = (load_data("livelihood")[part] for part in ("house", "road", "fuel"))
    structure = house["solid"] if was_relocated else rng.choice(house["structures"])
    uses_clean_fuel = was_relocated or rng.random() < 0.45 + 0.1 * (year - 2017)
    return {
        "id": LivingCondition.id_of(household.id, year),
        "village": household.village.code,
        "household_id": household.id,
        "year": year,
        **land,
        "house_area": Decimal(area),
        "house_structure": structure,
        "house_year": 2016 if was_relocated else rng.randrange(1985, 2013),
        **_house_safety(household, year, structure),
        "water_safe": year >= household.raw.get("water", 0),
        "water_hard": year < household.raw.get("water", 0),
        "elec_prod": rng.random() < 0.9,
        "elec_life": True,
        "tv": True,
        "toilet": household.had_toilet(year),
        "road_kind": road["hardened"] if has_paved_road else rng.choice(road["others"]),
        "road_km": Decimal("0.1") if was_relocated else Decimal(rng.randrange(1, 25)).scaleb(-1),
        "fuel": fuel["clean"] if uses_clean_fuel else rng.choice(fuel["others"]),
        "coop": matches_tags(household, ["茶叶", "瓜蒌", "鲜桃", "香菇", "蜜蜂", "茭白", "流转"])
        and rng.random() < 0.8,
        "leading_firm": matches_tags(household, ["茯苓", "黑毛猪", "油茶"]),
        "leader_person": rng.random() < 0.3,
    }


def _land(household: SampleHousehold) -> Row:
    """Areas in mu: what the produce needs, and something for the kitchen."""
    rng = seeded_rng(household, "land")
    area: Counter[str] = Counter()
    for name, quantity in household.produce:
        if "land" in product_spec(name):
            area[product_spec(name)["land"]] += int(quantity * 100)
    farm = area["land_farm"] + len(household.members) * rng.randrange(25, 60)
    forest = area["land_forest"] + rng.randrange(150, 1100)
    returned = rng.randrange(80, 150) if household.no % 4 == 0 else 0
    grass = rng.randrange(200, 600) if matches_tags(household, ["山羊"]) else 0
    hundredths = {
        "land_farm": farm,
        "land_irrigated": farm * rng.randrange(55, 90) // 100,
        "land_forest": forest,
        "land_returned": returned,
        "land_fruit": area["land_fruit"],
        "land_grass": grass,
        "land_water": area["land_water"],
    }
    return {name: Decimal(quantity).scaleb(-2) for name, quantity in hundredths.items()}


def _house_safety(household: SampleHousehold, year: int, structure: str) -> Row:
    """Whether the house was safe at the end of a year; one that was built again carries that year."""
    house = load_data("livelihood")["house"]
    if household.unsafe_house is None:
        return {
            "house_unsafe": False,
            "danger_level": house["flimsy_level" if structure in house["flimsy"] else "sound_level"],
        }
    level, rebuilt_year = household.unsafe_house
    if year < rebuilt_year:
        return {"house_unsafe": True, "danger_level": level, "house_structure": house["unsafe"]}
    rebuilt_values = (
        {"house_structure": house["solid"], "house_year": rebuilt_year} if level == house["rebuilt_level"] else {}
    )
    return {"house_unsafe": False, "danger_level": house["sound_level"], "rebuild_year": rebuilt_year, **rebuilt_values}


def _year(household: SampleHousehold, year: int, people: int, lines: Sequence[Row]) -> Row:
    rng = seeded_rng(household, f"account {year}")
    net = sum((income_item(line["item"]).sign * line["amount"] for line in lines), Decimal())
    if year == 2017 and household.no in _MISREPORTED:
        net += Decimal(1800)
    kinds = {kind for person in household.members for kind in person.health}
    paid = rng.randrange(60, 120) if "serious" in kinds else rng.randrange(6, 24) if "chronic" in kinds else 0
    return {
        "id": IncomeYear.id_of(household.id, year),
        "village": household.village.code,
        "household_id": household.id,
        "year": year,
        "people": people,
        "period_start": date(year - 1, 10, 1),
        "period_end": date(year, 9, 30),
        "reported_net": net if year < 2018 else None,
        "reported_per_head": per_capita(net, people) if year < 2018 else None,
        "medical_self_paid": Decimal(paid * 100),
        "calculated_by": CALCULATED_BY,
        "calculated_on": date(year, 10, 8) + timedelta(days=rng.randrange(30)),
    }


def _lines(household: SampleHousehold, year: int, people: Sequence[SamplePerson]) -> Iterator[Row]:
    """The lines of an account."""
    account = IncomeYear.id_of(household.id, year)
    for name, what, evidence, quantity, price in (
        *_wages(year, people),
        *_produce(household, year),
        *_transfers(household, year, people),
    ):
        amount = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if amount > 0:
            yield {
                "id": IncomeLine.id_of(account, name, what),
                "village": household.village.code,
                "income_year_id": account,
                "item": name,
                "what": what,
                "quantity": quantity,
                "unit_price": price,
                "amount": amount,
                "evidence": evidence,
            }


IncomeRow = tuple[str, str, str, Decimal, Decimal]  # item, what, evidence, quantity, price


def _wages(year: int, people: Sequence[SamplePerson]) -> Iterator[IncomeRow]:
    scale = Decimal(_yearly_rates(year)["scale"])
    for person in people:
        if "work" in person.attributes and person.age(date(year, 1, 1)) >= 18:
            _, _, months, income, _ = person.attributes["work"]
            monthly = (Decimal(income) * scale / 10).quantize(Decimal(1)) * 10
            yield *_named("work", person.name), Decimal(months), monthly
        if "job" in person.attributes and year >= 2017:
            kind, months = person.attributes["job"]
            line = "branch_job" if kind in load_data("livelihood")["jobs"]["of_branches"] else "village_job"
            yield *_named(line, person.name), Decimal(months), _JOB_MONTHLY_PAY


def _produce(household: SampleHousehold, year: int) -> Iterator[IncomeRow]:
    """Takings and what they cost; costs are stored as one line for each kind of production."""
    costs: defaultdict[str, Decimal] = defaultdict(Decimal)
    for spec, quantity in sold_produce(household, year):
        is_fixed_rent = spec["per_unit"] == 1
        yield spec["item"], spec["what"], "流转合同" if is_fixed_rent else "销售记录", quantity, Decimal(spec["price"])
        costs[load_data("livelihood")["costs"].get(spec["item"], "")] += (
            quantity * Decimal(spec["price"]) * Decimal(spec["share"])
        )
    for cost_item, amount in costs.items():
        if amount:
            yield cost_item, "种苗、肥料、饲料等", "购货收据", Decimal(1), amount.quantize(Decimal(1))


def sold_produce(household: SampleHousehold, year: int) -> Iterator[tuple[Mapping[str, Any], Decimal]]:
    """Entries of livelihood.toml, each with how much of it a household sold in a year."""
    scale = Decimal(_yearly_rates(year)["scale"])
    rng = seeded_rng(household, f"produce {year}")
    for name, number in household.produce:
        spec = product_spec(name)
        is_fixed_rent = spec["per_unit"] == 1
        yield_factor = Decimal(100 if is_fixed_rent else rng.randrange(93, 106)).scaleb(-2) * (
            1 if is_fixed_rent else scale
        )
        yield spec, (number * Decimal(str(spec["per_unit"])) * yield_factor).quantize(Decimal("0.1"))


def _transfers(household: SampleHousehold, year: int, people: Sequence[SamplePerson]) -> Iterator[IncomeRow]:
    """Dividends and what the state pays."""
    rates, rng, land = _yearly_rates(year), seeded_rng(household, "transfers"), _land(household)
    twelve, end = Decimal(12), date(year, 9, 30)
    share = (
        Decimal("0.5") if household.exit_status == value_of("exit_status", "poor") else Decimal("0.85")
    )  # 补差: less than the full rate
    if household.is_registered and rates["solar"]:
        yield *_named("solar"), Decimal(1), Decimal(rates["solar"])
    if dibao_count := sum("低保" in person.flags for person in people):
        yield *_named("dibao"), twelve * dibao_count, (rates["dibao"] * share).quantize(Decimal(1))
    if tekun_count := sum("特困" in person.flags for person in people):
        yield *_named("tekun"), twelve * tekun_count, Decimal(rates["tekun"])
    pensioners = [person for person in people if person.age(end) >= 60]
    retired_employees = sum("职工医保" in person.flags for person in pensioners)
    if len(pensioners) > retired_employees:
        yield *_named("pension"), twelve * (len(pensioners) - retired_employees), Decimal(rates["pension"])
    if retired_employees:
        yield *_named("retired"), twelve * retired_employees, _EMPLOYEE_PENSION
    if pensioners and (
        household.raw.get("is", {}).get("is_one_child") or household.raw.get("is", {}).get("is_two_girls")
    ):
        yield *_named("family_planning"), Decimal(len(pensioners)), Decimal(960)
    if land["land_returned"]:
        yield *_named("returned_land"), land["land_returned"], Decimal(250)
    yield *_named("farm_land"), land["land_farm"], Decimal(84)
    yield *_named("children"), Decimal(1), Decimal(household.raw.get("support", 0))
    disabled_count = sum("disabled" in person.health for person in people)
    yield *_named("disabled"), twelve * disabled_count, Decimal(60)
    over_80_count = sum(person.age(end) >= 80 for person in people)
    yield *_named("aged"), twelve * over_80_count, Decimal(50)
    pupil_count = sum(person.is_pupil and person.age(end) >= 12 for person in people) if household.is_registered else 0
    yield *_named("pupils"), Decimal(pupil_count), Decimal(rng.randrange(4, 9) * 250)


def _named(line: str, what: str = "") -> tuple[str, str, str]:
    """Item, what and evidence of a line that the file names."""
    one = load_data("livelihood")["lines"][line]
    return one["item"], one.get("what", what), one["evidence"]


def _yearly_rates(year: int) -> dict[str, Any]:
    rates: dict[str, Any] = load_data("livelihood")["pays"][str(year)]
    return rates
