"""What was done in this copy of the workbook, write by write (docs/decisions/0015-operations.md)."""

from sqlalchemy import Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.record import LocalTable


class OperationRecord(LocalTable):
    """One transaction that wrote records.

    Attributes:
        at: local time, ISO with seconds
        replica: the copy of the workbook that did it; a restored backup brings those of the copy it was made of
        kind: "edit", "undo", "redo", "import" (of a package) or "import_undo"
        records: how many records it changed
        undoes: the operation that it took back
        undone_by: the operation that took it back and has not been taken back itself
        package: of an import, its line in the log of packages
    """

    __tablename__ = "operation"

    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String)
    operator: Mapped[str] = mapped_column(String)
    replica: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String)
    title: Mapped[str] = mapped_column(String)
    records: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    undoes: Mapped[int | None] = mapped_column(Integer, nullable=True)
    undone_by: Mapped[int | None] = mapped_column(Integer, nullable=True)
    package: Mapped[int | None] = mapped_column(Integer, nullable=True)


class OperationRange(LocalTable):
    """Changes of an operation: the numbers `first` to `last` of a stream.

    Numbers, not lines of the journal: a change keeps its number when an import is undone, and compacted ones are simply
    no longer there.
    """

    __tablename__ = "operation_range"
    __table_args__ = (Index("ix_operation_range_change", "stream", "first"), {"sqlite_with_rowid": False})

    operation: Mapped[int] = mapped_column(Integer, primary_key=True)
    stream: Mapped[int] = mapped_column(Integer, primary_key=True)
    first: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)
