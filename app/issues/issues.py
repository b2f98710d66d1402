"""疑点数据: what the cleaning rules find in the records, and 已核实无误, which dismisses an issue.

A dismissal holds as long as the values it was based on; when one of them changes, the issue is open again. Dismissals
are records: they are journaled and travel to colleagues like everything else. docs/decisions/0012-issues.md
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError, ValidationError
from app.issues.cross_index import build_index
from app.issues.household_facts import HouseholdFacts
from app.issues.loader import RuleContext, eligible_household_ids, iter_households
from app.issues.rule import ERROR, SEVERITIES, WARNING, CellRef, CountyPlace, Finding, Fix, Rule, Severity
from app.issues.rules import rules
from app.progress import Progress, Task, run_to_completion
from app.records.draft import SaveResult, open_draft, validation_errors, write_draft
from app.records.field import field, field_label
from app.records.validators import current_date
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.quality import IssueDismissal

__all__ = [
    "ERROR",
    "SEVERITIES",
    "WARNING",
    "CellRef",
    "Dismissal",
    "Fix",
    "Issue",
    "Severity",
    "all_issues",
    "apply_fix",
    "dismiss",
    "each_open_issue",
    "household_issues",
    "issue_of",
    "reopen",
    "replace_household",
    "severity_counts",
    "stored_dismissals",
    "village_issues",
]

_STEP = 10  # households checked in one step of a task, some milliseconds


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Who dismissed an issue, when, and why."""

    reason: str
    dismissed_by: str
    dismissed_on: date | None


@dataclass(frozen=True, slots=True)
class Issue:
    """One rule broken by one record.

    Attributes:
        household_name, group_name: as lists show them
        record_id, record_title: the record and its title
        message: the contradictory values in a sentence, personal numbers masked
        cells: the cells concerned, the one to be corrected first
        values_hash: hash of the values; a dismissal holds while it is unchanged
        fix: a correction that is offered
        county: what the county has not set yet, None where the record is wrong
        dismissal: 已核实无误, None while the issue is open
    """

    rule: str
    title: str
    severity: Severity
    source: str
    household_id: str
    household_name: str
    group_name: str
    record_id: str
    record_title: str
    message: str
    cells: tuple[CellRef, ...]
    values_hash: str
    fix: Fix | None
    county: CountyPlace | None
    dismissal: Dismissal | None

    @property
    def id(self) -> str:
        """A rule finds at most one issue of a record."""
        return f"{self.household_id} {self.rule} {self.record_id}"

    @property
    def field_labels(self) -> tuple[str, ...]:
        """The names of the fields concerned."""
        return tuple(field_label(cell.table, cell.column) for cell in self.cells)


def household_issues(
    session: Session, household_id: str, *, include_dismissed: bool = False, check_date: date | None = None
) -> tuple[Issue, ...]:
    """The issues of one household, most severe first; none of one that is closed, merged or withdrawn.

    Args:
        include_dismissed: also dismissed issues
        check_date: the day of the check; today if None
    """
    ids = eligible_household_ids(session, household_id)
    if not ids:
        return ()
    context = RuleContext(session, build_index(session, household_id), check_date or current_date(), household_id)
    dismissals = stored_dismissals(session, household_id)
    households = iter_households(session, ids, context)
    issues = [issue for household in households for issue in _issues(household, dismissals, {})]
    return _sorted_by_severity(issue for issue in issues if include_dismissed or issue.dismissal is None)


def village_issues(
    workbook: Workbook, *, include_dismissed: bool = False, check_date: date | None = None
) -> Task[tuple[Issue, ...]]:
    """The issues of all households, most severe first, each rule's in the order of the list of households."""
    with workbook.reading() as session:
        return (yield from _check_all(session, include_dismissed, check_date))


def each_open_issue(workbook: Workbook, take: Callable[[Issue], object]) -> Task[None]:
    """Give the open issues of all households to `take`, one by one: who only counts need not hold tens of thousands."""

    def take_open(issue: Issue) -> None:
        if issue.dismissal is None:
            take(issue)

    with workbook.reading() as session:
        yield from _check_each(session, None, take_open)


def all_issues(session: Session, *, include_dismissed: bool = False) -> tuple[Issue, ...]:
    """The same at once, for what reads a whole list anyway."""
    return run_to_completion(_check_all(session, include_dismissed, None))


def _check_all(session: Session, include_dismissed: bool, check_date: date | None) -> Task[tuple[Issue, ...]]:
    issues: list[Issue] = []
    yield from _check_each(session, check_date, issues.append)
    return _sorted_by_severity(issue for issue in issues if include_dismissed or issue.dismissal is None)


def _check_each(session: Session, check_date: date | None, take: Callable[[Issue], object]) -> Task[None]:
    yield Progress(0, 0, "正在读取户和成员")
    ids = eligible_household_ids(session)
    context = RuleContext(session, build_index(session), check_date or current_date())
    dismissals, shared = stored_dismissals(session), dict[str, str]()
    for done, household in enumerate(iter_households(session, ids, context)):
        if done % _STEP == 0:
            yield Progress(done, len(ids), "正在核对")
        for issue in _issues(household, dismissals, shared):
            take(issue)
    yield Progress(len(ids), len(ids), "核对完成")


