"""ID numbers, sex and birthdays."""

from collections.abc import Iterator

from app.quality.home import Home, limit
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said
from app.records.lists import age
from app.records.rules import id_birth, id_fault, id_sex


@rule("id_missing", ERROR, "证件号码未填", "R006")
def missing(home: Home) -> Iterator[Clash]:
    """Everybody in the register has a number."""
    for one in home.members:
        if not one.row.id_no:
            yield clash(one.row, f"{one.name}的{said(one.row, 'id_no')}。请对照户口本补上。", "id_no")


@rule("id_number", ERROR, "证件号码不对", "§6-1；R003、R004、R006")
def number(home: Home) -> Iterator[Clash]:
    """Length, date of birth and check digit (GB 11643)."""
    for one in home.members:
        fault = id_fault(one.row.id_no) if one.row.id_no else ""
        if fault:
            yield clash(one.row, f"{said(one.row, 'id_no')}{fault}。", "id_no")


@rule("id_twice", ERROR, "证件号码重复", "§6-2；R001、R002")
def twice(home: Home) -> Iterator[Clash]:
    """One number (its first 18 characters), one person, in this household and over all."""
    for one in home.members:
        holders = home.across.ids.get((one.row.id_no or "")[:18], ())
        others = [holder for holder in holders if holder.record_id != one.row.id]
        if others:
            who = "、".join(f"{other.home}户的{other.name}" for other in others[:5])
            sentence = f"{said(one.row, 'id_no')}与{who}相同。请核对是谁的号码，或是否一人登记了两次。"
            yield clash(one.row, sentence, "id_no", also=tuple(sorted(other.record_id for other in others)))


@rule("id_sex", ERROR, "性别与证件不符", "§6-3；R007")
def sex(home: Home) -> Iterator[Clash]:
    """The 17th digit says the sex."""
    for one in home.members:
        told = id_sex(one.row.id_no or "") if one.sound_id else None
        if told and one.row.sex and told != one.row.sex:
            sentence = f"{said(one.row, 'sex')}，按{said(one.row, 'id_no')}应是“{told}”。"
            yield clash(one.row, sentence, "sex", "id_no", fix=("sex", told, f"按证件号码改为“{told}”"))


@rule("id_birth", ERROR, "出生日期与证件不符", "§6-3；R007")
def birth(home: Home) -> Iterator[Clash]:
    """Digits 7 to 14 say the birthday."""
    for one in home.members:
        told = id_birth(one.row.id_no or "") if one.sound_id else None
        if told and one.row.birth and told != one.row.birth:
            sentence = f"{said(one.row, 'birth')}，按{said(one.row, 'id_no')}应是“{told}”。"
            yield clash(one.row, sentence, "birth", "id_no", fix=("birth", told, f"按证件号码改为“{told}”"))


@rule("birth_impossible", ERROR, "出生日期不可能", "§6-4；R007")
def impossible(home: Home) -> Iterator[Clash]:
    """Not before 1900, not in the future."""
    for one in home.members:
        if one.row.birth and not 1900 <= one.row.birth.year <= home.today.year:
            yield clash(one.row, f"{said(one.row, 'birth')}不可能，请对照户口本改正。", "birth")
        elif one.row.birth and one.row.birth > home.today:
            yield clash(one.row, f"{said(one.row, 'birth')}在今天以后，请对照户口本改正。", "birth")


@rule("very_old", DOUBT, "年龄超过 110 岁", "§6-5")
def very_old(home: Home) -> Iterator[Clash]:
    """Somebody of this age has often died long ago."""
    for one in home.members:
        years = age(one.born, home.today)
        if years is not None and limit("oldest") < years < home.today.year - 1900:
            sentence = f"{said(one.row, 'birth')}，已 {years} 岁。请核对出生日期，去世的请办理减少。"
            yield clash(one.row, sentence, "birth")
