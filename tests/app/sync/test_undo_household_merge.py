"""An import that joined two households is undone: both stand in the list again, each with its own."""

from app.progress import run_to_completion
from app.records import household_merge
from app.sync import import_undo
from app.workbook.integrity import check_integrity
from tests.app.records.test_household_merge import household_ids
from tests.app.sync.peers import all_records, edit_record, full_state, make_team, send
from tests.builders import household


def test_a_joining_that_came_by_package_goes_with_it(tmp_path):
    ours, peer_book = make_team(tmp_path, "王书记", "李队员")
    target_id, other = household_ids(peer_book)
    send(peer_book, ours)
    before = all_records(ours)
    household_merge.merge(peer_book, household_merge.compare_for_merge(peer_book, target_id, other))
    n = send(peer_book, ours).n
    assert all_records(ours) == all_records(peer_book)
    run_to_completion(import_undo.undo_import(ours, n))
    assert all_records(ours) == before
    assert run_to_completion(check_integrity(ours)) == []
    send(peer_book, ours)
    assert all_records(ours) == all_records(peer_book)
    for book in (ours, peer_book):
        book.close()


def test_a_second_birth_of_a_joined_household_goes_and_the_joining_stays(tmp_path):
    """Both took one roster in; here its household was joined in a chain, or to one that was withdrawn since."""
    ours, peer_book = make_team(tmp_path, "王书记", "李队员")
    for book in (ours, peer_book):
        with book.writing() as session:
            first, second, third = (household(session, members=0, number=number).id for number in (1, 2, 3))
    edit_record(ours, first, merged_into=second)
    edit_record(ours, second, merged_into=third)
    for withdrawn in (False, True):
        edit_record(ours, third, withdrawn=withdrawn)
        edit_record(
            ours, first, note="后来"
        )  # what undoing does to the newest line of the journal is not what mends it
        before = full_state(ours)
        run_to_completion(import_undo.undo_import(ours, send(peer_book, ours).n))
        assert full_state(ours) == before
        assert run_to_completion(check_integrity(ours)) == []
    for book in (ours, peer_book):
        book.close()
