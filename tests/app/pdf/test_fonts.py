import io
import json
import os
import re
import subprocess
import sys
import threading
import unicodedata

import pypdf
import pypdfium2
import pytest
from reportlab.pdfbase import pdfmetrics

import resources
from app.pdf import fonts
from app.pdf.canvas import PageCanvas
from app.pdf.document import PdfDocument

TABLE = resources.read("fonts", "fonts")
FONTS = {**TABLE["styles"], **TABLE["rare"]}
# Extensions A, E, C, G are in song or rare_gh; U+20001 (B) and U+2CEB2 (F) only in rare_bf; U+31350 is of extension H.
RARE_NAMES = "张㛃 王䶮 李𬱖 赵𫖯 陈𬭚 刘𰻝 买买提·阿卜杜〇 " + "".join(map(chr, (0x20001, 0x2CEB2, 0x30EDD, 0x31350)))
UNASSIGNED = chr(0x2FFFD)


def draw_text(text: str, style: str, size: float = 12) -> bytes:
    buffer = io.BytesIO()
    file = PdfDocument(buffer, "字", "测试")
    canvas = PageCanvas(file, 595, 842)
    canvas.draw_runs(40, 780, tuple(fonts.split_runs(text, style)), size)
    canvas.finish()
    file.close()
    return buffer.getvalue()


def by_pypdf(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def by_pdfium(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


READERS = pytest.mark.parametrize("read", [by_pypdf, by_pdfium])


@READERS
@pytest.mark.parametrize("style", TABLE["styles"])
def test_a_rare_name_can_be_copied_from_the_page(style, read):
    assert fonts.missing_characters(RARE_NAMES) == []
    read_text = read(draw_text(RARE_NAMES, style))
    assert re.sub(r"\s", "", read_text) == RARE_NAMES.replace(" ", "")


@READERS
def test_more_rare_characters_than_one_subset_holds_can_be_copied(read):
    text = "".join(chr(code) for code in range(0x20000, 0x20000 + 400))
    read_text = re.sub(
        r"\s", "", "".join(read(draw_text(text[start : start + 40], "song")) for start in range(0, 400, 40))
    )
    assert read_text == text
    assert set(re.sub(r"\s", "", read(draw_text(text, "song", size=1)))) == set(text)


def test_a_character_that_no_font_has_is_named_before_printing_and_spelt_on_paper():
    assert fonts.missing_characters("张三" + UNASSIGNED + "𐓕" + UNASSIGNED) == ["𐓕", UNASSIGNED]
    assert "".join(piece for _, piece in fonts.split_runs("张" + UNASSIGNED, "kai")) == "张〔U+2FFFD〕"
    assert fonts.missing_characters("\ud800") == ["\ud800"]
    assert "".join(piece for _, piece in fonts.split_runs("\ud800", "song")) == "〔U+D800〕"


@pytest.mark.parametrize(
    "mark", ["\0", "\x1b", "\x7f", "\u200b", "\u200e", "\u202e", "\u2066", "\ufe0f", "\ufeff", "\U000e0100"]
)
def test_control_and_format_characters_vanish(mark):
    assert fonts.missing_characters(f"张{mark}三") == []
    assert fonts.split_runs(f"张{mark}三", "song") == [("hudang-song", "张三")]
    assert fonts.split_runs(mark, "song") == []


def test_breaks_and_tabs_are_spaces_in_a_run():
    assert fonts.split_runs("一\r\n二\t三", "song") == [("hudang-song", "一 二 三")]


def test_a_text_of_one_font_is_one_run():
    assert fonts.split_runs("户主姓名", "hei_bold") == [("hudang-hei_bold", "户主姓名")]
    assert fonts.split_runs("", "hei") == []


def test_only_what_a_text_needs_is_loaded():
    code = (
        "from app.pdf import fonts; from reportlab.pdfbase import pdfmetrics;"
        "fonts.split_runs('张三', 'kai'); fonts.split_runs('李四', 'kai');"
        "print([n for n in pdfmetrics.getRegisteredFontNames() if n.startswith('hudang')]);"
        "print(fonts._coverage.cache_info().currsize)"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=resources.ROOT.parent, capture_output=True, text=True, check=True
    )
    assert process.stdout.split() == ["['hudang-kai']", "1"]


def test_two_threads_write_the_same_pages_as_one():
    text = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 600)) + RARE_NAMES
    expected = by_pdfium(draw_text(text, "song", size=2))
    read_text: list[str] = []

    def write() -> None:
        read_text.extend(by_pdfium_locked(draw_text(text, "song", size=2)) for _ in range(3))

    lock = threading.Lock()

    def by_pdfium_locked(pdf: bytes) -> str:
        with lock:
            return by_pdfium(pdf)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_text == [expected] * 9


