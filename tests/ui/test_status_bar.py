"""What the officer is told, and where."""

import threading

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton

from app.errors import UserError
from app.progress import Progress
from ui.shell.status_bar import StatusBar
from ui.shell.tasks import TaskRunner


@pytest.fixture
def status_bar(qtbot):
    status_bar = StatusBar("石桥村　操作员：王书记")
    qtbot.addWidget(status_bar)
    status_bar.resize(1000, status_bar.sizeHint().height())
    status_bar.show()
    return status_bar


@pytest.fixture
def tasks(status_bar):
    tasks = TaskRunner(status_bar.error)
    yield tasks
    tasks.close()


def button(status_bar, name):
    return status_bar.findChild(QPushButton, name)


def test_the_line_is_always_there_and_keeps_its_height(status_bar):
    height = status_bar.sizeHint().height()
    assert status_bar.findChild(QLabel, "status").isVisible()
    status_bar.set_undo("修改户：联系电话", "修改户：备注")
    for say in (status_bar.saved, status_bar.info, status_bar.error):
        say("已保存")
        assert status_bar.sizeHint().height() == height
        assert not status_bar.findChild(QLabel, "status").isVisible()


def test_a_long_job_takes_no_further_line(qtbot, status_bar, tasks):
    height = status_bar.sizeHint().height()
    go = threading.Event()

    def run_task():
        yield Progress(0, 3, "第一步")
        go.wait(5)
        yield Progress(1, 3, "第二步")

    status_bar.show_progress(tasks.start(run_task(), title="核对"))
    qtbot.waitUntil(status_bar.findChild(QProgressBar, "progress").isVisible)
    assert status_bar.sizeHint().height() == height
    assert status_bar.minimumSizeHint().width() < 700
    go.set()
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_a_refusal_stays_until_it_is_closed(qtbot, status_bar):
    status_bar.error(UserError("磁盘已满。请腾出空间后再试。"))
    assert status_bar.messages == ["磁盘已满。请腾出空间后再试。"]
    assert status_bar.property("how") == "refused"
    button(status_bar, "closeNotice").click()
    assert status_bar.property("how") == ""
    assert status_bar.findChild(QLabel, "status").text() == "石桥村　操作员：王书记"


def test_what_can_be_undone_is_named_whatever_else_is_said(qtbot, status_bar):
    assert not button(status_bar, "undo").isVisible()
    status_bar.set_undo("修改家庭成员：联系电话、文化程度、健康状况", "")
    assert button(status_bar, "undo").text() == "撤销：修改家庭成员：联系电话、文化程…"
    assert "健康状况（Ctrl+Z）" in button(status_bar, "undo").toolTip()
    assert not button(status_bar, "redo").isVisible()
    status_bar.saved()
    with qtbot.waitSignal(status_bar.undo_requested):
        button(status_bar, "undo").click()
    status_bar.set_undo("", "撤回走访记录")
    assert not button(status_bar, "undo").isVisible()
    with qtbot.waitSignal(status_bar.redo_requested):
        button(status_bar, "redo").click()


def test_a_long_job_has_a_bar_that_can_be_cancelled(qtbot, status_bar, tasks):
    gate = threading.Event()

    def run_task():
        for n in range(1000):
            yield Progress(n, 1000, "写入")
            gate.wait(0.01)

    tasks.task_started.connect(lambda job: status_bar.show_progress(job) if job.title else None)
    tasks.start(run_task(), title="导入名册")
    qtbot.waitUntil(lambda: status_bar.findChild(QProgressBar).value() > 2)
    button(status_bar, "cancel").click()
    qtbot.waitUntil(lambda: bool(status_bar.messages))
    assert status_bar.messages == ["已取消：导入名册，没有留下任何改动。"]
    qtbot.waitUntil(lambda: status_bar.findChild(QProgressBar) is None)
