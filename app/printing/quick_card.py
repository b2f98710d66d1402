"""The quick card: one sheet with the rules and the keys that are used every day, from the manual's own tables."""

from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from app.desktop.program import version
from app.help.manual import CONTENTS, key_tables, plain_text, sections
from app.pdf.flowables import Flowable, Paragraph, Spacer, Title
from app.pdf.page_style import CAPTION, HEADING, LINE_TEXT, SMALL, SMALL_LABEL
from app.pdf.plain_document import write_plain_document
from app.pdf.table import Cell, Table, TableRow
from app.printing.atomic_output import StagedOutput

RULES_HEADING = "五条规矩"
EVERYWHERE, SCORE_SHEET, REGISTERS, HOUSEHOLDS = "任何时候", "评分表上", "台账页", "农户"
_TABLES = (EVERYWHERE, HOUSEHOLDS, REGISTERS, SCORE_SHEET)
_PAIRS = 4  # keys beside each other
_WIDTHS = (19, 24) * _PAIRS


def write_quick_card(out: Path) -> Path:
    """Write the card as a PDF.

    Raises:
        UserError: the place cannot be written to, or the program lacks its manual
    """
    with StagedOutput(out.parent) as staged:
        with staged.file(out.name) as file:
            _draw(file)
        staged.commit()
    return out


def quick_card() -> bytes:
    """The card's PDF, for a printer."""
    file = BytesIO()
    _draw(file)
    return file.getvalue()


def _draw(file: BinaryIO) -> None:
    flowables: list[Flowable] = [Title("驻村户档快捷卡", f"版本 {version()}　详见软件中的使用手册（F1）")]
    flowables += _rules()
    tables = key_tables()
    shown: set[tuple[str, str]] = set()
    for heading in _TABLES:
        # pages have a chord of three keys each: the palette (Ctrl+/) is quicker
        rows = [row for row in tables.get(heading, ()) if "," not in row[0] and row not in shown]
        shown.update(rows)
        flowables += [Spacer(2), Paragraph(heading, HEADING), _key_table(rows)]
    flowables += [Spacer(2), Paragraph("未列出的页面和命令：按 Ctrl+/ 输入几个字或拼音首字母。", CAPTION)]
    write_plain_document(file, "驻村户档快捷卡", "", flowables)


def _rules() -> list[Flowable]:
    text = next((section.text for section in sections(CONTENTS) if section.heading == RULES_HEADING), "")
    return [Paragraph(plain_text(line), LINE_TEXT) for line in text.splitlines() if line.strip()]


def _key_table(rows: list[tuple[str, str]]) -> Table:
    lines = [rows[n : n + _PAIRS] for n in range(0, len(rows), _PAIRS)]
    return Table(
        _WIDTHS,
        [
            TableRow(
                [
                    cell
                    for key, label in [*line, *[("", "")] * (_PAIRS - len(line))]
                    for cell in (Cell(key, SMALL_LABEL, shaded=bool(key)), Cell(label, SMALL))
                ],
                min_height=4,
            )
            for line in lines
        ],
    )