@pytest.mark.parametrize("key", FONTS)
def test_every_font_loads_and_draws_each_hanzi_it_claims(key):
    font = pdfmetrics.getFont(fonts._register(key))
    coverage = fonts._coverage(key)
    claimed = [one for one in map(chr, fonts._cmap_codepoints(fonts._font_path(key))) if one in coverage]
    assert len(claimed) > 5000
    blank = []
    for character in claimed:
        if unicodedata.category(character) != "Zs":
            glyph = font.face.charToGlyph[ord(character)]
            if font.face.glyphPos[glyph] == font.face.glyphPos[glyph + 1]:
                blank.append(character)
    assert blank == []


@pytest.mark.parametrize("style", TABLE["styles"])
def test_every_style_has_ascii_gb2312_and_the_boxes_of_forms(style):
    rows = [bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    hanzi = {code.decode("gb2312", "ignore") for code in rows} - {""}
    assert len(hanzi) == 6763
    ascii_ = {chr(code) for code in range(0x20, 0x7F)}
    wanted = hanzi | ascii_ | set("·☑☐☒✓¥—…“”‘’《》〔〕①②③④⑤⑥⑦⑧⑨⑩↑↓→,。、();:()℃〇")
    assert [one for one in sorted(wanted) if one not in fonts._coverage(style)] == []
    assert fonts.missing_characters("㎡²³½¥−⑳✔") == []


def test_the_chain_has_all_of_gb18030_and_what_the_decision_page_says_of_later_blocks():
    characters = (
        *range(0x4E00, 0xA000), *range(0x3400, 0x4DC0), *range(0x20000, 0x2A6E0), *range(0x2A700, 0x2B73A),
        *range(0x2B740, 0x2B81E), *range(0x2B820, 0x2CEA2), *range(0x2CEB0, 0x2EBE1),
        *map(ord, "﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"),
    )  # fmt: skip
    assert fonts.missing_characters("".join(map(chr, characters))) == []
    later_blocks = {"G": (0x30000, 0x3134B), "H": (0x31350, 0x323B0), "I": (0x2EBF0, 0x2EE5E)}
    missing_counts = {
        name: len(fonts.missing_characters("".join(map(chr, range(*block))))) for name, block in later_blocks.items()
    }
    assert missing_counts == {"G": 1894, "H": 1921, "I": 622}


@pytest.mark.parametrize("key", FONTS)
def test_every_font_has_its_licence_beside_it(key):
    assert (resources.ROOT / "fonts" / FONTS[key]["licence_text"]).stat().st_size > 1000


def test_the_paper_and_the_styles_agree():
    assert fonts.font_styles()["fangsong"] == "仿宋"
    assert [entry["file"] for entry in FONTS.values() if not (resources.ROOT / "fonts" / entry["file"]).is_file()] == []
    with pytest.raises(KeyError):
        fonts.split_runs("张", "comic")


def test_the_window_finds_every_family():
    code = """
import json, sys
from PySide6.QtGui import QFontDatabase, QGuiApplication
application = QGuiApplication([])
print(json.dumps([QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(f)) for f in sys.argv[1:]]))
"""
    files = [str(resources.ROOT / "fonts" / entry["file"]) for entry in FONTS.values()]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", code, *files]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(process.stdout.splitlines()[-1]) == [[entry["family"]] for entry in FONTS.values()]
