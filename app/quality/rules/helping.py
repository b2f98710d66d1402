"""Who helps the household, and whether they may."""

from collections.abc import Iterator
from datetime import date

from app.quality.home import Helping, Home, limit
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said
from app.records.masking import masked


def _now(home: Home) -> list[Helping]:
    return [one for one in home.helpers if one.in_force]


@rule("no_helper", ERROR, "无帮扶责任人", "§6-27；R089")
def no_helper(home: Home) -> Iterator[Clash]:
    """Every registered household has one in force."""
    if home.registered and not _now(home):
        yield clash(home.row, "这一户现在没有结对的帮扶联系人。请安排结对。", lacks=("assignment", "helper_id"))


@rule("several_helpers", ERROR, "帮扶责任人多于规定", "R089")
def several(home: Home) -> Iterator[Clash]:
    """As many at one time as the county says."""
    now = _now(home)
    if len(now) > limit("helpers_per_household", "helper_limits"):
        names = "、".join(one.helper.name or "" for one in now if one.helper)
        latest = max(now, key=lambda one: (one.row.started_on or date.min, one.row.id))
        others = tuple(sorted(one.row.id for one in now))
        yield clash(latest.row, f"{names}同时结对这一户。请结束其中的结对。", "ended_on", "helper_id", also=others)


@rule("helper_over", DOUBT, "帮扶责任人结对超限", "§6-27；R091")
def over(home: Home) -> Iterator[Clash]:
    """By the rank of the helper."""
    for one in _now(home):
        burden = home.across.burdens.get(one.row.helper_id or "")
        if burden and burden.households > burden.limit:
            sentence = (
                f"{burden.name}（{burden.rank or '职级未填'}）结对 {burden.households} 户，最多 {burden.limit} 户。"
            )
            yield clash(one.row, sentence, "helper_id", also=(burden.households, burden.limit))


@rule("helper_gone", ERROR, "帮扶责任人已离任仍结对", "§6-27")
def gone(home: Home) -> Iterator[Clash]:
    """The helper was taken off the list, or never arrived."""
    for one in _now(home):
        if one.helper is None or one.helper.withdrawn:
            name = (one.helper.name if one.helper else None) or "帮扶联系人"
            sentence = f"{name}已不在帮扶联系人名单里，结对还没有结束。请结束结对或另外安排。"
            yield clash(one.row, sentence, "ended_on", "helper_id")


@rule("helper_is_member", ERROR, "帮扶责任人是本户成员", "§6-28")
def is_member(home: Home) -> Iterator[Clash]:
    """The same ID number."""
    for one in _now(home):
        number = ((one.helper.id_no if one.helper else "") or "")[:18]
        same = [person for person in home.members if number and (person.row.id_no or "")[:18] == number]
        if same:
            name = one.helper.name if one.helper else ""
            sentence = f"帮扶联系人{name}和成员{same[0].name}是同一个{said(same[0].row, 'id_no')}。"
            yield clash(one.row, sentence, "helper_id", also=(same[0].row.id, number))


@rule("helper_namesake", DOUBT, "帮扶责任人与成员同名", "§6-28")
def namesake(home: Home) -> Iterator[Clash]:
    """The same name; where both ID numbers are known the rule above decides."""
    for one in _now(home):
        name, number = (one.helper.name, one.helper.id_no) if one.helper else (None, None)
        same = [p for p in home.members if name and p.row.name == name and not (number and p.row.id_no)]
        if same:
            yield clash(
                one.row, f"帮扶联系人和家庭成员都叫{name}。请核对是不是同一人。", "helper_id", also=(same[0].row.id,)
            )


@rule("helper_registered", ERROR, "帮扶责任人又是贫困人口", "R090")
def registered(home: Home) -> Iterator[Clash]:
    """A member of a registered household is on the list of helpers."""
    for one in home.members:
        name = home.across.helpers.get((one.row.id_no or "")[:18]) if one.row.id_no else None
        if home.registered and name is not None:
            sentence = f"{one.name}（{said(one.row, 'id_no')}）也在帮扶联系人名单里。"
            yield clash(one.row, sentence, "id_no")


@rule("helper_phone", DOUBT, "帮扶责任人电话与他人相同", "R090")
def phone(home: Home) -> Iterator[Clash]:
    """Two helpers give one number."""
    for one in _now(home):
        number = (one.helper.phone if one.helper else None) or ""
        names = home.across.helper_phones.get(number, ())
        if names:
            sentence = f"{'、'.join(names)}的电话都是{masked(number, 'phone')}。请核对。"
            yield clash(one.row, sentence, "helper_id", also=(number,))


@rule("help_early", ERROR, "帮扶早于建档", "R091")
def early(home: Home) -> Iterator[Clash]:
    """Nobody helps a household before it is registered."""
    since = home.row.register_date or ""
    for one in home.helpers:
        if since and one.row.started_on and one.row.started_on.isoformat()[:7] < since:
            sentence = f"{said(one.row, 'started_on')}，早于{said(home.row, 'register_date')}。"
            yield clash(one.row, sentence, "started_on", also=(since,))


@rule("help_backwards", ERROR, "帮扶结束早于开始", "R091")
def backwards(home: Home) -> Iterator[Clash]:
    """The end is not before the beginning."""
    for one in home.helpers:
        row = one.row
        if row.started_on and row.ended_on and row.ended_on < row.started_on:
            yield clash(row, f"{said(row, 'started_on', 'ended_on')}，次序不对。", "ended_on", "started_on")
