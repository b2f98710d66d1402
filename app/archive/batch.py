"""Batches of archives into a folder: two processes print, and what is finished is kept and remembered as it comes.

A batch that was cancelled, refused or killed is gone on with: what is finished and still says the same is not printed
again. The password of locked files is kept nowhere.
"""

import contextlib
import json
import os
import time
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import drawing, imprint
from app.archive.draft import doubted
from app.archive.drawing import Drawn, Setting
from app.archive.imprint import Printed
from app.archive.output import sentences
from app.archive.press import Errand, Finished, Wanted, part_of, press
from app.errors import OfficeError
from app.progress import Progress, Work
from app.workbook.workbook import Workbook
from db.schema.archive import PrintBatch
from db.schema.household import Household

PROCESSES = 2
_PATIENCE = 0.1  # seconds that the office waits before it says how far it is
_WRITTEN_EVERY = 2.0  # seconds between two notes of what is finished
_DOING = "正在打印"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A batch that did not come to its end.

    Attributes:
        n: its number, for `go_on`
        at: when it was begun, local time, "YYYY-MM-DD hh:mm:ss"
        wanted, done: households
        locked: its files need a password, which `go_on` must be told again
    """

    n: int
    at: str
    operator: str
    folder: Path
    wanted: int
    done: int
    locked: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """A finished file and what it says."""

    household_id: str
    file: str
    content: str
    draft: bool
    pages: int


def unfinished(workbook: Workbook) -> tuple[Unfinished, ...]:
    """Batches that can be gone on with, the latest first."""
    with workbook.reading() as session:
        rows = session.scalars(
            select(PrintBatch).where(PrintBatch.finished_at.is_(None)).order_by(PrintBatch.n.desc())
        ).all()
        return tuple(
            Unfinished(
                n=row.n,
                at=row.at,
                operator=row.operator,
                folder=Path(row.folder),
                wanted=len(json.loads(row.wanted)),
                done=len(json.loads(row.done)),
                locked=bool(json.loads(row.choice)["locked"]),
            )
            for row in rows
        )


def dismiss(workbook: Workbook, n: int) -> None:
    """Forget a batch that will not be gone on with. Its files stay."""
    with workbook.writing() as session:
        _batch(session, n).finished_at = _now()


def begin(
    workbook: Workbook, households: Sequence[str], folder: Path, setting: Setting, password: str
) -> Work[Printed]:
    """Print a file a household into a folder, as a batch that is remembered."""
    _ready(folder)
    choice = {"sections": setting.sections, "reason": setting.reason, "locked": bool(password)}
    with workbook.writing() as session:
        row = PrintBatch(
            at=_now(),
            operator=workbook.operator,
            folder=str(folder.resolve()),
            choice=json.dumps(choice, ensure_ascii=False),
            wanted=json.dumps(list(dict.fromkeys(households))),
        )
        session.add(row)
        session.flush()
        n = row.n
    return (yield from _run(workbook, n, setting, password))


def go_on(workbook: Workbook, n: int, *, password: str = "") -> Work[Printed]:
    """Print what is left of a batch. Files whose household still says the same are not printed again.

    Raises:
        OfficeError: there is no such batch, its files have a password and none is given, or as for `print_archives`
    """
    with workbook.reading() as session:
        row = _batch(session, n)
        choice, folder = json.loads(row.choice), Path(row.folder)
    if choice["locked"] and not password:
        raise OfficeError("这批档案是加密码保存的。请输入同一个密码，再继续打印。")
    _ready(folder)
    setting = drawing.setting(workbook, choice["sections"], choice["reason"])
    return (yield from _run(workbook, n, setting, password if choice["locked"] else ""))


def _run(workbook: Workbook, n: int, setting: Setting, password: str) -> Work[Printed]:
    with workbook.reading() as session:
        row = _batch(session, n)
        folder, homes = Path(row.folder), _present(session, json.loads(row.wanted))
        before = [_Done(**one) for one in json.loads(row.done)]
    ledger = _Ledger(workbook, n, folder, {one.household_id: one for one in before if one.household_id in homes})
    doubts = yield from doubted(workbook, homes)
    todo = [ledger.wanted(household, household in doubts, setting.reason) for household in homes]
    try:
        with _Presses(Errand(workbook.ticket(), folder, setting, password), len(todo)) as presses:
            yield from _fed(presses, todo, ledger)
        ledger.write(finished=True)
    finally:
        ledger.write()
        for household in homes:
            with contextlib.suppress(OSError):
                part_of(folder, household).unlink(missing_ok=True)
        if ledger.printed:
            workbook.deed("打印一户一档", ledger.printed)
    done = [ledger.done[household] for household in homes]
    files = tuple(folder / one.file for one in done)
    return Printed(files, len(done), sum(one.pages for one in done), sum(one.draft for one in done))


def _fed(presses: "_Presses", todo: list[Wanted], ledger: "_Ledger") -> Generator[Progress, None, None]:
    """Give each process its next household as soon as it is done with one."""
    total, waiting = len(todo), list(reversed(todo))
    for office in presses.offices[: len(waiting)]:
        office.send(waiting.pop())
    left = total
    yield Progress(0, total, _DOING)
    while left:
        for office in presses.ready():
            ledger.take(presses.answer(office))
            left -= 1
            if waiting:
                office.send(waiting.pop())
        ledger.write_now_and_then()
        yield Progress(total - left, total, _DOING)


@dataclass
class _Ledger:
    """What is finished: files get their names here, and what they say is noted in the workbook from time to time."""

    workbook: Workbook
    n: int
    folder: Path
    done: dict[str, _Done]
    printed: int = 0
    _drawn: list[Drawn] = field(default_factory=list)
    _written: float = field(default_factory=time.monotonic)

    def wanted(self, household: str, doubts: bool, reason: str) -> Wanted:
        """What a process is told of a household; a file that has gone, or is a draft no more, is printed again."""
        known = self.done.get(household)
        stands = known and (self.folder / known.file).is_file() and known.draft == (doubts and not reason)
        return Wanted(household, doubts, known.content if known and stands else "")

    def take(self, finished: Finished) -> None:
        drawn = finished.drawn
        if drawn is None:
            return
        household = finished.household_id
        file = self._name(household, finished.name)
        with sentences(self.folder / file):
            part_of(self.folder, household).replace(self.folder / file)
        before = self.done.get(household)
        if before and before.file != file:
            with contextlib.suppress(OSError):
                (self.folder / before.file).unlink()
        self.done[household] = _Done(household, file, drawn.sign.content, drawn.draft, drawn.pages)
        self._drawn.append(drawn)
        self.printed += 1

    def _name(self, household: str, wanted: str) -> str:
        """A file's name, with a number where another household of this batch has it."""
        taken = {one.file.lower() for one in self.done.values() if one.household_id != household}
        name, n = f"{wanted}.pdf", 1
        while name.lower() in taken:
            n += 1
            name = f"{wanted}_{n}.pdf"
        return name

    def write_now_and_then(self) -> None:
        if time.monotonic() - self._written > _WRITTEN_EVERY:
            self.write()

    def write(self, *, finished: bool = False) -> None:
        """Note what is finished, and remember what was printed."""
        if self._drawn:
            imprint.remember(self.workbook, self._drawn)
        if self._drawn or finished:
            with self.workbook.writing() as session:
                row = _batch(session, self.n)
                row.done = json.dumps([asdict(one) for one in self.done.values()], ensure_ascii=False)
                row.pages = sum(one.pages for one in self.done.values())
                row.finished_at = _now() if finished else None
        self._drawn.clear()
        self._written = time.monotonic()


