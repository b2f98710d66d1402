"""An update of the program: what the county changed stays, what it left alone is the newer program's."""

from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

import resources
from app.checklists.template import checklist
from app.county import editing
from app.forms.definition import load_form
from app.records.field import options
from app.reports.catalogue import parts
from app.reports.era import terms
from app.sheets.roster_aliases import aliases
from app.workbook.access import unlock
from resources.limits import Limit
from resources.yearly_limits import numbers_of_year
from tests.app.county.conftest import add, cell, edit, head, sheet_of
from tests.builders import PASSPHRASE, workbook

ERA = "常态化帮扶"
# file → what the newer program says there instead; each is found once
NEWER = {
    "dictionaries/poverty_cause": [('value = "因病"', 'value = "因病"\nlabel = "因病（新）"'),
                                   ('value = "因学"', 'value = "因学"\nlabel = "因学（新）"'),
                                   ('value = "因残"', 'value = "因疫情"\n\n[[options]]\nvalue = "因残"')],
    "dictionaries/helper_rank": [('["国家级正"]\nmax_households = 5', '["国家级正"]\nmax_households = 9')],
    "dictionaries/era": [('volume = "帮扶户档案"', 'volume = "帮扶户新档案"'),
                         ('hotline_name = "咨询监督电话"', 'hotline_name = "新电话"')],
    "thresholds/visit": [("days_without = 90", "days_without = 80")],
    "thresholds/aid": [("claim_pay = 15", "claim_pay = 14"), ("claim_survey = 5", "claim_survey = 4")],
    "yearly/medical_cost": [("[[lines]]\nyear = 2021\n", '[[lines]]\nyear = 2021\n"市级" = 7000\n"县域内" = 3500\n\n'
                                                        '[[lines]]\nyear = 2025\n"省级" = 20000\n')],
    "checklists/six_clean": [('title = "六净"', 'title = "六净（新）"')],
    "checklists/five_clean": [('title = "五净一有一整齐"', 'title = "五净（新）"')],
    "forms/appraisal_meeting": [('label = "会议地点"', 'label = "开会地点"')],
    "rosters/people": [('"member.sex" = [', '"member.sex" = ["新表头性别", ')],
    "archive/household": [('title = "户情简介"', 'title = "户情新简介"'), ('title = "申请书"', 'title = "新申请书"')],
}  # fmt: skip


def said() -> dict[str, Any]:
    """What counts in the workbook that is read."""
    day = date(2026, 5, 1)
    words = terms(ERA, day)
    titles = {part.name: part.title for part in parts()}
    return {
        "causes": [(one.value, one.label) for one in options("poverty_cause")],
        "ranks": {one.value: one.extra["max_households"] for one in options("helper_rank")[:2]},
        "limits": [int(Limit("visit")["days_without"]), *(int(Limit("aid")["days"][f"claim_{name}"])
                                                          for name in ("survey", "pay"))],
        "caps": {year: dict(numbers_of_year("medical_cost", year)) for year in (2023, 2025, 2026)},
        "words": [words.word(name) for name in ("volume", "hotline_name", "hotline")],
        "checklists": [(checklist(name).title, checklist(name).pass_total) for name in ("six_clean", "five_clean")],
        "form": [one.label for one in load_form("appraisal_meeting").questions][:2],
        "headings": [name for name in ("新表头性别", "县里表头性别") if aliases("member").get(name) == "member.sex"],
        "titles": [titles["overview"], titles["application"], [part.name for part in parts()].index("photographs")],
    }  # fmt: skip


