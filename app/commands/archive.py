"""Commands between paper, sheets and the workbook: import-roster, archive, check-print."""

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.errors import UserError
from app.progress import run_to_completion
from app.records.field import field
from app.workbook.workbook import Workbook
from db.schema.household import Household

if TYPE_CHECKING:
    from app.sheets.roster_origin import RosterOrigin

SPELL_HELP = "照样打印：没有字形的字印成〔U+编码〕，损坏的照片、读不出的表单留空并注明"


def add(commands: Commands) -> None:
    roster = add_command(commands, "import-roster", "从 Excel 或 CSV 导入花名册", _import_roster)
    roster.add_argument("file", type=Path, metavar="FILE")
    roster.add_argument("--year", type=int, metavar="YYYY", help="数据的年度；不写就按表头里的导出时间")
    roster.add_argument("--dry-run", action="store_true", help="只看会怎样，不写入")
    roster.add_argument("--as-roster", action="store_true", help="像是别的部门的名单，也当作名册导入")
    roster.add_argument(
        "--national", choices=("yes", "no"), help="是不是全国系统导出的表；不写就按表头和标题，或上次在窗口里选的"
    )
    roster.add_argument(
        "--export-date", metavar="YYYY-MM-DD", help="导出日期；不写就按表里的导出时间、文件名、文件日期"
    )
    roster.add_argument("--refused", type=Path, metavar="OUT.xlsx", help="把拒收的行和原因存成 Excel")
    roster.add_argument("--json", action="store_true")
    archive = add_command(commands, "archive", "打印一户一档（PDF）", _archive)
    archive.add_argument("out", metavar="OUT.pdf|OUTDIR/", help="一个 PDF 文件，或每户一个文件的文件夹")
    selection = archive.add_mutually_exclusive_group()
    selection.add_argument("--household", nargs="+", default=[], metavar="CODE", help="户编号（或记录编号），可写几个")
    selection.add_argument("--all", action="store_true", help="全部户（不写 --household 也是全部）")
    archive.add_argument("--spell-missing", action="store_true", help=SPELL_HELP)
    archive.add_argument("--reason", default="", metavar="TEXT", help="免印“草稿”的说明（存在错误仍需正式打印）")
    check = add_command(commands, "check-print", "核对打印的档案与记录是否一致", _check_print)
    check.add_argument("what", metavar="CODE|FILE", help="封面上的校验码，或封面照片、档案 PDF")


def _import_roster(args: argparse.Namespace) -> None:
    from app.sheets.import_choices import SheetChoices
    from app.sheets.roster_import import apply_import, preview
    from app.sheets.writer import write_rejected

    with open_workbook(args) as workbook:
        result = run_to_completion(preview(workbook, args.file, year=args.year))
        if args.national or args.export_date:
            origin = _roster_origin(args, result.origin)
            result = run_to_completion(preview(workbook, args.file, year=args.year, origin=origin))
        offices = [sheet for sheet in result.sheets if any(one.kind == "office" for one in sheet.questions)]
        if args.as_roster and offices:
            choices = {sheet.name: SheetChoices(is_roster=True) for sheet in offices}
            result = run_to_completion(
                preview(workbook, args.file, year=args.year, choices=choices, origin=result.origin)
            )
        if args.refused:
            run_to_completion(write_rejected(result, args.refused))
        if not args.dry_run:
            run_to_completion(apply_import(workbook, result))
    if args.json:
        print_json(result.counts() | result.details() | {"written": not args.dry_run})
        return
    for kind, label in (("households", "户"), ("members", "人"), ("helpers", "帮扶联系人"), ("assignments", "结对")):
        kind_counts = result.counts()[kind]
        if isinstance(kind_counts, dict):
            print(f"{label}：新增 {kind_counts['new']}，变更 {kind_counts['changed']}，不变 {kind_counts['unchanged']}")
    for sheet in result.sheets:
        for question in sheet.questions:
            print(f"{question.text}（{'取了' if question.proposed else '没有取'}）")
    print(f"拒收 {result.counts()['refused']} 行，提醒 {result.counts()['remarks']} 处。")
    if result.origin.is_national:
        print(f"全国系统 {result.origin.day} 导出的表，表里的内容记为系统里的数。")
    print("没有写入（只预览）。" if args.dry_run else "已写入。")


def _roster_origin(args: argparse.Namespace, proposed: "RosterOrigin") -> "RosterOrigin":
    """What the command says of the list; the rest as proposed."""
    day = field("comparison", "list_date").parse(args.export_date)
    return replace(
        proposed,
        is_national=args.national == "yes" if args.national else proposed.is_national,
        day=day if isinstance(day, date) else proposed.day,
    )


def _archive(args: argparse.Namespace) -> None:
    from app.printing.archive_job import ArchiveJob
    from app.printing.pipeline import print_to_path
    from app.printing.print_job import PrintOptions

    out = Path(args.out)
    with open_workbook(args) as workbook:
        households = resolve_household_ids(workbook, args.household)
        job, options = ArchiveJob(households, reason=args.reason), PrintOptions(args.spell_missing)
        result = run_to_completion(print_to_path(workbook, job, out, options))
    drafts = f"其中 {result.drafts} 户有错误没有改，印成草稿。" if result.drafts else ""
    print(f"已打印 {result.documents} 户，{result.pages} 页，{len(result.files)} 个文件。{drafts}")


def _check_print(args: argparse.Namespace) -> None:
    from app.printing.verify import verify

    with open_workbook(args) as workbook:
        result = run_to_completion(verify(workbook, Path(args.what) if Path(args.what).is_file() else args.what))
    print(result.message)
    for change in result.changes:
        print(
            f"{change.at:%Y-%m-%d %H:%M} {change.operator} {change.record_title}"
            f"：{change.label} {change.before}→{change.after}"
        )


def resolve_household_ids(workbook: Workbook, codes: list[str]) -> list[str]:
    """Ids of the households with these numbers, in that order; of all, by group and number, if none is named."""
    with workbook.reading() as session:
        if not codes:
            all_households = select(Household.id).where(~Household.withdrawn, Household.merged_into.is_(None))
            return list(session.scalars(all_households.order_by(Household.group_name, Household.household_no)))
        return [_household_id(session, code) for code in codes]


def _household_id(session: Session, code: str) -> str:
    matches = or_(Household.household_no == code, Household.id == code)
    current_id = func.coalesce(Household.merged_into, Household.id)
    ids = session.scalars(select(current_id).where(matches, ~Household.withdrawn).distinct()).all()
    if len(ids) != 1:
        raise UserError(f"户编号“{code}”在本工作簿里有 {len(ids)} 户。请核对户编号。")
    return ids[0]
