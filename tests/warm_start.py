"""What begins in a process of tests/warm_processes.py."""

import os
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection


def run_in(environment: Mapping[str, str], target: Callable[..., object], *arguments: object) -> None:
    """Work in the environment of the test, not in the one in which the server was started."""
    os.environ.clear()
    os.environ.update(environment)
    target(*arguments)


def say_through(sender: "Connection[str, str]", work: Callable[..., object], *arguments: object) -> None:
    """Work whose first argument is a function that says a line."""
    work(sender.send, *arguments)
