"""Every paper of the folder prints, says what it must, and keeps to itself what it must not say."""

import re
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from app.archive.about import About
from app.archive.blocks import NewLeaf, Signature, joined
from app.archive.layout import stacked
from app.archive.papers import GROUPS, Paper, paper, papers
from app.archive.preflight import MissingCharacters
from app.archive.printing import preview, print_papers
from app.errors import OfficeError
from app.progress import finish
from app.records.field import fields, options
from app.records.lists import HEAD
from app.workbook import preferences
from db.schema import records
from db.schema.exchange import Deed
from db.schema.household import Household, Member
from tests.app.archive import reading
from tests.app.archive.papers.conftest import DAY, Place

_ALL = papers()
_NAMES = [one.name for one in _ALL]
_PUBLIC = [one.name for one in _ALL if one.public]
_BY_HAND = ("signing_roster", "handing_out", "score_sheet")
_ID = re.compile(r"\d{17}[\dXx]")
_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")


def _said(place: Place, name: str, **choice: object) -> str:
    return reading.whole(finish(preview(place.book, name, place.about(paper(name), **choice))))


def test_every_paper_has_a_place_and_a_name() -> None:
    assert {one.group for one in _ALL} == set(GROUPS)
    assert len({one.title for one in _ALL}) == len(_ALL)
    assert len({(one.group, one.order) for one in _ALL}) == len(_ALL)
    assert _PUBLIC  # what the tests below hold to


def test_an_unknown_paper_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        paper("nonsense")


@pytest.mark.parametrize("name", _NAMES)
def test_a_paper_prints_for_the_sample_village(village: Place, name: str, tmp_path: Path) -> None:
    one = paper(name)
    made = finish(print_papers(village.book, name, [village.about(one)], tmp_path / "x.pdf"))
    read = reading.reader(tmp_path / "x.pdf")
    assert made.pages == len(read.pages) > 0
    assert made.files == (tmp_path / "x.pdf",)
    for page in read.pages:
        box = page.mediabox
        assert float(box.width) == pytest.approx(one.format.wide / 25.4 * 72, abs=0.1)
        assert float(box.height) == pytest.approx(one.format.high / 25.4 * 72, abs=0.1)
    said = reading.whole(tmp_path / "x.pdf")
    assert ("内部资料" in said) == (one.edge == "internal")
    with village.book.reading() as session:
        assert not [number for number in _numbers(session, "id", "bank") if number in said]  # unless asked for


@pytest.mark.parametrize("name", [one.name for one in _ALL if one.about == "village"])
def test_a_list_prints_for_an_empty_village(nobody: Place, name: str) -> None:
    if name == "spine_labels":
        with pytest.raises(OfficeError, match="没有可以印成"):
            finish(preview(nobody.book, name, About(today=DAY)))
        return
    assert "石桥村" in _said(nobody, name)


@pytest.mark.parametrize("name", [one.name for one in _ALL if one.about in ("round", "helper", "package")])
def test_a_paper_about_nothing_says_what_to_choose(nobody: Place, name: str) -> None:
    if name == "score_sheet":
        assert "四净两规范评分表" in _said(nobody, name, blank=True)
        return
    with pytest.raises(OfficeError):
        finish(preview(nobody.book, name, About(today=DAY)))


@pytest.mark.parametrize("name", _NAMES)
def test_nothing_leaves_its_frame_and_signatures_stay_with_their_form(village: Place, name: str) -> None:
    one = paper(name)
    width, tall = one.format.frame
    with village.book.reading() as session:
        blocks = list(one.make(session, village.about(one)))
    leaf: list = []
    for block in [*blocks, NewLeaf()]:
        if not isinstance(block, NewLeaf):
            leaf.append(block)
            continue
        for side in stacked(leaf, width, tall) if leaf else ():
            assert all(down + piece.height <= tall + 0.02 for down, piece in side)
        if leaf and isinstance(leaf[-1], Signature):
            last = stacked(leaf, width, tall)[-1]
            assert len([piece for _, piece in last if not piece.blank]) >= 2  # never alone on a page
            assert joined(leaf, width, tall)[-2].keep
        leaf = []


