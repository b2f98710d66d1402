"""What only 疑点数据 found is said beside the field of the register's form, for that row alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from app.issues.issues import household_issues
from app.issues.row_remarks import row_remarks
from app.records.draft import new_draft, open_draft
from app.registers import get_register
from app.workbook.workbook import Workbook
from tests import builders
from tests.app.issues.clean_household import TODAY, clean_household
from tests.app.issues.test_rules import BREAKS, RollBack


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    opened = builders.workbook(tmp_path_factory.mktemp("book"))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("rule", "table", "column"),
    [
        ("steps_disordered", "education_aid", "approved_on"),
        ("subsidy_over", "production_subsidy", "paid"),
        ("travel_twice", "work_spell", "subsidy"),
        ("aid_after_leaving", "insurance_enrolment", "paid_on"),
    ],
)
def test_what_a_rule_finds_of_a_row_stands_beside_its_field(book: Workbook, rule: str, table: str, column: str) -> None:
    seen: list[tuple[str, str, str]] = []

    def check() -> None:
        with book.writing() as session:
            rows = clean_household(session)
            BREAKS[rule](rows)
            session.flush()
            for issue in household_issues(session, rows.household.id, check_date=TODAY):
                if issue.rule == rule:
                    cell = issue.cells[0]
                    register = get_register(cell.table)
                    remarks = row_remarks(session, register, open_draft(session, cell.table, cell.record_id), TODAY)
                    seen.append((cell.table, cell.column, remarks.get(cell.column, "")))
                    assert len(remarks) == 1
            raise RollBack

    with pytest.raises(RollBack):
        check()
    [(found_table, found_column, sentence)] = seen
    assert sentence.endswith("。")
    assert (found_table, found_column) == (table, column)


def test_a_step_before_its_predecessor_and_a_row_that_is_only_begun(book: Workbook) -> None:
    register = get_register("village_project")
    begun = new_draft("village_project", builders.VILLAGE.code, "", name="修路", first_notice_on=date(2020, 3, 1))
    with book.reading() as session:
        assert row_remarks(session, register, begun) == {}
        kept = replace(begun, new=False)
        assert row_remarks(session, register, kept) == {
            "first_notice_on": "“村民代表会”还没有办（没有填“村民代表会日期”），不能先办“公示”。"
        }
