"""One file a paper: what is printed beside the archives. A file here is a paper; the folder is walked.

A paper's module says

- TITLE, ORDER, GROUP: how the print page lists it;
- ABOUT: "household" (one printing a household), "village" (one printing about all or chosen households), "round",
  "helper" or "package";
- FORMAT: a sheet of app/archive/paper.py, A4 upright where it says nothing;
- EDGE: what stands around the text, see `Paper`; "internal" where it says nothing;
- PUBLIC: it is posted or given away: no number of a person, nothing of health or hardship, no child;
- ASKS: which attributes of `About` the officer is asked for;
- `paper(session, about)`: its blocks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Literal, get_args

from sqlalchemy.orm import Session

from app.archive.about import About
from app.archive.blocks import Block
from app.archive.paper import A4, Format

Subject = Literal["household", "village", "round", "helper", "package"]
Edge = Literal["internal", "plain", "official", "bare"]
GROUPS = ("卡片", "台账", "四净两规范", "走访与整改", "公示", "其他")


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper.

    Attributes:
        name: of its module
        edge: "internal" says at the foot that it must not be passed on, who printed it and when; "plain" only numbers
            the pages; "official" numbers them as GB/T 9704 does; "bare" prints nothing there
    """

    name: str
    title: str
    group: str
    order: int
    about: Subject
    format: Format
    edge: Edge
    public: bool
    asks: frozenset[str]
    make: Callable[[Session, About], Sequence[Block]]


@cache
def papers() -> tuple[Paper, ...]:
    """Every paper, group by group, by its ORDER."""
    found = [_paper(import_module(f"{__name__}.{info.name}")) for info in iter_modules(__path__)]
    return tuple(sorted(found, key=lambda one: (GROUPS.index(one.group), one.order, one.name)))


def paper(name: str) -> Paper:
    """One paper by the name of its module.

    Raises:
        KeyError: there is none
    """
    for one in papers():
        if one.name == name:
            return one
    raise KeyError(name)


def _paper(module: ModuleType) -> Paper:
    edge: Edge = getattr(module, "EDGE", "internal")
    public: bool = getattr(module, "PUBLIC", False)
    if module.ABOUT not in get_args(Subject) or edge not in get_args(Edge) or (public and edge == "internal"):
        raise ValueError(f"{module.__name__}: ABOUT, EDGE or PUBLIC is not one of those that there are")
    return Paper(
        name=module.__name__.rpartition(".")[2],
        title=module.TITLE,
        group=module.GROUP,
        order=module.ORDER,
        about=module.ABOUT,
        format=getattr(module, "FORMAT", A4),
        edge=edge,
        public=public,
        asks=frozenset(getattr(module, "ASKS", ())),
        make=module.paper,
    )
