"""Writing the account of a year: the year itself, and its lines."""

from collections.abc import Mapping
from decimal import Decimal

from app.errors import FieldRefused, OfficeError
from app.progress import Progress, Work
from app.records.draft import Draft, Saved, faults, new_draft, open_draft, write_draft
from app.records.field import Value, field
from app.records.income import amount_of, period
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.income import IncomeLine, IncomeYear


def open_year(
    workbook: Workbook, household_id: str, year: int, people: int | None = None, by: object | None = None
) -> Work[str]:
    """The account of a year, made if it is not there yet; returns its id.

    Raises:
        OfficeError: no such household, or no such year
    """
    sentence = field("income_year", "year").check(year)
    if sentence:
        raise OfficeError(sentence)
    yield Progress(0, 1, "新建收入年度")
    with workbook.writing(by) as session:
        home = session.get(Household, household_id)
        if home is None:
            raise OfficeError("这一户已不在名单里，请刷新后再试。")
        id = IncomeYear.id_of(household_id, year)
        there = session.get(IncomeYear, id)
        if there is not None:
            there.withdrawn = False
            return id
        start, end = period(year)
        values: dict[str, Value] = {
            "household_id": household_id,
            "year": year,
            "people": people,
            "period_start": start,
            "period_end": end,
        }
        write_draft(session, new_draft("income_year", home.village, id, **values))
    return id


def enter_line(
    workbook: Workbook,
    income_year_id: str,
    item_value: str,
    what: str = "",
    values: Mapping[str, Value] | None = None,
    by: object | None = None,
) -> Work[Saved]:
    """Write one line of the account: the one of this item (and kind of produce), made if it is not there yet.

    Args:
        values: amount, quantity, unit_price, evidence, note: those that change; without an amount it follows quantity
            and price

    Raises:
        FieldRefused: a value is not acceptable
    """
    yield Progress(0, 1, "保存")
    with workbook.writing(by) as session:
        year = session.get(IncomeYear, income_year_id)
        if year is None:
            raise OfficeError("这一年度的收入已不在了，请刷新后再试。")
        id = IncomeLine.id_of(income_year_id, item_value, what)
        there = session.get(IncomeLine, id)
        if there is None:
            of: dict[str, Value] = {
                "income_year_id": income_year_id,
                "item": item_value,
                "what": what or None,
            }
            draft = new_draft("income_line", year.village, id, **of)
        else:
            there.withdrawn = False
            session.flush()
            draft = open_draft(session, "income_line", id)
        draft = _with_amount(draft, values or {})
        refused = faults(draft)
        if refused:
            raise FieldRefused(next(iter(refused.values())))
        return write_draft(session, draft)


def _with_amount(draft: Draft, values: Mapping[str, Value]) -> Draft:
    """The draft with these values; quantity times price is the amount unless an amount was typed."""
    changed = draft.with_values(**values)
    if "amount" not in values and ("quantity" in values or "unit_price" in values):
        quantity, price = changed.values["quantity"], changed.values["unit_price"]
        if isinstance(quantity, Decimal) and isinstance(price, Decimal):
            return changed.with_values(amount=amount_of(None, quantity, price))
    return changed
