"""The manual as the program reads it."""

import pytest

from app.errors import UserError
from app.help import manual


def test_every_word_must_occur_and_headings_come_first() -> None:
    hits = manual.search_manual("恢复单 口令")
    assert hits
    assert hits[0].heading == "恢复单"
    for hit in hits:
        [section] = [one for one in manual.sections(hit.chapter) if one.heading == hit.heading]
        whole = section.heading + section.text
        assert "恢复单" in whole
        assert "口令" in whole
    assert manual.search_manual("没有这样的词") == []
    assert manual.search_manual("  ") == []


def test_an_excerpt_shows_the_word_without_marks() -> None:
    [first, *_] = manual.search_manual("Ctrl+Shift+B")
    assert "Ctrl+Shift+B" in first.excerpt
    assert "**" not in first.excerpt


def test_the_contents_come_first_and_chapters_have_titles() -> None:
    names = manual.chapter_names()
    assert names[0] == manual.CONTENTS
    assert manual.chapter_title("03-导入名册") == "03 导入名册"
    with pytest.raises(UserError, match="没有拷全"):
        manual.chapter_text("99-没有")


def test_keys_are_read_from_their_tables() -> None:
    tables = manual.key_tables()
    assert ("Ctrl+L", "锁定") in tables["任何时候"]
    assert all(key and label for rows in tables.values() for key, label in rows)
