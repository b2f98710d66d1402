"""Rows of people → households: who belongs together, who is who in the workbook, what each household's row says.

A household is known by its 户编号; where a list has none, by its head's ID number, and the rows after a 户主 are his
until the next. A person is known by 人编号, else by the ID number within the household, else by the name there.
"""

from dataclasses import dataclass, field
from functools import cache

from app.records.field import Value, options
from app.records.rules import id_birth, id_fault, id_sex
from app.sheets.belonging import Belonging
from app.sheets.roster import RosterRow
from app.sheets.wanted import HIDDEN_WITHDRAWN, Plan, Wanted
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear

HEAD = "户主"
_HEADLESS = "这一行前面没有“户主”行，也没有户编号，认不出是哪一户。请补填户编号。"
_OF_HOUSEHOLD = ("household", "living_condition", "income_year", "income_line")


@dataclass(slots=True)
class Family:
    """The rows of one household."""

    id: str
    number: str
    village: str
    rows: list[RosterRow] = field(default_factory=list)
    heads: int = 0
    _title: str = ""

    def head(self) -> RosterRow:
        """The row whose cells count for the household: the head's, else the first."""
        return next((row for row in self.rows if row.values.get("member.relation") == HEAD), self.rows[0])

    def title(self) -> str:
        """The head's name and the number; asked for when all rows are there."""
        if not self._title:
            head = self.head()
            name = head.text("member.name") or head.text("head.name")
            self._title = f"{name}户 {self.number}".strip() if name else self.number
        return self._title


