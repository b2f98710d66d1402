"""What other processes do in tests, most of them until they are killed: they say what they have done as they go on."""

import io
import os
import signal
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path

import app.commands
from app.checklists.inspections import save_inspection
from app.errors import UserError
from app.progress import run_to_completion
from app.sync import package_import
from app.workbook.access import unlock
from app.workbook.backup import backup
from app.workbook.key_renewal import renew
from app.workbook.keyring import TEST_COST
from app.workbook.operations import take_back
from tests.builders import PASSPHRASE, household

Say = Callable[[str], None]


def save_households(say: Say, path: Path, first: int) -> None:
    book = unlock(path, PASSPHRASE)
    say("open")
    number = first
    while True:
        with book.writing() as session:
            household(session, number=number)
        say(str(number))
        number += 1


def back_up(say: Say, path: Path) -> None:
    book = unlock(path, PASSPHRASE)
    say("open")
    number = 0
    while True:
        run_to_completion(backup(book, path.with_name(f"copy{number}.hdb")))
        say(str(number))
        number += 1


def undo_and_redo(say: Say, path: Path, imported: int) -> None:
    """Args: imported: the operation that is taken back first."""
    book = unlock(path, PASSPHRASE)
    say("open")
    operation = imported
    while True:
        run_to_completion(take_back(book, operation))
        operation = book.first_operation if operation == imported else operation + 1
        say(str(operation))


def renew_the_file_key(say: Say, path: Path) -> None:
    say("open")
    while True:
        run_to_completion(renew(path, PASSPHRASE, cost=TEST_COST))
        say("renewed")


def import_a_package(say: Say, path: Path, package: Path) -> None:
    book = unlock(path, PASSPHRASE)
    preview = run_to_completion(package_import.verify_package(book, package))
    say("open")
    run_to_completion(package_import.import_package(book, preview))
    say("imported")


def open_and_close(say: Say, path: Path) -> None:
    try:
        unlock(path, PASSPHRASE).close()
    except UserError as refused:
        say(f"{type(refused).__name__} {refused}")


def answer_and_die(say: Say, path: Path, round_id: str, household_id: str) -> None:
    book = unlock(path, PASSPHRASE)
    for code in ("J1.1", "J1.2", "J1.3"):
        save_inspection(book, round_id, household_id, "王书记", date(2026, 11, 3), {code: "基本达标"})
    say("written")
    os.kill(os.getpid(), signal.SIGKILL)


def run_command(say: Say, *arguments: str) -> None:
    """One command of `hudang`, as a script runs it; says its exit status and what it refused."""
    printed, refused = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(refused):
        status = app.commands.run(list(arguments))
    say(f"{status} {refused.getvalue().strip()}")
