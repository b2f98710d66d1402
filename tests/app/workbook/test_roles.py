"""Roles of operators: who may do what, whichever way it is tried, and that only the owner changes a role."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import NotPermitted, UserError
from app.progress import run_to_completion
from app.records.draft import new_draft, open_draft, restore, save_draft, withdraw
from app.records.household_merge import merge
from app.records.masked_reading import reading_for_paper
from app.records.merge_comparison import compare_households
from app.sync import compaction, identity_card, package_export, package_import, peers
from app.workbook import access, backup, keyring, preferences
from app.workbook.keyring import TEST_COST
from app.workbook.operations import redo, take_back, undo
from app.workbook.roles import ENTRY, OWNER, READER, REVIEWER, ROLE_LABELS, Role, role_of
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from db.schema.operator_role import OperatorRole
from tests import builders
from tests.machine_memory import remembering_in

_SECRETS = {OWNER: builders.PASSPHRASE, REVIEWER: "松涛竹影 2018", ENTRY: "白墙黛瓦 2018", READER: "晨雾梯田 2018"}
_NAMES = {OWNER: "王书记", REVIEWER: "赵审核", ENTRY: "钱录入", READER: "李督查"}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed workbook with an operator of each role."""
    with remembering_in(tmp_path_factory.mktemp("state")):
        book = builders.workbook(tmp_path_factory.mktemp("book"))
        with book.writing() as session:
            for number in (1, 2):
                builders.household(session, number=number, phone="13856430011")
        for role in (REVIEWER, ENTRY, READER):
            access.add_operator(
                book, _NAMES[role], _SECRETS[role], proof=builders.PASSPHRASE, role=role, cost=TEST_COST
            )
        book.close()
    return book.path


@pytest.fixture
def opened(stored: Path, tmp_path: Path) -> Iterator[Callable[[Role], Workbook]]:
    """Opens a copy as somebody of a role; the one opened before is closed."""
    path, books = tmp_path / "石桥村.hdb", []
    shutil.copy(stored, path)

    def open_as(role: Role) -> Workbook:
        for book in books:
            book.close()
        books.append(access.unlock(path, _SECRETS[role]))
        return books[-1]

    yield open_as
    for book in books:
        book.close()


def _household(book: Workbook, n: int = 0) -> str:
    with book.reading() as session:
        return list(session.scalars(select(Household.id).order_by(Household.household_no)))[n]


def _edit(book: Workbook, **values: Any) -> Any:
    with book.reading() as session:
        draft = open_draft(session, "household", _household(book))
    return save_draft(book, draft.with_values(**values))


def _visit(book: Workbook) -> str:
    values = {"household_id": _household(book), "visited_on": date(2018, 6, 1), "visitors": "李督查"}
    return save_draft(book, new_draft("visit", builders.VILLAGE.code, "", **values)).draft.id


def _dump(book: Workbook) -> list[Any]:
    with book.reading() as session:
        return [tuple(row) for row in session.execute(select(*Household.__table__.columns))]


def test_without_roles_everybody_is_the_owner_as_before(tmp_path: Path) -> None:
    with closing(builders.workbook(tmp_path)) as book:
        assert book.role == OWNER
        access.add_operator(book, "赵六", _SECRETS[ENTRY], proof=builders.PASSPHRASE, cost=TEST_COST)
        assert access.roles(book) == {"王书记": OWNER, "赵六": OWNER}
        path = book.path
    with closing(access.unlock(path, _SECRETS[ENTRY])) as book:
        assert book.role == OWNER


def test_each_is_told_the_role_of_the_slot_that_opened(opened: Callable[[Role], Workbook]) -> None:
    for role in ROLE_LABELS:
        book = opened(role)
        assert (book.operator, book.role) == (_NAMES[role], role)
    book.operator = "王书记"  # a name that is typed gives no rights
    assert book.role == READER


_WRITING: dict[str, Callable[[Workbook, Path], object]] = {
    "an edit": lambda book, _: _edit(book, phone="13856430012"),
    "a new record": lambda book, _: _visit(book),
    "a setting": lambda book, _: preferences.save(book, "visit_days", 30),
    "withdrawing": lambda book, _: withdraw(book, "household", _household(book)),
    "merging": lambda book, _: _merge(book),
    "a transaction of its own": lambda book, _: _raw_write(book),
    "undo": lambda book, _: run_to_completion(undo(book)),
    "redo": lambda book, _: run_to_completion(redo(book)),
    "a package": lambda book, path: run_to_completion(package_import.import_package(book, path / "包.hdpkg")),
    "a package to a colleague": lambda book, path: run_to_completion(
        package_export.write_package(book, "f" * 64, path / "副本.hdb")
    ),
    "a card": lambda book, _: identity_card.update_own_card(book, "别的名字", "village"),
    "compaction": lambda book, _: run_to_completion(compaction.compact(book)),
    "a copy of the file": lambda book, path: run_to_completion(backup.backup(book, path / "副本.hdb")),
    "an operator": lambda book, _: access.add_operator(
        book, "新人", "青砖小院 2018", proof=builders.PASSPHRASE, cost=TEST_COST
    ),
    "a role": lambda book, _: access.set_role(book, _NAMES[READER], OWNER),
    "removing somebody": lambda book, _: access.remove_operator(book, _NAMES[ENTRY]),
    "the recovery code": lambda book, _: access.renew_recovery_code(book, builders.PASSPHRASE, cost=TEST_COST),
}


