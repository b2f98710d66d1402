"""The manual in a window of its own: contents, search, pictures, and links from chapter to chapter."""

import re
from pathlib import Path
from urllib.parse import unquote

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QImageReader,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.errors import UserError
from app.help import manual
from ui.shell.field_keys import FieldKeys
from ui.shell.theme import dress, tokens
from ui.widgets.search_line import SearchLine

_CHAPTER_ROLE, _HEADING_ROLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_MARGIN = 24  # pixels around the text
_FITTING_MS = 150  # after the last change of the window's size
_HINT = "没有找到。请换一个词，或清空后从目录里找。"


class ManualBrowser(QTextBrowser):
    """One chapter. Pictures are no wider than the window; links lead on within the manual."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("manualText")
        self.setAccessibleName("使用手册")
        self.setOpenLinks(False)
        self.document().setDocumentMargin(_MARGIN)
        self._chapter, self._marked = "", ""
        self._fitting = QTimer(self, singleShot=True, interval=_FITTING_MS)
        self._fitting.timeout.connect(self._fit_pictures)

    @property
    def chapter(self) -> str:
        """The chapter that is shown."""
        return self._chapter

    def show_chapter(self, name: str) -> None:
        """Show a chapter from its beginning."""
        self._chapter, self._marked = name, ""
        self.setHtml(_html(manual.chapter_text(name), self.viewport().width() - 2 * _MARGIN - 8))
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def show_heading(self, heading: str) -> None:
        """Roll to a heading of this chapter; an unknown one leaves the text where it is."""
        wanted = manual.anchor_of(heading)
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and manual.anchor_of(block.text()) == wanted:
                self._roll_to(block)
                return
            block = block.next()

    def mark(self, typed: str) -> None:
        """Highlight the words that were searched for, wherever they stand."""
        self._marked = typed
        selections = []
        form = QTextCharFormat()
        form.setBackground(QColor(tokens().warn_soft))
        form.setForeground(QColor(tokens().ink))
        for word in typed.split():
            cursor = self.document().find(word)
            while not cursor.isNull():
                selection = QTextBrowser.ExtraSelection()
                selection.cursor, selection.format = cursor, form
                selections.append(selection)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(selections)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures are drawn anew when the room for them has changed, and the officer has let go of the edge."""
        super().resizeEvent(event)
        if self._chapter and event.size().width() != event.oldSize().width():
            self._fitting.start()

    def _fit_pictures(self) -> None:
        place, marked = self.verticalScrollBar().value(), self._marked
        self.show_chapter(self._chapter)
        self.mark(marked)
        self.verticalScrollBar().setValue(place)

    def _roll_to(self, block: QTextBlock) -> None:
        self.setTextCursor(QTextCursor(block))
        top = self.document().documentLayout().blockBoundingRect(block).top()
        self.verticalScrollBar().setValue(int(top) - 8)


def _html(markdown: str, room: int) -> str:
    """A chapter with tables as wide as the text and quiet lines, air above headings, and pictures no wider than the
    room (pixels)."""
    document = QTextDocument()
    document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    style = f"border-collapse:collapse; border-color:{tokens().line};"
    table = f'<table border="1" width="100%" cellspacing="0" cellpadding="6" style="{style}">'
    html = re.sub(r'<img src="([^"]+)"', lambda found: _picture_tag(found[1], room), document.toHtml())
    html = re.sub(r"<table[^>]*>", table, html)
    return re.sub(r'(<h[2-6] style=")[^"]*margin-top:\d+px;', r"\1 margin-top:20px;", html)


def _picture_tag(target: str, room: int) -> str:
    path = manual.picture_path(unquote(target))
    width = QImageReader(str(path)).size().width()
    return f'<img src="{QUrl.fromLocalFile(str(path)).toString()}" width="{max(min(width, room), 100)}"'


