"""Which rows of a sheet are rows of its list: no blank ones, no sums, no notes, no heading of the next printed page.

Cells merged down, and a 户编号 or 户主 that stands only in a household's first row, are filled down here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from app.errors import ValidationError
from app.records.field import Value
from app.records.field import field as field_of
from app.sheets.cells import text_of
from app.sheets.header_matching import HeaderRow, repeats_heading
from app.sheets.sheet import Cell, Row, Sheet
from resources.option_roles import value_of

_IDENTIFYING_TARGETS = frozenset(
    {"member.name", "member.id_no", "member.person_no", "helper.name", "household.household_no"}
)
FOOTER_PREFIXES = (
    "合计",
    "总计",
    "小计",
    "共计",
    "注:",
    "注：",
    "备注",
    "说明",
    "填表",
    "审核",
    "制表",
    "单位负责",
    "审批",
)
_SUM = re.compile(r"\S{0,10}(合计|总计|小计|共计)[:：]?|(合计|总计|小计|共计)\S{0,12}")
_LABELLED = re.compile(r"[\u4e00-\u9fff()（）]{2,10}[:：]")  # 经办人：王芳
_NO_NAME = re.compile(r"[\d:：]")  # in a cell of names below a list: a day, or who signs
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_COUNT = re.compile(r"\d+(人|户|名|口|个)?")
_FILLED_DOWN = ("household.household_no", "head.id_no", "head.name")


@dataclass(frozen=True, slots=True)
class RowChoices:
    """What an officer chose for rows that Excel shows otherwise; None is the proposal.

    Attributes:
        hidden: take rows that are hidden (proposal: take them)
        struck: take rows that are struck through (proposal: leave them)
    """

    hidden: bool | None = None
    struck: bool | None = None


class RowSelection:
    """The rows below a heading, and for each why it is none of the list."""

    def __init__(self, sheet: Sheet, header_row: HeaderRow, choices: RowChoices) -> None:
        self._sheet, self._header_row, self._choices = sheet, header_row, choices
        self._merged = _merged_values(sheet, header_row.row)
        self._headings = [sheet.rows[line] for line in dict.fromkeys((*header_row.lines, header_row.row))]
        self._filled_down: dict[int, dict[int, Cell]] = {}
        self._fill_down()

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Each row that says anything, with its cells as they count."""
        for index in range(self._header_row.row + 1, len(self._sheet.rows)):
            cells = self._sheet.rows[index]
            if any(cells):
                yield index, self._filled(index, cells)

    def _filled(self, index: int, cells: Row) -> Row:
        values = self._merged.get(index, {}) | self._filled_down.get(index, {})
        return tuple(values.get(column, cell) for column, cell in enumerate(cells)) if values else cells

    def why_not(self, index: int, cells: Row, values: Mapping[str, Value]) -> str:
        """Why this is no row of the list, "" where it is one."""
        if index in self._sheet.struck_rows and not self._choices.struck:
            return "这一行划掉了"
        if index in self._sheet.hidden_rows and self._choices.hidden is False:
            return "这一行是隐藏的"
        if self._is_heading(cells):
            return "这一行是重复的表头"
        if _numbers_columns(cells):
            return "这一行是列号"
        name = values.get("member.name") or values.get("helper.name")
        if values.get("member.id_no"):
            return ""
        if isinstance(name, str) and _SUM.fullmatch(name):
            return "这一行是合计"
        if values.get("household.household_no"):
            return ""
        filled = [text.replace(" ", "") for text in map(text_of, cells) if text]
        if any(_SUM.fullmatch(text) for text in filled[:3]) or (
            isinstance(name, str) and _COUNT.fullmatch(name) and not values.get("member.relation")
        ):
            return "这一行是合计"
        nobody = _IDENTIFYING_TARGETS.isdisjoint(values)
        is_note = filled and (filled[0].startswith(FOOTER_PREFIXES) or _LABELLED.match(filled[0]))
        if (nobody and len(filled) <= 1) or (is_note and (nobody or _NO_NAME.search(str(name)))):
            return "这一行是说明"
        return ""

    def doubt(self, index: int) -> str:
        """What an officer should know of a row that is taken."""
        if index in self._filled_down:
            header = self._header_row.headers[next(iter(self._filled_down[index]))]
            return f"“{header}”为空，按上面一行的那一户取"
        if index in self._sheet.hidden_rows:
            return "这一行在表里是隐藏的（或被筛选掉了），照样取了"
        return "这一行在表里划掉了，照样取了" if index in self._sheet.struck_rows else ""

    def _is_heading(self, cells: Row) -> bool:
        return any(repeats_heading(cells, heading) for heading in self._headings)

    def _fill_down(self) -> None:
        """Where 户编号 or 户主 stands only in the first row of each household, the rows below it get it."""
        places = {column.target: column.index for column in self._header_row.columns if not column.person}
        columns = [places[target] for target in _FILLED_DOWN if target in places]
        if not columns or self._header_row.kind == "household":
            return
        rows = [(index, self._filled(index, cells)) for index, cells in self._rows_of_people(places)]
        written = [text_of(cells[columns[0]]) for _, cells in rows]
        if all(written) or not any(written) or any(a and a == b for a, b in pairwise(written)):
            return  # where rows one after the other say the same number, it stands in each row
        relation = places.get("member.relation")
        last: dict[int, Cell] = {}
        for index, cells in rows:
            own = {column: cells[column] for column in columns if text_of(cells[column])}
            if own or (relation is not None and _is_head(text_of(cells[relation]))):
                last = own
            elif last:
                self._filled_down[index] = last

    def _rows_of_people(self, places: Mapping[str, int]) -> Iterator[tuple[int, Row]]:
        name = places.get("member.name", places.get("helper.name"))
        for index in range(self._header_row.row + 1, len(self._sheet.rows)):
            cells = self._sheet.rows[index]
            filled = [text for text in map(text_of, cells) if text]
            if name is None or len(filled) < 2 or not text_of(cells[name]) or self._is_heading(cells):
                continue
            if not any(_SUM.fullmatch(text.replace(" ", "")) for text in filled[:3]):
                yield index, cells


def _numbers_columns(cells: Row) -> bool:
    """Whether a row below the heading only numbers the columns: 1, 2, 3 … or 甲, 乙, 丙 …"""
    if next((text for cell in cells if (text := text_of(cell))), "").strip("()（）") not in ("1", _STEMS[0]):
        return False
    filled = [text.strip("()（）") for text in map(text_of, cells) if text]
    counted = [str(n) for n in range(1, len(filled) + 1)]
    return len(filled) > 2 and (filled == counted or filled == list(_STEMS[: len(filled)]))


def _is_head(text: str) -> bool:
    try:
        return field_of("member", "relation").parse(text) == value_of("relation", "head")
    except ValidationError:
        return False


def _merged_values(sheet: Sheet, header_index: int) -> dict[int, dict[int, Cell]]:
    """Row → column → the value of the cell that is merged down over it: one 户编号 for all rows of a household."""
    values_by_row: dict[int, dict[int, Cell]] = {}
    for (top, left), (bottom, _) in sheet.merged:
        if header_index < top < bottom and top < len(sheet.rows):
            value = sheet.rows[top][left] if left < len(sheet.rows[top]) else ""
            for row_index in range(top + 1, min(bottom + 1, len(sheet.rows))):
                values_by_row.setdefault(row_index, {})[left] = value
    return values_by_row
