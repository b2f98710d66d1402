"""Rows of people → households: who belongs together, and which household of the workbook it is.

A household is known by its 户编号; where a list has none, by its head's ID number, then by the head's name in rows that
follow each other; else the rows after a 户主 are his until the next.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.sheets.import_plan import WITHDRAWN_MESSAGE, ImportPlan
from app.sheets.names_in_cell import is_parted_by_marks, names_in
from app.sheets.roster import RosterRow
from app.sheets.village_match import VillageMatcher
from db.schema.household import Household
from resources.option_roles import value_of

HEAD = value_of("relation", "head")
_NO_HEAD_MESSAGE = f"这一行前面没有“{HEAD}”行，也没有户编号，无法确定所属农户。请补填户编号。"


@dataclass(slots=True)
class HouseholdGroup:
    """The rows of one household; `key` tells it from the others of the file."""

    key: str
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
    """Puts the rows of each household together; rows that belong to none are refused."""

    def __init__(self, plan: ImportPlan, village_matcher: VillageMatcher) -> None:
        self._plan, self._village_matcher = plan, village_matcher
        self.groups: dict[str, HouseholdGroup] = {}
        self._key_by_head_id: dict[str, str] = {}
        self._current: HouseholdGroup | None = None
        self._no_head_message = _NO_HEAD_MESSAGE

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
            if row.values.get("member.relation") == HEAD and (head_id := row.text("member.id_no")):
                self._key_by_head_id.setdefault(head_id, group.key)

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
        names = names_in(row.cell_text("member.name"))
        if len(names) > 1 and (is_parted_by_marks(row.cell_text("member.name")) or not row.text("member.id_no")):
            plan.reject(row, f"同一单元格有几个姓名“{'、'.join(names)[:30]}”，分不清证件号码是谁的。请分成几行再导入。")
            return None
        number = row.text("household.household_no")
        key, reason = self._group_key(row, number)
        if reason:
            plan.reject(row, reason)
            return None
        if key in self.groups:
            return self.groups[key]
        household_id = plan.snapshot.household_by_no.get(number) or self._id_by_head(key, number)
        if plan.is_withdrawn("household", household_id):
            plan.reject(row, f"这一户{WITHDRAWN_MESSAGE}。")
            return None
        self.groups[key] = group = HouseholdGroup(key, household_id, number, village)
        return group

    def _group_key(self, row: RosterRow, number: str) -> tuple[str, str]:
        """What tells this row's household from others in the file, or why nothing does."""
        if number:
            return number, ""
        if row.person and self._current is not None:
            return self._current.key, ""
        if head_id := row.text("head.id_no"):
            return self._key_by_head_id.get(head_id, f"head {head_id}"), ""
        if row.values.get("member.relation") == HEAD:
            if own_id := row.text("member.id_no"):
                return f"head {own_id}", ""
            return "", "户主没有户编号，也没有证件号码，无法确定所属农户。请补填其中一样。"
        if head_name := row.text("head.name"):
            return self._key_by_head_name(head_name)
        if self._current is not None and not self._current.number:
            return self._current.key, ""
        return "", self._no_head_message

    def _key_by_head_name(self, name: str) -> tuple[str, str]:
        """The one household of the workbook whose head has this name."""
        found = self._plan.snapshot.households_by_head_name(name)
        if len(found) != 1:
            many = (
                f"本工作簿里户主叫“{name}”的有 {len(found)} 户"
                if found
                else f"名册和本工作簿里都没有户主“{name}”的证件号码"
            )
            return "", f"{many}，无法确定所属农户。请补填户编号或户主证件号码。"
        return f"household {found[0]}", ""

    def _id_by_head(self, key: str, number: str) -> str:
        """The household whose head has this ID number in the workbook, else an id that any laptop would derive."""
        if number:
            return Household.id_of(number)
        if key.startswith("household "):
            return key.removeprefix("household ")
        snapshot = self._plan.snapshot
        for member_id in snapshot.members_by_id_no.get(key.removeprefix("head "), ()):
            member = snapshot.records["member"][member_id]
            if member["relation"] == HEAD and isinstance(member["household_id"], str):
                return member["household_id"]
        return Household.id_of(key)

    def next_sheet(self) -> None:
        """A household does not go on in the next sheet."""
        self._current, self._no_head_message = None, _NO_HEAD_MESSAGE

    def by_number(self) -> dict[str, HouseholdGroup]:
        return {group.number: group for group in self.groups.values() if group.number}

    def by_head(self) -> dict[str, HouseholdGroup]:
        """ID number and name of the head → household."""
        groups: dict[str, HouseholdGroup] = {}
        for group in self.groups.values():
            head = group.head()
            for identifier in (head.text("member.id_no"), head.text("member.name")):
                if identifier:
                    groups.setdefault(identifier, group)
        return groups

    def villages(self) -> set[str]:
        return {group.village for group in self.groups.values()}

    def ids(self) -> set[str]:
        return {group.id for group in self.groups.values()}


def absent_household_numbers(plan: ImportPlan, grouper: HouseholdGrouper) -> list[str]:
    """户编号 of the workbook's households that the file has not, in the villages that the file is about."""
    ids, villages = grouper.ids(), grouper.villages()
    return sorted(
        str(row["household_no"] or "（无户编号）")
        for household_id, row in plan.snapshot.records["household"].items()
        if not (row["withdrawn"] or row["merged_into"]) and row["village"] in villages and household_id not in ids
    )


def identify_heads_by_name(rows: Sequence[RosterRow]) -> None:
    """Where a list of people tells the head by name only, give each row the ID number that the head's own row has.

    The head's row stands among the rows that follow each other under the same name; else it is the only one of that
    name in the list.
    """
    ids_by_name: dict[str, set[str]] = defaultdict(set)
    runs: list[list[RosterRow]] = []
    for row in rows:
        if row.kind != "member" or not row.text("head.name") or row.text("head.id_no"):
            continue
        if row.text("household.household_no"):
            continue
        if not runs or not _continues(runs[-1], row):
            runs.append([])
        runs[-1].append(row)
        if _is_own_head(row) and row.text("member.id_no"):
            ids_by_name[row.text("head.name")].add(row.text("member.id_no"))
    for run in runs:
        own = {row.text("member.id_no") for row in run if _is_own_head(row)} - {""}
        known = own or ids_by_name[run[0].text("head.name")]
        if len(known) == 1:
            for row in run:
                row.values["head.id_no"] = next(iter(known))


def _is_own_head(row: RosterRow) -> bool:
    relation = row.values.get("member.relation")
    return row.text("member.name") == row.text("head.name") and relation in (HEAD, None)


def _continues(run: Sequence[RosterRow], row: RosterRow) -> bool:
    """Whether a row goes on with the household of the rows before it: the same name, and no second head."""
    has_head = any(_is_own_head(one) for one in run)
    return run[0].text("head.name") == row.text("head.name") and not (has_head and _is_own_head(row))
