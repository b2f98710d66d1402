"""《扶贫手册》, since 2021 《帮扶手册》: the booklet kept in the household, on A5: members, helpers and measures."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.pdf.flowables import Flowable, PageBreak, Paragraph, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import A5, BODY, SMALL_LABEL, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.records.field import field_label
from app.records.income import yearly_incomes
from app.records.row_views import assignment_rows, member_rows
from app.reports import formatting
from app.reports.household_context import HouseholdContext, household_records, load_context
from app.reports.ledger import LedgerColumn, ledger_table
from app.reports.parameters import ReportParameters
from db.schema.aid import Measure, Visit

TITLE = "帮扶手册"
GROUP = "卡片"
ORDER = 40
SUBJECT = "household"
FORMAT = A5
FRAME = "plain"
_COVER_STYLE = TextStyle("song_bold", 32, 44, "center")
_OWNER_STYLE = TextStyle("kai", 16, 30, "center")
_FACT_FIELDS = ("household_kind", "household_attribute", "register_date", "cause_main", "cause_other", "plan_exit_year",
          "exit_year", "address")  # fmt: skip
_VISIT_ROWS = 12  # of the page for visitors
_RULES = (
    "一、本手册由农户保管，帮扶人员每次入户填写，不得涂改、代签。",
    "二、手册内容应与村里的一户一档、国家系统一致。发现不一致，请告诉驻村工作队。",
    "三、手册载有家庭情况，请妥善保管，不要拍照外传。",
)


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Six chapters, each on pages of its own; without personal numbers, because the booklet is not locked away."""
    (household_id,) = parameters.households
    context = load_context(session, household_id)
    chapters = (
        _cover(context),
        [Title("一、家庭情况"), Table((32, 86), _facts(context))],
        [Title("二、家庭成员"), _member_table(session, parameters, household_id)],
        [Title(f"三、{context.helper_word}"), _helper_table(session, household_id)],
        [
            Title("四、帮扶措施和成效"),
            _measure_table(session, household_id),
            Spacer(2),
            _income_table(session, household_id),
        ],
        [Title("五、走访和签字"), *_visit_table(session, household_id)],
        [
            Title("六、说明"),
            *(Paragraph(rule, BODY) for rule in _RULES),
            SignatureBlock([SignatureField("户主签字", fingerprint=True)], 1),
        ],
    )
    return [flowable for chapter in chapters for flowable in (PageBreak(new_form=False), *chapter)]


def _cover(context: HouseholdContext) -> list[Flowable]:
    lines = (
        f"户主：{context.head_name}",
        context.full_place,
        f"户编号：{context.number or formatting.EMPTY}",
        context.unit,
    )
    return [
        Spacer(32, keep_at_page_top=True),
        Paragraph(context.terms.word("handbook"), _COVER_STYLE),
        Spacer(34),
        *(Paragraph(line, _OWNER_STYLE) for line in lines),
    ]


def _facts(context: HouseholdContext) -> list[TableRow]:
    basic_facts = [("户主", context.head_name), ("家庭人口", f"{len(context.members)}人")]
    if context.monitored:
        basic_facts.append((field_label("monitoring", "kind"), context.monitored))
    field_rows = [formatting.field_grid("household", context.household, [name], pairs=1)[0] for name in _FACT_FIELDS]
    return [
        *(TableRow([Cell(label, SMALL_LABEL, shaded=True), Cell(text)], 9) for label, text in basic_facts),
        *field_rows,
    ]


def _member_table(session: Session, parameters: ReportParameters, household_id: str) -> Table:
    columns = [
        LedgerColumn("姓名", 20),
        LedgerColumn("关系", 18),
        LedgerColumn("年龄", 10, "right"),
        LedgerColumn("健康状况", 26),
        LedgerColumn("劳动、就学", 34),
    ]
    people = [member for member in member_rows(session, household_id, parameters.today) if not member.left]
    return ledger_table(
        columns,
        [
            [
                member.name,
                member.relation,
                "" if member.age is None else str(member.age),
                "、".join(member.health),
                "，".join(text for text in (member.labour, member.school_status) if text),
            ]
            for member in people
        ],
    )


def _helper_table(session: Session, household_id: str) -> Table:
    columns = [
        LedgerColumn("姓名", 18),
        LedgerColumn("单位", 44, "left"),
        LedgerColumn("电话", 24),
        LedgerColumn("起止", 32),
    ]
    assignments = assignment_rows(session, household_id)
    return ledger_table(
        columns,
        [
            [
                assignment.helper,
                assignment.unit,
                assignment.phone,
                formatting.date_range(assignment.started_on, assignment.ended_on),
            ]
            for assignment in assignments
        ],
    )


def _measure_table(session: Session, household_id: str) -> Table:
    columns = [
        LedgerColumn("年度", 12),
        LedgerColumn(field_label("measure", "kind"), 24),
        LedgerColumn("内容", 40, "left"),
        LedgerColumn("金额（元）", 20, "right"),
        LedgerColumn("户主签字", 18),
    ]
    measures = sorted(
        household_records(session, Measure, household_id),
        key=lambda measure: (-(measure.year or 0), measure.kind or "", measure.id),
    )
    table_rows = [
        [str(measure.year or ""), measure.kind or "", measure.title or "", formatting.money(measure.amount), " "]
        for measure in measures
    ]
    return ledger_table(columns, table_rows)


def _income_table(session: Session, household_id: str) -> Table:
    columns = [
        LedgerColumn("年度", 20),
        LedgerColumn("纯收入（元）", 44, "right"),
        LedgerColumn("人均纯收入（元）", 44, "right"),
    ]
    table_rows = [
        [str(yearly.year), formatting.money(yearly.net), formatting.money(yearly.per_capita)]
        for yearly in yearly_incomes(session, household_id)
    ]
    return ledger_table(columns, table_rows)


def _visit_table(session: Session, household_id: str) -> list[Flowable]:
    columns = [
        LedgerColumn("日期", 29),
        LedgerColumn("走访人", 22),
        LedgerColumn("主要内容", 39, "left"),
        LedgerColumn("户主签字", 20),
    ]
    visits = sorted(
        household_records(session, Visit, household_id),
        key=lambda visit: (visit.visited_on is None, visit.visited_on, visit.id),
    )
    table_rows = [
        [formatting.day(visit.visited_on), visit.visitors or "", visit.found or "", " "]
        for visit in visits[-_VISIT_ROWS:]
    ]
    return [ledger_table(columns, table_rows, blank_rows=max(_VISIT_ROWS - len(table_rows), 4))]
