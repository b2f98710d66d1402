"""扶贫小额信贷: what is still owed, and until when."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from app.registers import get_register
from app.registers.engine.figures import figure_values
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.registers.engine.steps import due_items
from app.registers.small_loan import take_over_measures
from db.schema.aid import Measure
from db.schema.finance import LoanRepayment, SmallLoan
from tests import builders


def test_what_is_owed_falls_with_each_repayment_and_an_extension_moves_the_day(tmp_path: Path) -> None:
    loans, village = get_register("small_loan"), builders.VILLAGE.code
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        household = builders.household(session).id
        session.add(
            SmallLoan(
                id="loan", village=village, household_id=household, bank="农商行", amount=50000, purpose="养殖业",
                issued_on=date(2018, 3, 1), due_on=date(2021, 3, 1), extended_to=date(2022, 3, 1),
            )
        )  # fmt: skip
        session.add(
            SmallLoan(id="paid", village=village, household_id=household, amount=20000, repaid_on=date(2019, 1, 1))
        )
        session.add(LoanRepayment(village=village, loan_id="loan", paid_on=date(2019, 3, 1), principal=12000))
        session.add(LoanRepayment(village=village, loan_id="loan", principal=9999, withdrawn=True))
    with book.reading() as session:
        day = date(2022, 2, 1)
        row = load_rows(session, loans, ["loan"], day)[0]
        assert (row.values["balance"], row.progress.due_on, row.progress.label) == (38000, date(2022, 3, 1), "待结清")
        assert [(item.record_id, item.days_left) for item in due_items(session, [loans], day)] == [("loan", 28)]
        figures = {one.label: one.value for one in figure_values(session, loans, RowQuery(today=date(2022, 3, 2)))}
        assert figures == {"贷款笔数": 2, "贷款户数": 1, "贷款余额": Decimal(38000), "逾期未还": 1}
        assert row_ids(session, loans, RowQuery(sort="-balance")) == ["loan", "paid"]
        assert load_rows(session, loans, ["paid"], day)[0].values["balance"] == 0
    with book.writing() as session:
        session.get_one(SmallLoan, "loan").compensated_on = date(2022, 4, 1)
    with book.reading() as session:
        assert load_rows(session, loans, ["loan"], day)[0].progress.label == "已代偿"
        assert due_items(session, [loans], day) == []
    book.close()


def test_loans_written_down_as_measures_are_taken_over_once(tmp_path: Path) -> None:
    loans, village = get_register("small_loan"), builders.VILLAGE.code
    book = builders.workbook(tmp_path)
    with book.writing() as session:
        household = builders.household(session).id
        for id, kind, day in (
            ("new", "扶贫小额信贷", date(2018, 3, 1)),
            ("by_hand", "扶贫小额信贷", date(2017, 5, 1)),
            ("other", "产业开发", date(2018, 3, 1)),
        ):
            session.add(
                Measure(
                    id=id, village=village, household_id=household, kind=kind, title="户贷户用", content="养黄牛",
                    amount=30000, responsible="农商行", started_on=day, ended_on=date(2021, 3, 1), year=day.year,
                )
            )  # fmt: skip
        session.add(SmallLoan(village=village, household_id=household, bank="农商行", issued_on=date(2017, 5, 1)))
    assert take_over_measures(book) == 1
    assert take_over_measures(book) == 0
    with book.reading() as session:
        ids = row_ids(session, loans, RowQuery(sort="issued_on"))
        assert [row.values["issued_on"] for row in load_rows(session, loans, ids)] == [
            date(2017, 5, 1),
            date(2018, 3, 1),
        ]
        values = load_rows(session, loans, ids)[1].values
        assert (values["bank"], values["amount"], values["due_on"]) == ("农商行", 30000, date(2021, 3, 1))
        assert values["purpose_note"] == "户贷户用：养黄牛"
        assert session.get_one(Measure, "new").withdrawn is False
    book.close()
