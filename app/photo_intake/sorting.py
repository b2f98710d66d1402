"""To which visit or inspection each photograph belongs: by the card before it, else by the time it was taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.photo_intake.scanning import ScannedPicture, picture_files, scan
from app.progress import Progress, Task
from app.registers.engine.titles import household_titles
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.household import Household
from db.schema.inspection import Inspection
from resources.limits import Limit
from resources.option_roles import value_of


@dataclass(frozen=True, slots=True)
class Target:
    """Where a photograph may go: a household, and a visit or an inspection of it.

    Attributes:
        label: 陈卫国（下屋组） 走访 2018-08-10
        begins, ends: of the visit, None where the times of day are not known
    """

    household_id: str
    label: str
    visit_id: str = ""
    inspection_id: str = ""
    on: date | None = None
    begins: datetime | None = None
    ends: datetime | None = None

    def distance(self, moment: datetime) -> timedelta | None:
        """How far a moment is from the visit, nothing within it; None where its times are not known."""
        if self.begins is None or self.ends is None:
            return None
        return max(self.begins - moment, moment - self.ends, timedelta())


@dataclass(frozen=True, slots=True)
class SortedPicture:
    """What is proposed for one picture.

    Attributes:
        target: None where nothing can be said, and for cards and files that are refused
        choices: the visits and inspections of that day
        kind: an option of photo_kind, "" where none follows
        doubt: why an officer should look, "" where it is certain
    """

    picture: ScannedPicture
    target: Target | None = None
    choices: tuple[Target, ...] = ()
    kind: str = ""
    doubt: str = ""

    @property
    def is_photo(self) -> bool:
        """Whether it is to be taken in: no card, and not refused."""
        return not (self.picture.card or self.picture.refusal)


def sort_folder(workbook: Workbook, folder: Path) -> Task[list[SortedPicture]]:
    """Look through a folder or a stick and propose where each picture goes.

    Raises:
        UserError: see `picture_files`
    """
    yield Progress(0, 0, folder.name)
    paths = yield from picture_files(folder)
    pictures = yield from scan(paths)
    with workbook.reading() as session:
        return sort_pictures(session, pictures)


def sort_pictures(session: Session, pictures: Sequence[ScannedPicture]) -> list[SortedPicture]:
    """A proposal for each picture, in their order."""
    days = {one.taken_at.date() for one in pictures if one.taken_at}
    targets = _targets(session, days)
    cards = _households(session, {one.card for one in pictures if one.card})
    result: list[SortedPicture] = []
    card, card_day = "", None
    for one in pictures:
        day = one.taken_at.date() if one.taken_at else None
        if one.card:
            card, card_day = one.card, day
            known = cards.get(card)
            result.append(SortedPicture(one, known, doubt="" if known else "卡片上的户不在本工作簿，照片请自己选户。"))
        elif one.refusal:
            result.append(SortedPicture(one, doubt=one.refusal))
        elif card in cards and day == card_day:
            result.append(_after_card(one, cards[card], targets.get(day, []) if day else []))
        else:
            result.append(_by_time(one, targets.get(day, []) if day else []))
    return result


def household_targets(session: Session, household_id: str, days: Iterable[date | None]) -> dict[date | None, Target]:
    """Day → where pictures go whose household an officer chose: to its only visit or inspection of the day, if any."""
    wanted = set(days)
    found = _targets(session, [day for day in wanted if day])
    household = _households(session, {household_id})[household_id]
    result: dict[date | None, Target] = dict.fromkeys(wanted, household)
    for day, targets in found.items():
        own = [one for one in targets if one.household_id == household_id]
        if len(own) == 1:
            result[day] = own[0]
    return result


def _after_card(one: ScannedPicture, household: Target, of_day: Sequence[Target]) -> SortedPicture:
    own = [target for target in of_day if target.household_id == household.household_id]
    if not own:
        return SortedPicture(one, household, (household,), doubt="这一天没有这一户的走访或检查，只收到户里。")
    if len(own) == 1:
        return _proposal(one, own[0], own)
    return _nearest(one, own)


def _by_time(one: ScannedPicture, of_day: Sequence[Target]) -> SortedPicture:
    if one.taken_at is None:
        return SortedPicture(one, doubt="照片里没有拍摄时间，请选户。")
    if not of_day:
        return SortedPicture(one, doubt=f"{one.taken_at:%Y-%m-%d} 没有走访或检查，请选户。")
    if len(of_day) == 1 and of_day[0].begins is None:
        return _proposal(one, of_day[0], of_day)
    return _nearest(one, of_day)


def _nearest(one: ScannedPicture, of_day: Sequence[Target]) -> SortedPicture:
    """By the times of day: certain where one visit alone is near enough."""
    assert one.taken_at is not None
    most = timedelta(minutes=int(Limit("visit")["photo_minutes"]))
    timed = [(distance, target) for target in of_day if (distance := target.distance(one.taken_at)) is not None]
    near = sorted((entry for entry in timed if entry[0] <= most), key=lambda entry: entry[0])
    if not near:
        return SortedPicture(one, None, tuple(of_day), doubt=f"当天有 {len(of_day)} 次走访或检查，时间对不上，请选。")
    best = near[0][1]
    others = sum(distance == near[0][0] for distance, _ in near) - 1
    doubt = "同一时间还有别的走访，请核对。" if others else ""
    if not doubt and len(near) > 1 and near[0][0]:
        doubt = "在两次走访之间，按近的一次，请核对。"
    return _proposal(one, best, of_day, doubt)


def _proposal(one: ScannedPicture, target: Target, choices: Sequence[Target], doubt: str = "") -> SortedPicture:
    kind = value_of("photo_kind", "visit") if target.visit_id else ""
    return SortedPicture(one, target, tuple(choices), kind, doubt)


def _targets(session: Session, days: Iterable[date]) -> dict[date, list[Target]]:
    """The visits and inspections of these days."""
    wanted, kept = list(days), select(Household.id).where(~Household.withdrawn)
    made = select(Visit).where(~Visit.withdrawn, Visit.visited_on.in_(wanted), Visit.household_id.in_(kept))
    scored = select(Inspection).where(
        ~Inspection.withdrawn, Inspection.seen_on.in_(wanted), Inspection.household_id.in_(kept)
    )
    visits, seen = list(session.scalars(made)), list(session.scalars(scored))
    titles = household_titles(
        session, [*(one.household_id or "" for one in visits), *(one.household_id or "" for one in seen)]
    )
    found: dict[date, list[Target]] = {}
    for visit in sorted(visits, key=lambda one: (one.started_at or "", one.id)):
        if visit.visited_on and visit.household_id:
            begins, ends = _moment(visit.visited_on, visit.started_at), _moment(visit.visited_on, visit.ended_at)
            label = f"{titles.get(visit.household_id, '')} {Visit.LABEL} {visit.visited_on} {visit.started_at or ''}"
            begins = begins or ends
            found.setdefault(visit.visited_on, []).append(
                Target(visit.household_id, label.strip(), visit.id, "", visit.visited_on, begins, ends or begins)
            )
    for inspection in sorted(seen, key=lambda one: one.id):
        if inspection.seen_on and inspection.household_id:
            label = f"{titles.get(inspection.household_id, '')} {Inspection.LABEL} {inspection.seen_on}"
            found.setdefault(inspection.seen_on, []).append(
                Target(inspection.household_id, label, "", inspection.id, inspection.seen_on)
            )
    return found


def _moment(day: date, clock: str | None) -> datetime | None:
    """A time of day that was written otherwise than 09:30, in a package or a sheet, is not known."""
    try:
        return datetime.combine(day, time.fromisoformat(clock)) if clock else None
    except ValueError:
        return None


def _households(session: Session, ids: Iterable[str]) -> dict[str, Target]:
    """Those of the ids that are households here."""
    kept = select(Household.id).where(Household.id.in_(list(ids)), ~Household.withdrawn)
    known = list(session.scalars(kept))
    return {id: Target(id, str(title)) for id, title in household_titles(session, known).items()}
