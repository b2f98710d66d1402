"""Colours and fonts of the windows: the tokens, and the palette and style sheet made from them."""

from dataclasses import asdict, dataclass
from functools import cache
from string import Template

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

import resources

SYSTEM_FAMILIES = ("Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC")
BUNDLED_FONT_FILES = ("hei.ttf", "hei_bold.ttf")
RARE_FONT_FILES = ("song.ttf", "rare_bf.ttf", "rare_gh.ttf")

ICON_DIR = (resources.ROOT / "icons").as_posix()


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme by what they are for, as "#RRGGBB".

    Text keeps a contrast of 5.5:1 on each of its grounds, the edge of a control 3:1 (tests/ui/test_theme.py). The
    accent says where the focus is and what can be done; good, warn, bad and info are states, always beside a word.
    """

    ground: str
    surface: str
    raised: str
    line: str
    edge: str
    ink: str
    quiet: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    info: str
    info_soft: str
    accent: str
    accent_soft: str
    on_accent: str
    selection: str
    icons: str  # suffix of the few icons that a style sheet names


LIGHT = Tokens(
    ground="#F5F6F5",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#D9DEDB",
    edge="#858F8A",
    ink="#1B2420",
    quiet="#56615B",
    good="#1A6B38",
    good_soft="#E3F3E8",
    warn="#7A4B00",
    warn_soft="#FBF0DB",
    bad="#B0231B",
    bad_soft="#FBE6E4",
    info="#1F5A96",
    info_soft="#E5EFF9",
    accent="#17694A",
    accent_soft="#E4F1EA",
    on_accent="#FFFFFF",
    selection="#D3E8DD",
    icons="",
)
DARK = Tokens(
    ground="#161A18",
    surface="#1E2421",
    raised="#262D29",
    line="#38413C",
    edge="#7D8983",
    ink="#E8EDEA",
    quiet="#A9B4AE",
    good="#77CF92",
    good_soft="#1D3626",
    warn="#E3B15C",
    warn_soft="#3A2E17",
    bad="#F28B82",
    bad_soft="#43211F",
    info="#86B9EE",
    info_soft="#1D3247",
    accent="#5FC596",
    accent_soft="#20392D",
    on_accent="#0C1F16",
    selection="#27483A",
    icons="_dark",
)


# how the program may look: what is stored, and what the menu says; the first unless the officer chooses
APPEARANCES = {"desktop": "跟随系统", "light": "浅色", "dark": "深色"}
_TOKENS = {"light": LIGHT, "dark": DARK}

_current: list[Tokens] = []  # the scheme that is applied, once one is


def tokens() -> Tokens:
    """The colours of the scheme that is applied now, for what is painted by hand."""
    return _current[0] if _current else LIGHT


@cache
def style_sheet(t: Tokens) -> str:
    """The look of every widget in these colours: resources/themes/window.qss with the names of the tokens filled in."""
    template = Template((resources.ROOT / "themes" / "window.qss").read_text(encoding="utf-8"))
    return template.substitute(asdict(t), folder=ICON_DIR)


def dress(window: QWidget) -> None:
    """Give a window without a parent its look, now and when the colours change. Before it is filled: what is put into
    it, and each window whose parent it is, takes the look over.

    A style sheet of the whole application would need no call, but costs each widget its style anew with each parent
    that it or what it stands in is given: a third of the time in which a page is built (measured, Qt 6.12).
    """
    window.setStyleSheet(style_sheet(tokens()))


def chosen_appearance() -> str:
    """What the officer chose of APPEARANCES; as the desktop is until he does."""
    stored = str(QSettings("hudang", "hudang").value("appearance") or "")
    return stored if stored in APPEARANCES else next(iter(APPEARANCES))


def choose_appearance(application: QApplication, appearance: str) -> None:
    """Show the program so, from now on."""
    QSettings("hudang", "hudang").setValue("appearance", appearance)
    _apply_colours(application, _wanted_tokens(application.styleHints().colorScheme()))


def apply_theme(application: QApplication, scheme: Tokens | None = None) -> None:
    """Fonts and palette, before the first window; light or dark as the officer chose or the desktop is, now and later,
    with each window that is dressed.

    Args:
        scheme: these colours whatever the desktop says (pictures)
    """
    families = set(QFontDatabase.families())
    usable_families = [family for family in SYSTEM_FAMILIES if family in families]
    if not usable_families:
        usable_families = _load_fonts(BUNDLED_FONT_FILES)
    font = QFont()
    font.setFamilies(usable_families)
    font.setPixelSize(14)
    application.setFont(font)
    application.setStyle("Fusion")
    _apply_colours(application, scheme or _wanted_tokens(application.styleHints().colorScheme()))
    if scheme is None:
        _follow_desktop(application)


@cache
def _follow_desktop(application: QApplication) -> None:
    """Once, however often the theme is applied: to colour all that is open takes half a second."""
    changed_signal = application.styleHints().colorSchemeChanged
    changed_signal.connect(lambda changed: _apply_colours(application, _wanted_tokens(changed)))


def _wanted_tokens(of_desktop: Qt.ColorScheme) -> Tokens:
    return _TOKENS.get(chosen_appearance()) or (DARK if of_desktop is Qt.ColorScheme.Dark else LIGHT)


def _apply_colours(application: QApplication, t: Tokens) -> None:
    if _current and t is _current[0]:
        return  # the desktop changed and the officer's choice did not
    dressed_windows = [one for one in application.topLevelWidgets() if one.styleSheet() == style_sheet(tokens())]
    _current[:] = [t]
    role = QPalette.ColorRole
    palette = QPalette()
    for colour, roles in (
        (t.ground, (role.Window,)),
        (t.surface, (role.Base, role.Button)),
        (t.ground, (role.AlternateBase,)),
        (t.ink, (role.WindowText, role.Text, role.ButtonText, role.ToolTipBase)),
        (t.surface, (role.ToolTipText,)),
        (t.accent, (role.Highlight, role.Link)),
        (t.on_accent, (role.HighlightedText,)),
        (t.quiet, (role.PlaceholderText,)),
    ):
        for one in roles:
            palette.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(t.edge))
    application.setPalette(palette)
    for window in dressed_windows:
        dress(window)


def add_rare_fonts(application: QApplication) -> None:
    """After the first window: what names may hold beyond the usual fonts (Ext B–H), as the last resorts."""
    font = application.font()
    families = [*font.families(), *_load_fonts(RARE_FONT_FILES)]
    font.setFamilies(list(dict.fromkeys(families)))
    application.setFont(font)


def _load_fonts(files: tuple[str, ...]) -> list[str]:
    families: list[str] = []
    for name in files:
        font_id = QFontDatabase.addApplicationFont(str(resources.ROOT / "fonts" / name))
        families += QFontDatabase.applicationFontFamilies(font_id)
    return list(dict.fromkeys(families))
