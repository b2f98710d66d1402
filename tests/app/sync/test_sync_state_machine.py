"""Random histories of five laptops and what the exchange promises (docs/decisions/0004-journal.md).

HUDANG_HISTORIES and HUDANG_STEPS make the run longer; tests/benchmarks has the long one.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.app.sync.sync_state_machine import JournalStateMachine, SyncStateMachine, make_template
from tests.machine_memory import remembering_in

HISTORIES = int(os.environ.get("HUDANG_HISTORIES", "5"))
STEPS = int(os.environ.get("HUDANG_STEPS", "40"))


@pytest.fixture(scope="module", autouse=True)
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("team")
    with remembering_in(folder):
        make_template(folder)
        SyncStateMachine.template = folder
        yield


def profile(examples: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        print_blob=True,
        # HUDANG_SHRINK finds the shortest history that fails, which takes minutes
        phases=tuple(Phase) if "HUDANG_SHRINK" in os.environ else (Phase.explicit, Phase.generate),
    )


TestHistories = SyncStateMachine.TestCase
TestHistories.settings = profile(HISTORIES)
TestJournalHistories = JournalStateMachine.TestCase
TestJournalHistories.settings = profile(2 * HISTORIES)
