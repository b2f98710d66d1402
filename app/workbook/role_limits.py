"""What a transaction wrote, held against the role of whoever wrote it: below every page, command and import.

录入 writes what it likes, takes back its own, and enters again what it took back; to withdraw or restore records, to
decide about a conflict, and to write what only 审核 decides (`Record.REVIEWED`) is refused at the end of the
transaction, which then leaves nothing.
"""

from sqlalchemy.orm import Session

from app.errors import NotPermitted
from app.workbook.roles import ENTER, REVIEW, Role, may, refusal
from db.journal import operations
from db.journal.changes import cells_changed_since
from db.journal.conflicts import open_conflicts
from db.journal.operations import Kind, NewOperation
from db.schema import records, relations
from db.schema.record import ALL_COLUMNS

REVIEWED_KINDS: tuple[Kind, ...] = ("import_undo",)
_OWN_KINDS: tuple[Kind, ...] = ("undo", "redo")  # allowed where it is one's own operation that is taken back
_OWNERS = ("", "household", "member", "helper")  # what records of their own belong to
_Cell = tuple[str, str, str]


class RoleLimits:
    """Made at the beginning of a transaction, asked at its end."""

    def __init__(self, session: Session, role: Role, last_seq: int) -> None:
        self._session, self._role, self._last_seq = session, role, last_seq
        self._conflicts = set() if may(role, REVIEW) else self._open()

    def check(self, operation: NewOperation, operator: str) -> None:
        """Refuse what the role does not include.

        Raises:
            NotPermitted: with what was written and who may do that
        """
        if may(self._role, REVIEW) or operation.kind == "import":
            return
        changed = list(cells_changed_since(self._session, self._last_seq))
        if changed and not may(self._role, ENTER):
            raise NotPermitted(refusal(self._role, ENTER, "修改记录"))
        if operation.kind in _OWN_KINDS:
            self._check_own(operation, operator)
            return
        remade = operations.remade_rows(self._session, self._last_seq, operator)
        written = dict.fromkeys(
            (table, column) for table, row, column in changed if column != "withdrawn" or row not in remade
        )
        if what := next(filter(None, (_reviewed(table, column) for table, column in written)), ""):
            raise NotPermitted(refusal(self._role, REVIEW, what))
        if self._conflicts and not self._conflicts <= self._open():
            raise NotPermitted(refusal(self._role, REVIEW, "处理冲突：这一项内容两台电脑填写不一致"))

    def _check_own(self, operation: NewOperation, operator: str) -> None:
        """Taking back, or doing again, only what one has done oneself."""
        taken_back = operations.get(self._session, operation.undoes) if operation.undoes is not None else None
        if taken_back is not None and taken_back.operator != operator:
            raise NotPermitted(refusal(self._role, REVIEW, f"撤销{taken_back.operator}的操作"))

    def _open(self) -> set[_Cell]:
        return {(one.table, one.row, one.column) for one in open_conflicts(self._session)}


def _reviewed(table: str, column: str) -> str:
    """What writing this cell is, where only 审核 does it, else ""."""
    record = records().get(table)
    if record is None:
        return ""
    label = relations.record_label(table)
    if record.REVIEWED == ALL_COLUMNS:
        return f"修改{label}"
    if column not in record.REVIEWED or relations.parent_table(table) not in _OWNERS:
        return ""  # what stands below a record is part of it
    spec = relations.column_spec(table, column)
    return f"撤回或恢复{label}" if column == "withdrawn" else f"填写{label}的“{spec.label if spec else column}”"
