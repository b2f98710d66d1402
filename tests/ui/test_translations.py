"""What Qt says by itself is Chinese too."""

import re

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QTreeView

from ui.shell.translations import install_translations


@pytest.fixture
def chinese(qapp):
    before, default = set(qapp.findChildren(QTranslator)), QLocale()
    install_translations(qapp)
    yield
    for translator in set(qapp.findChildren(QTranslator)) - before:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(default)


@pytest.mark.parametrize(
    "mode", [QFileDialog.FileMode.ExistingFile, QFileDialog.FileMode.AnyFile, QFileDialog.FileMode.Directory]
)
def test_the_dialog_that_chooses_files_speaks_chinese(qtbot, tmp_path, chinese, mode):
    (tmp_path / "子目录").mkdir()
    for name in ("名册.xlsx", "说明"):
        (tmp_path / name).write_text("一")
    dialog = QFileDialog(None, "打开", str(tmp_path))
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(mode)
    dialog.setViewMode(QFileDialog.ViewMode.Detail)
    dialog.show()
    view = dialog.findChild(QTreeView, "treeView")
    model = view.model()
    qtbot.waitUntil(lambda: model.rowCount(view.rootIndex()) >= 1)
    said = [one.text() for kind in (QLabel, QAbstractButton, QAction) for one in dialog.findChildren(kind)]
    said += [one.toolTip() for one in dialog.findChildren(QAbstractButton)]
    said += [str(model.headerData(n, Qt.Orientation.Horizontal)) for n in range(model.columnCount())]
    kinds = [model.index(n, 2, view.rootIndex()).data() for n in range(model.rowCount(view.rootIndex()))]
    said += [kind.replace("Excel", "") for kind in kinds]  # a name, in the system's own Chinese word for the kind
    english = [text for text in said if re.search(r"[A-Za-z]{2,}", text)]
    assert english == []


def test_what_the_translation_has_is_not_hidden_by_what_it_lacks(chinese):
    assert QCoreApplication.translate("QFileDialog", "Find Directory") == "查找目录"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert QCoreApplication.translate("QFileDialog", "&Look in:") == "查找范围(&L)："
