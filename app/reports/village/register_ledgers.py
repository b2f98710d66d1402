"""The ledger of every register (app/registers): one report each, with a blank sheet to be filled in by hand."""

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
    """A report for each register, named after its key."""
    for n, register in enumerate(all_registers()):
        yield Report(
            name=report_name(register),
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


def report_name(register: Register) -> str:
    """The name of a register's ledger in commands and on the print page."""
    return f"{register.key}_ledger"


def _parameters(register: Register) -> Iterator[str]:
    yield "blank"
    if register.dated:
        yield "year"
    if has_numbers(register.ledger_fields):
        yield "full"
