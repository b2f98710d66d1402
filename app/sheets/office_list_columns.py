"""What the columns of another office's list are taken for: by hand, as for the last list with these headings, or as
proposed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.comparison.subject import Subject
from app.records.field import Field, fields, table_label
from app.records.field import field as field_of
from app.sheets.column_targets import SPECIAL
from app.sheets.import_choices import SheetChoices, remember, remembered, with_choices
from app.sheets.imported_sheet import ImportedSheet
from app.sheets.office_list_heading import HAPPENED, STATE, ListHeading
from app.sheets.sheet import Sheet
from app.sheets.sheet_recognition import RecognizedSheet
from app.workbook.workbook import Workbook

_NOT_COMPARED = "只看，不比"
_IDENTITY = ("member.name", "member.id_no", "member.birth")


def target_choices(subject: Subject) -> tuple[tuple[str, str], ...]:
    """(target, label) of everything that a column of such a list may be taken for."""
    found = [("", _NOT_COMPARED)]
    found += [(target, f"{_field(target).label}（据以对人）") for target in _IDENTITY]
    found.append(("village.name", SPECIAL["village.name"]))
    if subject.absent.headers:
        found.append((STATE, "状态（是否在列）"))
    if subject.ours.date_field is not None:
        found.append((HAPPENED, subject.ours.date_field.label))
    for table in _tables(subject):
        found += [(f"{table}.{one.name}", f"{table_label(table)} · {one.label}") for one in _comparable(table)]
    return tuple(found)


def choose_columns(
    session: Session,
    subject: Subject,
    sheets: Sequence[Sheet],
    headings: Mapping[str, ListHeading],
    choices: Mapping[str, SheetChoices],
) -> list[RecognizedSheet]:
    """The sheets that have a heading, with what each column is taken for.

    Args:
        choices: sheet → what was decided now; what is not there is remembered or proposed
    """
    known = dict(target_choices(subject))
    found = []
    for sheet in sheets:
        if sheet.name in headings:
            row = headings[sheet.name].for_comparison()
            chosen = choices.get(sheet.name) or remembered(session, row, subject.key)
            columns = {index: one for index, one in chosen.columns.items() if one.target in known}
            chosen = replace(chosen, columns=columns)  # a kind of list may have lost a field since
            found.append(RecognizedSheet(sheet, with_choices(row, chosen), chosen, ""))
    return found


def remember_columns(
    workbook: Workbook, subject: Subject, sheets: Iterable[ImportedSheet], choices: Mapping[str, SheetChoices]
) -> None:
    """Keep what was decided about the columns of each sheet for the next list of this kind with the same headings."""
    for sheet in sheets:
        if sheet.name in choices:
            remember(workbook, sheet.heading, choices[sheet.name], subject.key)


def with_chosen_fields(subject: Subject, headings: Iterable[ListHeading]) -> Subject:
    """The kind of list, with the fields that columns were chosen for by hand among those that are compared."""
    targets = dict.fromkeys(target for heading in headings for target in heading.row.targets)
    chosen = [
        _field(target)
        for target in targets
        if target not in _IDENTITY and target.partition(".")[0] in _tables(subject) and target != ""
    ]
    more: dict[Field, tuple[str, ...]] = {one: () for one in chosen if one not in subject.values}
    return replace(subject, values={**subject.values, **more}) if more else subject


def _tables(subject: Subject) -> tuple[str, ...]:
    """Whose fields can be compared."""
    return ("member",) if subject.rows is None else ("member", subject.rows.table)


def _comparable(table: str) -> list[Field]:
    return [
        one
        for one in fields(table)
        if not one.spec.derived and one.kind not in ("reference", "long") and f"{table}.{one.name}" not in _IDENTITY
    ]


def _field(target: str) -> Field:
    table, _, name = target.partition(".")
    return field_of(table, name)
