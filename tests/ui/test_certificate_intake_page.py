"""A folder of certificates is read, confirmed with the keys of its page, and written as one step, undone as one."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit
from sqlalchemy import select

from app.certificate_intake import reader
from app.certificate_intake.reader import is_installed
from app.progress import run_to_completion
from app.records.photo import load_photo
from app.workbook.operations import undo
from db.schema.household import Household, Member
from db.schema.photo import Photo
from tests import builders
from tests.certificate_pictures import Person, booklet_page, disability_card, id_card, photographed, save_photograph
from tests.ui.conftest import wait_until_idle as rest
from tests.ui.keyboard import press_shortcut
from ui.household.household_picker import HouseholdPicker
from ui.widgets.question import QuestionDialog

CODE = builders.VILLAGE.code
FIRST = Household.id_of(f"{CODE}001")
HEAD = Member.id_of(f"{CODE}00101")
ADDRESS = "安徽省岳西县响水镇石桥村下屋组12号"
BORN = date(1988, 3, 9)
CHEN = Person("陈卫国", "男", "汉", (1970, 1, 2), ADDRESS, builders.id_number(date(1970, 1, 2), 0))
WANG = Person("王小梅", "女", "汉", (1988, 3, 9), ADDRESS, builders.id_number(BORN, 7, male=False))


@pytest.fixture
def folder(tmp_path):
    """The card of the head, a page and a certificate of somebody who is not here, the latter held sideways, and two
    files that nothing can be made of."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    scenes = {
        "a.jpg": photographed(id_card(CHEN), 1, angle=4, dim=0.7, noise=12),
        "b.jpg": photographed(booklet_page(WANG, "之儿媳"), 2),
        "c.jpg": photographed(disability_card(WANG, "肢体", "三级", WANG.id_no + "43"), 3).rotate(270, expand=True),
    }
    for name, scene in scenes.items():
        save_photograph(scene, folder / name)
    Image.new("RGB", (400, 300), "gray").save(folder / "d.jpg")
    (folder / "e.heic").write_bytes(b"\0\0\0\x18ftypheic broken")
    return folder


@pytest.mark.skipif(not is_installed(), reason="the dependency group “ocr” is not installed")
def test_certificates_of_a_folder_are_confirmed_one_by_one_and_written_as_one_step(qtbot, window, book, folder):
    with book.writing() as session:
        session.get(Member, HEAD).ethnic = None
    window.open("certificate_intake", folder=str(folder))
    rest(qtbot, window)
    page = window.page("certificate_intake")
    assert page.count.text() == "共 5 张　已确认 0 张　还没有确认 4 张　不能用 1 张"
    assert page.owner_box.currentText() == "陈卫国（陈卫国户，下屋组）"  # by the number of the card
    ticked = {row.proposal.place.column for row in page.rows._rows if row.tick.isChecked()}
    assert ticked == {"ethnic", "address"}  # all else is stored already, and is the same
    assert not page.rows.findChild(QLabel, "id_no_picture").pixmap().isNull()
    assert CHEN.id_no not in {one.text() for one in page.rows.findChildren(QLineEdit)}  # masked, as everywhere

    press_shortcut(qtbot, page, "Return")
    rest(qtbot, window)
    assert page.certificates.currentRow() == 1
    press_shortcut(qtbot, page, "Return")  # whose it is must be said first
    assert "先按 F2 选人" in window.status_bar.messages[-1]
    press_shortcut(qtbot, page, "Alt+N")
    rest(qtbot, window)
    assert isinstance(page.dialog, HouseholdPicker)
    page.dialog.search.setText("0001")
    rest(qtbot, window)
    page.dialog.accept()
    rest(qtbot, window)
    assert [one.owner.label if one.owner else "" for one in page.choices[1:4]] == [
        "新增到 陈卫国户，下屋组", "新增到 陈卫国户，下屋组", "",
    ]  # fmt: skip
    press_shortcut(qtbot, page, "Return")
    rest(qtbot, window)
    assert page.kind_box.currentText() == "残疾人证"
    page.rows.findChild(QCheckBox, "address_tick").setChecked(False)
    press_shortcut(qtbot, page, "Return")
    rest(qtbot, window)
    assert "没有读出字" in page.doubt.text()
    press_shortcut(qtbot, page, "Ctrl+Delete")
    assert page.count.text() == "共 5 张　已确认 3 张　还没有确认 0 张　不能用 1 张"

    press_shortcut(qtbot, page, "Ctrl+Return")
    window.findChild(QuestionDialog, "ask_take_in").buttons[0].click()
    rest(qtbot, window)
    with book.reading() as session:
        wang = session.scalars(select(Member).where(Member.name == WANG.name)).one()
        assert (wang.id_no, wang.birth, wang.sex, wang.relation) == (WANG.id_no, BORN, "女", "之儿媳")
        assert (wang.disability_no, wang.disability_kind, wang.household_id) == (WANG.id_no + "43", "肢体残疾", FIRST)
        assert session.get(Member, HEAD).ethnic == "汉族"
        assert session.get(Household, FIRST).address == ADDRESS
        copies = session.execute(select(Photo.kind, Photo.people, Photo.caption).order_by(Photo.caption)).all()
        of_wang = [("证件资料", "王小梅", caption) for caption in ("户口簿成员页", "残疾人证")]
        assert copies == [*of_wang, ("证件资料", "陈卫国", "身份证")]
    with book.reading() as session:
        copy = session.scalars(select(Photo.id).where(Photo.caption == "残疾人证")).one()
        image = Image.open(BytesIO(load_photo(session, copy)))
        assert image.width > image.height  # as it is read, not as the telephone was held
    run_to_completion(undo(book))
    with book.reading() as session:
        assert session.scalars(select(Photo.id).where(~Photo.withdrawn)).all() == []
        assert session.get(Household, FIRST).address is None


def test_without_the_component_the_page_says_what_is_missing(qtbot, window, monkeypatch, tmp_path):
    monkeypatch.setattr(reader, "_COMPONENT", ("a_module_that_nobody_has",))
    Image.new("RGB", (400, 300), "gray").save(tmp_path / "a.jpg")
    window.open("certificate_intake", folder=str(tmp_path))
    rest(qtbot, window)
    page = window.page("certificate_intake")
    assert "没有装“证件识别”组件" in page.start.sentences.text()
    assert page.start.isVisible()
    assert "没有装“证件识别”组件" in window.status_bar.messages[-1]
