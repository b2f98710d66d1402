"""All figures, section by section, and which of them a kind of report holds."""

from collections.abc import Iterator
from functools import cache

from app.figures import aid, income, inspection, population, surveys, village_work
from app.figures.definition import VillageFigure
from app.records.field import options

_SECTIONS = (
    (population.SECTION, population.FIGURES),
    (income.SECTION, income.FIGURES),
    (aid.SECTION, aid.FIGURES),
    (inspection.SECTION, inspection.FIGURES),
    (surveys.SECTION, surveys.FIGURES),
    (village_work.SECTION, village_work.FIGURES),
    (village_work.MONEY_SECTION, village_work.MONEY_FIGURES),
)


def all_figures() -> Iterator[tuple[str, VillageFigure]]:
    """Section and figure, in their order."""
    for section, figures in _SECTIONS:
        for figure in figures:
            yield section, figure


@cache
def _by_name() -> dict[str, VillageFigure]:
    return {figure.name: figure for _, figure in all_figures()}


def find_figure(name: str) -> VillageFigure | None:
    """A figure by its name or its label, None where this program knows none."""
    return _by_name().get(name) or next((one for _, one in all_figures() if one.label == name), None)


def figures_of_kind(kind: str) -> Iterator[tuple[str, VillageFigure]]:
    """What a kind of report holds (resources/dictionaries/report_kind.toml); all where it names no sections."""
    extra = next((option.extra for option in options("report_kind") if option.value == kind), {})
    wanted = extra.get("sections")
    return ((section, figure) for section, figure in all_figures() if not wanted or section in wanted)


def months_of_kind(kind: str) -> int:
    """How many months a kind of report is about, 0 for any."""
    return int(next((option.extra["months"] for option in options("report_kind") if option.value == kind), 0))
