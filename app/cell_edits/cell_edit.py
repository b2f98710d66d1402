"""What an officer wrote into cells of a list, and what it would do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.records.field import Value


@dataclass(frozen=True, slots=True)
class CellInput:
    """A text for one cell of a list. `place`: where the text stood, e.g. in the pasted block; "" for typed cells."""

    record_id: str
    column: str
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class EditedCell:
    """One cell that gets another value.

    Attributes:
        title: whom the record is about
        before, after: as they are stored
        texts: both as people read them, personal numbers masked
        key: what the record is known by, where writing the cell makes or restores it
    """

    table: str
    record_id: str
    village: str
    column: str
    title: str
    label: str
    before: Value
    after: Value
    texts: tuple[str, str]
    key: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusedCell:
    """A cell that stays as it is, and the sentence that says why."""

    edit: CellInput
    title: str
    label: str
    reason: str

    def __str__(self) -> str:
        whom = " ".join(one for one in (self.edit.place, self.title, f"“{self.label}”" if self.label else "") if one)
        return f"{whom}：{self.reason}" if whom else self.reason


@dataclass(frozen=True, slots=True)
class EditPlan:
    """All that some edits would do. `doubts`: sentences about values that may be stored but look wrong."""

    list_key: str
    changes: tuple[EditedCell, ...] = ()
    refused: tuple[RefusedCell, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        """How many records change."""
        return len({(change.table, change.record_id) for change in self.changes})