class Families:
    """Puts rows together and into the plan."""

    def __init__(self, plan: Plan, belonging: Belonging, year: int) -> None:
        self._plan, self._belonging, self._year = plan, belonging, year
        self._families: dict[str, Family] = {}
        self._current: Family | None = None
        self._headless = _HEADLESS
        self._people: dict[str, RosterRow] = {}
        self._told: dict[tuple[str, str], tuple[str, str]] = {}
        self._numbers: dict[str, tuple[RosterRow, str]] = {}

    def add(self, row: RosterRow) -> None:
        """Take one row, or refuse it."""
        if row.about == "household" and row.text("member.name"):
            row.values["member.relation"] = HEAD
        if row.values.get("member.relation") == HEAD:
            self._current = None
        family = self._family_of(row)
        if row.values.get("member.relation") == HEAD:
            lost = f"第 {row.row} 行的户主没有收，不知道这一行是哪一户的。请先改好户主那一行，或补填户编号。"
            self._headless = _HEADLESS if family is not None else lost
        if family is not None:
            self._current = family
            family.rows.append(row)

    def _family_of(self, row: RosterRow) -> Family | None:
        plan = self._plan
        if row.reason:
            plan.refuse(row, row.reason)
            return None
        village, elsewhere = self._belonging.of(row)
        if elsewhere:
            plan.refuse(row, elsewhere)
            return None
        if row.about == "member" and not row.text("member.name"):
            plan.refuse(row, "没有填“姓名”，不知道是谁。请补填后再导入。")
            return None
        number = row.text("household.household_no")
        key, reason = self._key(row, number)
        if reason:
            plan.refuse(row, reason)
            return None
        if key in self._families:
            return self._families[key]
        household_id = plan.held.household_by_no.get(number) or self._id_by_head(key, number)
        if plan.withdrawn("household", household_id):
            plan.refuse(row, f"这一户{HIDDEN_WITHDRAWN}。")
            return None
        self._families[key] = family = Family(household_id, number, village)
        return family

    def _key(self, row: RosterRow, number: str) -> tuple[str, str]:
        """What tells this row's household from others in the file, or why nothing does."""
        if number:
            return number, ""
        if head_id := row.text("head.id_no"):
            return f"head {head_id}", ""
        if row.values.get("member.relation") == HEAD:
            if own := row.text("member.id_no"):
                return f"head {own}", ""
            return "", "户主没有户编号，也没有证件号码，认不出是哪一户。请补填其中一样。"
        if self._current is not None and not self._current.number:
            return next(key for key, one in self._families.items() if one is self._current), ""
        return "", self._headless

    def _id_by_head(self, key: str, number: str) -> str:
        """The household whose head has this ID number in the workbook, else an id that any laptop would derive."""
        if number:
            return Household.id_of(number)
        held = self._plan.held
        for member_id in held.members_by_id_no.get(key.removeprefix("head "), ()):
            member = held.records["member"][member_id]
            if member["relation"] == HEAD and isinstance(member["household_id"], str):
                return member["household_id"]
        return Household.id_of(key)

    def finish(self) -> None:
        """Put every household with its people into the plan."""
        for family in self._families.values():
            self._put_household(family)
            for row in family.rows:
                if row.text("member.name"):
                    self._put_member(family, row)
                for remark in row.remarks:
                    self._plan.remarks.append(remark)
            self._doubt_family(family)

    def next_sheet(self) -> None:
        """A household does not go on in the next sheet."""
        self._current, self._headless = None, _HEADLESS

    def by_number(self) -> dict[str, Family]:
        return {family.number: family for family in self._families.values() if family.number}

    def by_head(self) -> dict[str, Family]:
        """ID number and name of the head → household."""
        found: dict[str, Family] = {}
        for family in self._families.values():
            head = family.head()
            for what in (head.text("member.id_no"), head.text("member.name")):
                if what:
                    found.setdefault(what, family)
        return found

    def villages(self) -> set[str]:
        return {family.village for family in self._families.values()}

    def ids(self) -> set[str]:
        return {family.id for family in self._families.values()}

    # what a household's rows say of the household

    def _put_household(self, family: Family) -> None:
        head = family.head()
        if family.number in self._plan.held.given_up:
            self._plan.remark(head, f"{family.title()}已并入另一户，这里只导入成员，户的内容没有导入")
            return
        merged = self._of_household(family, head)
        own = {name: value for (table, name), value in merged.items() if table == "household"}
        monitored = next((row.values["row.monitored"] for row in family.rows if "row.monitored" in row.values), None)
        if monitored is not None:
            own["household_kind"] = monitored
        made = self._wanted("household", family.id, family, head, own)
        for row in family.rows:
            if row.about == "household":
                made.extra = {**row.extra, **made.extra}
        year = self._year_of(head)
        for table, model in (("living_condition", LivingCondition), ("income_year", IncomeYear)):
            values = {name: value for (of, name), value in merged.items() if of == table}
            lines = {n: v for (of, n), v in merged.items() if of == "income_line"} if table == "income_year" else {}
            if values or lines:
                found = self._plan.held.yearly.get((table, family.id, year))
                record_id = found or model.id_of(family.id, year)
                if self._plan.withdrawn(table, record_id):
                    self._plan.remark(head, f"{year} 年的这一项{HIDDEN_WITHDRAWN}")
                    continue
                told = {"household_id": family.id, "year": year, **values}
                self._wanted(table, record_id, family, head, told, f"{year} 年")
                self._put_lines(family, head, record_id, lines)

    def _put_lines(self, family: Family, head: RosterRow, income_year: str, lines: dict[str, Value]) -> None:
        for item, amount in lines.items():
            found = self._plan.held.yearly.get(("income_line", income_year, item))
            record_id = found or IncomeLine.id_of(income_year, item)
            if not amount and not found:
                continue  # exports write 0 for every item that a household does not have
            values: dict[str, Value] = {"income_year_id": income_year, "item": item, "amount": amount}
            self._wanted("income_line", record_id, family, head, values, item)

    def _of_household(self, family: Family, head: RosterRow) -> dict[tuple[str, str], Value]:
        """The household's cells: the head's row first, others where it is empty; rows that differ are remarked."""
        merged: dict[tuple[str, str], Value] = {}
        differing: dict[str, str] = {}
        for row in [head, *(row for row in family.rows if row is not head)]:
            for target, value in row.values.items():
                place = _place(target)
                if place[0] in _OF_HOUSEHOLD and merged.setdefault(place, value) != value:
                    differing.setdefault(target, row.header(target))
        for header in sorted(differing.values()):
            self._plan.remark(head, f"{family.title()}的“{header}”各行不一样，取第 {head.row} 行的", header)
        return merged

    def _year_of(self, row: RosterRow) -> int:
        year = row.values.get("row.year")
        return year if isinstance(year, int) else self._year

    def _wanted(
        self, table: str, record_id: str, family: Family, row: RosterRow, values: dict[str, Value], title: str = ""
    ) -> Wanted:
        where = family.title()
        return self._plan.put(
            Wanted(table, record_id, family.village, title or where, where, row.sheet, row.row, values)
        )

    # who is who

    def _put_member(self, family: Family, row: RosterRow) -> None:
        member_id = self._member_id(family, row)
        before, name = self._people.get(member_id), row.text("member.name")
        if before is not None and before.text("member.name") != name:
            self._plan.refuse(
                row, f"与第 {before.row} 行的“{before.text('member.name')}”是同一个编号，姓名却不同。请核对。"
            )
            return
        if before is not None and before.sheet == row.sheet:
            self._plan.remark(row, f"与第 {before.row} 行是同一个人（{name}），以第 {before.row} 行为准")
        elif self._plan.withdrawn("member", member_id):
            self._plan.refuse(row, f"“{name}”{HIDDEN_WITHDRAWN}。")
            return
        if before is None:
            self._people[member_id] = row
            family.heads += row.values.get("member.relation") == HEAD
        values = {_place(target)[1]: value for target, value in row.values.items() if _place(target)[0] == "member"}
        values |= _change_of(row)
        values["household_id"] = family.id
        made = self._wanted("member", member_id, family, row, values, name)
        if row.about == "member":
            made.extra = {**row.extra, **made.extra}
        made.fallback = _follows(row.text("member.id_no"))
        self._doubt_member(family, row, made)

    def _member_id(self, family: Family, row: RosterRow) -> str:
        """The person's id: of a former row of this file, else as `_held_id` says."""
        number, id_no = row.text("member.person_no"), row.text("member.id_no")
        key = (family.id, id_no)
        if id_no and key in self._told:
            member_id, other = self._told[key]
            if not (number and other) or number == other:
                self._told[key] = (member_id, number or other)
                return member_id
        member_id = self._held_id(family, row)
        self._told.setdefault(key, (member_id, number))
        return member_id

    def _held_id(self, family: Family, row: RosterRow) -> str:
        """The person's id in the workbook, else the one that any laptop would derive."""
        held, number, id_no = self._plan.held, row.text("member.person_no"), row.text("member.id_no")
        if number in held.member_by_no:
            return held.member_by_no[number]
        here = [(key, held.records["member"][key]) for key in held.members_of.get(family.id, ())]
        if id_no:
            for key, member in here:
                if member["id_no"] == id_no and not (number and key in self._people):
                    return key
        for key, member in here:
            if (
                member["name"] == row.text("member.name")
                and (not id_no or not member["id_no"])
                and (not number or not member["person_no"])
            ):
                return key
        return Member.id_of(number) if number else Member.id_in(family.id, id_no or row.text("member.name"))

    # what looks wrong and is taken all the same

    def _doubt_member(self, family: Family, row: RosterRow, made: Wanted) -> None:
        id_no, name = row.text("member.id_no"), row.text("member.name")
        known = self._plan.held.get("member", made.id)
        if known is not None and id_no and known["name"] != name and known["id_no"] not in (None, id_no):
            self._plan.remark(
                row, f"同一个人编号在本册里是“{known['name']}”，名册里是“{name}”，证件号码也不同，请核对是不是同一个人"
            )
        if known is not None and known["left"] and "left" not in made.values:
            self._plan.remark(row, f"“{name}”在本册里已登记为“{known['left']}”，名册里还有，请核对")
        if not id_no:
            self._plan.remark(row, f"“{name}”没有证件号码")
            return
        first, where = self._numbers.setdefault(id_no[:18], (row, family.id))
        if first is not row and where != family.id:
            self._plan.remark(row, f"“{name}”的证件号码在第 {first.row} 行的另一户里也有")
        elif first is not row and first.text("member.person_no") != row.text("member.person_no"):
            self._plan.remark(row, f"“{name}”的证件号码与第 {first.row} 行的“{first.text('member.name')}”相同")

    def _doubt_family(self, family: Family) -> None:
        if any(row.text("member.name") for row in family.rows) and family.heads != 1:
            which = f"有 {family.heads} 个户主" if family.heads else "没有户主"
            self._plan.remark(family.rows[0], f"{family.title()}：{which}，请核对“与户主关系”")
        self._missing(family)

    def _missing(self, family: Family) -> None:
        """People whom the workbook has in this household and the roster has not; they stay."""
        if all(row.about == "household" for row in family.rows):
            return  # a list of heads says nothing of the others
        held = self._plan.held
        for member_id in held.members_of.get(family.id, ()):
            member = held.records["member"][member_id]
            if not member["left"] and member_id not in self._people:
                self._plan.remark(family.rows[0], f"{family.title()}的“{member['name']}”名册里没有，本册里还在，未改动")


