"""The sheets of a form: one row an entry, and a sheet for each of its open-ended tables, one row a line.

Answers to the lines that a form prints are columns of the first sheet. A target is the name of an answer
(app/forms/definition.py) or of a column of the entry; in the sheet of a table it is the key of the column.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.forms.definition import CELL_SEPARATOR, Form, Question, all_forms
from app.forms.entries import ENTRY_FIELDS
from app.records.field import Field
from app.records.field import field as record_field
from app.sheets.register_layout import (
    HIDDEN_HEADERS,
    PARENT_ID,
    ROW_ID,
    SUBJECT_COLUMNS,
    subject_field,
    subject_header,
)
from app.sheets.roster_aliases import normalize_header
from app.sheets.sheet import Sheet
from app.sheets.sheet_layout import SheetHeading
from db.schema.form import FormEntry

FORM_KEY = "form:"  # before the code of a form, where a file names the list that it holds
_TABLE = FormEntry.__tablename__
_YEAR, _DAY = "year", ENTRY_FIELDS[0]
_MAX_HEADER_ROW = 20
_MIN_COLUMNS = 2  # of the form itself that a heading must have


@dataclass(frozen=True, slots=True, eq=False)
class FormLayout:
    """The sheet of a form's entries, or with `question` of the lines of one of its tables.

    Attributes:
        headers: target → what its column is called; no two columns of a sheet have one name
    """

    form: Form
    question: Question | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return f"{_TABLE}{CELL_SEPARATOR}{self.question.key}" if self.question else _TABLE

    @property
    def title(self) -> str:
        return self.question.label if self.question else self.form.title

    @property
    def subject_targets(self) -> tuple[str, ...]:
        """Whom an entry is about, and which of several it is."""
        return (*SUBJECT_COLUMNS[self.form.subject], _YEAR, *((_DAY,) if self.question else ()))

    @property
    def hidden_targets(self) -> tuple[str, ...]:
        return (PARENT_ID, ROW_ID) if self.question else (ROW_ID,)

    @property
    def targets(self) -> tuple[str, ...]:
        if self.question:
            own = tuple(column.key for column in self.question.columns)
        else:
            own = (*ENTRY_FIELDS, *answer_names(self.form))
        return (*self.subject_targets, *own, *self.hidden_targets)

    def field(self, target: str) -> Field:
        if "." in target:
            return subject_field(target)
        if target == _YEAR or (target in ENTRY_FIELDS and (target == _DAY or not self.question)):
            return record_field(_TABLE, target)
        if self.question is None:
            return self.form.field(target)
        return next(column.field for column in self.question.columns if column.key == target)

    def header(self, target: str) -> str:
        return self.headers[target]

    def is_read(self, target: str) -> bool:
        return "." not in target and target not in self.subject_targets


def form_layouts(form: Form) -> tuple[FormLayout, ...]:
    """The sheet of a form's entries and those of its open-ended tables."""
    tables = (one for one in form.questions if one.kind == "rows" and not one.lines)
    bare = (FormLayout(form), *(FormLayout(form, table) for table in tables))
    return tuple(replace(layout, headers=_headers(layout)) for layout in bare)


def form_of(key: str) -> Form | None:
    """The form that a written file holds, None where this program has none of that code."""
    return next((form for form in all_forms() if key == f"{FORM_KEY}{form.code}"), None)


def answer_names(form: Form) -> Iterator[str]:
    """Names of the answers that every entry has room for."""
    for question in form.questions:
        if question.kind == "rows":
            for line in question.lines:
                for column in question.columns:
                    if column.key not in line.texts:
                        yield CELL_SEPARATOR.join((question.key, line.key, column.key))
        elif question.kind != "photo":
            yield question.key


def find_form_header(sheet: Sheet, layout: FormLayout) -> SheetHeading | None:
    """The heading of a sheet as this layout reads it, None if no row is one; the sheet has a row."""
    known = {normalize_header(layout.header(target)): target for target in layout.targets}
    headings = []
    for row, cells in enumerate(sheet.rows[:_MAX_HEADER_ROW]):
        headers = tuple(str(cell).strip() for cell in cells)
        targets = tuple(known.get(normalize_header(header), "") for header in headers)
        headings.append(SheetHeading(row, headers, targets, {}))
    best = max(headings, key=lambda heading: sum(map(bool, heading.targets)))
    own = {target for target in best.targets if target and layout.is_read(target)}
    return best if len(own) >= _MIN_COLUMNS else None


def _headers(layout: FormLayout) -> Mapping[str, str]:
    plain = {target: _plain_header(layout, target) for target in layout.targets}
    repeated = Counter(plain.values())
    headers: dict[str, str] = {}
    taken: Counter[str] = Counter()
    for target, header in plain.items():
        group = _group(layout, target) if repeated[header] > 1 else ""
        name = f"{group}：{header}" if group else header
        taken[name] += 1
        headers[target] = name if taken[name] == 1 else f"{name}（{taken[name]}）"
    return headers


def _plain_header(layout: FormLayout, target: str) -> str:
    if target in HIDDEN_HEADERS:
        return HIDDEN_HEADERS[target]
    if "." in target:
        return subject_header(target)
    one = layout.field(target)
    label = f"{one.label}（{one.unit}）" if one.unit and not one.label.endswith("）") else one.label
    key, *cell = target.split(CELL_SEPARATOR)
    if not cell:
        return label
    line = next(line for line in layout.form.question(key).lines if line.key == cell[0])
    return f"{next(iter(line.texts.values()), line.key)}：{label}"


def _group(layout: FormLayout, target: str) -> str:
    """The heading over a question, "" for what an entry has beside its answers."""
    if target in ENTRY_FIELDS or target in layout.subject_targets:
        return ""
    question = layout.question or layout.form.question(target.partition(CELL_SEPARATOR)[0])
    return question.group or question.label