@pytest.mark.parametrize("name", _PUBLIC)
def test_what_is_posted_says_nothing_of_hardship_and_no_number(village: Place, name: str) -> None:
    said = _said(village, name)
    assert not _ID.search(said)
    assert not _PHONE.search(said)
    with village.book.reading() as session:
        for secret in _secrets(session):
            assert secret not in said, f"{name} says what must not be posted"


def _numbers(session, *kinds: str) -> set[str]:
    """Every number of a person that the village keeps; of some kinds only ("id", "phone", "bank") if any are named."""
    found: set[str] = set()
    for table, model in records().items():
        for one in fields(table):
            if one.declared.mask in (kinds or ("id", "phone", "bank")):
                found |= {value for value in session.scalars(select(getattr(model, one.name))) if value}
    return found


def _secrets(session) -> set[str]:
    """What the village keeps of its people that a notice must not hold."""
    found = _numbers(session)
    found |= {option.value for name in ("poverty_cause", "disability_kind", "risk") for option in options(name)}
    found |= {option.value for option in options("health")} | {"低保", "特困", "残疾", "患病", "慢性病"}
    found |= {name for name in session.scalars(select(Member.illness_name)) if name}
    heads = set(session.scalars(select(Member.name).where(Member.relation == HEAD)))
    children = select(Member.name).where(Member.birth > DAY.replace(year=DAY.year - 14))
    found |= {name for name in session.scalars(children) if name and name not in heads}
    return found - {"其他", "其它"}


def test_a_child_who_heads_a_household_is_not_named(village: Place) -> None:
    with village.book.writing() as session:
        home = session.scalars(select(Household).order_by(Household.household_no)).first()
        head = session.scalars(select(Member).where(Member.household_id == home.id, Member.relation == HEAD)).one()
        who, before = head.id, (head.name, head.birth)
        head.name, head.birth = "龘小娃", DAY.replace(year=DAY.year - 13)
    try:
        said = _said(village, "notice")
        assert "龘小娃" not in said
        assert "龘**" in said
    finally:
        with village.book.writing() as session:
            head = session.get(Member, who)
            head.name, head.birth = before


@pytest.mark.parametrize("name", [one.name for one in _ALL if "full" in one.asks])
def test_numbers_are_masked_unless_asked_for_and_the_log_knows(village: Place, name: str, tmp_path: Path) -> None:
    one = paper(name)
    masked = _said(village, name)
    with village.book.reading() as session:
        numbers = _numbers(session)
    assert not [number for number in numbers if number in masked]
    assert "****" in masked
    finish(print_papers(village.book, name, [village.about(one, full=True)], tmp_path / "x.pdf"))
    whole = reading.whole(tmp_path / "x.pdf")
    assert [number for number in numbers if number in whole]
    with village.book.reading() as session:
        last = session.scalars(select(Deed).order_by(Deed.n.desc())).first()
    assert last.what == f"打印{one.title}（完整号码）"


def test_a_chosen_list_keeps_its_order(village: Place) -> None:
    chosen = (village.households[5], village.households[2])
    with village.book.reading() as session:
        heads = [
            session.scalars(select(Member.name).where(Member.household_id == id, Member.relation == HEAD)).one()
            for id in chosen
        ]
    said = _said(village, "notice", households=chosen, title="关于小额信贷贴息户的公示", phone="0556-2171234")
    assert "关于小额信贷贴息户的公示" in said
    assert "共2户" in said
    assert "0556-2171234" in said
    assert said.index(heads[0]) < said.index(heads[1])
    assert "公示期7天，自2018年12月20日起至2018年12月26日止" in said


def test_a_rectification_and_an_exchange_are_said(village: Place) -> None:
    ledger = _said(village, "rectification_ledger")
    assert "屋后排水沟堵塞" in ledger
    assert "整改-07" in ledger
    receipt = _said(village, "exchange_receipt")
    for said in ("交出", "镇扶贫站", "柳树沟村.hdpack", "1,234", "2018年12月18日09:30", "0123456789ABCDEF"):
        assert said in receipt


