"""What stands below the small pictures of a household."""

from pytestqt.qtbot import QtBot

from app.records.household import PhotoRow
from ui.household.photo_wall import PhotoWall


def test_what_no_paper_has_says_so(qtbot: QtBot) -> None:
    wall = PhotoWall()
    qtbot.addWidget(wall)
    day = "2018-09-03 10:00"
    wall.show_photos(
        [
            PhotoRow("a", "走访", day, "堂屋", "", "visit", ""),
            PhotoRow("b", "走访", day, "院子", "", "withdrawn", "", with_its_owner=False),
        ]
    )
    assert [wall.item(n).text() for n in range(2)] == ["堂屋\n2018-09-03", "院子\n所属记录已撤回，不印"]
