"""The sample village, with what it does not tell of: a problem to put right, an exchange, an office's list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from app import sample
from app.comparison.stored_lines import save_comparison
from app.consistency.entry_list import entry_lines, mark_entered
from app.forms.entries import village_entries
from app.list_views.definition import ListView
from app.list_views.stored_form import encode_for_printing
from app.progress import run_to_completion
from app.records.attachment import PreparedAttachment, store_attachment
from app.records.attachment_owner import AttachmentOwner
from app.records.page_pictures import bind_pages
from app.records.row_views import helper_rows
from app.registers import get_register
from app.registers.engine.row_address import row_address
from app.registers.engine.rows import row_ids
from app.reports.parameters import ReportParameters
from app.reports.subject_choices import subject_choices
from app.reports.village import Report
from app.sheets.list_comparison import compare_list
from app.workbook.workbook import Workbook
from db.schema.exchange import PackageLog
from db.schema.household import Household, Member
from db.schema.inspection import Round
from db.schema.rectification import Rectification
from tests import builders, full_household
from tests.app.sheets.sheet_files import text
from tests.machine_memory import remembering_in
from tests.sample_file import sample_copy

DAY = date(2018, 12, 20)


@dataclass(frozen=True)
class ReportVillage:
    """A workbook and what papers may be about in it."""

    book: Workbook
    households: tuple[str, ...]
    round: str
    helper: str
    package: int
    entry: str

    month = "2018-12"  # of attendance

    @property
    def view(self) -> str:
        """Households group by group, with their telephone numbers."""
        shown = ListView(columns=("head", "group", "size", "phone", "household_no"), groups=("group",))
        return encode_for_printing("household", "各组的电话", shown)

    def row(self, register: str) -> str:
        """The address of the first row of a register."""
        with self.book.reading() as session:
            return row_address(get_register(register), row_ids(session, get_register(register))[0])

    def parameters(self, report: Report, **choice: object) -> ReportParameters:
        """What a paper of this kind needs: the first household, the last round, the helper with most households."""
        values: dict[str, object] = {"today": DAY}
        if report.subject == "household":
            values["households"] = self.households[:1]
        elif report.subject == "row" and not report.register:
            values["record"] = self.row("visit")
        elif report.subject in ("row", "attachment"):
            with self.book.reading() as session:
                values["record"] = subject_choices(session, report.subject, report.register)[0].id
        elif report.subject == "comparison":
            values["record"] = "dibao"
        elif report.subject != "village":
            values[report.subject] = getattr(self, report.subject)
        return ReportParameters(**(values | choice))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with remembering_in(tmp_path_factory.mktemp("state")):
        yield


@pytest.fixture(scope="module")
def village(state: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportVillage]:
    book = sample_copy(tmp_path_factory.mktemp("sample"))
    with book.writing() as session:
        households = tuple(session.scalars(select(Household.id).order_by(Household.household_no)))
        session.add(
            Rectification(
                village=sample.SAMPLE_VILLAGE.code,
                household_id=households[0],
                source="上级督查",
                found_on=date(2018, 11, 2),
                problem="屋后排水沟堵塞",
                responsible="柳明德",
                due_on=date(2018, 11, 20),
                number="整改-07",
            )
        )
        log = PackageLog(
            way="out", at="2018-12-18 09:30:00", package="ab" * 16, peer="镇扶贫站", file_name="柳树沟村.hdpack",
            changes=1234, pictures=5, operator="王书记", digest="0123456789abcdef" * 4,
        )  # fmt: skip
        session.add(log)
        paper = PreparedAttachment(bind_pages([full_household.jpeg(1)]), "ab" * 32, 1, "2018-11-02")
        store_attachment(session, AttachmentOwner.household(households[0]), paper, {"caption": "住房安全鉴定报告"})
        session.flush()
        package = log.n
    _correct_after_entry(book)
    listed = text(book.path.with_name("低保.csv"), [["姓名", "身份证号"], ["某人", builders.id_number(order=7)]])
    run_to_completion(save_comparison(book, run_to_completion(compare_list(book, listed)).compared))
    with book.reading() as session:
        last = session.scalars(select(Round.id).order_by(Round.started_on.desc())).first()
        helper = max(helper_rows(session), key=lambda one: one.households).id
        entry = next(one.id for one in village_entries(session) if one.title == "民主评议会议记录")
    yield ReportVillage(book, households, last or "", helper, package, entry)
    book.close()


def _correct_after_entry(book: Workbook) -> None:
    """All is in the national system; the number of one person was corrected since."""
    lines = run_to_completion(entry_lines(book, "national"))
    mark_entered(book, lines)
    member = next(line for line in reversed(lines) if line.table == "member")
    with book.writing() as session:
        session.get_one(Member, member.record_id).id_no = builders.id_number(date(1961, 3, 4))


@pytest.fixture(scope="module")
def empty_village(state: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportVillage]:
    """A village in which nothing is kept yet."""
    book = builders.workbook(tmp_path_factory.mktemp("empty"))
    yield ReportVillage(book, (), "", "", 0, "")
    book.close()
