"""Publishing a workbook: village after village, each in one transaction of the server."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from app.errors import UserError
from app.progress import Progress, Task
from app.publishing import database_schema
from app.publishing.option_labels import digest, option_rows
from app.publishing.position import Knowledge, PublicationPlan, load_stored
from app.publishing.rows import LineReader
from app.publishing.target import PublicationTarget, connected, translate_server_errors
from app.publishing.writing import VillageWriter, begin_log_line
from app.records.masked_reading import add_mask_function
from app.workbook.roles import REVEAL
from app.workbook.workbook import VillageInfo, Workbook
from db import migrate
from db.schema import records

if TYPE_CHECKING:
    from app.publishing.target import Connection

Outcome = Literal["first", "whole", "changes", "nothing", "older"]
_PATIENCE = 5.0  # seconds for which the lock of a village is waited for: the server may not have noticed a killed one
_PAUSE = 0.2
_VILLAGE_LOCK = "SELECT pg_try_advisory_xact_lock(340828, hashtext(%s))"


@dataclass(frozen=True, slots=True)
class PublishedVillage:
    """What became of a village.

    Attributes:
        outcome: "older" where the database has all that this workbook knows, and more
        written: rows that were added or became different
        waiting: rows that wait for a workbook that knows what is in the database and what this one wrote
    """

    code: str
    name: str
    outcome: Outcome
    written: int = 0
    waiting: int = 0


def publish(workbook: Workbook, target: PublicationTarget, *, reason: str = "") -> Task[list[PublishedVillage]]:
    """Bring the database to what the workbook knows. Cancelled or killed, villages that are done stay.

    Args:
        reason: why numbers of persons are written whole, which goes to the log; "" masks them

    Raises:
        NotPermitted: the role does not include whole numbers
        NewerVersion: a newer program published there
        UserError: the database is not reached, refuses, or holds what is not ours
    """
    if reason:
        workbook.require(REVEAL, "写出完整号码")
    villages, published = workbook.villages, list[PublishedVillage]()
    yield Progress(0, len(villages), f"连接 {target.where}")
    with connected(target) as connection:
        with translate_server_errors(target, "记录表"), connection.transaction():
            database_schema.prepare(connection)
        with workbook.reading_alone(add_mask_function) as session:
            raw: Any = session.connection().connection.driver_connection
            reader = LineReader(raw, masked=not reason, villages=len(villages))
            run = _Run(workbook, target, connection, Knowledge(session), reader, reason)
            for n, village in enumerate(villages):
                task = run.publish(village)
                while True:
                    try:
                        step = next(task)
                    except StopIteration as stop:
                        published.append(stop.value)
                        break
                    yield Progress(n * step.total + step.done, len(villages) * step.total, step.message)
    return published


@dataclass(frozen=True, slots=True)
class _Run:
    """One run over the villages of a workbook."""

    workbook: Workbook
    target: PublicationTarget
    connection: "Connection"
    knowledge: Knowledge
    reader: LineReader
    reason: str

    def publish(self, village: VillageInfo) -> Task[PublishedVillage]:
        """One village, whole or not at all."""
        is_full, revision, options = bool(self.reason), migrate.known_revisions()[-1], option_rows()
        with translate_server_errors(self.target, village.name), self.connection.transaction():
            yield from self._lock(village)
            stored = load_stored(self.connection, village.code)
            plan = self.knowledge.plan(self.connection, village.code, stored, is_full, revision)
            renews_options = not plan.is_partial and (stored is None or stored.options != digest(options))
            if plan.extent == "nothing" and not renews_options:
                return PublishedVillage(village.code, village.name, "older" if plan.is_partial else "nothing")
            writer = self._writer(village, plan)
            if renews_options:
                writer.write_options(options)
            for n, table in enumerate(records()):
                yield Progress(n, len(records()), village.name)
                for _ in writer.write(table):
                    yield Progress(n, len(records()), village.name)
            waiting = writer.finish(stored, is_full, revision, options)
            # before the rows are there: what is published is in the log, whatever happens in between
            self.workbook.audit(self._log_line(village), writer.written)
        return PublishedVillage(village.code, village.name, plan.extent, writer.written, waiting)

    def _lock(self, village: VillageInfo) -> Task[None]:
        """Nobody else publishes this village until the end of the transaction."""
        end = time.monotonic() + _PATIENCE
        while True:
            found = self.connection.execute(_VILLAGE_LOCK, (village.code,)).fetchone()
            if found and found[0]:
                return
            if time.monotonic() > end:
                raise UserError(
                    f"另一台电脑正在往“{self.target.where}”发布“{village.name}”，这个村没有写入。请等它发布完再试。"
                )
            yield Progress(0, len(records()), f"{village.name}：等另一台电脑发布完")
            time.sleep(_PAUSE)

    def _writer(self, village: VillageInfo, plan: PublicationPlan) -> VillageWriter:
        accepted = self.knowledge.accepted_publications(self.connection, village.code) if plan.is_partial else []
        pictures = self.reader.pictures(village.code)
        publication = begin_log_line(
            self.connection, village.code, self.workbook.operator, plan, bool(self.reason), self.reason, pictures
        )
        return VillageWriter(self.connection, self.reader, village.code, plan, publication, accepted)

    def _log_line(self, village: VillageInfo) -> str:
        how = f"完整号码，事由：{self.reason}" if self.reason else "遮号"
        return f"发布“{village.name}”到数据库 {self.target.where}（{how}）"
