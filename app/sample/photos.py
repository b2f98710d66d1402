"""Photographs of the sample village: records, and the pictures that app/sample/placeholder_images.py draws for them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from app.records.page_pictures import bind_pages
from app.sample.families import Row, SampleHousehold, load_data
from app.sample.inspections import InspectionRows
from app.sample.placeholder_images import draw_scene
from db.schema.record import derived_id


def photo_rows(
    households: Sequence[SampleHousehold], visits: Sequence[Row], inspections: InspectionRows
) -> tuple[list[Row], list[Row]]:
    """Rows of `photo`, and of `picture` each once."""
    household_by_no = {household.no: household for household in households}
    photos: list[Row] = []
    pictures = {}
    for n, raw in enumerate(load_data("photos")["photos"]):
        jpeg = draw_scene(raw["scene"], raw["shade"])
        content = hashlib.sha256(jpeg).hexdigest()
        pictures[content] = {"sha256": content, "jpeg": jpeg}
        photo = _photo(household_by_no[raw["household"]], raw, n, visits, inspections) | {"content": content}
        if raw.get("of_the_same_place"):
            photo["before_id"] = photos[-1]["id"]
        photos.append(photo)
    return photos, list(pictures.values())


def attachment_rows(
    households: Sequence[SampleHousehold], rows: Mapping[str, Sequence[Row]]
) -> tuple[list[Row], list[Row]]:
    """Rows of `photo` for scans of papers, those of rows of registers too, and of `picture`.

    Args:
        rows: of all registers, by table
    """
    household_by_no = {household.no: household for household in households}
    papers, pictures = [], []
    for n, raw in enumerate(load_data("photos")["attachments"]):
        household = household_by_no[raw["household"]]
        content = bind_pages([draw_scene("paper", 100 * n + page) for page in range(raw["pages"])])
        sha256 = hashlib.sha256(content).hexdigest()
        pictures.append({"sha256": sha256, "jpeg": content})
        paper: Row = {
            "id": derived_id("photo", household.id, sha256),
            "village": household.village.code,
            "household_id": household.id,
            "caption": raw["title"],
            "archive_part": raw.get("archive_part"),
            "pages": raw["pages"],
            "taken_at": raw["dated"],
            "content": sha256,
        }
        if table := raw.get("register"):
            whose = {household.id, *(person.id for person in household.current_members)}
            row = next(one for one in rows[table] if whose & {one.get("member_id"), one.get("household_id")})
            paper |= {"about_table": table, "about_id": row["id"]}
        papers.append(paper)
    return papers, pictures


def _photo(
    household: SampleHousehold, raw: Mapping[str, Any], n: int, visits: Sequence[Row], inspections: InspectionRows
) -> Row:
    day, time = raw["taken_at"].split()
    row: Row = {
        "id": derived_id("photo", household.id, n),
        "village": household.village.code,
        "household_id": household.id,
        "kind": raw["kind"],
        "caption": raw["caption"],
        "place": f"{household.village.name}{household.raw['group']}",
        "people": raw.get("people"),
        "photographer": raw["photographer"],
        "check": raw.get("check"),
    }
    if raw.get("visit"):
        last = max(
            (visit for visit in visits if visit["household_id"] == household.id),
            key=lambda visit_row: visit_row["visited_on"],
        )
        row["visit_id"], day = last["id"], last["visited_on"]
    if "inspection" in raw:
        inspection = inspections.by_round_and_household[raw["inspection"], household.no]
        row["inspection_id"], day = inspection["id"], inspection["seen_on"]
    return row | {"taken_at": f"{day} {time}"}
