"""Cleaning rules about the head of a household, relations and the number of people."""

from collections.abc import Iterator

from app.issues.household_facts import HEAD_RELATION, HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from resources.option_roles import flag_values, value_of

_SPOUSE = value_of("relation", "spouse")


@rule("nobody", ERROR, "户下无人", "R017")
def no_members(household: HouseholdFacts) -> Iterator[Finding]:
    """A household that is not closed has at least one member."""
    if not household.members:
        yield finding(household.row, "这一户没有在册的家庭成员。请补上成员，或办理整户注销。", "registration_state")


@rule("no_head", ERROR, "没有户主", "§6-13；R015")
def no_head(household: HouseholdFacts) -> Iterator[Finding]:
    """A household has a head."""
    if household.members and not household.heads:
        yield finding(
            household.members[0].row, f"家庭成员中没有人的与户主关系是“{HEAD_RELATION}”。请指定户主。", "relation"
        )


@rule("several_heads", ERROR, "户主不唯一", "§6-13；R014")
def multiple_heads(household: HouseholdFacts) -> Iterator[Finding]:
    """A household has only one head."""
    if len(household.heads) > 1:
        names = "、".join(member.name for member in household.heads)
        others = tuple(sorted(member.row.id for member in household.heads))
        message = f"{names}的与户主关系都是“{HEAD_RELATION}”，只能有一人。"
        yield finding(household.heads[1].row, message, "relation", context_values=others)


@rule("several_spouses", WARNING, "配偶多于一人", "§6-14；R016")
def multiple_spouses(household: HouseholdFacts) -> Iterator[Finding]:
    """The head has one husband or wife."""
    spouses = [member for member in household.members if member.row.relation == _SPOUSE]
    if len(spouses) > 1:
        names = "、".join(member.name for member in spouses)
        others = tuple(sorted(member.row.id for member in spouses))
        yield finding(spouses[1].row, f"{names}的与户主关系都是“{_SPOUSE}”。", "relation", context_values=others)


@rule("spouse_sex", ERROR, "户主与配偶同性别", "R013")
def spouse_sex(household: HouseholdFacts) -> Iterator[Finding]:
    """The head and the spouse are of different sexes."""
    for head in household.heads[:1]:
        for member in household.members:
            if member.row.relation == _SPOUSE and member.row.sex and member.row.sex == head.row.sex:
                message = f"{HEAD_RELATION}{head.name}与{_SPOUSE}{member.name}的性别都是“{member.row.sex}”。"
                yield finding(member.row, message, "sex", "relation", context_values=(head.row.id, head.row.sex))


@rule("relation_sex", ERROR, "与户主关系和性别矛盾", "§6-15；R012")
def relation_sex(household: HouseholdFacts) -> Iterator[Finding]:
    """A member's sex fits the relation to the head (之子 is a man), as the option list says."""
    for member in household.members:
        expected = flag_values("relation", "sex").get(member.row.relation or "")
        if expected and member.row.sex and member.row.sex != expected:
            yield finding(
                member.row, f"{describe_fields(member.row, 'relation', 'sex')}，互相矛盾。", "relation", "sex"
            )


@rule("relation_age", WARNING, "与户主关系和年龄矛盾", "§6-15")
def relation_age(household: HouseholdFacts) -> Iterator[Finding]:
    """Generations are at least twelve years apart; those who married in are compared as well."""
    for head in household.heads[:1]:
        for member in household.members:
            generations = flag_values("relation", "generation").get(member.row.relation or "", 0)
            if (
                not generations
                or member.birth_date is None
                or head.birth_date is None
                or member.row.relation == HEAD_RELATION
            ):
                continue
            age_gap = (head.birth_date - member.birth_date).days / 365.25 * (1 if generations > 0 else -1)
            if age_gap < threshold("parent_gap") * abs(generations):
                message = (
                    f"{describe_fields(member.row, 'relation', 'birth')}，户主"
                    f"{head.name}生于 {head.birth_date.isoformat()}，年龄不合辈分。"
                )
                yield finding(member.row, message, "relation", "birth", context_values=(head.birth_date,))


@rule("population", ERROR, "人数与成员数不符", "§6-16；R018")
def population(household: HouseholdFacts) -> Iterator[Finding]:
    """人数 equals the number of members who have not left."""
    size = len(household.members)
    if household.row.population is not None and household.row.population != size:
        message = f"{describe_fields(household.row, 'population')}，家庭成员表里有 {size} 人。"
        fix = ("population", size, f"按成员表改为 {size} 人")
        yield finding(household.row, message, "population", context_values=(size,), fix=fix)


@rule("residents", ERROR, "常住人口多于人数", "R018")
def residents(household: HouseholdFacts) -> Iterator[Finding]:
    """The number of residents does not exceed the number of members."""
    row = household.row
    if row.residents is not None and row.residents > len(household.members):
        message = f"{describe_fields(row, 'residents')}，家庭成员表里只有 {len(household.members)} 人。"
        yield finding(row, message, "residents", context_values=(len(household.members),))
