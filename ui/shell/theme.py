"""Colours, spacing and fonts of the window."""

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

import resources

ACCENT, INK, QUIET, BORDER, SURFACE, BACKGROUND = "#1F6F50", "#1E2A25", "#66706B", "#DDE3E0", "#FFFFFF", "#F4F6F5"
SYSTEM_FAMILIES = ("Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC")
BUNDLED_FONT_FILES = ("hei.ttf", "hei_bold.ttf")
RARE_FONT_FILES = ("song.ttf", "rare_bf.ttf", "rare_gh.ttf")

ICON_DIR = (resources.ROOT / "icons").as_posix()

STYLE_SHEET = f"""
* {{ color: {INK}; }}
QWidget#window, QStackedWidget, QScrollArea, QScrollArea > QWidget > QWidget {{ background: {BACKGROUND}; }}
QLabel {{ background: transparent; }}
QLabel[heading="true"] {{ font-weight: bold; color: {ACCENT}; padding-top: 8px; qproperty-indent: 0; }}
QLabel[title="true"] {{ font-size: 20px; font-weight: bold; }}
QLabel[quiet="true"] {{ color: {QUIET}; }}
QLabel[fault="true"] {{ color: #B3261E; }}
QLabel[remark="quiet"] {{ color: {QUIET}; font-size: 12px; }}
QLabel[remark="good"] {{ color: {ACCENT}; font-size: 12px; }}
QLabel[remark="warning"] {{ color: #8A5A00; font-size: 12px; }}
QLabel[remark="fault"] {{ color: #B3261E; font-size: 12px; }}
QLabel[code="true"] {{ font-size: 24px; font-weight: bold; color: {ACCENT}; background: #E3F0EA; border-radius: 8px;
  padding: 18px 12px; }}
QLabel[chip="true"] {{ background: #E3F0EA; color: {ACCENT}; border-radius: 9px; padding: 2px 10px; }}
QLabel[chip="bad"] {{ background: #FBE4E2; color: #B3261E; border-radius: 9px; padding: 2px 10px; }}
QLabel[figure="true"] {{ font-size: 26px; font-weight: bold; color: {ACCENT}; }}
QFrame[card="true"] {{ background: {SURFACE}; border: 1px solid {BORDER}; border-radius: 8px; }}
QFrame[card="true"] QScrollArea, QFrame[card="true"] QScrollArea > QWidget > QWidget {{ background: {SURFACE}; }}
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox, QDateEdit {{
  background: {SURFACE}; border: 1px solid #C9D1CD; border-radius: 4px; padding: 4px 6px; min-height: 20px;
  selection-background-color: {ACCENT}; selection-color: white; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus {{ border: 1px solid {ACCENT}; }}
QLineEdit[readOnly="true"] {{ background: #EEF1EF; color: {QUIET}; }}
QLineEdit[refused="true"], QPlainTextEdit[refused="true"], QComboBox[refused="true"] {{ border: 1px solid #B3261E; }}
QComboBox QLineEdit {{ border: none; padding: 0; min-height: 16px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; background: transparent; width: 22px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url({ICON_DIR}/down.svg); width: 14px; height: 14px; }}
QSpinBox {{ padding: 4px 0 4px 8px; }}
QSpinBox::up-button, QSpinBox::down-button {{ border: none; background: transparent; width: 20px; }}
QSpinBox::up-button {{ subcontrol-origin: border; subcontrol-position: top right; }}
QSpinBox::down-button {{ subcontrol-origin: border; subcontrol-position: bottom right; }}
QSpinBox::up-arrow {{ image: url({ICON_DIR}/up.svg); width: 11px; height: 11px; }}
QSpinBox::down-arrow {{ image: url({ICON_DIR}/down.svg); width: 11px; height: 11px; }}
QCheckBox, QRadioButton {{ spacing: 7px; }}
QCheckBox::indicator, QTableView::indicator, QListView::indicator {{
  width: 15px; height: 15px; border: 1px solid #AEB9B3; border-radius: 3px; background: {SURFACE}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {ACCENT}; }}
QCheckBox::indicator:checked, QTableView::indicator:checked, QListView::indicator:checked {{
  background: {ACCENT}; border-color: {ACCENT}; image: url({ICON_DIR}/tick.svg); }}
QCheckBox::indicator:indeterminate {{ background: {ACCENT}; border-color: {ACCENT}; image: url({ICON_DIR}/dash.svg); }}
QCheckBox::indicator:disabled {{ background: #EEF1EF; border-color: {BORDER}; }}
QCheckBox:focus {{ color: {ACCENT}; }}
QListWidget, QTreeWidget {{ background: {SURFACE}; border: 1px solid {BORDER}; border-radius: 6px; outline: none;
  padding: 3px; }}
QListWidget:focus, QTreeWidget:focus {{ border: 1px solid {ACCENT}; }}
QListWidget::item {{ padding: 6px 8px; border-radius: 4px; }}
QListWidget::item:selected {{ background: #D9EBE2; color: {INK}; }}
QListWidget::item:hover:!selected {{ background: #F3F6F4; }}
QComboBox QAbstractItemView {{ background: {SURFACE}; border: 1px solid {BORDER}; outline: none; }}
QPushButton, QToolButton {{ background: {SURFACE}; border: 1px solid #C9D1CD; border-radius: 4px; padding: 5px 12px; }}
QToolButton {{ padding: 4px 8px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {ACCENT}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {ACCENT}; background: #EDF5F1; }}
QPushButton:disabled, QToolButton:disabled {{ color: #A3ADA8; background: #F0F2F1; border-color: {BORDER}; }}
QPushButton[flat="true"] {{ background: transparent; border: none; color: {QUIET}; }}
QPushButton[flat="true"]:hover, QPushButton[flat="true"]:focus {{ color: {ACCENT}; background: #EDF5F1; }}
QPushButton[primary="true"], QPushButton:default {{
  background: {ACCENT}; color: white; border-color: {ACCENT}; font-weight: bold; }}
QPushButton[primary="true"]:hover {{ background: #185A41; }}
QPushButton[primary="true"]:disabled {{ background: #A9C6B9; border-color: #A9C6B9; color: white; }}
QToolButton[choice="true"]:checked {{ background: {ACCENT}; color: white; border-color: {ACCENT}; }}
QTableView {{ background: {SURFACE}; border: 1px solid {BORDER}; border-radius: 6px; 
  alternate-background-color: #F8FAF9; selection-background-color: #D9EBE2; selection-color: {INK}; outline: none; }}
QTableView::item {{ padding: 0 6px; border: none; }}
QTableView:focus {{ border: 1px solid {ACCENT}; }}
QHeaderView {{ background: {SURFACE}; }}
QHeaderView::section {{ background: #EDF1EF; border: none; border-bottom: 1px solid {BORDER}; padding: 6px 9px;
  color: {QUIET}; font-weight: bold; }}
QTabWidget::pane {{ border: 1px solid {BORDER}; border-radius: 6px; background: {SURFACE}; top: -1px; }}
QTabBar::tab {{ background: transparent; border: none; padding: 7px 14px; color: {QUIET}; }}
QTabBar::tab:selected {{ color: {ACCENT}; font-weight: bold; border-bottom: 2px solid {ACCENT}; }}
QTabBar::tab:focus {{ background: #EDF5F1; }}
QTabWidget > QWidget, QTabWidget QScrollArea, QTabWidget QScrollArea > QWidget > QWidget {{ background: {SURFACE}; }}
QTabWidget > QTabBar {{ background: transparent; }}
QFrame#rail {{ background: #E9EEEB; border: none; border-right: 1px solid {BORDER}; }}
QListWidget#navigation {{ background: transparent; border: none; padding: 8px 6px; }}
QListWidget#navigation::item {{ padding: 9px 8px; margin: 1px 0; border-radius: 6px; color: {INK}; }}
QListWidget#navigation::item:selected {{ background: {SURFACE}; color: {ACCENT}; font-weight: bold; }}
QListWidget#navigation::item:hover:!selected {{ background: #DFE6E2; }}
QListWidget#navigation:focus {{ border: none; }}
QListWidget#navigation::item:selected:focus {{ border: 1px solid {ACCENT}; }}
QToolButton[foot="true"] {{ background: transparent; border: none; border-radius: 6px; margin: 0 6px; padding: 6px 8px;
  color: {QUIET}; }}
QToolButton[foot="true"]:hover {{ background: #DFE6E2; }}
QToolBar {{ background: {SURFACE}; border: none; border-bottom: 1px solid {BORDER}; spacing: 4px; padding: 4px 12px; }}
QToolBar QToolButton {{ border: 1px solid transparent; border-radius: 5px; padding: 5px 8px; }}
QToolBar QToolButton:hover {{ background: #EDF5F1; }}
QToolBar QToolButton:disabled {{ background: transparent; border-color: transparent; }}
QToolBar QToolButton:pressed {{ background: #D9EBE2; }}
QLabel[pageTitle="true"] {{ font-size: 17px; font-weight: bold; }}
QFrame#notices {{ background: #E9EEEB; border-top: 1px solid {BORDER}; }}
QFrame#notices[how="told"] {{ background: #F4F0E1; }}
QFrame#notices QPushButton {{ padding: 3px 14px; }}
QFrame#notices[how="saved"] {{ background: #E3F0EA; }}
QFrame#notices[how="refused"] {{ background: #FBE4E2; }}
QProgressBar {{ border: none; background: #DDE3E0; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 3px; }}
QScrollBar:vertical {{ width: 11px; background: transparent; }}
QScrollBar::handle:vertical {{ background: #C3CCC7; border-radius: 5px; min-height: 30px; }}
QScrollBar:horizontal {{ height: 11px; background: transparent; }}
QScrollBar::handle:horizontal {{ background: #C3CCC7; border-radius: 5px; min-width: 30px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QToolTip {{ background: {INK}; color: white; border: none; padding: 4px 6px; }}
QMenu {{ background: {SURFACE}; border: 1px solid {BORDER}; }}
QMenu::item {{ padding: 6px 22px; }}
QMenu::item:selected {{ background: #D9EBE2; }}
"""


def apply_theme(application: QApplication) -> None:
    """Fonts, palette and style sheet, before the first window."""
    families = set(QFontDatabase.families())
    usable_families = [family for family in SYSTEM_FAMILIES if family in families]
    if not usable_families:
        usable_families = _load_fonts(BUNDLED_FONT_FILES)
    font = QFont()
    font.setFamilies(usable_families)
    font.setPixelSize(14)
    application.setFont(font)
    palette = application.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(BACKGROUND))
    palette.setColor(QPalette.ColorRole.Base, QColor(SURFACE))
    palette.setColor(QPalette.ColorRole.Highlight, QColor(ACCENT))
    palette.setColor(QPalette.ColorRole.PlaceholderText, QColor("#9AA5A0"))
    application.setPalette(palette)
    application.setStyle("Fusion")
    application.setStyleSheet(STYLE_SHEET)


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
