"""Whose a certificate is, and what is written of it: by number, by name and birth, or by an officer's choice."""

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from app.certificate_intake.kind import Place, certificate_kind
from app.certificate_intake.matching import CertificateOwner, MatchedPicture, match_pictures, member_owner
from app.certificate_intake.proposals import column_proposals
from app.certificate_intake.recognition import Certificate, ReadValue
from app.certificate_intake.scanning import ReadPicture
from app.certificate_intake.taking_in import ConfirmedCertificate, take_in_certificates
from app.errors import UserError
from app.progress import run_to_completion
from app.records.photo import load_content
from app.workbook.operations import list_operations
from app.workbook.workbook import Workbook
from db.schema.household import Household, Member
from db.schema.photo import Photo
from tests import builders

CODE = builders.VILLAGE.code
FIRST, SECOND = (Household.id_of(f"{CODE}{n:03}") for n in (1, 2))
HEAD = Member.id_of(f"{CODE}00101")
CARD = "6228480402564890018"
NEWCOMER = builders.id_number(date(1999, 9, 9), 8)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    """Two households with a head each, who have the same name and were born on following days."""
    with closing(builders.workbook(tmp_path)) as opened:
        with opened.writing() as session:
            for n in (1, 2):
                builders.household(session, members=1, number=n)
            session.get(Household, SECOND).bank_card_no = CARD
        yield opened


def picture(kind: str, **values: object) -> ReadPicture:
    """A picture in which these columns were read."""
    of = {place.column: place for place in certificate_kind(kind).places()}
    read = {of[column]: ReadValue(str(value), value, "", (0, 0, 9, 9)) for column, value in values.items()}
    return ReadPicture(Path("a.jpg"), certificate=Certificate(certificate_kind(kind), read))


def match(book: Workbook, *pictures: ReadPicture) -> list[MatchedPicture]:
    with book.reading() as session:
        return match_pictures(session, pictures)


def head(book: Workbook) -> Member:
    with book.reading() as session:
        return session.get(Member, HEAD)


def test_a_person_is_found_by_number_then_by_name_and_birth_and_never_by_a_name_that_two_have(book):
    chen = head(book)
    by_number, by_birth, by_name, nobody = match(
        book, picture("id_card", id_no=chen.id_no), picture("id_card", name=chen.name, birth=chen.birth),
        picture("id_card", name=chen.name), picture("id_card", name=chen.name, id_no=NEWCOMER),
    )  # fmt: skip
    assert (by_number.owner.member_id, by_number.doubt) == (HEAD, "")
    assert (by_birth.owner.member_id, by_birth.doubt) == (HEAD, "")
    assert (by_name.owner, len(by_name.choices)) == (None, 2)
    assert nobody.owner is None  # who has another number is somebody else


def test_a_bank_card_goes_to_the_household_that_has_it_and_a_back_to_whom_the_front_before_it_shows(book):
    chen = head(book)
    card, other, front, back, alone = match(
        book, picture("bank_card", bank_card_no=CARD), picture("bank_card", bank_card_no="6228480402564890026"),
        picture("id_card", id_no=chen.id_no), picture("id_card_back"), picture("id_card_back"),
    )  # fmt: skip
    assert (card.owner.household_id, card.owner.member_id) == (SECOND, "")
    assert (other.owner, back.owner) == (None, front.owner)
    assert back.doubt
    assert alone.owner is None


def test_the_card_of_a_household_does_not_make_a_social_security_card_that_of_its_head(book):
    (found,) = match(book, picture("social_security_card", name="李秀英", id_no=NEWCOMER, bank_card_no=CARD))
    assert found.owner is None
    assert "没有这个人" in found.doubt


def test_a_page_of_a_booklet_of_somebody_unknown_is_proposed_into_the_household_of_the_page_before(book):
    chen = head(book)
    _, page, next_page = match(
        book, picture("booklet_page", id_no=chen.id_no), picture("booklet_page", name="陈小燕", id_no=NEWCOMER),
        picture("booklet_page", name="陈小军"),
    )  # fmt: skip
    for one in (page, next_page):
        assert (one.owner.household_id, one.owner.is_new) == (FIRST, True)
        assert "没有这个人" in one.doubt


def confirmed(book: Workbook, path: Path, owner: CertificateOwner | None = None, **values: object):
    """The head's card as an officer confirmed it."""
    with book.reading() as session:
        owner = owner or member_owner(session, HEAD, is_of_member=True)
        shown = {one.place: one.now for one in column_proposals(session, certificate_kind("id_card"), {}, owner)}
    places = {
        Place("household" if column == "address" else "member", column): value for column, value in values.items()
    }
    return ConfirmedCertificate(ReadPicture(path), certificate_kind("id_card"), owner, "陈卫国", places, shown)


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    Image.new("RGB", (300, 200), "gray").save(tmp_path / "a.jpg")
    return tmp_path / "a.jpg"


def test_what_changed_since_it_was_shown_is_left_and_a_copy_is_kept_once(book, photograph):
    one = confirmed(book, photograph, ethnic="汉族", address="下屋组12号")
    one = replace(one, picture=replace(one.picture, turn=90))
    with book.writing() as session:
        session.get(Household, FIRST).address = "上屋组3号"
    taken = run_to_completion(take_in_certificates(book, [one, one]))
    assert (taken.copies, taken.already, taken.columns) == (1, 1, 1)
    assert (
        taken.left
        == ["“a.jpg”的“家庭住址”刚有改动，没有写，请核对。", "“a.jpg”的“民族”刚有改动，没有写，请核对。"][:1] * 2
    )
    with book.reading() as session:
        assert session.get(Household, FIRST).address == "上屋组3号"
        (copy,) = session.scalars(select(Photo))
        assert copy.caption == "身份证"
        with Image.open(io.BytesIO(load_content(session, copy.id))) as image:
            assert image.size == (200, 300)  # upright, as it was read
        assert list_operations(session)[0].title == "收证件：1 张，填 1 项"


def test_a_refused_value_names_the_picture_and_nothing_is_written(book, photograph):
    new = CertificateOwner(FIRST, "陈卫国户", is_new=True)
    good, bad = confirmed(book, photograph, ethnic="汉族"), confirmed(book, photograph, new, name="陈小燕")
    with pytest.raises(UserError, match=r"^“a.jpg”：请填写“与户主关系”"):
        run_to_completion(take_in_certificates(book, [good, bad]))
    assert head(book).ethnic is None
    with book.reading() as session:
        assert session.scalars(select(Photo.id)).all() == []
