"""One file a paper: what is printed beside the archives. A file here is a paper; the folder is walked.

A paper's module says

- KEY: what commands and routes name it by; the name of its file where it says nothing;
- TITLE, ORDER, GROUP: how the print page lists it;
- SUBJECT: "household" (one printing a household), "village" (one printing about all or chosen households), "round",
  "helper" or "package";
- FORMAT: a sheet of app/pdf/page_style.py, A4 upright where it says nothing;
- FRAME: what stands around the text, see `Paper`; "internal" where it says nothing;
- PUBLIC: it is posted or given away: no number of a person, nothing of health or hardship, no child;
- PARAMETERS: which attributes of `ReportParameters` the officer is asked for;
- `build(session, parameters)`: its blocks.

A module with `reports()` instead gives one report for each of several things (register_ledgers.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Literal, get_args

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable
from app.pdf.page_style import A4, PageFormat
from app.reports.parameters import ReportParameters

ReportSubject = Literal["household", "village", "round", "helper", "package"]
FrameStyle = Literal["internal", "plain", "official", "bare"]
GROUPS = ("卡片", "台账", "四净两规范", "走访与整改", "公示", "其他")


@dataclass(frozen=True, slots=True)
class Report:
    """One report.

    Attributes:
        name: of its module
        frame: "internal" says at the foot that it must not be passed on, who printed it and when; "plain" only numbers
            the pages; "official" numbers them as GB/T 9704 does; "bare" prints nothing there
    """

    name: str
    title: str
    group: str
    order: int
    subject: ReportSubject
    format: PageFormat
    frame: FrameStyle
    public: bool
    parameters: frozenset[str]
    build: Callable[[Session, ReportParameters], Sequence[Flowable]]


@cache
def all_reports() -> tuple[Report, ...]:
    """Every paper, group by group, by its ORDER."""
    modules = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    reports = [report for module in modules for report in _load_reports(module)]
    return tuple(sorted(reports, key=lambda report: (GROUPS.index(report.group), report.order, report.name)))


def get_report(name: str) -> Report:
    """One paper by the name of its module.

    Raises:
        KeyError: there is none
    """
    for report in all_reports():
        if report.name == name:
            return report
    raise KeyError(name)


def _load_reports(module: ModuleType) -> Iterable[Report]:
    if hasattr(module, "reports"):
        generated: Iterable[Report] = module.reports()
        return generated
    return (_load_report(module),)


def _load_report(module: ModuleType) -> Report:
    frame: FrameStyle = getattr(module, "FRAME", "internal")
    public: bool = getattr(module, "PUBLIC", False)
    if (
        module.SUBJECT not in get_args(ReportSubject)
        or frame not in get_args(FrameStyle)
        or (public and frame == "internal")
    ):
        raise ValueError(f"{module.__name__}: SUBJECT, FRAME or PUBLIC has an unknown value")
    return Report(
        name=getattr(module, "KEY", module.__name__.rpartition(".")[2]),
        title=module.TITLE,
        group=module.GROUP,
        order=module.ORDER,
        subject=module.SUBJECT,
        format=getattr(module, "FORMAT", A4),
        frame=frame,
        public=public,
        parameters=frozenset(getattr(module, "PARAMETERS", ())),
        build=module.build,
    )
