"""Runs db/former_monitoring.py: once after an upgrade, and after every package, as an operation of its own."""

import json

from app.workbook.roles import ENTER
from app.workbook.workbook import Workbook
from db import former_monitoring
from db.schema.setting import Setting

TITLE = "监测情况单独成册"
_DONE = "former_monitoring"  # in table `setting`: this copy of the workbook was looked through once


def nothing_to_bring_over() -> Setting:
    """What says so in a new workbook: opening it reads nothing, also where it is damaged."""
    return Setting(key=_DONE, value=json.dumps(True))


def bring_over_once(workbook: Workbook) -> None:
    """`bring_over` after an upgrade; the next time this copy is opened nothing is looked through."""
    with workbook.reading() as session:
        if session.get(Setting, _DONE) is not None or not workbook.may(ENTER):
            return  # done, or left to the next who may write
    with workbook.operation(TITLE) as session:
        former_monitoring.bring_over(session, former_monitoring.waiting_households(session))
        session.add(nothing_to_bring_over())


def bring_over(workbook: Workbook) -> None:
    """Take over what former programs wrote and is not here yet, as one operation."""
    with workbook.reading() as session:
        waiting = former_monitoring.waiting_households(session)
    if waiting:
        with workbook.operation(TITLE) as session:
            former_monitoring.bring_over(session, waiting)
