"""Cleaning rules about measures: loans, relocation, schooling, and people who have left."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, MemberFacts
from app.issues.rule import ERROR, HINT, WARNING, Finding, describe_fields, finding, rule
from db.schema.education import EducationAid
from resources.option_roles import value_of, values_with_role

_SCHOOL_AID = ("教育", "雨露", "助学", "营养", "寄宿")


@rule("measure_backwards", ERROR, "措施完成早于开始", "§6-37")
def measure_ends_before_start(household: HouseholdFacts) -> Iterator[Finding]:
    """A measure does not end before it begins."""
    for measure in household.measures:
        if measure.started_on and measure.ended_on and measure.ended_on < measure.started_on:
            yield finding(
                measure, f"{describe_fields(measure, 'started_on', 'ended_on')}，次序不对。", "ended_on", "started_on"
            )


@rule("loan_overdue", WARNING, "小额信贷逾期", "§6-29；R110")
def loan_overdue(household: HouseholdFacts) -> Iterator[Finding]:
    """A loan past its due date is repaid."""
    for loan in household.measures_of("loan"):
        if (
            loan.ended_on
            and loan.ended_on < household.today
            and loan.state in values_with_role("measure_state", "open")
        ):
            done = value_of("measure_state", "done")
            message = f"{describe_fields(loan, 'ended_on', 'state')}，已经到期。已还清的请改为“{done}”。"
            yield finding(loan, message, "state", "ended_on")


@rule("loan_use", WARNING, "小额信贷用途未填", "§6-29；R110")
def loan_purpose_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """A loan has a purpose."""
    for loan in household.measures_of("loan"):
        if not loan.content:
            yield finding(loan, f"{describe_fields(loan, 'title', 'content')}，请写明贷款用途。", "content")


@rule("loans_several", WARNING, "同人多笔小额信贷", "R110")
def multiple_loans(household: HouseholdFacts) -> Iterator[Finding]:
    """A household has one running loan at most."""
    running = [
        loan for loan in household.measures_of("loan") if loan.state in values_with_role("measure_state", "open")
    ]
    if len(running) > 1:
        message = f"有 {len(running)} 笔小额信贷还在实施中，一户一般只有一笔。"
        yield finding(running[1], message, "state", context_values=tuple(loan.id for loan in running))


@rule("relocated_nobody", WARNING, "有搬迁措施无搬迁人口", "§6-30")
def relocation_without_member(household: HouseholdFacts) -> Iterator[Finding]:
    """A household with a relocation measure has members marked as relocated."""
    relocations = [one for one in household.measures if one.kind in values_with_role("measure_kind", "relocation")]
    if relocations and household.members and not any(one.row.relocated_person for one in household.members):
        yield finding(
            relocations[0], f"有{describe_fields(relocations[0], 'kind')}，但成员都没有标为易地扶贫搬迁人口。", "kind"
        )


@rule("relocated_without", WARNING, "有搬迁人口无搬迁措施", "§6-30")
def relocated_without_measure(household: HouseholdFacts) -> Iterator[Finding]:
    """A household with relocated members has a relocation measure."""
    relocated = [member for member in household.members if member.row.relocated_person]
    if relocated and not household.measures_of("relocation"):
        message = f"{'、'.join(member.name for member in relocated)}标为易地扶贫搬迁人口，但没有搬迁措施。"
        yield finding(
            relocated[0].row, message, "relocated_person", context_values=tuple(member.row.id for member in relocated)
        )


@rule("relocated_late", ERROR, "2021 年后识别户享受搬迁", "R106")
def relocated_late(household: HouseholdFacts) -> Iterator[Finding]:
    """No relocation is dated after 2020, when 易地扶贫搬迁 ended."""
    relocation = value_of("measure_kind", "poverty_relocation")
    identified = [row for row in household.monitorings if row.identified]
    first = min(identified, key=lambda row: row.identified or "", default=None)
    if first is None or (first.identified or "") < "2021" or household.row.register_date:
        return
    for measure in household.measures:
        if measure.kind == relocation:
            message = f"{describe_fields(first, 'identified')}，却有{describe_fields(measure, 'kind', 'title')}。"
            yield finding(measure, message, "kind", context_values=(first.identified,))


@rule("pupil_unaided", WARNING, "义务教育段无资助", "§6-31")
def pupil_unaided(household: HouseholdFacts) -> Iterator[Finding]:
    """Every pupil of a household that is poor or monitored gets an education measure."""
    compulsory = values_with_role("school_status", "compulsory")
    pupils = [member for member in household.members if member.row.school_status in compulsory]
    is_entitled = household.is_monitored or (household.is_registered and not household.has_exited)
    is_aided = household.has_measure(*_SCHOOL_AID) or household.rows_of(EducationAid)
    if is_entitled and pupils and not is_aided:
        names = "、".join(member.name for member in pupils)
        message = f"{names}在义务教育段就读，但没有教育资助措施。请核对是否应享未享。"
        yield finding(pupils[0].row, message, "school_status", context_values=tuple(member.row.id for member in pupils))


@rule("left_measure", ERROR, "减少人员仍享受政策", "§6-37；R065")
def former_member_measure(household: HouseholdFacts) -> Iterator[Finding]:
    """No measure for a person begins after that person left."""
    former_members = {one.row.id: one for one in household.former_members}
    for one in household.measures:
        member = former_members.get(one.member_id or "")
        if member and member.row.left_on:
            is_late = (
                one.started_on > member.row.left_on if one.started_on else (one.year or 0) > member.row.left_on.year
            )
            if is_late:
                departure, measure_start = (
                    describe_fields(member.row, "left", "left_on"),
                    describe_fields(one, "year", "started_on"),
                )
                message = f"{member.name}（{departure}）减少后仍有措施，{measure_start}。"
                yield finding(
                    one,
                    message,
                    "member_id",
                    "year",
                    "started_on",
                    context_values=(member.row.left, member.row.left_on),
                )


@rule("left_benefit", ERROR, "减少人员仍有低保特困或公益岗", "§6-37；R065")
def former_member_benefit(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever died or moved away receives no more benefits here."""
    for member in household.former_members:
        columns = [name for name in ("dibao", "tekun", "public_job_kind") if getattr(member.row, name)]
        if columns and member.row.left in values_with_role("member_leave", "no_longer_entitled"):
            yield finding(
                member.row,
                f"{member.name}（{describe_fields(member.row, 'left')}）仍有{describe_fields(member.row, *columns)}。",
                *columns,
                "left",
            )


