"""What lists said in columns of their own: seen on the household's page, found, changed, taken away."""

from sqlalchemy import select

from app.progress import run_to_completion
from app.records.search import search_households
from app.sheets.roster_import import apply_import, preview
from db.schema.household import Household, Member
from tests.app.sheets.sheet_files import VILLAGE, person, table, xlsx
from tests.ui.conftest import wait_until_idle


def opened(qtbot, window, book, tmp_path):
    people = [person(40, 1, 小名="阿国", 村里编号="甲7"), person(40, 2, 小名="阿英")]
    path = xlsx(tmp_path / "名册.xlsx", table(people), title="")
    run_to_completion(apply_import(book, run_to_completion(preview(book, path, year=2018))))
    wait_until_idle(qtbot, window)
    window.open("household", household=Household.id_of(f"{VILLAGE}040"), part="other_columns")
    wait_until_idle(qtbot, window)
    return window.page("household").current_part


def shown(part):
    return [
        tuple(part.table.item(row, column).text() for column in range(3))
        for row in range(part.table.rowCount())
        if not part.table.isRowHidden(row)
    ]


def notes_of(book, name):
    with book.reading() as session:
        return session.scalar(select(Member.import_extra).where(Member.person_no == f"{VILLAGE}0400{name}"))


def test_notes_of_a_list_are_seen_and_found(qtbot, window, book, tmp_path):
    part = opened(qtbot, window, book, tmp_path)
    assert shown(part) == [("陈卫国", "小名", "阿国"), ("陈卫国", "村里编号", "甲7"), ("李秀英", "小名", "阿英")]
    assert window.page("household").index.count_of("other_columns").text == "3"
    part.search.setText("甲7")
    assert shown(part) == [("陈卫国", "村里编号", "甲7")]
    with book.reading() as session:
        assert [hit.household_id for hit in search_households(session, "阿国")] == [Household.id_of(f"{VILLAGE}040")]


def test_a_note_is_changed_and_taken_away(qtbot, window, book, tmp_path):
    part = opened(qtbot, window, book, tmp_path)
    part.table.item(0, 2).setText("阿大")
    wait_until_idle(qtbot, window)
    assert notes_of(book, 1) == '{"小名": "阿大", "村里编号": "甲7"}'
    part.table.item(2, 2).setText("")
    wait_until_idle(qtbot, window)
    assert notes_of(book, 2) is None
    assert shown(part) == [("陈卫国", "小名", "阿大"), ("陈卫国", "村里编号", "甲7")]


def test_a_household_without_notes_says_so(qtbot, window, book, tmp_path):
    part = opened(qtbot, window, book, tmp_path)
    with book.reading() as session:
        other = session.scalars(select(Household.id).where(Household.household_no != f"{VILLAGE}040")).first()
    window.open("household", household=other, part="other_columns")
    wait_until_idle(qtbot, window)
    assert part.hint.text().startswith("这一户没有其他列")
    assert not part.table.isVisible()
