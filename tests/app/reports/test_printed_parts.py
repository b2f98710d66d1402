"""What db/schema says of where records are printed names parts and reports that there are."""

import shutil

import pytest

import resources
from app.reports.catalogue import parts
from app.reports.village import all_reports
from db.schema import records, relations
from resources.overlay import Overlay, used_overlay


@pytest.mark.parametrize("table", records())
def test_records_are_printed_where_they_say(table):
    known = {part.name for part in parts()} | {report.name for report in all_reports()}
    assert set(relations.printed_in(table)) <= known


def test_a_part_whose_file_a_county_took_out_is_left_out(tmp_path, monkeypatch):
    folder = shutil.copytree(resources.ROOT, tmp_path / "resources", ignore=shutil.ignore_patterns("fonts", "icons"))
    listing = folder / "archive" / "household.toml"
    listing.write_text(listing.read_text("utf-8") + '\n[[parts]]\ncode = "A98"\nsection = "taken_out"\n', "utf-8")
    before = [part.name for part in parts()]
    monkeypatch.setattr(resources, "ROOT", folder)
    with used_overlay(Overlay()):  # of its own, so that nothing is remembered
        assert [part.name for part in parts()] == before
