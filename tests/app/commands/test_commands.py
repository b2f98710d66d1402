"""The doors without a window, as a script uses them."""

import json
import os
import shutil
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import openpyxl
import pytest

from app.__main__ import main
from db.schema.village import Village
from tests.builders import PASSPHRASE, workbook

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
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


@pytest.fixture
def run_ok(hudang):
    """Run a command that must succeed; its output."""

    def run(*words):
        status, out, err = hudang(*words)
        assert (status, err) == (0, "")
        return out

    return run


@pytest.fixture
def book(tmp_path, run_ok):
    path = tmp_path / "a.hdb"
    run_ok("new", path, "--village", VILLAGE[0], "--code", VILLAGE[1], "--operator", "甲")
    return path


def dumped(run_ok, book):
    out = book.with_suffix(".json")
    run_ok("dump", book, "--json", out)
    return json.loads(out.read_text(encoding="utf-8"))


def run_refused(result, output):
    status, out, err = result
    assert (status, out) == (1, "")
    assert output in err
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


def test_from_an_empty_folder_to_a_printed_archive(tmp_path, run_ok, book):
    counts = json.loads(run_ok("import-roster", book, DATA / "roster-a.xlsx", "--json"))
    assert (counts["households"]["new"], counts["members"]["new"], counts["refused"]) == (86, 270, 0)
    again = json.loads(run_ok("import-roster", book, DATA / "roster-a.xlsx", "--json"))
    assert (again["households"]["new"], again["households"]["changed"], again["members"]["changed"]) == (0, 0, 0)
    info = json.loads(run_ok("info", book, "--json"))
    assert info["counts"]["household"] == 86
    assert info["counts"]["member"] == 270
    assert info["counts"]["assignment"] == 86
    household_id = dumped(run_ok, book)["household"][0]
    run_ok("set", book, "household", household_id["id"], "phone", "１３９ 0000 0001")
    assert dumped(run_ok, book)["household"][0]["phone"] == "13900000001"
    run_ok("archive", book, tmp_path / "一户.pdf", "--household", household_id["household_no"])
    assert (tmp_path / "一户.pdf").read_bytes().startswith(b"%PDF")
    assert run_ok("verify", book).strip() == "工作簿完好。"


def test_papers_are_listed_and_printed(tmp_path, run_ok, hudang, book):
    run_ok("import-roster", book, DATA / "roster-a.xlsx")
    listed = run_ok("print-paper", book, "list")
    assert "household_ledger\tvillage\t台账\t户台账" in listed.splitlines()
    assert "脱贫人口小额信贷" in listed  # in the words of the era
    assert "扶贫小额信贷" not in listed
    assert run_ok("print-paper", book, "household_ledger", tmp_path / "户.pdf").startswith("已打印“户台账”1 份，")
    households = [row["household_no"] for row in dumped(run_ok, book)["household"][:2]]
    output = run_ok("print-paper", book, "answer_card", f"{tmp_path}/卡", "--household", *households)
    assert output.strip() == "已打印“答问卡（一户一页）”2 份，2 页，2 个文件。"
    run_refused(hudang("print-paper", book, "nonsense", tmp_path / "x.pdf"), "没有“nonsense”这种纸样")
    assert any(line.startswith("acceptance\t") for line in run_ok("print-pack", book, "list").splitlines())
    told = run_ok("print-pack", book, "acceptance", tmp_path / "验收.pdf", "--year", "2018")
    assert told.startswith("已打印“2018年迎接验收评估材料”")
    run_refused(hudang("print-pack", book, "nonsense", tmp_path / "x.pdf"), "没有“nonsense”这套材料")
    refused = hudang("print-pack", book, "acceptance", tmp_path / "x.pdf", "--year", "20180")
    run_refused(refused, "没有 20180 年")
    run_refused(
        hudang("print-paper", book, "round_summary", tmp_path / "x.pdf", "--round", "没有"), "没有“没有”这一轮检查"
    )
    run_refused(hudang("print-paper", book, "helper_households", tmp_path / "x.pdf", "--helper", "没有"), "0 位")
    assert not (tmp_path / "x.pdf").exists()


