"""What is proposed: one figure of an account or one column of a member, as it is and as the registers have it."""

from dataclasses import dataclass

from app.records.field import Value


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of a register behind a proposal: what it is called, what it gives, and how that was worked out."""

    register: str
    table: str
    record_id: str
    title: str
    told: str


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A line of the account: an item, and the wording of its line. `line_id` is "" where there is none yet."""

    year: int
    item: str
    what: str
    line_id: str = ""


@dataclass(frozen=True, slots=True)
class AccountCell:
    """A money column of the account itself."""

    year: int
    column: str


@dataclass(frozen=True, slots=True)
class MemberCell:
    """A column of a member."""

    member_id: str
    column: str


Target = AccountLine | AccountCell | MemberCell


@dataclass(frozen=True, slots=True)
class CardProposal:
    """One figure or mark that the registers have otherwise.

    Attributes:
        village, household_id: of the household
        group, head: its 村民组 and who heads it
        label: what would be written, e.g. 低保金 or 陈卫国：是否享受低保
        now, proposed: values; None is empty
        now_text, proposed_text: the same for people
        doubt: why somebody should look first, "" where nothing speaks against it
        sources: rows of the registers; none where they have nothing (any more)
    """

    village: str
    household_id: str
    group: str
    head: str
    label: str
    target: Target
    now: Value
    proposed: Value
    now_text: str
    proposed_text: str
    doubt: str
    sources: tuple[SourceRow, ...]

    @property
    def key(self) -> str:
        """The same as long as it is about the same cell."""
        match self.target:
            case AccountLine(year, item, what):
                return f"{self.household_id}:{year}:{item}:{what}"
            case AccountCell(year, column):
                return f"{self.household_id}:{year}:{column}"
            case MemberCell(member_id, column):
                return f"{member_id}:{column}"

    @property
    def basis(self) -> str:
        """The rows behind it, in one line."""
        return "；".join(f"{row.title} {row.told}".strip() for row in self.sources) or "台账里没有"

    @property
    def is_income(self) -> bool:
        return not isinstance(self.target, MemberCell)
