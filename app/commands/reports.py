"""`print-paper`, `print-pack`: the reports of app/reports/village, and sets of them that are handed in together."""

import argparse
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.commands import Commands, add_command
from app.commands.archive import SPELL_HELP, resolve_household_ids
from app.commands.workbook import open_workbook
from app.errors import UserError
from app.forms.entries import village_entries
from app.list_views.saved_views import readable_views
from app.list_views.stored_form import encode_for_printing
from app.progress import run_to_completion
from app.reports.parameters import ReportParameters
from app.reports.subject_choices import subject_choices
from app.workbook.workbook import Workbook
from db.schema.aid import Helper
from db.schema.exchange import PackageLog
from db.schema.inspection import Round

if TYPE_CHECKING:
    from app.reports.village import Report

_OF_RECORDS = ("row", "comparison", "attachment")  # subjects that --record names


def add(commands: Commands) -> None:
    report_command = add_command(commands, "print-paper", "打印卡片、台账、公示、签到表、四净两规范各表（PDF）", _print)
    report_command.add_argument("paper", metavar="PAPER", help="哪一种；写 list 列出全部")
    report_command.add_argument(
        "out", nargs="?", metavar="OUT.pdf|OUTDIR/", help="一个 PDF 文件，或每户一个文件的文件夹"
    )
    report_command.add_argument("--household", nargs="+", default=[], metavar="CODE", help="户编号；不写就是全部在册户")
    report_command.add_argument("--round", default="", metavar="TITLE|ID", help="轮次；不写就是最近一轮")
    report_command.add_argument("--helper", default="", metavar="NAME|ID", help="帮扶联系人")
    report_command.add_argument(
        "--package", type=int, default=0, metavar="N", help="数据交换记录的序号；不写就是最近一次"
    )
    report_command.add_argument("--entry", default="", metavar="TITLE|ID", help="村里的哪份表单；不写就是最近一份")
    report_command.add_argument(
        "--month",
        default="",
        metavar="YYYY-MM",
        help="考勤表、工资发放表的月份；不写，考勤表印最近一个月，发放表印全年各月",
    )
    report_command.add_argument("--view", default="", metavar="NAME", help="哪个保存过的视图（纸样 view_ledger）")
    report_command.add_argument(
        "--record", default="", metavar="TITLE|ID", help="台账里的哪一条，或比对的哪种名单；不写就是第一条"
    )
    report_command.add_argument("--title", default="", help="标题")
    report_command.add_argument("--phone", default="", help="公示的监督电话")
    report_command.add_argument("--days", type=int, default=7, help="公示几天")
    report_command.add_argument("--year", type=int, default=0, metavar="YYYY", help="只印这一年的")
    report_command.add_argument("--full", action="store_true", help="证件号码和电话印全，不写就只印头尾")
    report_command.add_argument("--blank", action="store_true", help="印空表，回来手填")
    report_command.add_argument("--spell-missing", action="store_true", help=SPELL_HELP)
    pack_command = add_command(
        commands, "print-pack", "打印成套材料：年终考核、迎接验收评估（PDF，带目录）", _print_pack
    )
    pack_command.add_argument("pack", metavar="PACK", help="哪一套；写 list 列出全部")
    pack_command.add_argument(
        "out", nargs="?", metavar="OUT.pdf|OUTDIR/", help="合成一册的 PDF 文件，或每份一个文件的文件夹"
    )
    pack_command.add_argument("--year", type=int, default=0, metavar="YYYY", help="哪一年的；不写就是今年")
    pack_command.add_argument("--spell-missing", action="store_true", help=SPELL_HELP)


def _print_pack(args: argparse.Namespace) -> None:
    from app.printing.pack_job import PackJob
    from app.printing.pipeline import print_to_path
    from app.printing.print_job import PrintOptions
    from app.reports.packs import all_packs

    if args.pack == "list":
        for pack in all_packs():
            print(f"{pack.name}\t{len(pack.papers)}\t{pack.title}")
        return
    if args.pack not in [pack.name for pack in all_packs()]:
        raise UserError(f"没有“{args.pack}”这套材料。写 print-pack BOOK list 可以看到全部。")
    if not args.out:
        raise UserError("请写明存到哪个文件或文件夹。")
    job = PackJob(args.pack, _year(args) or date.today().year)
    with open_workbook(args) as workbook:
        result = run_to_completion(print_to_path(workbook, job, Path(args.out), PrintOptions(args.spell_missing)))
        name = job.suggested_name(workbook)
    print(f"已打印“{name}”{result.documents} 份，{result.pages} 页，{len(result.files)} 个文件。")


def _year(args: argparse.Namespace) -> int:
    """The year that was asked for, 0 where none was.

    Raises:
        UserError: there is no such year
    """
    year: int = args.year
    if year and not MINYEAR <= year <= MAXYEAR:
        raise UserError(f"没有 {year} 年。请写四位的年份，例如 --year {date.today().year}。")
    return year


