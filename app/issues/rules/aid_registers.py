"""What the registers of aid say against each other, against the members, and against the limits of the county."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, HINT, WARNING, CountyPlace, Finding, describe_fields, finding, rule
from app.records.medical_bill import SCHEMES, own_part
from app.registers import all_registers
from db.schema.assistance import SocialAssistance
from db.schema.education import EducationAid
from db.schema.employment import PublicJob
from db.schema.health import MedicalExpense
from db.schema.housing import HousingRenovation
from db.schema.insurance import InsuranceEnrolment
from db.schema.production import ProductionSubsidy
from db.schema.record import Record
from resources.option_roles import flag_values, values_with_role, yes_no
from resources.yearly_limits import numbers_of_year

_FEN = Decimal("0.01")
_SUBSIDY = "production_subsidy"  # of resources/yearly


@rule("steps_disordered", ERROR, "台账办理日期前后颠倒", "§6-37")
def steps_disordered(household: HouseholdFacts) -> Iterator[Finding]:
    """No step of a register is done before the one that it follows."""
    steps = {register.key: register.steps for register in all_registers()}
    for table, rows in household.register_rows.items():
        columns = [step.done_on for step in steps.get(table, ())]
        for row in rows:
            dated = [(column, on) for column in columns if isinstance(on := getattr(row, column), date)]
            for (before, first), (after, second) in pairwise(dated):
                if second < first:
                    message = f"{_whose(household, row)}{describe_fields(row, before, after)}，次序不对。"
                    yield finding(row, message, after, before)
                    break


@rule("post_age", ERROR, "在岗人员年龄不符", "R052")
def post_age(household: HouseholdFacts) -> Iterator[Finding]:
    """Who holds a post is 16 to 69."""
    youngest, oldest = threshold("work_from"), threshold("job_to") - 1
    for job in _open_jobs(household):
        member = household.person(job.member_id)
        if member and member.age is not None and not member.age_between(youngest, oldest):
            message = f"{member.name} {member.age} 岁，在岗的{describe_fields(job, 'kind')}。"
            yield finding(job, message, "ended_on", "kind", context_values=(member.birth_date,))


@rule("post_unfit", WARNING, "无劳动力在岗", "R053")
def post_without_labour(household: HouseholdFacts) -> Iterator[Finding]:
    """Who holds a post can work."""
    for job in _open_jobs(household):
        member = household.person(job.member_id)
        if member and member.labour_capacity == "none":
            message = f"{member.name}的{describe_fields(member.row, 'labour')}，在岗的{describe_fields(job, 'kind')}。"
            yield finding(job, message, "kind", "ended_on", context_values=(member.row.labour,))


@rule("posts_several", WARNING, "一人同时在几个岗位", "R053")
def posts_several(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody holds more posts at a time than the county allows."""
    most = threshold("jobs_at_once", "aid")
    for member_id, jobs in _by_member(_open_jobs(household)).items():
        if len(jobs) > most:
            kinds = "、".join(job.kind or "" for job in jobs)
            message = f"{_name(household, member_id)}同时在 {len(jobs)} 个岗位（{kinds}），最多 {most} 个。"
            yield finding(jobs[-1], message, "ended_on", "kind", context_values=tuple(job.id for job in jobs))


