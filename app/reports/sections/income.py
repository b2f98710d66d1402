"""F01: the account of each year, the newest first: lines by group, subtotals, net income and income per person."""

from decimal import Decimal

from sqlalchemy.orm import Session

from app.pdf.chart import Series, StackedColumnChart, is_drawable
from app.pdf.flowables import Flowable, Heading, KeepTogether, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import CELL, LABEL, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.records.income import GroupTotal, IncomeAccount, IncomeEntry, YearlyIncome, income_accounts
from app.records.standards import Line
from app.reports import formatting
from app.reports.household_context import HouseholdContext, context_of_year
from resources.option_roles import yes_no

ORDER = 140
TITLE = "收入核算表"
_COLUMNS = (58, 20, 22, 30, 40)
_SUM_STYLE = TextStyle("hei", 10.5, 14)
_RIGHT_ALIGNED = CELL.aligned("right")


def section(session: Session, household_id: str) -> list[Flowable]:
    """A form for each year, then all years in one table."""
    years = [(one.total, one) for one in income_accounts(session, household_id)]
    flowables: list[Flowable] = []
    for yearly, year_account in years:
        if flowables:
            flowables.append(Spacer(8))
        context = context_of_year(session, household_id, yearly.year)
        flowables.append(KeepTogether(_year_form(context, yearly, year_account)))
    if len(years) > 1:
        flowables += [Heading("历年收入"), _years_table([yearly for yearly, _ in years]), *_charts(years)]
    return flowables


def _year_form(context: HouseholdContext, year: YearlyIncome, year_account: IncomeAccount) -> list[Flowable]:
    period = formatting.date_range(year_account.period_start, year_account.period_end)
    header_rows = [
        TableRow([Cell(text, LABEL, shaded=True) for text in ("项目", "数量", "单价（元）", "金额（元）", "依据")])
    ]
    return [
        Title(f"{year.year}年{TITLE}", "", year_account.calculated_on),
        context.header_line(f"核算期：{period}"),
        Table(_COLUMNS, _account_rows(year_account), header_rows),
        Table((50, 37, 43, 40), _result_rows(year_account)),
        SignatureBlock(
            [
                SignatureField(f"核算人 {year_account.calculated_by}".rstrip()),
                SignatureField("复核人"),
                SignatureField("户主签字", fingerprint=True),
            ],
            2,
        ),
    ]


def _account_rows(year_account: IncomeAccount) -> list[TableRow]:
    rows = []
    for group in year_account.groups:
        rows.append(_sum_row(group))
        rows += [
            _entry_row(line)
            for line in year_account.lines
            if line.item.group == group.item.group and not line.item.is_subtotal
        ]
    return rows


def _sum_row(group: GroupTotal) -> TableRow:
    label = f"{group.item.code} {group.item.label}"
    amount = formatting.money(group.amount)
    return TableRow(
        [
            Cell(label, _SUM_STYLE, 3, shaded=True),
            Cell(amount, _RIGHT_ALIGNED, shaded=True),
            Cell("小计", CELL, shaded=True),
        ]
    )


def _entry_row(entry: IncomeEntry) -> TableRow:
    description = f"{entry.item.code} {entry.item.label}" + (f"（{entry.what}）" if entry.what else "")
    left_out = "" if entry.item.is_counted else "不计入；"
    return TableRow(
        [
            Cell(f"　{description}"),
            Cell(formatting.number(entry.quantity), _RIGHT_ALIGNED),
            Cell(formatting.money(entry.unit_price), _RIGHT_ALIGNED),
            Cell(formatting.money(entry.amount), _RIGHT_ALIGNED),
            Cell(left_out + ("，".join(text for text in (entry.evidence, entry.note) if text) or formatting.EMPTY)),
        ]
    )


