"""`compare`, and what it leaves to print, as a script uses them."""

import json
from pathlib import Path

import pytest

from app.__main__ import main
from tests import builders
from tests.app.comparison.office_files import NUMBERS, fill, office_list
from tests.pdf_reader import full_text


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUDANG_PASSPHRASE", builders.PASSPHRASE)
    book = builders.workbook(tmp_path)
    fill(book, 张一={"dibao": True}, 赵四={"dibao": True})
    book.close()
    return book.path


@pytest.fixture
def dibao(tmp_path: Path) -> Path:
    return office_list(
        tmp_path,
        ("姓名", "身份证号", "低保证号", "开户行账号"),
        ("张一", NUMBERS["张一"], "D1", "6217"),
        ("李三", NUMBERS["李三"], "D2", "6218"),
        ("无号", None, "D3", "6219"),
        title="农村低保2026年10月",
    )


def _json(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    capsys.readouterr()
    assert main([str(word) for word in words]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_compare_shows_every_row_and_keeps_only_when_asked(
    path: Path, dibao: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = _json(capsys, "compare", path, dibao, "--json")
    assert (shown["subject"], shown["list_date"], shown["rows"], shown["saved"]) == ("dibao", "2026-10-01", 3, None)
    lines = shown["lines"]
    assert isinstance(lines, list)
    assert [one["result"] for one in lines] == ["same", "theirs_only", "incomplete", "ours_only"]
    texts = json.dumps(shown, ensure_ascii=False)
    assert NUMBERS["张一"] not in texts
    assert all(account in texts for account in ("6217", "6218", "6219"))
    assert _json(capsys, "compare", path, dibao, "--json", "--partial")["counts"] == {
        "same": 1, "theirs_only": 1, "incomplete": 1, "ours_only": 0, "different": 0, "duplicate": 0, "elsewhere": 0,
    }  # fmt: skip
    assert main(["compare", str(path), str(dibao), "--save"]) == 0
    out = capsys.readouterr().out
    assert "我有他无 1，他有我无 1" in out
    assert "已存：新增 3 条，有变化 0 条，与上次相同 0 条，两边又一致 0 条。" in out
    assert NUMBERS["李三"] not in out
    assert main(["compare", str(path), str(dibao), "--save"]) == 0
    assert "与上次相同 3 条" in capsys.readouterr().out


def test_what_cannot_be_compared_is_one_sentence(
    path: Path, dibao: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, sentence in (
        ((dibao, "--subject", "彩票"), "没有“彩票”这种名单"),
        ((dibao, "--sheet", "没有的"), "没有名为“没有的”的工作表"),
        ((tmp_path / "没有.xlsx",), "没有.xlsx"),
    ):
        assert main(["compare", str(path), *map(str, words)]) == 1
        told = capsys.readouterr().err
        assert sentence in told
        assert "Traceback" not in told
    assert main(["compare", str(path), "list"]) == 0
    assert "dibao\t民政\t农村低保" in capsys.readouterr().out


def test_both_papers_are_printed(path: Path, dibao: Path, tmp_path: Path) -> None:
    assert main(["compare", str(path), str(dibao), "--save"]) == 0
    check, summary = tmp_path / "核实表.pdf", tmp_path / "统计表.pdf"
    assert main(["print-paper", str(path), "comparison_check", str(check), "--record", "农村低保"]) == 0
    printed = full_text(check)
    assert "数据比对核实表" in printed
    assert all(one in printed for one in ("李三", "无号", "赵四", "他有我无", "我有他无", "号码不全", "不在本工作簿"))
    assert NUMBERS["李三"] not in printed
    assert main(["print-paper", str(path), "comparison_summary", str(summary)]) == 0
    assert "农村低保" in full_text(summary)


def test_a_command_says_what_a_column_is_and_it_is_remembered_when_kept(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = office_list(tmp_path, ("享受对象", "证号", "低保证号"), ("张一", NUMBERS["张一"], "D1"), name="低保.xlsx")
    assert main(["compare", str(path), str(odd)]) == 1
    assert "据以对人的列" in capsys.readouterr().err
    assert main(["compare", str(path), str(odd), "--column", "Z=证件号码"]) == 1
    assert "没有“Z”列" in capsys.readouterr().err
    shown = _json(capsys, "compare", path, odd, "--json", "--save", "--column", "A=姓名", "--column", "B=证件号码")
    columns = shown["columns"]
    assert isinstance(columns, list)
    assert [one["target"] for one in columns] == ["member.name", "member.id_no", "social_assistance.certificate_no"]
    assert _json(capsys, "compare", path, odd, "--json")["counts"] == shown["counts"]
