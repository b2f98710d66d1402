"""A pasted block that brings its own heading is taken as a sheet is: its rows find their records themselves."""

from app.cell_edits.clipboard_block import Block, parse_block
from app.progress import Progress, Task
from app.registers.engine.register import Register
from app.sheets.register_layout import RegisterHeader, RegisterLayout, compared_tables, find_header, layouts
from app.sheets.register_preview import RegisterPreview
from app.sheets.register_rows import SheetComparison
from app.sheets.sheet import Sheet
from app.sheets.written_sheet import WrittenList
from app.workbook.workbook import Workbook
from db.journal.changes import last_seq

_NAME = "粘贴的内容"
_STEP = 200


def has_heading(register: Register, text: str) -> bool:
    """Whether a text for the cells of a list begins with a line of its headings, and has rows below it."""
    return heading_of(register, parse_block("\n".join(text.splitlines()[:2]))) is not None


def heading_of(register: Register, block: Block) -> RegisterHeader | None:
    """The heading that a block begins with, None where its first line is none."""
    header = find_header(_sheet(block[:2]), RegisterLayout(register)) if len(block) > 1 else None
    return header if header is not None and header.row == 0 else None


def preview_headed_block(workbook: Workbook, register: Register, text: str) -> Task[RegisterPreview]:
    """What taking the rows below the heading of a pasted text in would do. Writes nothing."""
    block = parse_block(text)
    header = heading_of(register, block)
    assert header is not None
    with workbook.reading() as session:
        comparison = SheetComparison(session, WrittenList())
        for n, _ in enumerate(comparison.add(_sheet(block), header)):
            if n % _STEP == 0:
                yield Progress(n, len(block), "核对粘贴的内容")
        comparison.finish(layouts(register))
        return comparison.preview(register.key, register.title, compared_tables(register), _NAME, last_seq(session))


def _sheet(block: Block) -> Sheet:
    return Sheet(_NAME, tuple(block))
