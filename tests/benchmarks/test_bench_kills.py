"""A thousand kills over all writing commands: nothing is lost, nothing half written stays, all can be tried again.

HUDANG_KILLS says how many, where a thousand is too long; HUDANG_SEED when each is killed.
"""

import os
import random
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

import app.commands
from app.county import county_file
from app.progress import run_to_completion
from app.publishing import database_schema
from app.publishing.target import connected, target_of
from app.sync import conflicts, peers, receipts
from app.workbook import access
from app.workbook.backup import backup
from app.workbook.integrity import check_integrity
from app.workbook.keyring import TEST_COST
from app.workbook.temporary_files import remove_leftovers
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.health import MedicalExpense
from db.schema.household import Household, Member
from db.schema.village import Village
from tests.app.comparison.office_files import office_list
from tests.app.county.conftest import cell, edit
from tests.app.publishing.county_database import CountyDatabase, expected_rows
from tests.app.sync.peers import all_records, card_of, edit_record, make_team, send, write_package
from tests.builders import PASSPHRASE, VILLAGE, household, id_number, workbook
from tests.faults.killed_work import run_command
from tests.postgres import running_server
from tests.warm_processes import other_process

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("HUDANG_KILLS", "1000"))
SEED = int(os.environ.get("HUDANG_SEED", "1"))
HOMES = [Household.id_of(f"{VILLAGE.code}{number:03}") for number in range(1, 21)]
YEAR = "2018"
_TEMPORARY = (".part", ".new", ".restoring")


@dataclass(frozen=True, slots=True)
class Command:
    """A command that writes. `{}` in its words is the folder, the workbook is `BOOK`, a county's database `COUNTY`.

    `out`: the file that it writes; `once`: refused with a sentence where it was done already
    """

    words: tuple[str, ...]
    out: str = ""
    once: bool = False


def _commands(settled: str, undone: str) -> tuple[Command, ...]:
    """Every command that writes.

    Args:
        settled: the conflict that is settled; undone: the line of the import that is undone
    """
    return (
        Command(("set", "BOOK", "village", Village.id_of(VILLAGE.code), "team_phone", "13900000009")),
        Command(("new", "{}/新.hdb", "--village", "柳树沟村", "--code", "340828100102"), "新.hdb", once=True),
        Command(("backup", "BOOK", "{}/备份2.hdb"), "备份2.hdb", once=True),
        Command(("restore", "{}/备份.hdb", "BOOK")),
        Command(("rescue", "BOOK", "{}/抢救.hdb"), "抢救.hdb", once=True),
        Command(("renew-key", "BOOK")),
        Command(("set-role", "BOOK", "小李", "entry")),
        Command(("export", "BOOK", "{}/出.hdpack", "--to", "石桥村 乙"), "出.hdpack"),
        Command(("import", "BOOK", "{}/来.hdpack")),
        Command(("undo-import", "BOOK", undone), once=True),
        Command(("receipt", "BOOK", undone, "{}/回执.hdreceipt"), "回执.hdreceipt"),
        Command(("acknowledge", "BOOK", "{}/来.hdreceipt"), once=True),
        Command(("settle", "BOOK", settled, "--take", "theirs"), once=True),
        Command(("fold", "BOOK")),
        Command(("card", "BOOK", "{}/我的.hdcard"), "我的.hdcard"),
        Command(("trust", "BOOK", "{}/丁名片.hdcard", "--yes")),
        Command(("revoke", "BOOK", "石桥村 乙"), once=True),
        Command(("keep", "BOOK", "石桥村 丙")),
        Command(("join", "BOOK", HOMES[1], HOMES[2], "--relation", "其他"), once=True),
        Command(("part", "BOOK", HOMES[4]), once=True),
        Command(("import-roster", "BOOK", "{}/名册.xlsx", "--year", YEAR)),
        Command(("import-list", "BOOK", "{}/名单.xlsx")),
        Command(("import-indicators", "BOOK", "{}/村.xlsx", "--year", YEAR)),
        Command(("county-import", "BOOK", "{}/县.hdcounty")),
        Command(("county-export", "BOOK", "{}/出.hdcounty"), "出.hdcounty"),
        Command(("common-policies", "BOOK")),
        Command(("take-from-registers", "BOOK", "--year", YEAR, "--doubtful")),
        Command(("entry-list", "BOOK", "--mark")),
        Command(("compare", "BOOK", "{}/低保.xlsx", "--subject", "dibao", "--save")),
        Command(("make-report", "BOOK", "月报", "--from", "2018-04-01", "--to", "2018-04-30"), once=True),
        Command(("archive", "BOOK", "{}/档案.pdf", "--household", f"{VILLAGE.code}001"), "档案.pdf"),
        Command(("print-paper", "BOOK", "household_ledger", "{}/台账.pdf"), "台账.pdf"),
        Command(("print-pack", "BOOK", "acceptance", "{}/验收.pdf", "--year", YEAR), "验收.pdf"),
        Command(("list", "BOOK", "member", "--out", "{}/人口.xlsx"), "人口.xlsx"),
        Command(("doubts", "BOOK", "--out", "{}/疑点.xlsx"), "疑点.xlsx"),
        Command(("entitlements", "BOOK", "--out", "{}/应享.xlsx"), "应享.xlsx"),
        Command(("consistency", "BOOK", "--out", "{}/核对.xlsx"), "核对.xlsx"),
        Command(("dump", "BOOK", "--json", "{}/全部.json"), "全部.json"),
        Command(("publish", "BOOK", "COUNTY", "--full", "--reason", "核对")),
    )


