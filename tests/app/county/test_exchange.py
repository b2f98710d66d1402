"""The county's rules travel in packages and as a file for the other villages."""

import json

import pytest

from app.commands import run
from app.county import county_file, editing
from app.errors import UserError
from app.records.field import field, options
from app.sync import conflicts
from db.schema.amendment import Amendment
from db.schema.standard import Standard
from db.schema.village import Village
from tests.app.county.conftest import add, cell, edit, sheet_of
from tests.app.sync.peers import all_records, make_team, send
from tests.builders import PASSPHRASE, VILLAGE, NewVillage, household, workbook

OTHER = NewVillage("柳树沟村", "340828100102", "安徽省", "安庆市", "岳西县", "响水镇")
FOREIGN = NewVillage("金塘村", "341524100101", "安徽省", "六安市", "金寨县", "梅山镇")


def limit(book):
    return sheet_of(book, "thresholds", "visit").row("days_without").cells["amount"]


def fill(book):
    edit(book, "thresholds", "visit", cell("days_without", "amount", "60"))
    edit(book, "dictionaries", "poverty_cause", add(label="因疫", model="因灾"))
    edit(book, "standard", "", cell("2025", "监测范围", "8200"))


def test_two_laptops_converge_and_a_person_settles_what_both_changed(tmp_path):
    a, b = make_team(tmp_path, "甲", "乙")
    edit(a, "thresholds", "visit", cell("days_without", "amount", "60"))
    edit(a, "dictionaries", "poverty_cause", add(label="因疫", model="因灾"))
    send(a, b)
    assert limit(b) == "60"
    with b.reading():
        assert "因疫" in [one.value for one in options("poverty_cause")]
    send(b, a)
    edit(a, "thresholds", "visit", cell("days_without", "amount", "45"))
    edit(b, "thresholds", "visit", cell("days_without", "amount", "30"))
    edit(b, "thresholds", "aid", cell("days.claim_pay", "amount", "8"))  # another entry is no conflict
    send(a, b), send(b, a)
    (one,) = conflicts.list_conflicts(a)
    assert (one.table_label, one.record, one.field_label) == ("县级规定", "走访 走访提醒周期", "数值")
    assert {one.ours.text, one.theirs.text} == {"45.00", "30.00"}
    conflicts.resolve(a, one, one.theirs)
    send(a, b)
    assert not conflicts.list_conflicts(a) + conflicts.list_conflicts(b)
    assert limit(a) == limit(b) == "30"
    assert all_records(a) == all_records(b)
    a.close(), b.close()


def test_a_file_brings_another_village_to_the_same_rules(tmp_path):
    a, b = workbook(tmp_path), workbook(tmp_path, "b.hdb", village=OTHER)
    fill(a)
    edit(b, "thresholds", "aid", cell("days.claim_pay", "amount", "8"))
    path = tmp_path / "岳西县.hdcounty"
    assert county_file.export_county(a, path) == 3
    assert [(one.what, one.before, one.after) for one in county_file.read_county(b, path).lines] == [
        ("2025 年监测范围", "", "8200"),
        ("致贫原因：因疫", "", "比照 因灾，停用 否"),
        ("走访：走访提醒周期", "", "数值 60"),
    ]
    assert county_file.import_county(b, path) == 3
    assert county_file.import_county(b, path) == 0
    assert limit(b) == "60"
    assert sheet_of(b, "thresholds", "aid").row("days.claim_pay").cells["amount"] == "8"  # its own stays
    a.close(), b.close()


def refused(book, path, sentence):
    before = all_records(book)
    with pytest.raises(UserError, match=sentence):
        county_file.import_county(book, path)
    assert all_records(book) == before


def written(path, change):
    """The file with another content, as a program would have written it."""
    raw = json.loads(path.read_text("utf-8"))
    raw.pop("digest")
    change(raw)
    raw["digest"] = county_file._digest(raw)
    other = path.with_name("改过.hdcounty")
    other.write_text(json.dumps(raw), "utf-8")
    return other


