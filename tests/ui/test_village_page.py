"""What is known of the village itself."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from db.schema.village import Village
from tests.ui.conftest import wait_until_idle


def test_the_first_secretary_is_written_and_a_wrong_phone_refused(qtbot, window, book):
    window.open("village")
    wait_until_idle(qtbot, window)
    page = window.page("village")
    assert page.village_box.currentText() == "石桥村（340828100101）"
    for name, typed in (("team_leader", "ZhangSan"), ("team_phone", "123")):
        line = page.findChild(QLineEdit, name)
        line.setFocus()
        QTest.keyClicks(line, typed)
        qtbot.keyClick(line, Qt.Key.Key_Return)
        wait_until_idle(qtbot, window)
    with book.reading() as session:
        stored = session.get(Village, Village.id_of("340828100101"))
        assert (stored.team_leader, stored.team_phone) == ("ZhangSan", None)
    assert "11 位" in page.editor.form.error_text("team_phone")
    page.editor.reload()
