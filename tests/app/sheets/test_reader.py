"""Opening files as they come: of all kinds, and those that are none."""

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.progress import run_to_completion
from app.sheets.errors import BrokenSheet, EncryptedSheet, MacroSheet, NoSheet, OversizedSheet
from app.sheets.reader import read
from app.sheets.sheet import Sheet, column_index, column_letters
from tests.app.sheets import sheet_files

SHEET1 = "xl/worksheets/sheet1.xml"


def opened(path: Path) -> tuple[Sheet, ...]:
    return run_to_completion(read(path))


def plain(folder: Path) -> Path:
    return sheet_files.xlsx(folder / "名册.xlsx", sheet_files.table([sheet_files.person()]))


def with_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def compound(*streams: str) -> bytes:
    """The magic number and a directory of an old-style compound file."""
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + directory


def test_xlsx_keeps_raw_kinds_in_their_places(tmp_path: Path) -> None:
    row = ["文字", 12, 2.5, 3.4082819810816837e17, True, date(2018, 8, 10), None, "末"]
    sheet = opened(sheet_files.xlsx(tmp_path / "a.xlsx", [row], title=""))[0]
    assert sheet.rows == (("文字", 12.0, 2.5, 3.4082819810816837e17, True, date(2018, 8, 10), "", "末"),)


def test_rows_keep_their_numbers_below_blank_ones(tmp_path: Path) -> None:
    sheet = opened(sheet_files.xlsx(tmp_path / "a.xlsx", [[], [], ["第四行"]]))[0]
    assert sheet.rows[3][0] == "第四行"


def test_parts_with_backslashes_and_capitals_are_read(tmp_path: Path) -> None:
    """As some programs of offices name them; hidden rows are still known."""
    usual = sheet_files.xlsx(tmp_path / "a.xlsx", [["姓名", "户编号"], ["陈卫国", "1"], ["陈小妹", "1"]])
    excel = openpyxl.load_workbook(usual)
    last = excel.active.max_row
    excel.active.row_dimensions[last].hidden = True
    excel.save(usual)
    odd = tmp_path / "b.xlsx"
    with zipfile.ZipFile(usual) as source, zipfile.ZipFile(odd, "w") as target:
        for name in source.namelist():
            target.writestr(name if name == "[Content_Types].xml" else name.replace("xl/", "Xl\\"), source.read(name))
    (sheet,) = opened(odd)
    assert sheet.rows[-1] == ("陈小妹", "1")
    assert sheet.hidden_rows == {last - 1}


def test_xls_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    xls_path = sheet_files.xls(tmp_path / "a.xls", [["姓名", "人数"], ["陈𬱖", 3]])
    for name in ("a.xlsx", "a.et", "名册.dat"):
        copy = tmp_path / name
        copy.write_bytes(xls_path.read_bytes())
        assert opened(copy)[0].rows[1][0] == "陈𬱖"


