"""Figures of the village, frozen reports and their comparison, and the list of villages of the national system."""

import argparse
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.errors import UserError
from app.figures.catalogue import all_figures
from app.figures.comparison import FigureComparison, compare_report
from app.figures.definition import Period, year_period
from app.figures.frozen_report import earlier_reports, make_report, report_title
from app.progress import run_to_completion
from db.schema.period_report import PeriodReport


def add(commands: Commands) -> None:
    figures = add_command(commands, "figures", "列出村里的统计指标", _figures)
    _add_period(figures)
    figures.add_argument("--json", action="store_true")
    make = add_command(commands, "make-report", "生成月报、双月调度、半年盘点或年终自评，数据按今天统计", _make)
    make.add_argument("kind", metavar="KIND", help="月报、双月调度、半年盘点、年终自评、专项报告")
    _add_period(make)
    compare = add_command(commands, "compare-report", "一份报告和上一份、和现在的数据对比", _compare)
    compare.add_argument("report", metavar="TITLE|ID", nargs="?", default="", help="哪一份；不写就是最近一份")
    compare.add_argument(
        "--with", dest="other", default="", metavar="TITLE|ID", help="和哪一份比；不写就是同种的上一份"
    )
    compare.add_argument("--json", action="store_true")
    villages = add_command(commands, "import-indicators", "从全国系统的行政村表导入村情", _import)
    villages.add_argument("file", type=Path, metavar="FILE")
    villages.add_argument(
        "--year", type=int, default=date.today().year, metavar="YYYY", help="表里没有年度列时用这一年"
    )
    villages.add_argument("--dry-run", action="store_true", help="只看会怎样，不写入")


def _add_period(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="first", type=date.fromisoformat, metavar="YYYY-MM-DD", help="从哪天起")
    command.add_argument("--to", dest="last", type=date.fromisoformat, metavar="YYYY-MM-DD", help="到哪天止")


def _period(args: argparse.Namespace) -> Period | None:
    if bool(args.first) != bool(args.last):
        raise UserError("--from 和 --to 要一起写。")
    return Period(args.first, args.last) if args.first else None


def _figures(args: argparse.Namespace) -> None:
    period = _period(args) or year_period(date.today().year).until(date.today())
    with open_workbook(args) as workbook, workbook.reading() as session:
        readings = [(section, figure, figure.read(session, period)) for section, figure in all_figures()]
    if args.json:
        print_json([
            {"name": figure.name, "section": section, "label": figure.label, "unit": figure.unit,
             "value": None if reading.value is None else str(reading.value), "missing": reading.missing,
             "records": figure.table, "ids": list(reading.ids)}
            for section, figure, reading in readings
        ])  # fmt: skip
        return
    print(period.title)
    for section, figure, reading in readings:
        print(
            f"{section}\t{figure.label}\t{reading.missing if reading.value is None else reading.value}\t{figure.unit}"
        )


def _make(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        report_id = make_report(workbook, args.kind, _period(args), date.today())
        with workbook.reading() as session:
            title = report_title(session.get_one(PeriodReport, report_id))
    print(f"已生成“{title}”（{report_id}）。")


def _compare(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook, workbook.reading() as session:
        report_id = _find(session, args.report)
        other_id = _find(session, args.other) if args.other else _former(session, report_id)
        found = compare_report(session, report_id, other_id)
    if args.json:
        print_json([_as_json(one) for one in found.figures])
        return
    print(f"{found.title}（{found.frozen_on} 统计）　对比：{found.other_title or '没有上一期'}")
    for one in found.figures:
        now = f"现在 {one.now.value}" if one.has_drifted and one.now else ""
        cells = (one.frozen.label, one.frozen.value, one.other.value if one.other else None, one.change)
        print("\t".join(["" if cell is None else str(cell) for cell in cells] + [one.frozen.missing or now]))
    print(f"{found.drifted} 项与现在的数据不一致。")


def _as_json(one: FigureComparison) -> dict[str, object]:
    values = {
        "value": one.frozen.value, "other": one.other.value if one.other else None, "change": one.change,
        "now": one.now.value if one.now else None, "drift": one.drift,
    }  # fmt: skip
    texts = {name: None if value is None else str(value) for name, value in values.items()}
    return {"name": one.frozen.name, "label": one.frozen.label, **texts, "missing": one.frozen.missing}


def _find(session: Session, title_or_id: str) -> str:
    """The frozen report of this title or id; the latest by default."""
    frozen = select(PeriodReport).where(~PeriodReport.withdrawn, PeriodReport.frozen_on.is_not(None))
    reports = session.scalars(frozen.order_by(PeriodReport.last_on.desc(), PeriodReport.made_on.desc())).all()
    found = next((one.id for one in reports if title_or_id in ("", one.id, report_title(one))), "")
    if not found:
        raise UserError(f"没有统计过的报告“{title_or_id}”。" if title_or_id else "还没有统计过的报告。")
    return found


def _former(session: Session, report_id: str) -> str:
    """The report of the same kind before this one, "" where there is none."""
    kind = session.get_one(PeriodReport, report_id).kind or ""
    return next((id for id, title in earlier_reports(session, report_id) if title.endswith(kind)), "")


def _import(args: argparse.Namespace) -> None:
    from app.sheets.indicator_import import apply_indicators, preview_indicators

    with open_workbook(args) as workbook:
        shown = run_to_completion(preview_indicators(workbook, args.file, args.year))
        written = 0 if args.dry_run else apply_indicators(workbook, shown)
    for one in shown.changes:
        print(f"{one.indicator}\t{one.now}\t{one.text}")
    for remark in shown.remarks:
        print(f"提醒：{remark}")
    print("没有写入（只预览）。" if args.dry_run else f"已写入 {shown.village.name} {shown.year} 年村情 {written} 项。")
