"""What a package would bring, household by household, before anything is written."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from app.exchange import naming
from app.exchange.package import Manifest
from app.exchange.vetting import Admitted, cells_of
from db import merge
from db.merge import JournalChange, Raw

_MOST_COMPARED = 100_000  # of our changes that the sender lacks; beyond, conflicts are only told afterwards
_MIDDLE = frozenset({"income_year", "inspection", "visit"})  # what stands between a household and other new records


@dataclass(frozen=True, slots=True)
class TableShare:
    """One kind of record: how many are new here, and how many cells change in those that are not."""

    table: str
    label: str
    new: int
    changed: int


@dataclass(frozen=True, slots=True)
class HouseholdShare:
    """One household: `what` in words, e.g. ("新增走访记录", "联系电话"). `id` "" stands for records of no household.

    `conflicts`: cells that would hold two values then; about, and 0 where it was too much to compare.
    """

    id: str
    name: str
    new: int
    changed: int
    what: tuple[str, ...]
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """A package that may be imported, and what that would do.

    Attributes:
        digest: of the whole file, hex; only this very file is laid in
        known_before: it was imported before, as line `n` of the log of packages
        conflicts: cells that would hold two values then; about, and -1 where it was too much to compare
    """

    path: Path
    digest: str
    package: str
    sender: str
    made_at: str
    operator: str
    villages: tuple[str, ...]
    changes: int
    new_changes: int
    pictures: int
    tables: tuple[TableShare, ...]
    households: tuple[HouseholdShare, ...]
    conflicts: int
    known_before: bool
    newer_schema: bool
    n: int = 0

    @property
    def sentence(self) -> str:
        if not self.new_changes and self.pictures and not self.known_before:
            return f"“{self.sender}”的包：没有新修改，带来 {self.pictures} 张照片，本机缺的会补上。"
        if not self.new_changes:
            return f"“{self.sender}”的这个包本机都已经有了，没有新内容。"
        homes = sum(1 for share in self.households if share.id)
        told = f"“{self.sender}”的包：{self.new_changes} 条新修改，涉及 {homes} 户"
        if self.pictures:
            told += f"，{self.pictures} 张照片"
        if self.conflicts > 0:
            told += f"；约 {self.conflicts} 处与本机写得不同，导入后请逐处决定"
        return told + "。"


class PreviewCount:
    """Counts while a package is read; holds one entry a household and field, none a change."""

    def __init__(self, session: Session, about: Admitted) -> None:
        self._session, self._about = session, about
        self.new_changes = self.changes = 0
        self._new: Counter[str] = Counter()
        self._changed: Counter[str] = Counter()
        self._households: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._names: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._through: dict[str, str] = {}  # new record that stands in between → household
        self._ours = _Ours(session, about)

    def count(self, changes: Sequence[JournalChange], homes: dict[str, set[tuple[str, str]]]) -> None:
        """The next changes; `homes` says which of their rows are here already."""
        self.changes += len(changes)
        new = [c for c in changes if c.number > self._about.known.get((c.village, c.replica), 0)]
        self.new_changes += len(new)
        here: dict[str, set[str]] = defaultdict(set)
        for change in new:
            if change.row in homes:
                here[change.table].add(change.row)
        owners = {table: naming.households_of(self._session, table, rows) for table, rows in here.items()}
        for change in new:
            cells = cells_of(change) if change.column == "" else {}
            self._ours.compare(change, cells, owners.get(change.table, {}).get(change.row, ""))
            if change.row in homes:
                self._count_changed(change, owners[change.table].get(change.row, ""))
            elif change.column == "":
                self._count_new(change, cells)

    def _count_changed(self, change: JournalChange, household: str) -> None:
        if change.column:
            self._changed[change.table] += 1
            self._households[household][change.table, change.column] += 1

    def _count_new(self, change: JournalChange, cells: dict[str, Raw]) -> None:
        self._new[change.table] += 1
        step = naming.step_to_household(change.table)
        onto = change.row if step == "id" else str(cells.get(step) or "")
        through = naming.next_table(change.table)
        if step not in ("", "id", "household_id") and onto not in self._through:
            self._through.update(naming.households_of(self._session, through, [onto]))
        household = self._through.get(onto, "") if through in _MIDDLE else onto
        if change.table in _MIDDLE and household:
            self._through[change.row] = household
        self._households[household][change.table, ""] += 1
        if change.table == "household":
            self._names.setdefault(household, naming.name_in_cells("household", cells))
            self._groups[household] = str(cells.get("group_name") or "")
        elif change.table == "member" and cells.get("relation") == "户主" and not cells.get("left"):
            self._names[household] = naming.name_in_cells("member", cells)

    def conflicts(self) -> int:
        return self._ours.conflicts()

    def tables(self) -> tuple[TableShare, ...]:
        tables = sorted(self._new.keys() | self._changed.keys())
        return tuple(TableShare(t, naming.label_of_table(t), self._new[t], self._changed[t]) for t in tables)

    def households(self) -> tuple[HouseholdShare, ...]:
        new = {
            household: naming.with_group(name, self._groups.get(household)) for household, name in self._names.items()
        }
        disputed = self._ours.conflicts_by_household()
        names = new | naming.household_names(self._session, filter(None, self._households))
        shares = [
            HouseholdShare(
                id=household,
                name=names.get(household, "户主未填") if household else "不属于某一户的记录",
                new=sum(count for (_, column), count in counts.items() if not column),
                changed=sum(count for (_, column), count in counts.items() if column),
                what=tuple(_what(table, column, count) for (table, column), count in sorted(counts.items())),
                conflicts=disputed[household],
            )
            for household, counts in self._households.items()
        ]
        return tuple(sorted(shares, key=lambda share: (not share.id, share.name, share.id)))


def _what(table: str, column: str, count: int) -> str:
    if column:
        return naming.label_of_column(table, column)
    return f"新增{naming.label_of_table(table)}" + (f" {count} 条" if count > 1 else "")


class _Ours:
    """Our values that the sender does not know, to tell what would be in conflict."""

    def __init__(self, session: Session, about: Admitted) -> None:
        lacking = sum(
            max(0, number - about.upto.get(stream, 0))
            for stream, number in about.known.items()
            if stream[0] in about.villages
        )
        self._told = lacking <= _MOST_COMPARED
        self._cells: dict[tuple[str, str], Raw] = {}
        self._births: dict[str, dict[str, Raw]] = {}
        self._born_there: dict[str, dict[str, Raw]] = {}  # rows that the sender wrote down as well
        self._theirs: dict[tuple[str, str], Raw] = {}
        self._owner: dict[str, str] = {}  # row of theirs → household
        if not self._told or not lacking:
            return
        for changes in merge.changes_after(session, about.upto, set(about.villages)):
            for change in changes:
                if change.column == "":
                    self._births[change.row] = cells_of(change)
                else:
                    self._cells[change.row, change.column] = change.value

    def compare(self, change: JournalChange, cells: dict[str, Raw], household: str) -> None:
        if change.column:
            if self._disputed(change.row, change.column):
                self._theirs[change.row, change.column] = change.value
                self._owner[change.row] = household
            return
        born = self._births.get(change.row)
        if born is None:
            return
        self._owner[change.row] = household
        self._born_there[change.row] = cells
        for column in born.keys() | cells.keys():
            if born.get(column) != cells.get(column):
                self._theirs[change.row, column] = cells.get(column)

    def _disputed(self, row: str, column: str) -> bool:
        """An edit replaces the same value with which the row was written down here, where nobody has edited it."""
        if (row, column) in self._cells:
            return True
        born, there = self._births.get(row), self._born_there.get(row)
        return born is not None and (there is None or born.get(column) != there.get(column))

    def conflicts(self) -> int:
        return self.conflicts_by_household().total() if self._told else -1

    def conflicts_by_household(self) -> Counter[str]:
        return Counter(
            self._owner[row]
            for (row, column), value in self._theirs.items()
            if self._cells.get((row, column), self._births.get(row, {}).get(column)) != value
        )


def preview_of(
    path: Path, manifest: Manifest, about: Admitted, count: PreviewCount, digest: str, pictures: int, revision: str
) -> Preview:
    """The finished preview."""
    return Preview(
        path=path,
        digest=digest,
        package=manifest.package,
        sender=about.name,
        made_at=manifest.made_at,
        operator=manifest.operator,
        villages=tuple(manifest.villages),
        changes=count.changes,
        new_changes=count.new_changes,
        pictures=pictures,
        tables=count.tables(),
        households=count.households(),
        conflicts=count.conflicts(),
        known_before=about.before,
        newer_schema=manifest.schema > revision,
        n=about.n,
    )
