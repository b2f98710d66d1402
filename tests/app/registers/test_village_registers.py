"""What is special about the registers of village work: sums, days, answers, households seen, people listed."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest

from app.printing.pipeline import preview as preview_report
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.registers import get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.reports.parameters import ReportParameters
from app.workbook.workbook import Workbook
from db.schema.aid import Helper
from db.schema.asset import Asset, AssetYear, Distribution, DistributionLine
from db.schema.community import Grid, GridHousehold, Meeting, MeetingParticipant, Need
from db.schema.household import Household, Member
from db.schema.rectification import Rectification
from db.schema.supervision import CheckedHousehold, Petition, PhoneAnswer, PhoneCheck, SupervisionCheck
from db.schema.work_task import WorkTask
from db.schema.work_team import LeaveRequest
from tests import builders, pdf_reader
from tests.machine_memory import remembering_in

VILLAGE = builders.VILLAGE.code
HOME, NEIGHBOUR = (Household.id_of(f"{VILLAGE}{number:03}") for number in (1, 2))
DAY = date(2018, 6, 1)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """Two households; each test writes into registers of its own, or into a year of its own."""
    with (
        remembering_in(tmp_path_factory.mktemp("state")),
        closing(builders.workbook(tmp_path_factory.mktemp("book"))) as opened,
    ):
        with opened.writing() as session:
            for number in (1, 2):
                builders.household(session, members=2, number=number)
        yield opened


def add(book: Workbook, *rows: object) -> None:
    with book.writing() as session:
        for row in rows:
            row.village = VILLAGE  # type: ignore[attr-defined]
            session.add(row)
            session.flush()


def figures(book: Workbook, key: str) -> dict[str, str]:
    with book.reading() as session:
        return {one.label: one.text for one in figure_values(session, get_register(key), RowQuery(today=DAY))}


def members(book: Workbook) -> dict[str, list[str]]:
    """Household → its people, the head first."""
    with book.reading() as session:
        people = session.query(Member).order_by(Member.household_id, Member.person_no)
        found: dict[str, list[str]] = {}
        for person in people:
            found.setdefault(person.household_id or "", []).append(person.id)
    return found


def test_the_lines_of_a_distribution_are_held_against_its_total_and_the_roll_can_be_signed(book: Workbook) -> None:
    people = members(book)
    add(
        book,
        Asset(id="a", name="光伏电站", kind="光伏电站"),
        AssetYear(asset_id="a", year=2018, income=3000, upkeep=200),
    )
    add(book, Distribution(id="d", asset_id="a", name="光伏分红", year=2018, reason="资产收益分红", total=3000))
    for person in (people[HOME][0], people[HOME][1], people[NEIGHBOUR][0]):
        add(book, DistributionLine(distribution_id="d", member_id=person, amount=900, account="6222020200112233445"))
    with book.writing() as session:
        session.get_one(Member, people[NEIGHBOUR][0]).left = "死亡"
    with book.reading() as session:
        row = load_rows(session, get_register("distribution"), ["d"])[0]
    assert [row.values[name] for name in ("listed", "difference", "people", "households", "left")] == [
        2700,
        300,
        3,
        2,
        1,
    ]
    told = figures(book, "distribution")
    assert (told["合计不符"], told["有已减少人员"], told["同户多人"]) == ("1", "1", "1")
    assert figures(book, "asset")["累计收益"] == "3,000.00元"
    text = _paper(book, "distribution_roll", "d")
    assert text.count("900.00") == 3
    assert "2,700.00" in text
    assert "领取人签字（按指印）" in text
    notice = _paper(book, "distribution_notice", "d")
    assert "公示期7天" in notice
    assert "62220202" not in notice


def _paper(book: Workbook, name: str, record: str = "", year: int = 0) -> str:
    parameters = ReportParameters(record=record, today=DAY, year=year)
    shown = run_to_completion(preview_report(book, ReportJob(name, [parameters])))
    return pdf_reader.full_text(shown).replace("\n", "").replace(" ", "")


def test_leave_is_counted_with_both_days_and_long_leave_goes_to_the_county(book: Workbook) -> None:
    add(book, Helper(id="h", name="汪明远", unit="县水利局"))
    for start, end in ((1, 3), (10, 13)):
        leave = LeaveRequest(helper_id="h", kind="因事请假", reason="探亲", started_on=date(2018, 5, start))
        leave.ended_on, leave.applied_on = date(2018, 5, end), date(2018, 4, 30)
        add(book, leave)
    told = figures(book, "leave_request")
    assert (told["请假天数"], told["应报县而未报"], told["超期未批未销"]) == ("7", "1", "2")


def test_a_check_knows_its_households_and_problems_and_a_call_its_wrong_answers(book: Workbook) -> None:
    add(
        book,
        SupervisionCheck(id="c", kind="暗访", unit="镇扶贫站", checked_on=DAY, circulated=True, reply_due_on=DAY),
        CheckedHousehold(check_id="c", household_id=HOME, finding="手册没有填"),
        Rectification(household_id=HOME, check_id="c", source="随机暗访", found_on=DAY, problem="手册没有填"),
        PhoneCheck(id="p", household_id=NEIGHBOUR, called_on=DAY),
        PhoneAnswer(call_id="p", question="帮扶联系人姓名", is_right=True),
        PhoneAnswer(call_id="p", question="享受的政策", is_right=False),
        Petition(number="1", received_on=DAY, channel="来信", petitioner="叶国庆", matter="路", accepted_on=DAY),
    )
    told = figures(book, "supervision_check")
    assert (told["检查次数"], told["受检户次"], told["被通报"]) == ("1", "1", "1")
    with book.reading() as session:
        checks, petitions = get_register("supervision_check"), get_register("petition")
        assert row_ids(session, checks, RowQuery(household_id=HOME)) == ["c"]
        assert load_rows(session, checks, ["c"])[0].values["problems"] == 1
        (petition,) = load_rows(session, petitions, row_ids(session, petitions), DAY)
    assert (petition.texts["petitioner"], petition.progress.days_left) == ("叶**", 60)
    assert figures(book, "phone_check")["答错未解释"] == "1"


def test_who_signed_is_counted_and_the_sheet_has_the_names(book: Workbook) -> None:
    add(book, Meeting(id="m", title="夜校", kind="农民夜校", held_on=DAY))
    add(
        book,
        MeetingParticipant(meeting_id="m", member_id=members(book)[HOME][0], signed=True),
        MeetingParticipant(meeting_id="m", name="宋文娟", unit="镇扶贫站", signed=False),
    )
    told = figures(book, "meeting")
    assert (told["到会人次"], told["签到人次"], told["没有签到记录"]) == ("2", "1", "0")
    text = _paper(book, "meeting_sign_in", "m")
    assert all(name in text for name in ("陈卫国", "宋文娟", "镇扶贫站", "签到"))


def test_a_unit_that_is_too_large_stands_out_and_a_need_is_published_without_a_name(book: Workbook) -> None:
    add(book, Grid(id="g", name="上屋单元", kind="扶贫单元", leader="王组长"))
    with book.writing() as session:
        for number in range(3, 34):
            household = builders.household(session, number=number, members=1).id
            session.add(GridHousehold(village=VILLAGE, grid_id="g", household_id=household))
    assert figures(book, "grid") == {"单元个数": "1", "编入户数": "31", "没有开过会": "1", "超过户数上限": "1"}
    add(book, Need(id="n", household_id=HOME, kind="生活物资", content="一床棉被", registered_on=DAY))
    text = _paper(book, "need_notice", "n")
    assert "一床棉被" in text
    assert "陈**" in text
    assert "陈卫国" not in text


def test_a_list_of_tasks_prints_alone_and_problems_are_told_by_class(book: Workbook) -> None:
    for title, list_kind in (("入户走访", "包户干部清单"), ("包村调研", "包村单位清单"), ("整理台账", "村两委清单")):
        add(book, WorkTask(title=title, list_kind=list_kind, responsible="何敬之"))
    text = _paper(book, "work_task_double_list")
    assert ("入户走访" in text, "包村调研" in text, "整理台账" in text, "共2条" in text) == (True, True, False, True)
    for household, problem_class in ((HOME, "档案资料"), (NEIGHBOUR, "档案资料"), (None, "人居环境")):
        problem = Rectification(
            household_id=household, problem_class=problem_class, found_on=date(2017, 6, 1), responsible="沈一鸣"
        )
        problem.source, problem.problem, problem.due_on = "自查", f"{problem_class}不全", date(2018, 5, 30)
        add(book, problem)
    text = _paper(book, "problem_analysis", year=2017)
    assert text.index("档案资料2202067%") < text.index("人居环境1001033%")  # problems, households, closed, late, back
    duties = _paper(book, "rectification_duty_list", year=2017)
    assert (duties.count("沈一鸣"), "整改责任清单" in duties, "共3条" in duties) == (3, True, True)
