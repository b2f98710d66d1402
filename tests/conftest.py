"""For every test: no memory of other runs, no screen."""

import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from functools import partialmethod
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.made_once import share_folders
from ui.shell.theme import apply_theme, dress

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A process that opens hundreds of workbooks holds a million objects of SQLAlchemy's caches: looking through them for
# garbage as often as Python would took a fifth of the time of all tests.
gc.set_threshold(10_000, 20, 50)
# Examples that take long to draw say that the machine is busy, not that a test is wrong.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that fork this process are the first: each fork takes the longer the more it has come to hold."""
    items.sort(key=lambda item: "/faults/" not in item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What all modules have made by now stays to the end: half a million objects that no collection goes through."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Garbage of the last tests still complains; what survives ends with the process, and is not taken apart first."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def compiled_statements() -> None:
    """The statements of all tests stay compiled: they are many more than those of one window."""
    from db import engine

    engine._COMPILED_STATEMENTS.capacity = 2_000


@pytest.fixture(scope="session", autouse=True)
def shared_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What takes long to make is made by one worker for all."""
    share_folders(tmp_path_factory)


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that are new. Not of pytest's numbering, which looks through all that there are for the next number."""
    folder = tmp_path_factory.mktemp("states")
    return (folder / f"{number}" for number in count())


@pytest.fixture(autouse=True)
def isolated_state(states: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's memory of replicas, recent files and logs in a folder of this test's own."""
    folder = next(states)
    folder.mkdir()
    monkeypatch.setenv("HUDANG_STATE", str(folder))
    return folder


@pytest.fixture(autouse=True)
def warm_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program starts begins at once, except for tests that ask for `cold_processes`."""
    if sys.platform != "win32" and "cold_processes" not in request.fixturenames:  # which knows no fork
        from tests.warm_processes import use_warm_processes

        use_warm_processes(monkeypatch)


@pytest.fixture
def cold_processes() -> None:
    """What the program starts is started as on an officer's laptop."""


class PatientBot(QtBot):
    """Waits ten minutes for what comes, not five seconds: where other programs take the processor, what computes for
    five seconds (the models that read certificates, the key of a passphrase) takes more than one minute. So long waits
    only what will never come: no test may say less, and none does."""

    waitActive = partialmethod(QtBot.waitActive, timeout=600_000)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=600_000)
    waitSignals = partialmethod(QtBot.waitSignals, timeout=600_000)
    _pauses: Iterator[int] = iter(())

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 600_000) -> None:
        """Looks again after 1 ms, 2, 4, 8, and only then every 10, which is mostly spent idle."""
        self._pauses = iter((1, 2, 4, 8))
        try:
            super().waitUntil(callback, timeout=timeout)
        finally:
            self._pauses = iter(())

    def wait(self, ms: int) -> None:
        super().wait(next(self._pauses, ms))

    def addWidget(self, widget: QWidget, **options: Any) -> None:
        """What a test shows by itself looks as it does within the program's windows."""
        if widget.parentWidget() is None and not widget.styleSheet():
            dress(widget)
        super().addWidget(widget, **options)


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> None:
    """The program's look, for all tests of a process."""
    apply_theme(qapp)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)
