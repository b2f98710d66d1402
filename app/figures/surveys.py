"""群众评价: what the households think of the help they get and know of it, and how many come to the evening school."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.figures.counting import households_in_use
from app.figures.definition import Period, Reading, VillageFigure
from app.forms.definition import Question, load_form
from db.schema.community import Meeting, MeetingParticipant
from db.schema.employment import SkillTraining, TrainingParticipant
from db.schema.form import FormAnswer, FormEntry
from db.schema.household import Household, Member
from resources.option_roles import values_with_role

SECTION = "群众评价"
SURVEY = "satisfaction_survey"
_GOOD = {"satisfaction": "content", "awareness": "aware"}  # dictionary of a question → role of the answers that count


@dataclass(frozen=True, slots=True)
class Survey:
    """What households said, each as it was asked last in the period.

    Attributes:
        questions: those that are rated
        answers: household → question → answer
        entries: household → id of what it filled in
    """

    questions: tuple[Question, ...]
    answers: Mapping[str, Mapping[str, str]]
    entries: Mapping[str, str]

    def share(self, questions: Iterable[Question], households: Iterable[str] | None = None) -> Decimal | None:
        """Per cent of the answers to these questions that are good; None where nobody answered."""
        asked, among = list(questions), self.answers if households is None else households
        given = [(one, self.answers[id][one.key]) for id in among for one in asked if one.key in self.answers[id]]
        return percent(sum(is_good(one, answer) for one, answer in given), len(given))

    def of_dictionary(self, dictionary: str) -> tuple[Question, ...]:
        """The questions that are answered from one list of options."""
        return tuple(one for one in self.questions if one.field.spec.options == dictionary)


@dataclass(frozen=True, slots=True)
class EveningSchool:
    """The evenings of a period.

    Attributes:
        evenings: record id → day and title, by day
        attended: household → the evenings that somebody of it came to
        households: all that are in use, in the order of the list
    """

    evenings: Mapping[str, tuple[date | None, str]]
    attended: Mapping[str, set[str]] = field(default_factory=dict)
    households: tuple[str, ...] = ()

    def share_of(self, household_id: str) -> Decimal | None:
        """Per cent of the evenings that a household came to, None where there was none."""
        return percent(len(self.attended.get(household_id, ())), len(self.evenings))

    @property
    def share(self) -> Decimal | None:
        """Per cent of the households that came at all."""
        came = sum(household_id in self.attended for household_id in self.households)
        return percent(came, len(self.households)) if self.evenings else None


def percent(part: int, whole: int) -> Decimal | None:
    """To one place; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def is_good(question: Question, answer: str) -> bool:
    """Whether an answer counts as content, or as knowing."""
    dictionary = question.field.spec.options
    return answer in values_with_role(dictionary, _GOOD[dictionary])


def survey(session: Session, period: Period) -> Survey:
    """The questionnaires that were filled in in the period; of several of a household the last."""
    questions = tuple(one for one in load_form(SURVEY).questions if one.field.spec.options in _GOOD)
    filled = (
        select(FormEntry.household_id, FormEntry.id)
        .where(
            ~FormEntry.withdrawn,
            FormEntry.form == SURVEY,
            FormEntry.filled_on.between(period.first, period.last),
            FormEntry.household_id.in_(select(Household.id).where(*households_in_use())),
        )
        .order_by(FormEntry.filled_on, FormEntry.id)
    )
    entries = {household_id or "": entry_id for household_id, entry_id in session.execute(filled)}
    households = {entry_id: household_id for household_id, entry_id in entries.items()}
    answers: defaultdict[str, dict[str, str]] = defaultdict(dict)
    told = select(FormAnswer).where(~FormAnswer.withdrawn, FormAnswer.entry_id.in_(households))
    for answer in session.scalars(told):
        if answer.value and any(one.key == answer.question for one in questions):
            answers[households[answer.entry_id or ""]][answer.question or ""] = answer.value
    return Survey(questions, dict(answers), entries)


def evening_school(session: Session, period: Period) -> EveningSchool:
    """Meetings and courses of the school, and who came to them."""
    meetings = (
        ~Meeting.withdrawn,
        Meeting.kind.in_(values_with_role("meeting_kind", "evening_school")),
        Meeting.held_on.between(period.first, period.last),
    )
    courses = (
        ~SkillTraining.withdrawn,
        SkillTraining.kind.in_(values_with_role("training_kind", "evening_school")),
        SkillTraining.started_on.between(period.first, period.last),
    )
    held = [
        *session.execute(select(Meeting.id, Meeting.held_on, Meeting.title).where(*meetings)),
        *session.execute(select(SkillTraining.id, SkillTraining.started_on, SkillTraining.name).where(*courses)),
    ]
    came = (
        select(MeetingParticipant.meeting_id, Member.household_id)
        .join(Member, Member.id == MeetingParticipant.member_id)
        .join(Meeting, Meeting.id == MeetingParticipant.meeting_id)
        .where(*meetings, ~MeetingParticipant.withdrawn),
        select(TrainingParticipant.training_id, Member.household_id)
        .join(Member, Member.id == TrainingParticipant.member_id)
        .join(SkillTraining, SkillTraining.id == TrainingParticipant.training_id)
        .where(*courses, ~TrainingParticipant.withdrawn),
    )
    attended: defaultdict[str, set[str]] = defaultdict(set)
    for statement in came:
        for evening_id, household_id in session.execute(statement):
            attended[household_id or ""].add(evening_id or "")
    listed = select(Household.id).where(*households_in_use()).order_by(Household.group_name, Household.household_no)
    evenings = {id: (day, title or "") for id, day, title in sorted(held, key=lambda one: (one[1], one[0]))}
    return EveningSchool(evenings, attended, tuple(session.scalars(listed)))


def _rate(dictionary: str, label: str) -> VillageFigure:
    def read(session: Session, period: Period) -> Reading:
        found = survey(session, period)
        ids = tuple(sorted(found.entries[household_id] for household_id in found.answers))
        share = found.share(found.of_dictionary(dictionary))
        return Reading(share, ids, "" if ids else "期内没有填过满意度和知晓率问卷")

    return VillageFigure(f"{dictionary}_rate", label, "%", FormEntry.__tablename__, read, in_period=True)


def _evening_share(session: Session, period: Period) -> Reading:
    found = evening_school(session, period)
    came = tuple(sorted(household_id for household_id in found.households if household_id in found.attended))
    return Reading(found.share, came, "" if found.evenings else "期内没有办过夜校")


FIGURES = (
    _rate("satisfaction", "群众满意率"),
    _rate("awareness", "政策知晓率"),
    VillageFigure("evening_school_rate", "夜校参学户率", "%", "household", _evening_share, in_period=True),
)
