"""A package of a newer program: what is not known here is kept, passed on, and disturbs nothing."""

import json
from itertools import permutations

from app.progress import run_to_completion
from app.sync import conflicts, package_import
from app.workbook.integrity import check_integrity
from tests.app.sync.peers import (
    all_records,
    edit_record,
    journal_entries,
    make_team,
    read_cell,
    send,
    write_package,
)
from tests.builders import household, write_as_newer


def test_tables_and_columns_that_are_not_known_here(tmp_path):
    a, b, c = make_team(tmp_path, "甲", "乙", "丙")
    with a.writing() as session:
        household_id = household(session).id
    for one, other in permutations((a, b, c), 2):
        send(one, other)
    write_as_newer(
        a, "solar_roof", "f" * 32, "", json.dumps({"panels": 12, "household_id": household_id, "withdrawn": 0})
    )
    write_as_newer(a, "solar_roof", "f" * 32, "panels", 14)
    write_as_newer(a, "household", household_id, "solar_panel", "有")
    write_as_newer(b, "household", household_id, "solar_panel", "无")
    edit_record(a, household_id, phone="13800000001")
    package = write_package(a, b)
    assert run_to_completion(package_import.verify_package(b, package)).new_changes == 4
    receipt = run_to_completion(package_import.import_package(b, package))
    assert (receipt.new_changes, receipt.conflicts) == (4, 0)
    assert read_cell(b, household_id, "phone") == "13800000001"
    assert conflicts.list_conflicts(b) == ()
    assert conflicts.count(b) == 0
    send(b, c)
    send(b, a)
    assert journal_entries(a) == journal_entries(b) == journal_entries(c)
    assert all_records(a) == all_records(b) == all_records(c)
    for book in (a, b, c):
        assert run_to_completion(check_integrity(book)) == []
        book.close()
