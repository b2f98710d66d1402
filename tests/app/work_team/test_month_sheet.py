"""The month of attendance: marks, halves, what is refused, one operation that can be undone, and its paper."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.reports.parameters import ReportParameters
from app.work_team.day_marks import cell_text, parse_cell
from app.work_team.month_sheet import DayInput, attended_months, load_month, plan_month, save_month
from app.workbook.operations import list_operations, undo
from app.workbook.workbook import Workbook
from db.schema.aid import Helper
from db.schema.work_team import Attendance, TeamTerm
from tests import builders, pdf_reader

VILLAGE = builders.VILLAGE.code
JUNE, TODAY = date(2018, 6, 1), date(2018, 6, 20)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    with closing(builders.workbook(tmp_path)) as opened:
        with opened.writing() as session:
            session.add_all(
                [
                    Helper(id="a", village=VILLAGE, name="沈一鸣", is_team_leader=True),
                    Helper(id="b", village=VILLAGE, name="郑晓岚", is_team_member=True),
                    Helper(id="c", village=VILLAGE, name="汪明远"),
                ]
            )
            session.flush()
            session.add(TeamTerm(village=VILLAGE, helper_id="b", batch="七", post="工作队队员",
                                 started_on=date(2018, 6, 4)))  # fmt: skip
        yield opened


def cells(*typed: tuple[str, int, str]) -> list[DayInput]:
    return [DayInput(helper, str(day), text) for helper, day, text in typed]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("√", "√"), ("Z", "√"), ("在村", "√"), ("zk", "√县"), ("在村/县里开会", "√县"), ("–病", "–病"), ("", "")],
)
def test_a_cell_is_read_as_it_is_shown(typed: str, shown: str) -> None:
    states = parse_cell(typed)
    assert states is not None
    assert cell_text(states) == shown
    assert parse_cell(shown) == states


@pytest.mark.parametrize("typed", ["下乡", "√√√", "––", "1"])
def test_what_is_no_mark_is_not_read(typed: str) -> None:
    assert parse_cell(typed) is None


def test_a_month_is_one_record_a_day_and_one_operation_a_paste(book: Workbook) -> None:
    plan = save_month(book, JUNE, cells(("a", 1, "√"), ("a", 2, "√县"), ("b", 5, "病假"), ("b", 6, "q")), TODAY)
    assert not plan.refused
    with book.reading() as session:
        sheet = load_month(session, JUNE)
        assert [row.name for row in sheet.rows] == ["沈一鸣", "郑晓岚"]
        assert sheet.rows[0].cells == {1: "√", 2: "√县"}
        assert (sheet.rows[0].in_village, sheet.rows[0].on_duty) == (Decimal("1.5"), Decimal("0.5"))
        assert (sheet.rows[1].leave, sheet.rows[1].absent) == (1, 1)
        assert session.get(Attendance, Attendance.id_of("a", JUNE, None)) is not None
        last = list_operations(session, limit=1)[0]
        assert last.title == "2018年6月考勤：2 人，4 天次"
        assert attended_months(session) == ((JUNE, Decimal("1.5")),)
    run_to_completion(undo(book))
    with book.reading() as session:
        assert not any(row.cells for row in load_month(session, JUNE).rows)


def test_a_day_is_written_over_and_emptied_without_a_second_record(book: Workbook) -> None:
    save_month(book, JUNE, cells(("a", 1, "√"), ("a", 2, "√县")), TODAY)
    save_month(book, JUNE, cells(("a", 1, "县√"), ("a", 2, "")), TODAY)
    save_month(book, JUNE, cells(("a", 1, "休")), TODAY)
    with book.reading() as session:
        assert load_month(session, JUNE).rows[0].cells == {1: "休"}
        kept = select(Attendance.half, Attendance.state).where(~Attendance.withdrawn)
        assert list(map(tuple, session.execute(kept))) == [(None, "公休")]
        assert plan_month(session, JUNE, cells(("a", 1, "g")), TODAY).changes == ()


def test_what_cannot_be_is_refused_with_a_sentence_and_the_rest_written(book: Workbook) -> None:
    wrong = cells(("a", 21, "√"), ("b", 1, "√"), ("c", 1, "√"), ("a", 3, "下乡"), ("a", 31, "√"))
    plan = save_month(book, JUNE, [*wrong, *cells(("a", 4, "√"))], TODAY)
    assert [change.day.day for change in plan.changes] == [4]
    told = [reason for _, reason in plan.refused]
    assert told[0] == "6月21日还没有到，不能记考勤"
    assert told[1].startswith("郑晓岚 6月1日不在任期内")
    assert told[2] == "这一行不是驻村工作队的队员，不能填写"
    assert told[3].startswith("“下乡”不是考勤的写法，请填：√ 在村")
    assert told[4] == "这一栏不是本月的日期，不能填写"


def test_the_paper_of_a_month_has_its_marks_and_sums(book: Workbook) -> None:
    save_month(book, JUNE, cells(("a", 1, "√"), ("b", 5, "病")), TODAY)
    job = ReportJob("attendance_month", [ReportParameters(month="2018-06")])
    text = pdf_reader.full_text(run_to_completion(preview(book, job)))
    for told in ("驻村工作队考勤表", "2018年6月", "沈一鸣", "郑晓岚", "病", "本人签字", "户入户走访"):
        assert told in text
