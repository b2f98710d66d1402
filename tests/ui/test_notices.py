"""What the officer is told, and where."""

import threading

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton

from app.errors import OfficeError
from app.progress import Progress
from ui.jobs import Jobs
from ui.notices import Notices


@pytest.fixture
def notices(qtbot):
    notices = Notices("石桥村　操作员：王书记")
    qtbot.addWidget(notices)
    notices.resize(1000, notices.sizeHint().height())
    notices.show()
    return notices


@pytest.fixture
def jobs(notices):
    jobs = Jobs(notices.refused)
    yield jobs
    jobs.close()


def button(notices, name):
    return notices.findChild(QPushButton, name)


def test_the_line_is_always_there_and_keeps_its_height(notices):
    height = notices.sizeHint().height()
    assert notices.findChild(QLabel, "status").isVisible()
    for say in (notices.saved, notices.tell, notices.refused, lambda text: notices.offer_undo(text, print)):
        say("已保存")
        assert notices.sizeHint().height() == height
        assert not notices.findChild(QLabel, "status").isVisible()


def test_a_long_job_takes_no_further_line(qtbot, notices, jobs):
    height = notices.sizeHint().height()
    go = threading.Event()

    def work():
        yield Progress(0, 3, "第一步")
        go.wait(5)
        yield Progress(1, 3, "第二步")

    notices.busy(jobs.start(work(), title="核对"))
    qtbot.waitUntil(notices.findChild(QProgressBar, "progress").isVisible)
    assert notices.sizeHint().height() == height
    assert notices.minimumSizeHint().width() < 700
    go.set()
    qtbot.waitUntil(lambda: jobs.idle)


def test_a_refusal_stays_until_it_is_closed(qtbot, notices):
    notices.refused(OfficeError("磁盘已满。请腾出空间后再试。"))
    assert notices.last == ["磁盘已满。请腾出空间后再试。"]
    assert notices.property("how") == "refused"
    button(notices, "closeNotice").click()
    assert notices.property("how") == ""
    assert notices.findChild(QLabel, "status").text() == "石桥村　操作员：王书记"


def test_undo_is_offered_once_and_gone_with_the_next_notice(notices):
    undone = []
    notices.offer_undo("已保存：联系电话", lambda: undone.append(1))
    button(notices, "undo").click()
    button(notices, "undo").click()
    assert undone == [1]
    notices.offer_undo("已保存：住址", lambda: undone.append(2))
    notices.saved()
    assert not button(notices, "undo").isVisible()
    button(notices, "undo").click()
    assert undone == [1]


def test_a_long_job_has_a_bar_that_can_be_cancelled(qtbot, notices, jobs):
    gate = threading.Event()

    def work():
        for n in range(1000):
            yield Progress(n, 1000, "写入")
            gate.wait(0.01)

    jobs.started.connect(lambda job: notices.busy(job) if job.title else None)
    jobs.start(work(), title="导入名册")
    qtbot.waitUntil(lambda: notices.findChild(QProgressBar).value() > 2)
    button(notices, "cancel").click()
    qtbot.waitUntil(lambda: bool(notices.last))
    assert notices.last == ["已取消：导入名册，没有留下任何改动。"]
    qtbot.waitUntil(lambda: notices.findChild(QProgressBar) is None)
