"""Batches of archives into a folder: two processes print, and what is finished stays and is recorded as it comes.

A batch that was cancelled, refused or killed can be resumed: what is finished and still has the same content is not
printed again. An archive with characters that no font has gets no file; all others are printed before the batch says
so. The password of encrypted files is stored nowhere.
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

from app.errors import UserError
from app.printing import print_record
from app.printing.archive_job import AUDIT_TEXT, ArchiveJob
from app.printing.atomic_output import translate_os_errors
from app.printing.print_job import DEFAULT_OPTIONS, PrintOptions
from app.printing.print_record import PrintResult
from app.printing.worker import MOST_MEMORY, RenderDone, RenderRequest, WorkerConfig, partial_path, run_worker
from app.progress import Progress, Task
from app.reports import render
from app.reports.draft_check import households_with_errors
from app.reports.render import RenderedVolume, RenderSettings
from app.reports.unprintable import Unprintable, UnprintableError
from app.workbook.workbook import Workbook
from db.schema import relations
from db.schema.archive import PrintBatch
from db.schema.household import Household

MAX_WORKERS = 2
_POLL_SECONDS = 0.1  # between two reports of progress
_SAVE_INTERVAL = 2.0  # seconds between two records of what is finished
_PROGRESS_TEXT = "正在打印"
_MAX_NAMED = 5  # households in a refusal


@dataclass(frozen=True, slots=True)
class UnfinishedBatch:
    """A batch that was not completed.

    Attributes:
        n: its number, for `resume`
        started_at: local time, "YYYY-MM-DD hh:mm:ss"
        total, done: households
        encrypted: its files have a password, which `resume` needs again
    """

    n: int
    started_at: str
    operator: str
    folder: Path
    total: int
    done: int
    encrypted: bool


@dataclass(frozen=True, slots=True)
class _FinishedFile:
    """A finished file; `content` is the hash of what it says."""

    household_id: str
    file: str
    content: str
    draft: bool
    pages: int


def unfinished_batches(workbook: Workbook) -> tuple[UnfinishedBatch, ...]:
    """Batches that can be resumed, the latest first."""
    with workbook.reading() as session:
        rows = session.scalars(
            select(PrintBatch).where(PrintBatch.finished_at.is_(None)).order_by(PrintBatch.n.desc())
        ).all()
        return tuple(
            UnfinishedBatch(
                n=row.n,
                started_at=row.at,
                operator=row.operator,
                folder=Path(row.folder),
                total=len(json.loads(row.wanted)),
                done=len(json.loads(row.done)),
                encrypted=bool(json.loads(row.choice)["locked"]),
            )
            for row in rows
        )


def dismiss(workbook: Workbook, n: int) -> None:
    """Close a batch that will not be resumed. Its files stay."""
    with workbook.logging() as session:
        _get_batch(session, n).finished_at = _now()


def start(workbook: Workbook, job: ArchiveJob, folder: Path, options: PrintOptions) -> Task[PrintResult]:
    """Print a file for each household into a folder, as a batch that is recorded and can be resumed.

    Raises:
        UnprintableError: characters of some archives cannot be printed; all others are finished
        UserError: the folder cannot be written to, or a process died; what is finished stays
    """
    settings = render.render_settings(workbook, job.sections, job.reason)
    _make_folder(folder)
    choice = {
        "sections": settings.sections,
        "reason": settings.reason,
        "locked": bool(options.password),
        "substitute": options.substitute_missing,
    }
    with workbook.logging() as session:
        row = PrintBatch(
            at=_now(),
            operator=workbook.operator,
            folder=str(folder.resolve()),
            choice=json.dumps(choice, ensure_ascii=False),
            wanted=json.dumps(list(dict.fromkeys(job.households))),
        )
        session.add(row)
        session.flush()
        n = row.n
    return (yield from _run_batch(workbook, n, settings, options))


def resume(workbook: Workbook, n: int, options: PrintOptions = DEFAULT_OPTIONS) -> Task[PrintResult]:
    """Print what is left of a batch. Files whose household still has the same content are not printed again.

    Args:
        options: the password is that of the batch; characters are substituted if this or an earlier run asks for it

    Raises:
        UnprintableError, UserError: there is no such batch, its password is missing, or as for `start`
    """
    with workbook.logging() as session:
        row = _get_batch(session, n)
        choice, folder = json.loads(row.choice), Path(row.folder)
        substitute_missing = choice["substitute"] = options.substitute_missing or choice.get("substitute", False)
        row.choice = json.dumps(choice, ensure_ascii=False)
    if choice["locked"] and not options.password:
        raise UserError("这批档案是加密码保存的。请输入同一个密码，再继续打印。")
    _make_folder(folder)
    settings = render.render_settings(workbook, choice["sections"], choice["reason"])
    options = PrintOptions(substitute_missing, options.password if choice["locked"] else "")
    return (yield from _run_batch(workbook, n, settings, options))


def _run_batch(workbook: Workbook, n: int, settings: RenderSettings, options: PrintOptions) -> Task[PrintResult]:
    with workbook.reading() as session:
        row = _get_batch(session, n)
        folder, household_ids = Path(row.folder), _active_households(session, json.loads(row.wanted))
        finished_before = [_FinishedFile(**item) for item in json.loads(row.done)]
    state = _BatchState(
        workbook, n, folder, {item.household_id: item for item in finished_before if item.household_id in household_ids}
    )
    with_errors = yield from households_with_errors(workbook, household_ids)
    requests = [
        state.request_for(household_id, household_id in with_errors, settings.reason) for household_id in household_ids
    ]
    try:
        config = WorkerConfig(workbook.worker_access(), folder, settings, options, MOST_MEMORY)
        with _WorkerPool(config, len(requests)) as pool:
            yield from _dispatch(pool, requests, state)
        if state.missing:
            raise UnprintableError(state.missing, batch=n, printed=len(state.done))
        state.refuse_too_large()
        state.save(finished=True)
    finally:
        state.save()
        for household_id in household_ids:
            with contextlib.suppress(OSError):
                partial_path(folder, household_id).unlink(missing_ok=True)
        if state.printed:
            workbook.audit(AUDIT_TEXT, state.printed)
    finished = [state.done[household_id] for household_id in household_ids]
    files = tuple(folder / item.file for item in finished)
    return PrintResult(files, len(finished), sum(item.pages for item in finished), sum(item.draft for item in finished))


def _dispatch(
    pool: "_WorkerPool", requests: list[RenderRequest], state: "_BatchState"
) -> Generator[Progress, None, None]:
    """Give each process its next household as soon as it is done with one."""
    total, queue = len(requests), list(reversed(requests))
    for connection in pool.connections[: len(queue)]:
        connection.send(queue.pop())
    remaining = total
    yield Progress(0, total, _PROGRESS_TEXT)
    while remaining:
        for connection in pool.ready():
            state.accept(pool.receive(connection))
            remaining -= 1
            if queue:
                connection.send(queue.pop())
        state.save_periodically()
        yield Progress(total - remaining, total, _PROGRESS_TEXT)


@dataclass
class _BatchState:
    """What is finished: files get their names here, and what they say is recorded in the workbook every few seconds."""

    workbook: Workbook
    n: int
    folder: Path
    done: dict[str, _FinishedFile]
    printed: int = 0
    missing: list[Unprintable] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    _unsaved: list[RenderedVolume] = field(default_factory=list)
    _saved_at: float = field(default_factory=time.monotonic)

    def request_for(self, household_id: str, has_errors: bool, reason: str) -> RenderRequest:
        """The request for a household; a file that is gone, or no longer a draft, is printed again."""
        previous = self.done.get(household_id)
        reusable = (
            previous and (self.folder / previous.file).is_file() and previous.draft == (has_errors and not reason)
        )
        return RenderRequest(household_id, has_errors, previous.content if previous and reusable else "")

    def accept(self, finished: RenderDone) -> None:
        volume = finished.volume
        if finished.too_large:
            self.too_large.append(finished.household_id)
        if volume is None:
            return
        if finished.refused:
            self.missing += volume.missing
            return
        household_id = finished.household_id
        file = self._file_name(household_id, finished.name)
        with translate_os_errors(self.folder / file):
            partial_path(self.folder, household_id).replace(self.folder / file)
        previous = self.done.get(household_id)
        if previous and previous.file != file:
            with contextlib.suppress(OSError):
                (self.folder / previous.file).unlink()
        self.done[household_id] = _FinishedFile(household_id, file, volume.code.content, volume.draft, volume.pages)
        self._unsaved.append(volume)
        self.printed += 1

    def refuse_too_large(self) -> None:
        """Raises UserError: archives took more memory than a process may have; all others are finished."""
        if not self.too_large:
            return
        with self.workbook.reading() as session:
            titles = sorted(relations.household_titles(session, self.too_large).values())
        named = "、".join(titles[:_MAX_NAMED]) + (f"等 {len(titles)} 户" if len(titles) > _MAX_NAMED else "")
        others = f"其余 {len(self.done)} 户已打印好。" if self.done else ""
        raise UserError(
            f"{named}的档案太大，打印要用的内存超过 {MOST_MEMORY >> 20} MB，没有印出。{others}"
            "请到户档里看看有没有特别长的文字、特别大的附件，或少选几个部分，再单独打印。"
        )

    def _file_name(self, household_id: str, stem: str) -> str:
        """A file's name, with a number where another household of this batch has it."""
        used = {item.file.lower() for item in self.done.values() if item.household_id != household_id}
        name, n = f"{stem}.pdf", 1
        while name.lower() in used:
            n += 1
            name = f"{stem}_{n}.pdf"
        return name

    def save_periodically(self) -> None:
        if time.monotonic() - self._saved_at > _SAVE_INTERVAL:
            self.save()

    def save(self, *, finished: bool = False) -> None:
        """Record what is finished and what was printed."""
        if self._unsaved:
            print_record.save(self.workbook, self._unsaved)
        if self._unsaved or finished:
            with self.workbook.logging() as session:
                row = _get_batch(session, self.n)
                row.done = json.dumps([asdict(item) for item in self.done.values()], ensure_ascii=False)
                row.pages = sum(item.pages for item in self.done.values())
                row.finished_at = _now() if finished else None
        self._unsaved.clear()
        self._saved_at = time.monotonic()


