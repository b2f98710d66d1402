"""医疗费用核算单: a patient's bills of a year, what each scheme paid, and what is above the cap or below the share."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, HeaderLine, PageBreak, Paragraph, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import A4_LANDSCAPE, BODY
from app.records.as_of import in_order
from app.records.assignment import is_registered
from app.records.field import field
from app.records.medical_bill import SCHEMES, own_part
from app.reports import formatting
from app.reports.household_context import load_context
from app.reports.ledger import LedgerColumn, field_column, format_sum, ledger_table
from app.reports.parameters import ReportParameters
from app.reports.register_ledger import value_text
from db.schema.health import MedicalExpense
from db.schema.household import Member
from resources.option_roles import values_with_role
from resources.yearly_limits import numbers_of_year

TITLE = "医疗费用核算单"
GROUP = "单据"
ORDER = 7
SUBJECT = "household"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("year",)
_TOLD = {"settled_on": 26.0, "care": 22.0, "hospital": 38.0, "level": 18.0}
_MONEY = ("total", "eligible", *SCHEMES)
_NO_BILLS = "台账里没有这一户的医疗费用。"
_NOT_REGISTERED = "自付封顶和慢病补充报销只对建档立卡户，这一户不核算。"
_NOT_SAID = "这一年没有封顶和补充报销的规定，或没有在县里的规定里填写。"


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """A page for each patient and year; where nobody of a household had a bill, a page says so."""
    content: list[Flowable] = []
    for household_id in parameters.households:
        context = load_context(session, household_id)
        place = context.header_line()
        has_cap = is_registered(context.household.household_kind, context.household.registration_state)
        patients = list(_patients(session, household_id, parameters.year))
        if not patients:
            content += [PageBreak()] if content else []
            content += [Title(TITLE), place, Paragraph(_NO_BILLS, BODY)]
        for member, year, bills in patients:
            content += [PageBreak()] if content else []
            content += _sheet(place, member, year, _judged(year, bills) if has_cap else [_NOT_REGISTERED], bills)
    return content


def _patients(session: Session, household_id: str, year: int) -> Iterator[tuple[Member, int, Sequence[MedicalExpense]]]:
    """Who had bills in a year, with them in their order."""
    bills = (
        select(MedicalExpense, Member)
        .join(Member, Member.id == MedicalExpense.member_id)
        .where(Member.household_id == household_id, ~Member.withdrawn, ~MedicalExpense.withdrawn)
        .where(MedicalExpense.settled_on.is_not(None))
        .order_by(MedicalExpense.settled_on, MedicalExpense.id)
    )
    found: dict[tuple[str, int], tuple[Member, list[MedicalExpense]]] = {}
    for bill, member in session.execute(bills):
        if bill.settled_on and year in (0, bill.settled_on.year):
            found.setdefault((member.id, bill.settled_on.year), (member, []))[1].append(bill)
    for patient in in_order([member for member, _ in found.values()]):
        for (member_id, of_year), (member, rows) in found.items():
            if member_id == patient.id:
                yield member, of_year, rows


def _sheet(
    place: HeaderLine, member: Member, year: int, judged: Sequence[str], bills: Sequence[MedicalExpense]
) -> list[Flowable]:
    columns = [field_column(field("medical_expense", name), width) for name, width in _TOLD.items()]
    columns += [field_column(field("medical_expense", name), 23) for name in _MONEY]
    columns.append(LedgerColumn("合规自付（元）", 23, "right"))
    rows = [
        [
            *(value_text(field("medical_expense", name), getattr(bill, name)) for name in (*_TOLD, *_MONEY)),
            formatting.money(own_part(bill, *SCHEMES)),
        ]
        for bill in bills
    ]
    total = [*[" "] * len(_TOLD), *(format_sum(getattr(bill, name) for bill in bills) for name in _MONEY)]
    total.append(format_sum(own_part(bill, *SCHEMES) for bill in bills))
    signs = ("患者或家属签字", "核算人", "村民委员会盖章")
    return [
        Title(TITLE, f"{year} 年　{member.name or ''}"),
        place,
        ledger_table(columns, rows, total=total),
        Spacer(3),
        *(Paragraph(line, BODY) for line in judged or [_NOT_SAID]),
        SignatureBlock([SignatureField(label, seal=label.endswith("章")) for label in signs]),
    ]


def _judged(year: int, bills: Sequence[MedicalExpense]) -> list[str]:
    """What the limits of the year say of the bills: level by level against the cap, chronic care against its share."""
    limits, lines = numbers_of_year("medical_cost", year), []
    for level in dict.fromkeys(bill.level for bill in bills if bill.level):
        own = sum((own_part(bill, *SCHEMES) for bill in bills if bill.level == level), Decimal())
        if cap := limits.get(level):
            over = max(own - cap, Decimal())
            judged = f"超过封顶 {over:,.2f} 元，应由兜底补助" if over else "没有超过封顶"
            lines.append(f"{level}：合规费用自付 {own:,.2f} 元，年度封顶 {cap:,.2f} 元，{judged}。")
    chronic = [bill for bill in bills if bill.care in values_with_role("medical_care", "chronic")]
    if chronic and (share := limits.get("chronic_share")):
        due = sum((own_part(bill, *SCHEMES[:-1]) for bill in chronic), Decimal()) * share / 100
        paid = sum((bill.supplement or Decimal() for bill in chronic), Decimal())
        missing = max(due - paid, Decimal())
        judged = f"还应补报 {missing:,.2f} 元" if missing >= 1 else "已经报足"
        lines.append(f"慢性病门诊：按 {share:g}% 应补充报销 {due:,.2f} 元，已报 {paid:,.2f} 元，{judged}。")
    return lines
