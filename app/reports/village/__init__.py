"""The reports printed beside the archives, one module each; the folder is walked.

The module of a report defines

- KEY: its name in commands, routes and records, by default the name of the module;
- TITLE, ORDER, GROUP: how the print page lists it;
- SUBJECT: "household" (one printing for each household), "village" (one printing of all or chosen households),
  "round", "helper", "package", "entry" (of a form about the village), "row" (of a register), "view" (of a list),
  "comparison" (a kind of list of another office), "attachment" or "month" (of the team's attendance);
- FORMAT: a page format of app/pdf/page_style.py, by default A4 portrait;
- FRAME: what is printed around the text, see `Report`, by default "internal";
- PUBLIC: it is posted or handed out: no personal numbers, nothing about health or hardship, no children;
- LIST: the key of the list that it can print as a page shows it, with `ReportParameters.view`;
- PARAMETERS: the attributes of `ReportParameters` that the officer is asked for;
- `build(session, parameters)`: its flowables, none if there is nothing to print.

A module with `reports()` instead defines several reports, one for each of several things (register_ledgers.py).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Literal, get_args

from sqlalchemy.orm import Session

from app.list_views.stored_form import decode_for_printing
from app.pdf.flowables import Flowable
from app.pdf.page_style import A4, PageFormat
from app.reports.era import Terms
from app.reports.parameters import ReportParameters

ReportSubject = Literal[
    "household", "village", "round", "helper", "package", "entry", "row", "view", "comparison", "attachment", "month"
]
FrameStyle = Literal["internal", "plain", "official", "bare"]
GROUPS = ("卡片", "台账", "单据", "四净两规范", "走访与整改", "空白表", "公示", "其他")


@dataclass(frozen=True, slots=True)
class Report:
    """One report.

    Attributes:
        name: its KEY, or the name of its module
        frame: "internal" prints at the foot that it is confidential, who printed it and when; "plain" only numbers the
            pages; "official" numbers them as GB/T 9704 does; "bare" prints nothing
        register: the key of the register whose row it is about
        list_key: of the list that it can print as a page shows it
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
    register: str = ""
    list_key: str = ""

    def called(self, words: Terms) -> str:
        """Its title in the words of an era."""
        return words.relabel(self.title)

    def asked_about(self, view: str) -> ReportSubject:
        """What it is to be printed about; `view`: a list that a page wants printed as it shows it, "" for none."""
        is_its_list = bool(view and self.list_key) and decode_for_printing(view)[0] == self.list_key
        return "view" if is_its_list else self.subject


@cache
def all_reports() -> tuple[Report, ...]:
    """Every report, group by group, by its ORDER."""
    modules = [import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__)]
    reports = [report for module in modules for report in _load_reports(module)]
    return tuple(sorted(reports, key=lambda report: (GROUPS.index(report.group), report.order, report.name)))


def get_report(name: str) -> Report:
    """One report by its name.

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
        list_key=getattr(module, "LIST", ""),
    )
