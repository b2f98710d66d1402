"""The one layout of a register's sheet: what is written is what is read.

A sheet has the columns that tell whom a row is about, those of the register, and a hidden one with the id of the row. A
hidden sheet keeps what each cell said when it left. What foreign offices call the columns that tell whom a row is
about: resources/rosters/register_subject.toml; what they call a register's own columns: its declaration.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import resources
from app.list_views.catalogue import list_source
from app.list_views.list_source import ListField
from app.records.field import Field
from app.records.field import field as record_field
from app.registers.engine.register import Children, Register
from app.sheets.header_matching import MAX_HEADER_ROW, column_headers
from app.sheets.roster_aliases import SKIPPED_COLUMN, aliases, normalize_header
from app.sheets.sheet import Sheet
from app.sheets.sheet_layout import SheetHeading
from resources.overlay import cached

ROW_ID, PARENT_ID, PARENT_TITLE, PROGRESS, DUE = "row.id", "row.parent", "row.belongs_to", "row.progress", "row.due"
VIEWED = "view."  # before the key of a field that a view of the list shows and the register itself has not
COMPUTED = "computed."  # before the name of a column that is worked out: it is written, and never read
_PROGRESS_HEADERS = {PROGRESS: "进度", DUE: "办理期限"}
HIDDEN_HEADERS = {ROW_ID: "记录编号", PARENT_ID: "所属记录编号"}
# what is written of whom a row is about
SUBJECT_COLUMNS = {
    "household": ("household.household_no", "head.name", "household.group_name"),
    "member": ("household.household_no", "head.name", "member.name", "member.id_no"),
    "helper": ("helper.name", "helper.unit"),
    "village": ("village.name",),
}
_SUBJECT_FIELDS = {"head.name": ("member", "name"), "head.id_no": ("member", "id_no")}
_TEN_THOUSAND = re.compile(r"\((万元?|单位:万元)\)$")
_MIN_COLUMNS = 2  # of the register itself that a heading must have


def subject_field(target: str) -> Field:
    """The Field of a column that tells whom a row is about."""
    return record_field(*_SUBJECT_FIELDS.get(target, tuple(target.split("."))))


def subject_header(target: str) -> str:
    """What a written sheet calls it."""
    return "户主" if target.startswith("head.") else subject_field(target).label


@dataclass(frozen=True, slots=True)
class RegisterLayout:
    """The sheet of a register, or of the rows below its rows.

    Attributes:
        chosen: the columns that a written sheet has, in this order: the register's, `PROGRESS` and `DUE`, and fields
            of its views (`VIEWED`); all of the register's and `PROGRESS` if empty
    """

    register: Register
    children: Children | None = None
    chosen: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return self.children.record.__tablename__ if self.children else self.register.key

    @property
    def title(self) -> str:
        return self.children.title if self.children else self.register.title

    @property
    def own_fields(self) -> tuple[Field, ...]:
        """The columns of the record itself, in order."""
        if self.children:
            return tuple(self.children.field(name) for name in self.children.columns)
        return self.register.fields()

    @property
    def subject_targets(self) -> tuple[str, ...]:
        if self.children:
            about = () if self.register.subject == "village" else SUBJECT_COLUMNS[self.register.subject]
            return (*about, PARENT_TITLE)
        return SUBJECT_COLUMNS[self.register.subject]

    @property
    def hidden_targets(self) -> tuple[str, ...]:
        return (PARENT_ID, ROW_ID) if self.children else (ROW_ID,)

    @property
    def targets(self) -> tuple[str, ...]:
        """What stands in each column of a written sheet."""
        progress = (PROGRESS,) if self.register.steps and not self.children else ()
        own = self.chosen or (*(one.name for one in self.own_fields), *progress)
        return (*self.subject_targets, *own, *self.hidden_targets)

    def field(self, target: str) -> Field:
        """The Field of a column that is not hidden; what stands above a row is read as its name."""
        if target.startswith(VIEWED):
            return self.viewed(target).field
        if target in (PARENT_TITLE, *_PROGRESS_HEADERS):
            return record_field("village", "name")
        if "." in target:
            return subject_field(target)
        return self.children.field(target) if self.children else self.register.field(target)

    def viewed(self, target: str) -> ListField:
        """The field of the list's views behind such a column."""
        one = list_source(self.register.key).field(target.removeprefix(VIEWED))
        if one is None:
            raise KeyError(target)
        return one

    def header(self, target: str) -> str:
        """What a written sheet calls a column, with its unit."""
        if target in HIDDEN_HEADERS:
            return HIDDEN_HEADERS[target]
        if target == PARENT_TITLE:
            return f"所属{self.register.title}"
        if target in _PROGRESS_HEADERS:
            return _PROGRESS_HEADERS[target]
        if target in self.subject_targets:
            return subject_header(target)
        one = self.field(target)
        return f"{one.label}（{one.unit}）" if one.unit and not one.label.endswith("）") else one.label

    def is_read(self, target: str) -> bool:
        """Whether a column of the record may be changed by a sheet: not what is worked out, nor what the program alone
        writes (the figures of a report)."""
        return "." not in target and not self.field(target).spec.derived