@rule("measure_dibao", ERROR, "低保措施与成员不符", "R098")
def measure_dibao(household: HouseholdFacts) -> Iterator[Finding]:
    """A measure of 低保 belongs to a household where somebody gets or got 低保."""
    yield from _measure_without_member(
        household, "低保", any(member.row.dibao for member in (*household.members, *household.former_members))
    )


@rule("measure_tekun", ERROR, "特困措施与成员不符", "R098")
def measure_tekun(household: HouseholdFacts) -> Iterator[Finding]:
    """A measure of 特困供养 belongs to a household where somebody is or was provided for."""
    yield from _measure_without_member(
        household, "特困", any(member.row.tekun for member in (*household.members, *household.former_members))
    )


@rule("measure_disabled", ERROR, "残疾补贴与成员不符", "R098")
def measure_disabled(household: HouseholdFacts) -> Iterator[Finding]:
    """A measure for the disabled belongs to a household with a disabled member."""
    yield from _measure_without_member(
        household,
        "残疾人",
        any(
            member.is_disabled or member.row.disability_no for member in (*household.members, *household.former_members)
        ),
    )


def _measure_without_member(household: HouseholdFacts, word: str, has_member: bool) -> Iterator[Finding]:
    for measure in household.measures:
        if not has_member and word in (measure.title or ""):
            yield finding(
                measure, f"有措施{describe_fields(measure, 'title')}，但这一户没有{word}成员。", "title", "member_id"
            )


@rule("yulu_wrong", ERROR, "享受雨露计划而非中高职", "R099")
def yulu_ineligible(household: HouseholdFacts) -> Iterator[Finding]:
    """雨露计划 is paid only to a household with a member at a vocational school, or one who has left it."""
    taught = values_with_role("education", "upper_secondary")
    is_eligible = any(_in_vocational_school(one) or one.row.education in taught for one in household.members)
    for one in household.measures_of("vocational_aid"):
        if not is_eligible:
            yield finding(
                one,
                f"{describe_fields(one, 'kind', 'title')}，但成员中没有读过中职或高职的人。",
                "kind",
                "title",
                "member_id",
            )


@rule("yulu_missing", WARNING, "中高职未享受雨露计划", "R099")
def yulu_missing(household: HouseholdFacts) -> Iterator[Finding]:
    """Whoever is at a vocational school gets 雨露计划, to which they are entitled."""
    for member in household.members:
        is_aided = household.measures_of("vocational_aid") or _has_vocational_grant(household, member)
        if household.needs_helper and _in_vocational_school(member) and not is_aided:
            message = (
                f"{member.name}的{describe_fields(member.row, 'school_status')}，没有雨露计划。请核对是否应享未享。"
            )
            yield finding(member.row, message, "school_status")


@rule("work_aid_nobody", WARNING, "有就业措施无务工", "R100")
def work_aid_without_worker(household: HouseholdFacts) -> Iterator[Finding]:
    """An employment measure belongs to a household where somebody works away or in a public job."""
    kinds, planned = values_with_role("measure_kind", "employment"), value_of("measure_state", "planned")
    work_measures = [one for one in household.measures if one.kind in kinds and one.state != planned]
    non_training = [
        one for one in work_measures if "培训" not in (one.title or "")
    ]  # who was taught has not yet got work
    all_members = (*household.members, *household.former_members)
    if non_training and not any(one.works_away or one.row.public_job_kind for one in all_members):
        yield finding(
            non_training[0],
            f"有{describe_fields(non_training[0], 'kind', 'title')}，但没有登记务工或公益岗位的人。",
            "kind",
            "title",
        )


@rule("measure_amount", HINT, "已完成的措施没有金额也没有成效", "§6-38")
def completed_without_result(household: HouseholdFacts) -> Iterator[Finding]:
    """A completed measure has a result."""
    done = value_of("measure_state", "done")
    for measure in household.measures:
        if measure.state == done and measure.amount is None and not measure.effect:
            yield finding(
                measure,
                f"{describe_fields(measure, 'title', 'state')}，{describe_fields(measure, 'amount', 'effect')}。",
                "amount",
                "effect",
            )


def _in_vocational_school(person: MemberFacts) -> bool:
    return person.row.school_status in values_with_role("school_status", "vocational")


def _has_vocational_grant(household: HouseholdFacts, person: MemberFacts) -> bool:
    """In the register of education aid."""
    items = values_with_role("education_aid_item", "yulu")
    return any(row.item in items and row.member_id == person.row.id for row in household.rows_of(EducationAid))
