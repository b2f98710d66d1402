"""Receipts: the sender learns that a package arrived, by file and by telephone; nobody else can say so."""

import pytest

from app.errors import OfficeError
from app.exchange import peers, receipts
from app.exchange.refusals import (
    AcknowledgedBefore,
    CodeOfAnother,
    ForeignReceipt,
    MistypedCode,
    NewerPackage,
    NotAReceipt,
    RevokedSender,
    UnknownPeer,
)
from app.progress import finish
from tests.app.exchange.team import acquaint, all_tables, edit, laptops, packed, send
from tests.builders import household


def a_household(book, number=1):
    with book.writing() as session:
        return household(session, number=number).id


def key(book):
    return peers.my_card(book).sign_key


def receipt_of(book, n):
    return finish(receipts.write(book, n, book.path.with_name(f"{n}.hdreceipt")))


@pytest.fixture
def sent(tmp_path):
    """甲 has sent 乙 a household; 乙 has imported it as line n."""
    a, b = laptops(tmp_path, "甲", "乙")
    home = a_household(a)
    yield a, b, home, send(a, b).n
    a.close()
    b.close()


def refused(book, kind, work, *arguments):
    before = all_tables(book)
    with pytest.raises(kind) as said:
        finish(work(book, *arguments))
    assert all_tables(book) == before
    assert str(said.value).endswith("。")
    return str(said.value)


def test_by_file(sent):
    a, b, home, n = sent
    assert peers.find(a, key(b)).waiting == 5
    taken = finish(receipts.read(a, receipt_of(b, n)))
    assert (taken.peer, taken.waiting, taken.conflicts) == ("石桥村 乙", 0, 0)
    assert "已收到" in taken.sentence
    entry = peers.packages(a)[0]
    assert entry.n == taken.n
    assert entry.acknowledged_at
    assert peers.find(a, key(b)).last_heard
    edit(a, home, phone="13800000001")
    assert peers.find(a, key(b)).waiting == 1
    assert send(a, b).known_changes == 0  # only the telephone number travelled


def test_by_telephone(sent):
    a, b, home, n = sent
    code = receipts.code(b, n)
    assert len(code) == 14
    assert code == receipts.code(b, n)
    edit(a, home, phone="13800000001")
    typed = code.replace(" ", "-").translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    taken = finish(receipts.take_code(a, key(b), typed))
    assert taken.waiting == 1
    assert "1 条修改待发" in taken.sentence
    assert peers.detail(a, key(b)).last_acknowledged.n == taken.n
    assert send(a, b).known_changes == 0


def test_a_misheard_digit_is_noticed(sent):
    a, b, _, n = sent
    code = receipts.code(b, n).replace(" ", "")
    for place in range(len(code)):
        for digit in "0123456789":
            if digit != code[place]:
                wrong = code[:place] + digit + code[place + 1 :]
                with pytest.raises(MistypedCode):
                    finish(receipts.take_code(a, key(b), wrong))
    swapped = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(11)} - {code}
    for wrong in (*swapped, code[:-1], code + "0", "", "四八二一"):
        refused(a, MistypedCode, receipts.take_code, key(b), wrong)


def test_a_code_of_another_package_or_peer(sent, tmp_path):
    a, b, _, n = sent
    (c,) = laptops(tmp_path, "丙")
    acquaint(a, b, c)
    from_c = send(c, b).n
    assert "石桥村 乙" in refused(a, CodeOfAnother, receipts.take_code, key(b), receipts.code(b, from_c))
    to_c = send(a, c).n
    assert "请在名单里选“石桥村 丙”" in refused(a, CodeOfAnother, receipts.take_code, key(b), receipts.code(c, to_c))
    refused(a, UnknownPeer, receipts.take_code, "0" * 64, receipts.code(b, n))
    assert receipts.code(b, n) != receipts.code(b, from_c)


