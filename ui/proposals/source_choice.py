"""From a proposal, or a figure that was taken over, to the rows of the registers behind it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.register_proposals.origins import OriginRow
from ui.shell.page import AppContext
from ui.widgets.short_answer import ask_option


def open_origin(context: AppContext, parent: QWidget, rows: Sequence[OriginRow]) -> None:
    """Open the page of the register at the row; of several the officer chooses one."""
    if not rows:
        context.status_bar.info("这一项是填写的，或带入以后台账里的记录已撤回。")
        return
    titles = [f"{n}. {row.title}" for n, row in enumerate(rows, 1)] if len(rows) > 1 else []
    chosen = ask_option(parent, "看台账", "看哪一条？", titles) if titles else ""
    if titles and not chosen:
        return
    row = rows[titles.index(chosen)] if titles else rows[0]
    context.open(row.register, record=row.record_id)
