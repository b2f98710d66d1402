"""What the controls of the print page ask for, as app/archive takes it."""

from functools import partial
from typing import TYPE_CHECKING

from app.archive.about import About
from ui.archive.choices import THE_CHOSEN, Choices
from ui.archive.homes import Homes
from ui.archive.others import Others

if TYPE_CHECKING:
    from app.archive.papers import Paper


def abouts(paper: "Paper", homes: Homes, others: Others, asked: Choices) -> list[About]:
    """What a paper is to be printed about: one for each chosen household, or one for all; none where none is chosen.

    A list that shows every household stands for those in force, so that closed ones are left out.
    """
    chosen = tuple(homes.table.chosen())
    if paper.about == "household":
        return [_about(paper, others, asked)(households=(one,)) for one in chosen]
    if paper.about != "village":
        return [_about(paper, others, asked)()]
    if asked.scope.currentText() == THE_CHOSEN:
        return [_about(paper, others, asked)(households=chosen)] if chosen else []
    shown = () if homes.whole else tuple(homes.table.shown_ids())
    return [_about(paper, others, asked)(households=shown)] if homes.whole or shown else []


def _about(paper: "Paper", others: Others, asked: Choices) -> "partial[About]":
    """All but the households; what the paper does not ask for stays as it usually is."""
    other = others.current()
    return partial(
        About,
        round=other if paper.about == "round" else "",
        helper=other if paper.about == "helper" else "",
        package=int(other) if paper.about == "package" and other.isdecimal() else 0,
        title=asked.title.text().strip() if "title" in paper.asks else "",
        phone=asked.phone.text().strip() if "phone" in paper.asks else "",
        days=asked.days.value(),
        year=asked.chosen_year() if "year" in paper.asks else 0,
        full=asked.full.isChecked() and "full" in paper.asks,
        blank=asked.blank.isChecked() and "blank" in paper.asks,
    )
