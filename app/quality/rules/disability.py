"""Health, disability and the card that proves it."""

from collections.abc import Iterator

from app.quality.home import Home, Person
from app.quality.rule import ERROR, Clash, clash, rule, said
from app.records.field import options
from app.records.rules import id_fault

_SEVERE = ("一级", "二级")


def _card(one: Person) -> str:
    """The number of the card; where the ID number was brought in with 20 digits, it is one."""
    return one.row.disability_no or (one.row.id_no if len(one.row.id_no or "") >= 20 else "") or ""


@rule("card_number", ERROR, "残疾证号不对", "§6-6；R005")
def card_number(home: Home) -> Iterator[Clash]:
    """20 digits: the ID number, kind 1–7, level 1–4; 22 for a card that was issued again."""
    for one in home.members:
        number = one.row.disability_no
        if number:
            fault = id_fault(number) if len(number) in (20, 22) else f"是 {len(number)} 位，应为 20 位"
            if fault:
                yield clash(one.row, f"{said(one.row, 'disability_no')}{fault}。", "disability_no")


@rule("card_of_another", ERROR, "残疾证号与证件号码不符", "§6-6；R005")
def card_of_another(home: Home) -> Iterator[Clash]:
    """The first 18 digits are the holder's ID number."""
    for one in home.members:
        number, own = one.row.disability_no or "", one.row.id_no or ""
        if len(number) >= 18 and len(own) >= 18 and number[:18] != own[:18]:
            sentence = f"{said(one.row, 'disability_no')}的前 18 位不是本人的{said(one.row, 'id_no')}。"
            yield clash(one.row, sentence, "disability_no", "id_no")


@rule("card_kind", ERROR, "残疾类别等级与残疾证号不符", "§6-6；R005")
def card_kind(home: Home) -> Iterator[Clash]:
    """Digit 19 is the kind, digit 20 the level."""
    for one in home.members:
        number = one.row.disability_no or ""
        if len(number) < 20 or id_fault(number):
            continue
        for column, dictionary, digit in (
            ("disability_kind", "disability_kind", number[18]),
            ("disability_level", "disability_level", number[19]),
        ):
            told = next((o.value for o in options(dictionary) if o.code == digit), None)
            kept = getattr(one.row, column)
            if told and kept and kept != told:
                sentence = f"{said(one.row, column)}，按{said(one.row, 'disability_no')}应是“{told}”。"
                fix = (column, told, f"按残疾证号改为“{told}”")
                yield clash(one.row, sentence, column, "disability_no", fix=fix)
                break


@rule("disabled_without_card", ERROR, "残疾与残疾证号只填一项", "§6-7；R032")
def without_card(home: Home) -> Iterator[Clash]:
    """健康状况 says 残疾 exactly where there is a card."""
    for one in home.members:
        if one.disabled and not _card(one):
            yield clash(
                one.row, f"{said(one.row, 'health')}，但{said(one.row, 'disability_no')}。", "disability_no", "health"
            )
        elif not one.disabled and one.row.disability_no:
            sentence = f"有{said(one.row, 'disability_no')}，但{said(one.row, 'health')}，没有选“残疾”。"
            yield clash(one.row, sentence, "health", "disability_no")


@rule("disabled_labour", ERROR, "重度肢体残疾为普通或技能劳动力", "R033")
def labour(home: Home) -> Iterator[Clash]:
    """Level 1 or 2 of 肢体残疾."""
    for one in home.members:
        row = one.row
        if row.disability_kind == "肢体残疾" and row.disability_level in _SEVERE and one.strength == "full":
            columns = ("labour", "disability_kind", "disability_level")
            yield clash(row, f"{said(row, *columns)}，互相矛盾。", *columns)


@rule("healthy_and_ill", ERROR, "健康与其他健康状况同选", "R031")
def healthy_and_ill(home: Home) -> Iterator[Clash]:
    """健康 stands alone."""
    for one in home.members:
        if one.healthy and len(one.health) > 1:
            yield clash(one.row, f"{said(one.row, 'health')}，“健康”不能与其他同选。", "health")
