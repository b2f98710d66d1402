"""Long random histories of five laptops: thousands of edits and exchanges a history, for the night.

HUDANG_HISTORIES (20) histories of HUDANG_STEPS (2,000) steps by journal, a tenth of each by package.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.app.exchange.histories import Histories, JournalHistories, make_template

HISTORIES = int(os.environ.get("HUDANG_HISTORIES", "20"))
STEPS = int(os.environ.get("HUDANG_STEPS", "2000"))


@pytest.fixture(scope="module", autouse=True)
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("team")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(folder / "state"))
        make_template(folder)
        Histories.template = folder
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


TestLongJournals = JournalHistories.TestCase
TestLongJournals.settings = profile(1)
TestLongHistories = Histories.TestCase
TestLongHistories.settings = profile(10)
