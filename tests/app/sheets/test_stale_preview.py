"""A preview is written only into the workbook that it was compared with: packages that came or went in between."""

from pathlib import Path

import pytest

from app.progress import run_to_completion
from app.sheets.errors import StalePreview
from app.sheets.roster_import import apply_import
from app.sync import import_undo, package_import
from app.workbook import preferences
from db.schema.household import Household
from tests import builders
from tests.app.sheets.sheet_files import person, preview_file, table, xlsx
from tests.app.sync.peers import edit_record, make_team, send, write_package

HOUSEHOLD = Household.id_of(f"{builders.VILLAGE.code}001")


@pytest.fixture
def team(tmp_path: Path):
    """Two laptops that know the same household."""
    created = make_team(tmp_path, "甲", "乙")
    with created[0].writing() as session:
        builders.household(session)
    send(created[0], created[1])
    yield created
    for book in created:
        book.close()


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return xlsx(tmp_path / "名册.xlsx", table([person(2)]))


def test_a_package_that_came_after_the_preview_is_noticed(team, roster: Path) -> None:
    colleague, ours = team
    preview = preview_file(ours, roster)
    edit_record(colleague, HOUSEHOLD, note="新")
    send(colleague, ours)
    with pytest.raises(StalePreview, match="请重新预览"):
        run_to_completion(apply_import(ours, preview))


def test_a_package_that_was_undone_after_the_preview_is_noticed(team, roster: Path) -> None:
    colleague, ours = team
    edit_record(colleague, HOUSEHOLD, note="新")
    receipt = run_to_completion(package_import.import_package(ours, write_package(colleague, ours)))
    preview = preview_file(ours, roster)
    run_to_completion(import_undo.undo_import(ours, receipt.n))
    with pytest.raises(StalePreview, match="请重新预览"):
        run_to_completion(apply_import(ours, preview))


def test_a_package_that_was_undone_before_the_preview_does_not_matter(team, roster: Path) -> None:
    colleague, ours = team
    edit_record(colleague, HOUSEHOLD, note="新")
    receipt = run_to_completion(package_import.import_package(ours, write_package(colleague, ours)))
    run_to_completion(import_undo.undo_import(ours, receipt.n))
    run_to_completion(apply_import(ours, preview_file(ours, roster)))
    with ours.reading() as session:
        assert session.get(Household, Household.id_of(f"{builders.VILLAGE.code}002")) is not None


def test_settings_of_this_laptop_do_not_matter(team, roster: Path) -> None:
    ours = team[1]
    preview = preview_file(ours, roster)
    preferences.save(ours, "visit_days", 60)
    run_to_completion(apply_import(ours, preview))
    with ours.reading() as session:
        assert session.get(Household, Household.id_of(f"{builders.VILLAGE.code}002")) is not None
