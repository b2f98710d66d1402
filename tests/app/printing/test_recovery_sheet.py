"""The recovery sheet: the code in words and as a sign, and no copy where it cannot be written."""

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
import segno

from app.errors import UserError
from app.printing.recovery_sheet import write
from app.workbook.keyring import new_recovery_code
from tests import pdf_reader


def _write(out: Path, code: str) -> Path:
    return write(
        out, workbook_name="石桥村.hdb", village="石桥村", operator="王书记", code=code, made_on=date(2018, 8, 10)
    )


def test_the_code_is_on_the_page_as_it_is_typed(tmp_path: Path) -> None:
    code = new_recovery_code()
    (text,) = pdf_reader.page_texts(_write(tmp_path / "恢复单.pdf", code))
    for group in code.split("-"):
        assert group in text
    for expected_texts in ("石桥村.hdb", "王书记", "2018年8月10日", "保险柜"):
        assert expected_texts in text


def test_the_sign_holds_the_code(tmp_path: Path) -> None:
    code = new_recovery_code()
    out = _write(tmp_path / "恢复单.pdf", code)
    document = pypdfium2.PdfDocument(out)
    image = document[0].render(scale=4).to_pil().convert("L")
    document.close()
    expected_modules = [bytes(row) for row in segno.make(code, error="q", micro=False).matrix]
    dark = [(x, y) for y in range(image.height) for x in range(image.width // 3, 2 * image.width // 3, 2)
            if image.getpixel((x, y)) < 64]  # fmt: skip
    side = 46 * 72 / 25.4 * 4
    left_edge = (25 + (170 - 46) / 2) * 72 / 25.4 * 4
    top = min(
        y
        for x, y in dark
        if abs(x - left_edge) < 6 and all(image.getpixel((int(left_edge) + n, y + 3)) < 64 for n in range(4, 60))
    )
    step = side / len(expected_modules)
    printed_modules = [
        bytes(
            image.getpixel((int(left_edge + (x + 0.5) * step), int(top + (y + 0.5) * step))) < 128
            for x in range(len(expected_modules))
        )
        for y in range(len(expected_modules))
    ]
    assert printed_modules == expected_modules


def test_a_place_that_cannot_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="不能写到"):
        _write(tmp_path / "file" / "x.pdf", new_recovery_code())
