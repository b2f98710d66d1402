"""Colours and fonts of the window: the tokens, and the palette and style sheet made from them."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

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


_current = [LIGHT]


def tokens() -> Tokens:
    """The colours of the scheme that is applied now, for what is painted by hand."""
    return _current[0]


def style_sheet(t: Tokens) -> str:
    """The look of every widget in these colours."""
    return f"""
* {{ color: {t.ink}; }}
QWidget#window, QStackedWidget, QScrollArea, QScrollArea > QWidget > QWidget {{ background: {t.ground}; }}
QLabel {{ background: transparent; }}
QLabel[heading="true"] {{ font-weight: bold; color: {t.ink}; padding-top: 8px; qproperty-indent: 0; }}
QLabel[title="true"] {{ font-size: 20px; font-weight: bold; }}
QLabel[quiet="true"] {{ color: {t.quiet}; }}
QLabel[fault="true"] {{ color: {t.bad}; }}
QLabel[remark="quiet"] {{ color: {t.quiet}; font-size: 12px; }}
QLabel[remark="good"] {{ color: {t.accent}; font-size: 12px; }}
QLabel[remark="warning"] {{ color: {t.warn}; font-size: 12px; }}
QLabel[remark="fault"] {{ color: {t.bad}; font-size: 12px; }}
QLabel[code="true"] {{ font-size: 24px; font-weight: bold; color: {t.accent}; background: {t.accent_soft};
  border-radius: 8px; padding: 18px 12px; }}
