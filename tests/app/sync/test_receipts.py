"""Receipts: the sender learns that a package arrived, by file and by telephone; nobody else can say so."""

import pytest

from app.errors import UserError
from app.progress import run_to_completion
from app.sync import peers, receipts
from app.sync.errors import (
    AlreadyAcknowledged,
    CodeForOtherPackage,
    ForeignReceipt,
    MistypedCode,
    NewerPackage,
    NotAReceipt,
    RevokedSender,
    UnknownPeer,
)
from db.schema.exchange import Peer
from tests.app.sync.peers import all_tables, edit_record, exchange_cards, make_team, send, write_package
from tests.builders import household


def add_household(book, number=1):
    with book.writing() as session:
        return household(session, number=number).id


def sign_key(book):
    return peers.load_own_card(book).sign_key


def receipt_of(book, n):
    return receipts.write(book, n, book.path.with_name(f"{n}.hdreceipt"))


@pytest.fixture
def sent(tmp_path):
    """甲 has sent 乙 a household; 乙 has imported it as line n."""
    a, b = make_team(tmp_path, "甲", "乙")
    household_id = add_household(a)
    yield a, b, household_id, send(a, b).n
    a.close()
    b.close()


def assert_refused(book, kind, task, *arguments):
    before = all_tables(book)
    with pytest.raises(kind) as caught:
        run_to_completion(task(book, *arguments))
    assert all_tables(book) == before
    assert str(caught.value).endswith("。")
    return str(caught.value)


def test_by_file(sent):
    a, b, household_id, n = sent
    assert peers.find_peer(a, sign_key(b)).waiting == 5
    accepted = receipts.accept(a, receipt_of(b, n))
    assert (accepted.peer, accepted.waiting, accepted.conflicts) == ("石桥村 乙", 0, 0)
    assert "已收到" in accepted.message
    entry = peers.list_packages(a)[0]
    assert entry.n == accepted.n
    assert entry.acknowledged_at
    assert peers.find_peer(a, sign_key(b)).last_heard
    edit_record(a, household_id, phone="13800000001")
    assert peers.find_peer(a, sign_key(b)).waiting == 1
    assert send(a, b).known_changes == 0  # only the telephone number travelled


def test_by_telephone(sent):
    a, b, household_id, n = sent
    code = receipts.code_for_import(b, n)
    assert len(code) == 14
    assert code == receipts.code_for_import(b, n)
    edit_record(a, household_id, phone="13800000001")
    typed = code.replace(" ", "-").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    accepted = receipts.accept_code(a, sign_key(b), typed)
    assert accepted.waiting == 1
    assert "1 条修改待发" in accepted.message
    assert peers.peer_detail(a, sign_key(b)).last_acknowledged.n == accepted.n
    assert send(a, b).known_changes == 0


def test_a_misheard_digit_is_noticed(sent):
    a, b, _, n = sent
    code = receipts.code_for_import(b, n).replace(" ", "")
    for index in range(len(code)):
        for digit in "0123456789":
            if digit != code[index]:
                wrong = code[:index] + digit + code[index + 1 :]
                with pytest.raises(MistypedCode):
                    receipts.accept_code(a, sign_key(b), wrong)
    swapped = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(11)} - {code}
    for wrong in (*swapped, code[:-1], code + "0", "", "四八二一"):
        assert_refused(a, MistypedCode, receipts.accept_code, sign_key(b), wrong)


def test_a_code_of_another_package_or_peer(sent, tmp_path):
    a, b, _, n = sent
    (c,) = make_team(tmp_path, "丙")
    exchange_cards(a, b, c)
    from_c = send(c, b).n
    assert "石桥村 乙" in assert_refused(
        a, CodeForOtherPackage, receipts.accept_code, sign_key(b), receipts.code_for_import(b, from_c)
    )
    to_c = send(a, c).n
    assert "请在名单里选“石桥村 丙”" in assert_refused(
        a, CodeForOtherPackage, receipts.accept_code, sign_key(b), receipts.code_for_import(c, to_c)
    )
    assert_refused(a, UnknownPeer, receipts.accept_code, "0" * 64, receipts.code_for_import(b, n))
    assert receipts.code_for_import(b, n) != receipts.code_for_import(b, from_c)


def test_known_already(sent):
    a, b, _, n = sent
    file = receipt_of(b, n)
    receipts.accept(a, file)
    assert "不用再记" in assert_refused(a, AlreadyAcknowledged, receipts.accept, file)
    assert_refused(a, AlreadyAcknowledged, receipts.accept_code, sign_key(b), receipts.code_for_import(b, n))