def replace_household(issues: Sequence[Issue], household_id: str, current_issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """The issues of a village, those of one household replaced by what is found of it now."""
    return _sorted_by_severity([*(issue for issue in issues if issue.household_id != household_id), *current_issues])


def severity_counts(issues: Sequence[Issue]) -> dict[Severity, int]:
    """How many of them there are of each severity."""
    return {severity: sum(issue.severity == severity for issue in issues) for severity in SEVERITIES}


def dismiss(workbook: Workbook, issues: Sequence[Issue], reason: str) -> None:
    """已核实无误: keep issues quiet until their values change.

    Raises:
        ValidationError: no reason
    """
    reason_text = reason.strip()
    if not reason_text:
        raise ValidationError(f"请写明“{field_label('verdict', 'reason')}”，例如“已入户核对户口本，登记无误”。")
    error = field("verdict", "reason").check(reason_text)
    if error:
        raise ValidationError(error)
    with workbook.operation(f"已核实无误：{_called(issues)}") as session:
        for issue in issues:
            _store_dismissal(session, issue, reason_text, workbook.operator)


def _called(issues: Sequence[Issue]) -> str:
    """What several issues are called in the list of operations."""
    titles = list(dict.fromkeys(issue.title for issue in issues))
    return titles[0] if len(titles) == 1 else f"{titles[0]}等 {len(issues)} 条" if titles else ""


def _store_dismissal(session: Session, issue: Issue, reason: str, operator: str) -> None:
    dismissal_id = IssueDismissal.id_of(issue.household_id, issue.rule, issue.record_id)
    row = session.get(IssueDismissal, dismissal_id)
    if row is None:
        household = session.get(Household, issue.household_id)
        if household is None:
            raise UserError("这一户已不在名单里。请按 F5 重新核对。")
        row = IssueDismissal(id=dismissal_id, village=household.village)
        session.add(row)
    row.household_id, row.rule, row.about, row.clash = (
        issue.household_id,
        issue.rule,
        issue.record_id,
        issue.values_hash,
    )
    row.reason, row.decided_on, row.decided_by, row.withdrawn = reason, current_date(), operator, False


def reopen(workbook: Workbook, issues: Sequence[Issue]) -> None:
    """Take 已核实无误 back; the issues are open again."""
    with workbook.operation(f"撤销核实：{_called(issues)}") as session:
        for issue in issues:
            row = session.get(IssueDismissal, IssueDismissal.id_of(issue.household_id, issue.rule, issue.record_id))
            if row is not None:
                row.withdrawn = True


def apply_fix(workbook: Workbook, issue: Issue) -> SaveResult:
    """Save the correction that an issue offers, as a form would.

    Raises:
        UserError: it offers none, the record changed since, or the value is not acceptable
    """
    fix = issue.fix
    if fix is None:
        raise UserError("这一条没有可以直接采用的值。请打开这一户修改。")
    with workbook.operation(f"采用建议的值：{issue.title}") as session:
        current_issues = {
            (current.rule, current.record_id, current.values_hash)
            for current in household_issues(session, issue.household_id, include_dismissed=True)
        }
        if (issue.rule, issue.record_id, issue.values_hash) not in current_issues:
            raise UserError("这一条的数据已经改过了。请按 F5 重新核对。")
        draft = open_draft(session, fix.cell.table, fix.cell.record_id).with_values(**{fix.cell.column: fix.value})
        errors = validation_errors(draft)
        if errors:
            raise ValidationError(next(iter(errors.values())))
        return write_draft(session, draft)


def _issues(
    household: HouseholdFacts, dismissals: Mapping[str, IssueDismissal], shared: dict[str, str]
) -> Iterator[Issue]:
    household_name, group_name = household.name, household.row.group_name or household.row.hamlet or ""
    for rule in rules():
        for finding in rule.check(household):
            yield issue_of(household.row.id, household_name, group_name, rule, finding, dismissals, shared)


def issue_of(
    household_id: str,
    household_name: str,
    group_name: str,
    rule: Rule,
    finding: Finding,
    dismissals: Mapping[str, IssueDismissal],
    shared: dict[str, str],
) -> Issue:
    """What a rule found, with whether somebody has dismissed it (`stored_dismissals`).

    Args:
        shared: texts of the issues before this one; each is kept once, for five rules name the same record
    """
    values_hash = hashlib.sha256("\x1f".join(finding.values).encode()).hexdigest()[:32]
    dismissal_row = (
        dismissals.get(IssueDismissal.id_of(household_id, rule.key, finding.record_id)) if dismissals else None
    )
    is_current = dismissal_row is not None and dismissal_row.clash == values_hash
    return Issue(
        rule=rule.key,
        title=rule.title,
        severity=rule.severity,
        source=rule.source,
        household_id=household_id,
        household_name=household_name,
        group_name=group_name,
        record_id=finding.record_id,
        record_title=shared.setdefault(finding.record_title, finding.record_title),
        message=shared.setdefault(finding.message, finding.message),
        cells=finding.cells,
        values_hash=shared.setdefault(values_hash, values_hash),
        fix=finding.fix,
        county=finding.county,
        dismissal=Dismissal(dismissal_row.reason or "", dismissal_row.decided_by or "", dismissal_row.decided_on)
        if dismissal_row is not None and is_current
        else None,
    )


def stored_dismissals(session: Session, household_id: str = "") -> dict[str, IssueDismissal]:
    """Id → dismissal, of one household or of all."""
    query = select(IssueDismissal).where(~IssueDismissal.withdrawn)
    if household_id:
        query = query.where(IssueDismissal.household_id == household_id)
    return {row.id: row for row in session.scalars(query)}


def _sorted_by_severity(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    rule_order = {rule.key: position for position, rule in enumerate(rules())}
    return tuple(sorted(issues, key=lambda issue: (SEVERITIES.index(issue.severity), rule_order[issue.rule])))
