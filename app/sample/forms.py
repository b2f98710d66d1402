"""Filled-in forms of the sample village, and problems from the day they were found: sample_village/forms.toml."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.forms import definition
from app.forms.definition import CELL_SEPARATOR
from app.registers.rectification import due_date
from app.sample.families import Row, SampleHousehold, SampleVillage, load_data
from db.schema.form import FormAnswer, FormEntry, FormVersion
from db.schema.record import derived_id
from resources.option_roles import value_of


@dataclass
class FormRows:
    """Rows by table."""

    form_used: list[Row] = field(default_factory=list)
    form_entry: list[Row] = field(default_factory=list)
    form_answer: list[Row] = field(default_factory=list)


def form_rows(village: SampleVillage, households: Sequence[SampleHousehold]) -> FormRows:
    """All entries with their answers."""
    rows, household_by_no = FormRows(), {household.no: household for household in households}
    for n, raw in enumerate(load_data("forms")["forms"]):
        form_definition = definition.load_form(raw["form"])
        form_version_id = FormVersion.id_of(village.code, form_definition.text)
        if all(row["id"] != form_version_id for row in rows.form_used):
            rows.form_used.append(
                {
                    "id": form_version_id,
                    "village": village.code,
                    "code": form_definition.code,
                    "title": form_definition.title,
                    "text": form_definition.text,
                }
            )
        household = household_by_no.get(raw.get("household", 0))
        subject_id = household.id if household else village.code
        entry_id = derived_id("sample form", subject_id, n)
        if form_definition.repetition != "dated":
            entry_id = FormEntry.id_for_subject(form_definition.code, subject_id, raw.get("year", ""))
        rows.form_entry.append(
            {
                "id": entry_id,
                "village": village.code,
                "form_id": form_version_id,
                "household_id": household.id if household else None,
                "form": form_definition.code,
                "year": raw.get("year"),
                "filled_on": date.fromisoformat(raw["day"]),
                "filled_by": raw["by"],
            }
        )
        for name, text in _answers(raw, household, household_by_no, form_definition):
            rows.form_answer.append(
                {
                    "id": FormAnswer.id_of(entry_id, name),
                    "village": village.code,
                    "entry_id": entry_id,
                    "question": name,
                    "value": text,
                }
            )
    return rows


def _answers(
    raw: Mapping[str, Any],
    household: SampleHousehold | None,
    household_by_no: Mapping[int, SampleHousehold],
    form: definition.Form,
) -> Iterator[tuple[str, str]]:
    question_keys = {item.key for item in form.simple_questions()}
    yield from raw.get("answers", {}).items()
    if household and "size" in question_keys:
        yield "size", str(len(household.members_on(date.fromisoformat(raw["day"]))))
    if household and "people" in question_keys:
        yield "people", str(len(household.current_members))
    for key, lines in raw.get("tables", {}).items():
        for line, cells in lines.items():
            yield from ((CELL_SEPARATOR.join((key, line, column)), text) for column, text in cells.items())
    household_question = next((item for item in form.questions if item.households), None)
    for no in raw.get("households", ()) if household_question else ():
        assert household_question is not None
        item = household_by_no[no]
        values = {
            "head": item.current_members[0].name,
            "group": item.raw["group"],
            "size": str(len(item.current_members)),
            "kind": "、".join(text for text in (item.household_kind, item.monitored_kind) if text),
        }
        cells = {column.key: values[column.key] for column in household_question.columns if column.key in values}
        for column, text in (cells | raw.get("each", {})).items():
            yield CELL_SEPARATOR.join((household_question.key, item.id, column)), text


# what sample_village/forms.toml tells of a problem in one list → its columns
_TOLD_WITH_DAY = {
    "extended": ("extended_to", "extension_reason", "extension_approved_by"),
    "seen": ("followup_on", "followup_by", "opinion"),
    "closed": ("closed_on", "reviewed_by"),
    "looked_again": ("rechecked_on", "recheck_result"),
}


def problem_rows(village: SampleVillage, households: Sequence[SampleHousehold], photos: Sequence[Row]) -> Iterator[Row]:
    """Problems of households and of the village itself: closed out, waiting for that, overdue, still in time."""
    ids = {household.no: household.id for household in households}
    photo_ids = {(photo["household_id"], photo["taken_at"]): photo["id"] for photo in photos}
    for raw in load_data("forms")["problems"]:
        household_id = ids.get(raw.get("household", 0))
        row = _problem(village, household_id, raw)
        if "photos" in raw:
            before, after = (photo_ids[household_id, taken_at] for taken_at in raw["photos"])
            row |= {"before_photo_id": before, "after_photo_id": after}
        yield row


def _problem(village: SampleVillage, household_id: str | None, raw: Mapping[str, Any]) -> Row:
    found_on = date.fromisoformat(raw["found"])
    problem_id = derived_id("sample problem", household_id or village.code, found_on)
    row: Row = {
        "id": problem_id,
        "village": village.code,
        "household_id": household_id,
        "number": f"{found_on.year}-{problem_id[:4].upper()}",
        "level": raw.get("level", value_of("rectification_level", "listed")),
        "found_on": found_on,
        "due_on": due_date(found_on, raw["deadline"]),
    }
    row |= {name: raw.get(name) for name in ("source", "issued_by", "problem", "problem_class", "task_force")}
    row |= {name: raw.get(name) for name in ("responsible", "plan")}
    row |= {name: raw.get(name) for name in ("outcome", "evidence")}
    if "done" in raw:
        row["done_on"] = date.fromisoformat(raw["done"])
    for name, columns in _TOLD_WITH_DAY.items():
        if name in raw:
            day, *texts = raw[name]
            row |= dict(zip(columns, (date.fromisoformat(day), *texts), strict=True))
    return row
