"""Which cell styles of an .xlsx strike the text through: an officer's way to take somebody off a list."""

import zipfile
from xml.etree.ElementTree import Element

from app.sheets.part_names import parts_of


def struck_style_numbers(archive: zipfile.ZipFile) -> frozenset[bytes]:
    """Numbers of the styles whose font is struck through, as cells write them; none where the styles cannot be read."""
    from defusedxml.ElementTree import fromstring

    try:
        content = archive.read(parts_of(archive)["xl/styles.xml"])
        if b"strike" not in content:
            return frozenset()
        root = fromstring(content)
    except (KeyError, ValueError, SyntaxError):
        return frozenset()
    fonts = [_is_struck(font) for font in _children(root, "fonts")]
    numbers = [
        str(number).encode()
        for number, style in enumerate(_children(root, "cellXfs"))
        if (font := style.get("fontId", "")).isdigit() and int(font) < len(fonts) and fonts[int(font)]
    ]
    return frozenset(numbers)


def _children(root: Element, name: str) -> list[Element]:
    return [child for part in root if part.tag.rpartition("}")[2] == name for child in part]


def _is_struck(font: Element) -> bool:
    return any(part.tag.rpartition("}")[2] == "strike" and part.get("val", "1") not in ("0", "false") for part in font)
