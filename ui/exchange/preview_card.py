"""What a package would bring, before anything is written: household by household, then yes or no."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.exchange.preview import HouseholdShare, Preview
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("name", "户", width=18),
    Column("new", "新增", align="right", width=8),
    Column("changed", "改动", align="right", width=8),
    Column("what", "内容", width=0),
)
_TOLD = 12  # kinds of change named for one household


class PreviewCard(QFrame):
    """One verified package.

    Signals:
        accepted: it is to be imported
        left: it is not
    """

    accepted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setObjectName("preview")
        self.preview: Preview | None = None
        self.sentence = QLabel()
        self.sentence.setObjectName("previewSentence")
        self.sentence.setProperty("heading", True)
        self.sentence.setWordWrap(True)
        self.about = QLabel()
        self.about.setObjectName("previewAbout")
        self.about.setProperty("quiet", True)
        self.table = RowTable("previewHouseholds", "包里的户")
        self.table.set_columns(_COLUMNS)
        self.table.hint = "包里没有本机还没有的修改。"
        self.take = QPushButton("导入（Ctrl+回车）")
        self.take.setObjectName("takePackage")
        self.take.setProperty("primary", True)
        self.take.clicked.connect(self.accepted)
        self._key("Ctrl+Return", self.take)
        self._key("Ctrl+Enter", self.take)
        leave = QPushButton("不导入（Esc）")
        leave.setObjectName("leavePackage")
        leave.clicked.connect(self.left)
        self._key("Esc", leave)
        buttons = QHBoxLayout()
        buttons.addWidget(self.about, 1)
        buttons.addWidget(leave)
        buttons.addWidget(self.take)
        side = QVBoxLayout(self)
        side.setContentsMargins(16, 8, 16, 14)
        side.addWidget(self.sentence)
        side.addWidget(self.table, 1)
        side.addLayout(buttons)

    def _key(self, keys: str, button: QPushButton) -> None:
        """A button's own shortcut would press it a tenth of a second later."""
        action = QAction(button.text(), self)
        action.setShortcut(keys)
        action.triggered.connect(button.click)
        self.addAction(action)

    def show_preview(self, preview: Preview) -> None:
        """Show it, with the focus where Enter looks at households and Ctrl+Enter imports."""
        self.preview = preview
        self.sentence.setText(preview.sentence)
        newer = "　对方的程序较新：本机还不认识的栏目会先收着，升级后显示。" if preview.newer_schema else ""
        self.about.setText(f"{preview.path.name}　{preview.made_at} 由{preview.operator}导出{newer}")
        self.table.set_rows(_row(share) for share in preview.households)
        self.take.setText("知道了（Ctrl+回车）" if preview.known_before else "导入（Ctrl+回车）")
        self.take.setEnabled(True)
        self.table.setFocus()


def _row(share: HouseholdShare) -> Row:
    more = f"等 {len(share.what)} 项" if len(share.what) > _TOLD else ""
    cells = {
        "name": share.name,
        "new": share.new or None,
        "changed": share.changed or None,
        "what": "、".join(share.what[:_TOLD]) + more,
    }
    return Row(share.id, cells, "" if share.id else "quiet")
