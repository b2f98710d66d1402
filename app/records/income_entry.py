"""Writing the account of a year: the year itself, and its lines."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import UserError, ValidationError
from app.records.draft import Draft, SaveResult, new_draft, open_draft, validation_errors, write_draft
from app.records.field import Value, field
from app.records.income import accounting_period, entry_amount
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.income import IncomeLine, IncomeYear
from db.schema.relations import standing_record


def open_income_year(workbook: Workbook, household_id: str, year: int, people: int | None = None) -> str:
    """The account of a year, made if it is not there yet; returns its id.

    Raises:
        UserError: no such household, or no such year
    """
    error = field("income_year", "year").check(year)
    if error:
        raise UserError(error)
    with workbook.operation(f"新建{year}年收入") as session:
        return make_income_year(session, household_id, year, people)


def make_income_year(session: Session, household_id: str, year: int, people: int | None = None) -> str:
    """`open_income_year` inside a transaction that writes more; the year must have been checked."""
    household = session.get(Household, household_id)
    if household is None:
        raise UserError("这一户已不在名单里，请刷新后再试。")
    id = IncomeYear.id_of(household_id, year)
    existing = standing_record(session, IncomeYear, id)
    if existing is not None:
        existing.withdrawn = False
        session.flush()
        return existing.id
    start, end = accounting_period(year)
    values: dict[str, Value] = {
        "household_id": household_id,
        "year": year,
        "people": people,
        "period_start": start,
        "period_end": end,
    }
    return write_draft(session, new_draft("income_year", household.village, id, **values)).draft.id


def save_entry(
    workbook: Workbook,
    income_year_id: str,
    item_value: str,
    what: str = "",
    values: Mapping[str, Value] | None = None,
) -> SaveResult:
    """Write one line of the account: the one of this item (and kind of produce), made if it is not there yet.

    Args:
        values: amount, quantity, unit_price, evidence, note: those that change; without an amount it follows quantity
            and price

    Raises:
        ValidationError: a value is not acceptable
    """
    with workbook.operation(f"填写收入：{item_value}") as session:
        return write_entry(session, income_year_id, item_value, what, values)


def write_entry(
    session: Session, income_year_id: str, item_value: str, what: str = "", values: Mapping[str, Value] | None = None
) -> SaveResult:
    """`save_entry` inside a transaction that writes more than this line."""
    year = session.get(IncomeYear, income_year_id)
    if year is None:
        raise UserError("这一年度的收入已不在了，请刷新后再试。")
    id = IncomeLine.id_of(income_year_id, item_value, what)
    existing = standing_record(session, IncomeLine, id)
    if existing is None:
        key_values: dict[str, Value] = {
            "income_year_id": income_year_id,
            "item": item_value,
            "what": what or None,
        }
        draft = new_draft("income_line", year.village, id, **key_values)
    else:
        existing.withdrawn = False
        session.flush()
        draft = open_draft(session, "income_line", existing.id)
    draft = _with_amount(draft, values or {})
    errors = validation_errors(draft)
    if errors:
        raise ValidationError(next(iter(errors.values())))
    return write_draft(session, draft)


def _with_amount(draft: Draft, values: Mapping[str, Value]) -> Draft:
    """The draft with these values; quantity times price is the amount unless an amount was typed."""
    changed = draft.with_values(**values)
    if "amount" not in values and ("quantity" in values or "unit_price" in values):
        quantity, price = changed.values["quantity"], changed.values["unit_price"]
        if isinstance(quantity, Decimal) and isinstance(price, Decimal):
            return changed.with_values(amount=entry_amount(None, quantity, price))
    return changed
