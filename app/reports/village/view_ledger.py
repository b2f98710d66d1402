"""A list as a view shows it: its columns, its order, its groups with counts and sums, and the sums of all."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy.orm import Session

from app.errors import UserError
from app.list_views.comparisons import condition_text
from app.list_views.definition import ListView, alternatives
from app.list_views.household_source import HOUSEHOLDS
from app.list_views.list_source import ListField, ListSource
from app.list_views.rows import RowGroup, field_totals, row_groups, view_ids, view_texts
from app.list_views.stored_form import VIEW_LEDGER, decode_for_printing
from app.pdf.flowables import Flowable, Paragraph, Spacer, Title
from app.pdf.page_style import A4_LANDSCAPE, SMALL, TextStyle
from app.pdf.table import Cell, Table, TableRow
from app.registers.engine.widths import usual_mm
from app.reports import formatting
from app.reports.all_lists import viewed_list
from app.reports.household_selection import select_households
from app.reports.ledger import field_align, field_column, ledger_table, signature_row
from app.reports.parameters import ReportParameters

KEY = VIEW_LEDGER
TITLE = "按视图打印的台账"
ORDER = 2000
GROUP = "台账"
SUBJECT = "view"
FORMAT = A4_LANDSCAPE
PARAMETERS = ("title", "full")
_LONG_NUMBER_MM = 36.0
_MOST_ROWS = 20_000


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Nothing where no view is chosen.

    Raises:
        UserError: the view cannot be read, is of a list of a newer program, or has too many rows for paper
    """
    if not parameters.view:
        return []
    key, name, view = decode_for_printing(parameters.view)
    try:
        source = viewed_list(key)
    except KeyError as error:
        raise UserError("这个视图是另一个版本的程序里的列表的，本机打印不了。") from error
    source = source.opened(session, view.quick)
    ids = view_ids(session, source, view)
    if len(ids) > _MOST_ROWS:
        raise UserError(f"这个视图有 {len(ids)} 条，打印最多 {_MOST_ROWS} 条。请先缩小范围，或导出表格。")
    unit = "户" if key == HOUSEHOLDS else "条"
    return [
        Title(
            parameters.title or name or f"{source.title}台账",
            "　".join(filter(None, (source.about, f"截至 {formatting.day(parameters.today)}"))),
        ),
        select_households(session, parameters).header_line(f"共 {len(ids)} {unit}"),
        *_scope(source, view),
        _table(session, source, view, ids, unit, hide=not parameters.full),
        signature_row("填表人", "审核人"),
    ]


def _table(session: Session, source: ListSource, view: ListView, ids: Sequence[str], unit: str, *, hide: bool) -> Table:
    shown = source.shown_fields(view.columns)
    numbers = [one for one in shown if one.is_summed]
    texts = view_texts(session, source, ids, shown, hide=hide)
    totals = {total.field.key: total.total for total in field_totals(session, source, ids, numbers)}
    table = ledger_table(
        [field_column(one.field, _width_mm(one)) for one in shown],
        [[texts[id][one.key] for one in shown] for id in ids if id in texts],
        total=[_sum_text(one, totals) or " " for one in shown] if numbers else (),
    )
    groups = row_groups(session, source, view, ids, numbers)
    rows = [*table.rows]
    for group in reversed(groups):
        rows.insert(group.start, _group_row(group, shown, unit))
    return Table(table.columns, rows, table.header_rows, padding=table.padding)


def _group_row(group: RowGroup, shown: Sequence[ListField], unit: str) -> TableRow:
    """Title and count up to the first sum, then the sums below their columns."""
    bold = TextStyle("hei", SMALL.size, SMALL.leading)
    first = next((n for n, one in enumerate(shown) if one.is_summed and n), len(shown))
    title = f"{'　' * group.level}{group.title}（{group.count} {unit}）"
    sums = [
        Cell(_sum_text(one, group.sums), bold.aligned(field_align(one.field)), shaded=True) for one in shown[first:]
    ]
    return TableRow([Cell(title, bold.aligned("left"), first + 1, shaded=True), *sums], 8)


def _width_mm(one: ListField) -> float:
    """A long number stands in one line."""
    long_number = one.field.spec.mask in ("id", "bank") or one.field.spec.rule == "household_no"
    return _LONG_NUMBER_MM if long_number else usual_mm(one.field)


def _sum_text(one: ListField, sums: Mapping[str, Decimal]) -> str:
    return one.field.text(sums[one.key]) if one.key in sums else ""


def _scope(source: ListSource, view: ListView) -> list[Flowable]:
    conditions = _conditions_text(source, view)
    return [Paragraph(f"范围：{conditions}", SMALL), Spacer(2)] if conditions else []


def _conditions_text(source: ListSource, view: ListView) -> str:
    """What the conditions of the view say; those that are not known here are not applied and not told."""
    rows = [
        "，且 ".join(
            condition_text(one.field, condition)
            for condition in row
            if (one := source.field(condition.field)) is not None
        )
        for row in alternatives(view.where)
    ]
    return "；或 ".join(row for row in rows if row)
