"""What was printed of a household, so that paper and record can be compared."""

from datetime import date

from sqlalchemy import Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.column import column
from db.schema.record import Event, LocalTable, NoKey, NotPrinted, Record, reference


class ArchivePrint(Record):
    """One printing of a household's volume: what the paper says, by a hash a part. It travels, because paper does."""

    __tablename__ = "archive_print"
    LABEL = "档案打印记录"
    TITLE = ("printed_at",)
    PARENT = "household_id"
    KEY = NoKey.EVENT
    PRINTED = NotPrinted.ABOUT_PRINTS
    EVENTS = (Event("打印档案", ("printed_at",), ("printed_by", "file_no")),)

    household_id: Mapped[str | None] = reference("户", "household")
    printed_at: Mapped[str | None] = column("打印时间", derived=True)
    printed_by: Mapped[str | None] = column("打印人", derived=True, short=True)
    file_no: Mapped[str | None] = column("档号", derived=True, short=True)
    content_hash: Mapped[str | None] = column("内容校验码", derived=True, internal=True)
    parts: Mapped[str | None] = column("各部分校验码", "long", derived=True, internal=True)
    pages: Mapped[int | None] = column("页数", "integer", derived=True)
    draft: Mapped[bool | None] = column("草稿", "yes_no", derived=True)
    reason: Mapped[str | None] = column("带疑点打印的理由", "long")


class PaperSignature(Record):
    """One paper of a household's archive that came back signed by all who have to sign it."""

    __tablename__ = "paper_signature"
    LABEL = "材料签字登记"
    TITLE = ("paper",)
    PARENT = "household_id"
    KEY = ("household_id", "part", "year")
    BLANK_IN_KEY = ("year",)
    PRINTED = ("remarks",)
    EVENTS = (Event("材料签字", ("signed_on",), ("paper",)),)

    household_id: Mapped[str | None] = reference("户", "household")
    part: Mapped[str | None] = column("档案部分", derived=True, internal=True)
    paper: Mapped[str | None] = column("材料名称", derived=True)
    year: Mapped[int | None] = column("年度", "year", derived=True)
    signed_on: Mapped[date | None] = column("签字登记日期", "date", required=True)
    note: Mapped[str | None] = column("备注", "long")


class PrintBatch(LocalTable):
    """A print job that can be resumed: what, for whom, into which folder, and how far it came.

    `choice`, `wanted` and `done` are JSON.
    """

    __tablename__ = "print_batch"

    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(String)
    operator: Mapped[str] = mapped_column(String)
    folder: Mapped[str] = mapped_column(String)
    choice: Mapped[str] = mapped_column(String)
    wanted: Mapped[str] = mapped_column(String)
    done: Mapped[str] = mapped_column(String, server_default=text("'[]'"))
    pages: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    finished_at: Mapped[str | None] = mapped_column(String, nullable=True)
