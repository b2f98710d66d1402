"""Pieces become pages: nothing is torn that belongs together, and heads come again."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.archive.blocks import Block, Piece, joined
from app.archive.paper import frame

_LITTLE = 0.01


@dataclass(frozen=True, slots=True)
class Page:
    """One printed side: its pieces with their distance from the frame's upper edge."""

    landscape: bool
    pieces: tuple[tuple[float, Piece], ...]


def pages(blocks: Sequence[Block], landscape: bool = False) -> list[Page]:
    """A section's blocks on as many pages as they need, at least one."""
    return [Page(landscape, side) for side in stacked(blocks, *frame(landscape))]


def stacked(blocks: Sequence[Block], width: float, tall: float) -> list[tuple[tuple[float, Piece], ...]]:
    """Blocks on sides of any size (points): of each side the pieces with their distance from its upper edge."""
    sides: list[list[tuple[float, Piece]]] = [[]]
    used = 0.0
    for chain in _chains(joined(blocks, width, tall)):
        need = sum(piece.height for piece in chain)
        if used and used + need > tall + _LITTLE:
            sides.append([])
            used = 0.0
        for piece in chain:
            if used and used + piece.height > tall + _LITTLE:
                sides.append([])
                used = 0.0
            if not used and piece.blank:
                continue
            if not used and piece.head and sides[-1] == [] and len(sides) > 1:
                sides[-1].append((0.0, piece.head))
                used = piece.head.height
            sides[-1].append((used, piece))
            used += piece.height
    if len(sides) > 1 and not sides[-1]:
        sides.pop()
    return [tuple(side) for side in sides]


def _chains(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces in groups that stay on one page."""
    chains: list[list[Piece]] = []
    open_chain = False
    for piece in pieces:
        if open_chain:
            chains[-1].append(piece)
        else:
            chains.append([piece])
        open_chain = piece.keep
    return chains