def test_a_late_receipt_takes_nothing_back(sent):
    a, b, household_id, n = sent
    file = receipt_of(b, n)
    edit_record(a, household_id, phone="13800000001")
    send(a, b), send(b, a)
    waiting = peers.find_peer(a, sign_key(b)).waiting
    receipts.accept(a, file)
    assert peers.find_peer(a, sign_key(b)).waiting == waiting == 0


def test_only_its_writer_and_its_reader(sent, tmp_path):
    a, b, _, n = sent
    (c,) = make_team(tmp_path, "丙")
    exchange_cards(a, b, c)
    file = receipt_of(b, n)
    assert_refused(c, ForeignReceipt, receipts.accept, file)
    assert_refused(b, ForeignReceipt, receipts.accept, file)
    peers.revoke(a, sign_key(b))
    assert_refused(a, RevokedSender, receipts.accept, file)
    assert_refused(a, RevokedSender, receipts.accept_code, sign_key(b), receipts.code_for_import(b, n))


def test_of_somebody_who_did_not_get_it(sent, tmp_path):
    """丙 writes, rightly signed, that 乙's package is in."""
    a, b, _, n = sent
    (c,) = make_team(tmp_path, "丙")
    exchange_cards(a, c)
    mine = send(a, c).n
    with b.reading() as session:
        imported_package = receipts._find_import(session, n)[0]
        package, digest = imported_package.package, imported_package.digest
    with c.writing() as session:
        line = receipts._find_import(session, mine)[0]
        line.package, line.digest = package, digest
    assert_refused(a, ForeignReceipt, receipts.accept, receipt_of(c, mine))


def test_of_somebody_whose_card_is_not_here(sent):
    a, b, _, n = sent
    file = receipt_of(b, n)
    with a.writing() as session:
        session.delete(session.get_one(Peer, sign_key(b)))
    assert_refused(a, ForeignReceipt, receipts.accept, file)


def test_any_altered_byte(sent, tmp_path):
    a, b, _, n = sent
    raw = receipt_of(b, n).read_bytes()
    before = all_tables(a)
    mutant = tmp_path / "m.hdreceipt"
    for index in range(len(raw)):
        mutant.write_bytes(raw[:index] + bytes((raw[index] ^ 4,)) + raw[index + 1 :])
        with pytest.raises((NotAReceipt, NewerPackage, ForeignReceipt)):
            receipts.accept(a, mutant)
    for length in range(0, len(raw), 11):
        mutant.write_bytes(raw[:length])
        with pytest.raises(NotAReceipt):
            receipts.accept(a, mutant)
    assert all_tables(a) == before
    with pytest.raises(UserError, match="找不到"):
        receipts.accept(a, tmp_path / "没有.hdreceipt")
    assert_refused(a, NotAReceipt, receipts.accept, tmp_path)


def test_what_has_no_receipt(sent, tmp_path):
    a, b, _, n = sent
    out = peers.list_packages(a)[0].n
    for wrong in (out, 999):
        assert_refused(a, UserError, receipts.write, wrong, tmp_path / "r.hdreceipt")
        with pytest.raises(UserError):
            receipts.code_for_import(a, wrong)
    with pytest.raises(UserError, match="没有存成"):
        receipts.write(b, n, tmp_path / "没有" / "r.hdreceipt")
    assert list(tmp_path.glob("*.hdreceipt*")) == []


def test_importing_again_gives_the_same_code(sent):
    a, b, _, n = sent
    package = write_package(a, b)
    first = send(a, b)
    assert first.n != n
    from app.sync import package_import

    once = run_to_completion(package_import.import_package(b, package))
    again = run_to_completion(package_import.import_package(b, package))
    assert once.n == again.n
    assert run_to_completion(package_import.verify_package(b, package)).n == once.n
    accepted = receipts.accept_code(a, sign_key(b), receipts.code_for_import(b, again.n))
    assert next(entry for entry in peers.list_packages(a) if entry.n == accepted.n).file_name == package.name


def test_nothing_of_it_is_plain(sent):
    a, b, _, n = sent
    raw = receipt_of(b, n).read_bytes()
    for secret in (sign_key(a), sign_key(b), "340828100101", a.replica):
        assert secret.encode() not in raw


@pytest.mark.parametrize(("conflicts", "told"), [(-1, False), (0, False), (2, True)])
def test_conflicts_at_the_receiver_are_told_where_there_are_any(conflicts, told):
    acknowledged = receipts.Acknowledgement(1, "石桥村 乙", "2018-12-18 09:30:00", 0, 0, conflicts)
    assert acknowledged.message.startswith("“石桥村 乙”已收到 2018-12-18 09:30 导出的包。")
    assert ("导入时有 2 处内容两边不一致" in acknowledged.message) is told
