"""The doors without a window, as a script uses them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from app.__main__ import main
from db.schema.village import Village
from tests.builders import PASSPHRASE

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data"
VILLAGE = ("石桥村", "340828100101")


@pytest.fixture(autouse=True)
def passphrase(monkeypatch):
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)


@pytest.fixture
def hudang(capsys):
    """Run a command; (exit status, stdout, stderr)."""

    def run(*words):
        capsys.readouterr()
        status = main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.fixture
def done(hudang):
    """Run a command that must succeed; its output."""

    def run(*words):
        status, out, err = hudang(*words)
        assert (status, err) == (0, "")
        return out

    return run


@pytest.fixture
def book(tmp_path, done):
    path = tmp_path / "a.hdb"
    done("new", path, "--village", VILLAGE[0], "--code", VILLAGE[1], "--operator", "甲")
    return path


def dumped(done, book):
    out = book.with_suffix(".json")
    done("dump", book, "--json", out)
    return json.loads(out.read_text(encoding="utf-8"))


def refused(result, said):
    status, out, err = result
    assert (status, out) == (1, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


def test_from_an_empty_folder_to_a_printed_archive(tmp_path, done, book):
    counts = json.loads(done("import-roster", book, DATA / "roster-a.xlsx", "--json"))
    assert (counts["households"]["new"], counts["members"]["new"], counts["refused"]) == (86, 270, 0)
    again = json.loads(done("import-roster", book, DATA / "roster-a.xlsx", "--json"))
    assert (again["households"]["new"], again["households"]["changed"], again["members"]["changed"]) == (0, 0, 0)
    info = json.loads(done("info", book, "--json"))
    assert info["counts"]["household"] == 86
    assert info["counts"]["member"] == 270
    assert info["counts"]["assignment"] == 86
    home = dumped(done, book)["household"][0]
    done("set", book, "household", home["id"], "phone", "１３９ 0000 0001")
    assert dumped(done, book)["household"][0]["phone"] == "13900000001"
    done("archive", book, tmp_path / "一户.pdf", "--household", home["household_no"])
    assert (tmp_path / "一户.pdf").read_bytes().startswith(b"%PDF")
    assert done("verify", book).strip() == "工作簿完好。"


def test_papers_are_listed_and_printed(tmp_path, done, hudang, book):
    done("import-roster", book, DATA / "roster-a.xlsx")
    assert "household_ledger\tvillage\t台账\t户台账" in done("print-paper", book, "list").splitlines()
    assert done("print-paper", book, "household_ledger", tmp_path / "户.pdf").startswith("已打印“户台账”1 份，")
    homes = [row["household_no"] for row in dumped(done, book)["household"][:2]]
    said = done("print-paper", book, "answer_card", f"{tmp_path}/卡", "--household", *homes)
    assert said.strip() == "已打印“答问卡（一户一页）”2 份，2 页，2 个文件。"
    refused(hudang("print-paper", book, "nonsense", tmp_path / "x.pdf"), "没有“nonsense”这种纸样")
    refused(hudang("print-paper", book, "round_summary", tmp_path / "x.pdf", "--round", "没有"), "没有“没有”这一轮检查")
    refused(hudang("print-paper", book, "helper_households", tmp_path / "x.pdf", "--helper", "没有"), "0 位")
    assert not (tmp_path / "x.pdf").exists()


def test_a_print_is_held_against_the_record(tmp_path, done, hudang, book):
    done("import-roster", book, DATA / "roster-a.xlsx")
    number = dumped(done, book)["household"][0]["household_no"]
    said = done("archive", book, tmp_path / "一户.pdf", "--household", number)
    assert "草稿" in said
    assert "草稿" not in done("archive", book, tmp_path / "二.pdf", "--household", number, "--reason", "资料正在补")
    assert "与工作簿里的记录一致" in done("check-print", book, tmp_path / "一户.pdf")
    status, _, err = hudang("check-print", book, "AAAA-BBBB-CCCC")
    assert status == 1
    assert "没有打印记录" in err


def test_importing_again_writes_nothing(done, book):
    done("import-roster", book, DATA / "roster-a.xlsx")
    before = json.loads(done("info", book, "--json"))["vector"]
    done("import-roster", book, DATA / "roster-a.xlsx")
    assert json.loads(done("info", book, "--json"))["vector"] == before


def test_three_workbooks_exchange_in_a_triangle_and_end_equal(tmp_path, done, book):
    done("import-roster", book, DATA / "roster-a.xlsx")
    books = [book]
    for name in "bc":
        other = tmp_path / f"{name}.hdb"
        done("new", other, "--village", VILLAGE[0], "--code", VILLAGE[1], "--operator", {"b": "乙", "c": "丙"}[name])
        books.append(other)
    for one in books:
        done("card", one, one.with_suffix(".hdcard"))
    for one in books:
        for other in books:
            if one != other:
                done("trust", one, other.with_suffix(".hdcard"), "--yes")

    def send(source, target):
        package = tmp_path / "包.hdpack"
        done("export", source, package, "--to", target.with_suffix(".hdcard"))
        return json.loads(done("import", target, package, "--json"))

    a, b, c = books
    assert send(a, b)["new_changes"] > 400
    send(b, c)
    home = dumped(done, a)["household"][0]["id"]
    done("set", a, "household", home, "phone", "13900000001")
    done("set", b, "household", home, "phone", "13900000002")
    done("set", c, "household", home, "address", "桥头 3 号")
    for source, target in ((a, b), (b, c), (c, a), (a, b), (b, c)):
        send(source, target)
    assert dumped(done, a) == dumped(done, b) == dumped(done, c)
    [conflict] = json.loads(done("conflicts", b, "--json"))
    assert (conflict["table"], conflict["column"], conflict["ours"], conflict["theirs"]) == (
        "household",
        "phone",
        "13900000002",
        "13900000001",
    )
    done("settle", b, conflict["id"], "--take", "theirs")
    for source, target in ((b, c), (c, a), (a, b)):
        send(source, target)
    assert dumped(done, a) == dumped(done, b) == dumped(done, c)
    assert next(row for row in dumped(done, c)["household"] if row["id"] == home)["phone"] == "13900000001"
    assert [json.loads(done("conflicts", one, "--json")) for one in books] == [[], [], []]
    assert send(a, b)["new_changes"] == 0


def test_cards_as_text_receipts_and_the_log(tmp_path, hudang, done, book):
    import segno

    other = tmp_path / "b.hdb"
    done("new", other, "--village", VILLAGE[0], "--code", VILLAGE[1], "--operator", "乙")
    text = done("card", other, "--text").strip()
    done("trust", book, text, "--yes")
    segno.make(done("card", book, "--text").strip(), error="m").save(str(tmp_path / "甲.png"), scale=4)
    assert "石桥村 甲" in done("trust", other, tmp_path / "甲.png", "--yes")
    refused(hudang("trust", book, text[:-8] + "AAAAAAAA", "--yes"), "不是有效的名片")
    refused(hudang("card", book), "存到哪个文件")
    done("import-roster", book, DATA / "roster-a.xlsx")
    waiting = json.loads(done("peers", book, "--json"))[0]["waiting"]
    package = tmp_path / "p.hdpack"
    done("export", book, package, "--to", "石桥村 乙", "--most-bytes", "1000000")
    n = json.loads(done("import", other, package, "--json"))["n"]
    code = done("receipt-code", other, n).strip()
    done("receipt", other, n, tmp_path / "r.hdreceipt")
    refused(hudang("acknowledge", book, code[:-1] + str((int(code[-1]) + 1) % 10), "--from", "石桥村 乙"), "回执码不对")
    assert "已收到" in done("acknowledge", book, code, "--from", "石桥村 乙")
    refused(hudang("acknowledge", book, tmp_path / "r.hdreceipt"), "不用再记")
    [line] = json.loads(done("packages", book, "--json"))
    assert (line["way"], line["left_out"], line["changes"]) == ("out", 0, waiting)
    assert line["acknowledged_at"]
    assert json.loads(done("peers", book, "--json"))[0]["waiting"] == 0
    [village] = json.loads(done("peers", book, "石桥村 乙", "--json"))["villages"]
    assert village["has"] == village["of"] == waiting
    assert f"{waiting}/{waiting}\t100%" in done("peers", book, "石桥村 乙")
    assert done("packages", other).startswith(f"{n}\t")


def test_a_dry_run_writes_nothing(tmp_path, done, book):
    before = dumped(done, book)
    counts = json.loads(done("import-roster", book, DATA / "roster-a.xlsx", "--dry-run", "--json"))
    assert counts["households"]["new"] == 86
    assert dumped(done, book) == before


def test_refused_rows_go_to_a_sheet_with_their_reasons(tmp_path, done, book):
    roster = tmp_path / "名册.csv"
    roster.write_text(
        "行政村,户编号,人编号,姓名,证件号码,与户主关系,民族\n"
        "石桥村,340828100101900,34082810010190001,陈卫国,340888197005060017,户主,汉族\n"
        "竹园村,340828100102900,34082810010290001,李秀英,340888197005060025,户主,汉族\n",
        encoding="gb18030",
    )
    counts = json.loads(done("import-roster", book, roster, "--refused", tmp_path / "拒收.xlsx", "--json"))
    assert (counts["households"]["new"], counts["refused"]) == (1, 1)
    [heading, row] = openpyxl.load_workbook(tmp_path / "拒收.xlsx").active.iter_rows(values_only=True)
    assert row[heading.index("姓名")] == "李秀英"
    assert any("石桥村" in str(cell) for cell in row)


def test_doubts_are_listed_counted_and_exported(tmp_path, done, book):
    assert done("doubts", book).splitlines() == ["错误 0 条，疑点 0 条，提示 0 条，涉及 0 户。"]
    roster = tmp_path / "名册.csv"
    roster.write_text(
        "行政村,户编号,人编号,姓名,证件号码,与户主关系,人数,性别\n"
        "石桥村,340828100101900,34082810010190001,陈卫国,340888197005060017,户主,3,女\n",
        encoding="gb18030",
    )
    done("import-roster", book, roster)
    found = {one["rule"]: one for one in json.loads(done("doubts", book, "--json"))}
    assert found["population"]["severity"] == "错误"
    assert found["population"]["fields"] == ["household.population"]
    assert found["population"]["settled"] is None
    last = done("doubts", book, "--out", tmp_path / "疑点.xlsx").splitlines()[-1]
    assert last.endswith("涉及 1 户。")
    rows = list(openpyxl.load_workbook(tmp_path / "疑点.xlsx").active.iter_rows(values_only=True))
    assert len(rows) == len(found) + 1
    assert "340888197005060017" not in str(rows)


def test_backup_and_restore(tmp_path, done, book):
    done("backup", book, tmp_path / "备份.hdb")
    replica = json.loads(done("info", book, "--json"))["replica"]
    village = Village.id_of(VILLAGE[1])
    done("set", book, "village", village, "team_leader", "张三")
    done("restore", tmp_path / "备份.hdb", book)
    assert dumped(done, book)["village"][0]["team_leader"] is None
    assert json.loads(done("info", book, "--json"))["replica"] != replica


def test_what_is_refused_is_one_sentence(tmp_path, hudang, book, monkeypatch):
    village = Village.id_of(VILLAGE[1])
    refused(hudang("set", book, "village", village, "team_phone", "123"), "11 位")
    refused(hudang("set", book, "village", village, "nothing", "1"), "没有“nothing”这一列")
    refused(hudang("set", book, "nothing", village, "name", "1"), "没有“nothing”这种记录")
    refused(hudang("set", book, "village", "x", "name", "1"), "不存在")
    refused(hudang("new", book, "--village", "村", "--code", VILLAGE[1]), "已经存在")
    refused(hudang("new", tmp_path / "n.hdb", "--village", "村", "--code", "12"), "12 位")
    refused(hudang("archive", book, tmp_path / "x.pdf", "--household", "12345"), "12345")
    refused(hudang("import", book, book), "不是驻村户档的数据包")
    refused(hudang("trust", book, book, "--yes"), "名片")
    refused(hudang("export", book, tmp_path / "x.hdpack", "--to", "没有的人"), "没有的人")
    refused(hudang("settle", book, "household:x:phone", "--take", "ours"), "没有这一处冲突")
    refused(hudang("info", tmp_path / "没有.hdb"), "找不到")
    monkeypatch.setenv("HUDANG_PASSPHRASE", "错的口令啊")
    refused(hudang("info", book), "口令不对")
    monkeypatch.delenv("HUDANG_PASSPHRASE")
    refused(hudang("info", book), "没有给口令")


def test_the_passphrase_may_come_from_a_file(tmp_path, done, book, monkeypatch):
    monkeypatch.delenv("HUDANG_PASSPHRASE")
    (tmp_path / "口令.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    assert VILLAGE[0] in done("info", book, "--passphrase-file", tmp_path / "口令.txt")


@pytest.mark.parametrize("words", [["nothing"], ["new"], ["export", "x.hdb", "y"], ["settle", "x.hdb", "c"]])
def test_wrong_usage_is_status_2(hudang, words):
    status, out, err = hudang(*words)
    assert (status, out) == (2, "")
    assert "用法不对" in err


def test_as_a_program_of_its_own(tmp_path):
    book = tmp_path / "示例.hdb"
    environment = os.environ | {"HUDANG_PASSPHRASE": PASSPHRASE}

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "app", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    made = run("new", str(book), "--village", "柳树沟村", "--code", "340888100203", "--sample")
    assert (made.returncode, made.stderr) == (0, "")
    assert "恢复码" in made.stdout
    info = json.loads(run("info", str(book), "--json").stdout)
    assert info["counts"]["household"] >= 60
    assert info["counts"]["round"] == 2
    assert run("info", str(tmp_path / "x.hdb")).returncode == 1


def test_self_check_finds_everything_and_works_once(done):
    said = done("self-check")
    assert said.splitlines()[-1] == "程序完整。"


def test_self_check_misses_what_is_not_there(hudang, tmp_path, monkeypatch):
    import resources

    built = tmp_path / "resources"
    shutil.copytree(resources.ROOT, built, ignore=shutil.ignore_patterns("fonts", "__pycache__"))
    (built / "fonts").mkdir()
    (built / "built.json").write_text(json.dumps({"resources/fonts": 3}))
    monkeypatch.setattr(resources, "ROOT", built)
    refused(hudang("self-check"), "resources/fonts")