class _Presses:
    """The printing processes; killed when the block ends, because they have nothing to save."""

    def __init__(self, errand: Errand, many: int) -> None:
        context = get_context("spawn")
        self.offices: list[Connection[Any, Any]] = []
        self._processes: list[Any] = []
        for _ in range(min(PROCESSES, many, os.cpu_count() or 1)):
            ours, theirs = context.Pipe()
            process = context.Process(target=press, args=(errand, theirs), daemon=True)
            process.start()
            theirs.close()
            self.offices.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.join()
            process.close()
        for office in self.offices:
            office.close()

    def ready(self) -> "list[Connection[Any, Any]]":
        """Processes that have something to say."""
        said = wait(self.offices, _PATIENCE)
        return [office for office in self.offices if office in said]

    def answer(self, office: "Connection[Any, Any]") -> Finished:
        """What a process has to say.

        Raises:
            OfficeError: what it refused, or that it has died
        """
        try:
            said = office.recv()
        except (EOFError, OSError) as error:
            raise OfficeError("打印程序中断了。已打印好的档案都在，请点“继续打印”接着打印。") from error
        if isinstance(said, OfficeError):
            raise said
        assert isinstance(said, Finished)
        return said


def _ready(folder: Path) -> None:
    with sentences(folder):
        folder.mkdir(parents=True, exist_ok=True)


def _batch(session: Session, n: int) -> PrintBatch:
    row = session.get(PrintBatch, n)
    if row is None:
        raise OfficeError("这批打印已不在记录里，请重新选择要打印的户。")
    return row


def _present(session: Session, households: Sequence[str]) -> list[str]:
    """Those that are still on the list, in their order."""
    kept = set(session.scalars(select(Household.id).where(~Household.withdrawn)))
    return [one for one in households if one in kept]


def _now() -> str:
    return datetime.now().isoformat(" ", "seconds")