READING = {
    "check-print", "compare-report", "conflicts", "county", "figures", "info", "log", "operators", "packages",
    "peers", "read-certificates", "receipt-code", "same", "self-check", "verify",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Template:
    """甲's folder: a closed workbook, what it holds, and what came from colleagues and offices; and the county's
    database, which is empty."""

    folder: Path
    county: CountyDatabase
    records: dict[str, list[Any]]
    counts: dict[str, int]
    commands: tuple[Command, ...]


@pytest.fixture(scope="module")
def county() -> Iterator[CountyDatabase]:
    with running_server() as server:
        with connected(target_of(server.url())) as connection, connection.transaction():
            database_schema.prepare(connection)
        yield CountyDatabase(server, "postgres")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, county: CountyDatabase) -> Template:
    folder, away = tmp_path_factory.mktemp("样本"), tmp_path_factory.mktemp("同事")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(away))
        patch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
        a, b, c = make_team(away, "甲", "乙", "丙")
        with b.operation("新增") as session:
            for number in range(1, 21):
                household(session, number=number)
            head, day = Member.id_of(f"{VILLAGE.code}00101"), date(2018, 4, 2)
            bill = {"total": Decimal(5000), "basic": Decimal(3000)}
            session.add(MedicalExpense(village=VILLAGE.code, member_id=head, settled_on=day, **bill))
            session.add(Visit(village=VILLAGE.code, household_id=HOMES[0], visited_on=day, visitors="乙"))
        send(b, a), send(a, b), send(b, c)
        peers.revoke(b, peers.load_own_card(c).sign_key)
        for n in range(3):
            edit_record(a, HOMES[0], note=str(n))
        edit_record(a, HOMES[7], note="甲说"), edit_record(b, HOMES[7], note="乙说")
        send(b, a)
        imported = send(a, b).n
        edit_record(b, HOMES[0], address="桥头")
        undone = send(b, a).n
        receipts.write(b, imported, folder / "来.hdreceipt")
        edit_record(b, HOMES[0], phone="13800000001")
        write_package(b, a, folder / "来.hdpack")
        _add_office_files(a, folder)
        settled = conflicts.list_conflicts(a)[0].id
        for book in (a, b, c):
            book.close()
        shutil.copy(a.path, folder / "村.hdb")
        _prepare_by_commands(folder)
        with closing(access.unlock(folder / "村.hdb", PASSPHRASE)) as book:
            run_to_completion(backup(book, folder / "备份.hdb"))
        records, counts = state_of(folder / "村.hdb")
    return Template(folder, county, records, counts, _commands(settled, str(undone)))


def _add_office_files(a: Workbook, folder: Path) -> None:
    """What a village gets from its county and offices, and the card of another colleague."""
    access.add_operator(a, "小李", "离任的口令 2018", proof=PASSPHRASE, cost=TEST_COST)
    other = workbook(folder, "丁.hdb", "丁")
    edit(other, "thresholds", "visit", cell("days_without", "amount", "60"))
    county_file.export_county(other, folder / "县.hdcounty")
    shutil.move(card_of(other) and other.path.with_suffix(".hdcard"), folder / "丁名片.hdcard")
    other.close()
    other.path.unlink()
    edit(a, "thresholds", "aid", cell("days.claim_pay", "amount", "8"))
    shutil.copy(ROOT / "tests" / "data" / "roster-a.xlsx", folder / "名册.xlsx")
    person = id_number(date(1970, 1, 2), 0, True)
    office_list(
        folder, ("姓名", "身份证号", "低保证号"), ("陈卫国", person, "D1"), ("无号", None, "D2"), name="低保.xlsx"
    )
    headers = ("行政村", "总户数", "总人口数", "行政村卫生室个数", "是否通客运班车")
    office_list(folder, headers, ("石桥村", 412, 1530, 1, "是"), name="村.xlsx")


def _prepare_by_commands(folder: Path) -> None:
    """A household that can be parted again, and a list that was changed in Excel."""
    book, sheet = folder / "村.hdb", folder / "名单.xlsx"
    for words in (
        ("join", book, HOMES[3], HOMES[4], "--relation", "其他"),
        ("list", book, "household", "--out", sheet, "--full", "--reason", "核对"),
    ):
        assert app.commands.run([str(word) for word in words]) == 0, words
    opened = openpyxl.load_workbook(sheet)
    rows = opened.active
    assert rows is not None
    column = next(one.column for row in rows.iter_rows(max_row=3) for one in row if str(one.value) == "备注")
    rows.cell(rows.max_row, column).value = "在 Excel 里写的"
    opened.save(sheet)


