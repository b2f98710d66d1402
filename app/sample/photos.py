"""Photographs of the sample village: records, and the pictures that app/sample/pictures.py draws for them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from app.sample.homes import Home, Row, told
from app.sample.inspections import Rounds
from app.sample.pictures import drawn
from db.schema.record import derived_id


def photo_rows(homes: Sequence[Home], visits: Sequence[Row], looked: Rounds) -> tuple[list[Row], list[Row]]:
    """Rows of `photo`, and of `picture` each once."""
    by_no = {home.no: home for home in homes}
    photos, pictures = [], {}
    for n, raw in enumerate(told("photos")["photos"]):
        jpeg = drawn(raw["scene"], raw["shade"])
        content = hashlib.sha256(jpeg).hexdigest()
        pictures[content] = {"sha256": content, "jpeg": jpeg}
        photos.append(_photo(by_no[raw["home"]], raw, n, visits, looked) | {"content": content})
    return photos, list(pictures.values())


def _photo(home: Home, raw: Mapping[str, Any], n: int, visits: Sequence[Row], looked: Rounds) -> Row:
    day, time = raw["taken_at"].split()
    row: Row = {
        "id": derived_id("photo", home.id, n),
        "village": home.place.code,
        "household_id": home.id,
        "kind": raw["kind"],
        "caption": raw["caption"],
        "place": f"{home.place.name}{home.raw['group']}",
        "people": raw.get("people"),
        "photographer": raw["photographer"],
        "check": raw.get("check"),
    }
    if raw.get("visit"):
        last = max((visit for visit in visits if visit["household_id"] == home.id), key=lambda one: one["visited_on"])
        row["visit_id"], day = last["id"], last["visited_on"]
    if "inspection" in raw:
        inspection = looked.looked[raw["inspection"], home.no]
        row["inspection_id"], day = inspection["id"], inspection["seen_on"]
    return row | {"taken_at": f"{day} {time}"}
