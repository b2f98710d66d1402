"""Cleaning rules about the ability to work, and where people work."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, HINT, WARNING, Finding, describe_fields, finding, rule
from resources.option_roles import value_of, values_with_role

_WORK = ("work_region", "work_months")


@rule("child_labour", ERROR, "16 岁以下有劳动力", "§6-8；R034")
def child_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """Everybody below 16 is 无劳动力."""
    unable = value_of("labour", "unable")
    for member in household.members:
        if member.age_between(0, threshold("work_from") - 1) and member.labour_capacity in ("full", "half"):
            message = (
                f"{member.name} {member.age} 岁，{describe_fields(member.row, 'labour')}，16 岁以下应为“{unable}”。"
            )
            fix = ("labour", unable, f"改为“{unable}”")
            yield finding(member.row, message, "labour", "birth", context_values=(household.as_of.year,), fix=fix)


@rule("child_work", ERROR, "16 岁以下有务工", "§6-8；R042")
def child_work(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody below 16 works away."""
    for member in household.members:
        if member.age_between(0, threshold("work_from") - 1) and member.works_away:
            message = (
                f"{member.name} {member.age} 岁，却有{describe_fields(member.row, *_WORK)}。请核对出生日期和务工情况。"
            )
            yield finding(member.row, message, *_WORK, "birth")


@rule("pupil_labour", WARNING, "在校生不是无劳动力", "R035")
def pupil_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever is at school counts as 无劳动力."""
    for member in household.members:
        if member.attends_school and member.labour_capacity in ("full", "half"):
            yield finding(
                member.row,
                f"{describe_fields(member.row, 'school_status', 'labour')}，请核对。",
                "labour",
                "school_status",
            )


@rule("pupil_work", ERROR, "在校生有务工", "R041")
def pupil_work(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody is at school and works away at the same time."""
    for member in household.members:
        if member.attends_school and member.works_away:
            message = (
                f"{describe_fields(member.row, 'school_status')}，却有"
                f"{describe_fields(member.row, *_WORK)}。请改其中一项。"
            )
            yield finding(member.row, message, *_WORK, "school_status")


