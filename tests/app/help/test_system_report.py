"""The report for technicians: what helps them, and nothing about people."""

import faulthandler
import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from app.desktop import log_files
from app.desktop.log_files import configure_logging, log_dir
from app.errors import UserError
from app.help.system_report import write_report
from app.progress import run_to_completion
from db.schema.household import Member
from tests.builders import household, workbook


def test_nothing_of_people_stands_in_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "王二麻"))
    book = workbook(tmp_path)
    with book.writing() as session:
        household(session, phone="13900000001")
        numbers = list(session.scalars(select(Member.id_no)))
    log_dir().mkdir(parents=True, exist_ok=True)
    said = f"{tmp_path / '王二麻'}/文档/石桥村.hdb 王书记 340888197005060017 13900000001 locked"
    (log_dir() / "hudang.log").write_text(f"2018-12-18 09:30:00 INFO app.x {said}\n", encoding="utf-8")
    out = run_to_completion(write_report(tmp_path / "报告.txt", book, {"Qt": "6"}))
    text = out.read_text(encoding="utf-8")
    private = (
        "石桥村",
        "王书记",
        "陈卫国",
        "王二麻",
        "13900000001",
        "340888197005060017",
        "下屋组",
        str(tmp_path / "王二麻"),
    )
    assert len(numbers) == 3
    assert [word for word in (*private, *numbers) if word in text] == []
    assert "记录 household\t1" in text
    assert "记录 member\t3" in text
    assert "设置 idle_minutes\t5" in text
    assert "2018-12-18 09:30:00 INFO app.x" in text
    assert text.rstrip().endswith("locked")
    book.close()


def test_without_a_workbook_there_is_a_report_too(tmp_path: Path) -> None:
    out = run_to_completion(write_report(tmp_path / "报告.txt", None, {"屏幕": "1366×768"}))
    text = out.read_text(encoding="utf-8")
    assert "没有打开" in text
    assert "屏幕\t1366×768" in text
    assert "SQLAlchemy\t" in text


def test_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="换一个文件夹"):
        run_to_completion(write_report(tmp_path / "没有" / "报告.txt", None, {}))


def test_a_crash_of_the_last_run_is_told_once_and_kept_in_the_log(tmp_path: Path) -> None:
    log_dir().mkdir(parents=True, exist_ok=True)
    crash = 'Fatal Python error: Segmentation fault\n  File "/data/wang/hudang/ui/shell/tasks.py", line 12 in run\n'
    (log_dir() / log_files.CRASH_NAME).write_text(crash, encoding="utf-8")
    before = list(logging.getLogger().handlers)
    configure_logging()
    try:
        assert log_files.watch_crashes()
        assert not log_files.watch_crashes()
    finally:
        faulthandler.enable()
        for handler in [one for one in logging.getLogger().handlers if one not in before]:
            logging.getLogger().removeHandler(handler)
            handler.close()
    written = (log_dir() / log_files.LOG_NAME).read_text(encoding="utf-8")
    assert "Segmentation fault" in written
    assert "ui/shell/tasks.py" in written
    assert "wang" not in written
