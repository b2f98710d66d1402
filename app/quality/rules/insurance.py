"""Medical insurance and pension."""

from collections.abc import Iterator

from app.quality.home import Home, limit
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said

_MEDICAL = ("med_ins", "emp_med_ins")
_PENSION = ("pension", "emp_pension")


@rule("medical_twice", ERROR, "居民医保与职工医保重复", "R055")
def medical_twice(home: Home) -> Iterator[Clash]:
    """One or the other."""
    for one in home.members:
        if one.row.med_ins and one.row.emp_med_ins:
            yield clash(one.row, f"{one.name}的{said(one.row, *_MEDICAL)}，只能参加一种。", *_MEDICAL)


@rule("medical_none", ERROR, "未参加医保", "§6-32；R055")
def medical_none(home: Home) -> Iterator[Clash]:
    """Everybody of a registered household is insured, or the record does not say so."""
    for one in home.members:
        if home.registered and not one.row.med_ins and not one.row.emp_med_ins:
            yield clash(one.row, f"{one.name}的{said(one.row, *_MEDICAL)}。请核对参保情况。", *_MEDICAL)


@rule("serious_none", ERROR, "未参加大病保险", "R056")
def serious_none(home: Home) -> Iterator[Clash]:
    """It comes with the insurance of residents."""
    for one in home.members:
        if home.registered and one.row.med_ins and not one.row.serious_ins:
            sentence = f"{one.name}的{said(one.row, 'serious_ins')}，参加居民医保的都有大病保险。"
            yield clash(one.row, sentence, "serious_ins", "med_ins", fix=("serious_ins", True, "改为“是”"))


@rule("pension_unknown", ERROR, "养老保险未填", "§6-32；R057")
def pension_unknown(home: Home) -> Iterator[Clash]:
    """From 16 on, who is not at school."""
    for one in home.members:
        old_enough = one.age is not None and one.age >= limit("work_from")
        if home.registered and old_enough and not one.at_school and one.row.pension is None and not one.row.emp_pension:
            yield clash(one.row, f"{one.name}的{said(one.row, *_PENSION)}。", *_PENSION)


@rule("pension_none", DOUBT, "未参加养老保险", "§6-32")
def pension_none(home: Home) -> Iterator[Clash]:
    """16 to 59, not at school, and not insured."""
    for one in home.members:
        grown = one.between(limit("work_from"), limit("old") - 1) and not one.at_school
        if home.registered and grown and one.row.pension is False and not one.row.emp_pension:
            sentence = f"{one.name} {one.age} 岁，{said(one.row, *_PENSION)}。请核对参保情况。"
            yield clash(one.row, sentence, *_PENSION)


@rule("rescue_uninsured", DOUBT, "未参保却接受医疗救助", "R058")
def rescue_uninsured(home: Home) -> Iterator[Clash]:
    """Rescue pays what insurance leaves."""
    for one in home.members:
        if one.row.med_rescue and one.row.med_ins is False and not one.row.emp_med_ins:
            yield clash(one.row, f"{said(one.row, 'med_rescue', *_MEDICAL)}，互相矛盾。", "med_rescue", *_MEDICAL)
