"""The entries of one form as an Excel file, one row an entry, its columns the questions of the form."""

from dataclasses import replace
from pathlib import Path

from app.errors import OfficeError
from app.exchange.naming import household_names
from app.forms.definition import Form, as_value, form
from app.forms.entries import HEAD, entry, form_rows
from app.progress import Work
from app.records.field import Field, Value, field
from app.sheets.writing import write_list
from app.workbook.workbook import Workbook


def write_entries(workbook: Workbook, code: str, out: Path) -> Work[int]:
    """All entries of a form. Lines that the form prints are columns of their own; open-ended tables are left out.

    Answers of entries that were filled in with an older version of the form stand where it asks the same question.
    Returns how many entries.

    Raises:
        OfficeError: there is no entry, or the file cannot be written
    """
    made = form(code)
    names = list(_names(made))
    rows: list[list[Value]] = []
    with workbook.reading() as session:
        found = form_rows(session, code)
        if not found:
            raise OfficeError(f"还没有填过“{made.title}”，没有可以导出的。")
        homes = household_names(session, [one.household_id for one in found])
        for one in found:
            filled = entry(session, one.id)
            head = [homes.get(one.household_id, "（村）"), one.year, *(filled.value(name) for name in HEAD)]
            rows.append([*head, *(_now(made, name, filled.value(name)) for name in names)])
    fields = [_headed("户主"), field("form_entry", "year"), *(field("form_entry", name) for name in HEAD)]
    count = yield from write_list(rows, [*fields, *(_column(made, name) for name in names)], out, title=made.title)
    workbook.deed(f"导出{made.title}", count)
    return count


def _names(made: Form) -> list[str]:
    """Names of the answers that every entry has room for."""
    found = []
    for one in made.questions:
        if one.kind == "rows":
            for line in one.lines:
                asked = [column.key for column in one.columns if column.key not in line.given]
                found += [f"{one.key}/{line.key}/{column}" for column in asked]
        elif one.kind != "photo":
            found.append(one.key)
    return found


def _column(made: Form, name: str) -> Field:
    """The field of an answer; a cell of a table is called by its line as well."""
    one = made.field(name)
    key, *cell = name.split("/")
    if cell:
        line = next(line for line in made.question(key).lines if line.key == cell[0])
        label = f"{next(iter(line.given.values()), line.key)}：{one.label}"
        one = replace(one, declared=replace(one.declared, label=label))
    return one


def _now(made: Form, name: str, kept: Value) -> Value:
    """A value that another version of the form kept as text, as this one writes it."""
    return as_value(made.field(name), kept) if isinstance(kept, str) else kept


def _headed(label: str) -> Field:
    text = field("form_entry", "filled_by")
    return replace(text, declared=replace(text.declared, label=label))
