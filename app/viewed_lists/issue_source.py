"""The list of issues (疑点) as one that can be viewed: what the rules find, and the household that each is about."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import case
from sqlalchemy.orm import Session

from app.issues.issues import SEVERITIES, Issue, all_issues
from app.list_views.catalogue import ISSUES
from app.list_views.list_source import Expression, ListSource, made_field
from app.records.field import Field, field_label
from app.viewed_lists.household_rows import household_row_source

OPEN, DISMISSED = "open", "settled"  # values of "state" in the line above the list
_SHOWN = ("severity", "home", "group", "called", "sentence")


def _fields() -> tuple[Field, ...]:
    return (
        made_field(ISSUES, "severity", "轻重"),
        made_field(ISSUES, "home", "户主", short=True),
        made_field(ISSUES, "group", field_label("household", "group_name")),
        made_field(ISSUES, "called", "对象"),
        made_field(ISSUES, "sentence", "说明", "long"),
        made_field(ISSUES, "rule", "规则"),
        made_field(ISSUES, "settled", field_label("verdict", "reason")),
        made_field(ISSUES, "settled_by", field_label("verdict", "decided_by")),
        made_field(ISSUES, "settled_on", field_label("verdict", "decided_on"), "date"),
        made_field(ISSUES, "fix", "建议"),
    )


def _cells(issue: Issue) -> tuple[object, ...]:
    settled = issue.dismissal
    return (
        issue.severity,
        issue.household_name,
        issue.group_name,
        issue.record_title,
        issue.message,
        issue.title,
        settled.reason if settled else None,
        settled.dismissed_by if settled else None,
        settled.dismissed_on if settled else None,
        issue.fix.label if issue.fix else None,
        issue.household_id,
    )


def issue_source(by_id: Mapping[str, Issue]) -> ListSource:
    """The list with these rows, in their order."""
    return household_row_source(
        ISSUES,
        "疑点数据",
        _fields(),
        lambda: ((id, _cells(issue)) for id, issue in by_id.items()),
        columns=_SHOWN,
        orders={"severity": _severity_order},
        passes=lambda id, quick: passes(by_id[id], search_text(by_id[id]), quick),
        computed=_loaded,
    )


@cache
def issue_list() -> ListSource:
    """The list without rows: its fields."""
    return issue_source({})


def _loaded(session: Session, _choices: Mapping[str, str]) -> ListSource:
    return issue_source({issue.id: issue for issue in all_issues(session, include_dismissed=True)})


def search_text(issue: Issue) -> str:
    """The words by which an issue is found, in small letters."""
    told = (issue.household_name, issue.group_name, issue.record_title, issue.title, issue.message)
    return " ".join(told).casefold()


def passes(issue: Issue, words: str, quick: Mapping[str, str]) -> bool:
    """Whether an issue fits what is set in the line above the list.

    Args:
        words: its `search_text`
    """
    state, severity = quick.get("state", ""), quick.get("severity", "")
    household_id, rule = quick.get("household", ""), quick.get("rule", "")
    return (
        (not household_id or issue.household_id == household_id)
        and (not rule or issue.rule == rule)
        and (not severity or issue.severity == severity)
        and (state not in (OPEN, DISMISSED) or (issue.dismissal is not None) == (state == DISMISSED))
        and all(term in words for term in quick.get("text", "").casefold().split())
    )


def _severity_order(value: Expression) -> Expression:
    return case({severity: place for place, severity in enumerate(SEVERITIES)}, value=value)
