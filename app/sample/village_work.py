"""What the village and its team do in the sample village, as village_work.toml and aid_by_kind.toml tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.records.field import field
from app.rectifications.meeting_tasks import decision_task_id
from app.registers.engine.register import reference_column
from app.sample.families import Row, SampleHousehold, SampleVillage, load_data
from db.schema import records
from db.schema.community import Meeting
from db.schema.record import Record

_Made = tuple[type[Record], Row]


@dataclass(frozen=True, slots=True)
class _People:
    """Whom an entry can name: helpers and members by name, households by their number."""

    village: str
    helpers: Mapping[str, str]
    members: Mapping[str, str]
    households: Mapping[int, SampleHousehold]

    def ids(self, entry: Mapping[str, Any]) -> Iterator[dict[str, str]]:
        """The references of each row that an entry stands for: one, or one for each household that it lists."""
        chosen = [self.households[no] for no in (*entry.get("households", ()), *entry.get("heads", ()))]
        chosen += [
            one for one in self.households.values() if one.is_active and one.raw["group"] in entry.get("groups", ())
        ]
        if "heads" in entry:
            yield from ({"member_id": one.current_members[0].id} for one in chosen)
        elif chosen:
            yield from ({"household_id": one.id} for one in chosen)
        else:
            yield self._named(entry)

    def _named(self, entry: Mapping[str, Any]) -> dict[str, str]:
        named = {}
        if "helper" in entry:
            named["helper_id"] = self.helpers[entry["helper"]]
        if "household" in entry:
            named["household_id"] = self.households[entry["household"]].id
        if "person" in entry:
            named["member_id"] = self.members[entry["person"]]
        return named


_WHOM = ("helper", "household", "person", "households", "heads", "groups")
_DECIDED_AT = "decided_at"  # of a task: the meeting that it was decided at, by its key


def work_rows(
    village: SampleVillage, households: Sequence[SampleHousehold], helpers: Sequence[Row]
) -> Iterator[tuple[type[Record], Row]]:
    """Record and its values, without the id."""
    people = _People(
        village=village.code,
        helpers={helper["name"]: helper["id"] for helper in helpers},
        members={person.name: person.id for household in households for person in household.members},
        households={household.no: household for household in households},
    )
    for told in (load_data("village_work"), load_data("aid_by_kind")["records"]):
        for table, entries in told.items():
            for entry in entries:
                yield from _rows(people, records()[table], entry, {})


def _rows(people: _People, model: type[Record], entry: Mapping[str, Any], above: Mapping[str, str]) -> Iterator[_Made]:
    """The rows that an entry stands for, and those below each."""
    below = {name: value for name, value in entry.items() if name in records() and isinstance(value, list)}
    told = {
        name: _value(people, model, name, value)
        for name, value in entry.items()
        if name not in below and name not in _WHOM and name != _DECIDED_AT
    }
    for ids in people.ids(entry):
        row = {"village": people.village, **above, **ids, **told}
        if _DECIDED_AT in entry:
            meeting_id = Meeting.id_of(people.village, *entry[_DECIDED_AT])
            row["id"] = decision_task_id(meeting_id, entry["title"])
        yield model, row
        for table, entries in below.items():
            child = records()[table]
            parent = {reference_column(child, model.__tablename__): _id(model, row)}
            for one in entries:
                yield from _rows(people, child, one, parent)


def _value(people: _People, model: type[Record], name: str, value: Any) -> Any:
    """Numbers as they are stored; the key of another record as its id."""
    spec = field(model.__tablename__, name)
    if spec.kind == "reference":
        return records()[spec.spec.refers].id_of(people.village, *value)
    return Decimal(str(value)) if spec.kind in ("money", "decimal") else value


def _id(model: type[Record], row: Row) -> str:
    key = model.KEY
    assert isinstance(key, tuple)
    return row.get("id") or model.id_of(*(row.get(name) for name in key))
