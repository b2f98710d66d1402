"""工作专班情况表: what each 专班 has of tasks, problems and petitions, open, overdue and done, and of measures."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, Title
from app.pdf.page_style import A4_LANDSCAPE, CELL, LABEL
from app.records.field import options
from app.registers import get_register
from app.registers.engine.rows import RegisterRow, RowQuery, load_rows, row_ids
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.ledger import LedgerColumn, format_sum, ledger_table, signature_row
from app.reports.parameters import ReportParameters

TITLE = "工作专班情况表"
GROUP = "走访与整改"
ORDER = 95
SUBJECT = "village"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("year",)
_REGISTERS = {"work_task": "任务", "rectification": "问题", "petition": "信访"}
_MEASURES = "measure"
_STATES = ("在办", "超期", "办结")
_NONE = "没有写专班"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A line for each 专班, and one for what belongs to none where there is any; of a year, or of all."""
    selection = select_households(session, parameters)
    by_force = {key: _rows_by_force(session, key, parameters) for key in _REGISTERS}
    measures = _rows_by_force(session, _MEASURES, parameters)
    forces = [option.value for option in options("task_force")]
    if measures[""] or any(rows[""] for rows in by_force.values()):
        forces.append("")
    lines = [
        [force or _NONE, *_texts([rows[force] for rows in by_force.values()]), *_measure_texts(measures[force])]
        for force in forces
    ]
    columns = [
        LedgerColumn("工作专班", 30),
        *(LedgerColumn(f"{name}{state}", 17.5, "right") for name in _REGISTERS.values() for state in _STATES),
        LedgerColumn("帮扶措施", 18, "right"),
        LedgerColumn("补助金额（元）", 32, "right"),
    ]
    as_of = f"{parameters.year}年" if parameters.year else f"截至 {formatting.day(parameters.today)}"
    all_rows = [[row for found in rows.values() for row in found] for rows in by_force.values()]
    return [
        Title(f"{selection.village}{TITLE}", as_of),
        selection.header_line(f"共 {sum(len(rows) for rows in all_rows)} 件"),
        ledger_table(
            columns,
            lines,
            body_style=CELL,
            header_style=LABEL,
            min_height=10,
            total=[" ", *_texts(all_rows), *_measure_texts([row for rows in measures.values() for row in rows])],
        ),
        signature_row("填表人", "审核人"),
    ]


def _rows_by_force(session: Session, key: str, parameters: ReportParameters) -> defaultdict[str, list[RegisterRow]]:
    register = get_register(key)
    found: defaultdict[str, list[RegisterRow]] = defaultdict(list)
    ids = row_ids(session, register, RowQuery(year=parameters.year))
    for row in load_rows(session, register, ids, parameters.today):
        found[str(row.values["task_force"] or "")].append(row)
    return found


def _texts(groups: Sequence[Sequence[RegisterRow]]) -> list[str]:
    return [text for rows in groups for text in _figures(rows)]


def _measure_texts(rows: Sequence[RegisterRow]) -> list[str]:
    """How many, and what they came to."""
    amounts = (amount for row in rows if isinstance(amount := row.values["amount"], Decimal))
    return [str(len(rows)), format_sum(amounts)]


def _figures(rows: Sequence[RegisterRow]) -> Iterator[str]:
    """How many wait, how many of them past their day, how many have come to their end."""
    waiting = [row for row in rows if row.progress.next is not None]
    yield str(len(waiting))
    yield str(sum(row.progress.overdue for row in waiting))
    yield str(len(rows) - len(waiting))
