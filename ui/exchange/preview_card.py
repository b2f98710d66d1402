"""What a package would bring, before anything is written: household by household, then yes or no."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from app.exchange.preview import HouseholdShare, Preview
from ui.hanzi import initials
from ui.tables.row_table import Column, Row, RowTable

_COLUMNS = (
    Column("name", "户", width=20),
    Column("new", "新增", align="right", width=8),
    Column("changed", "改动", align="right", width=8),
    Column("conflicts", "写得不同", align="right", width=9),
    Column("what", "内容", width=0),
)
_TOLD = 12  # kinds of change named in a line; all of them below the table
_NOTHING = "包里没有本机还没有的修改。"


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
        self._shares: dict[str, HouseholdShare] = {}
        self.sentence = _line("previewSentence", "heading")
        self.about = _line("previewAbout", "quiet")
        self.whole_share = _line("previewShare", "")
        # two lines are kept free, so that the table does not jump from household to household
        self.whole_share.setMinimumHeight(2 * self.whole_share.fontMetrics().lineSpacing())
        self.whole_share.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.search = QLineEdit()
        self.search.setObjectName("previewSearch")
        self.search.setAccessibleName("在包里找")
        self.search.setPlaceholderText("户主姓名、首字母、村组或内容（Ctrl+F）")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._narrow)
        self.disputed = QCheckBox("只看写得不同的户")
        self.disputed.setObjectName("previewDisputed")
        self.disputed.toggled.connect(self._narrow)
        self.table = RowTable("previewHouseholds", "包里的户")
        self.table.set_columns(_COLUMNS)
        self.table.pointed.connect(self._tell)
        self.take, self.leave = QPushButton(), QPushButton("不导入（Esc）")
        self.take.setObjectName("takePackage")
        self.take.setProperty("primary", True)
        self.take.clicked.connect(self.accepted)
        self.leave.setObjectName("leavePackage")
        self.leave.clicked.connect(self.left)
        self._key("导入", "Ctrl+Return", self.take.click)
        self._key("导入", "Ctrl+Enter", self.take.click)
        self._key("不导入", "Esc", self.leave.click)
        self._key("在包里找", "Ctrl+F", self._to_search)
        self.search.returnPressed.connect(self.table.setFocus)
        self._lay_out()

    def _lay_out(self) -> None:
        narrow, buttons = QHBoxLayout(), QHBoxLayout()
        narrow.addWidget(self.search, 1)
        narrow.addWidget(self.disputed)
        buttons.addWidget(self.about, 1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.take)
        side = QVBoxLayout(self)
        side.setContentsMargins(16, 8, 16, 14)
        side.addWidget(self.sentence)
        side.addLayout(narrow)
        side.addWidget(self.table, 1)
        side.addWidget(self.whole_share)
        side.addLayout(buttons)

    def _key(self, label: str, keys: str, run: object) -> None:
        """A button's own shortcut would press it a tenth of a second later."""
        action = QAction(label, self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(run)
        self.addAction(action)

    def show_preview(self, preview: Preview, place: str = "") -> None:
        """Show it, with the focus where Enter looks at households and Ctrl+Enter imports.

        Args:
            place: which of several packages it is, in words
        """
        self.preview = preview
        self._shares = {share.id: share for share in preview.households}
        self.sentence.setText(f"{place}　{preview.sentence}" if place else preview.sentence)
        newer = "\n对方的程序较新：本机还不认识的栏目会先收着，升级后显示。" if preview.newer_schema else ""
        self.about.setText(f"{preview.path.name}　{preview.made_at} 由{preview.operator}导出{newer}")
        self.search.clear()
        self.disputed.setChecked(False)
        self.disputed.setVisible(any(share.conflicts for share in preview.households))
        self.table.hint = _NOTHING
        self.table.set_rows(_row(share) for share in preview.households)
        self._tell(self.table.current())
        self.take.setText("知道了（Ctrl+回车）" if preview.known_before else "导入（Ctrl+回车）")
        self.take.setEnabled(True)
        self.table.setFocus()

    def _to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _narrow(self) -> None:
        typed, disputed = self.search.text().strip().casefold(), self.disputed.isChecked()

        def fits(row: Row) -> bool:
            share = self._shares[row.id]
            if disputed and not share.conflicts:
                return False
            name = share.name.casefold()
            return not typed or typed in name or typed in initials(name) or any(typed in one for one in share.what)

        self.table.hint = "没有这样的户。" if typed or disputed else _NOTHING
        self.table.filter(fits if typed or disputed else None)
        self._tell(self.table.current())

    def _tell(self, household: str) -> None:
        """All that the line of the table has no room for."""
        share = self._shares.get(household) if self.table.shown_ids() else None
        if share is None:
            self.whole_share.clear()
            return
        disputed = f"（约 {share.conflicts} 处与本机写得不同）" if share.conflicts else ""
        self.whole_share.setText(f"{share.name}{disputed}：{'、'.join(share.what)}")


def _line(name: str, look: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names come from outside
    label.setWordWrap(True)
    if look:
        label.setProperty(look, True)
    return label


def _row(share: HouseholdShare) -> Row:
    more = f"等 {len(share.what)} 项" if len(share.what) > _TOLD else ""
    cells = {
        "name": share.name,
        "new": share.new or None,
        "changed": share.changed or None,
        "conflicts": share.conflicts or None,
        "what": "、".join(share.what[:_TOLD]) + more,
    }
    return Row(share.id, cells, "warn" if share.conflicts else "" if share.id else "quiet")
