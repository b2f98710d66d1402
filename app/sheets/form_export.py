"""The entries of one form as an Excel file: one row an entry, and a further sheet for each open-ended table."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from app.errors import UserError
from app.forms.definition import Form, Question, answer_value, load_form
from app.forms.entries import ENTRY_FIELDS, FormEntryDraft, form_rows, load_entry
from app.progress import Task
from app.records.field import Field, Value, field
from app.sheets.writer import ListSheet, write_list
from app.workbook.workbook import Workbook
from db.schema.relations import household_titles


def write_entries(workbook: Workbook, code: str, out: Path) -> Task[int]:
    """All entries of a form. Lines that the form prints are columns of their own; an open-ended table is a sheet.

    Answers of entries that were filled in with an older version of the form stand where it asks the same question.
    Returns how many entries.

    Raises:
        UserError: there is no entry, or the file cannot be written
    """
    form_definition = load_form(code)
    names = list(_answer_names(form_definition))
    tables = [one for one in form_definition.questions if one.kind == "rows" and not one.lines]
    rows: list[list[Value]] = []
    lines: dict[str, list[list[Value]]] = {table.key: [] for table in tables}
    with workbook.reading() as session:
        entries = form_rows(session, code)
        if not entries:
            raise UserError(f"还没有填过“{form_definition.title}”，没有可以导出的。")
        names_by_household = household_titles(session, [form_row.household_id for form_row in entries])
        for form_row in entries:
            entry_draft = load_entry(session, form_row.id)
            leading_cells = [
                names_by_household.get(form_row.household_id, "（村）"),
                form_row.year,
                *(entry_draft.value(name) for name in ENTRY_FIELDS),
            ]
            rows.append(
                [*leading_cells, *(_current_value(form_definition, name, entry_draft.value(name)) for name in names)]
            )
            for table in tables:
                lines[table.key] += [
                    [*leading_cells[:3], *line] for line in _lines(form_definition, entry_draft, table)
                ]
    fields = [_text_column("户主"), field("form_entry", "year"), *(field("form_entry", name) for name in ENTRY_FIELDS)]
    further = [
        ListSheet(table.label, [*fields[:3], *(column.field for column in table.columns)], lines[table.key])
        for table in tables
    ]
    columns = [*fields, *(_answer_field(form_definition, name) for name in names)]
    count = yield from write_list(rows, columns, out, title=form_definition.title, further=further)
    workbook.audit(f"导出{form_definition.title}", count)
    return count


def _lines(form_definition: Form, entry_draft: FormEntryDraft, table: Question) -> Iterator[list[Value]]:
    """The lines of an open-ended table as an entry has them; none where its version of the form has no such table."""
    if table.key not in {question.key for question in entry_draft.form.questions}:
        return
    for line in entry_draft.line_keys(table.key):
        names = [f"{table.key}/{line}/{column.key}" for column in table.columns]
        yield [_current_value(form_definition, name, entry_draft.value(name)) for name in names]


def _answer_names(form_definition: Form) -> list[str]:
    """Names of the answers that every entry has room for."""
    names = []
    for question in form_definition.questions:
        if question.kind == "rows":
            for line in question.lines:
                column_keys = [column.key for column in question.columns if column.key not in line.texts]
                names += [f"{question.key}/{line.key}/{column}" for column in column_keys]
        elif question.kind != "photo":
            names.append(question.key)
    return names


def _answer_field(form_definition: Form, name: str) -> Field:
    """The field of an answer; a cell of a table is called by its line as well."""
    answer_field = form_definition.field(name)
    key, *cell = name.split("/")
    if cell:
        line = next(line for line in form_definition.question(key).lines if line.key == cell[0])
        label = f"{next(iter(line.texts.values()), line.key)}：{answer_field.label}"
        answer_field = replace(answer_field, spec=replace(answer_field.spec, label=label))
    return answer_field


def _current_value(form_definition: Form, name: str, stored: Value) -> Value:
    """A value that another version of the form stored as text, as this one writes it."""
    return answer_value(form_definition.field(name), stored) if isinstance(stored, str) else stored


def _text_column(label: str) -> Field:
    template = field("form_entry", "filled_by")
    return replace(template, spec=replace(template.spec, label=label))
