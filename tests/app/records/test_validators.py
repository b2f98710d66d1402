"""What is said of a single value: taken as it is, repaired, doubted or refused."""

from datetime import date

import pytest

from app.records.field import Value, field
from app.records.validators import id_birth, id_sex

CARD = "6217000000000000012"  # its last digit fits the others


@pytest.mark.parametrize(
    ("id_no", "birth", "sex"),
    [
        ("340828197005060034", date(1970, 5, 6), "男"),
        ("340828197005060026", date(1970, 5, 6), "女"),
        ("3408281970050600X4", date(1970, 5, 6), None),
        ("34082819700506003", date(1970, 5, 6), None),
        ("340828197013060034", None, "男"),
        ("", None, None),
    ],
)
def test_a_number_tells_birth_and_sex_as_far_as_it_can_be_read(id_no: str, birth: date | None, sex: str | None) -> None:
    assert (id_birth(id_no), id_sex(id_no)) == (birth, sex)


@pytest.mark.parametrize(
    ("table", "name", "typed", "kept", "warning"),
    [
        ("member", "id_no", "340828 19700506 0034", "340828197005060034", "校验码不对"),
        ("household", "phone", "138-0013-8000", "13800138000", ""),
        ("household", "phone", "0556 1234567", "05561234567", "是座机号，系统只收手机号"),
        ("household", "bank_card_no", CARD, CARD, ""),
        ("household", "bank_card_no", CARD[:-1] + "9", CARD[:-1] + "9", "校验位不对"),
        ("household", "bank_card_no", "12345678", "12345678", "是 8 位，一般 16–19 位"),
        ("household", "bank_card_no", "1" * 20, "1" * 20, "是 20 位"),
        ("member", "name", " 陈　卫国 ", "陈卫国", ""),
        ("member", "name", "阿不都•热合曼", "阿不都·热合曼", ""),
        ("member", "name", "陈" * 50, "陈" * 50, ""),
        ("household", "household_no", "１２３４", "1234", ""),
        ("household", "household_no", "9" * 20, "9" * 20, ""),
        ("member", "person_no", "9" * 24, "9" * 24, ""),
        ("village", "code", "340828100101", "340828100101", ""),
        ("visit", "started_at", "９：05", "09:05", ""),
        ("visit", "started_at", "23时59分", "23:59", ""),
        ("visit", "started_at", "8", "08:00", ""),
        ("policy", "condition", "{}", "{}", ""),
    ],
)
def test_what_may_be_kept_is_repaired_and_doubted(table: str, name: str, typed: str, kept: Value, warning: str) -> None:
    found = field(table, name)
    value = found.parse(typed)
    assert value == kept
    assert warning in found.warn(value)
    assert bool(found.warn(value)) is bool(warning)
    assert found.check(value) == ""


@pytest.mark.parametrize(
    ("table", "name", "typed", "sentence"),
    [
        ("member", "id_no", "340828700506003", "是 15 位旧号"),
        ("member", "id_no", "34082819700506", "是 14 位，应为 18 位"),
        ("member", "id_no", "34082819700506X034", "含有数字以外的字符"),
        ("member", "id_no", "999999197005060034", "999999 开头的虚拟号"),
        ("member", "disability_no", "340828197005060034", "是 18 位，应为 20 位"),
        ("household", "phone", "12800138000", "应是 11 位手机号"),
        ("household", "phone", "1380013800", "现在是 10 位"),
        ("household", "bank_card_no", "1234567", "只能是数字"),
        ("household", "bank_card_no", "1" * 31, "只能是数字"),
        ("household", "bank_card_no", "1234567A", "只能是数字"),
        ("member", "name", "陈" * 51, "有 51 个字，最多 50 个"),
        ("member", "name", "陈\u202e卫国", "看不见的字符"),
        ("household", "household_no", "123", "应是 4–20 位数字"),
        ("household", "household_no", "9" * 21, "应是 4–20 位数字"),
        ("member", "person_no", "9" * 25, "应是 4–24 位数字"),
        ("village", "code", "034082810010", "应是 12 位数字"),
        ("village", "code", "34082810010", "应是 12 位数字"),
        ("visit", "started_at", "24:00", "应是几点几分"),
        ("visit", "started_at", "9:60", "应是几点几分"),
        ("visit", "started_at", "9点5", "现在是“9点5”"),
        ("visit", "started_at", "傍晚", "现在是“傍晚”"),
        ("policy", "condition", "[]", "不是本程序写出的条件"),
        ("policy", "condition", "无", "不是本程序写出的条件"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_is_wrong(table: str, name: str, typed: str, sentence: str) -> None:
    found = field(table, name)
    assert sentence in found.check(found.parse(typed))
