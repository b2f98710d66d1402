"""What a package would bring, before anything is written: household by household, then yes or no."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.sync.package_preview import HouseholdChanges, PackagePreview
from ui.widgets.pinyin import initials
from ui.widgets.row_table import Column, Row, RowTable
from ui.widgets.search_line import SearchLine

_COLUMNS = (
    Column("name", "户", width=20),
    Column("new", "新增", align="right", width=8),
    Column("changed", "改动", align="right", width=8),
    Column("conflicts", "内容不一致", align="right", width=9),
    Column("what", "内容", width=0),
)
_MAX_KINDS_SHOWN = 12  # kinds of change named in a line; all of them below the table
_EMPTY_HINT = "包里没有本机还没有的修改。"


class PackagePreviewCard(QFrame):
    """One verified package.

    Signals:
        import_requested: it is to be imported
        closed: it is not
    """

    import_requested = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setObjectName("preview")
        self.preview: PackagePreview | None = None
        self._households: dict[str, HouseholdChanges] = {}
        self.message = _label("previewSentence", "heading")
        self.source = _label("previewAbout", "quiet")
        self.household_detail = _label("previewShare", "")
        # two lines are kept free, so that the table does not jump from household to household
        self.household_detail.setMinimumHeight(2 * self.household_detail.fontMetrics().lineSpacing())
        self.household_detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.unseen_note = _label("previewUnseen", "fault")
        self.accept_unseen = QCheckBox("逐户看过，是本人写的，一并收下")
        self.accept_unseen.setObjectName("acceptUnseen")
        self.accept_unseen.toggled.connect(self._update_import_button)
        self.unseen_only = QCheckBox("只看停用的人写的户")
        self.unseen_only.setObjectName("previewUnseenOnly")
        self.unseen_only.toggled.connect(self._filter)
        self.search = SearchLine("previewSearch", "在包里找", "户主姓名、首字母、村组或内容（Ctrl+F）")
        self.search.textChanged.connect(self._filter)
        self.conflicts_only = QCheckBox("仅显示内容不一致的户")
        self.conflicts_only.setObjectName("previewDisputed")
        self.conflicts_only.toggled.connect(self._filter)
        self.table = RowTable("previewHouseholds", "包里的户")
        self.table.set_columns(_COLUMNS)
        self.table.current_row_changed.connect(self._show_household)
        self.import_button, self.cancel_button = QPushButton(), QPushButton("不导入（Esc）")
        self.import_button.setObjectName("takePackage")
        self.import_button.setProperty("primary", True)
        self.import_button.clicked.connect(self.import_requested)
        self.cancel_button.setObjectName("leavePackage")
        self.cancel_button.clicked.connect(self.closed)
        self._add_shortcut("导入", "Ctrl+Return", self.import_button.click)
        self._add_shortcut("导入", "Ctrl+Enter", self.import_button.click)
        self._add_shortcut("不导入", "Esc", self.cancel_button.click)
        self._add_shortcut("在包里找", "Ctrl+F", self._focus_search)
        self.search.lead_to(self.table, by_enter=True)
        self._build_layout()

    def _build_layout(self) -> None:
        filter_row, button_row = QHBoxLayout(), QHBoxLayout()
        filter_row.addWidget(self.search, 1)
        filter_row.addWidget(self.conflicts_only)
        filter_row.addWidget(self.unseen_only)
        button_row.addWidget(self.source, 1)
        button_row.addWidget(self.accept_unseen)
        button_row.addWidget(self.import_button)
        button_row.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 14)
        layout.addWidget(self.message)
        layout.addWidget(self.unseen_note)
        layout.addLayout(filter_row)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.household_detail)
        layout.addLayout(button_row)
        self.setTabOrder(self.import_button, self.cancel_button)

    def _add_shortcut(self, label: str, keys: str, slot: object) -> None:
        """A button's own shortcut would press it a tenth of a second later."""
        action = QAction(label, self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self.addAction(action)

    def show_preview(self, preview: PackagePreview, position: str = "") -> None:
        """Show it, with the focus where Enter looks at households and Ctrl+Enter imports.

        Args:
            position: which of several packages it is, in words
        """
        self.preview = preview
        self._households = {household.id: household for household in preview.households}
        self.message.setText(f"{position}　{preview.message}" if position else preview.message)
        newer_note = "\n对方的程序较新：本机暂无的栏目先行保存，升级后显示。" if preview.newer_schema else ""
        self.source.setText(f"{preview.path.name}　{preview.made_at} 由{preview.operator}导出{newer_note}")
        self.search.clear()
        self.conflicts_only.setChecked(False)
        self.conflicts_only.setVisible(any(household.conflicts for household in preview.households))
        self.unseen_note.setText(preview.unseen_message)
        for widget in (self.unseen_note, self.accept_unseen, self.unseen_only):
            widget.setVisible(bool(preview.unseen))
        for box in (self.accept_unseen, self.unseen_only):
            box.setChecked(False)
        self.table.placeholder = _EMPTY_HINT
        self.table.set_rows(_row(household) for household in preview.households)
        self._show_household(self.table.current_id())
        self.import_button.setText("确定（Ctrl+回车）" if preview.known_before else "导入（Ctrl+回车）")
        self._update_import_button()
        self.table.setFocus()

    def _update_import_button(self) -> None:
        """What somebody with a revoked card wrote is not taken in before a person says so."""
        self.import_button.setEnabled(
            self.preview is not None and (not self.preview.unseen or self.accept_unseen.isChecked())
        )

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _filter(self) -> None:
        query, conflicts_only = self.search.text().strip().casefold(), self.conflicts_only.isChecked()
        unseen_only = self.unseen_only.isChecked()

        def matches(row: Row) -> bool:
            household = self._households[row.id]
            if (conflicts_only and not household.conflicts) or (unseen_only and not household.unseen):
                return False
            name = household.name.casefold()
            return (
                not query or query in name or query in initials(name) or any(query in label for label in household.what)
            )

        is_filtered = bool(query or conflicts_only or unseen_only)
        self.table.placeholder = "没有这样的户。" if is_filtered else _EMPTY_HINT
        self.table.set_filter(matches if is_filtered else None)
        self._show_household(self.table.current_id())

    def _show_household(self, household_id: str) -> None:
        """All that the line of the table has no room for."""
        household = self._households.get(household_id) if self.table.visible_ids() else None
        if household is None:
            self.household_detail.clear()
            return
        conflict_note = f"（{household.conflicts} 处内容与本机不一致）" if household.conflicts else ""
        if household.unseen:
            conflict_note += f"（{household.unseen} 条是名片停用的人写的）"
        self.household_detail.setText(f"{household.name}{conflict_note}：{'、'.join(household.what)}")


def _label(name: str, style: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)  # names come from outside
    label.setWordWrap(True)
    if style:
        label.setProperty(style, True)
    return label


def _row(household: HouseholdChanges) -> Row:
    remainder = f"等 {len(household.what)} 项" if len(household.what) > _MAX_KINDS_SHOWN else ""
    cells = {
        "name": household.name,
        "new": household.new or None,
        "changed": household.changed or None,
        "conflicts": household.conflicts or None,
        "what": "、".join(household.what[:_MAX_KINDS_SHOWN]) + remainder,
    }
    is_marked = household.conflicts or household.unseen
    return Row(household.id, cells, "warn" if is_marked else "" if household.id else "quiet")
