"""What a declaration says: the register, its steps, its sheet, its ledger, its figures. Data only.

Columns are named by their name in db/schema; labels, kinds, options and units come from there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any, Literal

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.records.field import Field, Value
from app.records.field import field as record_field
from app.registers.engine.proposals import IncomeSource, MemberMark
from app.registers.engine.topic import Topic
from db.schema.column import ColumnSpec, Kind
from db.schema.record import Record
from resources.limits import Limit

TEXT_WORDS = ("about", "last_day", "days")  # what the text of a slip may name beside columns
SORT_BY_STEP, SORT_BY_DUE = "step", "due"  # stand for a column where rows are sorted
Subject = Literal["household", "member", "helper", "village"]
Days = int | Limit  # a number of days, or the limit that says how many


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a thing's way. It is done when its column is filled; no state is stored anywhere.

    Attributes:
        name: a verb or noun of the office, e.g. "验收"; the list says 待验收 and, of the last one, 已验收
        done_on: the date or month column that says when it was done
        outcome: the text column that says how it was done, where no date is kept of it; `done_on` is "" then
        if_filled: the column without which there is no such step, e.g. the promise that is to be kept
        needs: columns that must be filled before
        due: the date columns that hold its last day, the first that is filled counts (an extension before the term)
        within_days: its last day where `due` is not filled: so many days after the step before, or after `counted_from`
        counted_from: the date column that days are counted from, where it is not that of the step before
        warn_days: how many days before its last day it is pointed out
        responsible: the column that names who does it
        optional: it may be passed over
        settles_earlier: once it is done the steps before count as done, also where nobody knows their dates
        waiting: what a thing is called that waits for it, e.g. 在岗; 待 and the name where nothing is said
    """

    name: str
    done_on: str = ""
    outcome: str = ""
    if_filled: str = ""
    needs: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
    within_days: Days | None = None
    counted_from: str = ""
    warn_days: Days = 3
    responsible: str = ""
    optional: bool = False
    settles_earlier: bool = False
    waiting: str = ""

    @property
    def waiting_label(self) -> str:
        return self.waiting or f"待{self.name}"

    @property
    def column(self) -> str:
        """The column that is filled when it is done."""
        return self.done_on or self.outcome


@dataclass(frozen=True, slots=True)
class Computed:
    """A column that is worked out from others whenever it is read: shown, printed, exported and summed, never typed.

    `expression` is one SQL value for each row of the record, of the type its `kind` is stored as; NULL where the
    register's `derive` tells it.
    """

    name: str
    label: str
    expression: ColumnElement[Any]
    kind: Kind = "money"
    places: int = 2


