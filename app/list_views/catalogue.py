"""The lists of records that can be viewed, and the keys of all lists."""

from app.list_views.household_source import HOUSEHOLDS, household_source
from app.list_views.list_source import ListSource
from app.list_views.register_source import register_source
from app.registers import all_registers
from app.registers.lists import get_list

PEOPLE, HELPERS = "member", "helper"  # keys of lists that have pages of their own beside the registers
# keys of lists that are worked out: app/viewed_lists
COMPUTED = (
    "issues", "withdrawn", "entry_list", "three_way", "comparison", "archive_completeness", "entitlement", "conflicts",
    "operations", "packages", "round_left", "round_ranking", "round_honours", "round_failed", "round_changes",
    "register_proposals", "visit_schedule", "report_comparison",
    "work_calendar",
)  # fmt: skip
(
    ISSUES, WITHDRAWN, ENTRY_LIST, THREE_WAY, DIFFERENCES, PAPERS, ENTITLEMENTS, CONFLICTS, OPERATIONS, PACKAGES,
    ROUND_LEFT, ROUND_RANKING, ROUND_HONOURS, ROUND_FAILED, ROUND_CHANGES, PROPOSALS, VISIT_SCHEDULE, REPORT_FIGURES,
    WORK_CALENDAR,
) = COMPUTED  # fmt: skip


def list_source(key: str) -> ListSource:
    """A list of records by its key.

    Raises:
        KeyError: this program has no such list
    """
    return household_source() if key == HOUSEHOLDS else register_source(get_list(key))


def list_keys() -> tuple[str, ...]:
    """The keys of all lists."""
    return HOUSEHOLDS, *COMPUTED, PEOPLE, HELPERS, *(register.key for register in all_registers())
