"""Operations, packages and folding: what came from others, what they built on, and history that is no longer there."""

import pytest

from app.progress import run_to_completion
from app.records.draft import open_draft, save_draft, withdraw
from app.records.operation_cells import operation_cells
from app.sync import compaction, import_undo
from app.workbook.integrity import check_integrity
from app.workbook.operations import list_operations, take_back
from db.schema.household import Household
from tests.app.sync.peers import close_team, edit_record, full_state, opened_team, read_cell, send
from tests.builders import VILLAGE, household
from tests.refusals import refused

ID = Household.id_of(f"{VILLAGE.code}001")


@pytest.fixture(scope="module")
def closed_books(tmp_path_factory):
    def know_one_household(books):
        with books[0].operation("新建户：陈卫国") as session:
            household(session)
        send(books[0], books[1])
        send(books[1], books[0])

    return close_team(tmp_path_factory.mktemp("team"), ("甲", "乙"), know_one_household)


@pytest.fixture
def books(closed_books, tmp_path):
    """Two laptops that know one household."""
    with opened_team(closed_books, tmp_path, "甲", "乙") as team:
        yield team


def save(book, **values):
    """A save as a form does it; returns the number of the operation."""
    with book.reading() as session:
        draft = open_draft(session, "household", ID)
    save_draft(book, draft.with_values(**values))
    return latest(book).n


def latest(book):
    with book.reading() as session:
        return list_operations(session, limit=1)[0]


def test_taking_back_travels_like_any_edit(books):
    a, b = books
    operation = save(a, phone="13800000001", note="新")
    send(a, b)
    assert read_cell(b, ID, "phone") == "13800000001"
    assert run_to_completion(take_back(a, operation)) == "已撤销：修改户：联系电话、备注"
    send(a, b)
    assert (read_cell(b, ID, "phone"), read_cell(b, ID, "note")) == (None, None)
    send(b, a)
    assert full_state(a) == full_state(b)


def test_what_a_colleague_built_on_is_named(books):
    a, b = books
    operation = save(a, phone="13800000001")
    send(a, b)
    edit_record(b, ID, phone="13900000009")
    send(b, a)
    sentence = refused(take_back(a, operation))
    assert sentence.startswith("不能撤销“修改户：联系电话”：户“陈卫国（下屋组）”的“联系电话”后来又改过（20")
    assert sentence.endswith(" 乙“导入数据包：石桥村 乙”）。请先在“数据交换”里撤销那次导入，或到这一户里逐处改回。")
    assert read_cell(a, ID, "phone") == "13900000009"
    imported = latest(a)
    run_to_completion(import_undo.undo_import(a, imported.package))
    run_to_completion(take_back(a, operation))
    assert read_cell(a, ID, "phone") is None


def test_what_was_withdrawn_is_restored_although_a_colleague_edited_it_unaware(books):
    a, b = books
    withdraw(a, "household", ID)
    operation = latest(a)
    assert operation.title == "撤回户：陈卫国（下屋组）"
    edit_record(b, ID, phone="13900000009")
    send(b, a)
    run_to_completion(take_back(a, operation.n))
    assert (read_cell(a, ID, "withdrawn"), read_cell(a, ID, "phone")) == (False, "13900000009")
    send(a, b)
    send(b, a)
    assert full_state(a) == full_state(b)
    assert run_to_completion(check_integrity(b)) == []


def test_an_import_is_in_the_list_and_is_undone_as_a_whole(books):
    a, b = books
    edit_record(b, ID, phone="13900000009")
    send(b, a)
    imported = latest(a)
    assert (imported.title, imported.kind, imported.records) == ("导入数据包：石桥村 乙", "import", 1)
    assert imported.households == "陈卫国（下屋组）"
    assert "整包撤销" in refused(take_back(a, imported.n))
    with a.reading() as session:
        [cell] = operation_cells(session, imported.n).cells
    assert (cell.label, cell.before, cell.after) == ("联系电话", "", "139****0009")
    run_to_completion(import_undo.undo_import(a, imported.package))
    with a.reading() as session:
        undoing, undone, *_ = list_operations(session)
        assert operation_cells(session, imported.n).cells == ()
    assert (undoing.title, undoing.kind) == ("撤销导入：石桥村 乙", "import_undo")
    assert undone.undone_by == undoing.n
    assert "再导入一次" in refused(take_back(a, undoing.n))


def test_an_operation_before_an_undone_import_can_still_be_taken_back(books):
    a, b = books
    operation = save(a, phone="13800000001")
    edit_record(b, ID, note="乙写的")
    send(b, a)
    run_to_completion(import_undo.undo_import(a, latest(a).package))
    later = save(a, note="甲写的")
    send(b, a)
    run_to_completion(take_back(a, operation))
    assert read_cell(a, ID, "phone") is None
    assert "冲突" not in refused(take_back(a, later))


def test_folded_history_cannot_be_brought_back(books):
    a, b = books
    first = save(a, phone="13800000001")
    second = save(a, phone="13800000002")
    third = save(a, phone="13800000003")
    other = save(a, note="新")
    send(a, b)
    send(b, a)
    assert run_to_completion(compaction.compact(a)).changes == 2
    for operation in (first, second, third):
        assert "历史已归并" in refused(take_back(a, operation))
    with a.reading() as session:
        [cell] = operation_cells(session, third).cells
        assert operation_cells(session, first).cells == ()
    assert (cell.before, cell.after) == ("（历史已归并）", "138****0003")
    run_to_completion(take_back(a, other))
    assert read_cell(a, ID, "note") is None
