"""What another process does until it is killed."""

import time
from collections.abc import Callable
from pathlib import Path

from app.publishing.publish import publish
from app.publishing.target import target_of
from app.workbook.access import unlock
from tests.builders import PASSPHRASE


def publish_until(say: Callable[[str], None], path: Path, url: str, steps: int) -> None:
    """Publish whole numbers, and stand still after so many steps."""
    task = publish(unlock(path, PASSPHRASE), target_of(url), reason="核对")
    for _ in range(steps):
        next(task)
    say("there")
    time.sleep(600)
