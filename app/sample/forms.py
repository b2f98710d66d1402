"""Filled-in forms of the sample village, and problems from the day they were found: sample_village/forms.toml."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.forms import definition
from app.forms.definition import CELL
from app.sample.homes import Home, Place, Row, told
from app.work.rectification import due_day
from db.schema.form import FormAnswer, FormEntry, FormUsed
from db.schema.record import derived_id


@dataclass
class Filled:
    """Rows by table."""

    form_used: list[Row] = field(default_factory=list)
    form_entry: list[Row] = field(default_factory=list)
    form_answer: list[Row] = field(default_factory=list)


def form_rows(place: Place, homes: Sequence[Home]) -> Filled:
    """All entries with their answers."""
    made, by_no = Filled(), {home.no: home for home in homes}
    for n, raw in enumerate(told("forms")["forms"]):
        one = definition.form(raw["form"])
        used = FormUsed.id_of(place.code, one.text)
        if all(row["id"] != used for row in made.form_used):
            made.form_used.append(
                {"id": used, "village": place.code, "code": one.code, "title": one.title, "text": one.text}
            )
        home = by_no.get(raw.get("home", 0))
        about = home.id if home else place.code
        id = derived_id("sample form", about, n)
        if one.repeats != "dated":
            id = FormEntry.id_of(one.code, about, raw.get("year", ""))
        made.form_entry.append(
            {
                "id": id,
                "village": place.code,
                "form_id": used,
                "household_id": home.id if home else None,
                "form": one.code,
                "year": raw.get("year"),
                "filled_on": date.fromisoformat(raw["day"]),
                "filled_by": raw["by"],
            }
        )
        for name, text in _answers(raw, home, by_no, one):
            made.form_answer.append(
                {
                    "id": FormAnswer.id_of(id, name),
                    "village": place.code,
                    "entry_id": id,
                    "question": name,
                    "value": text,
                }
            )
    return made


def _answers(
    raw: Mapping[str, Any], home: Home | None, by_no: Mapping[int, Home], form: definition.Form
) -> Iterator[tuple[str, str]]:
    asked = {one.key for one in form.plain()}
    yield from raw.get("answers", {}).items()
    if home and "size" in asked:
        yield "size", str(len(home.here(date.fromisoformat(raw["day"]))))
    if home and "people" in asked:
        yield "people", str(len(home.present))
    for key, lines in raw.get("tables", {}).items():
        for line, cells in lines.items():
            yield from ((CELL.join((key, line, column)), text) for column, text in cells.items())
    listed = next((one for one in form.questions if one.households), None)
    for no in raw.get("homes", ()) if listed else ():
        assert listed is not None
        one = by_no[no]
        known = {
            "head": one.present[0].name,
            "group": one.raw["group"],
            "size": str(len(one.present)),
            "kind": one.kind,
        }
        cells = {column.key: known[column.key] for column in listed.columns if column.key in known}
        for column, text in (cells | raw.get("each", {})).items():
            yield CELL.join((listed.key, one.id, column)), text


def problem_rows(homes: Sequence[Home]) -> list[Row]:
    """Problems: one closed out, one waiting for that, one overdue, one still in time."""
    by_no = {home.no: home for home in homes}
    return [_problem(by_no[raw["home"]], raw) for raw in told("forms")["problems"]]


def _problem(home: Home, raw: Mapping[str, Any]) -> Row:
    found = date.fromisoformat(raw["found"])
    id = derived_id("sample problem", home.id, found)
    row: Row = {
        "id": id,
        "village": home.place.code,
        "household_id": home.id,
        "number": f"{found.year}-{id[:4].upper()}",
        "level": raw.get("level", "整改清单"),
        "found_on": found,
        "due_on": due_day(found, raw["deadline"]),
    }
    row |= {name: raw.get(name) for name in ("source", "issued_by", "problem", "responsible", "plan")}
    row |= {name: raw.get(name) for name in ("outcome", "evidence")}
    if "done" in raw:
        row["done_on"] = date.fromisoformat(raw["done"])
    if "seen" in raw:
        day, row["followup_by"], row["opinion"] = raw["seen"]
        row["followup_on"] = date.fromisoformat(day)
    if "closed" in raw:
        day, row["reviewed_by"] = raw["closed"]
        row["closed_on"] = date.fromisoformat(day)
    return row