def _merge(book: Workbook) -> None:
    with book.reading() as session:
        comparison = compare_households(session, _household(book), _household(book, 1))
    merge(book, comparison)


def _raw_write(book: Workbook) -> None:
    with book.logging() as session:
        session.execute(Household.__table__.update().values(phone="13900000000"))


@pytest.mark.parametrize("what", [*_WRITING])
def test_who_may_only_read_changes_nothing_in_any_way(
    opened: Callable[[Role], Workbook], tmp_path: Path, what: str
) -> None:
    book = opened(READER)
    before, keys = _dump(book), keyring.read_open_keyring(book.path)
    with pytest.raises(UserError) as refused:
        _WRITING[what](book, tmp_path)
    if what not in ("undo", "redo"):  # of which there is nothing to take back
        assert isinstance(refused.value, NotPermitted)
        assert str(refused.value).startswith("您的角色是“只读”，不能")
        assert "办理。" in str(refused.value)
    assert (_dump(book), keyring.read_open_keyring(book.path)) == (before, keys)
    assert not (tmp_path / "副本.hdb").exists()


def test_who_may_only_read_leaves_a_line_in_the_log_and_changes_the_own_passphrase(
    opened: Callable[[Role], Workbook],
) -> None:
    book = opened(READER)
    book.audit("打印明白卡", 1)
    access.change_passphrase(book, _NAMES[READER], _SECRETS[READER], "秋收冬藏 2019", cost=TEST_COST)
    with pytest.raises(NotPermitted):
        access.change_passphrase(book, _NAMES[ENTRY], "秋收冬藏 2019", "夏耘春种 2019", cost=TEST_COST)
    book.close()
    with closing(access.unlock(book.path, "秋收冬藏 2019")) as again:
        assert again.role == READER


def test_who_enters_writes_and_takes_back_the_own(opened: Callable[[Role], Workbook]) -> None:
    book = opened(ENTRY)
    _edit(book, phone="13856430012")
    visit = _visit(book)
    run_to_completion(undo(book))  # withdraws the visit, which is the own
    run_to_completion(redo(book))
    with pytest.raises(NotPermitted, match="您的角色是“录入”，不能撤回或恢复走访记录"):
        withdraw(book, "visit", visit)
    with pytest.raises(NotPermitted, match="更改设置"):
        preferences.save(book, "visit_days", 30)
    with pytest.raises(NotPermitted, match="修改年度标准"):
        save_draft(book, new_draft("standard", builders.VILLAGE.code, "", year=2018, kind="贫困线", amount=3200))
    with pytest.raises(NotPermitted, match="归并历史"):
        run_to_completion(compaction.compact(book))
    with pytest.raises(NotPermitted, match="设置角色"):
        access.set_role(book, _NAMES[ENTRY], OWNER)


def test_who_enters_enters_again_what_was_taken_back_by_the_same_hand(opened: Callable[[Role], Workbook]) -> None:
    def enter(book: Workbook) -> str:
        number = f"{builders.VILLAGE.code}009"
        draft = new_draft("household", builders.VILLAGE.code, Household.id_of(number), household_no=number)
        return save_draft(book, draft.with_values(group_name="下屋组", hamlet="下屋组")).draft.id

    book = opened(ENTRY)
    row = enter(book)
    run_to_completion(undo(book))
    assert enter(book) == row  # its id is that of its number
    run_to_completion(undo(book))
    assert enter(book) == row
    book = opened(REVIEWER)
    withdraw(book, "household", row)
    book = opened(ENTRY)
    with pytest.raises(NotPermitted, match="不能撤回或恢复"):
        restore(book, "household", row)


def test_a_refused_transaction_leaves_nothing(opened: Callable[[Role], Workbook]) -> None:
    book = opened(ENTRY)
    before = _dump(book)
    with pytest.raises(NotPermitted):
        _edit_and_withdraw(book)
    assert _dump(book) == before


def _edit_and_withdraw(book: Workbook) -> None:
    with book.operation("改了又撤回") as session:
        rows = list(session.scalars(select(Household)))
        rows[0].phone, rows[1].withdrawn = "13856430012", True