class ManualWindow(QWidget):
    """Contents or what was found at the left, the text at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("manualWindow")
        if parent is None:
            dress(self)
        self.setWindowTitle("使用手册 - 驻村户档")
        self._field_keys = FieldKeys(self)
        self.search_line = SearchLine("manualSearch", "在手册里查找", "在手册里查找（Ctrl+F）")
        self.search_line.paused.connect(self._search)
        self.contents = QListWidget()
        self.contents.setObjectName("manualContents")
        self.contents.setAccessibleName("目录")
        self.search_line.lead_to(self.contents, by_enter=True)
        self.contents.setWordWrap(True)
        self.contents.currentItemChanged.connect(lambda item, _: self._open_item(item))
        self.browser = ManualBrowser()
        self.browser.anchorClicked.connect(self._follow)
        self._hint = QLabel()
        self._hint.setProperty("quiet", True)
        self._hint.setWordWrap(True)
        self._hint.hide()
        self._history: list[str] = []
        self._build()
        self._list_chapters()
        self.resize(QSize(1040, 680).boundedTo(self.screen().availableSize() - QSize(60, 80)))

    def _build(self) -> None:
        back, card, shortcut_sheet = (QPushButton(text) for text in ("后退", "打印快捷卡…", "保存快捷卡…"))
        for button, name, key, callback in (
            (back, "manualBack", "Alt+Left", self.go_back),
            (card, "printCard", "Ctrl+P", self._print_card),
            (shortcut_sheet, "saveCard", "Ctrl+S", self._save_card),
        ):
            button.setObjectName(name)
            button.setAccessibleName(button.text())
            button.setShortcut(key)
            button.setToolTip(f"{button.text()}（{key.replace('Left', '←')}）")
            button.clicked.connect(lambda _=False, run=callback: run())
        self._message = QLabel()
        self._message.setObjectName("manualMessage")
        self._message.setProperty("quiet", True)
        bar = QHBoxLayout()
        bar.addWidget(back)
        bar.addWidget(self._message, 1)
        bar.addWidget(card)
        bar.addWidget(shortcut_sheet)
        side = QWidget()
        side_layout = QVBoxLayout(side)
        side_layout.setContentsMargins(0, 0, 0, 0)
        side_layout.addWidget(self.search_line)
        side_layout.addWidget(self._hint)
        side_layout.addWidget(self.contents, 1)
        splitter = QSplitter(self)
        splitter.addWidget(side)
        splitter.addWidget(self.browser)
        splitter.setSizes([280, 760])
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.addLayout(bar)
        layout.addWidget(splitter, 1)
        QShortcut(QKeySequence("Ctrl+F"), self, self.search_line.setFocus)
        QShortcut(QKeySequence("Escape"), self, self._on_escape)
        QShortcut(QKeySequence("F1"), self, lambda: self.open_chapter(manual.CONTENTS))

    def open_chapter(self, name: str, heading: str = "") -> None:
        """Show a chapter, from a heading on if one is named."""
        if self.browser.chapter and self.browser.chapter != name:
            self._history.append(self.browser.chapter)
        try:
            self.browser.show_chapter(name)
        except UserError as error:
            self._message.setText(str(error))
            return
        if heading:
            self.browser.show_heading(heading)
        if not self.search_line.text():
            self._point_at(name)

    def go_back(self) -> None:
        """The chapter that was shown before."""
        if self._history:
            name = self._history.pop()
            self.browser.show_chapter(name)
            self._point_at(name)

    def _point_at(self, name: str) -> None:
        self.contents.blockSignals(True)
        for row in range(self.contents.count()):
            if self.contents.item(row).data(_CHAPTER_ROLE) == name:
                self.contents.setCurrentRow(row)
                break
        self.contents.blockSignals(False)

    def _list_chapters(self) -> None:
        self.contents.blockSignals(True)
        self.contents.clear()
        for name in manual.chapter_names():
            self._add_item("目录" if name == manual.CONTENTS else manual.chapter_title(name), name, "")
        self.contents.blockSignals(False)
        self._hint.hide()

    def _add_item(self, text: str, chapter: str, heading: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_CHAPTER_ROLE, chapter)
        item.setData(_HEADING_ROLE, heading)
        self.contents.addItem(item)

    def _search(self) -> None:
        typed = self.search_line.text().strip()
        if not typed:
            self._list_chapters()
            self.browser.mark("")
            self._point_at(self.browser.chapter)
            return
        hits = manual.search_manual(typed)
        self.contents.blockSignals(True)
        self.contents.clear()
        for hit in hits:
            self._add_item(f"{hit.heading}\n{hit.excerpt}", hit.chapter, hit.heading)
        self.contents.blockSignals(False)
        self._hint.setText(f"共 {len(hits)} 处" if hits else _HINT)
        self._hint.show()
        if hits:
            self.contents.setCurrentRow(0)

    def _open_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.open_chapter(item.data(_CHAPTER_ROLE), item.data(_HEADING_ROLE))
            self.browser.mark(self.search_line.text())

    def _follow(self, url: QUrl) -> None:
        """A link: another chapter, a heading of one, or of this one."""
        target = unquote(url.path()).rpartition("/")[2]
        name = Path(target).stem if target.endswith(".md") else self.browser.chapter
        if name in manual.chapter_names():
            self.open_chapter(name, unquote(url.fragment()))

    def _on_escape(self) -> None:
        """First out of the search, then out of the manual."""
        if self.search_line.text():
            self.search_line.clear()
            self._search()
        else:
            self.close()

    def _print_card(self) -> None:
        from ui.help.card_output import print_card

        print_card(self, self._message.setText)

    def _save_card(self) -> None:
        from ui.help.card_output import save_card

        save_card(self, self._message.setText)


def show_manual(chapter: str, parent: QWidget) -> ManualWindow:
    """The manual at a chapter, in the one window that a window has for it."""
    window = parent.findChild(ManualWindow) or ManualWindow(parent)
    window.open_chapter(chapter)
    window.show()
    window.raise_()
    window.activateWindow()
    window.browser.setFocus()
    return window
