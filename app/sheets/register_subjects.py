"""Which household, member or helper a row of a list is about, and what its references point to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.records.field import Field
from app.records.row_views import HEAD_RELATION
from app.registers.engine.register import Subject
from app.sheets.village_match import short_name
from app.workbook.masking import mask_text
from db.schema import records, relations
from db.schema.aid import Helper
from db.schema.household import Household, Member
from db.schema.village import Village

_WHOM = {"household": "哪一户", "member": "哪一位", "helper": "哪一位帮扶联系人", "village": "哪个村"}


@dataclass(frozen=True, slots=True)
class RowSubject:
    """Whom a row is about, or the sentence why nobody was found.

    Attributes:
        ids: column of the record → id
        remark: what an officer should look at where a person was recognised, but not beyond doubt
    """

    village: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    error: str = ""
    remark: str = ""


class SubjectIndex:
    """The people of the workbook, looked up once for a whole file."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._villages = {village.village: village.name or "" for village in session.scalars(_kept(Village))}
        self._households: dict[str, tuple[str, str]] = {}  # id → (village, group)
        self._by_number: dict[str, str] = {}
        self._members: dict[str, tuple[str, str, str]] = {}  # id → (village, household, name)
        self._members_by: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        self._heads: defaultdict[str, list[str]] = defaultdict(list)
        self._helpers: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._references: dict[str, dict[str, list[str]]] = {}
        self._load()

    def _load(self) -> None:
        household = (Household.id, Household.village, Household.household_no, Household.group_name, Household.hamlet)
        kept = select(*household, Household.merged_into).where(~Household.withdrawn)
        # a merged household's number leads to the one that stands for it, unless that has taken the number over
        kept = kept.order_by(Household.merged_into.is_(None), Household.id)
        for id, village, number, group, hamlet, merged_into in self._session.execute(kept):
            self._by_number[number or ""] = merged_into or id
            if merged_into is None:
                self._households[id] = village, group or hamlet or ""
        member = (
            Member.id,
            Member.village,
            Member.household_id,
            Member.name,
            Member.id_no,
            Member.relation,
            Member.left,
        )
        for id, village, household_id, name, id_no, relation, left in self._session.execute(
            select(*member).where(~Member.withdrawn)
        ):
            self._members[id] = village, household_id or "", name or ""
            self._members_by["id_no", (id_no or "").upper()].append(id)
            self._members_by["name", name or ""].append(id)
            self._members_by["household", household_id or "", name or ""].append(id)
            if relation == HEAD_RELATION and not left:
                self._heads[name or ""].append(household_id or "")
        for helper in self._session.scalars(_kept(Helper)):
            self._helpers[helper.name or ""].append((helper.id, helper.village, helper.unit or ""))
        self._by_number.pop("", None)

    def find(self, subject: Subject, cells: Mapping[str, str]) -> RowSubject:
        """Whom a row with these cells (target → text) is about."""
        if subject == "village":
            return self._find_village(cells)
        if subject == "helper":
            return self._find_helper(cells)
        if subject == "member":
            return self._find_member(cells)
        return self._find_household(cells)

    def _find_village(self, cells: Mapping[str, str]) -> RowSubject:
        name = cells.get("village.name", "")
        codes = [code for code, own in self._villages.items() if not name or short_name(own) == short_name(name)]
        if len(codes) == 1:
            return RowSubject(codes[0], title=self._villages[codes[0]])
        own_names = "”“".join(self._villages.values())
        return RowSubject(error=f"看不出是哪个村的（写的是“{name}”），本工作簿有“{own_names}”。请填对“行政村”。")

    def _find_household(self, cells: Mapping[str, str]) -> RowSubject:
        number, head = cells.get("household.household_no", ""), cells.get("head.name", "")
        id_no, group = cells.get("head.id_no", "").upper(), cells.get("household.group_name", "")
        if number in self._by_number:
            return self._household(self._by_number[number])
        if id_no:  # a masked one is nobody's
            owners = {self._members[id][1] for id in self._members_by["id_no", id_no]} & self._households.keys()
            if len(owners) == 1:
                return self._household(owners.pop())
        found = {id for id in self._heads[head] if id in self._households} if head else set()
        in_group = {id for id in found if not group or self._households[id][1] == group}
        found = in_group or found
        if number or len(found) != 1:
            return RowSubject(error=_not_found("household", number or head, len(found) if not number else 0))
        return self._household(found.pop())

    def _household(self, id: str) -> RowSubject:
        title = relations.record_title(self._session, "household", id)
        return RowSubject(self._households[id][0], {"household_id": id}, title)

    def _find_member(self, cells: Mapping[str, str]) -> RowSubject:
        """By 证件号码; where it is blank, masked or unknown, by the name in the household."""
        name, id_no = cells.get("member.name", ""), cells.get("member.id_no", "").upper()
        number = "" if "*" in id_no else id_no
        found, remark = self._members_by["id_no", number] if number else [], ""
        if found and name and all(self._members[id][2] != name for id in found):
            remark = f"证件号码是“{self._members[found[0]][2]}”的，姓名写的是“{name[:20]}”，按证件号码认的，请核对"
        if not found and (cells.get("household.household_no") or cells.get("head.name")):
            household = self._find_household({**cells, "head.id_no": ""})
            if household.error:
                return household
            found = self._members_by["household", household.ids["household_id"], name]
            remark = f"证件号码与本工作簿不同，“{name}”是按户和姓名认的，请核对" if number else ""
        elif not found and not number:
            found = self._members_by["name", name]
            remark = f"没有证件号码，也没有写是哪一户，“{name}”是只按姓名认的，请核对"
        if len(found) != 1:
            return RowSubject(error=_not_found("member", name or mask_text(id_no, "id"), len(found)))
        village, household_id, title = self._members[found[0]]
        return RowSubject(village, {"member_id": found[0], "household_id": household_id}, title, remark=remark)

    def _find_helper(self, cells: Mapping[str, str]) -> RowSubject:
        name, unit = cells.get("helper.name", ""), cells.get("helper.unit", "")
        found = self._helpers[name]
        found = [one for one in found if one[2] == unit] or found
        if len(found) != 1:
            return RowSubject(error=_not_found("helper", name, len(found)))
        return RowSubject(found[0][1], {"helper_id": found[0][0]}, name)

    def find_reference(self, one: Field, text: str, subject: RowSubject) -> tuple[str | None, str]:
        """The id of what a cell names and "", or None and what is wrong."""
        table = one.spec.refers
        if table == "member":
            household = subject.ids.get("household_id", "")
            by_name = ("household", household, text) if household else ("name", text)
            found = self._members_by["id_no", text.upper()] or self._members_by[by_name]
        elif table == "household":
            head, _, group = text.removesuffix("）").partition("（")
            by_head = {"head.name": head, "household.group_name": group}
            result = self._find_household({"household.household_no": text} if text in self._by_number else by_head)
            found = [result.ids["household_id"]] if not result.error else []
        elif table == "helper":
            found = [id for id, _, _ in self._helpers[text]]
        else:
            found = self._titles(table).get(text, [])
        if len(found) == 1:
            return found[0], ""
        return None, f"“{one.label}”的“{text[:20]}”在本工作簿里{'有几个，分不清是哪一个' if found else '没有'}"

    def _titles(self, table: str) -> dict[str, list[str]]:
        if table not in self._references:
            model: Any = records()[table]
            ids = list(self._session.scalars(select(model.id).where(~model.withdrawn)))
            titles: dict[str, list[str]] = {}
            for id, title in relations.record_titles(self._session, table, ids).items():
                titles.setdefault(title, []).append(id)
            self._references[table] = titles
        return self._references[table]


def _kept(model: Any) -> Any:
    return select(model).where(~model.withdrawn)


def _not_found(subject: Subject, text: str, count: int) -> str:
    if not text:
        needed = {"household": "户编号或户主", "member": "户编号、姓名或证件号码", "helper": "帮扶人姓名"}[subject]
        return f"看不出是{_WHOM[subject]}，请填{needed}。"
    if count:
        more = "户编号" if subject == "household" else "证件号码" if subject == "member" else "帮扶单位"
        return f"“{text}”在本工作簿里有 {count} 个，分不清是{_WHOM[subject]}，请填{more}。"
    return f"“{text}”在本工作簿里没有，请核对，或先登记。"
