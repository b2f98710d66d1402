"""What the register asks for, and households that are in it twice."""

from collections.abc import Callable, Iterator
from functools import cache

from app.quality.home import Home
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said
from app.records.field import Field, fields, label_of, options
from db.schema.record import Record

_PERSON = ("name", "sex", "birth", "relation", "ethnic", "health", "labour")
_REGISTERED = ("household_attribute", "exit_status", "register_date", "household_kind", "population")
_ELSEWHERE = ("id_number", "disability_no", "phone", "bank_card")  # rules of other families judge them


@rule("person_missing", ERROR, "成员必填项未填", "§6-38；R008–R011、R020")
def person_missing(home: Home) -> Iterator[Clash]:
    """What the national system asks of everybody; 文化程度 or 在校生状况."""
    for one in home.members:
        lacking = [name for name in _PERSON if getattr(one.row, name) in (None, "")]
        if not one.row.education and not one.row.school_status:
            lacking.append("education")
        if lacking:
            labels = "、".join(label_of("member", name) for name in lacking)
            yield clash(one.row, f"{one.name}的{labels}未填。", *lacking)


@rule("household_missing", ERROR, "户必填项未填", "§6-38")
def household_missing(home: Home) -> Iterator[Clash]:
    """What is asked of every registered household, and where it lives."""
    lacking = [name for name in _REGISTERED if home.registered and getattr(home.row, name) is None]
    if not home.row.group_name and not home.row.hamlet:
        lacking.append("group_name")
    if lacking:
        labels = "、".join(label_of("household", name) for name in lacking)
        yield clash(home.row, f"户的{labels}未填。", *lacking)


@rule("number_missing", DOUBT, "户编号未填", "§6-38")
def number_missing(home: Home) -> Iterator[Clash]:
    """Without it a roster that is imported makes a second household."""
    if home.registered and not home.row.household_no:
        yield clash(home.row, f"{said(home.row, 'household_no')}。请对照全国系统补上。", "household_no")


@rule("number_twice", ERROR, "户编号重复", "§6-39")
def number_twice(home: Home) -> Iterator[Clash]:
    """One number, one household."""
    others = [
        one for one in home.across.numbers.get(home.row.household_no or "", ()) if one.household_id != home.row.id
    ]
    if others:
        sentence = (
            f"{said(home.row, 'household_no')}与{'、'.join(one.home for one in others)}户相同。请核对哪一户是对的。"
        )
        yield clash(home.row, sentence, "household_no", also=tuple(sorted(one.household_id for one in others)))


@rule("home_twice", DOUBT, "同名同组，疑似重户", "§6-40")
def home_twice(home: Home) -> Iterator[Clash]:
    """Two households of one group whose heads have one name."""
    row = home.row
    head = min((one.row.name or "" for one in home.heads), default="")
    found = home.across.namesakes.get((row.village, row.group_name or row.hamlet or "", head), ()) if head else ()
    others = [one for one in found if one.household_id != row.id]
    if others:
        sentence = (
            f"{row.group_name or row.hamlet or '同一组'}有 {len(others) + 1} 户的户主叫{head}。请核对是不是同一户。"
        )
        yield clash(row, sentence, "household_no", "group_name", also=tuple(sorted(one.household_id for one in others)))


@rule("value_refused", ERROR, "填的值不在允许范围", "R021、R039、R071")
def value_refused(home: Home) -> Iterator[Clash]:
    """Options that are on no list and numbers beyond their limits: they come in with packages of older versions."""
    rows: list[Record] = [home.row, *(one.row for one in home.members), *home.living[:1], *home.measures]
    rows += [one.row for one in home.accounts]
    for row in rows:
        wrong = [
            (one, fault) for one, refuse in _checks(row.__tablename__) if (fault := refuse(getattr(row, one.name)))
        ]
        if wrong:
            yield clash(row, "".join(fault for _, fault in wrong[:3]), *(one.name for one, _ in wrong))


@cache
def _checks(table: str) -> tuple[tuple[Field, Callable[[object], str]], ...]:
    """The fields of a table that can hold a wrong value, each with what says so."""
    return tuple(
        (one, _check(one))
        for one in fields(table)
        if not one.declared.derived
        and one.declared.rule not in _ELSEWHERE
        and (one.declared.rule or one.kind not in ("text", "long", "reference", "date", "month", "yes_no"))
    )


def _check(one: Field) -> Callable[[object], str]:
    known = frozenset(option.value for option in options(one.declared.options)) if one.declared.options else None

    def refuse(value: object) -> str:
        if value is None or (known and value.__class__ is str and value in known):
            return ""
        if known is not None:
            parts = value if isinstance(value, tuple) else (value,)
            strange = [str(part) for part in parts if part not in known]
            if strange:
                return f"“{one.label}”的“{'、'.join(strange)[:30]}”不在选项里，请重选。"
        return one.check(value)  # type: ignore[arg-type]  # what a column holds is a Value

    return refuse
