"""A pytest plugin: tells coverage.py which test is running and writes down how long each one took.

The sampler loads it with `-p` while it records which tests execute which line.
"""

import json
import os
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage

SECONDS_FILE = "HUDANG_TEST_SECONDS"  # the environment variable that names the file of durations
_seconds: defaultdict[str, float] = defaultdict(float)


def _switch(context: str) -> None:
    current = Coverage.current()
    if current is not None:
        current.switch_context(context)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    _switch(item.nodeid)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """What a shared fixture executes counts for its whole file, not for the test that came first."""
    if fixturedef.scope == "function":
        return (yield)
    test = request._pyfuncitem.nodeid
    _switch(test.partition("::")[0])
    try:
        return (yield)
    finally:
        _switch(test)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid] += report.duration


def pytest_sessionfinish() -> None:
    Path(os.environ[SECONDS_FILE]).write_text(json.dumps(_seconds), encoding="utf-8")
