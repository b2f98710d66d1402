"""Cleaning rules about health, disability and the disability certificate."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, MemberFacts
from app.issues.rule import ERROR, Finding, describe_fields, finding, rule
from app.records.field import options
from app.records.validators import id_number_error
from resources.option_roles import value_of, values_with_role


def _disability_card_no(member: MemberFacts) -> str:
    """The certificate number; an ID number imported with 20 digits is one."""
    return member.row.disability_no or (member.row.id_no if len(member.row.id_no or "") >= 20 else "") or ""


@rule("card_number", ERROR, "残疾证号不对", "§6-6；R005")
def card_number(household: HouseholdFacts) -> Iterator[Finding]:
    """A certificate number has 20 digits: ID number, kind 1–7, level 1–4; a reissued one has 22."""
    for member in household.members:
        number = member.row.disability_no
        if number:
            error = id_number_error(number) if len(number) in (20, 22) else f"是 {len(number)} 位，应为 20 位"
            if error:
                yield finding(member.row, f"{describe_fields(member.row, 'disability_no')}{error}。", "disability_no")


@rule("card_of_another", ERROR, "残疾证号与证件号码不符", "§6-6；R005")
def card_id_mismatch(household: HouseholdFacts) -> Iterator[Finding]:
    """The first 18 digits of a certificate number are the holder's ID number."""
    for member in household.members:
        number, id_no = member.row.disability_no or "", member.row.id_no or ""
        if len(number) >= 18 and len(id_no) >= 18 and number[:18] != id_no[:18]:
            message = (
                f"{describe_fields(member.row, 'disability_no')}的前 18 "
                f"位不是本人的{describe_fields(member.row, 'id_no')}。"
            )
            yield finding(member.row, message, "disability_no", "id_no")


@rule("card_kind", ERROR, "残疾类别等级与残疾证号不符", "§6-6；R005")
def card_kind_mismatch(household: HouseholdFacts) -> Iterator[Finding]:
    """Digit 19 of a certificate number is the kind of disability, digit 20 its level."""
    for member in household.members:
        number = member.row.disability_no or ""
        if len(number) < 20 or id_number_error(number):
            continue
        for column, dictionary, digit in (
            ("disability_kind", "disability_kind", number[18]),
            ("disability_level", "disability_level", number[19]),
        ):
            expected = next((option.value for option in options(dictionary) if option.code == digit), None)
            recorded = getattr(member.row, column)
            if expected and recorded and recorded != expected:
                message = (
                    f"{describe_fields(member.row, column)}，按"
                    f"{describe_fields(member.row, 'disability_no')}应是“{expected}”。"
                )
                fix = (column, expected, f"按残疾证号改为“{expected}”")
                yield finding(member.row, message, column, "disability_no", fix=fix)
                break


@rule("disabled_without_card", ERROR, "残疾与残疾证号只填一项", "§6-7；R032")
def disabled_without_card(household: HouseholdFacts) -> Iterator[Finding]:
    """健康状况 includes 残疾 exactly where there is a certificate."""
    for member in household.members:
        if member.is_disabled and not _disability_card_no(member):
            yield finding(
                member.row,
                f"{describe_fields(member.row, 'health')}，但{describe_fields(member.row, 'disability_no')}。",
                "disability_no",
                "health",
            )
        elif not member.is_disabled and member.row.disability_no:
            disabled = value_of("health", "disabled")
            message = (
                f"有{describe_fields(member.row, 'disability_no')}，但"
                f"{describe_fields(member.row, 'health')}，没有选“{disabled}”。"
            )
            yield finding(member.row, message, "health", "disability_no")


@rule("disabled_labour", ERROR, "重度肢体残疾为普通或技能劳动力", "R033")
def severely_disabled_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody with 肢体残疾 of level 1 or 2 counts as fully able to work."""
    for member in household.members:
        row = member.row
        severe = row.disability_level in values_with_role("disability_level", "severe")
        if (
            severe
            and row.disability_kind == value_of("disability_kind", "physical")
            and member.labour_capacity == "full"
        ):
            columns = ("labour", "disability_kind", "disability_level")
            yield finding(row, f"{describe_fields(row, *columns)}，互相矛盾。", *columns)


@rule("healthy_and_ill", ERROR, "健康与其他健康状况同选", "R031")
def healthy_with_condition(household: HouseholdFacts) -> Iterator[Finding]:
    """健康 is not combined with an illness or a disability."""
    for member in household.members:
        if member.is_healthy and len(member.health) > 1:
            yield finding(
                member.row,
                f"{describe_fields(member.row, 'health')}，“{value_of('health', 'healthy')}”不能与其他同选。",
                "health",
            )