QLabel[chip="true"] {{ background: {t.accent_soft}; color: {t.accent}; border-radius: 9px; padding: 2px 10px; }}
QLabel[chip="bad"] {{ background: {t.bad_soft}; color: {t.bad}; border-radius: 9px; padding: 2px 10px; }}
QLabel[figure="true"] {{ font-size: 28px; font-weight: bold; color: {t.ink}; }}
QFrame[bar="true"] {{ background: {t.accent}; border-radius: 5px; }}
QFrame[card="true"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[card="true"] QScrollArea, QFrame[card="true"] QScrollArea > QWidget > QWidget {{ background: {t.surface}; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateEdit {{
  background: {t.surface}; border: 1px solid {t.edge}; border-radius: 4px; padding: 4px 6px; min-height: 20px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus {{ border: 1px solid {t.accent}; }}
QLineEdit[readOnly="true"] {{ background: {t.ground}; color: {t.quiet}; }}
QLineEdit[refused="true"], QPlainTextEdit[refused="true"], QComboBox[refused="true"] {{ border: 1px solid {t.bad}; }}
QComboBox QLineEdit {{ border: none; padding: 0; min-height: 16px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; background: transparent; width: 22px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url({ICON_DIR}/down{t.icons}.svg); width: 14px; height: 14px; }}
QSpinBox {{ padding: 4px 0 4px 8px; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: none; background: transparent; width: 20px; }}
QSpinBox::up-button {{ subcontrol-origin: border; subcontrol-position: top right; }}
QSpinBox::down-button {{ subcontrol-origin: border; subcontrol-position: bottom right; }}
QSpinBox::up-arrow {{ image: url({ICON_DIR}/up{t.icons}.svg); width: 11px; height: 11px; }}
QSpinBox::down-arrow {{ image: url({ICON_DIR}/down{t.icons}.svg); width: 11px; height: 11px; }}
QCheckBox, QRadioButton {{ spacing: 7px; }}
QCheckBox::indicator, QTableView::indicator, QListView::indicator {{
  width: 15px; height: 15px; border: 1px solid {t.edge}; border-radius: 3px; background: {t.surface}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {t.accent}; }}
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked {{
  background: {t.accent}; border-color: {t.accent}; image: url({ICON_DIR}/tick{t.icons}.svg); }}
QCheckBox::indicator:indeterminate {{
  background: {t.accent}; border-color: {t.accent}; image: url({ICON_DIR}/dash{t.icons}.svg); }}
QCheckBox::indicator:disabled {{ background: {t.ground}; border-color: {t.line}; }}
QCheckBox:focus {{ color: {t.accent}; }}
QListWidget, QTreeWidget {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; outline: none;
  padding: 3px; }}
QListWidget:focus, QTreeWidget:focus {{ border: 1px solid {t.accent}; }}
QListWidget::item {{ padding: 6px 8px; border-radius: 4px; }}
QListWidget::item:selected {{ background: {t.selection}; color: {t.ink}; }}
QListWidget::item:hover:!selected {{ background: {t.accent_soft}; }}
QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.line}; outline: none; }}
QPushButton, QToolButton {{
  background: {t.surface}; border: 1px solid {t.edge}; border-radius: 4px; padding: 5px 12px; }}
QToolButton {{ padding: 4px 8px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {t.accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {t.accent}; background: {t.accent_soft}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.edge}; background: {t.ground}; border-color: {t.line}; }}
QPushButton[flat="true"] {{ background: transparent; border: none; color: {t.quiet}; }}
QPushButton[flat="true"]:hover, QPushButton[flat="true"]:focus {{ color: {t.accent}; background: {t.accent_soft}; }}
QPushButton[primary="true"], QPushButton:default {{
  background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: bold; }}
QPushButton[primary="true"]:hover {{ border-color: {t.ink}; }}
QPushButton[primary="true"]:disabled {{ background: {t.line}; border-color: {t.line}; color: {t.quiet}; }}
QToolButton[choice="true"]:checked {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QTableView {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px;
  alternate-background-color: {t.ground}; selection-background-color: {t.selection};
  selection-color: {t.ink}; outline: none; }}
QTableView::item {{ padding: 0 6px; border: none; }}
QTableView:focus {{ border: 1px solid {t.accent}; }}
QHeaderView {{ background: {t.surface}; }}
QHeaderView::section {{ background: {t.ground}; border: none; border-bottom: 1px solid {t.line}; padding: 6px 9px;
  color: {t.quiet}; font-weight: bold; }}
QTabWidget::pane {{ border: 1px solid {t.line}; border-radius: 6px; background: {t.surface}; top: -1px; }}
QTabBar::tab {{ background: transparent; border: none; padding: 7px 14px; color: {t.quiet}; }}
QTabBar::tab:selected {{ color: {t.accent}; font-weight: bold; border-bottom: 2px solid {t.accent}; }}
QTabBar::tab:focus {{ background: {t.accent_soft}; }}
QTabWidget > QWidget, QTabWidget QScrollArea, QTabWidget QScrollArea > QWidget > QWidget {{ background: {t.surface}; }}
QTabWidget > QTabBar {{ background: transparent; }}
QFrame#rail {{ background: {t.surface}; border: none; border-right: 1px solid {t.line}; }}
QTreeWidget#navigation {{ background: transparent; border: none; padding: 0 4px; }}
QTreeWidget#navigation:focus {{ border: none; }}
QPushButton#paletteField {{ background: {t.surface}; border: 1px solid {t.edge}; color: {t.quiet}; text-align: left;
  font-weight: normal; padding: 4px 8px; min-height: 20px; }}
QPushButton#paletteField:hover {{ border-color: {t.accent}; }}
QToolButton[foot="true"] {{
  background: transparent; border: none; border-radius: 6px; padding: 5px; color: {t.quiet}; }}
QToolButton[foot="true"]:hover {{ background: {t.accent_soft}; }}
QFrame#palette {{ background: {t.raised}; border: 1px solid {t.edge}; border-radius: 8px; }}
QFrame#palette QLineEdit {{ background: {t.raised}; }}
QListWidget#paletteResults {{ background: {t.raised}; border: none; padding: 0; }}
QToolBar {{
  background: {t.surface}; border: none; border-bottom: 1px solid {t.line}; spacing: 4px; padding: 4px 12px; }}
