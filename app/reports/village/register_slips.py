"""The papers of single rows of the registers (app/registers): 请假条, 交办单, 发放花名册, 签到表."""

from collections.abc import Iterator
from functools import partial

from app.pdf.page_style import A4
from app.registers import all_registers
from app.registers.engine.register import Register, Slip
from app.reports.register_ledger import has_numbers
from app.reports.register_slip import row_slip
from app.reports.village import Report

_GROUP = "单据"


def reports() -> Iterator[Report]:
    """A report for each slip, named after its register."""
    for n, register in enumerate(all_registers()):
        for place, slip in enumerate(register.slips):
            yield Report(
                name=register.slip_report(slip),
                title=slip.title,
                group=_GROUP,
                order=10 * n + place,
                subject="row",
                format=A4,
                frame="plain",
                public=slip.public,
                parameters=frozenset(_parameters(register, slip)),
                build=partial(row_slip, register, slip),
                register=register.key,
            )


def _parameters(register: Register, slip: Slip) -> Iterator[str]:
    yield "title"
    if slip.public:
        yield from ("days", "phone")
        return
    yield "blank"
    if has_numbers(register.fields(slip.columns)):
        yield "full"
