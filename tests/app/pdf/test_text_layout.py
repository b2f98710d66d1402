"""Lines: nothing lost, nothing too long, no punctuation where none may stand."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.pdf import fonts
from app.pdf.page_style import BODY, CELL, TextStyle
from app.pdf.text_layout import TextBlock, break_lines

_PLAIN = TextStyle("fangsong", 10.5, 14)
_CHINESE = st.text(
    st.sampled_from("户主陈卫国享受低保年纯收入，。；：、！？（）《》“”—…0123456789.%A-Z㛃𬱖"), max_size=200
)


def _texts(lines: TextBlock) -> list[str]:
    return ["".join(piece for _, piece in line.runs) for line in lines.lines]


@settings(max_examples=200, deadline=None)
@given(_CHINESE, st.integers(40, 400))
def test_nothing_is_lost_and_no_line_is_too_long(text: str, width: int) -> None:
    lines = break_lines(text, _PLAIN, width)
    assert "".join(_texts(lines)) == "".join(piece for _, piece in fonts.split_runs(text, "fangsong"))
    assert all(line.width <= width + 0.01 for line in lines.lines)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["户主", "收入（元）", "增收，", "“两不愁”", "达标。", "2018年"]), min_size=5, max_size=60)
)
def test_punctuation_does_not_begin_a_line_nor_brackets_end_one(words: list[str]) -> None:
    lines = _texts(break_lines("".join(words), _PLAIN, 90))
    assert len(lines) > 1 or len("".join(words)) < 9
    for line in lines:
        assert line[0] not in "，。）”"
        assert line[-1] not in "（“"


def test_numbers_and_words_stay_whole() -> None:
    lines = _texts(break_lines("银行卡号6217788300001234567金额1,234,567.89元", _PLAIN, 110))
    assert any("6217788300001234567" in line for line in lines)
    assert any("1,234,567.89" in line for line in lines)


def test_a_word_longer_than_a_line_is_torn() -> None:
    lines = break_lines("x" * 500, _PLAIN, 100)
    assert len(lines.lines) > 10
    assert "".join(_texts(lines)) == "x" * 500


def test_lines_of_the_text_are_kept_and_paragraphs_indented() -> None:
    assert _texts(break_lines("第一行\n第二行\r\n\n第四行", CELL, 300)) == ["第一行", "第二行", "", "第四行"]
    assert _texts(break_lines("正文", BODY, 300)) == ["\u3000\u3000正文"]


def test_bidi_and_control_characters_leave_no_trace() -> None:
    assert _texts(break_lines("陈\u202e卫\x00国\u2066\x1b[31m", CELL, 300)) == ["陈卫国[31m"]
