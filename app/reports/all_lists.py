"""All lists that can be viewed, those that are worked out among them."""

from collections.abc import Callable, Mapping

from app.figures.report_source import report_figure_list
from app.list_views.catalogue import (
    CONFLICTS,
    DIFFERENCES,
    ENTITLEMENTS,
    ENTRY_LIST,
    ISSUES,
    OPERATIONS,
    PACKAGES,
    PAPERS,
    PROPOSALS,
    REPORT_FIGURES,
    THREE_WAY,
    VISIT_SCHEDULE,
    WITHDRAWN,
    WORK_CALENDAR,
    list_source,
)
from app.list_views.list_source import ListSource
from app.viewed_lists.conflict_source import conflict_list
from app.viewed_lists.difference_source import difference_list
from app.viewed_lists.entitlement_source import entitlement_list
from app.viewed_lists.entry_source import entry_list
from app.viewed_lists.fact_source import fact_list
from app.viewed_lists.issue_source import issue_list
from app.viewed_lists.operation_source import operation_list
from app.viewed_lists.package_source import package_list
from app.viewed_lists.proposal_source import proposal_list
from app.viewed_lists.round_sources import ROUND_SOURCES
from app.viewed_lists.visit_source import visit_list
from app.viewed_lists.withdrawn_source import withdrawn_list
from app.viewed_lists.work_source import work_list


def viewed_list(key: str) -> ListSource:
    """A list by its key; one that is worked out has its rows when it is opened (`ListSource.opened`).

    Raises:
        KeyError: this program has no such list
    """
    return _COMPUTED[key]() if key in _COMPUTED else list_source(key)


def _paper_list() -> ListSource:
    from app.reports.paper_source import paper_list  # with all sections of the archive: not before somebody asks

    return paper_list()


_COMPUTED: Mapping[str, Callable[[], ListSource]] = {
    ISSUES: issue_list,
    WITHDRAWN: withdrawn_list,
    ENTRY_LIST: entry_list,
    THREE_WAY: fact_list,
    DIFFERENCES: difference_list,
    PAPERS: _paper_list,
    ENTITLEMENTS: entitlement_list,
    CONFLICTS: conflict_list,
    OPERATIONS: operation_list,
    PACKAGES: package_list,
    PROPOSALS: proposal_list,
    VISIT_SCHEDULE: visit_list,
    REPORT_FIGURES: report_figure_list,
    WORK_CALENDAR: work_list,
    **ROUND_SOURCES,
}
