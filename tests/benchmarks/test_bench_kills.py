"""A thousand kills over all writing commands: nothing is lost, nothing half written stays, all can be tried again.

HUDANG_KILLS says how many, where a thousand is too long.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.progress import run_to_completion
from app.sync import peers
from app.workbook import access
from app.workbook.integrity import check_integrity
from app.workbook.temporary_files import remove_leftovers
from db.schema.household import Household
from db.schema.village import Village
from tests.app.sync.peers import all_records, edit_record, make_team, send, write_package
from tests.builders import PASSPHRASE, VILLAGE, household

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("HUDANG_KILLS", "1000"))
HOME = Household.id_of(f"{VILLAGE.code}001")
UNDONE = 5  # the line of the last import in the log
# what a command needs besides the workbook; `{}` is the folder
COMMANDS = (
    ("set", "village", Village.id_of(VILLAGE.code), "team_phone", "13900000009"),
    ("backup", "{}/备份.hdb"),
    ("export", "{}/出.hdpack", "--to", "石桥村 乙"),
    ("import", "{}/来.hdpack"),
    ("undo-import", str(UNDONE)),
    ("fold",),
    ("revoke", "石桥村 乙"),
    ("rescue", "{}/抢救.hdb"),
    ("renew-key",),
)
WRITES_NEW_FILE = {"backup", "export", "rescue"}  # refused where the file is there already


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """甲's closed workbook, with a package that came in and one that waits."""
    folder = tmp_path_factory.mktemp("样本")
    a, b = make_team(folder, "甲", "乙")
    with b.operation("新增") as session:
        for number in range(1, 21):
            household(session, number=number)
    send(b, a), send(a, b)
    for n in range(3):
        edit_record(a, HOME, note=str(n))
    send(a, b), send(b, a)
    edit_record(b, HOME, address="桥头")
    assert send(b, a).n == UNDONE
    edit_record(b, HOME, phone="13800000001")
    package = write_package(b, a)
    records = all_records(a)
    assert peers.list_peers(a)
    a.close(), b.close()
    return a.path, package, records


def start(command, folder):
    words = [word.replace("{}", str(folder)) for word in command]
    environment = os.environ | {"HUDANG_PASSPHRASE": PASSPHRASE, "HUDANG_STATE": str(folder / "机器")}
    arguments = [sys.executable, "-m", "app", words[0], str(folder / "村.hdb"), *words[1:]]
    return subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def prepare(folder, path, package):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(path, folder / "村.hdb")
    shutil.copy(package, folder / "来.hdpack")


def test_killed_anywhere_and_tried_again(template, tmp_path, monkeypatch, record_property):
    path, package, records = template
    chance, folder = random.Random(1), tmp_path / "村"
    monkeypatch.setenv("HUDANG_STATE", str(folder / "机器"))
    durations = {}
    for command in COMMANDS:
        prepare(folder, path, package)
        began = time.monotonic()
        process = start(command, folder)
        _, errors = process.communicate()
        assert process.returncode == 0, (command, errors.decode())
        durations[command] = time.monotonic() - began
    killed = 0
    for n in range(KILLS):
        command = COMMANDS[n % len(COMMANDS)]
        prepare(folder, path, package)
        process = start(command, folder)
        try:
            process.wait(chance.uniform(0, durations[command]))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        check_after(command, folder, records)
    record_property("killed", killed)
    print(f"\n{KILLS} runs of {len(COMMANDS)} commands, {killed} of them killed before they ended")


def check_after(command, folder, records):
    """The next start clears up; then the workbook is whole, has at least what it had, and the command works."""
    remove_leftovers()
    leftovers = [file.name for file in folder.rglob("*") if file.name.endswith((".part", ".new", ".restoring"))]
    assert leftovers == [], command
    with closing(access.unlock(folder / "村.hdb", PASSPHRASE)) as book:
        assert run_to_completion(check_integrity(book)) == [], command
        held = all_records(book)
        done = {entry.n for entry in peers.list_packages(book) if entry.undone_at}
        if command[0] not in ("set", "import", "undo-import"):
            assert held == records, command
    name = next((word for word in command if word.startswith("{}") and command[0] in WRITES_NEW_FILE), "")
    if name and command[0] != "export" and Path(name.replace("{}", str(folder))).exists():
        return  # it was done
    if command[0] in ("undo-import", "revoke") and (done or any_revoked(folder)):
        return
    process = start(command, folder)
    _, errors = process.communicate()
    assert process.returncode == 0, (command, errors.decode())


def any_revoked(folder):
    with closing(access.unlock(folder / "村.hdb", PASSPHRASE)) as book:
        return any(peer.revoked_at for peer in peers.list_peers(book))