def test_who_enters_does_not_take_back_what_another_did(opened: Callable[[Role], Workbook]) -> None:
    book = opened(REVIEWER)
    _edit(book, phone="13856430012")
    number = book.first_operation
    book = opened(ENTRY)
    with pytest.raises(NotPermitted, match="撤销赵审核的操作"):
        run_to_completion(take_back(book, number))
    book = opened(REVIEWER)
    assert run_to_completion(take_back(book, number)).startswith("已撤销")


def test_who_reviews_decides_and_does_not_manage(opened: Callable[[Role], Workbook]) -> None:
    book = opened(REVIEWER)
    withdraw(book, "household", _household(book))
    restore(book, "household", _household(book))
    preferences.save(book, "visit_days", 30)
    with pytest.raises(NotPermitted, match="您的角色是“审核”，不能增加操作员。需要时请由负责人办理。"):
        access.add_operator(book, "新人", "青砖小院 2018", proof=_SECRETS[REVIEWER], cost=TEST_COST)


def test_the_last_owner_stays_and_a_role_holds_from_the_next_opening(opened: Callable[[Role], Workbook]) -> None:
    book = opened(OWNER)
    with pytest.raises(UserError, match="最后一位负责人"):
        access.set_role(book, _NAMES[OWNER], ENTRY)
    with pytest.raises(UserError, match="最后一位负责人"):
        access.remove_operator(book, _NAMES[OWNER])
    access.set_role(book, _NAMES[READER], REVIEWER)
    assert opened(READER).role == REVIEWER


def test_a_slot_that_was_put_back_may_only_read(opened: Callable[[Role], Workbook]) -> None:
    """The keys of an old copy, pasted over those of now, do not bring a role back."""
    book = opened(OWNER)
    former = keyring.read_open_keyring(book.path)
    access.remove_operator(book, _NAMES[REVIEWER])
    keyring.write_sidecar(book.path, former)
    assert opened(REVIEWER).role == READER


def test_the_recovery_code_opens_as_the_owner(opened: Callable[[Role], Workbook]) -> None:
    book = opened(OWNER)
    code = access.renew_recovery_code(book, builders.PASSPHRASE, cost=TEST_COST)
    book.close()
    with closing(access.unlock(book.path, code)) as again:
        assert again.role == OWNER


def test_a_role_that_this_program_does_not_know_may_only_read(opened: Callable[[Role], Workbook]) -> None:
    with opened(OWNER).writing() as session:
        session.get_one(OperatorRole, _NAMES[ENTRY]).role = "from_the_future"
        assert role_of(session, _NAMES[ENTRY]) == READER


def test_what_is_read_for_paper_has_no_whole_number(opened: Callable[[Role], Workbook]) -> None:
    whole: dict[Role, tuple[str, str]] = {}
    for role in (OWNER, READER):
        with reading_for_paper(opened(role)) as session:
            household, member = session.scalars(select(Household)).first(), session.scalars(select(Member)).first()
            assert household is not None
            assert member is not None
            whole[role] = (household.phone or "", member.id_no or "")
            assert member.name  # people are still found
    assert whole[OWNER][0] == "13856430011"
    assert whole[READER][0] == "138****0011"
    assert whole[READER][1].count("*") == 8


def test_trust_is_for_those_who_review(opened: Callable[[Role], Workbook]) -> None:
    book = opened(ENTRY)
    card = identity_card.load_own_card(book)
    for attempt in (lambda: peers.trust(book, card), lambda: peers.revoke(book, "0" * 64)):
        with pytest.raises(NotPermitted):
            attempt()


def test_a_backup_from_before_there_were_roles_gives_nobody_the_right_to_restore_it(tmp_path: Path) -> None:
    book, before = builders.workbook(tmp_path), tmp_path / "以前.hdb"
    access.add_operator(book, _NAMES[ENTRY], _SECRETS[ENTRY], proof=builders.PASSPHRASE, cost=TEST_COST)
    run_to_completion(backup.backup(book, before))
    access.set_role(book, _NAMES[ENTRY], ENTRY)
    book.close()
    for secret in ("秋收冬藏 2019", _SECRETS[ENTRY]):  # the passphrase that he has now, or that of the backup
        with closing(access.unlock(book.path, _SECRETS[ENTRY])) as own:
            access.change_passphrase(own, _NAMES[ENTRY], _SECRETS[ENTRY], secret, cost=TEST_COST)
        content = book.path.read_bytes()
        with pytest.raises(NotPermitted, match="您的角色是“录入”，不能用备份恢复工作簿"):
            run_to_completion(backup.restore(before, book.path, _SECRETS[ENTRY]))
        assert book.path.read_bytes() == content
        if secret != _SECRETS[ENTRY]:
            with closing(access.unlock(book.path, secret)) as own:
                access.change_passphrase(own, _NAMES[ENTRY], secret, _SECRETS[ENTRY], cost=TEST_COST)
    run_to_completion(backup.restore(before, book.path, builders.PASSPHRASE))
