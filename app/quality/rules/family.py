"""The head of a household, relations and the number of people."""

from collections.abc import Iterator

from app.quality.home import HEAD, Home, limit, told
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said

_SPOUSE = "配偶"


@rule("nobody", ERROR, "户下无人", "R017")
def nobody(home: Home) -> Iterator[Clash]:
    """A household that is kept has somebody in it."""
    if not home.members:
        yield clash(home.row, "这一户没有在册的家庭成员。请补上成员，或办理整户注销。", "registration_state")


@rule("no_head", ERROR, "没有户主", "§6-13；R015")
def no_head(home: Home) -> Iterator[Clash]:
    """One member is the head."""
    if home.members and not home.heads:
        yield clash(home.members[0].row, "家庭成员中没有人的与户主关系是“户主”。请指定户主。", "relation")


@rule("several_heads", ERROR, "户主不唯一", "§6-13；R014")
def several_heads(home: Home) -> Iterator[Clash]:
    """Only one member is the head."""
    if len(home.heads) > 1:
        names = "、".join(one.name for one in home.heads)
        others = tuple(sorted(one.row.id for one in home.heads))
        sentence = f"{names}的与户主关系都是“户主”，只能有一人。"
        yield clash(home.heads[1].row, sentence, "relation", also=others)


@rule("several_spouses", DOUBT, "配偶多于一人", "§6-14；R016")
def several_spouses(home: Home) -> Iterator[Clash]:
    """One husband or wife of the head."""
    found = [one for one in home.members if one.row.relation == _SPOUSE]
    if len(found) > 1:
        names = "、".join(one.name for one in found)
        others = tuple(sorted(one.row.id for one in found))
        yield clash(found[1].row, f"{names}的与户主关系都是“配偶”。", "relation", also=others)


@rule("spouse_sex", ERROR, "户主与配偶同性别", "R013")
def spouse_sex(home: Home) -> Iterator[Clash]:
    """By the register."""
    for head in home.heads[:1]:
        for one in home.members:
            if one.row.relation == _SPOUSE and one.row.sex and one.row.sex == head.row.sex:
                sentence = f"户主{head.name}与配偶{one.name}的性别都是“{one.row.sex}”。"
                yield clash(one.row, sentence, "sex", "relation", also=(head.row.id, head.row.sex))


@rule("relation_sex", ERROR, "与户主关系和性别矛盾", "§6-15；R012")
def relation_sex(home: Home) -> Iterator[Clash]:
    """之子 is a man, 之女 a woman, and so on, as the option list says."""
    for one in home.members:
        wanted = told("relation", "sex").get(one.row.relation or "")
        if wanted and one.row.sex and one.row.sex != wanted:
            yield clash(one.row, f"{said(one.row, 'relation', 'sex')}，互相矛盾。", "relation", "sex")


@rule("relation_age", DOUBT, "与户主关系和年龄矛盾", "§6-15")
def relation_age(home: Home) -> Iterator[Clash]:
    """A generation is at least twelve years younger than the one before; those who married in are counted as well."""
    for head in home.heads[:1]:
        for one in home.members:
            steps = told("relation", "generation").get(one.row.relation or "", 0)
            if not steps or one.born is None or head.born is None or one.row.relation == HEAD:
                continue
            older = (head.born - one.born).days / 365.25 * (1 if steps > 0 else -1)
            if older < limit("parent_gap") * abs(steps):
                sentence = (
                    f"{said(one.row, 'relation', 'birth')}，户主{head.name}生于 {head.born.isoformat()}，年龄不合辈分。"
                )
                yield clash(one.row, sentence, "relation", "birth", also=(head.born,))


@rule("population", ERROR, "人数与成员数不符", "§6-16；R018")
def population(home: Home) -> Iterator[Clash]:
    """人数 is the number of members who have not left."""
    size = len(home.members)
    if home.row.population is not None and home.row.population != size:
        sentence = f"{said(home.row, 'population')}，家庭成员表里有 {size} 人。"
        fix = ("population", size, f"按成员表改为 {size} 人")
        yield clash(home.row, sentence, "population", also=(size,), fix=fix)


@rule("residents", ERROR, "常住人口多于人数", "R018")
def residents(home: Home) -> Iterator[Clash]:
    """Who lives there all year belongs to the household."""
    row = home.row
    if row.residents is not None and row.residents > len(home.members):
        sentence = f"{said(row, 'residents')}，家庭成员表里只有 {len(home.members)} 人。"
        yield clash(row, sentence, "residents", also=(len(home.members),))
