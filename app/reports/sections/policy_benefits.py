"""D04: which policies benefit the household, policy by policy, from its measures and the records of its members."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

import resources
from app.pdf.flowables import Flowable, SignatureBlock, SignatureField, Title
from app.pdf.page_style import SMALL, SMALL_LABEL
from app.pdf.table import Cell, Table, TableRow
from app.records.field import field, options
from app.reports import formatting
from app.reports.household_context import HouseholdContext, household_records, load_context
from db.schema.aid import Measure
from resources.overlay import cached

ORDER = 101
TITLE = "政策享受明细表"
_COLUMNS = (22, 30, 56, 22, 24, 16)
_HEADERS = ("政策", "享受人", "项目和内容", "享受时间", "金额（元）", "状态")
_OTHER = "other"
_MEMBER_FLAGS = (
    ("health", "med_ins"), ("health", "emp_med_ins"), ("health", "serious_ins"), ("health", "comm_ins"),
    ("health", "med_rescue"), ("relief", "dibao"), ("relief", "tekun"), ("pension", "pension"),
    ("pension", "emp_pension"), ("relocation", "relocated_person"),
)  # fmt: skip


@cached
def _policies() -> Mapping[str, str]:
    """Key → heading of its rows, in their order."""
    headings: dict[str, str] = resources.read("dictionaries", "measure_kind")["policies"]
    return headings


@dataclass(frozen=True, slots=True)
class _Benefit:
    policy: str
    recipients: str
    description: str
    period: str
    amount: str
    state: str


def section(session: Session, household_id: str) -> list[Flowable]:
    """All policies in one table, 未享受 for those without benefit; nothing if nothing at all is known."""
    context = load_context(session, household_id)
    benefits = [*_measure_benefits(session, context), *_member_benefits(context)]
    if not benefits:
        return []
    body_rows: list[TableRow] = []
    for policy, label in _policies().items():
        of_policy = [benefit for benefit in benefits if benefit.policy == policy]
        if of_policy or policy != _OTHER:
            body_rows += _policy_rows(label, of_policy)
    header_rows = [TableRow([Cell(text, SMALL_LABEL, shaded=True) for text in _HEADERS], min_height=9)]
    return [
        Title(TITLE),
        context.header_line(),
        Table(_COLUMNS, body_rows, header_rows, padding=0.9, min_height=7),
        SignatureBlock([SignatureField(context.helper_word), SignatureField("户主签字", fingerprint=True)]),
    ]


def _policy_rows(policy: str, benefits: list[_Benefit]) -> list[TableRow]:
    centered = SMALL.aligned("center")
    if not benefits:
        return [TableRow([Cell(policy, SMALL_LABEL, shaded=True), Cell("未享受", centered, 5)])]
    table_rows = []
    for benefit in benefits:  # repeated in each row: a cell spanning them would keep them on one page
        texts = (benefit.recipients, benefit.description, benefit.period, benefit.amount, benefit.state)
        cell_styles = (centered, SMALL, centered, SMALL.aligned("right"), centered)
        cells = [Cell(text or formatting.EMPTY, style) for text, style in zip(texts, cell_styles, strict=True)]
        table_rows.append(TableRow([Cell(policy, SMALL_LABEL, shaded=True), *cells]))
    return table_rows


def _measure_benefits(session: Session, context: HouseholdContext) -> list[_Benefit]:
    measures = household_records(session, Measure, context.household.id)
    measures.sort(
        key=lambda measure: (-(measure.year or 0), measure.started_on is None, measure.started_on, measure.id)
    )
    member_names = {measure.id: measure.name or "" for measure in (*context.members, *context.former_members)}
    policies = {option.value: str(option.extra.get("policy", _OTHER)) for option in options("measure_kind")}
    return [
        _Benefit(
            policies.get(measure.kind or "", _OTHER),
            member_names.get(measure.member_id or "") or "全户",
            "：".join(text for text in (measure.title, measure.content) if text),
            f"{measure.year}年" if measure.year else formatting.day(measure.started_on),
            formatting.money(measure.amount),
            measure.state or "",
        )
        for measure in measures
    ]


def _member_benefits(context: HouseholdContext) -> Iterator[_Benefit]:
    """Benefits in the members' own records, one line for all who have the same; only 是 counts."""
    for policy, column in _MEMBER_FLAGS:
        recipients = [member.name or formatting.EMPTY for member in context.members if getattr(member, column)]
        if recipients:
            label = field("member", column).label.removeprefix("是否")
            yield _Benefit(policy, "、".join(recipients), label, "", formatting.EMPTY, "享受中")
    for member in context.members:
        if member.public_job_kind:
            months = f"{formatting.number(member.public_job_months)}个月" if member.public_job_months else ""
            yield _Benefit("employment", member.name or "", member.public_job_kind, months, formatting.EMPTY, "在岗")
