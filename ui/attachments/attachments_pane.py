"""The papers that are attached to a row or form: adding, reading page by page, printing, withdrawing."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.records.attachment_owner import AttachedPaper, AttachmentOwner, attached_papers
from app.records.draft import withdraw_all
from ui.household.paper_reader import PaperReader
from ui.household.photo_tasks import PAPERS, TAKEN, add_files
from ui.shell.page import AppContext
from ui.shell.role_limits import limit_widget
from ui.widgets.file_choice import open_file_names
from ui.widgets.row_table import Column, Row, RowTable

ADD_KEY = "Alt+L"  # pressed by the page or part that the pane stands in
_COLUMNS = (
    Column("title", "题名", width=0),
    Column("pages", "页数", align="right", width=4),
    Column("taken_at", "日期", width=11),
)
_ROWS_SHOWN = 3


class AttachmentsPane(QWidget):
    """Below a form. Files are chosen, dropped or pasted; Enter shows the current paper, Delete withdraws it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._owner: AttachmentOwner | None = None
        self._papers: dict[str, AttachedPaper] = {}
        self.reader = PaperReader(context, self)
        self.table = RowTable("attachments_of_row", "附件")
        self.table.set_columns(_COLUMNS)
        self.table.placeholder = f"没有附件。按 {ADD_KEY} 添加 PDF 或扫描件，或把文件拖到、粘贴到这里。"
        self.table.row_activated.connect(self._open)
        self.add_button = self._button("attach_paper", "添加附件…", self.choose)
        self.withdraw_button = self._button("withdraw_attachment", "撤回附件", self.withdraw)
        for key, act in (
            (QKeySequence.StandardKey.Delete, self.withdraw),
            (QKeySequence.StandardKey.Paste, self.paste),
        ):
            shortcut = QShortcut(key, self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self._build_layout()
        limit_widget(self, context.workbook)
        self.setAcceptDrops(self.isEnabled())
        self.open(None)

    def _build_layout(self) -> None:
        heading = QLabel("附件")
        heading.setProperty("heading", True)
        line = QHBoxLayout()
        line.addWidget(heading, 1)
        line.addWidget(self.add_button)
        line.addWidget(self.withdraw_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addLayout(line)
        layout.addWidget(self.table)

    def _button(self, name: str, label: str, act: object) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAccessibleName(label.removesuffix("…"))
        button.clicked.connect(act)
        return button

    def open(self, owner: AttachmentOwner | None) -> None:
        """Show what is attached to this; nothing, and nothing can be added, for a row that is not there yet."""
        if owner != self._owner:
            self._owner = owner
            self._show(owner, [])
        self.setVisible(owner is not None)
        if owner is not None:
            self._context.read(partial(self._show, owner), attached_papers, owner)

    def reload(self) -> None:
        """Read again what is attached."""
        self.open(self._owner)

    def choose(self) -> None:
        """Ask for files and attach them."""
        if self._owner is not None:
            self.attach([Path(name) for name in open_file_names(self, "添加附件", "", f"PDF 和扫描件 ({PAPERS})")])

    def attach(self, files: Sequence[Path]) -> None:
        """Attach these files; what cannot be taken is told, the others stay."""
        if self._owner is not None and files:
            task = add_files(self._context.workbook, self._owner, files, None, True)
            self._context.tasks.start(task, self._tell, failed=self._fail, title="添加附件")

    def paste(self) -> None:
        """Attach the files that were copied in another program."""
        self.attach(_files(QGuiApplication.clipboard().mimeData()))

    def withdraw(self) -> None:
        """Withdraw the current paper."""
        if photo_id := self.table.current_id():
            work = partial(withdraw_all, self._context.workbook, "photo", [photo_id], "附件")
            self._context.tasks.start(work, self._tell)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.attach(_files(event.mimeData()))

    def _tell(self, message: str) -> None:
        self._context.status_bar.saved(message)
        self.reload()

    def _fail(self, error: object) -> None:
        self._context.status_bar.error(str(error))
        self.reload()  # some may have been added

    def _open(self, photo_id: str) -> None:
        paper = self._papers[photo_id]
        self.reader.open(photo_id, paper.title, is_scan=bool(paper.pages))

    def _show(self, owner: AttachmentOwner | None, papers: Sequence[AttachedPaper]) -> None:
        if owner != self._owner:
            return  # another row has been opened since it was asked
        self._papers = {one.id: one for one in papers}
        self.table.set_rows([_row(one) for one in papers])
        self.withdraw_button.setEnabled(bool(papers))
        rows = min(max(len(papers), 1), _ROWS_SHOWN)
        self.table.setFixedHeight(self.table.horizontalHeader().sizeHint().height() + 30 * rows + 8)


def _row(paper: AttachedPaper) -> Row:
    return Row(paper.id, {"title": paper.title, "pages": paper.pages or "", "taken_at": paper.taken_at[:10]})


def _files(mime: QMimeData) -> list[Path]:
    """The files among what was dropped or copied that can be attached."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in TAKEN]
