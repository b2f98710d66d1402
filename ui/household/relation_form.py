"""What each of some people is to the head of the household that they live in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.records.field import field
from app.records.row_views import HEAD_RELATION, MemberRow
from ui.widgets.record_form import RecordForm


class RelationForm(RecordForm):
    """One choice a person; those that are certain are proposed."""

    def __init__(self, people: Sequence[MemberRow], proposed: Mapping[str, str]) -> None:
        """`proposed`: member → relation."""
        relation = field("member", "relation")
        super().__init__(
            [
                replace(relation, name=one.id, spec=replace(relation.spec, label=f"{one.name}（原{one.relation}）"))
                for one in people
            ],
            columns=1,
        )
        self.load(dict(proposed))

    @property
    def relations(self) -> dict[str, str]:
        """Member → relation to the head."""
        return {id: str(value) for id, value in self.values().items() if value}

    def focus_first_blank(self) -> None:
        blank = next((id for id, value in self.values().items() if value is None), "")
        if blank:
            self.focus_field(blank)

    def show_errors(self) -> bool:
        if super().show_errors():
            return True
        second_head = next((id for id, relation in self.relations.items() if relation == HEAD_RELATION), "")
        if second_head:
            self.set_message(second_head, "一户只有一位户主。")
            self.focus_field(second_head)
        return bool(second_head)
