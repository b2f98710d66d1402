"""Rows of helpers → helpers and whom they help. Nobody in force is ended by a list that names another."""

from collections.abc import Mapping
from datetime import date

from app.records.field import Value
from app.records.field import field as field_of
from app.sheets.belonging import Belonging
from app.sheets.households import HEAD, Families, Family
from app.sheets.roster import RosterRow
from app.sheets.wanted import HIDDEN_WITHDRAWN, Plan, Wanted
from db.schema.aid import Assignment, Helper


class Aid:
    """Puts helpers and assignments into the plan; the households of the file must be there already."""

    def __init__(self, plan: Plan, belonging: Belonging, families: Families) -> None:
        self._plan, self._belonging = plan, belonging
        self._by_number, self._by_head = families.by_number(), families.by_head()
        self._told: dict[tuple[str, str], RosterRow] = {}

    def add(self, row: RosterRow) -> None:
        """Take one row, or refuse it."""
        name = row.text("helper.name")
        if row.reason:
            self._plan.refuse(row, row.reason)
            return
        if not name:
            self._plan.refuse(row, "没有填帮扶人姓名。请补填后再导入。")
            return
        found = self._household(row)
        if found is None:
            return
        household_id, village, household = found
        helper_id = self._helper_id(village, row)
        if self._plan.withdrawn("helper", helper_id):
            self._plan.refuse(row, f"帮扶人“{name}”{HIDDEN_WITHDRAWN}。")
            return
        values = _of(row, "helper")
        self._differing(row, helper_id, values)
        made = Wanted("helper", helper_id, village, name, "", row.sheet, row.row, values)
        self._plan.put(made)
        self._assign(row, household_id, helper_id, village, household)
        self._plan.remarks.extend(row.remarks)

    def _household(self, row: RosterRow) -> tuple[str, str, str] | None:
        """Id, village and title of the household of a row; None after refusing it."""
        number, head_id = row.text("household.household_no"), row.text("head.id_no")
        head_name = row.text("head.name")
        family: Family | None = self._by_number.get(number) or self._by_head.get(head_id)
        if family is None and not number and not head_id:
            family = self._by_head.get(head_name)
        if family is not None:
            return family.id, family.village, family.title()
        held = self._plan.held
        household_id = held.household_by_no.get(number) or self._held_by_head(head_id, head_name, bool(number))
        if household_id:
            known = held.records["household"][household_id]
            return household_id, str(known["village"]), f"{head_name} {known['household_no'] or ''}".strip()
        _, elsewhere = self._belonging.of(row)
        told = f"“{number or head_name or head_id}”" if number or head_name or head_id else ""
        self._plan.refuse(row, elsewhere or f"名册里和本册里都没有这一户{told}。请先导入这一户，或核对户编号。")
        return None

    def _held_by_head(self, head_id: str, head_name: str, numbered: bool) -> str:
        held = self._plan.held
        for member_id in held.members_by_id_no.get(head_id, ()):
            member = held.records["member"][member_id]
            if member["relation"] == HEAD:
                return str(member["household_id"])
        if numbered or head_id or not head_name:
            return ""
        named = [
            str(member["household_id"])
            for member in held.records["member"].values()
            if member["name"] == head_name and member["relation"] == HEAD and not member["withdrawn"]
        ]
        return named[0] if len(named) == 1 else ""

    def _helper_id(self, village: str, row: RosterRow) -> str:
        """The helper of that name with that phone or, where one of the two says no phone, of that unit."""
        held = self._plan.held
        name, phone, unit = row.text("helper.name"), row.text("helper.phone"), row.text("helper.unit")
        of_name = [(key, held.records["helper"][key]) for key in held.helpers_by_name.get(name, ())]
        here = [(key, one) for key, one in of_name if one["village"] == village]
        for key, one in here:
            if phone and one["phone"] == phone:
                return key
        for key, one in here:
            if not (phone and one["phone"]) and (not unit or not one["unit"] or one["unit"] == unit):
                return key
        return Helper.id_of(village, name, phone or unit)

    def _differing(self, row: RosterRow, helper_id: str, values: Mapping[str, Value]) -> None:
        before = self._plan.get("helper", helper_id)
        for name, value in values.items():
            if before is not None and before.values.get(name, value) != value:
                label = field_of("helper", name).label
                self._plan.remark(
                    row,
                    f"帮扶人“{row.text('helper.name')}”的“{label}”与第 {before.row} 行不一样，取第 {before.row} 行的",
                    label,
                )

    def _assign(self, row: RosterRow, household_id: str, helper_id: str, village: str, household: str) -> None:
        values = _of(row, "assignment")
        started, ended = values.get("started_on"), values.get("ended_on")
        values |= {"household_id": household_id, "helper_id": helper_id}
        started_on = started if isinstance(started, date) else None
        assignment_id, in_force = self._held_assignment(household_id, helper_id, started_on)
        title = f"{row.text('helper.name')} → {household}"
        if in_force is not None and started_on is not None and in_force not in (started_on, date.min):
            self._plan.remark(row, f"{title}：本册里从 {in_force} 起帮扶，名册写 {started_on}，未改动")
            values.pop("started_on")
        if self._plan.withdrawn("assignment", assignment_id):
            self._plan.remark(row, f"{title}：这条结对{HIDDEN_WITHDRAWN}")
            return
        self._others_in_force(row, household_id, helper_id, household, ended is not None)
        self._plan.put(Wanted("assignment", assignment_id, village, title, household, row.sheet, row.row, values))

    def _held_assignment(self, household_id: str, helper_id: str, started: date | None) -> tuple[str, date | None]:
        """The assignment's id and, where this helper is in force there already, since when (`date.min`: unknown)."""
        held = self._plan.held
        of_helper = [
            (key, held.records["assignment"][key])
            for key in held.assigned.get(household_id, ())
            if held.records["assignment"][key]["helper_id"] == helper_id
        ]
        for key, one in of_helper:
            if started is not None and one["started_on"] == started:
                return key, None
        for key, one in of_helper:
            if one["ended_on"] is None:
                since = one["started_on"]
                return key, since if isinstance(since, date) else date.min
        return Assignment.id_of(household_id, helper_id, started), None

    def _others_in_force(self, row: RosterRow, household_id: str, helper_id: str, household: str, over: bool) -> None:
        held = self._plan.held
        names = [
            str(held.records["helper"].get(str(one["helper_id"]), {}).get("name") or "")
            for one in (held.records["assignment"][key] for key in held.assigned.get(household_id, ()))
            if one["ended_on"] is None and one["helper_id"] != helper_id
        ]
        if names and not over:
            self._plan.remark(
                row,
                f"{household}现在由“{'”“'.join(names)}”帮扶，名册写的是“{row.text('helper.name')}”；两人都保留，请到户里结束其中一个",
            )
        other = self._told.setdefault((household_id, ""), row) if not over else row
        if other is not row and other.text("helper.name") != row.text("helper.name"):
            self._plan.remark(row, f"{household}在第 {other.row} 行已有帮扶人“{other.text('helper.name')}”，两人都取了")


def _of(row: RosterRow, table: str) -> dict[str, Value]:
    return {target.partition(".")[2]: value for target, value in row.values.items() if target.startswith(f"{table}.")}
