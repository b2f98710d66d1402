"""How personal numbers are hidden: exactly so many digits are shown, of numbers of any length."""

import pytest

from app.workbook.masking import mask_numbers, mask_text


@pytest.mark.parametrize(
    ("style", "text", "shown"),
    [
        ("id", "340888197005060017", "340888********0017"),
        ("id", "34088819700506001744", "340888********0017**"),  # a card of disability: its kind and level follow
        ("id", "340888700506001", "340888*****6001"),
        ("id", "34088819700", "340888*9700"),
        ("id", "3408881970", "**********"),
        ("id", "", ""),
        ("phone", "13800000001", "138****0001"),
        ("phone", "138000000012", "138****0012"),
        ("phone", "0556123456", "**********"),
        ("phone", "", ""),
        ("bank", "6228480012345678901", "****8901"),
        ("bank", "12345", "****2345"),
        ("bank", "1234", "****"),
        ("name", "陈卫国", "陈**"),
        ("name", "𬱖", "𬱖**"),
        ("name", "", "**"),
    ],
)
def test_what_is_shown_of_a_number(style: str, text: str, shown: str) -> None:
    assert mask_text(text, style) == shown


def test_every_number_of_a_person_in_a_sentence_is_masked_and_no_other() -> None:
    said = "证号 34088819700506001744，补证 34088819700506001X44B1，34088819700506001X，单号 12345678901234567890"
    masked = "证号 340888********0017**，补证 340888********001X****，340888********001X，单号 12345678901234567890"
    assert mask_numbers(said) == masked
