"""The policies of resources/policies that a village begins with; each is an example until somebody has checked it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import resources
from app.list_views.definition import Condition, ConditionGroup, ListView
from app.list_views.stored_form import encode
from app.records.draft import is_taken, new_draft, write_draft
from app.workbook.workbook import Workbook, running_operation
from db.schema.policy import Policy

_CONDITIONS = {"where": "condition", "proof_where": "proof_condition"}  # name in the file → column


def common_policies() -> Iterator[dict[str, Any]]:
    """Column → value of each policy of the file."""
    data = resources.read("policies", "common")
    for entry in data["policies"]:
        values = {name: value for name, value in entry.items() if name not in _CONDITIONS}
        stored = {column: _stored(entry[name]) for name, column in _CONDITIONS.items() if name in entry}
        yield {"document_no": data["document_no"], "standard": data["standard"], **values, **stored}


def add_common_policies(workbook: Workbook) -> int:
    """Add those that the village does not have under their name. Returns how many."""
    village = workbook.villages[0].code
    with workbook.operation("载入常见政策") as session:
        added = [_add(session, village, values) for values in common_policies()]
        running_operation(session).title = f"载入常见政策，{sum(added)} 项"
    return sum(added)


def _add(session: Any, village: str, values: Mapping[str, Any]) -> bool:
    id = Policy.id_of(village, values["name"])
    if is_taken(session, Policy.__tablename__, id):
        return False
    write_draft(session, new_draft(Policy.__tablename__, village, id, **values))
    return True


def _stored(conditions: Sequence[Sequence[Any]]) -> str:
    parts = tuple(Condition(field, comparison, tuple(values)) for field, comparison, values in conditions)
    return encode(ListView(where=ConditionGroup(parts)))
