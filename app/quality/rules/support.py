"""低保 and 特困: the household's attribute, its people and its money."""

from collections.abc import Iterator

from app.quality.home import Home, limit
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said

_ATTRIBUTE = "household_attribute"


@rule("dibao_nobody", ERROR, "低保户中无低保成员", "R059")
def dibao_nobody(home: Home) -> Iterator[Clash]:
    """Somebody of a 低保户 gets it."""
    if home.attribute == "低保" and home.members and not any(one.row.dibao for one in home.members):
        yield clash(home.row, f"{said(home.row, _ATTRIBUTE)}，但成员都没有享受低保。", _ATTRIBUTE)


@rule("dibao_ordinary", ERROR, "一般户有低保成员", "R059")
def dibao_ordinary(home: Home) -> Iterator[Clash]:
    """Nobody of an ordinary household gets it."""
    for one in home.members:
        if home.attribute == "一般" and one.row.dibao:
            sentence = f"{one.name}的{said(one.row, 'dibao')}，但{said(home.row, _ATTRIBUTE)}。"
            yield clash(one.row, sentence, "dibao", also=(home.row.household_attribute,))


@rule("tekun_nobody", ERROR, "特困户中无特困人员", "R059")
def tekun_nobody(home: Home) -> Iterator[Clash]:
    """Somebody of a 特困户 is provided for."""
    if home.attribute == "特困" and home.members and not any(one.row.tekun for one in home.members):
        yield clash(home.row, f"{said(home.row, _ATTRIBUTE)}，但成员都不是特困供养人员。", _ATTRIBUTE)


@rule("tekun_able", ERROR, "特困供养人员有劳动能力", "R060")
def tekun_able(home: Home) -> Iterator[Clash]:
    """18 to 59, healthy and not at school."""
    for one in home.members:
        if one.row.tekun and one.healthy and one.between(18, limit("old") - 1) and not one.at_school:
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'tekun', 'health', 'labour')}。"
            yield clash(one.row, sentence, "tekun", "health", "labour", "birth")


@rule("no_labour_unprovided", DOUBT, "整户无劳动力而无低保特困", "R062")
def unprovided(home: Home) -> Iterator[Clash]:
    """Nobody can work, and nobody gets 低保 or is provided for."""
    if home.registered and _without_labour(home) and not any(one.row.dibao or one.row.tekun for one in home.members):
        yield clash(home.row, "全家没有劳动力，也没有人享受低保或特困供养。请核对。", _ATTRIBUTE, also=_strengths(home))


@rule("fallback_unmarked", DOUBT, "整户无劳动力未标兜底保障户", "R108")
def unmarked(home: Home) -> Iterator[Clash]:
    """整户无劳动能力兜底保障户 says what the members say."""
    if home.registered and _without_labour(home) and not home.row.no_labour_fallback:
        fix = ("no_labour_fallback", True, "改为“是”")
        sentence = f"全家没有劳动力，但{said(home.row, 'no_labour_fallback')}。"
        yield clash(home.row, sentence, "no_labour_fallback", also=_strengths(home), fix=fix)


@rule("fallback_wrong", ERROR, "兜底保障户有劳动力", "R108")
def fallback_wrong(home: Home) -> Iterator[Clash]:
    """A household that is marked as without labour has none."""
    full = [one.name for one in home.members if one.strength == "full"]
    if home.row.no_labour_fallback and full:
        sentence = f"{said(home.row, 'no_labour_fallback')}，但{'、'.join(full)}是劳动力。"
        yield clash(home.row, sentence, "no_labour_fallback", also=_strengths(home))


def _without_labour(home: Home) -> bool:
    return bool(home.members) and all(one.strength == "none" for one in home.members)


def _strengths(home: Home) -> tuple[str, ...]:
    return tuple(f"{one.row.id} {one.strength}" for one in home.members)