@rule("left_in_register", ERROR, "减少人员在台账里仍享受", "§6-37；R065")
def left_in_register(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever died or moved away holds no post and draws no monthly support."""
    former = {member.row.id: member for member in household.former_members}
    drawn: list[PublicJob | SocialAssistance] = [*_open_jobs(household), *_open_assistance(household)]
    for row in drawn:
        member = former.get(row.member_id or "")
        if member:
            message = (
                f"{member.name}{describe_fields(member.row, 'left', 'left_on')}，"
                f"台账里的{describe_fields(row, 'kind', 'ended_on')}。"
            )
            fix = ("ended_on", member.row.left_on, "改为减少日期") if member.row.left_on else None
            yield finding(row, message, "ended_on", "kind", context_values=(member.row.left_on,), fix=fix)


@rule("grant_stage", ERROR, "资助项目与就读学段不符", "R099")
def grant_stage(household: HouseholdFacts) -> Iterator[Finding]:
    """A grant for one stage of school goes to pupils of that stage."""
    roles = flag_values("education_aid_item", "school_roles")
    for aid in household.rows_of(EducationAid):
        stages = [values_with_role("school_status", role) for role in roles.get(aid.item or "", ())]
        if stages and aid.stage and all(aid.stage not in stage for stage in stages):
            message = f"{_name(household, aid.member_id)}的{describe_fields(aid, 'item', 'stage')}，对不上。"
            yield finding(aid, message, "item", "stage")


@rule("assistance_unflagged", WARNING, "享受兜底保障而成员未登记", "R059")
def assistance_unflagged(household: HouseholdFacts) -> Iterator[Finding]:
    """Who is in the register of 低保 or 特困 is marked so among the members."""
    columns = flag_values("social_assistance_kind", "member_column")
    named = [(row.member_id, columns.get(row.kind or "")) for row in _open_assistance(household) if row.approved_on]
    yield from _unflagged(household, named, "兜底保障台账")


@rule("insured_unflagged", WARNING, "已参保而成员未登记", "R055")
def insured_unflagged(household: HouseholdFacts) -> Iterator[Finding]:
    """Who has paid for the newest year in the register is marked as insured among the members."""
    columns = flag_values("insurance_kind", "member_column")
    paid = [row for row in household.rows_of(InsuranceEnrolment) if row.paid_on and row.year]
    newest = max((row.year or 0 for row in paid), default=0)
    named = [(row.member_id, columns.get(row.kind or "")) for row in paid if row.year == newest]
    yield from _unflagged(household, named, "参保缴费台账")


def _unflagged(
    household: HouseholdFacts, named: Sequence[tuple[str | None, str | None]], register: str
) -> Iterator[Finding]:
    """For members who belong to the household now, one finding each: (member id, column that is to be 是)."""
    for member in household.members:
        columns = [column for id, column in named if id == member.row.id and column and not getattr(member.row, column)]
        if columns:
            message = f"{member.name}在{register}里，{describe_fields(member.row, *columns)}。"
            fix = (columns[0], True, f"按{register}改为“{yes_no(True)}”")
            yield finding(member.row, message, *columns, fix=fix)


@rule("assistance_twice", ERROR, "低保与特困同时享受", "R061")
def assistance_twice(household: HouseholdFacts) -> Iterator[Finding]:
    """Nobody draws two of the supports of which each is to live on."""
    kinds = values_with_role("social_assistance_kind", "sustenance")
    sustenance = [row for row in _open_assistance(household) if row.kind in kinds]
    for member_id, rows in _by_member(sustenance).items():
        if len(rows) > 1:
            listed = "、".join(f"{row.kind}（{row.started_in or '起始月未填'}起）" for row in rows)
            message = f"{_name(household, member_id)}同时享受{listed}。"
            yield finding(rows[-1], message, "ended_on", "kind", context_values=tuple(row.id for row in rows))


@rule("assistance_uncertified", WARNING, "领残疾人补贴而无残疾证", "R032")
def assistance_uncertified(household: HouseholdFacts) -> Iterator[Finding]:
    """Who draws a subsidy for the disabled has a certificate."""
    kinds = values_with_role("social_assistance_kind", "disabled")
    for row in _open_assistance(household):
        member = household.person(row.member_id)
        if member and row.kind in kinds and not member.row.disability_no:
            message = f"{member.name}享受{row.kind}，{describe_fields(member.row, 'disability_no')}。"
            yield finding(row, message, "kind", "ended_on", context_values=(member.row.disability_no,))


@rule("assistance_review", WARNING, "兜底保障超期未复核", "R060")
def assistance_review(household: HouseholdFacts) -> Iterator[Finding]:
    """The need is looked at as often as the class says."""
    months = flag_values("assistance_class", "review_months")
    for row in _open_assistance(household):
        last, every = row.reviewed_on or row.approved_on, months.get(row.level or "")
        if last and every and _months_between(last, household.today) > every:
            message = (
                f"{_name(household, row.member_id)}的{describe_fields(row, 'kind', 'level', 'reviewed_on')}，"
                f"应每 {every} 个月复核一次。"
            )
            yield finding(row, message, "reviewed_on", "level")


@rule("medical_over_cap", WARNING, "年度自付医疗费超过封顶", "R097")
def medical_over_cap(household: HouseholdFacts) -> Iterator[Finding]:
    """What a registered patient pays of eligible costs in a year stays below the cap of the hospital's level."""
    sums: defaultdict[tuple[str | None, int, str | None], list[MedicalExpense]] = defaultdict(list)
    for row in household.rows_of(MedicalExpense) if household.is_registered else ():
        if row.settled_on:
            sums[row.member_id, row.settled_on.year, row.level].append(row)
    for (member_id, year, level), rows in sums.items():
        own = sum((own_part(row, *SCHEMES) for row in rows), Decimal())
        cap = numbers_of_year("medical_cost", year).get(level or "")
        if cap and own > cap:
            message = (
                f"{_name(household, member_id)} {year} 年在{level}医院的合规费用自付 {own:,.2f} 元，"
                f"超过封顶 {cap:,} 元。请核对兜底是否报了。"
            )
            yield finding(rows[-1], message, "supplement", "total", context_values=(own, cap))


@rule("chronic_share", WARNING, "慢病门诊补充报销不足", "R097")
def chronic_share(household: HouseholdFacts) -> Iterator[Finding]:
    """Of what is left of chronic outpatient costs the supplement pays the share that is laid down."""
    chronic = values_with_role("medical_care", "chronic")
    for row in household.rows_of(MedicalExpense) if household.is_registered else ():
        share = numbers_of_year("medical_cost", row.settled_on.year).get("chronic_share") if row.settled_on else None
        if row.care in chronic and share:
            expected = own_part(row, *SCHEMES[:-1]) * share / 100
            if expected - (row.supplement or 0) >= 1:  # yuan; hospitals round
                message = (
                    f"{_name(household, row.member_id)}的{describe_fields(row, 'settled_on', 'supplement')}，"
                    f"按 {share}% 应报 {expected:,.2f} 元。"
                )
                yield finding(row, message, "supplement", "total", context_values=(expected,))


@rule("renovation_level", ERROR, "改造的房屋不是危房", "R078")
def renovation_level(household: HouseholdFacts) -> Iterator[Finding]:
    """Public money rebuilds houses of level C and D."""
    danger = values_with_role("danger_level", "danger")
    for row in _renovations(household):
        if row.level and row.level not in danger:
            yield finding(row, f"{row.year} 年危房改造的{describe_fields(row, 'level')}，不在改造范围。", "level")


@rule("renovation_target", WARNING, "危改对象类别与户情不符", "R078")
def renovation_target(household: HouseholdFacts) -> Iterator[Finding]:
    """The class of the household in the register is what the household is."""
    holds = {
        "registered": household.is_registered,
        "dibao": any(member.row.dibao for member in household.members),
        "tekun": any(member.row.tekun for member in household.members),
        "disabled": any(member.is_disabled for member in household.members),
    }
    for row in _renovations(household):
        roles = [role for role in holds if row.target in values_with_role("house_target", role)]
        if roles and not holds[roles[0]]:
            message = f"{row.year} 年危房改造的{describe_fields(row, 'target')}，户档里看不出来。请核对。"
            yield finding(row, message, "target", context_values=(holds[roles[0]],))


@rule("subsidy_over", ERROR, "奖补实发多于应补", "R098")
def subsidy_over(household: HouseholdFacts) -> Iterator[Finding]:
    """What is paid is at most what was verified by the standard, up to the cap."""
    for row in household.rows_of(ProductionSubsidy):
        entitled = _entitled(row)
        if row.paid is not None and entitled is not None and row.paid > entitled:
            message = f"{describe_fields(row, 'year', 'item', 'verified', 'paid')}，按标准应补 {entitled:,.2f} 元。"
            yield finding(row, message, "paid", "verified", "item", context_values=(entitled,))


@rule("subsidy_unset", HINT, "奖补标准没有录入", "R098")
def subsidy_unset(household: HouseholdFacts) -> Iterator[Finding]:
    """What was verified has a standard of its item and year, or nobody knows what it is entitled to."""
    for row in household.rows_of(ProductionSubsidy):
        if row.verified is not None and row.item and row.year and _entitled(row) is None:
            message = f"{row.year} 年没有录入“{row.item}”的奖补标准，应补金额没有核算。请在“分年标准”里录入。"
            place = CountyPlace("yearly", _SUBSIDY, row.year)
            yield finding(row, message, "item", "year", county=place)


def _entitled(row: ProductionSubsidy) -> Decimal | None:
    """Yuan for what was verified; None where it was not, or the item has no standard."""
    numbers = numbers_of_year(_SUBSIDY, row.year or 0, row.item or "")
    if row.verified is None or "standard" not in numbers:
        return None
    entitled = (row.verified * numbers["standard"]).quantize(_FEN, ROUND_HALF_UP)
    return min(entitled, numbers.get("cap", entitled))


def _open_jobs(household: HouseholdFacts) -> list[PublicJob]:
    return [job for job in household.rows_of(PublicJob) if job.ended_on is None]


def _open_assistance(household: HouseholdFacts) -> list[SocialAssistance]:
    return [row for row in household.rows_of(SocialAssistance) if row.ended_on is None]


def _renovations(household: HouseholdFacts) -> list[HousingRenovation]:
    return [row for row in household.rows_of(HousingRenovation) if row.dropped_on is None]


def _by_member(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """Member id → the rows about that member."""
    by_member: dict[str, list[Any]] = {}
    for row in rows:
        by_member.setdefault(row.member_id, []).append(row)
    return by_member


def _name(household: HouseholdFacts, member_id: str | None) -> str:
    member = household.person(member_id)
    return member.name if member else ""


def _whose(household: HouseholdFacts, row: Record) -> str:
    name = _name(household, getattr(row, "member_id", None))
    return f"{name}的" if name else ""


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
