"""What every kept record has."""

from typing import Any, ClassVar
from uuid import NAMESPACE_OID, uuid4, uuid5

from sqlalchemy import Boolean, ForeignKey, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from db.schema.column import ColumnSpec

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """An id that two laptops can never both invent: 32 hex digits of a random UUID."""
    return uuid4().hex


def derived_id(*parts: object) -> str:
    """The same id on every laptop for the same thing: a household of the national list, an answer to a check."""
    return uuid5(NAMESPACE_OID, "\x1f".join(("hudang", *(str(part) for part in parts)))).hex


class Base(DeclarativeBase):
    """Every table of the workbook."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Record(Base):
    """A row that officers write, that is journaled cell by cell and travels in packages.

    Records are never deleted; `withdrawn` takes back a mistake and is a cell like any other. No UNIQUE and no NOT NULL
    on what two people can type: uniqueness is a cleaning rule.
    """

    __abstract__ = True
    LABEL: ClassVar[str] = ""

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    village: Mapped[str] = mapped_column(
        String(12), info={"declared": ColumnSpec("村代码", derived=True, required=True)}
    )
    withdrawn: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=text("0"), info={"declared": ColumnSpec("撤回", "yes_no", derived=True)}
    )


class LocalTable(Base):
    """A row that belongs to this copy of the workbook alone: the journal itself, keys, peers, logs."""

    __abstract__ = True


def reference(label: str, table: str, *, required: bool = True) -> MappedColumn[Any]:
    """A record this one belongs to.

    Checked at the end of the transaction, because rows of a package arrive in any order; never cascading, because
    nothing is deleted.
    """
    return mapped_column(
        String(32),
        ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED"),
        index=True,
        nullable=True,
        info={"declared": ColumnSpec(label, "reference", required=required, refers=table)},
    )