def test_files_that_cannot_be_taken_in_get_a_sentence_and_change_nothing(tmp_path):
    a, b, foreign = (
        workbook(tmp_path),
        workbook(tmp_path, "b.hdb", village=OTHER),
        workbook(tmp_path, "c.hdb", village=FOREIGN),
    )
    fill(a)
    path = tmp_path / "岳西县.hdcounty"
    county_file.export_county(a, path)
    refused(foreign, path, "是“岳西县”的，本工作簿的村在“金寨县”，没有导入")

    def newer(raw):
        raw["version"] = 99

    def unknown(raw):
        raw["amendments"].append({"kind": "dictionaries", "name": "of_the_future", "item": "x", "subject": "将来的选项",
                                  "entry": "x", "label": "y"})  # fmt: skip

    def no_county(raw):
        raw["county"] = ""

    def future(raw):
        raw["standards"].append({"year": 2999, "kind": "监测范围", "amount": "9000", "source": ""})

    def doubled(raw):
        about = {"kind": "dictionaries", "name": "poverty_cause", "subject": "致贫原因"}
        raw["amendments"].append(about | {"item": "因病", "entry": "因病", "label": "因残"})

    def no_weights(raw):
        text = (
            "title='x'\ncode='x'\nversion=1\npass_item_share=0.6\npass_total=80\n"
            "scale=[{value='达标',points=1},{value='不达标',points=0}]\ngrades=[{least=0,name='合格'}]\n"
            "items=[{code='a',label='a',points=7,checks=[{code='b',label='b'}]}]"
        )
        raw["amendments"].append({"kind": "checklists", "name": "county_x", "item": "", "subject": "x", "entry": "x",
                                  "text": text})  # fmt: skip

    for change, sentence in (
        (newer, "由较新版本的程序导出"),
        (unknown, "“将来的选项”本机的程序没有。请先更新程序"),
        (no_county, "是“（没有写明县）”的"),
        (future, "2999 年还没有到"),
        (doubled, "都写成“因残”"),
        (no_weights, "各项目分值合计 7 分，应为 100 分"),
        (lambda raw: raw["amendments"].append({"kind": 7}), "不是县级资料包，或已损坏"),
        (lambda raw: raw.update(standards=[{"year": 2025}]), "不是县级资料包，或已损坏"),
    ):
        refused(b, written(path, change), sentence)
    damaged = tmp_path / "坏.hdcounty"
    damaged.write_text(path.read_text("utf-8").replace("60", "61"), "utf-8")
    refused(b, damaged, "在导出以后被改动或损坏")
    for content in (b"", b"\xff\xfe", b"[]", b"{}", b"[" * 100_000):
        damaged.write_bytes(content)
        refused(b, damaged, "不是县级资料包，或已损坏")
    for book in (a, b, foreign):
        book.close()


def test_nothing_to_export_is_said(tmp_path):
    book = workbook(tmp_path)
    with pytest.raises(UserError, match="还没有录入县里的规定"):
        county_file.export_county(book, tmp_path / "x.hdcounty")
    book.close()


def test_commands(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
    a, b = workbook(tmp_path), workbook(tmp_path, "b.hdb", village=OTHER)
    fill(a)
    with b.writing() as session:
        household(session, village=OTHER.code, cause_main="因病")
    a.close(), b.close()
    path = str(tmp_path / "岳西县.hdcounty")
    assert run(["county-export", str(a.path), path]) == 0
    assert run(["county-import", str(b.path), path, "--dry-run"]) == 0
    assert "没有写入" in capsys.readouterr().out
    assert run(["county-import", str(b.path), path]) == 0
    assert run(["county-import", str(b.path), path]) == 0
    assert "已导入 0 项" in capsys.readouterr().out
    assert run(["county", str(b.path), "--changed"]) == 0
    assert "thresholds/visit\t走访\t本县" in capsys.readouterr().out
    assert run(["county", str(b.path), "thresholds/visit"]) == 0
    assert "走访提醒周期\t60\t天\t90" in capsys.readouterr().out
    assert run(["county", str(b.path), "thresholds/nothing"]) == 1
    assert field("household", "cause_main").text("因病") == "因病"
    assert editing.KINDS


def test_every_village_of_a_township_gets_the_rule_with_its_own_package(tmp_path):
    book = workbook(tmp_path)
    with book.operation("第二个村") as session:
        session.add(Village(village=OTHER.code, code=OTHER.code, name=OTHER.name, county=OTHER.county))
    fill(book)
    with book.reading() as session:
        for record in (Amendment, Standard):
            villages = [row.village for row in session.query(record).order_by(record.village, record.id)]
            assert set(villages) == {VILLAGE.code, OTHER.code}
    assert limit(book) == "60"
    editing.restore_default(book, "thresholds", "visit")
    assert limit(book) == "90"
    book.close()
