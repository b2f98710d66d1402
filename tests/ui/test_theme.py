"""The colours can be read: contrasts as WCAG 2.2 computes them, in both schemes."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette

from ui.shell.theme import DARK, LIGHT, apply_theme, style_sheet, tokens
from ui.widgets.icons import icon

GROUNDS = ("ground", "surface", "raised")
TEXT, EDGE = 5.5, 3.0
TEXTS = [
    *((ink, ground) for ink in ("ink", "quiet") for ground in (*GROUNDS, "accent_soft")),
    ("ink", "selection"),
    *((state, ground) for state in ("good", "warn", "bad", "info", "accent") for ground in GROUNDS),
    *((state, f"{state}_soft") for state in ("good", "warn", "bad", "info", "accent")),
    ("on_accent", "accent"),
]


def luminance(colour):
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_is_the_standards():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_edges_stand_out(scheme):
    weak = {
        f"{text} on {ground}": round(contrast(getattr(scheme, text), getattr(scheme, ground)), 2)
        for text, ground in TEXTS
        if contrast(getattr(scheme, text), getattr(scheme, ground)) < TEXT
    }
    assert weak == {}
    assert [ground for ground in GROUNDS if contrast(scheme.edge, getattr(scheme, ground)) < EDGE] == []


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_knows_no_other_colours(scheme):
    of_the_scheme = {value for name in scheme.__slots__ if (value := getattr(scheme, name)).startswith("#")}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", style_sheet(scheme))) <= of_the_scheme
    pictures = re.findall(r"url\((.+?)\)", style_sheet(scheme))
    assert pictures
    assert [path for path in pictures if not Path(path).exists()] == []


def test_palette_and_icons_follow_the_scheme(qapp):
    try:
        apply_theme(qapp, DARK)
        assert tokens() is DARK
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.ground)
        dark = icon("today").pixmap(32, 32).toImage()
        apply_theme(qapp, LIGHT)
        light = icon("today").pixmap(32, 32).toImage()
    finally:
        apply_theme(qapp)
    assert dark != light