@rule("idle_adult", WARNING, "健康成年人无劳动力", "R036")
def idle_adult(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever is 16 to 59, healthy and not at school is 普通劳动力 or 技能劳动力."""
    for member in household.members:
        if (
            member.age_between(threshold("work_from"), threshold("old") - 1)
            and member.is_healthy
            and not member.attends_school
            and member.labour_capacity in ("half", "none")
        ):
            message = f"{member.name} {member.age} 岁，{describe_fields(member.row, 'health', 'labour')}，请核对。"
            yield finding(member.row, message, "labour", "health", "birth")


@rule("old_labour", WARNING, "高龄人员为普通或技能劳动力", "§6-9；R037")
def old_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """From 60 on (women of 技能劳动力: 55) nobody counts as fully able to work."""
    for member in household.members:
        is_woman = member.row.sex == value_of("sex", "female")
        is_skilled_woman = is_woman and member.row.labour in values_with_role("labour", "skilled")
        age_limit = threshold("old_skilled_woman") if is_skilled_woman else threshold("old")
        if member.age is not None and member.age >= age_limit and member.labour_capacity == "full":
            message = f"{member.name} {member.age} 岁，{describe_fields(member.row, 'labour')}，请核对。"
            yield finding(member.row, message, "labour", "birth")


@rule("work_half", ERROR, "务工区域与务工时间缺一", "§6-17；R038")
def work_incomplete(household: HouseholdFacts) -> Iterator[Finding]:
    """Work away from home has both a region and a number of months."""
    for member in household.members:
        if bool(member.row.work_region) != bool(member.row.work_months):
            yield finding(member.row, f"{describe_fields(member.row, *_WORK)}，要么都填，要么都不填。", *_WORK)


@rule("no_labour_work", ERROR, "无劳动力有务工", "§6-18；R040")
def no_labour_work(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody who is 无劳动力 or 丧失劳动力 works away."""
    for member in household.members:
        if member.labour_capacity == "none" and member.works_away:
            yield finding(
                member.row,
                f"{describe_fields(member.row, 'labour')}，却有{describe_fields(member.row, *_WORK)}。",
                "labour",
                *_WORK,
            )


@rule("half_labour_work", WARNING, "弱劳动力有务工", "R040")
def half_labour_work(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever is 弱劳动力或半劳动力 and works away is to be checked: it is possible, but rare."""
    for member in household.members:
        if member.labour_capacity == "half" and member.works_away:
            yield finding(member.row, f"{describe_fields(member.row, 'labour', *_WORK)}，请核对。", "labour", *_WORK)


@rule("month_income", WARNING, "务工月收入异常", "R046")
def unusual_monthly_income(household: HouseholdFacts) -> Iterator[Finding]:
    """A monthly wage lies between 100 and 30,000 yuan."""
    for member in household.members:
        monthly_income = member.row.work_income_month
        if monthly_income and not threshold("month_income_low") <= monthly_income <= threshold("month_income_high"):
            yield finding(
                member.row,
                f"{describe_fields(member.row, 'work_income_month')}，请核对单位是不是元。",
                "work_income_month",
            )


@rule("work_without_income", HINT, "务工未填月收入", "R047")
def work_without_income(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever works away has a monthly wage on record, which the yearly wages build on."""
    for member in household.members:
        if member.row.work_region and member.row.work_months and not member.row.work_income_month:
            yield finding(
                member.row,
                f"{describe_fields(member.row, *_WORK)}，但{describe_fields(member.row, 'work_income_month')}。",
                "work_income_month",
                *_WORK,
            )


@rule("provided_for_works", WARNING, "特困供养人员外出务工", "R050")
def tekun_works(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever is 特困 does not work: by definition they cannot."""
    for member in household.members:
        if member.row.tekun and member.works_away:
            yield finding(
                member.row,
                f"{describe_fields(member.row, 'tekun')}，却有{describe_fields(member.row, *_WORK)}。",
                "tekun",
                *_WORK,
            )


@rule("job_half", ERROR, "公益岗位类型与月数缺一", "R051")
def public_job_incomplete(household: HouseholdFacts) -> Iterator[Finding]:
    """A public job has a kind and a number of months."""
    for member in household.members:
        columns = ("public_job_kind", "public_job_months")
        if bool(member.row.public_job_kind) != bool(member.row.public_job_months):
            yield finding(member.row, f"{describe_fields(member.row, *columns)}，要么都填，要么都不填。", *columns)


@rule("job_age", ERROR, "公益岗位人员年龄不符", "R052")
def public_job_age(household: HouseholdFacts) -> Iterator[Finding]:
    """Holders of a public job are 16 to 69."""
    for member in household.members:
        if (
            member.row.public_job_kind
            and member.age is not None
            and not member.age_between(threshold("work_from"), threshold("job_to") - 1)
        ):
            message = (
                f"{member.name} {member.age} 岁，"
                f"{describe_fields(member.row, 'public_job_kind')}，公益岗位应是 16–69 岁。"
            )
            yield finding(member.row, message, "public_job_kind", "birth")


@rule("job_without_labour", WARNING, "无劳动力任公益岗位", "R053")
def public_job_without_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody who is 无劳动力 or 丧失劳动力 has a public job."""
    for member in household.members:
        if member.row.public_job_kind and member.labour_capacity == "none":
            columns = ("labour", "public_job_kind")
            yield finding(member.row, f"{describe_fields(member.row, *columns)}，请核对。", *columns)


@rule("skilled_idle", HINT, "技能劳动力或大专以上未就业", "R054")
def skilled_idle(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever can work has some work on record."""
    for member in household.members:
        row = member.row
        graduate = row.education in values_with_role("education", "college")
        is_able = row.labour in values_with_role("labour", "skilled") or (graduate and member.labour_capacity != "none")
        is_idle = not member.attends_school and not member.works_away and not row.public_job_kind
        if is_able and is_idle and member.age_between(threshold("work_from"), threshold("old") - 1):
            columns = ("work_region", "public_job_kind", "labour", "education")
            yield finding(row, f"{describe_fields(row, 'labour', 'education')}，没有务工，也没有公益岗位。", *columns)


@rule("far_public_job", ERROR, "县外务工又任公益岗位，超过 12 个月", "R048")
def far_public_job(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody works outside the county all year and has a public job at home."""
    for member in household.members:
        row = member.row
        works_outside_county = row.work_region in values_with_role("work_region", "outside_county")
        if works_outside_county and row.public_job_kind and (row.work_months or 0) + (row.public_job_months or 0) > 12:
            columns = ("work_region", "work_months", "public_job_kind", "public_job_months")
            yield finding(row, f"{describe_fields(row, *columns)}，加起来超过 12 个月。", *columns)
