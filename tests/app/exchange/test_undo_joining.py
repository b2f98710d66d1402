"""An import that joined two households is undone: both stand in the list again, each with its own."""

from app.exchange import undo
from app.progress import finish
from app.records import joining
from app.workbook.soundness import faults
from tests.app.exchange.team import all_records, edit, laptops, send, standing
from tests.app.records.test_joining import homes
from tests.builders import household


def test_a_joining_that_came_by_package_goes_with_it(tmp_path):
    ours, theirs = laptops(tmp_path, "王书记", "李队员")
    kept, other = homes(theirs)
    send(theirs, ours)
    before = all_records(ours)
    finish(joining.join(theirs, joining.compare(theirs, kept, other)))
    n = send(theirs, ours).n
    assert all_records(ours) == all_records(theirs)
    finish(undo.undo(ours, n))
    assert all_records(ours) == before
    assert finish(faults(ours)) == []
    send(theirs, ours)
    assert all_records(ours) == all_records(theirs)
    for book in (ours, theirs):
        book.close()


def test_a_second_birth_of_a_joined_household_goes_and_the_joining_stays(tmp_path):
    """Both took one roster in; here its household was joined in a chain, or to one that was withdrawn since."""
    ours, theirs = laptops(tmp_path, "王书记", "李队员")
    for book in (ours, theirs):
        with book.writing() as session:
            first, second, third = (household(session, members=0, number=number).id for number in (1, 2, 3))
    edit(ours, first, merged_into=second)
    edit(ours, second, merged_into=third)
    for withdrawn in (False, True):
        edit(ours, third, withdrawn=withdrawn)
        edit(ours, first, note="后来")  # what undoing does to the newest line of the journal is not what mends it
        before = standing(ours)
        finish(undo.undo(ours, send(theirs, ours).n))
        assert standing(ours) == before
        assert finish(faults(ours)) == []
    for book in (ours, theirs):
        book.close()
