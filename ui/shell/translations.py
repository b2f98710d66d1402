"""Qt's own words in Chinese: its translation, and what that leaves in English."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

# words of Qt 6 that its Chinese translation does not have yet, or writes as nobody does (左方向):
# context → English → Chinese
_MISSING = {
    "QFileDialog": {"&Look in:": "查找范围(&L)：", "Files of &type:": "文件类型(&T)："},
    "QAbstractFileIconProvider": {
        "Drive": "磁盘",
        "File": "文件",
        "%1 File": "%1 文件",
        "File Folder": "文件夹",
        "Folder": "文件夹",
        "Alias": "替身",
        "Shortcut": "快捷方式",
        "Unknown": "未知",
    },
    "QShortcut": {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"},
    "QFileSystemModel": {"%1 bytes": "%1 字节", "%1 byte(s)": "%1 字节"},
}


class _MissingWords(QTranslator):
    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str:
        # None, not "": Qt then asks the translation that was installed before
        return _MISSING.get(context, {}).get(sourceText)  # type: ignore[return-value]


def install_translations(application: QCoreApplication) -> None:
    """Buttons, context menus and the dialog that chooses files, where the desktop does not bring its own."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(application)
    if translator.load("qtbase_zh_CN", folder):
        application.installTranslator(translator)
    application.installTranslator(_MissingWords(application))
