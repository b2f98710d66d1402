"""Whatever a register declares, it is listed, found, printed, exported, taken in and asked for by commands."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.__main__ import main
from app.errors import UserError
from app.printing.pipeline import preview as preview_report
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.records.field import fields
from app.records.history import household_history
from app.records.withdrawn_records import find_withdrawn, restore_records
from app.registers import all_registers, get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.new_row import start_row
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, count_rows, load_rows, row_ids, sums
from app.registers.engine.steps import due_items
from app.reports.catalogue import parts
from app.reports.parameters import ReportParameters
from app.sheets.register_export import write_register
from app.sheets.register_import import apply_import, preview
from app.workbook.access import unlock
from app.workbook.operations import redo, undo
from app.workbook.workbook import Workbook
from db.schema import records, relations
from db.schema.aid import Helper
from db.schema.household import Household, Member
from tests import builders, pdf_reader
from tests.machine_memory import remembering_in
from tests.register_rows import DAY, add_rows

_REGISTERS = all_registers()
_COPY = "台账.hdb"  # of the closed workbook, for what opens it
_NAMED = dict.fromkeys(("household", "member"), ("陈卫国", "cwg", "weiguo")) | {"helper": ("汪明远", "wmy")}
_HOUSEHOLD, _HOUSEHOLD_WITHOUT_ROWS = (Household.id_of(f"{builders.VILLAGE.code}{number:03}") for number in (1, 2))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """Three rows in each register, with one below each."""
    with remembering_in(tmp_path_factory.mktemp("state")):
        opened = builders.workbook(tmp_path_factory.mktemp("book"))
        with opened.writing() as session:
            household = builders.household(session)
            builders.household(session, number=2)
            helper = Helper(village=builders.VILLAGE.code, name="汪明远", unit="县农业农村局")
            session.add(helper)
            session.flush()
            member = session.scalars(select(Member).order_by(Member.person_no)).first()
            people = {"household": household.id, "member": member.id, "helper": helper.id}
            add_rows(session, people, 3)
        opened.close()
        shutil.copy(opened.path, tmp_path_factory.getbasetemp() / _COPY)
        again = unlock(opened.path, builders.PASSPHRASE)
        yield again
        again.close()


@pytest.mark.parametrize("register", _REGISTERS, ids=lambda one: one.key)
def test_it_is_listed_found_summed_and_counted(book: Workbook, register: Register) -> None:
    with book.reading() as session:
        ids = row_ids(session, register)
        assert len(ids) == 3
        rows = load_rows(session, register, ids, DAY)
        assert [row.id for row in rows] == ids
        assert all(set(row.texts) >= {one.name for one in register.fields()} for row in rows)
        for sort in (*(one.name for one in register.fields()), "step", "due"):
            assert set(row_ids(session, register, RowQuery(sort=f"-{sort}"))) == set(ids)
        for word in _NAMED.get(register.subject, ()):
            assert set(row_ids(session, register, RowQuery(text=word))) == set(ids), word
        assert row_ids(session, register, RowQuery(text="zzqq")) == []
        assert set(sums(session, register, ids)) == set(register.totals)
        assert [one.label for one in figure_values(session, register)] == [one.label for one in register.figures]
        due_items(session, [register], date(2100, 1, 1))
        if register.about_households:
            assert count_rows(session, register, RowQuery(household_id=_HOUSEHOLD)) == 3
        assert all(relations.record_titles(session, register.key, ids).values())


@pytest.mark.parametrize("register", _REGISTERS, ids=lambda one: one.key)
def test_its_ledger_prints_filled_and_blank(book: Workbook, register: Register) -> None:
    for blank in (False, True):
        shown = run_to_completion(
            preview_report(book, ReportJob(f"{register.key}_ledger", [ReportParameters(today=DAY, blank=blank)]))
        )
        text = pdf_reader.full_text(shown)
        assert register.ledger_title.replace(" ", "") in text.replace(" ", "").replace("\n", "")
        assert ("共3条" in text.replace(" ", "")) is not blank


@pytest.mark.parametrize("register", [one for one in _REGISTERS if one.slips], ids=lambda one: one.key)
def test_its_papers_print_one_row_and_blank(book: Workbook, register: Register) -> None:
    with book.reading() as session:
        (row, *_) = load_rows(session, register, row_ids(session, register), DAY)
    for slip in register.slips:
        name, title = register.slip_report(slip), slip.title.replace(" ", "")
        chosen = ReportParameters(today=DAY, record=row.id)
        for parameters in (chosen,) if slip.public else (chosen, ReportParameters(today=DAY, blank=True)):
            shown = run_to_completion(preview_report(book, ReportJob(name, [parameters])))
            text = pdf_reader.full_text(shown).replace(" ", "").replace("\n", "")
            assert title in text
            assert all(label.replace(" ", "") in text for label in slip.signatures)
    with pytest.raises(UserError, match="请在左边选一条记录"):
        run_to_completion(preview_report(book, ReportJob(name, [ReportParameters(today=DAY)])))


@pytest.mark.parametrize(
    "register", [one for one in _REGISTERS if one.about_households and one.in_archive], ids=lambda one: one.key
)
def test_it_is_a_part_of_the_archive_and_of_history(book: Workbook, register: Register) -> None:
    part = next(one for one in parts() if one.name == (register.section or register.key))
    with book.reading() as session:
        assert part.build(session, _HOUSEHOLD)
        assert part.build(session, _HOUSEHOLD_WITHOUT_ROWS) == []
        below = {one.record.__tablename__ for one in register.children}
        if register.subject != "village":
            told = {entry.table for entry in household_history(session, _HOUSEHOLD, 10_000)}
            assert {register.key, *below} <= told


@pytest.mark.parametrize("register", _REGISTERS, ids=lambda one: one.key)
def test_its_sheet_comes_back_unchanged_and_takes_a_change(book: Workbook, register: Register, tmp_path: Path) -> None:
    with book.reading() as session:
        ids = row_ids(session, register)
    out = tmp_path / "台账.xlsx"
    run_to_completion(write_register(book, register, ids, out))
    shown = run_to_completion(preview(book, out))
    assert shown.register == register.key
    assert (shown.to_write(), shown.refused, shown.remarks, shown.conflicts, shown.duplicates) == ([], (), (), (), ())
    assert run_to_completion(apply_import(book, shown)) == 0


@pytest.mark.parametrize("register", _REGISTERS, ids=lambda one: one.key)
def test_a_begun_row_has_no_text_but_its_number_and_who_writes_it(register: Register) -> None:
    begun = start_row(register, builders.VILLAGE.code, operator="甲")
    texts = {one.name for one in fields(register.key) if one.kind in ("text", "long") and begun.values[one.name]}
    assert texts - {"number"} == ({register.author} if register.author else set())
    assert begun.values.get(register.author, "甲") == "甲"


@pytest.mark.parametrize("key", ["small_loan", "attendance", "village_project", "public_job", "skill_training"])
def test_the_commands_know_it_whatever_it_is_about(
    book: Workbook,
    key: str,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register = get_register(key)
    path, sheet = str(tmp_path_factory.getbasetemp() / _COPY), str(tmp_path_factory.mktemp("sheet") / "台账.csv")
    monkeypatch.setenv("HUDANG_PASSPHRASE", builders.PASSPHRASE)
    assert main(["list", path, register.title, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 3
    assert rows[0].keys() >= {"id", *(one.name for one in register.fields() if one.kind != "reference")}
    assert main(["list", path, key, "--out", sheet]) == 0
    capsys.readouterr()
    assert main(["import-list", path, sheet, "--as", key, "--dry-run", "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert (seen["register"], seen["changed"], seen["written"], seen["refused_rows"]) == (key, 0, False, [])


def test_what_is_withdrawn_of_any_kind_is_found_by_words_of_its_line_and_comes_back(book: Workbook) -> None:
    def kept() -> dict[str, int]:
        with book.reading() as session:
            return {table: session.query(model).filter(~model.withdrawn).count() for table, model in records().items()}

    before = kept()
    for table in reversed([table for table, count in before.items() if count]):  # what refers before what it refers to
        with book.operation(f"撤回 {table}") as session:
            session.execute(update(records()[table]).values(withdrawn=True))
    lines = run_to_completion(find_withdrawn(book)).records
    assert len(lines) == sum(before.values())
    texts = {
        (line.table, line.id): f"{line.label} {line.title} {line.household} {line.operator} {line.words}"
        for line in lines
    }
    words = {word for text in texts.values() for word in text.split()} | {"2018", "国（", "没有"}
    for word in sorted(words)[::6]:
        found = [(line.table, line.id) for line in run_to_completion(find_withdrawn(book, word)).records]
        assert found == [key for key, text in texts.items() if word in text], word
    assert restore_records(book, list(texts)) == len(lines)
    assert kept() == before
    run_to_completion(undo(book))
    assert sum(kept().values()) == 0
    run_to_completion(redo(book))
    assert kept() == before
