"""The logical structure of a file (ISO 32000-1, 14.7 and 14.8): what is a heading, a paragraph, a table and its cells.

Elements come into being where texts are laid out, and into the tree when they are drawn, so that the tree is in the
order of reading. A section's elements are written when its last page is drawn, as one compressed object stream: an
archive has a hundred elements a page, and a bound volume ten thousand pages.
"""

from dataclasses import dataclass, field

from app.pdf.object_streams import ObjectStreams

_NO_PAGE = -1


@dataclass(slots=True, eq=False)
class Element:
    """One element of the structure.

    Attributes:
        kind: a standard structure type: P, H1, Table, TR, TH …
        parent: None for what stands in the section itself
        entries: further entries of its dictionary, as they stand in a file
        number: of its object in the file; 0 until it has its place in the tree
        page: which of its section's pages its first content is on
        kids: elements and content as they stand in a file; content on a further page as that page and its number there
    """

    kind: str
    parent: "Element | None" = None
    entries: str = ""
    number: int = 0
    page: int = _NO_PAGE
    kids: "list[str | tuple[int, int]]" = field(default_factory=list)

    @property
    def is_attached(self) -> bool:
        """Whether it has its place in the tree."""
        return self.number > 0


def text_entry(name: str, text: str) -> str:
    """An entry that holds a text, e.g. /Alt, for `Element.entries`."""
    return f"/{name} <FEFF{text.encode('utf-16-be').hex().upper()}>"


class StructureTree:
    """The structure of one file while its pages are drawn."""

    def __init__(self, streams: ObjectStreams) -> None:
        self._streams = streams
        self._root_number, self._document_number = streams.reserve(), streams.reserve()
        self._section: Element | None = None
        self._elements: list[Element] = []  # of the section, in the order of reading, the section first
        self._sections: list[str] = []  # references to all
        self._page_parents: list[int] = []  # object numbers, by the number under which a page is found
        self._page: list[str] = []  # references to what the contents of the page being drawn belong to
        self._drawn_pages: list[tuple[int, list[str]]] = []  # object number and contents, of the section's pages

    def open_section(self, title: str = "") -> None:
        """What is drawn from now on belongs to a section of this name; it begins on a new page."""
        self.close_section()
        self._section = Element("Sect", None, text_entry("T", title) if title else "", self._streams.reserve())
        self._elements = [self._section]

    def attach(self, element: Element) -> None:
        """Give an element its place in the tree, after all that has one."""
        if element.number:
            return
        if self._section is None:
            self.open_section()
        parent = element.parent or self._elements[0]
        self.attach(parent)
        element.number = self._streams.reserve()
        parent.kids.append(f"{element.number} 0 R")
        self._elements.append(element)

    def add_content(self, element: Element) -> int:
        """Attach content of the page being drawn; returns its number on the page."""
        self.attach(element)
        number, page = len(self._page), len(self._drawn_pages)
        if element.page == _NO_PAGE:
            element.page = page
        element.kids.append(str(number) if element.page == page else (page, number))
        self._page.append(f"{element.number} 0 R")
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
        section, pages = self._section, [f"/Pg {number} 0 R" for number, _ in self._drawn_pages]
        bodies = {one.number: _element_body(one, (one.parent or section).number, pages) for one in self._elements}
        bodies[section.number] = _element_body(section, self._document_number, pages)
        for _, contents in self._drawn_pages:
            self._page_parents.append(self._streams.reserve())
            bodies[self._page_parents[-1]] = f"[{' '.join(contents)}]"
        self._streams.write(bodies)
        self._sections.append(f"{section.number} 0 R")
        self._section, self._elements, self._drawn_pages = None, [], []

    def close(self) -> int:
        """Write the root of the tree; returns its object number."""
        self.close_section()
        found_by_page = " ".join(f"{n} {number} 0 R" for n, number in enumerate(self._page_parents))
        root = (
            f"<</Type/StructTreeRoot/K {self._document_number} 0 R/ParentTree<</Nums[{found_by_page}]>>"
            f"/ParentTreeNextKey {len(self._page_parents)}>>"
        )
        document = f"<</Type/StructElem/S/Document/P {self._root_number} 0 R/K[{' '.join(self._sections)}]>>"
        self._streams.write({self._root_number: root, self._document_number: document})
        return self._root_number


def _element_body(element: Element, parent: int, pages: list[str]) -> str:
    """An element as it stands in the file. `parent`: its object number; `pages`: the entries that name them."""
    on_page = pages[element.page] if element.page != _NO_PAGE else ""
    kids = [
        kid if isinstance(kid, str) else f"<</Type/MCR{pages[kid[0]]}/MCID {kid[1]}>>" for kid in element.kids
    ]  # content without a page of its own is on that of the element
    content = (f"/K {kids[0]}" if len(kids) == 1 else f"/K[{' '.join(kids)}]") if kids else ""
    return f"<</S/{element.kind}/P {parent} 0 R{on_page}{content}{element.entries}>>"