@dataclass(frozen=True, slots=True, eq=False)
class Children:
    """Rows below a row: repayments of a loan, households that a project benefits. `columns` as in `Register`."""

    record: type[Record]
    columns: tuple[str, ...]
    totals: tuple[str, ...] = ()
    widths: Mapping[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.record.LABEL

    def field(self, name: str) -> Field:
        return record_field(self.record.__tablename__, name)

    @property
    def is_typed(self) -> bool:
        """Whether people type anything into it; what the program writes alone is only shown."""
        return not all(self.field(name).spec.derived for name in self.columns)

    @property
    def listed(self) -> str:
        """What is listed below a row, one in a line: "household", "member", or "" where it is something else."""
        return next((table for table in ("household", "member") if reference_column(self.record, table)), "")

    @property
    def chosen(self) -> str:
        """The table of which several are chosen at once into `chosen_column`, "" where rows are typed."""
        column = self.chosen_column
        return self.field(column).spec.refers if column else ""

    @property
    def chosen_column(self) -> str:
        """The first column, where it refers to something else than households and members: helpers, policies."""
        first = self.field(self.columns[0])
        return first.name if first.kind == "reference" and not self.listed else ""

    def parent_column(self, parent: type[Record]) -> str:
        """The column that leads to the row above, "" where there is none."""
        return reference_column(self.record, parent.__tablename__)


@dataclass(frozen=True, slots=True)
class Layout:
    """The sheet that is written and read.

    Attributes:
        aliases: what other offices call a column, beside its label
        refuses_new: why a row of a sheet never becomes a new record, "" where it does
        id_of_new: cells of a new record → the id that every laptop gives it, "" for one of its own; by KEY where None
        error_of_new: (session, cells of a new record, texts of its computed columns) → why it is not taken, or ""
        added_with_new: those texts → records that come with it, as (table, cells without the reference to it)
        changed_by_new: cells of a new record → (id of another record of the list, what becomes of its cells)
        national: the columns that the national system's list has, in its order; none where it has no such list
    """

    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refuses_new: str = ""
    id_of_new: Callable[[Mapping[str, Any]], str] | None = None
    error_of_new: Callable[[Session, Mapping[str, Any], Mapping[str, str]], str] | None = None
    added_with_new: Callable[[Mapping[str, str]], Sequence[tuple[str, Mapping[str, Value]]]] | None = None
    changed_by_new: Callable[[Session, Mapping[str, Any]], Iterable[tuple[str, Mapping[str, Any]]]] | None = None
    national: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """The list on paper. `columns`: those printed, the register's where none are named; `widths` in millimetres;
    `by_household`: rows stand household by household in walking order, and only within one in the order of `sort`, or
    of the register; `progress`: with a column that says how far each has come; `name`: of the report, behind the
    register's key; `only`: a column and a role of its options, of which a row must have one, "" where any will do;
    `below`: with what stands below the rows; `blanks`: headings of empty columns at the end, to sign in; what was
    abandoned does not stand on such a list."""

    title: str = ""
    columns: tuple[str, ...] = ()
    widths: Mapping[str, float] = field(default_factory=dict)
    landscape: bool = True
    signatures: tuple[str, ...] = ("填表人", "审核人")
    by_household: bool = False
    sort: str = ""
    progress: bool = True
    name: str = "ledger"
    only: tuple[str, str] | None = None
    below: bool = True
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roll:
    """What stands below a row, one in a line, with empty columns to sign in. `columns`: of the register's first
    children; `blanks`: headings of the empty columns; `height`: of a line in millimetres."""

    columns: tuple[str, ...]
    blanks: tuple[str, ...] = ()
    height: float = 9.0


@dataclass(frozen=True, slots=True)
class Slip:
    """One row as a paper of its own, with places to sign: 请假条, 交办单, 发放花名册.

    Attributes:
        name: of the report, behind the register's key
        columns: those that are printed above, in this order
        signatures: who signs
        roll: the list that it consists of; where there is none, what stands below the row is printed as in the ledger
        text: what it says before the signatures, with columns in braces; {about}: whom the row is about,
            {last_day}: the last day of its next step, {days}: how many days until then
        photographs: the columns that name the photographs that are printed with it, several beside each other
        public: it is posted in the village, with the days and the telephone for objections
    """

    name: str
    title: str
    columns: tuple[str, ...]
    signatures: tuple[str, ...] = ()
    roll: Roll | None = None
    public: bool = False
    text: str = ""
    photographs: tuple[str, ...] = ()

    @property
    def named_in_text(self) -> tuple[str, ...]:
        """The columns that its text names."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.text) if name and name not in TEXT_WORDS)


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows; with `distinct` how many different values of a column, e.g. households."""

    label: str
    distinct: str = ""
    where: ColumnElement[bool] | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a column, with its unit."""

    label: str
    column: str
    where: ColumnElement[bool] | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many rows are past the last day of their next step."""

    label: str = "超期"


Figure = Count | Sum | Overdue


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """A kind of record with all that people do to it.

    Attributes:
        record: the class in db/schema
        topic: the heading of the navigation that it stands under; None of what has pages of its own (lists)
        subject: what a row is about; the record has a reference to it, unless it is the village
        columns: what the list, the sheet and the form show, in this order; those of `computed` among them
        order: its number among the registers, 10 to 99: its place, and with Ctrl+Shift+G its key
        groups: the form in parts: (heading, columns); one part without a heading where there are none
        form_excludes: columns that the form does not offer, because something else writes them
        starts: what a new row begins with, column → value or a function without arguments
        explained: column → columns that have to be filled with it, e.g. why an extension was given and by whom
        author: the column in which a new row names who is at the computer
        blank_texts: column → what stands for it where it is empty, e.g. 全户 where no member is named
        totals: columns that are summed under a list
        public: columns that may be posted in the village
        filters: columns that a list can be narrowed by; those with options where none are named
        sort: the column, "step" or "due" of the first order, "-" before it for the newest first; several with commas
        dated: the date, month or year column that says which year a row belongs to
        follows: the column that names the row before, which a new row of a subject follows where that came to its end
        abandoned: how a thing ends without coming to its last step
        reminds: what is due stands on 今日 in a line of the register; False where that page tells of it one by one
        listed: which rows are listed at all, where a condition beyond being in force says so
        derive: (session, row ids) → row id → values of computed columns that no SQL expression gives
        section: of the archive (app/reports/sections), which prints a household's rows; the ledger where it is ""
        incomes: what it proposes to the account of a household's year
        marks: columns of a member that follow its rows
        ends_with_member: the date column that ends a row when its member leaves (app/life_events)
        in_archive: whether a household's archive has a part of it; what tells of many households has no place there
    """

    record: type[Record]
    subject: Subject
    columns: tuple[str, ...]
    topic: Topic | None = None
    title: str = ""
    order: int = 99
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    form_excludes: tuple[str, ...] = ()
    starts: Mapping[str, Any] = field(default_factory=dict)
    explained: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    author: str = ""
    blank_texts: Mapping[str, str] = field(default_factory=dict)
    totals: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    sort: str = ""
    dated: str = ""
    follows: str = ""
    steps: tuple[Step, ...] = ()
    abandoned: Step | None = None
    reminds: bool = True
    listed: ColumnElement[bool] | None = None
    derive: Callable[[Session, Sequence[str]], Mapping[str, Mapping[str, Value]]] | None = None
    section: str = ""
    in_archive: bool = True
    computed: tuple[Computed, ...] = ()
    children: tuple[Children, ...] = ()
    sheet: Layout = field(default_factory=Layout)
    ledger: Ledger = field(default_factory=Ledger)
    more_ledgers: tuple[Ledger, ...] = ()
    slips: tuple[Slip, ...] = ()
    figures: tuple[Figure, ...] = ()
    incomes: tuple[IncomeSource, ...] = ()
    marks: tuple[MemberMark, ...] = ()
    ends_with_member: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or self.record.LABEL)

    @property
    def key(self) -> str:
        """The name of its table, which commands, reports and pages know it by."""
        return str(self.record.__tablename__)

    def field(self, name: str) -> Field:
        """A column as a Field, one of `computed` too.

        Raises:
            KeyError: there is none
        """
        for computed in self.computed:
            if computed.name == name:
                template = ColumnSpec(computed.label, computed.kind, derived=True)
                spec = replace(template, unit="元") if computed.kind == "money" else template
                return Field(self.key, name, spec, computed.places)
        return record_field(self.key, name)

    def fields(self, names: Sequence[str] = ()) -> tuple[Field, ...]:
        """These columns, or all that the list shows."""
        return tuple(self.field(name) for name in names or self.columns)

    def expression(self, name: str) -> ColumnElement[Any] | InstrumentedAttribute[Any]:
        """A column in SQL."""
        for computed in self.computed:
            if computed.name == name:
                return computed.expression
        attribute: InstrumentedAttribute[Any] = getattr(self.record, name)
        return attribute

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps in their order, then the one that ends a thing before."""
        return self.steps + ((self.abandoned,) if self.abandoned else ())

    @property
    def about_households(self) -> bool:
        """Whether a household has rows in it: its own, a member's, or those below which it or a member is listed."""
        return self.subject in ("household", "member") or any(children.listed for children in self.children)

    @property
    def filter_fields(self) -> tuple[Field, ...]:
        """What a list can be narrowed by."""
        if self.filters:
            return self.fields(self.filters)
        return tuple(one for one in self.fields() if one.kind in ("choice", "choices", "yes_no") and self.is_kept(one))

    def is_kept(self, one: Field) -> bool:
        """Whether a column is stored, not worked out."""
        return all(computed.name != one.name for computed in self.computed)

    def slip_report(self, slip: Slip) -> str:
        """The name of the report that prints a slip."""
        return f"{self.key}_{slip.name}"

    @property
    def printings(self) -> "tuple[Register, ...]":
        """The register once for each of its ledgers: the one that the archive prints too, then those of the village."""
        return (self, *(replace(self, ledger=ledger) for ledger in self.more_ledgers))

    @property
    def ledger_report(self) -> str:
        """The name of the report that prints the ledger."""
        return f"{self.key}_{self.ledger.name}"

    @property
    def ledger_title(self) -> str:
        return self.ledger.title or f"{self.title}台账"

    @property
    def ledger_tells_progress(self) -> bool:
        return bool(self.steps) and self.ledger.progress

    @property
    def ledger_fields(self) -> tuple[Field, ...]:
        return self.fields(self.ledger.columns)


def reference_column(record: type[Record], table: str) -> str:
    """The column of a record that refers to a table, "" where none does."""
    for column in record.__table__.columns:
        declared = column.info.get("declared")
        if declared is not None and declared.refers == table:
            return str(column.name)
    return ""
