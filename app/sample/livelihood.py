"""How the homes of the sample village live, and what they earn: living conditions and income, year by year."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.records.income import item, per_head
from app.sample.homes import Home, Person, Row, fitting, product, rng, told
from db.schema.household import LivingCondition
from db.schema.income import IncomeLine, IncomeYear

CALCULATED_BY = "汪巧珍"
YEARS = (2016, 2017, 2018)
_MISREPORTED = (22, 45)  # doubtful: the national system has another net income
_BRANCH_JOBS = ("生态护林员", "道路管护员", "水利管护员")
_JOB_PAY = Decimal(500)
_RETIRED_PAY = Decimal(3150)


def condition_rows(homes: Sequence[Home]) -> list[Row]:
    """One row of `living_condition` for each home and each of two years."""
    return [_condition(home, year) for home in homes for year in (2017, 2018) if home.here(date(year, 12, 1))]


def income_rows(homes: Sequence[Home]) -> tuple[list[Row], list[Row]]:
    """Rows of `income_year` and of `income_line`; the account runs from October to September."""
    years, lines = [], []
    for home in homes:
        for year in YEARS:
            end = date(year, 9, 30)
            people = home.here(end)
            if people and home.since <= end and (home.registered or year == 2018):
                mine = list(_lines(home, year, people))
                years.append(_year(home, year, len(people), mine))
                lines += mine
    return years, lines


def _condition(home: Home, year: int) -> Row:
    dice, size = rng(home, "living"), max(len(home.here(date(2017, 12, 1))), 1)
    land = _land(home)
    moved = bool(home.raw.get("relocated"))
    hardened = home.raw.get("road_to_come") is None and (dice.random() < 0.85 or "road" in home.raw)
    area = 25 * size if moved else min(max(size * dice.randrange(22, 42), 45), 220)
    structure = "砖混" if moved else dice.choice(("砖混", "砖混", "砖混", "砖木", "砖木", "钢筋混凝土", "土木"))
    clean = moved or dice.random() < 0.45 + 0.1 * (year - 2017)
    return {
        "id": LivingCondition.id_of(home.id, year),
        "village": home.place.code,
        "household_id": home.id,
        "year": year,
        **land,
        "house_area": Decimal(area),
        "house_structure": structure,
        "house_year": 2016 if moved else dice.randrange(1985, 2013),
        **_safety(home, year, structure),
        "water_safe": year >= home.raw.get("water", 0),
        "water_hard": year < home.raw.get("water", 0),
        "elec_prod": dice.random() < 0.9,
        "elec_life": True,
        "tv": True,
        "toilet": home.toilet(year),
        "road_kind": "水泥路" if hardened else dice.choice(("砂石路", "泥土路")),
        "road_km": Decimal("0.1") if moved else Decimal(dice.randrange(1, 25)).scaleb(-1),
        "fuel": "清洁能源" if clean else dice.choice(("柴草", "柴草", "柴草", "煤炭")),
        "coop": fitting(home, ["茶叶", "瓜蒌", "鲜桃", "香菇", "蜜蜂", "茭白", "流转"]) and dice.random() < 0.8,
        "leading_firm": fitting(home, ["茯苓", "黑毛猪", "油茶"]),
        "leader_person": dice.random() < 0.3,
    }


def _land(home: Home) -> Row:
    """Areas in mu: what the produce needs, and something for the kitchen."""
    dice = rng(home, "land")
    area: Counter[str] = Counter()
    for name, number in home.produce:
        if "land" in product(name):
            area[product(name)["land"]] += int(number * 100)
    farm = area["land_farm"] + len(home.people) * dice.randrange(25, 60)
    forest = area["land_forest"] + dice.randrange(150, 1100)
    returned = dice.randrange(80, 150) if home.no % 4 == 0 else 0
    grass = dice.randrange(200, 600) if fitting(home, ["山羊"]) else 0
    hundredths = {
        "land_farm": farm,
        "land_irrigated": farm * dice.randrange(55, 90) // 100,
        "land_forest": forest,
        "land_returned": returned,
        "land_fruit": area["land_fruit"],
        "land_grass": grass,
        "land_water": area["land_water"],
    }
    return {name: Decimal(number).scaleb(-2) for name, number in hundredths.items()}


def _safety(home: Home, year: int, structure: str) -> Row:
    """Whether the house was safe at the end of a year; one that was built anew carries that year."""
    if home.unsafe is None:
        return {"house_unsafe": False, "danger_level": "B" if structure in ("土木", "砖木") else "A"}
    level, rebuilt = home.unsafe
    if year < rebuilt:
        return {"house_unsafe": True, "danger_level": level, "house_structure": "土木"}
    anew = {"house_structure": "砖混", "house_year": rebuilt} if level == "D" else {}
    return {"house_unsafe": False, "danger_level": "A", "rebuild_year": rebuilt, **anew}


def _year(home: Home, year: int, people: int, lines: Sequence[Row]) -> Row:
    dice = rng(home, f"account {year}")
    net = sum((item(line["item"]).sign * line["amount"] for line in lines), Decimal())
    if year == 2017 and home.no in _MISREPORTED:
        net += Decimal(1800)
    kinds = {kind for person in home.people for kind in person.health}
    paid = dice.randrange(60, 120) if "大病" in kinds else dice.randrange(6, 24) if "慢病" in kinds else 0
    return {
        "id": IncomeYear.id_of(home.id, year),
        "village": home.place.code,
        "household_id": home.id,
        "year": year,
        "people": people,
        "period_start": date(year - 1, 10, 1),
        "period_end": date(year, 9, 30),
        "reported_net": net if year < 2018 else None,
        "reported_per_head": per_head(net, people) if year < 2018 else None,
        "medical_self_paid": Decimal(paid * 100),
        "calculated_by": CALCULATED_BY,
        "calculated_on": date(year, 10, 8) + timedelta(days=dice.randrange(30)),
    }


def _lines(home: Home, year: int, people: Sequence[Person]) -> Iterator[Row]:
    """The lines of an account."""
    account = IncomeYear.id_of(home.id, year)
    for name, what, quantity, price, evidence in (
        *_wages(year, people),
        *_produce(home, year),
        *_transfers(home, year, people),
    ):
        amount = (quantity * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if amount > 0:
            yield {
                "id": IncomeLine.id_of(account, name, what),
                "village": home.place.code,
                "income_year_id": account,
                "item": name,
                "what": what,
                "quantity": quantity,
                "unit_price": price,
                "amount": amount,
                "evidence": evidence,
            }


Entry = tuple[str, str, Decimal, Decimal, str]


def _wages(year: int, people: Sequence[Person]) -> Iterator[Entry]:
    scale = Decimal(_pays(year)["scale"])
    for person in people:
        if "务工" in person.more and person.age(date(year, 1, 1)) >= 18:
            _, _, months, income, _ = person.more["务工"]
            monthly = (Decimal(income) * scale / 10).quantize(Decimal(1)) * 10
            yield "务工收入", person.name, Decimal(months), monthly, "工资流水"
        if "岗位" in person.more and year >= 2017:
            kind, months = person.more["岗位"]
            name = "行业部门公益岗工资" if kind in _BRANCH_JOBS else "村级公益岗工资"
            yield name, person.name, Decimal(months), _JOB_PAY, "岗位协议、发放表"


def _produce(home: Home, year: int) -> Iterator[Entry]:
    """Takings and what they cost; costs are kept as one line for each kind of production."""
    scale = Decimal(_pays(year)["scale"])
    dice = rng(home, f"produce {year}")
    costs: defaultdict[str, Decimal] = defaultdict(Decimal)
    for name, number in home.produce:
        one = product(name)
        steady = one["per_unit"] == 1
        luck = Decimal(100 if steady else dice.randrange(93, 106)).scaleb(-2) * (1 if steady else scale)
        quantity = (number * Decimal(str(one["per_unit"])) * luck).quantize(Decimal("0.1"))
        yield one["item"], one["what"], quantity, Decimal(one["price"]), "流转合同" if steady else "销售记录"
        costs[one["item"].replace("收入", "支出")] += quantity * Decimal(one["price"]) * Decimal(one["share"])
    for spent, amount in costs.items():
        if amount:
            yield spent, "种苗、肥料、饲料等", Decimal(1), amount.quantize(Decimal(1)), "购货收据"


def _transfers(home: Home, year: int, people: Sequence[Person]) -> Iterator[Entry]:
    """Dividends and what the state pays."""
    pays, dice, land = _pays(year), rng(home, "transfers"), _land(home)
    twelve, end = Decimal(12), date(year, 9, 30)
    share = Decimal("0.5") if home.exit_status == "未脱贫" else Decimal("0.85")  # 补差: less than the full rate
    if home.registered and pays["solar"]:
        yield "资产收益扶贫分红", "村级光伏分红", Decimal(1), Decimal(pays["solar"]), "分红发放表"
    if poor := sum("低保" in person.marks for person in people):
        yield "低保金", "农村低保", twelve * poor, (pays["dibao"] * share).quantize(Decimal(1)), "一卡通流水"
    if kept := sum("特困" in person.marks for person in people):
        yield "特困供养金", "特困供养", twelve * kept, Decimal(pays["tekun"]), "一卡通流水"
    old = [person for person in people if person.age(end) >= 60]
    retired = sum("职工医保" in person.marks for person in old)
    if len(old) > retired:
        yield "养老保险金", "城乡居民养老金", twelve * (len(old) - retired), Decimal(pays["pension"]), "一卡通流水"
    if retired:
        yield "养老保险金", "城镇职工养老金", twelve * retired, _RETIRED_PAY, "一卡通流水"
    if old and (home.raw.get("is", {}).get("is_one_child") or home.raw.get("is", {}).get("is_two_girls")):
        yield "计划生育金", "计生奖扶", Decimal(len(old)), Decimal(960), "一卡通流水"
    if land["land_returned"]:
        yield "生态补偿金", "退耕还林补助", land["land_returned"], Decimal(250), "一卡通流水"
    yield "其他转移性收入", "地力补贴", land["land_farm"], Decimal(84), "一卡通流水"
    yield "其他转移性收入", "赡养费", Decimal(1), Decimal(home.raw.get("support", 0)), "子女转账记录"
    disabled = sum("残疾" in person.health for person in people)
    yield "其他转移性收入", "残疾人两项补贴", twelve * disabled, Decimal(60), "一卡通流水"
    aged = sum(person.age(end) >= 80 for person in people)
    yield "其他转移性收入", "高龄津贴", twelve * aged, Decimal(50), "一卡通流水"
    pupils = sum(person.pupil and person.age(end) >= 12 for person in people) if home.registered else 0
    yield "其他转移性收入", "教育资助", Decimal(pupils), Decimal(dice.randrange(4, 9) * 250), "资助发放名册"


def _pays(year: int) -> dict[str, Any]:
    found: dict[str, Any] = told("livelihood")["pays"][str(year)]
    return found
