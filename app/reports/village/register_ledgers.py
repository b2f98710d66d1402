"""The ledgers of every register (app/registers): one report each, with a blank sheet to be filled in by hand."""

from collections.abc import Iterator
from functools import partial

from app.pdf.page_style import A4, A4_LANDSCAPE
from app.registers import all_registers
from app.registers.engine.register import Register
from app.reports.register_ledger import has_numbers, village_ledger
from app.reports.village import Report

_GROUP = "台账"
_ORDER = 1000  # after the ledgers with modules of their own


def reports() -> Iterator[Report]:
    """A report for each ledger of each register, named after the register."""
    for n, register in enumerate(printed for one in all_registers() for printed in one.printings):
        yield Report(
            name=register.ledger_report,
            title=register.ledger_title,
            group=_GROUP,
            order=_ORDER + n,
            subject="village",
            format=A4_LANDSCAPE if register.ledger.landscape else A4,
            frame="internal",
            public=False,
            parameters=frozenset(_parameters(register)),
            build=partial(village_ledger, register),
        )


def _parameters(register: Register) -> Iterator[str]:
    yield "blank"
    if register.dated:
        yield "year"
        if register.field(register.dated).kind in ("date", "month"):
            yield "month"
    if has_numbers(register.ledger_fields):
        yield "full"
