"""Every page of the folder, on an empty village and on the sample, at the size of a small laptop's screen."""

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTabWidget, QWidget

from app import sample
from app.checklists.rounds import list_rounds
from app.progress import run_to_completion
from app.records.row_views import household_rows
from app.workbook.access import unlock
from app.workbook.keyring import TEST_COST
from tests.builders import workbook
from tests.ui.conftest import wait_until_idle, window_of_a_module
from ui.pages import page_classes

NAMES = list(page_classes())
SCREEN = (1366, 728)  # 1366×768 less a task bar


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory, qapp):
    """The sample village, made once."""
    path = tmp_path_factory.mktemp("sample") / "示例村.hdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        run_to_completion(sample.make(path, sample.PASSPHRASE, cost=TEST_COST)).close()
    return path


@pytest.fixture(scope="module", params=["empty", "sample"])
def window(request, qapp, tmp_path_factory, sample_file):
    """One window on each of the two villages, whose pages are opened one after the other, as an officer does."""
    folder = tmp_path_factory.mktemp("pages")

    def village():
        if request.param == "empty":
            return workbook(folder)
        copy = folder / sample_file.name
        copy.write_bytes(sample_file.read_bytes())
        return unlock(copy, sample.PASSPHRASE)

    with window_of_a_module(village, tmp_path_factory.mktemp("state")) as window:
        yield window


def page_params(name, window):
    """What a page is shown about that is opened from another one."""
    with window.workbook.reading() as session:
        households, open_rounds = household_rows(session), list_rounds(session)
    if not households:
        return {}
    return {
        "household": {"household": households[0].id},
        "inspection": {"round": open_rounds[0].id, "household": households[0].id},
    }.get(name, {})


@pytest.mark.parametrize("name", NAMES)
def test_a_page_opens_refreshes_and_fits(qtbot, window, name):
    window.open(name, **page_params(name, window))
    wait_until_idle(qtbot, window)
    QApplication.processEvents()
    page = window.page(name)
    assert window.current == name
    assert (window.width(), window.height()) == SCREEN
    assert window.status_bar.property("how") != "refused", window.status_bar.messages
    outside = [
        f"{type(one).__name__} {one.objectName()}"
        for one in page.findChildren(QWidget)
        if one.isVisible() and one.parentWidget() is page and not page.rect().contains(one.geometry())
    ]
    assert outside == []
    assert not page.grab().isNull()


@pytest.mark.parametrize("name", NAMES)
def test_every_model_of_a_page_keeps_qts_rules(qtbot, window, name):
    window.open(name, **page_params(name, window))
    wait_until_idle(qtbot, window)
    models = {view.model() for view in window.page(name).findChildren(QAbstractItemView) if view.model() is not None}
    for model in models:
        assert isinstance(model, QAbstractItemModel)
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


@pytest.mark.parametrize("name", NAMES)
def test_every_control_has_a_name_and_every_action_a_key(qtbot, window, name):
    window.open(name, **page_params(name, window))
    wait_until_idle(qtbot, window)
    page = window.page(name)
    nameless = [
        f"{type(one).__name__} {one.objectName()}"
        for one in page.findChildren(QWidget)
        if one.isVisible()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(one, QTabWidget)  # its tabs say what they are
        and not (one.accessibleName() or getattr(one, "text", str)())
        and not one.objectName().startswith("qt_")
    ]
    assert nameless == []
    assert [action.text() for action in page.visible_actions() if action.shortcut().isEmpty()] == []
