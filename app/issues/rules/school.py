"""Cleaning rules about schooling: 控辍保学, and grades that do not fit the age."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from resources.option_roles import flag_values, value_of, values_with_role


@rule("out_of_school", ERROR, "义务教育段不在校", "§6-10；R022")
def out_of_school(household: HouseholdFacts) -> Iterator[Finding]:
    """Everybody of 6 to 15 is at school, from the first September after the sixth birthday on."""
    preschool = value_of("school_status", "preschool")
    for member in household.members:
        row = member.row
        is_preschool_age = member.age == threshold("school_from") and row.school_status == preschool
        is_applicable = (row.school_status or row.education) and not row.dropout_cause and not member.is_disabled
        if (
            is_applicable
            and member.age_between(threshold("school_from"), threshold("school_to"))
            and not member.attends_school
            and not is_preschool_age
        ):
            message = (
                f"{member.name} {member.age} 岁，"
                f"{describe_fields(row, 'school_status', 'dropout_cause')}。请核对是否在校。"
            )
            yield finding(row, message, "school_status", "birth", "dropout_cause")


@rule("dropped_out", WARNING, "义务教育段失学辍学", "§6-10")
def dropped_out(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever of 6 to 15 is not at school for a stated cause has 送教上门 or another arrangement on record."""
    for member in household.members:
        if (
            member.age_between(threshold("school_from"), threshold("school_to"))
            and member.row.dropout_cause
            and not member.attends_school
        ):
            columns = ("dropout_cause", "school_status", "birth")
            yield finding(
                member.row,
                f"{member.name} {member.age} 岁，{describe_fields(member.row, 'dropout_cause')}，请落实教育保障。",
                *columns,
            )


@rule("preschool_late", ERROR, "7 岁以上仍是学龄前", "§6-12；R023")
def preschool_late(household: HouseholdFacts) -> Iterator[Finding]:
    """From 7 on nobody is 学龄前 or in a kindergarten."""
    preschool_statuses = {value_of("school_status", "preschool"), value_of("school_status", "kindergarten")}
    for member in household.members:
        if (
            member.row.school_status in preschool_statuses
            and member.age is not None
            and member.age > threshold("preschool_to")
        ):
            message = (
                f"{member.name} {member.age} 岁，"
                f"{describe_fields(member.row, 'school_status')}。请改为现在的年级或文化程度。"
            )
            yield finding(member.row, message, "school_status", "birth")


@rule("grade_age", ERROR, "在校生状况与年龄不符", "§6-11；R024–R027")
def grade_age_mismatch(household: HouseholdFacts) -> Iterator[Finding]:
    """The grade fits the age, within the ages that the option list gives."""
    skipped = {
        value_of("school_status", "preschool"),
        value_of("school_status", "kindergarten"),
    }  # preschool_late says it
    for member in household.members:
        status = member.row.school_status or ""
        ages = flag_values("school_status", "ages").get(status)
        if ages is None or member.age is None or status in skipped:
            continue
        age_min, age_max = ages
        if not age_min <= member.age <= age_max:
            usual_ages = f"{age_min}–{age_max} 岁" if age_max < 100 else f"{age_min} 岁以上"
            message = (
                f"{member.name} {member.age} 岁，"
                f"{describe_fields(member.row, 'school_status')}，一般应是 {usual_ages}。"
            )
            yield finding(member.row, message, "school_status", "birth", context_values=(member.age,))


@rule("schooling_twice", ERROR, "文化程度与在校生状况同时填", "R020")
def schooling_duplicate(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever is at school has no 文化程度 yet."""
    for member in household.members:
        if member.attends_school and member.row.education:
            columns = ("education", "school_status")
            yield finding(member.row, f"{describe_fields(member.row, *columns)}，在校生只填在校生状况。", *columns)


@rule("education_age", ERROR, "文化程度与年龄不符", "§6-11")
def education_too_high_for_age(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody below 18 has finished 大专 or above."""
    for member in household.members:
        if member.row.education in values_with_role("education", "college") and member.age_between(0, 17):
            message = f"{member.name} {member.age} 岁，{describe_fields(member.row, 'education')}，请核对出生日期。"
            yield finding(member.row, message, "education", "birth")


@rule("little_schooling", WARNING, "16–22 岁文化程度为小学及以下", "R028")
def little_schooling(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever grew up under compulsory education has nine years of school."""
    for member in household.members:
        little = member.row.education in values_with_role("education", "elementary")
        if little and member.age_between(16, 22) and not member.is_disabled:
            message = f"{member.name} {member.age} 岁，{describe_fields(member.row, 'education')}，请核对。"
            yield finding(member.row, message, "education", "birth")


@rule("dropout_healthy", ERROR, "因病因残失学但身体健康", "R030")
def dropout_healthy(household: HouseholdFacts) -> Iterator[Finding]:
    """Dropping out 因病 or 因残 comes with an illness or a disability."""
    ailing = {value_of("dropout_cause", "illness"), value_of("dropout_cause", "disability")}
    for member in household.members:
        if member.row.dropout_cause in ailing and member.is_healthy:
            columns = ("dropout_cause", "health")
            yield finding(member.row, f"{describe_fields(member.row, *columns)}，互相矛盾。", *columns)
