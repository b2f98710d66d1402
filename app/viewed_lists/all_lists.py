"""All lists that can be viewed, those that are worked out among them."""

from app.list_views.catalogue import DIFFERENCES, ENTRY_LIST, ISSUES, THREE_WAY, WITHDRAWN, list_source
from app.list_views.list_source import ListSource
from app.viewed_lists.difference_source import difference_list
from app.viewed_lists.entry_source import entry_list
from app.viewed_lists.fact_source import fact_list
from app.viewed_lists.issue_source import issue_list
from app.viewed_lists.withdrawn_source import withdrawn_list

_COMPUTED = {
    ISSUES: issue_list,
    WITHDRAWN: withdrawn_list,
    ENTRY_LIST: entry_list,
    THREE_WAY: fact_list,
    DIFFERENCES: difference_list,
}


def viewed_list(key: str) -> ListSource:
    """A list by its key; one that is worked out has its rows when it is opened (`ListSource.opened`).

    Raises:
        KeyError: this program has no such list
    """
    return _COMPUTED[key]() if key in _COMPUTED else list_source(key)
