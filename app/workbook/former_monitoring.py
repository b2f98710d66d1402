"""Runs db/former_monitoring.py: once after an upgrade, and after every package, as an operation of its own."""

import contextlib
import json

from app.errors import CorruptFile
from app.workbook.workbook import Workbook
from db import former_monitoring
from db.schema.setting import Setting

TITLE = "监测情况单独成册"
_DONE = "former_monitoring"  # in table `setting`: this copy of the workbook was looked through once


def bring_over_once(workbook: Workbook) -> None:
    """`bring_over` after an upgrade; the next time this copy is opened nothing is looked through.

    A file that is damaged opens all the same, so that what can be read of it is saved; the next time it is tried again.
    """
    with contextlib.suppress(CorruptFile):
        with workbook.reading() as session:
            if session.get(Setting, _DONE) is not None:
                return
        with workbook.operation(TITLE) as session:
            former_monitoring.bring_over(session, former_monitoring.waiting_households(session))
            session.add(Setting(key=_DONE, value=json.dumps(True)))


def bring_over(workbook: Workbook) -> None:
    """Take over what former programs wrote and is not here yet, as one operation."""
    with workbook.reading() as session:
        waiting = former_monitoring.waiting_households(session)
    if waiting:
        with workbook.operation(TITLE) as session:
            former_monitoring.bring_over(session, waiting)
