"""Undoing a whole import while nothing depends on it: its changes leave the journal and can be imported again."""

import itertools
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.sync import peers
from app.workbook import backup, preferences
from app.workbook.workbook import REBUILT_ROWS, Workbook, running_operation
from db.journal import operations, undo
from db.journal.conflicts import open_conflicts
from db.journal.undo import DependentChange, ImportRange, ImportUndo, UndoResult
from db.schema import records, relations
from db.schema.exchange import AuditEntry, PackageLog, Peer

_LOOKED_AT = 50  # records of those in the way at which it is looked for the words of a refusal


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """An imported package whose changes are here.

    Attributes:
        n: its line in the log of packages
        peer: the sender's name
        reason: a message why it cannot be undone; "" where it can
    """

    n: int
    at: str
    package: str
    peer: str
    file_name: str
    changes: int
    pictures: int
    operator: str
    reason: str


@dataclass(frozen=True, slots=True)
class PackageUndoResult:
    """What undoing an import did.

    Attributes:
        records: how many records are as they were before; `gone`: how many of them it had brought and are gone
        revoked: peers that it had reported as lost; they stay revoked
    """

    n: int
    sender: str
    changes: int
    records: int
    gone: int
    pictures: int
    revoked: tuple[str, ...]

    @property
    def message(self) -> str:
        message = f"已撤销“{self.sender}”的这次导入：退回 {self.changes} 条修改，{self.records} 条记录回到导入前的样子"
        message += f"，其中 {self.gone} 条是随包来的，已移走" if self.gone else ""
        message += f"，{self.pictures} 张照片已移走。" if self.pictures else "。"
        if self.revoked:
            message += f"{'、'.join(self.revoked)} 的名片仍然停用；要恢复，请重新添加名片。"
        return message + "原来的包可以再导入；对方以后导出的包也会再带来这些修改。"


def list_undoable(workbook: Workbook, limit: int = 50) -> Task[tuple[ImportEntry, ...]]:
    """The latest imports that brought changes, newest first, each with the obstacle to undoing it."""
    with workbook.reading() as session:
        imports = _open_imports(session, limit=limit)
        reasons = yield from _blocking_reasons(session, imports)
        return tuple(_import_entry(session, log_entry, reasons[log_entry.n]) for log_entry in imports)


def undo_import(workbook: Workbook, n: int) -> Task[PackageUndoResult]:
    """Undo an import: a backup first (the preference that holds for imports), then one transaction.

    Args:
        n: the import's line in the log

    Raises:
        UserError: there is no such import, or later changes depend on it
    """
    with workbook.reading() as session:
        yield from _require_undoable(session, n)
    if preferences.get(workbook, "backup_before_import"):
        yield from backup.automatic_backup(workbook, "撤销导入前")
    try:
        with workbook.operation("撤销导入", "import_undo") as session:
            return (yield from _undo(session, workbook, n))
    except IntegrityError as error:
        raise UserError("有别的记录用到了这次导入的记录，不能撤销。请用导入前的备份恢复。") from error


def _undo(session: Session, workbook: Workbook, n: int) -> Task[PackageUndoResult]:
    log_entry = yield from _require_undoable(session, n)
    import_range = _import_range(log_entry)
    import_undo = ImportUndo(session, import_range)
    for done in import_undo.recompute_blocks():
        yield Progress(done, import_range.last_seq - import_range.first_seq + 1, "撤销导入")
    result = import_undo.finish()
    session.info[REBUILT_ROWS] = result.rows
    running = running_operation(session)
    running.title = f"撤销导入：{_sender_name(session, log_entry)}"
    running.undoes = operations.import_of_package(session, n)
    if running.undoes is not None:
        operations.forget_changes(session, running.undoes)
    now = peers.local_time()
    log_entry.undone_at, log_entry.last_seq = now, result.last_seq
    log_entry.result = json.dumps(
        _import_result(log_entry) | {"moved": [result.former_last_seq, result.last_seq]}, ensure_ascii=False
    )
    session.add(AuditEntry(at=now, operator=workbook.operator, what="撤销导入", how_many=result.changes))
    return _undo_result(session, log_entry, result)


def _undo_result(session: Session, log_entry: PackageLog, result: UndoResult) -> PackageUndoResult:
    return PackageUndoResult(
        n=log_entry.n,
        sender=_sender_name(session, log_entry),
        changes=result.changes,
        records=sum(len(rows) for table, rows in result.rows.items() if table in records()),
        gone=result.removed_rows,
        pictures=result.removed_pictures,
        revoked=tuple(_import_result(log_entry).get("revoked", ())),
    )


def _require_undoable(session: Session, n: int) -> Task[PackageLog]:
    log_entry = session.get(PackageLog, n)
    if log_entry is None or log_entry.way != "in":
        raise UserError("没有这次导入。请刷新后再看。")
    if reason := (yield from _blocking_reasons(session, (log_entry,)))[n]:
        raise UserError(reason)
    return log_entry


def _open_imports(session: Session, after: int = 0, limit: int | None = None) -> list[PackageLog]:
    """Imports that brought changes and are not undone, newest first.

    Args:
        after: only those that came after this line of the log
    """
    query = select(PackageLog).where(PackageLog.way == "in", PackageLog.undone_at.is_(None), PackageLog.changes > 0)
    return list(session.scalars(query.where(PackageLog.n > after).order_by(PackageLog.n.desc()).limit(limit)))


def _import_entry(session: Session, log_entry: PackageLog, reason: str) -> ImportEntry:
    return ImportEntry(
        n=log_entry.n,
        at=log_entry.at,
        package=log_entry.package,
        peer=_sender_name(session, log_entry),
        file_name=log_entry.file_name,
        changes=log_entry.changes,
        pictures=log_entry.pictures,
        operator=log_entry.operator,
        reason=reason,
    )


