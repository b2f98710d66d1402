"""What a package would bring, household by household, before anything is written."""

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sync import photo_transfer, record_labels
from app.sync.cell_validation import insert_cells
from app.sync.package import Manifest
from app.sync.package_validation import ValidatedManifest
from app.sync.revoked_changes import RevokedChanges, RevokedWriters
from db.journal.heads import SqlValue
from db.journal.inserts import known_insert_values
from db.journal.journal_change import JournalChange
from db.journal.outgoing_changes import changes_after
from db.schema import relations
from db.schema.photo import Photo, Picture
from resources.option_roles import value_of

_MAX_COMPARED = 100_000  # of our changes that the sender lacks; beyond, conflicts are only known afterwards


@dataclass(frozen=True, slots=True)
class TableChanges:
    """One kind of record: how many are new here, and how many cells change in those that are not."""

    table: str
    label: str
    new: int
    changed: int


@dataclass(frozen=True, slots=True)
class HouseholdChanges:
    """One household: `what` in words, e.g. ("新增走访记录", "联系电话"). `id` "" stands for records of no household.

    `conflicts`: cells that would hold two values then; about, and 0 where it was too much to compare.
    `unseen`: changes by somebody whose card is revoked, of which the revoker did not know.
    """

    id: str
    name: str
    new: int
    changed: int
    what: tuple[str, ...]
    conflicts: int = 0
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class PackagePreview:
    """A package that may be imported, and what that would do.

    Attributes:
        digest: of the whole file, hex; only this very file is applied
        pictures: those that are not here yet and that a photograph names; what else the package carries is passed over
        known_before: it was imported before, as line `n` of the log of packages
        conflicts: cells that would hold two values then; about, and -1 where it was too much to compare
        unseen: changes by people whose cards are revoked that the revoker had not seen; a person must accept them
        revocations: digest of those that were in force
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
    tables: tuple[TableChanges, ...]
    households: tuple[HouseholdChanges, ...]
    conflicts: int
    known_before: bool
    newer_schema: bool
    n: int = 0
    unseen: tuple[RevokedChanges, ...] = ()
    revocations: str = ""

    @property
    def unseen_message(self) -> str:
        """What a person must decide before the import; "" for nothing."""
        if not self.unseen:
            return ""
        listed = "、".join(f"“{one.name}”写的 {one.changes} 条修改" for one in self.unseen)
        return (
            f"名片已停用的{listed}也在数据包里，停用他的人当时没有见过，可能是别人拿他的电脑写的。"
            "请逐户看过，确认是本人写的再收下；拿不准，先不导入，问问本人。"
        )

    @property
    def message(self) -> str:
        if not self.new_changes and self.pictures and not self.known_before:
            return f"来自“{self.sender}”的数据包：没有更新，带来 {self.pictures} 张照片，都是本机缺的。"
        if not self.new_changes:
            return f"“{self.sender}”的这个包本机都已经有了，没有新内容。"
        household_count = sum(1 for household in self.households if household.id)
        message = f"来自“{self.sender}”的数据包：{self.new_changes} 项更新，涉及 {household_count} 户"
        if self.pictures:
            message += f"，{self.pictures} 张本机没有的照片"
        if self.conflicts > 0:
            message += f"；有 {self.conflicts} 处内容与本机不一致，导入后请逐项确认"
        return message + "。"


class PreviewCounter:
    """Counts while a package is read; holds one entry a household, field and new picture, none a change."""

    def __init__(self, session: Session, manifest: ValidatedManifest) -> None:
        self._session, self._manifest = session, manifest
        self.new_changes = self.changes = 0
        self._new_by_table: Counter[str] = Counter()
        self._changed_by_table: Counter[str] = Counter()
        self._households: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._unseen: Counter[str] = Counter()
        self._titles: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._head = value_of("relation", "head")
        self._household_by_parent: dict[str, str] = {}  # new record that stands in between → household
        self._conflicts = _ConflictEstimator(session, manifest)
        self._pictures = _NewPictures(session, manifest)

    def add(
        self,
        changes: Sequence[JournalChange],
        origins: dict[str, set[tuple[str, str]]],
        unseen: Set[tuple[str, str]],
    ) -> None:
        """The next changes; only rows that are not here yet are counted as new.

        Args:
            unseen: (row, column) of those by people whose cards are revoked, of which the revoker did not know
        """
        self.changes += len(changes)
        unknown = [c for c in changes if c.number > self._manifest.local_vector.get((c.village, c.replica), 0)]
        self.new_changes += len(unknown)
        known_rows: dict[str, set[str]] = defaultdict(set)
        for change in unknown:
            if change.row in origins:
                known_rows[change.table].add(change.row)
        owners = {table: relations.ancestor_ids(self._session, table, rows) for table, rows in known_rows.items()}
        for change in unknown:
            cells = insert_cells(change) if change.column == "" else {}
            self._pictures.note_names(change, cells)
            self._conflicts.add(change, cells, owners.get(change.table, {}).get(change.row, ""))
            household: str | None = None
            if change.row in origins:
                household = owners[change.table].get(change.row, "")
                self._count_changed(change, household)
            elif change.column == "":
                household = self._count_new(change, cells)
            if household is not None and (change.row, change.column) in unseen:
                self._unseen[household] += 1

    def add_picture(self, sha256: str, _jpeg: bytes) -> None:
        """The next picture: they stand after all changes, so that what names it is known."""
        self._pictures.add(sha256)

    def _count_changed(self, change: JournalChange, household: str) -> None:
        if change.column:
            self._changed_by_table[change.table] += 1
            self._households[household][change.table, change.column] += 1

    def _count_new(self, change: JournalChange, cells: dict[str, SqlValue]) -> str:
        self._new_by_table[change.table] += 1
        household = self._household_of_new(change, cells)
        self._households[household][change.table, ""] += 1
        if change.table == "household":
            self._titles.setdefault(household, str(cells.get("household_no") or ""))
            self._groups[household] = str(cells.get("group_name") or "")
        elif change.table == "member" and cells.get("relation") == self._head and not cells.get("left"):
            self._titles[household] = relations.title_from_cells("member", cells)
        return household

    def _household_of_new(self, change: JournalChange, cells: dict[str, SqlValue]) -> str:
        """The household that a new record belongs to, through other new ones too; "" for none."""
        if change.table == "household":
            return change.row
        if change.table not in relations.tables_below("household"):
            return ""
        parent, table = (
            str(cells.get(relations.parent_column(change.table)) or ""),
            relations.parent_table(change.table),
        )
        if table != "household" and parent not in self._household_by_parent:
            self._household_by_parent.update(relations.ancestor_ids(self._session, table, [parent]))
        household = parent if table == "household" else self._household_by_parent.get(parent, "")
        if household and relations.tables_below(change.table):
            self._household_by_parent[change.row] = household
        return household

    def conflicts(self) -> int:
        return self._conflicts.conflicts()

    def pictures(self) -> int:
        """How many are not here yet and will be."""
        return self._pictures.count()

    def tables(self) -> tuple[TableChanges, ...]:
        tables = sorted(self._new_by_table.keys() | self._changed_by_table.keys())
        return tuple(
            TableChanges(t, relations.record_label(t), self._new_by_table[t], self._changed_by_table[t]) for t in tables
        )

    def households(self) -> tuple[HouseholdChanges, ...]:
        titles = {
            household: relations.title_with_group(name, self._groups.get(household))
            for household, name in self._titles.items()
        }
        conflict_counts = self._conflicts.conflicts_by_household()
        all_titles = titles | relations.household_titles(self._session, filter(None, self._households))
        summaries = [
            HouseholdChanges(
                id=household,
                name=all_titles.get(household, "户主未填") if household else "不属于某一户的记录",
                new=sum(count for (_, column), count in counts.items() if not column),
                changed=sum(count for (_, column), count in counts.items() if column),
                what=tuple(_change_label(table, column, count) for (table, column), count in sorted(counts.items())),
                conflicts=conflict_counts[household],
                unseen=self._unseen[household],
            )
            for household, counts in self._households.items()
        ]
        return tuple(sorted(summaries, key=lambda share: (not share.id, share.name, share.id)))


def _change_label(table: str, column: str, count: int) -> str:
    if column:
        return record_labels.column_label(table, column)
    return f"新增{relations.record_label(table)}" + (f" {count} 条" if count > 1 else "")


class _NewPictures:
    """Pictures that an import would store: not here yet, and named by a photograph here or in the package."""

    def __init__(self, session: Session, manifest: ValidatedManifest) -> None:
        self._session, self._villages = session, manifest.villages
        self._named: set[str] = set()  # by the photographs that are new or changed
        self._missing: set[str] | None = None  # by a photograph that is here already; asked for when the first comes
        self._new: set[str] = set()

    def note_names(self, change: JournalChange, cells: dict[str, SqlValue]) -> None:
        if change.table == Photo.__tablename__:
            content = change.value if change.column == "content" else cells.get("content")
            if isinstance(content, str):
                self._named.add(content)

    def add(self, sha256: str) -> None:
        if self._missing is None:
            self._missing = set(photo_transfer.missing(self._session, self._villages))
        if sha256 in self._missing or (sha256 in self._named and not self._is_here(sha256)):
            self._new.add(sha256)

    def _is_here(self, sha256: str) -> bool:
        return self._session.scalar(select(Picture.sha256).where(Picture.sha256 == sha256)) is not None

    def count(self) -> int:
        return len(self._new)


class _ConflictEstimator:
    """Our values that the sender does not know, to tell what would be in conflict."""

    def __init__(self, session: Session, manifest: ValidatedManifest) -> None:
        unknown_to_peer = sum(
            max(0, number - manifest.known.get(stream, 0))
            for stream, number in manifest.local_vector.items()
            if stream[0] in manifest.villages
        )
        self._comparable = unknown_to_peer <= _MAX_COMPARED
        self._cells: dict[tuple[str, str], SqlValue] = {}
        self._inserts: dict[str, dict[str, SqlValue]] = {}
        self._peer_inserts: dict[str, dict[str, SqlValue]] = {}  # rows that the sender wrote down as well
        self._peer_values: dict[tuple[str, str], SqlValue] = {}
        self._household_by_row: dict[str, str] = {}  # row of theirs → household
        if not self._comparable or not unknown_to_peer:
            return
        for changes in changes_after(session, manifest.known, set(manifest.villages)):
            for change in changes:
                if change.column == "":
                    self._inserts[change.row] = insert_cells(change)
                else:
                    self._cells[change.row, change.column] = change.value
        self._peer_inserts = known_insert_values(session, self._inserts, manifest.known)

    def add(self, change: JournalChange, cells: dict[str, SqlValue], household_id: str) -> None:
        if change.column:
            if self._differs(change.row, change.column):
                self._peer_values[change.row, change.column] = change.value
                self._household_by_row[change.row] = household_id
            return
        insert = self._inserts.get(change.row)
        if insert is None:
            return
        self._household_by_row[change.row] = household_id
        self._peer_inserts[change.row] = cells
        for column in insert.keys() | cells.keys():
            if insert.get(column) != cells.get(column):
                self._peer_values[change.row, column] = cells.get(column)

    def _differs(self, row: str, column: str) -> bool:
        """An edit replaces the same value with which the row was written down here, where nobody has edited it."""
        if (row, column) in self._cells:
            return True
        insert, peer_insert = self._inserts.get(row, {}), self._peer_inserts.get(row, {})
        return insert.get(column) != peer_insert.get(column)

    def conflicts(self) -> int:
        return self.conflicts_by_household().total() if self._comparable else -1

    def conflicts_by_household(self) -> Counter[str]:
        return Counter(
            self._household_by_row[row]
            for (row, column), value in self._peer_values.items()
            if self._cells.get((row, column), self._inserts.get(row, {}).get(column)) != value
        )


def build_preview(
    path: Path,
    manifest: Manifest,
    validated: ValidatedManifest,
    counter: PreviewCounter,
    revoked_writers: RevokedWriters,
    digest: str,
    schema_revision: str,
) -> PackagePreview:
    """The finished preview."""
    return PackagePreview(
        path=path,
        digest=digest,
        package=manifest.package,
        sender=validated.name,
        made_at=manifest.made_at,
        operator=manifest.operator,
        villages=tuple(manifest.villages),
        changes=counter.changes,
        new_changes=counter.new_changes,
        pictures=counter.pictures(),
        tables=counter.tables(),
        households=counter.households(),
        conflicts=counter.conflicts(),
        known_before=validated.already_imported,
        newer_schema=manifest.schema > schema_revision,
        n=validated.n,
        unseen=revoked_writers.counted(),
        revocations=revoked_writers.digest,
    )
