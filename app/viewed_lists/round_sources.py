"""The lists of a round, in the order of the page."""

from functools import partial
from typing import TYPE_CHECKING

from app.viewed_lists.round_change_source import CHANGES_LIST
from app.viewed_lists.round_failed_source import FAILED_LIST
from app.viewed_lists.round_honours_source import HONOURS_LIST
from app.viewed_lists.round_left_source import LEFT_LIST
from app.viewed_lists.round_list import round_source
from app.viewed_lists.round_ranking_source import RANKING_LIST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.list_views.list_source import ListSource

ROUND_LISTS = (LEFT_LIST, RANKING_LIST, HONOURS_LIST, FAILED_LIST, CHANGES_LIST)
# key → the list without rows: its fields
ROUND_SOURCES: "Mapping[str, Callable[[], ListSource]]" = {
    one.key: partial(round_source, one, ()) for one in ROUND_LISTS
}
