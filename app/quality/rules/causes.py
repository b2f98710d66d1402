"""Causes of poverty that the household does not bear out."""

from collections.abc import Iterator

from app.quality.home import Home
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said


@rule("cause_missing", ERROR, "主要致贫原因未填", "R066")
def missing(home: Home) -> Iterator[Clash]:
    """Every registered household has one."""
    if home.registered and not home.row.cause_main:
        yield clash(home.row, f"{said(home.row, 'cause_main')}，请按建档资料补上。", "cause_main")


@rule("cause_repeated", ERROR, "主要致贫原因与其他重复", "R066")
def repeated(home: Home) -> Iterator[Clash]:
    """The others are others."""
    if home.row.cause_main and home.row.cause_main in (home.row.cause_other or ()):
        columns = ("cause_other", "cause_main")
        yield clash(home.row, f"{said(home.row, *columns)}，不要重复选。", *columns)


@rule("cause_without", ERROR, "致贫原因没有相应成员", "§6-22；R067")
def without(home: Home) -> Iterator[Clash]:
    """因病 needs somebody ill, 因残 somebody disabled, 因学 somebody at school; those who left count as well."""
    people = (*home.members, *home.left)
    needed = {
        "因病": ("患病", any(one.ill for one in people)),
        "因残": ("残疾", any(one.disabled for one in people)),
        "因学": ("在校", any(one.at_school for one in people) or home.exited),
    }
    what, found = needed.get(home.row.cause_main or "", ("", True))
    if not found:
        yield clash(home.row, f"{said(home.row, 'cause_main')}，但成员中没有{what}的人。", "cause_main")


@rule("cause_labour", DOUBT, "缺劳力而劳动力不少", "§6-23；R068")
def labour(home: Home) -> Iterator[Clash]:
    """Two who can work fully, and at least half of the household."""
    able = sum(one.strength == "full" for one in home.members)
    if home.row.cause_main == "缺劳力" and able >= 2 and able * 2 >= len(home.members):
        sentence = f"{said(home.row, 'cause_main')}，但 {len(home.members)} 人中有 {able} 个劳动力。"
        yield clash(home.row, sentence, "cause_main", also=(able, len(home.members)))


@rule("risk_work", DOUBT, "务工就业不稳而无人务工", "R069")
def risk_work(home: Home) -> Iterator[Clash]:
    """The risk needs somebody who works away."""
    unsteady = home.monitored and "因务工就业不稳" in (home.row.monitor_risks or ())
    if unsteady and not any(one.works_away for one in home.members):
        yield clash(home.row, f"{said(home.row, 'monitor_risks')}，但没有登记务工的人。", "monitor_risks")