def _result_rows(year_account: IncomeAccount) -> list[TableRow]:
    earned = sum((group.amount for group in year_account.groups if group.item.sign > 0), Decimal())
    spent = sum((group.amount for group in year_account.groups if group.item.sign < 0), Decimal())
    total, line = year_account.total, year_account.line
    standard = (
        f"{formatting.number(line.amount)}元" + ("" if line.confirmed else "（待确认）")
        if isinstance(line, Line)
        else "（未录入）"
    )
    reached = "—" if year_account.below_line is None else yes_no(not year_account.below_line)
    people = "—" if total.people is None else f"{total.people}人（{total.people_basis}）"
    change = "—" if year_account.change is None else f"{year_account.change * 100:+.1f}%"
    known = not total.reported
    return [
        _pair_row(
            "总收入（A+B+C+D）",
            f"{formatting.money(earned)}元" if known else "—",
            "生产经营性支出（E）",
            f"{formatting.money(spent)}元" if known else "—",
        ),
        _pair_row(
            "年纯收入（A+B+C+D−E）",
            _format_yuan(total.net) + ("（系统数）" if total.reported and total.net is not None else ""),
            "核算人口",
            people,
        ),
        _pair_row("人均纯收入", _format_yuan(total.per_capita), "比上年增减", change),
        _pair_row(f"当年{line.kind}", standard, "是否达到标准", reached),
        _pair_row(
            "系统纯收入",
            _format_yuan(year_account.reported_net),
            "系统人均纯收入",
            _format_yuan(year_account.reported_per_head),
        ),
        _pair_row(
            "合规自付支出",
            _format_yuan(year_account.medical_self_paid),
            "理赔收入",
            _format_yuan(year_account.claim_income),
        ),
    ]


def _format_yuan(value: Decimal | None) -> str:
    return "—" if value is None else f"{formatting.money(value)}元"


def _pair_row(label: str, value: str, second: str, text: str) -> TableRow:
    return TableRow(
        [
            Cell(label, LABEL, shaded=True),
            Cell(value, _RIGHT_ALIGNED),
            Cell(second, LABEL, shaded=True),
            Cell(text, _RIGHT_ALIGNED),
        ]
    )


def _charts(years: list[tuple[YearlyIncome, IncomeAccount]]) -> list[Flowable]:
    """Income per person of each year, and its composition by year; the earliest first."""
    charts: list[Flowable] = []
    with_per_head = [yearly for yearly, _ in reversed(years) if yearly.per_capita is not None]
    per_head = tuple(float(yearly.per_capita or 0) for yearly in with_per_head)
    if is_drawable(per_head):
        names = tuple(f"{yearly.year}年" for yearly in with_per_head)
        charts.append(StackedColumnChart(names, (Series("人均纯收入", per_head),), "历年人均纯收入"))
    own_accounts = [(yearly, year_account) for yearly, year_account in reversed(years) if not yearly.reported]
    sources: dict[str, list[float]] = {}
    for _, year_account in own_accounts:
        for group in year_account.groups:
            if group.item.sign > 0:
                sources.setdefault(group.item.label, []).append(float(group.amount))
    sums = [sum(values) for values in zip(*sources.values(), strict=True)]
    if is_drawable(sums):
        shares = tuple(Series(label, tuple(values)) for label, values in sources.items() if any(values))
        charts.append(
            StackedColumnChart(tuple(f"{yearly.year}年" for yearly, _ in own_accounts), shares, "历年总收入的来源")
        )
    return [flowable for chart in charts for flowable in (Spacer(4), chart)]


def _years_table(years: list[YearlyIncome]) -> Table:
    header_rows = [
        TableRow(
            [
                Cell(text, LABEL, shaded=True)
                for text in ("年度", "核算人口", "年纯收入（元）", "人均纯收入（元）", "来源")
            ]
        )
    ]
    rows = [
        TableRow(
            [
                Cell(f"{yearly.year}年", CELL.aligned("center")),
                Cell("—" if yearly.people is None else str(yearly.people), _RIGHT_ALIGNED),
                Cell(formatting.money(yearly.net), _RIGHT_ALIGNED),
                Cell(formatting.money(yearly.per_capita), _RIGHT_ALIGNED),
                Cell("系统" if yearly.reported else "核算", CELL.aligned("center")),
            ]
        )
        for yearly in years
    ]
    return Table((28, 24, 44, 44, 30), rows, header_rows)