def run(template: Template, command: Command, folder: Path, seconds: float | None = None) -> tuple[bool, str]:
    """Run a command, and kill it after so long; returns whether it was killed, and what it said at its end."""
    places = {"{}": str(folder), "BOOK": str(folder / "村.hdb"), "COUNTY": template.county.url}
    arguments = list(command.words)
    for place, meant in places.items():
        arguments = [word.replace(place, meant) for word in arguments]
    with other_process(run_command, *arguments, HUDANG_PASSPHRASE=PASSPHRASE, TMPDIR=str(folder / "临时")) as process:
        ended = process.wait(seconds)
        if not ended:
            process.kill()
        said = process.line()
    return not said, said


def prepare(template: Template, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template.folder, folder)
    (folder / "临时").mkdir()
    template.county.clear()


def state_of(path: Path) -> tuple[dict[str, list[Any]], dict[str, int]]:
    """A workbook's records, and how many lines its journal and its logs have."""
    with closing(access.unlock(path, PASSPHRASE)) as book:
        assert run_to_completion(check_integrity(book)) == []
        with book.reading() as session:
            counts = {
                table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                for table in ("change", "conflict_resolution", "card_statement", "package_log", "peer")
                if session.execute(text("SELECT 1 FROM sqlite_master WHERE name = :n"), {"n": table}).scalar()
            }
            for table, column in (("package_log", "acknowledged_at"), ("peer", "revoked_at")):
                counts[column] = session.execute(text(f"SELECT count({column}) FROM {table}")).scalar_one()
        return all_records(book), counts


def files_in(folder: Path) -> set[str]:
    """Names of all files, with numbers left out: backups are named by their time. What the machine remembers of
    replicas is named by these."""
    names = (str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    return {re.sub(r"[0-9]+", "#", name) for name in names if not name.startswith("机器/replicas")}


def test_every_command_is_killed_or_only_reads(template: Template) -> None:
    parser = app.commands.parser()
    names = set(parser._subparsers._group_actions[0].choices)  # type: ignore[union-attr, arg-type]
    assert names == {command.words[0] for command in template.commands} | READING


def test_killed_anywhere_and_tried_again(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    chance, folder = random.Random(SEED), tmp_path / "村"
    monkeypatch.setenv("HUDANG_STATE", str(folder / "机器"))
    whole: dict[Command, Whole] = {}
    for command in template.commands:
        prepare(template, folder)
        began = time.monotonic()
        _, said = run(template, command, folder)
        assert said.startswith("0"), (command.words, said)
        seconds = time.monotonic() - began
        remove_leftovers()
        whole[command] = Whole(seconds, state_of(folder / "村.hdb")[1], files_in(folder))
    kills = 0
    for n in range(KILLS):
        command = template.commands[n % len(template.commands)]
        prepare(template, folder)
        killed, _ = run(template, command, folder, chance.uniform(0, whole[command].seconds))
        kills += killed
        check_after(template, command, folder, whole[command])
        if n % 50 == 49:
            print(f"\n{n + 1} runs, {kills} killed", end="", flush=True)
    record_property("killed", kills)
    print(f"\n{KILLS} runs of {len(template.commands)} commands, {kills} of them killed before they ended")


@dataclass(frozen=True, slots=True)
class Whole:
    """What a command leaves that nobody kills: after how long, with which counts of lines, and which files."""

    seconds: float
    counts: dict[str, int]
    files: set[str]


def check_after(template: Template, command: Command, folder: Path, whole: Whole) -> None:
    """The next start clears up; then the workbook is as it was or as it would be, and the command works."""
    remove_leftovers()
    assert [file.name for file in folder.rglob("*") if file.name.endswith(_TEMPORARY)] == [], command.words
    records, counts = state_of(folder / "村.hdb")
    is_as_before = records == template.records and counts == template.counts
    assert is_as_before or counts == whole.counts, (command.words, template.counts, counts, whole.counts)
    written = command.out and (folder / command.out).exists()
    if written and command.out.endswith(".hdb"):
        state_of(folder / command.out)
    _, said = run(template, command, folder)
    done = written or not is_as_before
    assert said.startswith("0") or (command.once and done and said.endswith("。")), (command.words, said)
    if "COUNTY" in command.words:
        with closing(access.unlock(folder / "村.hdb", PASSPHRASE)) as book:
            assert template.county.rows() == expected_rows(book)
    remove_leftovers()
    left = files_in(folder) - whole.files
    assert {name for name in left if not name.startswith(("村-备份/", "村 恢复前"))} == set(), command.words