def test_a_print_is_held_against_the_record(tmp_path, run_ok, hudang, book):
    run_ok("import-roster", book, DATA / "roster-a.xlsx")
    number = dumped(run_ok, book)["household"][0]["household_no"]
    output = run_ok("archive", book, tmp_path / "一户.pdf", "--household", number)
    assert "草稿" in output
    assert "草稿" not in run_ok("archive", book, tmp_path / "二.pdf", "--household", number, "--reason", "资料正在补")
    assert "与工作簿里的记录一致" in run_ok("check-print", book, tmp_path / "一户.pdf")
    status, _, err = hudang("check-print", book, "AAAA-BBBB-CCCC")
    assert status == 1
    assert "没有打印记录" in err


def test_importing_again_writes_nothing(run_ok, book):
    run_ok("import-roster", book, DATA / "roster-a.xlsx")
    before = json.loads(run_ok("info", book, "--json"))["vector"]
    run_ok("import-roster", book, DATA / "roster-a.xlsx")
    assert json.loads(run_ok("info", book, "--json"))["vector"] == before


def test_three_workbooks_exchange_in_a_triangle_and_end_equal(tmp_path, run_ok, book):
    run_ok("import-roster", book, DATA / "roster-a.xlsx")
    books = [book]
    for name in "bc":
        other = tmp_path / f"{name}.hdb"
        run_ok("new", other, "--village", VILLAGE[0], "--code", VILLAGE[1], "--operator", {"b": "乙", "c": "丙"}[name])
        books.append(other)
    for entry in books:
        run_ok("card", entry, entry.with_suffix(".hdcard"))
    for entry in books:
        for other in books:
            if entry != other:
                run_ok("trust", entry, other.with_suffix(".hdcard"), "--yes")

    def send(source, target):
        package = tmp_path / "包.hdpack"
        run_ok("export", source, package, "--to", target.with_suffix(".hdcard"))
        return json.loads(run_ok("import", target, package, "--json"))

    a, b, c = books
    assert send(a, b)["new_changes"] > 400
    send(b, c)
    household_id = dumped(run_ok, a)["household"][0]["id"]
    run_ok("set", a, "household", household_id, "phone", "13900000001")
    run_ok("set", b, "household", household_id, "phone", "13900000002")
    run_ok("set", c, "household", household_id, "address", "桥头 3 号")
    for source, target in ((a, b), (b, c), (c, a), (a, b), (b, c)):
        send(source, target)
    assert dumped(run_ok, a) == dumped(run_ok, b) == dumped(run_ok, c)
    [conflict] = json.loads(run_ok("conflicts", b, "--json"))
    assert (conflict["table"], conflict["column"], conflict["ours"], conflict["theirs"]) == (
        "household",
        "phone",
        "13900000002",
        "13900000001",
    )
    run_ok("settle", b, conflict["id"], "--take", "theirs")
    for source, target in ((b, c), (c, a), (a, b)):
        send(source, target)
    assert dumped(run_ok, a) == dumped(run_ok, b) == dumped(run_ok, c)
    assert next(row for row in dumped(run_ok, c)["household"] if row["id"] == household_id)["phone"] == "13900000001"
    assert [json.loads(run_ok("conflicts", entry, "--json")) for entry in books] == [[], [], []]
    assert send(a, b)["new_changes"] == 0