@cache
def _place(target: str) -> tuple[str, str]:
    """Table and column of "table.column"."""
    table, _, name = target.partition(".")
    return table, name


def _change_of(row: RosterRow) -> dict[str, Value]:
    """Why somebody joined or left, where the roster says so."""
    text = row.text("row.change")
    for name, of in (("left", "member_leave"), ("joined", "member_join")):
        for option in options(of) if text else ():
            if text in (option.value, option.label, *option.aliases):
                return {name: option.value}
    if text:
        row.remark(f"变更原因“{text[:20]}”不在选项里，未取")
    return {}


def _follows(id_no: str) -> dict[str, Value]:
    """What a sound ID number or disability card says by itself. domain: GB 11643, 20-digit card."""
    if not id_no or id_fault(id_no):
        return {}
    found: dict[str, Value] = {"birth": id_birth(id_no), "sex": id_sex(id_no)}
    if len(id_no) >= 20:
        found["disability_no"] = id_no
        found["disability_kind"] = _by_code("disability_kind", id_no[18])
        found["disability_level"] = _by_code("disability_level", id_no[19])
    return found


def _by_code(name: str, code: str) -> str | None:
    return next((option.value for option in options(name) if option.code == code), None)


def absent(plan: Plan, families: Families) -> list[str]:
    """户编号 of the workbook's households that the file has not, in the villages that the file is about."""
    ids, villages = families.ids(), families.villages()
    return sorted(
        str(row["household_no"] or "（无户编号）")
        for key, row in plan.held.records["household"].items()
        if not (row["withdrawn"] or row["merged_into"]) and row["village"] in villages and key not in ids
    )
