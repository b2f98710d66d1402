"""Rows of people → households: who belongs together, who is who in the workbook, what each household's row says.

A household is known by its 户编号; where a list has none, by its head's ID number, and the rows after a 户主 are his
until the next. A person is known by 人编号, else by the ID number within the household, else by the name there.
"""

from dataclasses import dataclass, field
from functools import cache

from app.records.field import Value, options, table_label
from app.records.validators import id_birth, id_number_error, id_sex
from app.sheets.import_plan import WITHDRAWN_MESSAGE, ImportPlan, PlannedRecord
from app.sheets.monitoring_plan import (
    MONITORING_TABLES,
    monitoring_values,
    removal_remark,
    separate_kinds,
    support_records,
)
from app.sheets.roster import RosterRow
from app.sheets.village_match import VillageMatcher
from db.schema.household import Household, LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear
from resources.option_roles import value_of

HEAD = value_of("relation", "head")
_NO_HEAD_MESSAGE = f"这一行前面没有“{HEAD}”行，也没有户编号，认不出是哪一户。请补填户编号。"
_HOUSEHOLD_TABLES = ("household", "living_condition", "income_year", "income_line", *MONITORING_TABLES)


@dataclass(slots=True)
class HouseholdGroup:
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


class HouseholdGrouper:
    """Puts rows together and into the plan."""

    def __init__(self, plan: ImportPlan, village_matcher: VillageMatcher, year: int) -> None:
        self._plan, self._village_matcher, self._year = plan, village_matcher, year
        self._groups: dict[str, HouseholdGroup] = {}
        self._current: HouseholdGroup | None = None
        self._no_head_message = _NO_HEAD_MESSAGE
        self._row_by_member: dict[str, RosterRow] = {}
        self._identified: dict[tuple[str, str], tuple[str, str]] = {}
        self._first_by_id_no: dict[str, tuple[RosterRow, str]] = {}

    def add(self, row: RosterRow) -> None:
        """Take one row, or refuse it."""
        if row.kind == "household" and row.text("member.name"):
            row.values["member.relation"] = HEAD
        if row.values.get("member.relation") == HEAD:
            self._current = None
        group = self._group_of(row)
        if row.values.get("member.relation") == HEAD:
            rejected_head_message = (
                f"第 {row.row} 行的户主没有收，不知道这一行是哪一户的。请先改好户主那一行，或补填户编号。"
            )
            self._no_head_message = _NO_HEAD_MESSAGE if group is not None else rejected_head_message
        if group is not None:
            self._current = group
            group.rows.append(row)

    def _group_of(self, row: RosterRow) -> HouseholdGroup | None:
        plan = self._plan
        if row.reason:
            plan.reject(row, row.reason)
            return None
        village, rejection = self._village_matcher.match(row)
        if rejection:
            plan.reject(row, rejection)
            return None
        if row.kind == "member" and not row.text("member.name"):
            plan.reject(row, "没有填“姓名”，不知道是谁。请补填后再导入。")
            return None
        number = row.text("household.household_no")
        key, reason = self._group_key(row, number)
        if reason:
            plan.reject(row, reason)
            return None
        if key in self._groups:
            return self._groups[key]
        household_id = plan.snapshot.household_by_no.get(number) or self._id_by_head(key, number)
        if plan.is_withdrawn("household", household_id):
            plan.reject(row, f"这一户{WITHDRAWN_MESSAGE}。")
            return None
        self._groups[key] = group = HouseholdGroup(household_id, number, village)
        return group

    def _group_key(self, row: RosterRow, number: str) -> tuple[str, str]:
        """What tells this row's household from others in the file, or why nothing does."""
        if number:
            return number, ""
        if head_id := row.text("head.id_no"):
            return f"head {head_id}", ""
        if row.values.get("member.relation") == HEAD:
            if own_id := row.text("member.id_no"):
                return f"head {own_id}", ""
            return "", "户主没有户编号，也没有证件号码，认不出是哪一户。请补填其中一样。"
        if self._current is not None and not self._current.number:
            return next(key for key, group in self._groups.items() if group is self._current), ""
        return "", self._no_head_message

    def _id_by_head(self, key: str, number: str) -> str:
        """The household whose head has this ID number in the workbook, else an id that any laptop would derive."""
        if number:
            return Household.id_of(number)
        snapshot = self._plan.snapshot
        for member_id in snapshot.members_by_id_no.get(key.removeprefix("head "), ()):
            member = snapshot.records["member"][member_id]
            if member["relation"] == HEAD and isinstance(member["household_id"], str):
                return member["household_id"]
        return Household.id_of(key)

    def finish(self) -> None:
        """Put every household with its people into the plan."""
        for group in self._groups.values():
            self._add_household(group)
            for row in group.rows:
                if row.text("member.name"):
                    self._add_member(group, row)
                for remark in row.remarks:
                    self._plan.remarks.append(remark)
            self._check_household(group)

    def next_sheet(self) -> None:
        """A household does not go on in the next sheet."""
        self._current, self._no_head_message = None, _NO_HEAD_MESSAGE

    def by_number(self) -> dict[str, HouseholdGroup]:
        return {group.number: group for group in self._groups.values() if group.number}

    def by_head(self) -> dict[str, HouseholdGroup]:
        """ID number and name of the head → household."""
        groups: dict[str, HouseholdGroup] = {}
        for group in self._groups.values():
            head = group.head()
            for identifier in (head.text("member.id_no"), head.text("member.name")):
                if identifier:
                    groups.setdefault(identifier, group)
        return groups

    def villages(self) -> set[str]:
        return {group.village for group in self._groups.values()}

    def ids(self) -> set[str]:
        return {group.id for group in self._groups.values()}

    # what a household's rows say of the household

    def _add_household(self, group: HouseholdGroup) -> None:
        head = group.head()
        if group.number in self._plan.snapshot.merged_numbers:
            self._plan.remark(head, f"{group.title()}已并入另一户，这里只导入成员，户的内容没有导入")
            return
        merged = self._household_values(group, head)
        household_values = {name: value for (table, name), value in merged.items() if table == "household"}
        monitoring = monitoring_values(merged)
        separate_kinds(household_values, monitoring, self._plan.snapshot.get("household", group.id))
        household_record = self._plan_record("household", group.id, group, head, household_values)
        for row in group.rows:
            if row.kind == "household":
                household_record.extra = {**row.extra, **household_record.extra}
        year = self._year_of(head)
        if remark := removal_remark(head.values, monitoring):
            self._plan.remark(head, remark)
        for table, record_id, values in support_records(self._plan.snapshot, group.id, year, monitoring, merged):
            if self._plan.is_withdrawn(table, record_id):
                self._plan.remark(head, f"{table_label(table)}{WITHDRAWN_MESSAGE}")
            else:
                self._plan_record(table, record_id, group, head, values, str(values.get("title") or ""))
        for table, model in (("living_condition", LivingCondition), ("income_year", IncomeYear)):
            values = {name: value for (table_name, name), value in merged.items() if table_name == table}
            lines = (
                {column: amount for (table_name, column), amount in merged.items() if table_name == "income_line"}
                if table == "income_year"
                else {}
            )
            if values or lines:
                existing_id = self._plan.snapshot.yearly.get((table, group.id, year))
                record_id = existing_id or model.id_of(group.id, year)
                if self._plan.is_withdrawn(table, record_id):
                    self._plan.remark(head, f"{year} 年的这一项{WITHDRAWN_MESSAGE}")
                    continue
                planned_values = {"household_id": group.id, "year": year, **values}
                self._plan_record(table, record_id, group, head, planned_values, f"{year} 年")
                self._add_income_lines(group, head, record_id, lines)

    def _add_income_lines(
        self, group: HouseholdGroup, head: RosterRow, income_year: str, lines: dict[str, Value]
    ) -> None:
        for item, amount in lines.items():
            existing_id = self._plan.snapshot.yearly.get(("income_line", income_year, item))
            record_id = existing_id or IncomeLine.id_of(income_year, item)
            if not amount and not existing_id:
                continue  # exports write 0 for every item that a household does not have
            values: dict[str, Value] = {"income_year_id": income_year, "item": item, "amount": amount}
            self._plan_record("income_line", record_id, group, head, values, item)

    def _household_values(self, group: HouseholdGroup, head: RosterRow) -> dict[tuple[str, str], Value]:
        """The household's cells: the head's row first, others where it is empty; rows that differ are remarked."""
        merged: dict[tuple[str, str], Value] = {}
        differing: dict[str, str] = {}
        for row in [head, *(row for row in group.rows if row is not head)]:
            for target, value in row.values.items():
                table_column = _split_target(target)
                if table_column[0] in _HOUSEHOLD_TABLES and merged.setdefault(table_column, value) != value:
                    differing.setdefault(target, row.header(target))
        for header in sorted(differing.values()):
            self._plan.remark(head, f"{group.title()}的“{header}”各行不一样，取第 {head.row} 行的", header)
        return merged

    def _year_of(self, row: RosterRow) -> int:
        year = row.values.get("row.year")
        return year if isinstance(year, int) else self._year

    def _plan_record(
        self,
        table: str,
        record_id: str,
        group: HouseholdGroup,
        row: RosterRow,
        values: dict[str, Value],
        title: str = "",
    ) -> PlannedRecord:
        household_title = group.title()
        return self._plan.add(
            PlannedRecord(
                table, record_id, group.village, title or household_title, household_title, row.sheet, row.row, values
            )
        )

    # who is who

    def _add_member(self, group: HouseholdGroup, row: RosterRow) -> None:
        member_id = self._member_id(group, row)
        first_row, name = self._row_by_member.get(member_id), row.text("member.name")
        if first_row is not None and first_row.text("member.name") != name:
            self._plan.reject(
                row, f"与第 {first_row.row} 行的“{first_row.text('member.name')}”是同一个编号，姓名却不同。请核对。"
            )
            return
        if first_row is not None and first_row.sheet == row.sheet:
            self._plan.remark(row, f"与第 {first_row.row} 行是同一个人（{name}），以第 {first_row.row} 行为准")
        elif self._plan.is_withdrawn("member", member_id):
            self._plan.reject(row, f"“{name}”{WITHDRAWN_MESSAGE}。")
            return
        if first_row is None:
            self._row_by_member[member_id] = row
            group.heads += row.values.get("member.relation") == HEAD
        values = {
            _split_target(target)[1]: value
            for target, value in row.values.items()
            if _split_target(target)[0] == "member"
        }
        values |= _membership_change(row)
        values["household_id"] = group.id
        member_record = self._plan_record("member", member_id, group, row, values, name)
        if row.kind == "member":
            member_record.extra = {**row.extra, **member_record.extra}
        member_record.fallback = _derived_from_id_no(row.text("member.id_no"))
        self._check_member(group, row, member_record)

    def _member_id(self, group: HouseholdGroup, row: RosterRow) -> str:
        """The person's id: of a former row of this file, else as `_held_id` says."""
        number, id_no = row.text("member.person_no"), row.text("member.id_no")
        key = (group.id, id_no)
        if id_no and key in self._identified:
            member_id, known_number = self._identified[key]
            if not (number and known_number) or number == known_number:
                self._identified[key] = (member_id, number or known_number)
                return member_id
        member_id = self._existing_or_derived_id(group, row)
        self._identified.setdefault(key, (member_id, number))
        return member_id

    def _existing_or_derived_id(self, group: HouseholdGroup, row: RosterRow) -> str:
        """The person's id in the workbook, else the one that any laptop would derive."""
        snapshot, number, id_no = self._plan.snapshot, row.text("member.person_no"), row.text("member.id_no")
        if number in snapshot.member_by_no:
            return snapshot.member_by_no[number]
        household_members = [
            (member_id, snapshot.records["member"][member_id])
            for member_id in snapshot.members_by_household.get(group.id, ())
        ]
        if id_no:
            for member_id, member in household_members:
                if member["id_no"] == id_no and not (number and member_id in self._row_by_member):
                    return member_id
        for member_id, member in household_members:
            if (
                member["name"] == row.text("member.name")
                and (not id_no or not member["id_no"])
                and (not number or not member["person_no"])
            ):
                return member_id
        return Member.id_of(number) if number else Member.id_in_household(group.id, id_no or row.text("member.name"))

    # what looks wrong and is taken all the same

    def _check_member(self, group: HouseholdGroup, row: RosterRow, member_record: PlannedRecord) -> None:
        id_no, name = row.text("member.id_no"), row.text("member.name")
        existing = self._plan.snapshot.get("member", member_record.id)
        if existing is not None and id_no and existing["name"] != name and existing["id_no"] not in (None, id_no):
            self._plan.remark(
                row,
                f"同一个人编号在本册里是“{existing['name']}”，名册里是“{name}”，证件号码也不同，请核对是不是同一个人",
            )
        if existing is not None and existing["left"] and "left" not in member_record.values:
            self._plan.remark(row, f"“{name}”在本册里已登记为“{existing['left']}”，名册里还有，请核对")
        if not id_no:
            self._plan.remark(row, f"“{name}”没有证件号码")
            return
        first_row, first_household_id = self._first_by_id_no.setdefault(id_no[:18], (row, group.id))
        if first_row is not row and first_household_id != group.id:
            self._plan.remark(row, f"“{name}”的证件号码在第 {first_row.row} 行的另一户里也有")
        elif first_row is not row and first_row.text("member.person_no") != row.text("member.person_no"):
            self._plan.remark(row, f"“{name}”的证件号码与第 {first_row.row} 行的“{first_row.text('member.name')}”相同")

    def _check_household(self, group: HouseholdGroup) -> None:
        if any(row.text("member.name") for row in group.rows) and group.heads != 1:
            problem = f"有 {group.heads} 个户主" if group.heads else "没有户主"
            self._plan.remark(group.rows[0], f"{group.title()}：{problem}，请核对“与户主关系”")
        self._remark_absent_members(group)

    def _remark_absent_members(self, group: HouseholdGroup) -> None:
        """People whom the workbook has in this household and the roster has not; they stay."""
        if all(row.kind == "household" for row in group.rows):
            return  # a list of heads says nothing of the others
        snapshot = self._plan.snapshot
        for member_id in snapshot.members_by_household.get(group.id, ()):
            member = snapshot.records["member"][member_id]
            if not member["left"] and member_id not in self._row_by_member:
                self._plan.remark(group.rows[0], f"{group.title()}的“{member['name']}”名册里没有，本册里还在，未改动")


