"""Codes are read as they were written, and neither mistakes nor alterations pass."""

import pytest

from app.errors import UserError
from app.reports.verification_code import VerificationCode, parse, short_code

CONTENT = "0123456789abcdef0123456789abcdef"
SIGN = VerificationCode("岳01-JF02340828100101-001", CONTENT)


def test_the_text_of_a_code_is_read_back() -> None:
    assert parse(SIGN.payload) == SIGN
    assert parse(f"  扫描结果：{SIGN.payload}\n") == SIGN


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n"])
def test_the_short_code_is_the_beginning_of_the_hash(typed: str) -> None:
    assert len(SIGN.short_code.replace("-", "")) == 12
    assert parse(typed.format(SIGN.short_code)) == VerificationCode("", CONTENT[:15])
    assert parse(SIGN.short_code.lower().replace("-", "")).content == CONTENT[:15]


def test_letters_that_are_mistaken_for_digits_are_read_as_digits() -> None:
    code = short_code("0" * 15)
    assert parse(code.replace("0", "O")).content == "0" * 15


@pytest.mark.parametrize("n", range(len(SIGN.payload)))
def test_no_altered_letter_passes(n: int) -> None:
    other = "7" if SIGN.payload[n] != "7" else "8"
    with pytest.raises(UserError, match="校验码"):
        parse(SIGN.payload[:n] + other + SIGN.payload[n + 1 :])


@pytest.mark.parametrize("text", ["", "12345", "https://example.com", "HD1|x|1234", "HDX" * 4 + "U", "校" * 12])
def test_what_is_no_code_is_a_sentence(text: str) -> None:
    with pytest.raises(UserError):
        parse(text)


def test_a_separator_in_a_file_number_does_no_harm() -> None:
    assert parse(VerificationCode("a|b|c", CONTENT).payload).content == CONTENT
