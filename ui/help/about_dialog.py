"""关于: version, licences, where the data and the log lie, and the report for technicians."""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.desktop.log_files import log_dir
from app.desktop.program import program_folder, version
from app.help.components import components, licence_text
from app.workbook.replicas import state_dir
from ui.help.report_saving import ReportSaver
from ui.shell.desktop import open_in_desktop
from ui.widgets.button_row import ChoiceRow
from ui.widgets.dialog import Dialog
from ui.widgets.icons import icon

if TYPE_CHECKING:
    from app.workbook.workbook import Workbook


class AboutDialog(Dialog):
    """What this program is."""

    def __init__(self, workbook: "Workbook | None", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle("关于驻村户档")
        self.resize(640, 520)
        self._workbook = workbook
        self._message = QLabel()
        self._message.setObjectName("aboutMessage")
        self._message.setWordWrap(True)
        licences = QPlainTextEdit(_licences())
        licences.setObjectName("licences")
        licences.setAccessibleName("许可")
        licences.setReadOnly(True)
        buttons = ChoiceRow(self, "关闭", "closeAbout")
        report = buttons.add_button("技术报告…", "technicalReport")
        ReportSaver(report, self._message, lambda: workbook, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addLayout(self._make_header())
        layout.addLayout(self._make_places())
        layout.addWidget(QLabel("许可和组件"))
        layout.addWidget(licences, 1)
        layout.addWidget(self._message)
        layout.addWidget(buttons)

    def _make_header(self) -> QHBoxLayout:
        picture, text = QLabel(), QVBoxLayout()
        picture.setPixmap(icon("app", "accent").pixmap(48, 48))
        name = QLabel("驻村户档")
        name.setProperty("title", True)
        detail = QLabel(f"版本 {version()}　Python {sys.version.split()[0]}　Qt {qVersion()}")
        detail.setObjectName("version")
        detail.setProperty("quiet", True)
        text.addWidget(name)
        text.addWidget(detail)
        header = QHBoxLayout()
        header.setSpacing(14)
        header.addWidget(picture)
        header.addLayout(text, 1)
        return header

    def _make_places(self) -> QGridLayout:
        places = [("软件", program_folder()), ("软件的数据", state_dir()), ("日志", log_dir())]
        if self._workbook is not None:
            places.insert(0, ("工作簿", self._workbook.path.parent))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, (name, folder) in enumerate(places):
            path_label = QLabel(str(folder))
            path_label.setWordWrap(True)
            button = QPushButton("打开文件夹")
            button.setAutoDefault(False)
            button.setObjectName(f"openFolder{row}")
            button.setAccessibleName(f"打开文件夹：{name}")
            button.clicked.connect(lambda _=False, place=folder: open_in_desktop(place))
            for column, widget in enumerate((QLabel(name), path_label, button)):
                grid.addWidget(widget, row, column)
        return grid


def _licences() -> str:
    listed = "\n".join(f"{one.name} {one.version}　{one.licence}" for one in components())
    return f"{licence_text()}\n\n组件\n{listed}\n"
