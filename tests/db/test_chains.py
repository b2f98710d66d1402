"""Chain values: the same on every laptop that has the same changes, whatever was compacted, and wrong after a touch."""

import pytest
from sqlalchemy import text

from app.progress import run_to_completion
from app.workbook.integrity import check_integrity
from db.journal.chains import is_chained, value_at
from db.journal.merge import version_vector
from db.journal.streams import stream_ids
from db.schema.household import Household
from tests.app.sync.peers import edit_record, make_team, send
from tests.builders import VILLAGE, household

HOME = Household.id_of(f"{VILLAGE.code}001")


def newest_values(book):
    """Stream → the chain value of its newest change."""
    with book.reading() as session:
        raw = session.connection().connection.driver_connection
        ids = stream_ids(session)
        return {stream: value_at(raw, ids[stream], last) for stream, last in version_vector(session).items()}


def test_laptops_with_the_same_changes_have_the_same_values(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    with a.operation("新增") as session:
        household(session)
    send(a, b)
    edit_record(a, HOME, note="甲")
    edit_record(b, HOME, note="乙", phone="13800000001")  # two heads, which one edit replaces then
    send(b, a)
    edit_record(a, HOME, note="定了")
    send(a, b), send(b, a)
    values = newest_values(a)
    assert values == newest_values(b)
    assert set(values) == {(VILLAGE.code, a.replica), (VILLAGE.code, b.replica)}
    assert len(set(values.values())) == 2
    assert all(map(is_chained, (a.replica, b.replica)))
    for book in (a, b):
        assert run_to_completion(check_integrity(book)) == []
        book.close()


@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE change SET operator = '乙' WHERE column_name = 'note'",
        "UPDATE change SET stamp = stamp + 1 WHERE seq = 2",
    ],
)
def test_a_change_that_was_altered_is_noticed(tmp_path, alteration):
    (book,) = make_team(tmp_path, "甲")
    with book.operation("新增") as session:
        household(session)
    edit_record(book, HOME, note="一")
    assert run_to_completion(check_integrity(book)) == []
    with book.writing() as session:
        session.execute(text(alteration))
    assert run_to_completion(check_integrity(book)) == ["日志第 1 流的校验值不对"]
    book.close()