def _print(args: argparse.Namespace) -> None:
    from app.printing.pipeline import print_to_path
    from app.printing.print_job import PrintOptions
    from app.printing.report_job import ReportJob
    from app.reports.household_selection import village_terms
    from app.reports.village import all_reports, get_report

    if args.paper == "list":
        with open_workbook(args) as workbook, workbook.reading() as session:
            words = village_terms(session, date.today())
        for entry in all_reports():
            print(f"{entry.name}\t{entry.subject}\t{entry.group}\t{entry.called(words)}")
        return
    try:
        selected = get_report(args.paper)
    except KeyError:
        raise UserError(f"没有“{args.paper}”这种纸样。写 print-paper BOOK list 可以看到全部。") from None
    if not args.out:
        raise UserError("请写明存到哪个文件或文件夹。")
    with open_workbook(args) as workbook:
        parameters = _report_parameters(workbook, selected, args)
        job, options = ReportJob(selected.name, parameters), PrintOptions(args.spell_missing)
        title = job.title(workbook)
        result = run_to_completion(print_to_path(workbook, job, Path(args.out), options))
    print(f"已打印“{title}”{result.documents} 份，{result.pages} 页，{len(result.files)} 个文件。")


def _report_parameters(workbook: Workbook, report: "Report", args: argparse.Namespace) -> list[ReportParameters]:
    subject = report.subject
    household_ids = (
        tuple(resolve_household_ids(workbook, args.household)) if args.household or subject == "household" else ()
    )
    parameters = ReportParameters(
        households=household_ids,
        round=_round(workbook, args.round) if subject == "round" else "",
        helper=_helper(workbook, args.helper) if subject == "helper" else "",
        package=_package(workbook, args.package) if subject == "package" else 0,
        entry=_entry(workbook, args.entry) if subject == "entry" else "",
        month=args.month,
        view=_view(workbook, args.view) if subject == "view" else "",
        record=_record(workbook, report, args.record) if subject in _OF_RECORDS and not args.blank else "",
        title=args.title,
        phone=args.phone,
        days=args.days,
        year=_year(args),
        full=args.full,
        blank=args.blank,
    )
    return (
        [replace(parameters, households=(household_id,)) for household_id in household_ids]
        if subject == "household"
        else [parameters]
    )


def _round(workbook: Workbook, title_or_id: str) -> str:
    """The round of this title or id; the latest one by default, "" where there is none."""
    with workbook.reading() as session:
        rounds = select(Round.id).where(~Round.withdrawn).order_by(Round.started_on.desc(), Round.id)
        round_id = session.scalars(
            rounds.where((Round.title == title_or_id) | (Round.id == title_or_id)) if title_or_id else rounds
        ).first()
    if title_or_id and not round_id:
        raise UserError(f"没有“{title_or_id}”这一轮检查。请核对轮次名称。")
    return round_id or ""


def _helper(workbook: Workbook, name_or_id: str) -> str:
    with workbook.reading() as session:
        matches = select(Helper.id).where(~Helper.withdrawn, (Helper.name == name_or_id) | (Helper.id == name_or_id))
        helper_ids = session.scalars(matches).all()
    if len(helper_ids) != 1:
        raise UserError(f"帮扶联系人“{name_or_id}”在本工作簿里有 {len(helper_ids)} 位。请核对姓名，或改写记录编号。")
    return helper_ids[0]


def _entry(workbook: Workbook, title_or_id: str) -> str:
    """The entry of this form's title or id; the latest one by default, "" where there is none."""
    with workbook.reading() as session:
        entries = village_entries(session)
    entries.sort(key=lambda entry: entry.filled_on or date.min, reverse=True)
    found = next((entry.id for entry in entries if title_or_id in ("", entry.id, entry.title)), "")
    if title_or_id and not found:
        raise UserError(f"村里没有填过“{title_or_id}”。请核对表单名称。")
    return found


def _view(workbook: Workbook, name: str) -> str:
    """The saved view of this name."""
    with workbook.reading() as session:
        named = [view for view in readable_views(session) if view.name == name]
    if len(named) != 1:
        raise UserError(f"名称是“{name}”的视图有 {len(named)} 个。请核对视图的名称。")
    return encode_for_printing(named[0].list, named[0].name, named[0].opened())


def _record(workbook: Workbook, report: "Report", title_or_id: str) -> str:
    """The row of this title or id in the report's register, or the kind of list; its first by default."""
    with workbook.reading() as session:
        choices = subject_choices(session, report.subject, report.register)
    found = next((one.id for one in choices if title_or_id in ("", one.id, *one.name.split("　"))), "")
    if not found:
        raise UserError(
            f"台账里没有“{title_or_id}”。请核对名称，或改写记录编号。" if title_or_id else "台账里还没有记录。"
        )
    return found


def _package(workbook: Workbook, number: int) -> int:
    with workbook.reading() as session:
        package_number = number or session.scalar(select(PackageLog.n).order_by(PackageLog.n.desc()).limit(1))
    return package_number or 0
