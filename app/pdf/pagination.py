"""Places fragments on pages: what belongs together stays together, and table headers are repeated."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Flowable, Fragment, concat
from app.pdf.page_style import PageGeometry, a4_text_area
from app.pdf.structure import Element

_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class PageLayout:
    """One page: its fragments with their distance from the upper edge of the text frame."""

    landscape: bool
    fragments: tuple[tuple[float, Fragment], ...]


def layout_pages(flowables: Sequence[Flowable], landscape: bool = False) -> list[PageLayout]:
    """Flowables on as many A4 pages as they need, at least one."""
    return [PageLayout(landscape, fragments) for fragments in paginate(flowables, *a4_text_area(landscape))]


def paginate(
    flowables: Sequence[Flowable], width: float, max_height: float
) -> list[tuple[tuple[float, Fragment], ...]]:
    """Flowables on pages of any size (points): for each page the fragments with their distance from its upper edge."""
    page_fragments: list[list[tuple[float, Fragment]]] = [[]]
    used = 0.0
    for group in _keep_groups(concat(flowables, width, max_height)):
        group_height = sum(fragment.height for fragment in group)
        if used and used + group_height > max_height + _TOLERANCE:
            page_fragments.append([])
            used = 0.0
        for fragment in group:
            if used and used + fragment.height > max_height + _TOLERANCE:
                page_fragments.append([])
                used = 0.0
            if not used and fragment.is_space:
                continue
            if not used and fragment.repeat_header and page_fragments[-1] == [] and len(page_fragments) > 1:
                page_fragments[-1].append((0.0, fragment.repeat_header))
                used = fragment.repeat_header.height
            page_fragments[-1].append((used, fragment))
            used += fragment.height
    if len(page_fragments) > 1 and not page_fragments[-1]:
        page_fragments.pop()
    return [tuple(fragments) for fragments in page_fragments]


def draw_fragments(canvas: PageCanvas, geometry: PageGeometry, fragments: Sequence[tuple[float, Fragment]]) -> None:
    """Draw what stands on a page; a fragment that does not say what it is, is a paragraph."""
    for offset, fragment in fragments:
        canvas.tag(Element("P"))
        fragment.draw(canvas, geometry.left, geometry.top - offset)
    canvas.tag(None)


def _keep_groups(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """Fragments in groups that stay on one page."""
    groups: list[list[Fragment]] = []
    group_open = False
    for fragment in fragments:
        if group_open:
            groups[-1].append(fragment)
        else:
            groups.append([fragment])
        group_open = fragment.keep_with_next
    return groups
