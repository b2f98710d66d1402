"""An import that joined two households is undone: both stand in the list again, each with its own."""

from app.exchange import undo
from app.progress import finish
from app.records import joining
from app.workbook.soundness import faults
from tests.app.exchange.team import all_records, laptops, send
from tests.app.records.test_joining import homes


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
