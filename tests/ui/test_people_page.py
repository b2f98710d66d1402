"""人口: everybody, as a saved view shows them."""

from PySide6.QtCore import Qt

from app.list_views.definition import Condition, ConditionGroup, ListView, SortKey
from app.list_views.saved_views import save_view
from tests.builders import household
from tests.ui.conftest import wait_until_idle


def test_people_are_viewed_by_any_column_and_opened_in_their_household(qtbot, window, book):
    with book.writing() as session:
        for number, group in ((901, "九十二组"), (902, "九十一组")):
            household(session, 3, number=number, group_name=group)
    heads = ListView(
        ConditionGroup((Condition("relation", "is", ("户主",)), Condition("group", "contains", ("九十",)))),
        (SortKey("group"),),
        groups=("group",),
    )
    view_id = save_view(book, "member", "户主名单", heads, shared=False)
    window.open("people", view=view_id)
    wait_until_idle(qtbot, window)
    page = window.page("people")
    assert [page.table.cell_text(id, "relation") for id in page.table.visible_ids()] == ["户主", "户主"]
    assert [page.table.cell_text(id, "group") for id in page.table.visible_ids()] == ["九十一组", "九十二组"]
    assert "户主名单" in page.view_bar.views_button.text()
    first = page.table.visible_ids()[0]
    page.table.set_current_id(first)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    wait_until_idle(qtbot, window)
    assert window.page("household").isVisible()