class _WorkerPool:
    """The worker processes; killed at the end of the block, because they have nothing to save."""

    def __init__(self, config: WorkerConfig, max_workers: int) -> None:
        context = get_context("spawn")
        self.connections: list[Connection[Any, Any]] = []
        self._processes: list[Any] = []
        for _ in range(min(MAX_WORKERS, max_workers, os.cpu_count() or 1)):
            local_end, remote_end = context.Pipe()
            process = context.Process(target=run_worker, args=(config, remote_end), daemon=True)
            process.start()
            remote_end.close()
            self.connections.append(local_end)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.join()
            process.close()
        for connection in self.connections:
            connection.close()

    def ready(self) -> "list[Connection[Any, Any]]":
        """Connections with a reply to receive."""
        readable = wait(self.connections, _POLL_SECONDS)
        return [connection for connection in self.connections if connection in readable]

    def receive(self, connection: "Connection[Any, Any]") -> RenderDone:
        """The reply of a process.

        Raises:
            UserError: the process refused the request, or died
        """
        try:
            reply = connection.recv()
        except (EOFError, OSError) as error:
            raise UserError("打印程序中断了。已打印好的档案都在，请点“继续打印”。") from error
        if isinstance(reply, UserError):
            raise reply
        assert isinstance(reply, RenderDone)
        return reply


def _make_folder(folder: Path) -> None:
    with translate_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)


def _get_batch(session: Session, n: int) -> PrintBatch:
    row = session.get(PrintBatch, n)
    if row is None:
        raise UserError("这批打印已不在记录里，请重新选择要打印的户。")
    return row


def _active_households(session: Session, households: Sequence[str]) -> list[str]:
    """Those that are not withdrawn nor merged into another, in their order."""
    active_ids = set(session.scalars(select(Household.id).where(~Household.withdrawn, Household.merged_into.is_(None))))
    return [household_id for household_id in households if household_id in active_ids]


def _now() -> str:
    return datetime.now().isoformat(" ", "seconds")
