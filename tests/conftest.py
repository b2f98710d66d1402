"""For every test: no memory of other runs, no screen."""

import gc
import os
from pathlib import Path

import pytest

from tests.warm_processes import use_warm_processes

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A process that opens hundreds of workbooks holds a million objects of SQLAlchemy's caches: looking through them for
# garbage as often as Python would took a fifth of the time of all tests.
gc.set_threshold(10_000, 20, 50)


@pytest.fixture(autouse=True)
def isolated_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The machine's memory of replicas, recent files and logs in a folder of this test's own."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("HUDANG_STATE", str(folder))
    return folder


@pytest.fixture(autouse=True)
def warm_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program starts begins at once, except for tests that ask for `cold_processes`."""
    if "cold_processes" not in request.fixturenames:
        use_warm_processes(monkeypatch)


@pytest.fixture
def cold_processes() -> None:
    """What the program starts is started as on an officer's laptop."""
