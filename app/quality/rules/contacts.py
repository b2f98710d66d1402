"""Telephones and bank cards."""

from collections.abc import Iterator

from app.quality.home import Home
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said
from app.records.field import field
from db.schema.record import Record


def _phones(home: Home) -> Iterator[tuple[Record, str, str]]:
    """Record, column and number of every telephone of a household."""
    if home.row.phone:
        yield home.row, "phone", home.row.phone
    for one in home.members:
        if one.row.member_phone:
            yield one.row, "member_phone", one.row.member_phone


@rule("phone_form", ERROR, "电话号码不对", "§6-34；R063")
def phone_form(home: Home) -> Iterator[Clash]:
    """A mobile number of 11 digits, or a fixed line with its area code."""
    for row, column, number in _phones(home):
        fault = field(row.__tablename__, column).check(number)
        if fault:
            yield clash(row, f"{said(row, column)}不对：{fault}", column)


@rule("phone_shared", DOUBT, "同一电话用于几户", "§6-34；R064")
def phone_shared(home: Home) -> Iterator[Clash]:
    """A number that several households give."""
    for row, column, number in _phones(home):
        others = {one.household_id: one.home for one in home.across.phones.get(number, ())}
        others.pop(home.row.id, None)
        if others:
            names = "、".join(list(others.values())[:5])
            sentence = f"{said(row, column)}也是{names}户的电话，请核对。"
            yield clash(row, sentence, column, also=tuple(sorted(others)))


@rule("bank_card", DOUBT, "银行卡号校验不过", "§6-33")
def bank_card(home: Home) -> Iterator[Clash]:
    """Length and check digit (Luhn); books have other numbers, therefore a doubt."""
    number = home.row.bank_card_no
    if number:
        one = field("household", "bank_card_no")
        fault = one.check(number) or one.warn(number)
        if fault:
            yield clash(home.row, f"{said(home.row, 'bank_card_no')}：{fault}", "bank_card_no")
