"""Places fragments on pages: what belongs together stays together, and table headers are repeated.

A page on which a form goes on says so above it: the form's title, the heading, and 续.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.pdf.canvas import PageCanvas
from app.pdf.flowables import Flowable, Fragment, concat
from app.pdf.page_style import CONTINUED, PageGeometry, a4_text_area
from app.pdf.structure import Element
from app.pdf.text_layout import break_lines

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
    titles: dict[int, str] = {}  # level → the title and the heading below which the fragments stand
    for group in _keep_groups(concat(flowables, width, max_height)):
        remaining_height = sum(fragment.height for fragment in group)
        if used and used + remaining_height > max_height + _TOLERANCE:
            page_fragments.append([])
            used = 0.0
        for fragment in group:
            if used and used + fragment.height > max_height + _TOLERANCE:
                page_fragments.append([])
                used = 0.0
            if not used and fragment.is_space:
                remaining_height -= fragment.height
                continue
            if not used and len(page_fragments) > 1:
                whole = min(remaining_height, max_height)
                for above in _page_head(fragment, titles, width, max_height - whole):
                    page_fragments[-1].append((used, above))
                    used += above.height
            if fragment.heads:
                level, text = fragment.heads
                titles = {**({1: titles[1]} if level > 1 and 1 in titles else {}), level: text}
            page_fragments[-1].append((used, fragment))
            used += fragment.height
            remaining_height -= fragment.height
    if len(page_fragments) > 1 and not page_fragments[-1]:
        page_fragments.pop()
    return [tuple(fragments) for fragments in page_fragments]


def _page_head(fragment: Fragment, titles: dict[int, str], width: float, room: float) -> Iterator[Fragment]:
    """What stands above the fragment that begins a page: the line that says what goes on, and a table's header.

    Args:
        room: the height that what stays together leaves on the page
    """
    header = fragment.repeat_header
    room -= header.height if header else 0.0
    if 1 in titles and fragment.heads is None:
        block = break_lines(f"{'　'.join(titles.values())}（续）", CONTINUED, width)
        height = block.height + 1
        if height <= room + _TOLERANCE:

            def draw(canvas: PageCanvas, x: float, y: float) -> None:
                with canvas.artifacts():  # a reader hears the form without its pages
                    canvas.text_block(x, y, width, block)

            yield Fragment(height, draw)
    if header:
        yield header


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
