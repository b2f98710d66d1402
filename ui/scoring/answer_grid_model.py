"""The sheet of a round: a row a household, a column a check point."""

from collections.abc import Mapping
from dataclasses import replace

from app.checklists.answer_grid import AnswerGrid, AnswerPlan
from app.checklists.template import Checklist
from app.records.field import Field, field, field_label
from ui.grid.grid_model import GridModel
from ui.grid.grid_rows import GridColumns
from ui.widgets.row_table import Column, Index, Row

_POINTS = "points"
_ABOUT = (
    Column("head", "户主", width=8),
    Column("group", field_label("household", "group_name"), width=8),
    Column(_POINTS, "得分", "right", width=6),
)
_MOST_LINES = 2000  # more cannot be read through
_WHY_NOT = "由软件算出或说明是谁的，不能改"


class AnswerGridModel(GridModel):
    """Offers the values of the round's own scale."""

    def __init__(self) -> None:
        super().__init__()
        self.takes_new = False
        self._scale: list[str] = []
        self.words: Mapping[str, str] = {}  # check code → its item and words

    def show_checklist(self, checklist: Checklist) -> tuple[Column, ...]:
        """Take the columns of a checklist; returns them."""
        self._scale = [step.value for step in checklist.scale]
        self.words = {check.code: f"{item.label}：{check.label}" for item in checklist.items for check in item.checks}
        columns, fields = list(_ABOUT), {}
        for item in checklist.items:
            for n, check in enumerate(item.checks, start=1):
                columns.append(Column(check.code, f"{item.label}{n}", width=8))
                fields[check.code] = _answer_field(check.label)
        self.set_grid(GridColumns(tuple(columns), fields, {one.key: _WHY_NOT for one in _ABOUT}, {}))
        return tuple(columns)

    def option_labels(self, index: Index) -> list[str]:
        return self._scale if self.field_at(index) is not None else []


def _answer_field(label: str) -> Field:
    one = field("answer", "value")
    return replace(one, spec=replace(one.spec, label=label))


def answer_rows(grid: AnswerGrid) -> list[Row]:
    """All households with what the inspector answered."""
    return [
        Row(
            one.household_id,
            {
                "head": one.name,
                "group": one.group,
                _POINTS: grid.points.get(one.household_id, ""),
                **grid.answers.get(one.household_id, {}),
            },
        )
        for one in grid.households
    ]


def plan_text(plan: AnswerPlan, grid: AnswerGrid, words: Mapping[str, str]) -> tuple[str, list[str]]:
    """What a plan would do: counts, and a line for each answer, what is refused first."""
    names = {one.household_id: one.name for one in grid.households}
    told = [f"将改动 {plan.households} 户的 {len(plan.changes)} 个要点"] if plan.changes else ["没有要改动的"]
    told += [f"没有收 {len(plan.refused)} 格"] if plan.refused else []
    lines = [f"没有收　{names.get(one.household_id, '')}：{reason}" for one, reason in plan.refused]
    for change in plan.changes:
        before, after = (text or "（空）" for text in (change.before, change.after))
        lines.append(f"变更　{names.get(change.household_id, '')} {words[change.check]}：{before} → {after}")
    return f"{'，'.join(told)}。", lines[:_MOST_LINES]