@pytest.mark.parametrize("name", _BY_HAND)
def test_a_blank_form_has_room_to_write(village: Place, name: str) -> None:
    filled, blank = _said(village, name), _said(village, name, blank=True)
    assert blank != filled
    assert "合计" not in blank


def test_blank_score_sheets_take_one_page_a_home(village: Place) -> None:
    found = reading.pages(finish(preview(village.book, "score_sheet", village.about(paper("score_sheet"), blank=True))))
    assert all("第 1 页 共 1 页" in page for page in found)


def test_printed_on_both_sides_each_form_has_a_sheet_of_its_own(village: Place) -> None:
    preferences.put(village.book, "duplex", True)
    try:
        abouts = village.about(paper("score_sheet"), blank=True)
        found = reading.pages(finish(preview(village.book, "score_sheet", abouts)))
    finally:
        preferences.put(village.book, "duplex", False)
    assert all("评分表" in page for page in found[::2])
    assert not "".join(found[1::2]).strip()


def test_a_booklet_is_numbered_through(village: Place) -> None:
    found = reading.pages(finish(preview(village.book, "handbook", village.about(paper("handbook")))))
    assert len(found) > 6
    assert all(f"第 {n} 页 共 {len(found)} 页" in page for n, page in enumerate(found, 1))


def test_cards_of_several_households_are_a_file_each(village: Place, tmp_path: Path) -> None:
    abouts = [About(households=(id,), today=DAY) for id in village.households[:3]]
    made = finish(print_papers(village.book, "measures_card", abouts, tmp_path / "卡"))
    assert made.households == len(made.files) == 3
    assert all(file.name.endswith("_明白卡.pdf") for file in made.files)
    assert not [file for file in made.files if _ID.search(file.name.partition("_")[2])]


def test_nothing_is_left_where_a_character_cannot_be_printed(village: Place, tmp_path: Path) -> None:
    about = About(title="关于\ue123的公示", today=DAY)
    with pytest.raises(MissingCharacters, match="U\\+E123"):
        finish(print_papers(village.book, "notice", [about], tmp_path / "x.pdf"))
    assert list(tmp_path.iterdir()) == []
    finish(print_papers(village.book, "notice", [about], tmp_path / "x.pdf", spell_missing=True))
    assert "〔U+E123〕" in reading.whole(tmp_path / "x.pdf")


def test_cancelled_nothing_is_left(village: Place, tmp_path: Path) -> None:
    abouts = [About(households=(id,), today=DAY) for id in village.households[:5]]
    for out in (tmp_path / "x.pdf", tmp_path / "folder"):
        work = print_papers(village.book, "answer_card", abouts, out)
        next(work)
        next(work)
        work.close()
    assert list(tmp_path.iterdir()) == []


def test_markup_is_only_text(village: Place) -> None:
    said = _said(village, "notice", title="<b>关于</b>&amp;‮名单")
    assert "<b>关于</b>&amp;名单" in said


def test_heads_come_again_on_each_page(village: Place) -> None:
    content = finish(preview(village.book, "people_ledger", village.about(paper("people_ledger"))))
    assert all("证件号码" in page for page in reading.pages(content))


@pytest.mark.parametrize("one", [paper("notice")], ids=["notice"])
def test_the_official_text_stands_in_its_frame(village: Place, one: Paper) -> None:
    """GB/T 9704: 37 mm above, 28 mm at the binding; the number of the page below the frame."""
    document = pypdfium2.PdfDocument(finish(preview(village.book, one.name, village.about(one))))
    try:
        text = document[0].get_textpage()
        left, _, right, top = text.get_rect(0) if text.count_rects() else (0, 0, 0, 0)
        assert left >= 28 / 25.4 * 72 - 1
        assert right <= (210 - 26) / 25.4 * 72 + 1
        assert top <= (297 - 37) / 25.4 * 72 + 1
        assert "— 1 —" in text.get_text_range()
        text.close()
    finally:
        document.close()