QToolBar QToolButton {{ border: 1px solid transparent; border-radius: 5px; padding: 5px 8px; }}
QToolBar QToolButton:hover {{ background: {t.accent_soft}; }}
QToolBar QToolButton:disabled {{ background: transparent; border-color: transparent; }}
QToolBar QToolButton:pressed {{ background: {t.selection}; }}
QLabel[pageTitle="true"] {{ font-size: 17px; font-weight: bold; }}
QFrame#notices {{ background: {t.surface}; border-top: 1px solid {t.line}; }}
QFrame#notices[how="told"] {{ background: {t.warn_soft}; }}
QFrame#notices QPushButton {{ padding: 3px 14px; }}
QFrame#notices[how="saved"] {{ background: {t.accent_soft}; }}
QFrame#notices[how="refused"] {{ background: {t.bad_soft}; }}
QProgressBar {{ border: none; background: {t.line}; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QScrollBar:vertical {{ width: 11px; background: transparent; }}
QScrollBar::handle:vertical {{ background: {t.edge}; border-radius: 5px; min-height: 30px; }}
QScrollBar:horizontal {{ height: 11px; background: transparent; }}
QScrollBar::handle:horizontal {{ background: {t.edge}; border-radius: 5px; min-width: 30px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QToolTip {{ background: {t.ink}; color: {t.surface}; border: none; padding: 4px 6px; }}
QMenuBar {{ background: {t.surface}; border-bottom: 1px solid {t.line}; padding: 1px 8px; font-size: 13px; }}
QMenuBar::item {{ background: transparent; padding: 5px 10px; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {t.accent_soft}; color: {t.accent}; }}
QMenu {{ background: {t.raised}; border: 1px solid {t.edge}; font-size: 13px; padding: 4px; }}
QMenu::item {{ padding: 6px 22px; border-radius: 4px; }}
QMenu::item:disabled {{ color: {t.edge}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QMenu::item:selected {{ background: {t.selection}; }}
ScoreSheet {{ border: 1px solid {t.line}; border-radius: 6px; background: {t.surface}; }}
QWidget#paper {{ background: {t.surface}; }}
CheckRow {{ border: 1px solid transparent; border-radius: 4px; background: transparent; }}
CheckRow[current="true"] {{ border-color: {t.accent}; background: {t.accent_soft}; }}
CheckRow QLabel {{ background: transparent; border: none; }}
CheckRow QLabel#last {{ color: {t.bad}; }}
CheckRow QLabel#more {{ color: {t.accent}; }}
CheckRow QToolButton {{
  border: 1px solid {t.edge}; border-radius: 3px; background: {t.surface}; color: {t.quiet}; padding: 0; }}
CheckRow QToolButton:hover {{ border-color: {t.accent}; }}
CheckRow QToolButton:checked {{ color: {t.on_accent}; border-color: transparent; font-weight: bold; }}
CheckRow QToolButton[worth="full"]:checked {{ background: {t.accent}; }}
CheckRow QToolButton[worth="part"]:checked {{ background: {t.warn}; }}
CheckRow QToolButton[worth="none"]:checked {{ background: {t.bad}; }}
CheckRow QToolButton[worth="out"]:checked {{ background: {t.quiet}; }}
QFrame#item {{ background: {t.ground}; border: none; border-radius: 4px; }}
QFrame#item QLabel {{ background: transparent; font-weight: bold; }}
QFrame#item QLabel#points[failing="true"] {{ color: {t.bad}; }}
QFrame#verdict {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; }}
QFrame#verdict QLabel {{ background: transparent; border: none; }}
QFrame#verdict QLabel#total {{ font-size: 34px; font-weight: bold; }}
QFrame#verdict QLabel#grade {{ font-size: 15px; font-weight: bold; color: {t.accent}; }}
QFrame#verdict QLabel#grade[bad="true"], QFrame#verdict QLabel#hard_fails {{ color: {t.bad}; }}
QFrame#verdict QLabel#before, QFrame#verdict QLabel#others, QFrame#verdict QLabel#keys, QFrame#verdict QLabel#state {{
  color: {t.quiet}; }}
"""


def apply_theme(application: QApplication, scheme: Tokens | None = None) -> None:
    """Fonts, palette and style sheet, before the first window; light or dark as the desktop is, now and later.

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
    hints = application.styleHints()
    _apply_colours(application, scheme or _desktop_tokens(hints.colorScheme()))
    if scheme is None:
        hints.colorSchemeChanged.connect(lambda changed: _apply_colours(application, _desktop_tokens(changed)))


def _desktop_tokens(scheme: Qt.ColorScheme) -> Tokens:
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def _apply_colours(application: QApplication, t: Tokens) -> None:
    _current[0] = t
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
    application.setStyleSheet(style_sheet(t))


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
