"""Households of a list → the plan: who is who in the workbook, what each household's rows say.

A person is known by 人编号, else by the ID number within the household, else by the name there.
"""

from collections.abc import Iterator, Mapping

from app.records.field import Value
from app.sheets.household_grouping import HEAD, HouseholdGroup
from app.sheets.import_plan import WITHDRAWN_MESSAGE, ImportPlan, Placement, PlannedRecord
from app.sheets.member_values import derived_from_id_no, membership_change, split_target
from app.sheets.monitoring_plan import (
    MONITORING_TABLES,
    monitoring_values,
    planned_measures,
    planned_monitoring,
    removal_remark,
    separate_kinds,
)
from app.sheets.roster import RosterRow
from db.schema.household import LivingCondition, Member
from db.schema.income import IncomeLine, IncomeYear

_HOUSEHOLD_TABLES = ("household", "living_condition", "income_year", "income_line", *MONITORING_TABLES)


class HouseholdPlanner:
    """Puts grouped rows into the plan."""

    def __init__(self, plan: ImportPlan, groups: dict[str, HouseholdGroup], year: int) -> None:
        self._plan, self._groups, self._year = plan, groups, year
        self._row_by_member: dict[str, RosterRow] = {}
        self._identified: dict[tuple[str, str], tuple[str, str]] = {}
        self._first_by_id_no: dict[str, tuple[RosterRow, str]] = {}

    def finish(self) -> None:
        """Put every household with its people into the plan."""
        for group in self._groups.values():
            records, year = self._add_household(group), self._year_of(group.head())
            context = self._context(group)
            for row in group.rows:
                member = self._add_member(group, row) if row.text("member.name") else None
                placed = records | {("member", "", 0): member} if member is not None else records
                if member is not None or row.kind == "household":
                    self._plan.placements.append(Placement(row, placed, context, year))
                self._plan.remarks.extend(row.remarks)
            self._check_household(group)

    def _context(self, group: HouseholdGroup) -> dict[str, Value]:
        """What is known of the head, beside which the head's columns of other rows are held."""
        head = group.head()
        if head.values.get("member.relation") != HEAD:
            return {}
        known = {"head.name": head.text("member.name"), "head.id_no": head.text("member.id_no")}
        return {target: value for target, value in known.items() if value}

    # what a household's rows say of the household

    def _add_household(self, group: HouseholdGroup) -> dict[tuple[str, str, int], PlannedRecord]:
        """The records of the household itself, by table, item and year."""
        head = group.head()
        if group.number in self._plan.snapshot.merged_numbers:
            self._plan.remark(head, f"{group.title()}已并入另一户，这里只导入成员，户的内容没有导入")
            return {}
        merged = self._household_values(group, head, 0)
        household_values = {name: value for (table, name), value in merged.items() if table == "household"}
        monitoring = monitoring_values(merged)
        separate_kinds(household_values, monitoring, self._plan.snapshot.get("household", group.id))
        household_record = self._plan_record("household", group.id, group, head, household_values)
        for row in group.rows:
            if row.kind == "household":
                for header, text in row.extra.items():
                    household_record.add_extra(header, text)
        records = {("household", "", 0): household_record, **self._add_monitoring(group, head, monitoring)}
        own_year = self._year_of(head)
        told_years = dict.fromkeys(year for row in group.rows for year in row.by_year)
        for year in dict.fromkeys((own_year, *told_years)):
            values = self._household_values(group, head, year) if year in told_years else {}
            if year == own_year:
                values = merged | values
            records |= self._add_year(group, head, year, values)
        return records

    def _add_year(
        self, group: HouseholdGroup, head: RosterRow, year: int, merged: Mapping[tuple[str, str], Value]
    ) -> dict[tuple[str, str, int], PlannedRecord]:
        """What the rows say of one year."""
        records: dict[tuple[str, str, int], PlannedRecord] = {}
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
                records[table, "", year] = self._plan_record(
                    table, record_id, group, head, planned_values, f"{year} 年"
                )
                for item, line in self._add_income_lines(group, head, record_id, lines):
                    records["income_line", item, year] = line
        for kind, record_id, values in planned_measures(self._plan.snapshot, group.id, year, merged):
            if not self._plan.is_withdrawn("measure", record_id):
                title = str(values["title"])
                records["measure", kind, year] = self._plan_record("measure", record_id, group, head, values, title)
        return records

    def _add_monitoring(
        self, group: HouseholdGroup, head: RosterRow, monitoring: dict[str, Value]
    ) -> dict[tuple[str, str, int], PlannedRecord]:
        """What the rows say of 防返贫监测."""
        if remark := removal_remark(head.values, monitoring):
            self._plan.remark(head, remark)
        record_id, values = planned_monitoring(self._plan.snapshot, group.id, monitoring)
        if not monitoring or self._plan.is_withdrawn("monitoring", record_id):
            return {}
        return {("monitoring", "", 0): self._plan_record("monitoring", record_id, group, head, values)}

    def _add_income_lines(
        self, group: HouseholdGroup, head: RosterRow, income_year: str, lines: dict[str, Value]
    ) -> Iterator[tuple[str, PlannedRecord]]:
        for item, amount in lines.items():
            existing_id = self._plan.snapshot.yearly.get(("income_line", income_year, item))
            record_id = existing_id or IncomeLine.id_of(income_year, item)
            if not amount and not existing_id:
                continue  # exports write 0 for every item that a household does not have
            values: dict[str, Value] = {"income_year_id": income_year, "item": item, "amount": amount}
            yield item, self._plan_record("income_line", record_id, group, head, values, item)

    def _household_values(self, group: HouseholdGroup, head: RosterRow, year: int) -> dict[tuple[str, str], Value]:
        """The household's cells: the head's row first, others where it is empty; rows that differ are remarked.

        `year`: that the headings say, 0 for cells under a heading without one.
        """
        merged: dict[tuple[str, str], Value] = {}
        differing: dict[str, list[tuple[int, str, str]]] = {}
        for row in [head, *(row for row in group.rows if row is not head)]:
            for target, value in (row.by_year.get(year, {}) if year else row.values).items():
                table_column = split_target(target)
                if table_column[0] in _HOUSEHOLD_TABLES and merged.setdefault(table_column, value) != value:
                    header = row.header(target, year)
                    differing.setdefault(header, []).append((row.row, header, row.cell_text(target, year)))
        for header, cells in sorted(differing.items()):
            text = f"{group.title()}的“{header}”各行不一致，取第 {head.row} 行的"
            self._plan.remark(head, text, header, tuple(cells))
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

    def _add_member(self, group: HouseholdGroup, row: RosterRow) -> PlannedRecord | None:
        """The planned person; None after refusing the row."""
        member_id = self._member_id(group, row)
        first_row, name = self._row_by_member.get(member_id), row.text("member.name")
        if first_row is not None and first_row.text("member.name") != name:
            self._plan.reject(
                row, f"与第 {first_row.row} 行的“{first_row.text('member.name')}”是同一个编号，姓名却不同。请核对。"
            )
            return None
        if first_row is None and self._plan.is_withdrawn("member", member_id):
            self._plan.reject(row, f"“{name}”{WITHDRAWN_MESSAGE}。")
            return None
        if first_row is None:
            self._row_by_member[member_id] = row
            group.heads += row.values.get("member.relation") == HEAD
        values = {
            split_target(target)[1]: value
            for target, value in row.values.items()
            if split_target(target)[0] == "member"
        }
        values |= membership_change(row)
        values["household_id"] = group.id
        member_record = self._plan_record("member", member_id, group, row, values, name)
        if first_row is not None and first_row.sheet == row.sheet and first_row.row != row.row:
            self._remark_repeated(row, first_row, values, member_record)
        if row.kind == "member":
            for header, text in row.extra.items():
                member_record.add_extra(header, text)
        member_record.fallback = derived_from_id_no(row.text("member.id_no"))
        self._check_member(group, row, member_record)
        return member_record

    def _remark_repeated(
        self, row: RosterRow, first_row: RosterRow, values: Mapping[str, Value], record: PlannedRecord
    ) -> None:
        """A person on two rows of a sheet: the first row counts, what the other says otherwise is told."""
        differing = [f"member.{name}" for name, value in values.items() if record.values.get(name) != value]
        cells = tuple((row.row, row.header(target), row.cell_text(target)) for target in differing)
        text = f"与第 {first_row.row} 行是同一个人（{row.text('member.name')}），以第 {first_row.row} 行为准"
        self._plan.remark(row, text, cells=cells)

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
                f"同一个人编号在本工作簿里是“{existing['name']}”，名册里是“{name}”，证件号码也不同，请核对是不是同一个人",
            )
        if existing is not None and existing["left"] and "left" not in member_record.values:
            self._plan.remark(row, f"“{name}”在本工作簿里已登记为“{existing['left']}”，名册里还有，请核对")
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
                self._plan.remark(
                    group.rows[0], f"{group.title()}的“{member['name']}”名册里没有，本工作簿里还在，未改动"
                )
