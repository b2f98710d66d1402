"""What every record has."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar
from uuid import NAMESPACE_OID, uuid4, uuid5

from sqlalchemy import Boolean, ForeignKey, Index, MetaData, String, Table, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column

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


class NoKey(Enum):
    """Why no two rows of a kind of record are ever the same thing."""

    EVENT = "each row is an event of its own"


class NotPrinted(Enum):
    """Why nothing of a kind of record is ever on paper."""

    ABOUT_PRINTS = "it tells of printing, not of a household"
    WORKING_NOTE = "it keeps a check quiet; the file of a household does not hold it"
    ARRANGEMENT = "it arranges a list; what is in the list is printed, not this"
    ORIGIN = "it says where a figure came from; the figure is printed, not this"
    WORDING = "it changes the words and limits of papers; these are printed, not this"


ALL_COLUMNS = ("*",)  # of `Record.REVIEWED`


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as the dates of a record tell it.

    Attributes:
        name: what happened, e.g. "销号"
        dated: the columns that say when, each a day, a month or a year; the first that is filled counts
        details: columns that say more
    """

    name: str
    dated: tuple[str, ...]
    details: tuple[str, ...] = ()


class Base(DeclarativeBase):
    """Every table of the workbook."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Record(Base):
    """A row that officers write, that is journaled cell by cell and travels in packages.

    Records are never deleted; `withdrawn` takes back a mistake and is a cell like any other. No UNIQUE and no NOT NULL
    on what two people can type: uniqueness is a cleaning rule.

    Each kind of record declares, beside its columns, what the rest of the program asks of it through
    db/schema/relations.py:

    Attributes:
        LABEL: what the kind is called
        TITLE: the columns that name one row; a reference stands for the title of what it refers to
        PARENT: the reference to what a row belongs to, "" for the village
        KEY: the columns that make two rows the same thing. `id_of` derives ids from them, and where two households
            are merged rows with one key become one. With NoKey each row stands for itself
        BLANK_IN_KEY: columns of KEY for which empty is a value; where another column of the key is empty, nothing is
            the same
        ALTERNATE_KEYS: other columns by which two rows are the same; they are only compared where none is empty
        PRINTED: parts of the archive and reports that print it, or why it is not printed
        REVIEWED: columns that only 审核 and the owner of a workbook write (app/workbook/role_limits.py); `ALL_COLUMNS`
            where 录入 writes nothing of it
        EVENTS: what its dates tell; where None, its first date (or else year) dates it. () keeps it off the time line
    """

    __abstract__ = True
    LABEL: ClassVar[str] = ""
    TITLE: ClassVar[tuple[str, ...]]
    PARENT: ClassVar[str]
    KEY: ClassVar[tuple[str, ...] | NoKey]
    BLANK_IN_KEY: ClassVar[tuple[str, ...]] = ()
    ALTERNATE_KEYS: ClassVar[tuple[tuple[str, ...], ...]] = ()
    PRINTED: ClassVar[tuple[str, ...] | NotPrinted]
    REVIEWED: ClassVar[tuple[str, ...]] = ("withdrawn", "merged_into")
    EVENTS: ClassVar[tuple[Event, ...] | None] = None

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    village: Mapped[str] = mapped_column(
        String(12), info={"declared": ColumnSpec("村代码", derived=True, required=True)}
    )
    withdrawn: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=text("0"), info={"declared": ColumnSpec("撤回", "yes_no", derived=True)}
    )

    @declared_attr
    def merged_into(cls) -> Mapped[str | None]:
        """The record of the same thing that stands for this one (db/record_merge), None where it stands for itself."""
        spec = ColumnSpec(f"并入的{cls.LABEL}", "reference", derived=True, refers=cls.__tablename__)
        return mapped_column(String(32), _foreign_key(cls.__tablename__), nullable=True, info={"declared": spec})

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        table = cls.__dict__.get("__table__")
        if isinstance(table, Table):
            merged_into = table.columns["merged_into"]
            Index(f"ix_{table.name}_merged_into", merged_into, sqlite_where=merged_into.is_not(None))

    @classmethod
    def id_of(cls, *key: object) -> str:
        """The id of the row with these values of KEY, the same on every laptop.

        Two laptops that write down the same thing so write one row. Columns at the end that may be blank may be left
        out.

        Raises:
            TypeError: KEY has more columns, or fewer
        """
        columns = () if isinstance(cls.KEY, NoKey) else cls.KEY
        left_out = columns[len(key) :]
        if len(key) > len(columns) or not columns or any(name not in cls.BLANK_IN_KEY for name in left_out):
            raise TypeError(f"{cls.__tablename__}: {len(key)} values for the key {columns}")
        return derived_id(
            cls.__tablename__, *("" if value is None else value for value in (*key, *(None for _ in left_out)))
        )


class LocalTable(Base):
    """A row that belongs to this copy of the workbook alone: the journal itself, keys, peers, logs."""

    __abstract__ = True


def _foreign_key(table: str) -> ForeignKey:
    """Checked at the end of the transaction, because rows of a package arrive in any order."""
    return ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")


def reference(label: str, table: str, *, required: bool = True) -> MappedColumn[Any]:
    """A record this one belongs to.

    Never cascading, because nothing is deleted.
    """
    return mapped_column(
        String(32),
        _foreign_key(table),
        index=True,
        nullable=True,
        info={"declared": ColumnSpec(label, "reference", required=required, refers=table)},
    )