def _sender_name(session: Session, log_entry: PackageLog) -> str:
    peer = session.get(Peer, log_entry.peer)
    return peer.name if peer else log_entry.peer[:16]


def _import_result(log_entry: PackageLog) -> dict[str, Any]:
    result = json.loads(log_entry.result or "{}")
    return result if isinstance(result, dict) else {}


def _import_range(log_entry: PackageLog) -> ImportRange:
    advanced = {
        (village, replica): (before, after)
        for village, replica, before, after in _import_result(log_entry).get("advanced", ())
    }
    return ImportRange(log_entry.first_seq or 0, log_entry.last_seq or 0, advanced)


def _blocking_reasons(session: Session, log_entries: Sequence[PackageLog]) -> Task[dict[int, str]]:
    """Import → why it cannot be undone, "" where it can. Cheap checks come first; the later changes are read once for
    all imports that pass them."""
    reasons: dict[int, str] = {}
    for done, log_entry in enumerate(log_entries):
        yield Progress(done, len(log_entries), "核对导入记录")
        reasons[log_entry.n] = _reason_in_itself(session, log_entry)
    ranges = {log_entry.n: _import_range(log_entry) for log_entry in log_entries if not reasons[log_entry.n]}
    later = {n: _LaterChanges() for n in ranges}
    for dependents in undo.iter_dependents(session, ranges):
        yield Progress(0, 0, "核对后来的修改")
        spent = operations.spent_changes(session, {change.seq for change in dependents}) if dependents else set()
        for change in dependents:
            later[change.import_n].add(change, is_spent=change.seq in spent)
    for n, changes in later.items():
        reasons[n] = changes.reason(session) if changes.count else ""
    return reasons


class _LaterChanges:
    """What builds on an import: in how many places, and whether anything of it still counts.

    What was taken back stands in the way all the same. It names changes of the import, colleagues may have it, and it
    has replaced what the import would bring when it comes again: that would be lost without a word
    (docs/decisions/0009-undo-and-compaction.md).
    """

    def __init__(self) -> None:
        self.count = 0
        self._is_all_spent = True
        self._rows: dict[str, set[str]] = defaultdict(set)
        self._cells: set[tuple[str, str]] = set()

    def add(self, change: DependentChange, *, is_spent: bool) -> None:
        self.count += 1
        self._is_all_spent = self._is_all_spent and is_spent
        self._rows[change.table].add(change.row)
        self._cells.add((change.row, change.column))

    def reason(self, session: Session) -> str:
        """A message for the officer: where, and what can be done instead."""
        households = _households_named(session, self._rows)
        if not self._is_all_spent:
            message = f"导入之后又在它的基础上改过 {self.count} 处{households}"
            return f"{message}，不能整包撤销。请到这些户里逐处改回，或用导入前的备份恢复。"
        message = f"导入之后在它的基础上改过又撤销了 {len(self._cells)} 处{households}，改过的记录同事可能已经收到"
        where = "“冲突”页采用本机内容" if self._has_conflict(session) else "这些户里填回导入前的内容"
        return f"{message}，不能整包撤销。请到{where}，或用导入前的备份恢复。"

    def _has_conflict(self, session: Session) -> bool:
        cells = itertools.islice(((table, row) for table, rows in self._rows.items() for row in rows), _LOOKED_AT)
        return any(open_conflicts(session, table, row) for table, row in cells)


def _reason_in_itself(session: Session, log_entry: PackageLog) -> str:
    """What keeps an import from being undone whatever was changed after it, "" where nothing does."""
    if log_entry.undone_at:
        return f"这次导入在 {log_entry.undone_at} 已经撤销过了。"
    if not log_entry.changes:
        return "这次导入没有带来修改，没有可撤销的。"
    if log_entry.first_seq is None:
        return "这次导入是旧版本的程序做的，没有记下范围，不能撤销。需要时请用导入前的备份恢复。"
    import_range = _import_range(log_entry)
    if streams := undo.streams_extended_since(session, import_range):
        return _later_imports_reason(session, log_entry, streams)
    if not undo.is_complete(session, import_range, log_entry.changes):
        return "这次导入的历史已经归并过，不能撤销。需要时请用归并前的备份恢复。"
    return ""


def _later_imports_reason(session: Session, log_entry: PackageLog, streams: list[tuple[str, str]]) -> str:
    stream_keys = {tuple(stream) for stream in streams}
    later_imports = [
        later_import
        for later_import in _open_imports(session, after=log_entry.n)
        if stream_keys.intersection(tuple(advance[:2]) for advance in _import_result(later_import).get("advanced", ()))
    ]
    if not later_imports:  # the stream was split where two machines went on from one (db/journal/branch_split.py)
        return "导入以后发现发件的电脑有克隆，它的历史已经分成两支，这次导入不能再撤销。需要时请用导入前的备份恢复。"
    names = "、".join(dict.fromkeys(f"“{_sender_name(session, later_import)}”" for later_import in later_imports))
    return f"之后又导入过 {len(later_imports)} 个包（{names}），接着这个包往下写。请先从最近的一个起撤销那些导入。"


def _households_named(session: Session, rows: dict[str, set[str]]) -> str:
    """The households of these records in brackets, the first by name; "" where they are of none."""
    household_ids: set[str] = set()
    for table, ids in rows.items():
        household_ids.update(relations.ancestor_ids(session, table, ids).values())
    if not household_ids:
        return ""
    first_title = min(relations.household_titles(session, sorted(household_ids)[:_LOOKED_AT]).values(), default="")
    return f"（{first_title}等 {len(household_ids)} 户）" if len(household_ids) > 1 else f"（{first_title}）"
