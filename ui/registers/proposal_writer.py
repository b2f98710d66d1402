"""Writing what the program proposes to a register, and saying what was left as it was typed."""

from collections.abc import Callable
from datetime import date
from functools import partial

from app.county.yearly_standards import KIND as STANDARDS
from app.figures.proposals import Proposal
from ui.shell.page import Page
from ui.widgets.short_answer import ask_number

_MOST_TOLD = 2  # sentences of what was left
_FIRST_YEAR = 2000


def write_proposal(page: Page, work: Callable[[], Proposal]) -> None:
    """Write it in the background; the status bar tells how much was written."""
    page.context.write(work, partial(_tell, page), message="")


def ask_year(page: Page, title: str) -> int:
    """A year, the present one proposed; 0 where the question was dismissed."""
    this_year = date.today().year
    return ask_number(page, title, "哪一年？", this_year, _FIRST_YEAR, this_year) or 0


def _tell(page: Page, proposal: Proposal) -> None:
    told = f"按户档写入 {proposal.written} 项" if proposal.written else "没有要写入的，已有的内容没有改动"
    if proposal.kept:
        some = "；".join(proposal.kept[:_MOST_TOLD])
        more = "等" if len(proposal.kept) > _MOST_TOLD else ""
        told += f"；{len(proposal.kept)} 项没有写：{some}{more}"
    if proposal.line_year:
        page.context.status_bar.offer(f"{told}。", "录入标准", partial(open_line, page, proposal.line_year))
    else:
        page.context.status_bar.info(f"{told}。")


def open_line(page: Page, year: int) -> None:
    """Where the line of the county of a year is entered."""
    page.context.open("county", kind=STANDARDS, year=year)