def test_cards_as_text_receipts_and_the_log(tmp_path, hudang, run_ok, book):
    import segno

    other = tmp_path / "b.hdb"
    run_ok("new", other, "--village", VILLAGE[0], "--code", VILLAGE[1], "--operator", "乙")
    text = run_ok("card", other, "--text").strip()
    run_ok("trust", book, text, "--yes")
    segno.make(run_ok("card", book, "--text").strip(), error="m").save(str(tmp_path / "甲.png"), scale=4)
    assert "石桥村 甲" in run_ok("trust", other, tmp_path / "甲.png", "--yes")
    run_refused(hudang("trust", book, text[:-8] + "AAAAAAAA", "--yes"), "不是有效的名片")
    run_refused(hudang("card", book), "存到哪个文件")
    run_ok("import-roster", book, DATA / "roster-a.xlsx")
    waiting = json.loads(run_ok("peers", book, "--json"))[0]["waiting"]
    package = tmp_path / "p.hdpack"
    run_ok("export", book, package, "--to", "石桥村 乙", "--most-bytes", "1000000")
    n = json.loads(run_ok("import", other, package, "--json"))["n"]
    code = run_ok("receipt-code", other, n).strip()
    run_ok("receipt", other, n, tmp_path / "r.hdreceipt")
    run_refused(
        hudang("acknowledge", book, code[:-1] + str((int(code[-1]) + 1) % 10), "--from", "石桥村 乙"), "回执码不对"
    )
    assert "已收到" in run_ok("acknowledge", book, code, "--from", "石桥村 乙")
    run_refused(hudang("acknowledge", book, tmp_path / "r.hdreceipt"), "不用再记")
    [line] = json.loads(run_ok("packages", book, "--json"))
    assert (line["way"], line["left_out"], line["changes"]) == ("out", 0, waiting)
    assert line["acknowledged_at"]
    assert json.loads(run_ok("peers", book, "--json"))[0]["waiting"] == 0
    [village] = json.loads(run_ok("peers", book, "石桥村 乙", "--json"))["villages"]
    assert village["has"] == village["of"] == waiting
    assert f"{waiting}/{waiting}\t100%" in run_ok("peers", book, "石桥村 乙")
    assert run_ok("packages", other).startswith(f"{n}\t")


def test_an_import_is_undone_and_history_folded(tmp_path, run_ok, hudang, book):
    other, package = tmp_path / "b.hdb", tmp_path / "包.hdpack"
    run_ok("new", other, "--village", VILLAGE[0], "--code", VILLAGE[1], "--operator", "乙")
    for entry in (book, other):
        run_ok("card", entry, entry.with_suffix(".hdcard"))
    for entry, two in ((book, other), (other, book)):
        run_ok("trust", entry, two.with_suffix(".hdcard"), "--yes")
    village = Village.id_of(VILLAGE[1])
    for phone in ("13900000001", "13900000002"):
        run_ok("set", book, "village", village, "team_phone", phone)
    assert run_ok("undo-import", other).strip() == "没有导入过有修改的包。"
    before = dumped(run_ok, other)
    run_ok("export", book, package, "--to", other.with_suffix(".hdcard"))
    n = json.loads(run_ok("import", other, package, "--json"))["n"]
    assert [(entry["n"], entry["reason"]) for entry in json.loads(run_ok("undo-import", other, "--json"))] == [(n, "")]
    assert run_ok("undo-import", other, n).startswith("已撤销“")
    assert dumped(run_ok, other) == before
    run_refused(hudang("undo-import", other, n), "已经撤销过了")
    run_ok("import", other, package)
    assert json.loads(run_ok("fold", book, "--dry-run", "--json"))["holding"][0]["changes"] == 1
    run_ok("export", other, package, "--to", book.with_suffix(".hdcard"))
    run_ok("import", book, package)
    before = dumped(run_ok, book)
    assert json.loads(run_ok("fold", book, "--json"))["changes"] == 1
    assert dumped(run_ok, book) == before
    assert run_ok("verify", book).strip() == "工作簿完好。"
    assert run_ok("fold", book).startswith("没有可以归并的旧修改")


