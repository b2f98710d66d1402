"""Groups with their counts and sums, totals of a selection, and a view on paper."""

from decimal import Decimal
from itertools import groupby

import pytest

from app.errors import UserError
from app.list_views.catalogue import list_source
from app.list_views.definition import Condition, ConditionGroup, ListView, SortKey
from app.list_views.rows import FieldTotal, field_totals, row_groups, view_ids, view_texts
from app.list_views.stored_form import VIEW_LEDGER, encode_for_printing
from app.printing.pipeline import preview
from app.printing.report_job import ReportJob
from app.progress import run_to_completion
from app.records.row_views import household_rows
from app.reports.parameters import ReportParameters
from app.workbook.workbook import Workbook
from tests import pdf_reader

LOANS = list_source("small_loan")
BY_GROUP = ListView(
    where=ConditionGroup((Condition("amount", "filled"),)),
    sort=(SortKey("amount", descending=True),),
    columns=("amount", "head", "group", "household.household_kind", "issued_on", "balance"),
    groups=("group", "issued_on"),
)


def test_rows_stand_group_by_group_in_walking_order_with_sums(book: Workbook) -> None:
    summed = [one for one in LOANS.shown_fields(BY_GROUP.columns) if one.is_summed]
    with book.reading() as session:
        ids = view_ids(session, LOANS, BY_GROUP)
        texts = view_texts(session, LOANS, ids, LOANS.shown_fields(BY_GROUP.columns))
        groups = row_groups(session, LOANS, BY_GROUP, ids, summed)
    rows = [texts[id] for id in ids]
    assert [key for key, _ in groupby(rows, lambda row: row["group"])] == ["一组", "二组", "十组", "下屋组"]
    wide = [group for group in groups if group.level == 0]
    assert [group.title for group in wide] == [f"村民组：{name}" for name in ("一组", "二组", "十组", "下屋组")]
    assert sum(group.count for group in wide) == sum(group.count for group in groups if group.level == 1) == len(ids)
    for group in groups:
        own = rows[group.start : group.start + group.count]
        named = group.title.rpartition("：")[2].removesuffix("年")
        assert all(row["group"] == named or row["issued_on"].startswith(named) for row in own)
        assert group.sums["amount"] == sum(Decimal(row["amount"].replace(",", "")) for row in own)
    assert {group.title for group in groups if group.level == 1} == {"放款日期：2018年", "放款日期：2019年"}
    inner = [Decimal(row["amount"].replace(",", "")) for row in rows[: groups[1].count]]
    assert inner == sorted(inner, reverse=True)


def test_a_view_says_of_households_what_their_list_says(book: Workbook) -> None:
    source = list_source("household")
    keys = ("head", "group", "size", "kind", "monitored", "helpers", "last_visit", "income_year", "per_head")
    with book.reading() as session:
        texts = view_texts(session, source, view_ids(session, source, ListView()), source.shown_fields(keys))
        listed = {one.id: one for one in household_rows(session)}
    assert len(texts) == len(listed)
    for id, told in texts.items():
        one = listed[id]
        assert (told["head"], told["group"], told["size"]) == (one.head, one.group or one.hamlet, str(one.size))
        assert (told["kind"], told["monitored"]) == (one.kind, one.monitored)
        assert sorted(filter(None, told["helpers"].split("、"))) == sorted(one.helpers)
        assert told["last_visit"] == (one.last_visit.isoformat() if one.last_visit else "")
        assert told["income_year"] == str(one.income_year or "")
        assert told["per_head"] == (f"{one.per_capita_income:,.2f}" if one.per_capita_income is not None else "")
    assert sum(bool(told["per_head"]) for told in texts.values()) == 3


def test_what_is_empty_is_a_group_and_no_rows_have_none(book: Workbook) -> None:
    view = ListView(groups=("purpose",))
    with book.reading() as session:
        ids = view_ids(session, LOANS, view)
        titles = [group.title for group in row_groups(session, LOANS, view, ids, [])]
        assert row_groups(session, LOANS, view, [], []) == []
    assert titles == ["贷款用途：种植业", "贷款用途：养殖业", "贷款用途：（未填）"]  # as in the list of options


def test_sum_and_mean_count_only_what_is_filled(book: Workbook) -> None:
    amount, bank, rate = (LOANS.field(key) for key in ("amount", "bank", "rate"))
    assert amount is not None
    assert bank is not None
    assert rate is not None
    with book.reading() as session:
        ids = [f"{n:032}" for n in range(4)]  # of which the first has no amount
        totals = field_totals(session, LOANS, ids, [amount, bank, rate])
    assert totals[0] == FieldTotal(amount, 3, Decimal("80000.50"), Decimal("26666.83"))
    assert [total.field for total in totals] == [amount, rate]
    assert (amount.is_summed, rate.is_summed) == (True, False)


def test_a_view_is_printed_with_its_columns_order_groups_and_sums(book: Workbook) -> None:
    job = ReportJob(VIEW_LEDGER, [ReportParameters(view=encode_for_printing("small_loan", "按组看贷款", BY_GROUP))])
    text = pdf_reader.full_text(run_to_completion(preview(book, job))).replace(" ", "").replace("\n", "")
    with book.reading() as session:
        ids = view_ids(session, LOANS, BY_GROUP)
        texts = view_texts(session, LOANS, ids, LOANS.shown_fields(("amount",)))
    total = sum(Decimal(row["amount"].replace(",", "")) for row in texts.values())
    assert text.startswith("按组看贷款")
    assert f"共{len(ids)}条" in text
    assert "范围：贷款金额不为空" in text
    assert text.index("贷款金额（元）") < text.index("农户：户类型") < text.index("贷款余额（元）")
    assert text.index("村民组：一组") < text.index("村民组：二组") < text.index("村民组：十组")
    assert f"{total:,.2f}" in text[text.index("合计") :]


def test_a_view_of_a_list_that_is_not_here_is_refused(book: Workbook) -> None:
    job = ReportJob(VIEW_LEDGER, [ReportParameters(view=encode_for_printing("dragons", "", ListView()))])
    with pytest.raises(UserError, match="另一个版本的程序"):
        run_to_completion(preview(book, job))
