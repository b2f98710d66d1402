"""The journal: every change of every record, and the heads of each cell (docs/decisions/0004-journal.md)."""

from sqlalchemy import Boolean, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.record import LocalTable
from db.types import Untyped

# the changes that decide where records lead that were merged into others (db/record_merge)
MERGE_CHANGES = (
    "column_name = 'merged_into' OR (column_name = 'withdrawn' AND table_name = 'household') "
    "OR (column_name = '' AND instr(value, '\"merged_into\"') > 0)"
)
# the changes by which records were withdrawn, or came so (db/journal/withdrawals.py)
WITHDRAWING_CHANGES = (
    "(column_name = 'withdrawn' AND value = 1) OR (column_name = '' AND json_extract(value, '$.withdrawn') = 1)"
)


class WriteContext(LocalTable):
    """One row: who is writing now. The triggers read it; a write transaction sets it first.

    Attributes:
        capturing: whether the triggers write the journal (not while a package's changes are applied to the tables)
        stamp: hybrid logical clock, milliseconds since 1970 times 65536 plus a counter; never goes back
    """

    __tablename__ = "writer"

    one: Mapped[int] = mapped_column(primary_key=True, server_default=text("1"))
    replica: Mapped[str] = mapped_column(String(32))
    operator: Mapped[str] = mapped_column(String)
    stamp: Mapped[int] = mapped_column(Integer)
    capturing: Mapped[bool] = mapped_column(Boolean, server_default=text("1"))


class Stream(LocalTable):
    """The changes that one replica wrote for one village, numbered 1, 2, 3 … without gaps.

    Attributes:
        parent: of a branch, the stream that it leaves (db/journal/branches.py), by its number here
        first: of a branch, its first number; those before it are the parent's
        chained: up to which number the changes carry their chain values (db/journal/chains.py)
    """

    __tablename__ = "stream"
    __table_args__ = (UniqueConstraint("village", "replica"),)

    n: Mapped[int] = mapped_column(primary_key=True)
    village: Mapped[str] = mapped_column(String(12))
    replica: Mapped[str] = mapped_column(String(32))
    last: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    parent: Mapped[int | None] = mapped_column(Integer, nullable=True)
    first: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    chained: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class Change(LocalTable):
    """One change: a cell's new value, or (column "") a new row with all its cells as a JSON object.

    Its change id is (stream, number). `replaces` lists the change ids its writer saw in the cell, "stream:number" with
    spaces between, streams by their number here. `value` is what the table holds (text, whole number or NULL).
    """

    __tablename__ = "change"
    __table_args__ = (
        UniqueConstraint("stream", "number"),
        # with the change id, so that an export finds a row's insert in the index alone
        Index("ix_change_cell", "row_id", "column_name", "stream", "number"),
        Index("ix_change_joining", "row_id", sqlite_where=text(MERGE_CHANGES)),
        Index("ix_change_withdrawing", "stamp", sqlite_where=text(WITHDRAWING_CHANGES)),
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    stream: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    table_name: Mapped[str] = mapped_column(String)
    row_id: Mapped[str] = mapped_column(String(32))
    column_name: Mapped[str] = mapped_column(String)
    value: Mapped[str | int | None] = mapped_column(Untyped, nullable=True)
    stamp: Mapped[int] = mapped_column(Integer)
    operator: Mapped[str] = mapped_column(String)
    replaces: Mapped[str] = mapped_column(String, server_default=text("''"))
    inherited: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    chain: Mapped[bytes | None] = mapped_column(LargeBinary, nullable=True)


class Head(LocalTable):
    """A change of a cell that nobody has replaced. Cells without a row here have their row's inserts as heads."""

    __tablename__ = "head"
    __table_args__ = ({"sqlite_with_rowid": False},)

    row_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    column_name: Mapped[str] = mapped_column(String, primary_key=True)
    stream: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)


class ObservedHead(LocalTable):
    """The heads that the writer of the running transaction had seen, where these are out of date."""

    __tablename__ = "seen"
    __table_args__ = ({"sqlite_with_rowid": False},)

    row_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    column_name: Mapped[str] = mapped_column(String, primary_key=True)
    stream: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)


class CompactedRangeRow(LocalTable):
    """Numbers of a stream whose changes were compacted away (app/sync/compaction.py): known but no longer kept.

    `chain`: the chain value of the last of them.
    """

    __tablename__ = "folded"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stream: Mapped[int] = mapped_column(Integer, primary_key=True)
    first: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
    chain: Mapped[bytes | None] = mapped_column(LargeBinary, nullable=True)


class CompactedChainValue(LocalTable):
    """The chain value of a number that was compacted away: where a stream forks is found among these too."""

    __tablename__ = "folded_chain"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stream: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    chain: Mapped[bytes] = mapped_column(LargeBinary)
