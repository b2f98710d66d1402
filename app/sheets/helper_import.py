"""Rows of helpers → helpers and whom they help. Nobody in force is ended by a list that names another."""

from collections.abc import Mapping
from datetime import date

from app.records.field import Value
from app.records.field import field as field_of
from app.sheets.household_grouping import HEAD, HouseholdGroup, HouseholdGrouper
from app.sheets.import_plan import WITHDRAWN_MESSAGE, ImportPlan, Placement, PlannedRecord
from app.sheets.roster import RosterRow
from app.sheets.village_match import VillageMatcher
from db.schema.aid import Assignment, Helper


class HelperImport:
    """Puts helpers and assignments into the plan; the households of the file must be there already."""

    def __init__(self, plan: ImportPlan, village_matcher: VillageMatcher, grouper: HouseholdGrouper) -> None:
        self._plan, self._village_matcher = plan, village_matcher
        self._by_number, self._by_head = grouper.by_number(), grouper.by_head()
        self._first_row_by_household: dict[tuple[str, str], RosterRow] = {}

    def add(self, row: RosterRow) -> None:
        """Take one row, or refuse it."""
        name = row.text("helper.name")
        if row.reason:
            self._plan.reject(row, row.reason)
            return
        if not name:
            self._plan.reject(row, "没有填帮扶人姓名。请补填后再导入。")
            return
        household_info = self._household(row)
        if household_info is None:
            return
        household_id, village, household = household_info
        helper_id = self._helper_id(village, row)
        if self._plan.is_withdrawn("helper", helper_id):
            self._plan.reject(row, f"帮扶人“{name}”{WITHDRAWN_MESSAGE}。")
            return
        values = _table_values(row, "helper")
        self._remark_conflicting_values(row, helper_id, values)
        planned = PlannedRecord("helper", helper_id, village, name, "", row.sheet, row.row, values)
        records = {("helper", "", 0): self._plan.add(planned)}
        assignment = self._add_assignment(row, household_id, helper_id, village, household)
        if assignment is not None:
            records["assignment", "", 0] = assignment
        if row.extra:
            records["household", "", 0] = self._keep_notes(row, household_id, village, household)
        self._plan.placements.append(Placement(row, records))
        self._plan.remarks.extend(row.remarks)

    def _keep_notes(self, row: RosterRow, household_id: str, village: str, household: str) -> PlannedRecord:
        """What a list of helpers says in columns of its own is kept with the household that the row is about."""
        record = PlannedRecord("household", household_id, village, household, household, row.sheet, row.row)
        record.extra = dict(row.extra)
        return self._plan.add(record)

    def _household(self, row: RosterRow) -> tuple[str, str, str] | None:
        """Id, village and title of the household of a row; None after refusing it."""
        number, head_id = row.text("household.household_no"), row.text("head.id_no")
        head_name = row.text("head.name")
        group: HouseholdGroup | None = self._by_number.get(number) or self._by_head.get(head_id)
        if group is None and not number and not head_id:
            group = self._by_head.get(head_name)
        if group is not None:
            return group.id, group.village, group.title()
        snapshot = self._plan.snapshot
        household_id = snapshot.household_by_no.get(number) or self._existing_by_head(head_id, head_name, bool(number))
        if household_id:
            record = snapshot.records["household"][household_id]
            return household_id, str(record["village"]), f"{head_name} {record['household_no'] or ''}".strip()
        _, rejection = self._village_matcher.match(row)
        description = f"“{number or head_name or head_id}”" if number or head_name or head_id else ""
        self._plan.reject(
            row, rejection or f"名册和本工作簿里都没有这一户{description}。请先导入这一户，或核对户编号。"
        )
        return None

    def _existing_by_head(self, head_id: str, head_name: str, has_number: bool) -> str:
        snapshot = self._plan.snapshot
        for member_id in snapshot.members_by_id_no.get(head_id, ()):
            member = snapshot.records["member"][member_id]
            if member["relation"] == HEAD:
                return str(member["household_id"])
        if has_number or head_id or not head_name:
            return ""
        household_ids = [
            str(member["household_id"])
            for member in snapshot.records["member"].values()
            if member["name"] == head_name and member["relation"] == HEAD and not member["withdrawn"]
        ]
        return household_ids[0] if len(household_ids) == 1 else ""

    def _helper_id(self, village: str, row: RosterRow) -> str:
        """The helper of that name with that phone or, where one of the two says no phone, of that unit."""
        snapshot = self._plan.snapshot
        name, phone, unit = row.text("helper.name"), row.text("helper.phone"), row.text("helper.unit")
        same_name = [
            (helper_id, snapshot.records["helper"][helper_id]) for helper_id in snapshot.helpers_by_name.get(name, ())
        ]
        same_village = [(helper_id, helper) for helper_id, helper in same_name if helper["village"] == village]
        for helper_id, helper in same_village:
            if phone and helper["phone"] == phone:
                return helper_id
        for helper_id, helper in same_village:
            if not (phone and helper["phone"]) and (not unit or not helper["unit"] or helper["unit"] == unit):
                return helper_id
        return Helper.id_of(village, name, phone or unit)

    def _remark_conflicting_values(self, row: RosterRow, helper_id: str, values: Mapping[str, Value]) -> None:
        planned = self._plan.get("helper", helper_id)
        for name, value in values.items():
            if planned is not None and planned.values.get(name, value) != value:
                label = field_of("helper", name).label
                self._plan.remark(
                    row,
                    f"帮扶人“{row.text('helper.name')}”的“{label}”与第 {planned.row} 行不一致，取第 {planned.row} 行的",
                    label,
                    ((row.row, row.header(f"helper.{name}"), row.cell_text(f"helper.{name}")),),
                )

    def _add_assignment(
        self, row: RosterRow, household_id: str, helper_id: str, village: str, household: str
    ) -> PlannedRecord | None:
        values = _table_values(row, "assignment")
        started, ended = values.get("started_on"), values.get("ended_on")
        values |= {"household_id": household_id, "helper_id": helper_id}
        started_on = started if isinstance(started, date) else None
        assignment_id, active_since = self._existing_assignment(household_id, helper_id, started_on)
        title = f"{row.text('helper.name')} → {household}"
        if active_since is not None and started_on is not None and active_since not in (started_on, date.min):
            target = "assignment.started_on"
            told = ((row.row, row.header(target), row.cell_text(target)),)
            self._plan.remark(
                row, f"{title}：本工作簿从 {active_since} 起帮扶，名册写 {started_on}，未改动", cells=told
            )
            values.pop("started_on")
        if self._plan.is_withdrawn("assignment", assignment_id):
            self._plan.remark(row, f"{title}：这条结对{WITHDRAWN_MESSAGE}")
            return None
        self._remark_other_helpers(row, household_id, helper_id, household, ended is not None)
        return self._plan.add(
            PlannedRecord("assignment", assignment_id, village, title, household, row.sheet, row.row, values)
        )

    def _existing_assignment(self, household_id: str, helper_id: str, started: date | None) -> tuple[str, date | None]:
        """The assignment's id and, where this helper is in force there already, since when (`date.min`: unknown)."""
        snapshot = self._plan.snapshot
        assignments = [
            (assignment_id, snapshot.records["assignment"][assignment_id])
            for assignment_id in snapshot.assignments_by_household.get(household_id, ())
            if snapshot.records["assignment"][assignment_id]["helper_id"] == helper_id
        ]
        for assignment_id, assignment in assignments:
            if started is not None and assignment["started_on"] == started:
                return assignment_id, None
        for assignment_id, assignment in assignments:
            if assignment["ended_on"] is None:
                since = assignment["started_on"]
                return assignment_id, since if isinstance(since, date) else date.min
        return Assignment.id_of(household_id, helper_id, started), None

    def _remark_other_helpers(
        self, row: RosterRow, household_id: str, helper_id: str, household: str, has_ended: bool
    ) -> None:
        snapshot = self._plan.snapshot
        names = [
            str(snapshot.records["helper"].get(str(assignment["helper_id"]), {}).get("name") or "")
            for assignment in (
                snapshot.records["assignment"][key] for key in snapshot.assignments_by_household.get(household_id, ())
            )
            if assignment["ended_on"] is None and assignment["helper_id"] != helper_id
        ]
        if names and not has_ended:
            self._plan.remark(
                row,
                f"{household}现在由“{'”“'.join(names)}”帮扶，名册写的是“{row.text('helper.name')}”；两人都保留，请到户里结束其中一个",
            )
        first_row = self._first_row_by_household.setdefault((household_id, ""), row) if not has_ended else row
        if first_row is not row and first_row.text("helper.name") != row.text("helper.name"):
            self._plan.remark(
                row, f"{household}在第 {first_row.row} 行已有帮扶人“{first_row.text('helper.name')}”，两人都取了"
            )


def _table_values(row: RosterRow, table: str) -> dict[str, Value]:
    return {target.partition(".")[2]: value for target, value in row.values.items() if target.startswith(f"{table}.")}
