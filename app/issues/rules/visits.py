"""Cleaning rules about visits, rounds, and records that were not renewed."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.checklists.results import RoundResult
from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import HINT, WARNING, CellRef, Finding, describe_fields, finding, rule
from app.records.field import table_label


@rule("unvisited", WARNING, "半年未走访", "§6-35；R115")
def unvisited(household: HouseholdFacts) -> Iterator[Finding]:
    """A household is visited in person (at home, in the field or at the village office) within the limit."""
    since = household.today - timedelta(days=threshold("unvisited_days"))
    if household.needs_helper and (household.last_visit is None or household.last_visit < since):
        last = (
            f"上次走访是 {household.last_visit.isoformat()}，已超过半年" if household.last_visit else "还没有走访记录"
        )
        yield finding(
            household.row,
            f"{last}。请安排走访。",
            context_values=(household.last_visit,),
            missing=("visit", "visited_on"),
        )


@rule("unexplained", HINT, "多日没有宣传政策", "R115；2.4-6")
def unexplained(household: HouseholdFacts) -> Iterator[Finding]:
    """Somebody explains a policy to each household within the days that the county sets."""
    days = threshold("explain_policy_days", "visit")
    if not household.needs_helper:
        return
    if household.last_explained is None or household.last_explained < household.today - timedelta(days=days):
        last = (
            f"上次宣传政策是 {household.last_explained.isoformat()}，已超过 {days} 天"
            if household.last_explained
            else "还没有宣传政策的记录"
        )
        yield finding(
            household.row,
            f"{last}。请走访时宣讲，并记下讲了哪些政策。",
            context_values=(household.last_explained,),
            missing=("visit", "explained"),
        )


@rule("unscored", WARNING, "本轮检查未评", "§6-36；R116")
def unscored(household: HouseholdFacts) -> Iterator[Finding]:
    """Every household has a finished result in each open round."""
    unfinished = [
        round_result
        for round_result in household.rounds
        if round_result.round_id in household.open_rounds and not round_result.result.finished
    ]
    if unfinished:
        titles = "、".join(round_result.round_title for round_result in unfinished)
        ids = tuple(round_result.round_id for round_result in unfinished)
        yield finding(
            household.row, f"{titles}还没有评完这一户。", context_values=ids, missing=("inspection", "seen_on")
        )


@rule("unreviewed", WARNING, "不合格超过 7 天未复查", "R116")
def unreviewed_failure(household: HouseholdFacts) -> Iterator[Finding]:
    """After a failed result somebody has visited the household again."""
    finished = [
        round_result
        for round_result in household.rounds
        if round_result.result.finished and round_result.result.seen_on
    ]
    newest = max(finished, key=_inspected_on, default=None)
    if newest is None or newest.result.passed:
        return
    if _inspected_on(newest) < household.today - timedelta(days=threshold("review_days")):
        inspector_result = newest.result.inspector_results[-1]
        message = f"{newest.round_title}在 {_inspected_on(newest).isoformat()} 不合格，还没有复查。"
        cells = (CellRef("inspection", inspector_result.inspection_id, "seen_on"),)
        yield Finding(
            inspector_result.inspection_id,
            f"{table_label('inspection')} {newest.round_title}",
            message,
            cells,
            (message,),
        )


@rule("record_old", HINT, "信息一年以上未更新", "§6-11")
def record_outdated(household: HouseholdFacts) -> Iterator[Finding]:
    """填表时间 is not more than a year ago: school, labour and work are judged for that day."""
    fill_date = household.row.fill_date
    if fill_date and fill_date < household.today - timedelta(days=365):
        message = (
            f"{describe_fields(household.row, 'fill_date')}，已超过一年。请更新上学、劳动力和务工情况，并改填表时间。"
        )
        yield finding(household.row, message, "fill_date")


def _inspected_on(round_result: RoundResult) -> date:
    return round_result.result.seen_on or date.min
