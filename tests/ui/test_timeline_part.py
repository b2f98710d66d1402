"""Each line of a household's time line opens the record that tells it."""

from datetime import date

import pytest
from PySide6.QtCore import Qt

from db.schema.aid import Visit
from db.schema.archive import ArchivePrint
from db.schema.employment import PublicJob, PublicJobMonth, SkillTraining, TrainingParticipant
from db.schema.finance import LoanRepayment, SmallLoan
from db.schema.household import Household, Member
from db.schema.project import ProjectBenefit, VillageProject
from db.schema.quality import IssueDismissal
from tests.builders import VILLAGE
from tests.ui.conftest import wait_until_idle
from ui.shell import waiting

HOME = Household.id_of(f"{VILLAGE.code}001")
DAY = date(2018, 9, 3)
# table of a line → title of the part or page that it opens, and the record that is current there
OPENED = {
    "visit": ("走访", "visit"),
    "loan_repayment": ("扶贫小额信贷", "loan"),
    "public_job_month": ("公益性岗位", "job"),
    "skill_training": ("技能培训", "training"),
    "project_benefit": ("村级项目", "project"),
    "verdict": ("疑点数据", ""),
    "archive_print": ("打印", ""),
}


@pytest.fixture(autouse=True)
def no_counts(monkeypatch):
    """What waits is counted beside the pages, which this file does not look at."""
    monkeypatch.setattr(waiting, "FIRST_MS", 3_600_000)


@pytest.fixture
def busy_home(book):
    with book.writing() as session:
        member = session.query(Member).filter_by(household_id=HOME).first().id
        own = {"village": VILLAGE.code, "household_id": HOME}
        rows = [
            Visit(id="visit", visited_on=DAY, visitors="甲", **own),
            SmallLoan(id="loan", bank="农商行", issued_on=DAY, **own),
            LoanRepayment(village=VILLAGE.code, loan_id="loan", paid_on=DAY, principal=100),
            PublicJob(id="job", village=VILLAGE.code, member_id=member, kind="保洁员", started_on=DAY),
            PublicJobMonth(village=VILLAGE.code, job_id="job", month="2018-08", paid_on=DAY),
            SkillTraining(id="training", village=VILLAGE.code, name="茶叶", started_on=DAY),
            TrainingParticipant(village=VILLAGE.code, training_id="training", member_id=member),
            VillageProject(id="project", village=VILLAGE.code, name="水渠", proposed_on=DAY),
            ProjectBenefit(village=VILLAGE.code, project_id="project", household_id=HOME, signed_on=DAY),
            IssueDismissal(rule="no_helper", decided_on=DAY, decided_by="甲", **own),
            ArchivePrint(printed_at="2018-09-03 10:00", printed_by="甲", **own),
        ]
        session.add_all(rows)


def test_each_line_opens_its_record(qtbot, window, book, busy_home):
    window.open("household", household=HOME, part="timeline")
    wait_until_idle(qtbot, window)
    timeline = window.page("household").current_part
    lines = {entry.table: str(n) for n, entry in enumerate(timeline._entries)}
    opened = {}
    for table in OPENED:
        window.open("household", household=HOME, part="timeline")
        wait_until_idle(qtbot, window)
        assert timeline.table.set_current_id(lines[table]), table
        qtbot.keyClick(timeline.table, Qt.Key.Key_Return)
        page = window.page(window.current)
        if window.current == "household":
            wait_until_idle(qtbot, window)
            opened[table] = (page.index.currentItem().text(), page.current_part.table.current_id())
        else:
            opened[table] = (page.TITLE, "")
    assert opened == OPENED
