"""操作记录 as one list: what was done, and what the log of exports, prints and displays of masked numbers says."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.progress import Progress, Task
from app.workbook.audit_log import LoggedExport, logged_exports
from app.workbook.operations import Kind, OperationEntry, list_operations
from app.workbook.workbook import Workbook

LOG = "log"  # key of the lines of the log, of which nothing can be taken back
_LOG_LABEL = "导出、打印和看全号码"
_BLOCK = 500  # operations that are read together


@dataclass(frozen=True, slots=True)
class KindGroup:
    """Kinds of operations that an officer calls by one name.

    Attributes:
        key: what views keep; never changes
        kinds: none for the log
    """

    key: str
    label: str
    kinds: tuple[Kind, ...]


KIND_GROUPS = (
    KindGroup("edit", "修改", ("edit",)),
    KindGroup("print", "打印", ("print",)),
    KindGroup("import", "导入的数据包", ("import", "import_undo")),
    KindGroup("undo", "撤销和重做", ("undo", "redo")),
    KindGroup(LOG, _LOG_LABEL, ()),
)
_GROUP_OF = {kind: group for group in KIND_GROUPS for kind in group.kinds}


@dataclass(frozen=True, slots=True)
class OperationLine:
    """One line.

    Attributes:
        id: tells it from the others of the list
        at: local time to the minute
        households: whose records were changed, the first few by name
        operation: what can be taken back, None for a line of the log
    """

    id: str
    at: str
    operator: str
    group: KindGroup
    title: str
    records: int
    households: str = ""
    operation: OperationEntry | None = None

    @property
    def day(self) -> str:
        """When it was done, YYYY-MM-DD."""
        return self.at[:10]

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back."""
        return self.operation is not None and bool(self.operation.undone)

    @property
    def state(self) -> str:
        """What an officer calls that, "" while it is in force."""
        return "已撤销" if self.is_undone else ""


def operation_line(entry: OperationEntry) -> OperationLine:
    """The line of an operation."""
    group = _GROUP_OF[entry.kind]
    return OperationLine(
        str(entry.n), entry.at[:16], entry.operator, group, entry.title, entry.records, entry.households, entry
    )


def log_line(export: LoggedExport) -> OperationLine:
    """The line of something in the log; its id is that of no operation."""
    return OperationLine(str(-export.n), export.at[:16], export.operator, KIND_GROUPS[-1], export.what, export.count)


def all_operation_lines(session: Session) -> Task[Sequence[OperationLine]]:
    """Everything, the latest first."""
    entries: list[OperationEntry] = []
    while block := list_operations(session, before=entries[-1].n if entries else None, limit=_BLOCK):
        entries += block
        yield Progress(len(entries), 0, "读取操作记录")
    lines = [*map(operation_line, entries), *map(log_line, logged_exports(session, limit=None))]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def read_operation_lines(workbook: Workbook) -> Task[Sequence[OperationLine]]:
    """The same, of an open workbook."""
    with workbook.reading() as session:
        return (yield from all_operation_lines(session))