def test_several_sheets_without_the_hidden_and_the_empty(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["一"])
    book.create_sheet("空")
    hidden = book.create_sheet("选项")
    hidden.append(["不要"])
    hidden.sheet_state = "hidden"
    book.create_sheet("二").append(["二"])
    book.save(tmp_path / "a.xlsx")
    assert [sheet.rows for sheet in opened(tmp_path / "a.xlsx")] == [(("一",),), (("二",),)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_the_encodings_of_offices(tmp_path: Path, encoding: str, delimiter: str) -> None:
    cells = [["姓名", "备注"], ["刘𡐓", '他说“好”，\n换行;再"引"']]
    path = sheet_files.text(tmp_path / "a.csv", cells, encoding, delimiter)
    assert opened(path)[0].rows == tuple(map(tuple, cells))


def test_formulas_give_what_excel_last_computed(tmp_path: Path) -> None:
    path = sheet_files.xlsx(tmp_path / "a.xlsx", [["姓名", "=1+1", "=1+2", "=A1"]], title="")
    sheet_files.rewrite_zip_part(path, SHEET1, "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    sheet_files.rewrite_zip_part(path, SHEET1, '<c r="C1"><f>1+2</f><v></v>', '<c r="C1" t="str"><f>1+2</f><v></v>')
    sheet = opened(path)[0]
    assert sheet.rows[0][1] == 2
    assert sheet.formula_errors == {(0, 3): "公式没有算出结果"}


def test_errors_of_formulas_are_known(tmp_path: Path) -> None:
    path = sheet_files.xlsx(tmp_path / "a.xlsx", [["姓名", "#REF!"]], title="")
    assert opened(path)[0].formula_errors == {(0, 1): "公式的结果是错误"}


def test_coloured_cells_far_away_are_no_content(tmp_path: Path) -> None:
    path = plain(tmp_path)
    sheet_files.rewrite_zip_part(
        path, SHEET1, "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    )
    assert len(opened(path)[0].rows) == 3


def test_two_far_cells_abort_nobody(tmp_path: Path) -> None:
    path = plain(tmp_path)
    sheet_files.rewrite_zip_part(
        path, SHEET1, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    with pytest.raises(OversizedSheet, match=r"16384 列.*XFD1048576.*删去"):
        opened(path)


def test_far_cells_that_the_scan_cannot_see_abort_only_the_reader(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = plain(tmp_path)
    far = '<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row></sheetData>'
    sheet_files.rewrite_zip_part(path, SHEET1, "</sheetData>", far)
    with pytest.raises(OversizedSheet, match=r"没有导入.*另存为"):
        opened(path)
    assert capfd.readouterr().err == ""


def test_a_thousand_columns(tmp_path: Path) -> None:
    for path in (
        sheet_files.xlsx(tmp_path / "a.xlsx", [[f"列{n}" for n in range(1000)]]),
        sheet_files.text(tmp_path / "a.csv", [[f"列{n}" for n in range(1000)]]),
    ):
        with pytest.raises(OversizedSheet, match=r"有 1000 列.*名册最多 500 列"):
            opened(path)


def test_zip_bomb(tmp_path: Path) -> None:
    path = with_part(plain(tmp_path), "xl/worksheets/sheet9.xml", b"<c/>" * (10 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(OversizedSheet, match=r"展开后有 4. MB.*可能是有害文件"):
        opened(path)


def test_a_part_that_is_larger_than_the_archive_says(tmp_path: Path) -> None:
    path = with_part(plain(tmp_path), "xl/worksheets/sheet9.xml", b"<c/>" * (10 << 20))
    content, claimed = bytearray(path.read_bytes()), (4 << 10).to_bytes(4, "little")
    for signature, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):  # the part's own header, and the directory's
        start = content.rindex(signature) + at
        content[start : start + 4] = claimed
    path.write_bytes(content)
    with pytest.raises(BrokenSheet, match="已损坏或没有拷贝完整"):
        opened(path)


def test_zip_of_too_many_parts(tmp_path: Path) -> None:
    path = plain(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        for n in range(4001):
            archive.writestr(f"x{n}", b"")
    with pytest.raises(OversizedSheet, match=r"个部分"):
        opened(path)


def test_password(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(compound("EncryptionInfo", "EncryptedPackage"))
    with pytest.raises(EncryptedSheet, match=r"“a.xlsx”设了打开密码.*去掉密码"):
        opened(path)


def test_macros_in_new_and_old_files(tmp_path: Path) -> None:
    new = with_part(plain(tmp_path), "xl/vbaProject.bin", b"x")
    old = tmp_path / "b.xls"
    old.write_bytes(compound("Workbook", "_VBA_PROJECT_CUR"))
    for path in (new, old):
        with pytest.raises(MacroSheet, match=r"带有宏.*不带宏的 .xlsx"):
            opened(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "空文件"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "其实是网页"),
        (b"%PDF-1.7 ...", "不是表格文件"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "不是表格文件"),
        (compound("WordDocument"), "可能是 Word 文档"),
        (b"\n \n,,\n", "里面没有内容|里没有内容"),
    ],
)
def test_no_sheet_at_all(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(content)
    with pytest.raises(NoSheet, match=says):
        opened(path)


def test_documents_in_a_zip_are_no_sheets(tmp_path: Path) -> None:
    for part, says in (("word/document.xml", "不是表格文件"), ("xl/workbook.bin", "另存为"), ("content.xml", "另存为")):
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(part, "<x/>")
        with pytest.raises(NoSheet, match=says):
            opened(path)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "没有.xlsx", tmp_path):
        with pytest.raises(NoSheet, match=r"读不了文件"):
            opened(path)


def test_text_in_no_known_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("姓名".encode("gb18030") + b"\xff\xff\xff")
    with pytest.raises(BrokenSheet, match=r"无法识别的文字"):
        opened(path)


def test_every_truncation_is_a_sentence(tmp_path: Path) -> None:
    content = plain(tmp_path).read_bytes()
    for length in (4, 100, len(content) // 2, len(content) - 10):
        path = tmp_path / "截断.xlsx"
        path.write_bytes(content[:length])
        with pytest.raises(BrokenSheet, match=r"已损坏或没有拷贝完整"):
            opened(path)


def test_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    path = plain(tmp_path)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SHEET1)
        start = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    content = bytearray(path.read_bytes())
    content[start] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BrokenSheet):
        opened(path)


def test_a_file_that_does_not_say_which_part_is_which_sheet(tmp_path: Path) -> None:
    usual, odd = plain(tmp_path), tmp_path / "b.xlsx"
    for content in (b"", b"<Relationships>"):
        with zipfile.ZipFile(usual) as source, zipfile.ZipFile(odd, "w") as target:
            for name in source.namelist():
                target.writestr(name, content if name == "xl/_rels/workbook.xml.rels" else source.read(name))
        with pytest.raises(BrokenSheet, match=r"已损坏或没有拷贝完整"):
            opened(odd)


def test_an_old_file_cut_short(tmp_path: Path) -> None:
    path = sheet_files.xls(tmp_path / "a.xls", [["姓名"]])
    path.write_bytes(path.read_bytes()[:1200])
    with pytest.raises((BrokenSheet, NoSheet), match=r"没有拷贝完整|不是表格"):
        opened(path)


@pytest.mark.usefixtures("cold_processes")  # a warm one may have read the sheet before it is looked for
def test_cancelled_reading_leaves_no_process(tmp_path: Path) -> None:
    import multiprocessing

    before = set(multiprocessing.active_children())
    task = read(plain(tmp_path))
    next(task)
    next(task)
    assert len(multiprocessing.active_children()) == len(before) + 1
    task.close()
    assert set(multiprocessing.active_children()) == before


def test_letters_of_columns() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_index(column_letters(n)) == n for n in range(2000))
