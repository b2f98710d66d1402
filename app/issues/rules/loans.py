"""What the register of 扶贫小额信贷 says: who borrowed, what for, and how often."""

from collections.abc import Iterator

from app.issues.household_facts import HouseholdFacts, threshold
from app.issues.rule import ERROR, WARNING, Finding, describe_fields, finding, rule
from app.records.row_views import age_on
from db.schema.finance import SmallLoan
from resources.option_roles import values_with_role


@rule("loan_age", WARNING, "小额信贷借款人年龄不符", "R110")
def loan_age(household: HouseholdFacts) -> Iterator[Finding]:
    """A borrower was of the age that the county lends to on the day of the loan."""
    youngest, oldest = threshold("loan_from", "aid"), threshold("loan_to", "aid")
    for loan in household.rows_of(SmallLoan):
        member = household.person(loan.member_id)
        age = age_on(member.birth_date, loan.issued_on) if member and loan.issued_on else None
        if member and age is not None and not youngest <= age <= oldest:
            message = (
                f"{member.name}在{describe_fields(loan, 'issued_on')}时 {age} 岁，借款人应是 {youngest}–{oldest} 岁。"
            )
            yield finding(loan, message, "member_id", "issued_on", context_values=(member.birth_date,))


@rule("loan_misused", ERROR, "小额信贷没有用于自家生产", "§6-29；R110")
def loan_misused(household: HouseholdFacts) -> Iterator[Finding]:
    """户贷户用户还: the household itself uses the money, and to produce something."""
    passed_on, unproductive = (values_with_role("loan_purpose", role) for role in ("passed_on", "unproductive"))
    for loan in household.rows_of(SmallLoan):
        if loan.purpose in passed_on | unproductive:
            message = f"{describe_fields(loan, 'bank', 'purpose')}，小额信贷应自家借、自家用于生产、自家还。"
            yield finding(loan, message, "purpose", "purpose_note")


@rule("loans_open", WARNING, "同一户几笔小额信贷没有还清", "R110")
def loans_open(household: HouseholdFacts) -> Iterator[Finding]:
    """A household pays back one loan before it takes the next."""
    still_owed = [one for one in household.rows_of(SmallLoan) if not one.repaid_on and not one.compensated_on]
    if len(still_owed) > 1:
        total = sum(loan.amount or 0 for loan in still_owed)
        message = f"有 {len(still_owed)} 笔小额信贷没有还清，共 {total:,.2f} 元，一户一般只有一笔。"
        context = tuple(loan.id for loan in still_owed)
        yield finding(still_owed[-1], message, "repaid_on", "amount", context_values=context)
