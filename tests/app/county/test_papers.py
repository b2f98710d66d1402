"""What the county calls things is on paper, drawn here or by another process."""

from app.commands import run
from tests.app.county.conftest import cell, edit
from tests.builders import PASSPHRASE, household, workbook
from tests.pdf_reader import full_text


def test_titles_and_options_on_paper(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
    book = workbook(tmp_path)
    with book.writing() as session:
        number = household(session, cause_main="因病").household_no
    edit(book, "archive", "household", cell("members", "label", "家庭成员登记表"), cell("members", "code", "甲3"))
    edit(book, "dictionaries", "poverty_cause", cell("因病", "label", "因大病"))
    book.close()
    assert run(["archive", str(book.path), str(tmp_path / "一户.pdf"), "--household", number]) == 0
    assert run(["archive", str(book.path), str(tmp_path / "全村"), "--all"]) == 0
    (by_worker,) = (tmp_path / "全村").glob("*.pdf")
    for pdf in (tmp_path / "一户.pdf", by_worker):
        text = full_text(pdf)
        assert "家庭成员登记表" in text
        assert "甲3" in text
        assert "因大病" in text