def layouts(register: Register, chosen: tuple[str, ...] = ()) -> tuple[RegisterLayout, ...]:
    """The sheet of a register and those of what stands below its rows."""
    below = (RegisterLayout(register, children) for children in register.children)
    return (RegisterLayout(register, chosen=chosen), *below)


def compared_tables(register: Register) -> tuple[str, ...]:
    """The tables that a sheet of the register is compared with: its own, and those of whom its rows are about."""
    own = (layout.table for layout in layouts(register))
    return tuple(dict.fromkeys((*own, "household", "member", "helper")))


@dataclass(frozen=True, slots=True)
class RegisterHeader(SheetHeading):
    """A heading as the layout of a register reads it."""

    layout: RegisterLayout

    @property
    def recognized(self) -> int:
        return sum(1 for target in self.targets if _is_own(target))


@cached
def _targets_by_header(layout: RegisterLayout) -> dict[str, str]:
    """Folded header → target: the register's own columns first, then whom a row is about."""
    subject = resources.read("rosters", "register_subject")
    known = {normalize_header(header): target for target, header in HIDDEN_HEADERS.items()}
    for one in layout.own_fields:
        foreign = () if layout.children else layout.register.sheet.aliases.get(one.name, ())
        spellings = (one.label, layout.header(one.name), *foreign)
        for spelling in spellings:
            target = one.name if layout.is_read(one.name) else f"{COMPUTED}{one.name}"
            known.setdefault(normalize_header(spelling), target)
    if layout.children:
        known[normalize_header(layout.header(PARENT_TITLE))] = PARENT_TITLE
    for target, headers in subject[layout.register.subject].items():
        for header in headers:
            known.setdefault(normalize_header(header), target)
    if layout.register.subject == "helper":  # by all that a roster calls them
        for header, target in aliases("helper").items():
            if target in SUBJECT_COLUMNS["helper"]:
                known.setdefault(header, target)
    for header in subject["skipped"]:
        known.setdefault(normalize_header(header), SKIPPED_COLUMN)
    for target in layout.chosen:
        if target.startswith(VIEWED):
            known.setdefault(normalize_header(layout.header(target)), target)
    for target, header in _PROGRESS_HEADERS.items() if layout.register.steps else ():
        known.setdefault(normalize_header(header), target)
    return known


def find_header(sheet: Sheet, layout: RegisterLayout) -> RegisterHeader | None:
    """The heading of a sheet as this layout reads it, None if no row is one."""
    best: RegisterHeader | None = None
    for candidate in _candidates(sheet, layout):
        if best is None or candidate.recognized > best.recognized:
            best = candidate
    return best


def _candidates(sheet: Sheet, layout: RegisterLayout) -> Iterator[RegisterHeader]:
    known = _targets_by_header(layout)
    for row in range(min(MAX_HEADER_ROW, len(sheet.rows))):
        for lines in ((row,), (row - 1, row)) if row else ((row,),):
            headers = column_headers(sheet, lines)
            targets = tuple(known.get(normalize_header(header), "") for header in headers)
            own = {target for target in targets if _is_own(target)}
            about = layout.register.subject == "village" or any(map(_tells_whom, targets))
            needed = 1 if ROW_ID in targets else min(_MIN_COLUMNS, len(layout.own_fields))
            if len(own) >= needed and about:
                columns = zip(range(len(headers)), targets, headers, strict=True)
                in_ten_thousands = [n for n, target, header in columns if _is_ten_thousands(layout, target, header)]
                factors = dict.fromkeys(in_ten_thousands, Decimal(10_000))
                yield RegisterHeader(lines[-1], headers, targets, factors, layout)


def _is_own(target: str) -> bool:
    """Whether it is a column of the record itself, also one that is never read."""
    return bool(target) and ("." not in target or target.startswith(COMPUTED))


def _tells_whom(target: str) -> bool:
    """Whether a column says which record, or whose."""
    return "." in target and target not in _PROGRESS_HEADERS and not target.startswith((COMPUTED, VIEWED))


def _is_ten_thousands(layout: RegisterLayout, target: str, header: str) -> bool:
    if not target or "." in target or layout.field(target).kind != "money":
        return False
    return _TEN_THOUSAND.search(unicodedata.normalize("NFKC", header)) is not None and layout.field(target).unit == "元"