@cache
def _split_target(target: str) -> tuple[str, str]:
    """Table and column of "table.column"."""
    table, _, name = target.partition(".")
    return table, name


def _membership_change(row: RosterRow) -> dict[str, Value]:
    """Why somebody joined or left, where the roster says so."""
    text = row.text("row.change")
    for name, dictionary in (("left", "member_leave"), ("joined", "member_join")):
        for option in options(dictionary) if text else ():
            if text in (option.value, option.label, *option.aliases):
                return {name: option.value}
    if text:
        row.remark(f"变更原因“{text[:20]}”不在选项里，未取")
    return {}


def _derived_from_id_no(id_no: str) -> dict[str, Value]:
    """What a sound ID number or disability card says by itself. domain: GB 11643, 20-digit card."""
    if not id_no or id_number_error(id_no):
        return {}
    values: dict[str, Value] = {"birth": id_birth(id_no), "sex": id_sex(id_no)}
    if len(id_no) >= 20:
        values["disability_no"] = id_no
        values["disability_kind"] = _option_by_code("disability_kind", id_no[18])
        values["disability_level"] = _option_by_code("disability_level", id_no[19])
    return values


def _option_by_code(name: str, code: str) -> str | None:
    return next((option.value for option in options(name) if option.code == code), None)


def absent_household_numbers(plan: ImportPlan, grouper: HouseholdGrouper) -> list[str]:
    """户编号 of the workbook's households that the file has not, in the villages that the file is about."""
    ids, villages = grouper.ids(), grouper.villages()
    return sorted(
        str(row["household_no"] or "（无户编号）")
        for household_id, row in plan.snapshot.records["household"].items()
        if not (row["withdrawn"] or row["merged_into"]) and row["village"] in villages and household_id not in ids
    )
