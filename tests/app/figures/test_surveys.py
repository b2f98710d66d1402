"""How content the households are, and how many come to the evening school."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from app.figures.catalogue import find_figure
from app.figures.definition import year_period
from app.figures.surveys import evening_school, survey
from app.forms.entries import create_entry, load_entry, save_entry
from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.reports.parameters import ReportParameters
from app.workbook.workbook import Workbook
from db.schema.community import Meeting, MeetingParticipant
from db.schema.employment import SkillTraining, TrainingParticipant
from db.schema.household import Household, Member
from tests import builders, pdf_reader

CODE = builders.VILLAGE.code
FIRST, SECOND, THIRD = (Household.id_of(f"{CODE}{n:03}") for n in (1, 2, 3))
YEAR = year_period(2018)


def printed(book: Workbook, name: str) -> str:
    job = ReportJob(name, [ReportParameters(year=2018)])
    return pdf_reader.full_text(run_to_completion(preview(book, job))).replace("\n", "")


def answer(book: Workbook, household_id: str, day: date, **answers: str) -> None:
    entry_id = create_entry(book, "satisfaction_survey", household_id=household_id, day=day)
    with book.reading() as session:
        entry = load_entry(session, entry_id)
    save_entry(book, entry.with_values(**answers))


def test_rates_of_a_year(tmp_path: Path) -> None:
    """The last answer of a household counts; what nobody answered is no part of a rate."""
    with closing(builders.workbook(tmp_path)) as book:
        with book.writing() as session:
            for n, group in enumerate(("一组", "二组", "二组"), 1):
                builders.household(session, members=2, number=n, group_name=group)
        answer(book, FIRST, date(2018, 3, 1), q1="不满意", q2="不满意")
        answer(book, FIRST, date(2018, 11, 1), q1="很满意", q2="满意", q5="清楚")
        answer(book, SECOND, date(2018, 11, 2), q1="满意", q2="一般", q5="不知道", wish="修路")
        with book.reading() as session:
            found = survey(session, YEAR)
            assert found.share(found.of_dictionary("satisfaction")) == Decimal("75.0")
            assert found.share(found.of_dictionary("awareness"), [SECOND]) == Decimal("0.0")
            assert found.share(found.questions, [THIRD][:0]) is None
            figure = find_figure("satisfaction_rate")
            assert figure is not None
            assert figure.read(session, YEAR).value == Decimal("75.0")
            missing = figure.read(session, year_period(2017))
            assert (missing.value, missing.missing) == (None, "期内没有填过满意度和知晓率问卷")
        text = printed(book, "satisfaction_rates")
        assert "填了问卷2户" in text
        assert "满意率低于90%" in text
        assert "修路" in text


def test_who_comes_to_the_evening_school(tmp_path: Path) -> None:
    with closing(builders.workbook(tmp_path)) as book:
        with book.writing() as session:
            for n in (1, 2, 3):
                builders.household(session, members=2, number=n)
            builders.household(session, members=1, number=4, withdrawn=True)
            first, second, gone = (Member.id_of(f"{CODE}{n:03}01") for n in (1, 2, 4))
            session.add(Meeting(id="one", village=CODE, title="养蜂", kind="农民夜校", held_on=date(2018, 5, 1)))
            session.add(Meeting(id="other", village=CODE, title="组会", kind="村民组会议", held_on=date(2018, 5, 2)))
            evening = {"village": CODE, "kind": "扶贫夜校", "started_on": date(2018, 6, 1)}
            session.add(SkillTraining(id="two", name="算账", **evening))
            session.flush()
            for meeting, member in (("one", first), ("one", second), ("one", gone), ("other", second)):
                session.add(MeetingParticipant(village=CODE, meeting_id=meeting, member_id=member))
            session.add(TrainingParticipant(village=CODE, training_id="two", member_id=first))
        with book.reading() as session:
            school = evening_school(session, YEAR)
            assert [title for _, title in school.evenings.values()] == ["养蜂", "算账"]
            shares = [school.share_of(id) for id in (FIRST, SECOND, THIRD)]
            assert shares == [Decimal("100.0"), Decimal("50.0"), Decimal("0.0")]
            assert school.share == Decimal("66.7")
            figure = find_figure("夜校参学户率")
            assert figure is not None
            assert len(figure.read(session, YEAR).ids) == 2
            assert figure.read(session, year_period(2017)).missing == "期内没有办过夜校"
        text = printed(book, "evening_school_rates")
        assert "养蜂266.7%" in text, "who is not in the village any more is no part of a rate"
        assert "没有参加过" in text
        assert "低于60%" in text