def test_a_card_is_revoked_kept_and_what_it_wrote_taken_in_on_demand(tmp_path, run_ok, hudang, book):
    third, package = tmp_path / "c.hdb", tmp_path / "包.hdpack"
    other = tmp_path / "b.hdb"
    for path, operator in ((other, "乙"), (third, "丙")):
        run_ok("new", path, "--village", VILLAGE[0], "--code", VILLAGE[1], "--operator", operator)
    for entry in (book, other, third):
        run_ok("card", entry, entry.with_suffix(".hdcard"))
    for entry, peer in permutations((book, other, third), 2):
        run_ok("trust", entry, peer.with_suffix(".hdcard"), "--yes")
    run_ok("set", third, "village", Village.id_of(VILLAGE[1]), "team_phone", "13900000001")
    run_ok("export", third, package, "--to", other.with_suffix(".hdcard"))
    run_ok("import", other, package)
    assert run_ok("revoke", book, "石桥村 丙") == "已停用“石桥村 丙”的名片。\n"
    run_ok("export", book, package, "--to", other.with_suffix(".hdcard"))
    assert json.loads(run_ok("import", other, package, "--json"))["proposed"] == [["石桥村 甲", "石桥村 丙"]]
    assert run_ok("keep", other, "石桥村 丙") == "仍然信任“石桥村 丙”的名片。\n"
    run_ok("export", other, package, "--to", book.with_suffix(".hdcard"))
    assert json.loads(run_ok("import", book, package, "--dry-run", "--json"))["unseen"]
    run_refused(hudang("import", book, package), "名片已停用的人写的修改（“石桥村 丙”")
    assert "已导入" in run_ok("import", book, package, "--accept-revoked")


def test_a_dry_run_writes_nothing(tmp_path, run_ok, book):
    before = dumped(run_ok, book)
    counts = json.loads(run_ok("import-roster", book, DATA / "roster-a.xlsx", "--dry-run", "--json"))
    assert counts["households"]["new"] == 86
    assert dumped(run_ok, book) == before


def test_refused_rows_go_to_a_sheet_with_their_reasons(tmp_path, run_ok, book):
    roster = tmp_path / "名册.csv"
    roster.write_text(
        "行政村,户编号,人编号,姓名,证件号码,与户主关系,民族\n"
        "石桥村,340828100101900,34082810010190001,陈卫国,340888197005060017,户主,汉族\n"
        "竹园村,340828100102900,34082810010290001,李秀英,340888197005060025,户主,汉族\n",
        encoding="gb18030",
    )
    counts = json.loads(run_ok("import-roster", book, roster, "--refused", tmp_path / "拒收.xlsx", "--json"))
    assert (counts["households"]["new"], counts["refused"]) == (1, 1)
    [heading, row] = openpyxl.load_workbook(tmp_path / "拒收.xlsx").active.iter_rows(values_only=True)
    assert row[heading.index("姓名")] == "李秀英"
    assert any("石桥村" in str(cell) for cell in row)
    (refused,) = counts["refused_list"]
    assert (refused["row"], "李秀英" in refused["cells"]) == (3, True)
    assert "石桥村" in refused["reason"]


def test_every_remark_of_a_roster_is_listed_in_full(tmp_path, run_ok, book):
    roster = tmp_path / "名册.csv"
    lines = [
        f"石桥村,340828100101{n:03},340828100101{n:03}01,陈卫国{n},,户主,很健壮{n},{n}号院" for n in range(901, 941)
    ]
    heading = "行政村,户编号,人编号,姓名,证件号码,与户主关系,健康状况,院号"
    roster.write_text("\n".join([heading, *lines, ""]), encoding="gb18030")
    found = json.loads(run_ok("import-roster", book, roster, "--dry-run", "--json"))
    assert found["remarks"] == len(found["remark_list"])
    named = [(remark["row"], remark["column"], remark["text"]) for remark in found["remark_list"]]
    for n in range(901, 941):
        assert any(row == n - 899 and where == "健康状况" and f"很健壮{n}" in text for row, where, text in named)
    (column,) = [one for one in found["columns"] if one["header"] == "院号"]
    assert column["doubt"]


