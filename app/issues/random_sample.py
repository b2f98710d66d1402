"""抽查名单: households drawn at random, and those whose records hold errors, opened as a round. docs/coverage.md 4.5-2.

Nothing decides who is drawn but the number of the draw: whoever has it, and the same list of households, draws the same
ones again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.checklists.households import load_register
from app.checklists.rounds import open_round
from app.errors import UserError
from app.issues.issues import Issue, each_open_issue
from app.issues.rule import ERROR
from app.progress import Task
from app.workbook.workbook import Workbook
from db.schema.household import Household


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """What is drawn.

    Attributes:
        number: of the households that are drawn by lot
        draw: the number of the draw, any text; the same one draws the same households
        group, kind: of these only; "" for all
        with_errors: whether all households with an open error among their doubts come too
    """

    village: str
    checklist: str
    title: str
    number: int
    draw: str
    group: str = ""
    kind: str = ""
    with_errors: bool = False


def sample_groups(session: Session, village: str) -> list[str]:
    """The groups that can be drawn from, in walking order."""
    households = (entry.household for entry in load_register(session, village) if entry.in_force)
    return list(dict.fromkeys(household.group for household in households if household.group))


def open_sample(workbook: Workbook, request: SampleRequest, today: date) -> Task[str]:
    """Draw, and open a round of the households drawn; returns its id. What was drawn and how is its remark.

    Raises:
        UserError: there are fewer households than shall be drawn, or as `open_round`
        ValidationError: no title
    """
    if not request.draw.strip():
        raise UserError("还没有抽签号。请填一个号码，以后凭它可以重抽核对。")
    with workbook.reading() as session:
        ids = _pool(session, request)
    if request.number > len(ids):
        raise UserError(f"符合条件的只有 {len(ids)} 户，抽不出 {request.number} 户。请少抽几户，或放宽条件。")
    drawn = draw_by_lot(ids, request.number, request.draw)
    added: list[str] = []
    if request.with_errors:
        wrong: set[str] = set()

        def take(issue: Issue) -> None:
            if issue.severity == ERROR:
                wrong.add(issue.household_id)

        yield from each_open_issue(workbook, take)
        added = [id for id in ids if id in wrong and id not in drawn]
    return open_round(
        workbook,
        request.village,
        request.checklist,
        request.title,
        "",
        today,
        household_ids=[id for id in ids if id in drawn or id in added],
        note=_remark(request, len(ids), len(added)),
    )


def draw_by_lot(ids: Sequence[str], number: int, draw: str) -> frozenset[str]:
    """So many of the households; each has its lot from the number of the draw, the lowest are drawn."""
    return frozenset(sorted(ids, key=lambda id: blake2b(f"{draw.strip()} {id}".encode()).digest())[:number])


def _pool(session: Session, request: SampleRequest) -> list[str]:
    """Whom the lot may fall on, in walking order."""
    of_village = select(Household.id, Household.household_kind).where(Household.village == request.village)
    kinds = {row.id: row.household_kind for row in session.execute(of_village)}
    return [
        entry.household.household_id
        for entry in load_register(session, request.village)
        if entry.in_force
        and request.group in ("", entry.household.group)
        and request.kind in ("", kinds.get(entry.household.household_id))
    ]


def _remark(request: SampleRequest, pool: int, added: int) -> str:
    within = "、".join(text for text in (request.group, request.kind) if text) or "全部在册户"
    also = f"，另列有错误疑点的 {added} 户" if request.with_errors else ""
    return f"随机抽查：从{within} {pool} 户里抽 {request.number} 户{also}；抽签号 {request.draw.strip()}"
