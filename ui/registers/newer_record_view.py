"""What a newer version of the program wrote: a list, and below it the fields of the current record. To be read."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from app.records.newer_records import NewerRecord
from ui.widgets.row_table import Column, Row, RowTable

HINT = (
    "这些内容是新版本的程序写的，本版本没有它们的栏目，只能看，不能改；照样保存，也照样随数据包交换。"
    "升级本程序以后，就能在各自的台账里看和改。"
)
_COLUMNS = (
    Column("kind", "类别", width=18),
    Column("subject", "关于", width=20),
    Column("text", "内容", width=0),
    Column("operator", "最后修改人", width=10),
    Column("at", "修改时间", width=16),
)
_FIELD_COLUMNS = (Column("column", "栏目", width=22), Column("text", "内容", width=0))
_WITHDRAWN = "（已撤回）"


class NewerRecordView(QWidget):
    """The hint over both tables; the first record is current where none was."""

    def __init__(self, name: str) -> None:
        """`name`: of the table, under which its choice of columns is remembered."""
        super().__init__()
        self._records: dict[str, NewerRecord] = {}
        hint = QLabel(HINT)
        hint.setObjectName("newerHint")
        hint.setProperty("quiet", True)
        hint.setWordWrap(True)
        self.table = RowTable(name, "新版本的记录")
        self.table.set_columns(_COLUMNS)
        self.table.current_row_changed.connect(self._show_fields)
        self.field_table = RowTable(f"{name}Fields", "这一条的栏目")
        self.field_table.set_columns(_FIELD_COLUMNS)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(self.table)
        splitter.addWidget(self.field_table)
        splitter.setSizes([340, 240])
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(hint)
        layout.addWidget(splitter, 1)

    def show_records(self, records: Sequence[NewerRecord]) -> None:
        """Show these, the current one still current if it is among them."""
        self._records = {record.id: record for record in records}
        self.table.set_rows([_row(record) for record in records])
        if records and not self.table.current_id():
            self.table.set_current_id(records[0].id)
        self._show_fields(self.table.current_id())

    def _show_fields(self, record_id: str) -> None:
        record = self._records.get(record_id)
        fields = record.fields if record is not None else ()
        self.field_table.set_rows([Row(column, {"column": column, "text": text}) for column, text in fields])


def _row(record: NewerRecord) -> Row:
    cells = {
        "kind": f"{record.kind}{_WITHDRAWN}" if record.is_withdrawn else record.kind,
        "subject": record.subject,
        "text": record.text,
        "operator": record.operator,
        "at": record.at.isoformat(" ", "minutes"),
    }
    return Row(record.id, cells, "quiet" if record.is_withdrawn else "")
