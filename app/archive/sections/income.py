"""F01: the account of each year, the newest first: lines by group, sums, net income and what one person has of it."""

from decimal import Decimal

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Gap, Heading, Signature, Slot, Title, Whole
from app.archive.chart import Columns, Share, drawable
from app.archive.paper import CELL, LABEL, Style
from app.archive.subject import Subject, subject
from app.archive.tables import Cell, Row, Table
from app.records.income import Account, GroupSum, Line, YearNet, account, nets
from db.schema.income import IncomeYear

ORDER = 140
TITLE = "收入核算表"
_COLUMNS = (58, 20, 22, 30, 40)
_SUM = Style("hei", 10.5, 14)
_RIGHT = CELL.at("right")


def section(session: Session, household_id: str) -> list[Block]:
    """A form a year, then all years in one table."""
    home = subject(session, household_id)
    years = [(one, account(session, one.income_year_id)) for one in nets(session, household_id)]
    blocks: list[Block] = []
    for year, found in years:
        if blocks:
            blocks.append(Gap(8))
        blocks.append(Whole(_form(session, home, year, found)))
    if len(years) > 1:
        blocks += [Heading("历年收入"), _years([one for one, _ in years]), *_charts(years)]
    return blocks


def _form(session: Session, home: Subject, year: YearNet, found: Account) -> list[Block]:
    row = session.get(IncomeYear, year.income_year_id)
    period = wording.span(found.period_start, found.period_end)
    heads = [Row([Cell(text, LABEL, shaded=True) for text in ("项目", "数量", "单价（元）", "金额（元）", "依据")])]
    return [
        Title(f"{year.year}年{TITLE}", "", row.calculated_on if row else None),
        home.heading(f"核算期：{period}"),
        Table(_COLUMNS, _lines(found), heads),
        Table((50, 37, 43, 40), _result(found)),
        Signature([Slot(_named("核算人", row)), Slot("复核人"), Slot("户主签字", finger=True)], 2),
    ]


def _named(label: str, row: IncomeYear | None) -> str:
    return f"{label} {row.calculated_by}" if row and row.calculated_by else label


def _lines(found: Account) -> list[Row]:
    rows = []
    for group in found.groups:
        rows.append(_sum_row(group))
        rows += [_line_row(line) for line in found.lines if line.item.group == group.item.group and not line.item.sums]
    return rows


def _sum_row(group: GroupSum) -> Row:
    label = f"{group.item.code} {group.item.label}"
    amount = wording.money(group.amount)
    return Row([Cell(label, _SUM, 3, shaded=True), Cell(amount, _RIGHT, shaded=True), Cell("小计", CELL, shaded=True)])


def _line_row(line: Line) -> Row:
    what = f"{line.item.code} {line.item.label}" + (f"（{line.what}）" if line.what else "")
    left_out = "" if line.item.counted else "不计入；"
    return Row(
        [
            Cell(f"　{what}"),
            Cell(wording.number(line.quantity), _RIGHT),
            Cell(wording.money(line.unit_price), _RIGHT),
            Cell(wording.money(line.amount), _RIGHT),
            Cell(left_out + ("，".join(text for text in (line.evidence, line.note) if text) or wording.EMPTY)),
        ]
    )


def _result(found: Account) -> list[Row]:
    earned = sum((group.amount for group in found.groups if group.item.sign > 0), Decimal())
    spent = sum((group.amount for group in found.groups if group.item.sign < 0), Decimal())
    total, line = found.total, found.poverty_line
    standard = (
        f"{wording.number(line.line)}元" + ("" if line.confirmed else "（待确认）") if line and line.line else "—"
    )
    reached = "—" if found.below_line is None else "否" if found.below_line else "是"
    people = "—" if total.people is None else f"{total.people}人（{total.people_from}）"
    change = "—" if found.change is None else f"{found.change * 100:+.1f}%"
    known = not total.reported
    return [
        _pair(
            "总收入（A+B+C+D）",
            f"{wording.money(earned)}元" if known else "—",
            "生产经营性支出（E）",
            f"{wording.money(spent)}元" if known else "—",
        ),
        _pair(
            "年纯收入（A+B+C+D−E）",
            _yuan(total.net) + ("（系统数）" if total.reported and total.net is not None else ""),
            "核算人口",
            people,
        ),
        _pair("人均纯收入", _yuan(total.per_head), "比上年增减", change),
        _pair("当年脱贫标准", standard, "是否达到标准", reached),
        _pair("系统纯收入", _yuan(found.reported_net), "系统人均纯收入", _yuan(found.reported_per_head)),
        Row([Cell("合规自付支出", LABEL, shaded=True), Cell(_yuan(found.medical_self_paid), CELL, 3)]),
    ]


def _yuan(value: Decimal | None) -> str:
    return "—" if value is None else f"{wording.money(value)}元"


def _pair(label: str, value: str, second: str, text: str) -> Row:
    return Row(
        [Cell(label, LABEL, shaded=True), Cell(value, _RIGHT), Cell(second, LABEL, shaded=True), Cell(text, _RIGHT)]
    )


def _charts(years: list[tuple[YearNet, Account]]) -> list[Block]:
    """What one person has of each year, and what the income of each year came from; the earliest first."""
    charts: list[Block] = []
    known = [one for one, _ in reversed(years) if one.per_head is not None]
    per_head = tuple(float(one.per_head or 0) for one in known)
    if drawable(per_head):
        names = tuple(f"{one.year}年" for one in known)
        charts.append(Columns(names, (Share("人均纯收入", per_head),), "历年人均纯收入"))
    kept = [(one, found) for one, found in reversed(years) if not one.reported]
    sources: dict[str, list[float]] = {}
    for _, found in kept:
        for group in found.groups:
            if group.item.sign > 0:
                sources.setdefault(group.item.label, []).append(float(group.amount))
    sums = [sum(values) for values in zip(*sources.values(), strict=True)]
    if drawable(sums):
        shares = tuple(Share(label, tuple(values)) for label, values in sources.items() if any(values))
        charts.append(Columns(tuple(f"{one.year}年" for one, _ in kept), shares, "历年总收入的来源"))
    return [block for chart in charts for block in (Gap(4), chart)]


def _years(years: list[YearNet]) -> Table:
    heads = [
        Row(
            [
                Cell(text, LABEL, shaded=True)
                for text in ("年度", "核算人口", "年纯收入（元）", "人均纯收入（元）", "来源")
            ]
        )
    ]
    rows = [
        Row(
            [
                Cell(f"{one.year}年", CELL.at("center")),
                Cell("—" if one.people is None else str(one.people), CELL.at("center")),
                Cell(wording.money(one.net), _RIGHT),
                Cell(wording.money(one.per_head), _RIGHT),
                Cell("系统" if one.reported else "核算", CELL.at("center")),
            ]
        )
        for one in years
    ]
    return Table((28, 24, 44, 44, 30), rows, heads)
