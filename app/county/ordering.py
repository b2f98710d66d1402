"""The order of options and of the parts of an archive, kept as one entry only where a county has moved something."""

from collections.abc import Mapping, Sequence

from app.county.storage import AmendmentCells
from resources.overlay import ORDER


def order_cells(
    title: str, current: Sequence[str], usual: Sequence[str], wanted: Sequence[str]
) -> Mapping[str, AmendmentCells | None]:
    """What has to be written of an order: nothing where only entries went, or came to the end of a list without one.

    Args:
        title: of the file
        current: the entries as they are now
        usual: as they would be without an order of the county's
        wanted: as they were put
    """
    stayed = [name for name in current if name in wanted]
    new = [name for name in wanted if name not in current]
    has_order = list(current) != list(usual)
    if [*stayed, *new] == list(wanted) and not (new and has_order):
        return {}
    if [name for name in usual if name in wanted] == list(wanted):
        return {ORDER: None}
    return {ORDER: AmendmentCells(title, "顺序", text="\n".join(wanted))}
