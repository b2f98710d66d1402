"""Undoing a whole import, as long as nobody built on it: its changes leave the journal, and can be imported again."""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.exchange import naming, peers
from app.progress import Progress, Work
from app.workbook import backup, preferences
from app.workbook.workbook import REWRITTEN, Workbook
from db import retraction
from db.retraction import Lot, Retraction, TakenBack
from db.schema import records
from db.schema.exchange import Deed, PackageLog, Peer


@dataclass(frozen=True, slots=True)
class Import:
    """A package that came in and whose changes are here.

    Attributes:
        n: its line in the log of packages
        peer: the sender's name
        reason: why it cannot be undone, as a sentence; "" where it can
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
class Undone:
    """What undoing an import did.

    Attributes:
        records: how many records are as they were before; `gone`: how many of them came with it and went
        revoked: peers it had told of as lost; they stay revoked
    """

    n: int
    sender: str
    changes: int
    records: int
    gone: int
    pictures: int
    revoked: tuple[str, ...]

    @property
    def sentence(self) -> str:
        told = f"已撤销“{self.sender}”的这次导入：退回 {self.changes} 条修改，{self.records} 条记录回到导入前的样子"
        told += f"，其中 {self.gone} 条是随包来的，已移走" if self.gone else ""
        told += f"，{self.pictures} 张照片已移走。" if self.pictures else "。"
        if self.revoked:
            told += f"{'、'.join(self.revoked)} 的名片仍然停用；要恢复，请重新添加名片。"
        return told + "原来的包可以再导入；对方以后导出的包也会再带来这些修改。"


def possible(workbook: Workbook, most: int = 50) -> Work[tuple[Import, ...]]:
    """The latest imports that brought changes, newest first, each with what stands in the way of undoing it."""
    found: list[Import] = []
    with workbook.reading() as session:
        lines = _imports(session)[:most]
        for n, line in enumerate(lines):
            yield Progress(n, len(lines), "核对导入记录")
            found.append(_import(session, line, (yield from _reason(session, line))))
    return tuple(found)


def undo(workbook: Workbook, n: int, by: object | None = None) -> Work[Undone]:
    """Take an import back: a backup first (the preference that holds for imports), then one transaction.

    Args:
        n: `Receipt.n` or `Import.n`

    Raises:
        OfficeError: there is no such import, or somebody built on it
    """
    with workbook.reading() as session:
        yield from _refuse(session, n)
    if preferences.get(workbook, "backup_before_import"):
        yield from backup.before(workbook, "撤销导入前")
    try:
        with workbook.writing(by) as session:
            return (yield from _undo(session, workbook, n))
    except IntegrityError as error:
        raise OfficeError("有别的记录用到了这次导入的记录，不能撤销。请用导入前的备份恢复。") from error


def _undo(session: Session, workbook: Workbook, n: int) -> Work[Undone]:
    line = yield from _refuse(session, n)
    lot = _lot(line)
    taking = Retraction(session, lot)
    for done in taking.blocks():
        yield Progress(done, lot.last - lot.first + 1, "撤销导入")
    taken = taking.finish()
    session.info[REWRITTEN] = taken.rows
    at = peers.now()
    line.undone_at, line.last_seq = at, taken.line
    line.result = json.dumps(_result(line) | {"moved": [taken.former, taken.line]}, ensure_ascii=False)
    session.add(Deed(at=at, operator=workbook.operator, what="撤销导入", how_many=taken.changes))
    return _undone(session, line, taken)


def _undone(session: Session, line: PackageLog, taken: TakenBack) -> Undone:
    return Undone(
        n=line.n,
        sender=_sender(session, line),
        changes=taken.changes,
        records=sum(len(rows) for table, rows in taken.rows.items() if table in records()),
        gone=taken.gone,
        pictures=taken.pictures,
        revoked=tuple(_result(line).get("revoked", ())),
    )


def _refuse(session: Session, n: int) -> Work[PackageLog]:
    line = session.get(PackageLog, n)
    if line is None or line.way != "in":
        raise OfficeError("没有这次导入。请刷新后再看。")
    if reason := (yield from _reason(session, line)):
        raise OfficeError(reason)
    return line


def _imports(session: Session) -> list[PackageLog]:
    query = select(PackageLog).where(PackageLog.way == "in", PackageLog.undone_at.is_(None), PackageLog.changes > 0)
    return list(session.scalars(query.order_by(PackageLog.n.desc())))


def _import(session: Session, line: PackageLog, reason: str) -> Import:
    return Import(
        n=line.n,
        at=line.at,
        package=line.package,
        peer=_sender(session, line),
        file_name=line.file_name,
        changes=line.changes,
        pictures=line.pictures,
        operator=line.operator,
        reason=reason,
    )


def _sender(session: Session, line: PackageLog) -> str:
    peer = session.get(Peer, line.peer)
    return peer.name if peer else line.peer[:16]


def _result(line: PackageLog) -> dict[str, Any]:
    found = json.loads(line.result or "{}")
    return found if isinstance(found, dict) else {}


def _lot(line: PackageLog) -> Lot:
    advanced = {
        (village, replica): (before, after) for village, replica, before, after in _result(line).get("advanced", ())
    }
    return Lot(line.first_seq or 0, line.last_seq or 0, advanced)


def _reason(session: Session, line: PackageLog) -> Work[str]:
    """Why this import cannot be undone, "" where it can. The cheap questions come first."""
    if line.undone_at:
        return f"这次导入在 {line.undone_at} 已经撤销过了。"
    if not line.changes:
        return "这次导入没有带来修改，没有可撤销的。"
    if line.first_seq is None:
        return "这次导入是旧版本的程序做的，没有记下范围，不能撤销。需要时请用导入前的备份恢复。"
    lot = _lot(line)
    if streams := retraction.grown(session, lot):
        return _gone_on(session, line, streams)
    if not retraction.whole(session, lot, line.changes):
        return "这次导入的历史已经归并过，不能撤销。需要时请用归并前的备份恢复。"
    rows: dict[str, set[str]] = defaultdict(set)
    count = 0
    for block in retraction.built_on(session, lot):
        yield Progress(0, 0, "核对后来的修改")
        count += len(block)
        for later in block:
            rows[later.table].add(later.row)
    return _built_on(session, rows, count) if count else ""


def _gone_on(session: Session, line: PackageLog, streams: list[tuple[str, str]]) -> str:
    wanted = {tuple(stream) for stream in streams}
    later = [
        other
        for other in _imports(session)
        if other.n > line.n and wanted.intersection(tuple(one[:2]) for one in _result(other).get("advanced", ()))
    ]
    names = "、".join(dict.fromkeys(f"“{_sender(session, other)}”" for other in later))
    return f"之后又导入过 {len(later)} 个包（{names}），接着这个包往下写。请先从最近的一个起撤销那些导入。"


def _built_on(session: Session, rows: dict[str, set[str]], count: int) -> str:
    homes: set[str] = set()
    for table, ids in rows.items():
        homes.update(naming.households_of(session, table, ids).values())
    told = f"导入之后又在它的基础上改过 {count} 处"
    if homes:
        first = min(naming.household_names(session, sorted(homes)[:50]).values(), default="")
        told += f"（{first}等 {len(homes)} 户）" if len(homes) > 1 else f"（{first}）"
    return f"{told}，不能整包撤销。请到这些户里逐处改回，或用导入前的备份恢复。"
