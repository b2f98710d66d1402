"""`figures`, `make-report`, `compare-report` and `import-indicators`, as a script uses them."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.__main__ import main
from db.schema.aid import Visit
from tests import builders


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUDANG_PASSPHRASE", builders.PASSPHRASE)
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        household = builders.household(session).id
        session.add(
            Visit(village=builders.VILLAGE.code, household_id=household, visited_on=date.today(), visitors="王书记")
        )
    book.close()
    return book.path


def test_a_report_is_made_and_compared_and_indicators_come_in(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["make-report", str(path), "月报"]) == 0
    assert "已生成“" in capsys.readouterr().out
    assert main(["compare-report", str(path), "--json"]) == 0
    compared = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert (compared["visits"]["value"], compared["visits"]["drift"]) == ("1.00", "0.00")
    assert main(["figures", str(path), "--json"]) == 0
    figures = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert (figures["visits"]["value"], len(figures["visits"]["ids"])) == ("1", 1)
    assert main(["make-report", str(path), "专项报告"]) == 1
    assert "“专项报告”没有固定的期间" in capsys.readouterr().err
    assert main(["make-report", str(path), "双月调度", "--from", "2015-01-01", "--to", "2015-02-28"]) == 1
    assert "不能统计。请核对期间。" in capsys.readouterr().err
    assert main(["compare-report", str(path), "--with", "没有这份"]) == 1
    assert "没有统计过的报告“没有这份”" in capsys.readouterr().err
    sheet = openpyxl.Workbook()
    assert sheet.active is not None
    for row in (["行政村", "总户数", "总人口数", "行政村卫生室个数", "是否通客运班车"], ["石桥村", 412, 1530, 1, "是"]):
        sheet.active.append(row)
    sheet.save(path.parent / "村.xlsx")
    assert main(["import-indicators", str(path), str(path.parent / "村.xlsx"), "--year", "2020"]) == 0
    assert "已写入 石桥村 2020 年村情 4 项。" in capsys.readouterr().out
