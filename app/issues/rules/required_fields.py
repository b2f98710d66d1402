"""Cleaning rules about required fields and households registered twice."""

from collections.abc import Callable, Iterator

from app.issues.household_facts import HouseholdFacts
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.records.field import Field, field_label, fields, options
from db.schema.record import Record
from resources.overlay import cached

_MEMBER_COLUMNS = ("name", "sex", "birth", "relation", "ethnic", "health", "labour")
_HOUSEHOLD_COLUMNS = ("household_attribute", "exit_status", "register_date", "household_kind", "population")
_CHECKED_ELSEWHERE = ("id_number", "disability_no", "phone", "bank_card")  # rules of other families judge them


@rule("person_missing", ERROR, "成员必填项未填", "§6-38；R008–R011、R020")
def member_fields_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """What the national system requires of every member is filled in, and one of 文化程度 and 在校生状况."""
    for member in household.members:
        missing = [name for name in _MEMBER_COLUMNS if getattr(member.row, name) in (None, "")]
        if not member.row.education and not member.row.school_status:
            missing.append("education")
        if missing:
            labels = "、".join(field_label("member", name) for name in missing)
            yield finding(member.row, f"{member.name}的{labels}未填。", *missing)


@rule("household_missing", ERROR, "户必填项未填", "§6-38")
def household_fields_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """The fields required of every registered household are filled in, and where it lives."""
    missing = [name for name in _HOUSEHOLD_COLUMNS if household.is_registered and getattr(household.row, name) is None]
    if not household.row.group_name and not household.row.hamlet:
        missing.append("group_name")
    if missing:
        labels = "、".join(field_label("household", name) for name in missing)
        yield finding(household.row, f"户的{labels}未填。", *missing)


@rule("number_missing", WARNING, "户编号未填", "§6-38")
def household_no_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A household has a 户编号; without it an imported roster creates a second household."""
    if household.needs_helper and not household.row.household_no:
        yield finding(
            household.row, f"{describe_fields(household.row, 'household_no')}。请对照全国系统补上。", "household_no"
        )


@rule("number_twice", ERROR, "户编号重复", "§6-39")
def household_no_duplicate(household: HouseholdFacts) -> Iterator[Finding]:
    """A 户编号 belongs to one household."""
    others = [
        owner
        for owner in household.cross_index.numbers.get(household.row.household_no or "", ())
        if owner.household_id != household.row.id
    ]
    if others:
        message = (
            f"{describe_fields(household.row, 'household_no')}与"
            f"{'、'.join(owner.household_name for owner in others)}户相同。请核对哪一户是对的。"
        )
        yield finding(
            household.row, message, "household_no", context_values=tuple(sorted(owner.household_id for owner in others))
        )


@rule("home_twice", WARNING, "同名同组，疑似重户", "§6-40")
def possible_duplicate(household: HouseholdFacts) -> Iterator[Finding]:
    """No two households of one group have heads of the same name."""
    row = household.row
    head = min((one.row.name or "" for one in household.heads), default="")
    namesakes = (
        household.cross_index.namesakes.get((row.village, row.group_name or row.hamlet or "", head), ()) if head else ()
    )
    others = [one for one in namesakes if one.household_id != row.id]
    if others:
        message = (
            f"{row.group_name or row.hamlet or '同一组'}有 {len(others) + 1} 户的户主叫{head}。请核对是不是同一户。"
        )
        yield finding(
            row, message, "household_no", "group_name", context_values=tuple(sorted(one.household_id for one in others))
        )


@rule("value_refused", ERROR, "填的值不在允许范围", "R021、R039、R071")
def value_not_allowed(household: HouseholdFacts) -> Iterator[Finding]:
    """Options are on their list and numbers within their limits; packages of older versions bring others."""
    rows: list[Record] = [
        household.row,
        *(one.row for one in household.members),
        *household.living_conditions[:1],
        *household.measures,
    ]
    rows += [one.row for one in household.income_years]
    for row in rows:
        invalid = [
            (one, error)
            for one, validate in _validators(row.__tablename__)
            if (error := validate(getattr(row, one.name)))
        ]
        if invalid:
            yield finding(row, "".join(error for _, error in invalid[:3]), *(one.name for one, _ in invalid))


@cached
def _validators(table: str) -> tuple[tuple[Field, Callable[[object], str]], ...]:
    """The fields of a table that can hold an invalid value, each with its validator."""
    return tuple(
        (field, _validator(field))
        for field in fields(table)
        if not field.spec.derived
        and field.spec.rule not in _CHECKED_ELSEWHERE
        and (field.spec.rule or field.kind not in ("text", "long", "reference", "date", "month", "yes_no"))
    )


def _validator(field: Field) -> Callable[[object], str]:
    allowed = frozenset(option.value for option in options(field.spec.options)) if field.spec.options else None

    def validate(value: object) -> str:
        if value is None or (allowed and value.__class__ is str and value in allowed):
            return ""
        if allowed is not None:
            parts = value if isinstance(value, tuple) else (value,)
            unknown = [str(part) for part in parts if part not in allowed]
            if unknown:
                return f"“{field.label}”的“{'、'.join(unknown)[:30]}”不在选项里，请重选。"
        return field.check(value)  # type: ignore[arg-type]  # what a column holds is a Value

    return validate
