"""Long random histories of five laptops: thousands of edits and exchanges a history, for the night.

HUDANG_HISTORIES (40) histories of HUDANG_STEPS (300) steps by journal, a quarter of each by package: more steps than
that Hypothesis does not draw for one history.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.app.sync.sync_state_machine import JournalStateMachine, SyncStateMachine, make_template

HISTORIES = int(os.environ.get("HUDANG_HISTORIES", "40"))
STEPS = int(os.environ.get("HUDANG_STEPS", "300"))


@pytest.fixture(scope="module", autouse=True)
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("team")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(folder / "state"))
        make_template(folder)
        SyncStateMachine.template = folder
        yield


def profile(share: int) -> settings:
    return settings(
        max_examples=max(1, HISTORIES // share),
        stateful_step_count=max(50, STEPS // share),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        print_blob=True,
        phases=(Phase.explicit, Phase.generate),
    )


TestLongJournals = JournalStateMachine.TestCase
TestLongJournals.settings = profile(1)
TestLongHistories = SyncStateMachine.TestCase
TestLongHistories.settings = profile(4)
