"""`list` and `import-list`, as a script uses them."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.__main__ import main
from db.schema.finance import SmallLoan
from tests import builders

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUDANG_PASSPHRASE", builders.PASSPHRASE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        household = builders.household(session).id
        for n in range(3):
            session.add(
                SmallLoan(
                    id=f"loan{n}", village=builders.VILLAGE.code, household_id=household, bank="农商行", amount=10000,
                    purpose="养殖业", issued_on=date(2018, 1, n + 1), due_on=date(2021 + n, 1, 1), note="甲" * 5000,
                )
            )  # fmt: skip
    book.close()
    return book.path


def _json(capsys: pytest.CaptureFixture[str], *words: object) -> object:
    capsys.readouterr()
    assert main([str(word) for word in words]) == 0
    return json.loads(capsys.readouterr().out)


def test_registers_and_their_rows_are_listed(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = _json(capsys, "list", path, "--json")
    assert isinstance(named, list)
    assert {"register": "small_loan", "title": "扶贫小额信贷", "rows": 3} in named
    rows = _json(capsys, "list", path, "small_loan", "--overdue", "--json")
    assert isinstance(rows, list)
    assert {"id", "village", "household", "about", "state", "due_on", "overdue", "amount"} <= rows[0].keys()
    assert main(["list", str(path), "扶贫小额信贷"]) == 0
    assert capsys.readouterr().out.startswith("陈卫国（下屋组）\t\t农商行")
    assert main(["list", str(path), "没有的"]) == 1
    assert "没有“没有的”这种台账。有：" in capsys.readouterr().err


def test_whole_numbers_need_a_reason_that_the_log_tells(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", str(path), "人口", "--full"]) == 1
    assert "--reason" in capsys.readouterr().err
    assert main(["list", str(path), "人口", "--full", "--reason", "镇里核对"]) == 0
    (line,) = _json(capsys, "log", path, "--json")
    assert (line["what"], line["count"]) == ("列出人口（完整号码，事由：镇里核对）", 3)


def test_a_list_goes_out_and_comes_back(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "台账.xlsx"
    assert main(["list", str(path), "small_loan", "--out", str(out)]) == 0
    excel = openpyxl.load_workbook(out)
    bank = next(cell.column for cell in excel.worksheets[0][2] if cell.value == "贷款银行")
    excel.worksheets[0].cell(3, bank).value = "邮储银行"
    excel.save(out)
    seen = _json(capsys, "import-list", path, out, "--dry-run", "--json")
    assert isinstance(seen, dict)
    assert (seen["changed"], seen["unchanged"], seen["written"], seen["register"]) == (1, 2, False, "small_loan")
    assert main(["import-list", str(path), str(out), "--as", "small_loan"]) == 0
    assert "变更 1，不变 2" in capsys.readouterr().out
    again = _json(capsys, "import-list", path, out, "--json")
    assert isinstance(again, dict)
    assert (again["changed"], again["refused_rows"], again["both_changed"]) == (0, [], [])


def test_a_closed_pipe_ends_quietly(path: Path) -> None:
    command = [sys.executable, "-m", "app", "list", str(path), "small_loan"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0
