"""The colours can be read: contrasts as WCAG 2.2 computes them, in both schemes."""

import re
from collections import Counter
from pathlib import Path

import pytest
from PIL import ImageQt
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtWidgets import QApplication

from db.schema.household import Household
from tests.ui.conftest import wait_until_idle
from ui.shell.theme import DARK, LIGHT, apply_theme, chosen_appearance, style_sheet, tokens
from ui.widgets.bar_chart import BarChart, BarRow
from ui.widgets.chip_painter import urgency_colours
from ui.widgets.icons import icon
from ui.widgets.large_button import LargeButton

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


def test_the_page_on_the_look_says_the_colours_that_are_used():
    page = (Path(__file__).parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| (#\w{6}) \| (#\w{6}) \|", page, re.MULTILINE)
    used = [(name, getattr(LIGHT, name), getattr(DARK, name)) for name in LIGHT.__slots__ if name != "icons"]
    assert sorted(told) == sorted(used)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_chips_and_bars_are_read_in_both_schemes(qapp, scheme):
    try:
        apply_theme(qapp, scheme)
        chips = {urgency: urgency_colours(urgency) for urgency in ("bad", "warn", "quiet")}
        weak = {
            f"{urgency} on {ground}"
            for urgency, (text, own_ground) in chips.items()
            for ground in ([own_ground] if own_ground else [getattr(scheme, one) for one in (*GROUNDS, "selection")])
            if contrast(text, ground) < 4.5
        }
        assert weak == set()
        bar = BarChart("bars", "户类型")
        bar.show_bars([BarRow("脱贫户", 1, "40 户"), BarRow("低保户", 0.2, "8 户")])
        bar.resize(400, 80)
        shown = ImageQt.fromqimage(bar.grab().toImage()).convert("RGB")
        colours = {f"#{r:02X}{g:02X}{b:02X}" for _, (r, g, b) in shown.getcolors(maxcolors=32000)}
        assert {scheme.accent, scheme.surface} <= colours
        assert contrast(scheme.accent, scheme.surface) >= 4.5
    finally:
        apply_theme(qapp)


def test_no_colour_is_written_outside_the_tokens():
    """Charts, chips and delegates ask for the tokens, so that both schemes hold for them too."""
    root = Path(__file__).parents[2] / "ui"
    strangers = [
        f"{path.name}: {found}"
        for path in root.rglob("*.py")
        if path.name not in ("theme.py", "qr_widget.py")
        for found in re.findall(r"[\"']#[0-9A-Fa-f]{3,8}[\"']", path.read_text(encoding="utf-8"))
    ]
    assert strangers == []


def test_the_menu_chooses_light_or_dark_and_it_is_kept(qtbot, window, desktop_scheme):
    choose = {name: window.findChild(QAction, f"appearance_{name}") for name in ("desktop", "light", "dark")}
    try:
        assert choose["desktop"].isChecked()
        choose["dark"].trigger()
        assert tokens() is DARK
        desktop_scheme(Qt.ColorScheme.Light)
        assert tokens() is DARK  # what was chosen stands, whatever the desktop says later
        assert chosen_appearance() == "dark"
        choose["light"].trigger()
        assert tokens() is LIGHT
    finally:
        choose["desktop"].trigger()
    desktop_scheme(Qt.ColorScheme.Dark)
    assert tokens() is DARK


@pytest.fixture
def desktop_scheme(qapp):
    """Says, as the desktop does while the program runs, that it is light or dark now."""
    change = qapp.styleHints().colorSchemeChanged.emit
    yield change
    change(Qt.ColorScheme.Light)


def colours_of(window):
    """Colour → how many pixels of the window have it."""
    picture = ImageQt.fromqimage(window.grab().toImage()).convert("RGB")
    return Counter({colour: count for count, colour in picture.getcolors(maxcolors=picture.width * picture.height)})


def rgb(colour):
    return tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))


@pytest.mark.parametrize("name", ["today", "households", "household", "small_loan", "settings"])
def test_a_desktop_that_turns_dark_turns_the_open_window_dark(qtbot, window, desktop_scheme, name):
    window.open(name, household=Household.id_of("340828100101001"))
    wait_until_idle(qtbot, window)
    desktop_scheme(Qt.ColorScheme.Light)
    light = colours_of(window)
    assert light[rgb(LIGHT.surface)] + light[rgb(LIGHT.ground)] > 100_000
    desktop_scheme(Qt.ColorScheme.Dark)
    QApplication.processEvents()
    dark = colours_of(window)
    assert tokens() is DARK
    assert dark[rgb(DARK.surface)] + dark[rgb(DARK.ground)] > 100_000
    # what is painted by hand included (the rail, the index, tables): no ground of the light scheme is left
    left = {token: dark[rgb(getattr(LIGHT, token))] for token in ("surface", "ground", "accent_soft", "selection")}
    assert {token: count for token, count in left.items() if count > 20} == {}
    desktop_scheme(Qt.ColorScheme.Light)
    QApplication.processEvents()
    again = colours_of(window)
    for token in ("surface", "ground", "selection"):  # a count that came meanwhile hides a few pixels
        assert again[rgb(getattr(LIGHT, token))] == pytest.approx(light[rgb(getattr(LIGHT, token))], rel=0.01, abs=200)


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_a_large_button_that_enter_presses_is_read(qtbot, qapp, scheme):
    apply_theme(qapp, scheme)
    button = LargeButton("large", "导出给…", "export", "写成一个包")
    qtbot.addWidget(button)
    button.setDefault(True)
    button.show()
    ground = button.grab().toImage().pixelColor(8, 36).name().upper()
    apply_theme(qapp, LIGHT)
    assert ground in (scheme.surface, scheme.accent_soft)
