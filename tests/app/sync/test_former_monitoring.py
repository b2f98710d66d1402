"""Files of the version before monitoring was a record (commit e877dbf, tables of revision 0009), and its users.

`v0009.hdb`: 甲's workbook: a 脱贫不稳定户, a 边缘易致贫户 whose risk is removed, two 突发严重困难户 (one has exited
poverty, of the other nothing is known), a 脱贫户 with a month of monitoring, and a 一般农户. `v0009.hdpack`: what it
sent to 乙. `v0009-later.hdpack`: what it sent after the first risk was removed and the last became 边缘易致贫户.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from app.issues.issues import household_issues
from app.progress import run_to_completion
from app.records.row_views import household_rows
from app.sync import package_import, peers
from app.sync.conflicts import list_conflicts
from app.workbook import access
from app.workbook.former_monitoring import TITLE, bring_over
from app.workbook.integrity import check_integrity
from app.workbook.operations import list_operations
from app.workbook.workbook import Workbook
from db.former_monitoring import waiting_households
from db.schema.household import Household
from db.schema.monitoring import Monitoring
from tests.app.sync.peers import all_records, edit_record, open_former, read_cell, send
from tests.app.sync.test_versions import workbook_with_keys
from tests.builders import PASSPHRASE, VILLAGE, household, workbook
from tests.replicas import make_replicas, sync

TESTS = Path(__file__).parents[2]
KINDS = {
    1: ("脱贫户", "脱贫不稳定户"),
    2: ("一般农户", ""),
    3: ("脱贫户", "突发严重困难户"),
    4: ("一般农户", "突发严重困难户"),
    5: ("脱贫户", "监测对象"),
    6: ("一般农户", ""),
}


def _id(number: int) -> str:
    return Household.id_of(f"{VILLAGE.code}{number:03}")


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Workbook]:
    """甲's workbook, opened by this program."""
    book = open_former("v0009.hdb", tmp_path, "甲")
    yield book
    book.close()


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Workbook]:
    """乙's workbook, made by this program."""
    (tmp_path / "乙").mkdir()
    book = workbook_with_keys(tmp_path / "乙")
    peers.trust(book, peers.read_card(TESTS / "data" / "v0009.hdcard"))
    yield book
    book.close()


def _take_in(book: Workbook, name: str) -> package_import.PackageImportResult:
    return run_to_completion(package_import.import_package(book, TESTS / "data" / name))


def _kinds(book: Workbook) -> dict[int, tuple[str, str]]:
    with book.reading() as session:
        return {int(row.household_no[-3:]): (row.kind, row.monitored) for row in household_rows(session)}


def _monitoring(book: Workbook, number: int) -> Monitoring:
    with book.reading() as session:
        row = session.scalars(select(Monitoring).where(Monitoring.household_id == _id(number))).one()
        session.expunge(row)
        return row


def _rules(book: Workbook, number: int) -> set[str]:
    with book.reading() as session:
        return {issue.rule for issue in household_issues(session, _id(number))}


def test_the_upgrade_loses_no_fact(receiver: Workbook) -> None:
    _take_in(receiver, "v0009.hdpack")
    assert _kinds(receiver) == KINDS
    first, second = _monitoring(receiver, 1), _monitoring(receiver, 2)
    assert (first.identified, first.risks, first.risk_note) == ("2020-03", ("因病", "因残"), "户主住院")
    assert (second.kind, second.identified, second.removed) == ("边缘易致贫户", "2019-11", "2020-10")
    assert run_to_completion(check_integrity(receiver)) == []


def test_what_cannot_be_decided_is_a_doubt(receiver: Workbook) -> None:
    _take_in(receiver, "v0009.hdpack")
    assert "monitor_kind_guessed" in _rules(receiver, 4)
    assert "monitor_kind_missing" in _rules(receiver, 5)
    assert not {"monitor_kind_guessed", "monitor_kind_missing"} & (_rules(receiver, 1) | _rules(receiver, 3))


def test_a_workbook_of_the_former_version_is_brought_over_when_it_is_opened(old: Workbook) -> None:
    later = {1: ("脱贫户", ""), 6: ("一般农户", "边缘易致贫户")}
    assert _kinds(old) == KINDS | later
    with old.reading() as session:
        assert TITLE in {operation.title for operation in list_operations(session)}
    before = all_records(old)
    old.close()
    again = access.unlock(old.path, PASSPHRASE)
    assert all_records(again) == before
    again.close()


def test_a_colleague_may_go_on_with_the_former_program(receiver: Workbook) -> None:
    _take_in(receiver, "v0009.hdpack")
    _take_in(receiver, "v0009-later.hdpack")
    assert _monitoring(receiver, 1).removed == "2021-05"
    assert _kinds(receiver)[6] == ("一般农户", "边缘易致贫户")
    assert _take_in(receiver, "v0009-later.hdpack").new_changes == 0


def test_what_both_changed_is_asked(receiver: Workbook) -> None:
    _take_in(receiver, "v0009.hdpack")
    edit_record(receiver, _monitoring(receiver, 1).id, Monitoring, removed="2021-03")
    _take_in(receiver, "v0009-later.hdpack")
    assert _monitoring(receiver, 1).removed == "2021-03"
    with receiver.reading() as session:
        (issue,) = [one for one in household_issues(session, _id(1)) if one.rule == "monitor_former_differs"]
    assert "2021-05" in issue.message
    assert issue.fix is not None
    assert issue.fix.value == "2021-05"


def test_two_that_brought_over_the_same_agree(old: Workbook, receiver: Workbook) -> None:
    _take_in(receiver, "v0009.hdpack")
    _take_in(receiver, "v0009-later.hdpack")
    edit_record(receiver, _id(2), note="乙看过")
    sent = [send(receiver, old), send(old, receiver), send(receiver, old)]
    assert [one.conflicts for one in sent] == [0, 0, 0]
    assert all_records(old) == all_records(receiver)
    assert read_cell(old, _id(2), "note") == "乙看过"


def test_a_kind_in_conflict_waits_for_a_person_and_no_other_cell_does(tmp_path: Path) -> None:
    first = workbook(tmp_path)
    with first.operation("新建户") as session:
        for number in (1, 2):
            household(session, number=number).household_kind = "一般农户"
    first.close()
    (tmp_path / "replicas").mkdir()
    ours, theirs = make_replicas(first.path, tmp_path / "replicas", "甲乙")
    with closing(ours), closing(theirs):
        edit_record(ours, _id(1), phone="13800000001")
        edit_record(ours, _id(2), household_kind="脱贫户")
        edit_record(theirs, _id(1), phone="13800000002", household_kind="脱贫不稳定户")
        edit_record(theirs, _id(2), household_kind="脱贫不稳定户")
        sync(theirs, ours)
        bring_over(ours)
        assert _kinds(ours)[1] == ("脱贫户", "脱贫不稳定户")
        assert [(one.row, one.column) for one in list_conflicts(ours) if one.column == "household_kind"] == [
            (_id(2), "household_kind")
        ]
        with ours.reading() as session:
            assert waiting_households(session) == []
        edit_record(ours, _id(1), household_kind="脱贫不稳定户")  # as the former program would again
        with ours.reading() as session:
            assert waiting_households(session) == [_id(1)]