def test_doubts_are_listed_counted_and_exported(tmp_path, run_ok, book):
    assert run_ok("doubts", book).splitlines() == ["错误 0 条，疑点 0 条，提示 0 条，涉及 0 户。"]
    roster = tmp_path / "名册.csv"
    roster.write_text(
        "行政村,户编号,人编号,姓名,证件号码,与户主关系,人数,性别\n"
        "石桥村,340828100101900,34082810010190001,陈卫国,340888197005060017,户主,3,女\n",
        encoding="gb18030",
    )
    run_ok("import-roster", book, roster)
    issues = {entry["rule"]: entry for entry in json.loads(run_ok("doubts", book, "--json"))}
    assert issues["population"]["severity"] == "错误"
    assert issues["population"]["fields"] == ["household.population"]
    assert issues["population"]["settled"] is None
    last = run_ok("doubts", book, "--out", tmp_path / "疑点.xlsx").splitlines()[-1]
    assert last.endswith("涉及 1 户。")
    rows = list(openpyxl.load_workbook(tmp_path / "疑点.xlsx").active.iter_rows(values_only=True))
    assert len(rows) == len(issues) + 1
    assert "340888197005060017" not in str(rows)


def test_backup_and_restore(tmp_path, run_ok, book):
    run_ok("backup", book, tmp_path / "备份.hdb")
    replica = json.loads(run_ok("info", book, "--json"))["replica"]
    village = Village.id_of(VILLAGE[1])
    run_ok("set", book, "village", village, "team_leader", "张三")
    run_ok("restore", tmp_path / "备份.hdb", book)
    assert dumped(run_ok, book)["village"][0]["team_leader"] is None
    assert json.loads(run_ok("info", book, "--json"))["replica"] != replica


def test_what_is_refused_is_one_sentence(tmp_path, hudang, book, monkeypatch):
    village = Village.id_of(VILLAGE[1])
    run_refused(hudang("set", book, "village", village, "team_phone", "123"), "11 位")
    run_refused(hudang("set", book, "village", village, "nothing", "1"), "没有“nothing”这一列")
    run_refused(hudang("set", book, "nothing", village, "name", "1"), "没有“nothing”这种记录")
    run_refused(hudang("set", book, "village", "x", "name", "1"), "不存在")
    run_refused(hudang("new", book, "--village", "村", "--code", VILLAGE[1]), "已经存在")
    run_refused(hudang("new", tmp_path / "n.hdb", "--village", "村", "--code", "12"), "12 位")
    run_refused(hudang("archive", book, tmp_path / "x.pdf", "--household", "12345"), "12345")
    run_refused(hudang("import", book, book), "不是驻村户档的数据包")
    run_refused(hudang("trust", book, book, "--yes"), "名片")
    run_refused(hudang("export", book, tmp_path / "x.hdpack", "--to", "没有的人"), "没有的人")
    run_refused(hudang("settle", book, "household:x:phone", "--take", "ours"), "没有这一处冲突")
    run_refused(hudang("info", tmp_path / "没有.hdb"), "找不到")
    monkeypatch.setenv("HUDANG_PASSPHRASE", "错的口令啊")
    run_refused(hudang("info", book), "口令不对")
    monkeypatch.delenv("HUDANG_PASSPHRASE")
    run_refused(hudang("info", book), "没有给口令")


def test_the_passphrase_may_come_from_a_file(tmp_path, run_ok, book, monkeypatch):
    monkeypatch.delenv("HUDANG_PASSPHRASE")
    (tmp_path / "口令.txt").write_text(PASSPHRASE + "\n", encoding="utf-8")
    assert VILLAGE[0] in run_ok("info", book, "--passphrase-file", tmp_path / "口令.txt")


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

    process = run("new", str(book), "--village", "柳树沟村", "--code", "340888100203", "--sample")
    assert (process.returncode, process.stderr) == (0, "")
    assert "恢复码" in process.stdout
    info = json.loads(run("info", str(book), "--json").stdout)
    assert info["counts"]["household"] >= 60
    assert info["counts"]["round"] == 2
    assert run("info", str(tmp_path / "x.hdb")).returncode == 1