def test_known_already(sent):
    a, b, _, n = sent
    file = receipt_of(b, n)
    finish(receipts.read(a, file))
    assert "不用再记" in refused(a, AcknowledgedBefore, receipts.read, file)
    refused(a, AcknowledgedBefore, receipts.take_code, key(b), receipts.code(b, n))


def test_a_late_receipt_takes_nothing_back(sent):
    a, b, home, n = sent
    file = receipt_of(b, n)
    edit(a, home, phone="13800000001")
    send(a, b), send(b, a)
    waiting = peers.find(a, key(b)).waiting
    finish(receipts.read(a, file))
    assert peers.find(a, key(b)).waiting == waiting == 0


def test_only_its_writer_and_its_reader(sent, tmp_path):
    a, b, _, n = sent
    (c,) = laptops(tmp_path, "丙")
    acquaint(a, b, c)
    file = receipt_of(b, n)
    refused(c, ForeignReceipt, receipts.read, file)
    refused(b, ForeignReceipt, receipts.read, file)
    peers.revoke(a, key(b))
    refused(a, RevokedSender, receipts.read, file)
    refused(a, RevokedSender, receipts.take_code, key(b), receipts.code(b, n))


def test_of_somebody_who_did_not_get_it(sent, tmp_path):
    """丙 writes, rightly signed, that 乙's package is in."""
    a, b, _, n = sent
    (c,) = laptops(tmp_path, "丙")
    acquaint(a, c)
    mine = send(a, c).n
    with b.reading() as session:
        wanted = receipts._imported(session, n)[0]
        package, digest = wanted.package, wanted.digest
    with c.writing() as session:
        line = receipts._imported(session, mine)[0]
        line.package, line.digest = package, digest
    refused(a, ForeignReceipt, receipts.read, receipt_of(c, mine))


def test_any_altered_byte(sent, tmp_path):
    a, b, _, n = sent
    raw = receipt_of(b, n).read_bytes()
    before = all_tables(a)
    mutant = tmp_path / "m.hdreceipt"
    for place in range(len(raw)):
        mutant.write_bytes(raw[:place] + bytes((raw[place] ^ 4,)) + raw[place + 1 :])
        with pytest.raises((NotAReceipt, NewerPackage, ForeignReceipt)):
            finish(receipts.read(a, mutant))
    for length in range(0, len(raw), 11):
        mutant.write_bytes(raw[:length])
        with pytest.raises(NotAReceipt):
            finish(receipts.read(a, mutant))
    assert all_tables(a) == before
    with pytest.raises(OfficeError, match="找不到"):
        finish(receipts.read(a, tmp_path / "没有.hdreceipt"))
    refused(a, NotAReceipt, receipts.read, tmp_path)


def test_what_has_no_receipt(sent, tmp_path):
    a, b, _, n = sent
    out = peers.packages(a)[0].n
    for wrong in (out, 999):
        refused(a, OfficeError, receipts.write, wrong, tmp_path / "r.hdreceipt")
        with pytest.raises(OfficeError):
            receipts.code(a, wrong)
    with pytest.raises(OfficeError, match="没有存成"):
        finish(receipts.write(b, n, tmp_path / "没有" / "r.hdreceipt"))
    assert list(tmp_path.glob("*.hdreceipt*")) == []


def test_importing_again_gives_the_same_code(sent):
    a, b, _, n = sent
    package = packed(a, b)
    first = send(a, b)
    assert first.n != n
    from app.exchange import incoming

    once = finish(incoming.apply(b, package))
    again = finish(incoming.apply(b, package))
    assert once.n == again.n
    assert finish(incoming.verify(b, package)).n == once.n
    taken = finish(receipts.take_code(a, key(b), receipts.code(b, again.n)))
    assert next(entry for entry in peers.packages(a) if entry.n == taken.n).file_name == package.name


def test_nothing_of_it_is_plain(sent):
    a, b, _, n = sent
    raw = receipt_of(b, n).read_bytes()
    for secret in (key(a), key(b), "340828100101", a.replica):
        assert secret.encode() not in raw
