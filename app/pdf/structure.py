"""The logical structure of a file (ISO 32000-1, 14.7 and 14.8): what is a heading, a paragraph, a table and its cells.

Elements come into being where texts are laid out, and into the tree when they are drawn, so that the tree is in the
order of reading. A section's elements are written when its last page is drawn, as one compressed object stream: an
archive has a hundred elements a page, and a bound volume ten thousand pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.pdf.object_streams import ObjectStreams

_UNMARKED = -1  # the page of an element that has content on none, or on several


@dataclass(slots=True, eq=False)
class Element:
    """One element of the structure.

    Attributes:
        kind: a standard structure type: P, H1, Table, TR, TH …
        parent: None for what stands in the section itself
        entries: further entries of its dictionary, as they stand in a file
        children: elements, and content as (page, number of the content on that page)
    """

    kind: str
    parent: "Element | None" = None
    entries: str = ""
    children: "list[Element | tuple[int, int]]" = field(default_factory=list)
    is_attached: bool = False

    def walk(self) -> "Iterator[Element]":
        """The element, then those below it in the order of reading."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()


def text_entry(name: str, text: str) -> str:
    """An entry that holds a text, e.g. /Alt, for `Element.entries`."""
    return f"/{name} <FEFF{text.encode('utf-16-be').hex().upper()}>"


class StructureTree:
    """The structure of one file while its pages are drawn."""

    def __init__(self, streams: ObjectStreams) -> None:
        self._streams = streams
        self._root_number, self._document_number = streams.reserve(2)
        self._section: Element | None = None
        self._sections: list[int] = []  # object numbers
        self._page_parents: list[int] = []  # object numbers, by the number under which a page is found
        self._page: list[Element] = []  # what the contents of the page being drawn belong to, by their numbers
        self._drawn_pages: list[tuple[int, list[Element]]] = []  # object number and contents, of the section's pages

    def open_section(self, title: str) -> None:
        """What is drawn from now on belongs to a section of this name; it begins on a new page."""
        self.close_section()
        self._section = Element("Sect", None, text_entry("T", title))

    def attach(self, element: Element) -> None:
        """Give an element its place in the tree, after all that has one."""
        if element.is_attached:
            return
        element.is_attached = True
        parent = element.parent or self._open_section()
        if element.parent is not None:
            self.attach(element.parent)
        parent.children.append(element)

    def add_content(self, element: Element) -> int:
        """Attach content of the page being drawn; returns its number on the page."""
        self.attach(element)
        number = len(self._page)
        element.children.append((len(self._drawn_pages), number))
        self._page.append(element)
        return number

    def end_page(self, object_number: int) -> int | None:
        """Close the page being drawn; returns the number under which it is found, None if nothing on it has a place.

        Args:
            object_number: of the page in the file
        """
        if not self._page:
            return None
        self._drawn_pages.append((object_number, self._page))
        self._page = []
        return len(self._page_parents) + len(self._drawn_pages) - 1

    def close_section(self) -> None:
        """Write the elements of the section, and what is found on its pages."""
        if self._section is None:
            return
        elements = list(self._section.walk())
        pages = [number for number, _ in self._drawn_pages]
        first = self._streams.reserve(len(elements) + len(pages))[0]
        numbers = {id(element): first + n for n, element in enumerate(elements)}
        bodies = []
        for element in elements:
            parent = self._document_number if element is self._section else numbers[id(element.parent or self._section)]
            bodies.append(_element_body(element, parent, pages, numbers))
        for _, contents in self._drawn_pages:
            bodies.append(f"[{' '.join(f'{numbers[id(element)]} 0 R' for element in contents)}]")
        self._streams.write(first, bodies)
        self._sections.append(first)
        self._page_parents += range(first + len(elements), first + len(bodies))
        self._section, self._drawn_pages = None, []

    def close(self) -> int:
        """Write the root of the tree; returns its object number."""
        self.close_section()
        found_by_page = " ".join(f"{n} {number} 0 R" for n, number in enumerate(self._page_parents))
        root = (
            f"<</Type/StructTreeRoot/K {self._document_number} 0 R/ParentTree<</Nums[{found_by_page}]>>"
            f"/ParentTreeNextKey {len(self._page_parents)}>>"
        )
        sections = " ".join(f"{number} 0 R" for number in self._sections)
        document = f"<</Type/StructElem/S/Document/P {self._root_number} 0 R/K[{sections}]>>"
        self._streams.write(self._root_number, [root, document])
        return self._root_number

    def _open_section(self) -> Element:
        if self._section is None:
            self._section = Element("Sect")
        return self._section


def _element_body(element: Element, parent: int, pages: Sequence[int], numbers: dict[int, int]) -> str:
    """An element as it stands in the file. `pages`: their object numbers; `numbers`: those of the elements, by id."""
    marked = {child[0] for child in element.children if not isinstance(child, Element)}
    page = marked.pop() if len(marked) == 1 else _UNMARKED
    kids = []
    for child in element.children:
        if isinstance(child, Element):
            kids.append(f"{numbers[id(child)]} 0 R")
        elif page != _UNMARKED:
            kids.append(str(child[1]))
        else:
            kids.append(f"<</Type/MCR/Pg {pages[child[0]]} 0 R/MCID {child[1]}>>")
    on_page = f"/Pg {pages[page]} 0 R" if page != _UNMARKED else ""
    content = f"/K[{' '.join(kids)}]" if len(kids) != 1 else f"/K {kids[0]}"
    return f"<</S/{element.kind}/P {parent} 0 R{on_page}{content if kids else ''}{element.entries}>>"