def test_self_check_finds_everything_and_works_once(run_ok):
    output = run_ok("self-check")
    assert output.splitlines()[-1] == "程序完整。"


def test_self_check_misses_what_is_not_there(hudang, tmp_path, monkeypatch):
    import resources

    built = tmp_path / "resources"
    shutil.copytree(resources.ROOT, built, ignore=shutil.ignore_patterns("fonts", "__pycache__"))
    (built / "fonts").mkdir()
    (built / "built.json").write_text(json.dumps({"counts": {"resources/fonts": 3}}))
    monkeypatch.setattr(resources, "ROOT", built)
    run_refused(hudang("self-check"), "resources/fonts")


def test_two_records_of_one_household_are_named_joined_and_parted(run_ok, hudang, book):
    run_ok("import-roster", book, DATA / "roster-a.xlsx")
    before = dumped(run_ok, book)
    first, second = [row["id"] for row in before["household"]][:2]
    (namesakes,) = json.loads(run_ok("same", book, "--json"))
    assert namesakes["why"] == ["户主姓名和村民组相同"]
    assert namesakes["first"] in run_ok("same", book)
    assert "没有合并" in run_ok("join", book, first, second, "--dry-run")
    result = json.loads(run_ok("join", book, first, second, "--take", "phone=kept", "--json"))
    assert result["joined"] is True
    assert {row["household_id"] for row in dumped(run_ok, book)["member"]}.isdisjoint({second})
    run_refused(hudang("join", book, first, second), "已经并入另一户")
    run_refused(hudang("join", book, first, first, "--take", "phone"), "看不懂")
    assert "已拆开" in run_ok("part", book, second)
    assert dumped(run_ok, book) == before
    run_ok("verify", book)


def test_every_remark_and_refused_row_is_listed_in_full(tmp_path, run_ok, book):
    roster = tmp_path / "名册.csv"
    roster.write_text(
        "行政村,户编号,人编号,姓名,证件号码,与户主关系,民族,自造列\n"
        "石桥村,340828100101900,34082810010190001,陈卫国,340888197005060017,户主,火星族,甲\n"
        "竹园村,340828100102900,34082810010290001,李秀英,340888197005060025,户主,汉族,乙\n"
        "合计,,,2人,,,,\n",
        encoding="gb18030",
    )
    told = json.loads(run_ok("import-roster", book, roster, "--json"))
    assert [(one["row"], one["text"]) for one in told["remark_list"]] == [
        (4, "这一行是合计，没有收：合计 | 2人"),
        (2, "“证件号码”校验码不对，请核对每一位（疑点，已按原样取）"),
        (2, "“民族”的“火星族”不在选项里，未取"),
    ]
    assert [(one["row"], one["cells"][3], one["cells"][7]) for one in told["refused_list"]] == [(3, "李秀英", "乙")]
    assert [one["header"] for one in told["columns"] if one["doubt"]] == ["自造列"]


def test_a_list_of_another_office_is_taken_only_when_asked_for(tmp_path, run_ok, book):
    roster = tmp_path / "低保.csv"
    roster.write_text(
        "户主,姓名,身份证号,与户主关系,保障金额\n陈卫国,陈卫国,340888197005060017,户主,560\n", encoding="gb18030"
    )
    assert "像是民政部门的名单，不是名册。要当作名册导入吗？（没有取）" in run_ok("import-roster", book, roster)
    counts = json.loads(run_ok("import-roster", book, roster, "--as-roster", "--json"))
    assert counts["members"]["new"] == 1


def test_a_dump_is_logged(run_ok, tmp_path):
    book = workbook(tmp_path)
    book.close()
    run_ok("dump", book.path, "--json", tmp_path / "全部.json")
    (line,) = json.loads(run_ok("log", book.path, "--json"))
    assert (line["what"], line["operator"]) == ("导出全部记录（完整号码）", "王书记")