def in_newer_program(root: Path, book: Path) -> tuple[dict[str, Any], bool, list[str]]:
    """In a process of its own: what the newer program says of the workbook, whether each entry can still be edited and
    kept, and what it says without one."""
    resources.ROOT = root
    opened = unlock(book, PASSPHRASE)
    with opened.reading() as session:
        found = said()
        for one in editing.list_entries(session):
            if one.changed:
                sheet = editing.load_sheet(session, one.kind, one.name)
                assert editing.plan(session, sheet, sheet).lines == ()
    edit(opened, "thresholds", "visit", cell("days_without", "amount", "45"))
    with opened.reading():
        kept = int(Limit("visit")["days_without"]) == 45
    opened.close()
    return found, kept, [one.label for one in options("poverty_cause")]


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The resources of a newer program."""
    copy = tmp_path_factory.mktemp("newer") / "resources"
    copytree(resources.ROOT, copy, ignore=lambda folder, names: [n for n in names if n in ("fonts", "__pycache__")])
    for name, changes in NEWER.items():
        path = copy / f"{name}.toml"
        text = path.read_text("utf-8")
        for before, after in changes:
            assert text.count(before) == 1, (name, before)
            text = text.replace(before, after)
        path.write_text(text, "utf-8")
    return copy


def test_an_update_overwrites_nothing_and_brings_what_was_left_alone(tmp_path, newer):
    book = workbook(tmp_path)
    edit(book, "dictionaries", "poverty_cause", cell("因病", "label", "因大病"), add(label="因洪涝", model="因灾"))
    edit(book, "dictionaries", "helper_rank", cell("国家级副职", "amount", "3"))
    edit(book, "thresholds", "visit", cell("days_without", "amount", "60"))
    edit(book, "thresholds", "aid", cell("days.claim_pay", "amount", "8"))
    edit(book, "yearly", "medical_cost", cell("2021", "县域内", "4000"), add(0, year="2026", 省级="12000"))
    edit(book, "eras", ERA, cell("words/hotline", "registered", "0556-2171234"),
         cell("words/volume", "registered", "本县档案"))  # fmt: skip
    edit(book, "checklists", "six_clean", head("pass_total", "85"))
    edit(book, "forms", "appraisal_meeting", cell("topic", "label", "评议议题"))
    edit(book, "rosters", "people", cell("member.sex", "aliases", "县里表头性别"))
    edit(book, "archive", "household", cell("overview", "label", "本县户情"))
    photographs = next(row for row in sheet_of(book, "archive", "household").rows if row.key == "photographs")
    edit(book, "archive", "household", lambda sheet: sheet.with_rows(
        sheet.rows[0], photographs, *(row for row in sheet.rows[1:] if row != photographs)))  # fmt: skip
    with book.reading():
        before = said()
    book.close()
    with ProcessPoolExecutor(1, get_context("spawn")) as processes:
        after, kept, plain = processes.submit(in_newer_program, newer, book.path).result()
    again = unlock(book.path, PASSPHRASE)
    with again.reading():
        assert said() | {"limits": before["limits"]} == before  # the older program, opened again, says as before
        assert int(Limit("visit")["days_without"]) == 45  # and knows what was set with the newer one
    again.close()

    assert kept
    assert {"因病（新）", "因学（新）", "因疫情"} <= set(plain)
    causes = dict(after["causes"])
    assert (causes["因病"], causes["因洪涝"]) == ("因大病", "因洪涝")
    assert (causes["因学"], causes["因疫情"]) == ("因学（新）", "因疫情")
    assert after["ranks"] == {"国家级正职": 9, "国家级副职": 3}
    assert after["limits"] == [60, 4, 8]
    assert after["caps"] == {2023: {"市级": 7000, "县域内": 4000}, 2025: {"省级": 20000}, 2026: {"省级": 12000}}
    assert after["words"] == ["本县档案", "新电话", "0556-2171234"]
    assert after["checklists"] == [("六净", 85), ("五净（新）", dict(after["checklists"])["五净（新）"])]
    assert after["form"][0] == "评议议题"
    assert "开会地点" not in after["form"]  # a form that the county has changed is its own as a whole
    assert after["headings"] == ["新表头性别", "县里表头性别"]
    assert after["titles"] == ["本县户情", "新申请书", 1]
