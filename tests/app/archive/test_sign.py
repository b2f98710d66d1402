"""Codes are read as they were written, and neither mistakes nor alterations pass."""

import pytest

from app.archive.sign import Sign, read, short
from app.errors import OfficeError

CONTENT = "0123456789abcdef0123456789abcdef"
SIGN = Sign("岳01-JF02340828100101-001", CONTENT)


def test_the_text_of_a_code_is_read_back() -> None:
    assert read(SIGN.text) == SIGN
    assert read(f"  扫描结果：{SIGN.text}\n") == SIGN


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n"])
def test_the_short_code_is_the_beginning_of_the_hash(typed: str) -> None:
    assert len(SIGN.short.replace("-", "")) == 12
    assert read(typed.format(SIGN.short)) == Sign("", CONTENT[:15])
    assert read(SIGN.short.lower().replace("-", "")).content == CONTENT[:15]


def test_letters_that_are_mistaken_for_digits_are_read_as_digits() -> None:
    code = short("0" * 15)
    assert read(code.replace("0", "O")).content == "0" * 15


@pytest.mark.parametrize("n", range(len(SIGN.text)))
def test_no_altered_letter_passes(n: int) -> None:
    other = "7" if SIGN.text[n] != "7" else "8"
    with pytest.raises(OfficeError, match="校验码"):
        read(SIGN.text[:n] + other + SIGN.text[n + 1 :])


@pytest.mark.parametrize("text", ["", "12345", "https://example.com", "HD1|x|1234", "HDX" * 4 + "U", "校" * 12])
def test_what_is_no_code_is_a_sentence(text: str) -> None:
    with pytest.raises(OfficeError):
        read(text)


def test_a_separator_in_a_file_number_does_no_harm() -> None:
    assert read(Sign("a|b|c", CONTENT).text).content == CONTENT
