"""`print-paper`: what is printed beside the archives: ledgers, cards, notices, rosters, sheets of a round."""

import argparse
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from app.archive.about import About
from app.commands import Commands, command
from app.commands.books import opened
from app.commands.paper import households_of
from app.errors import OfficeError
from app.progress import finish
from app.workbook.workbook import Workbook
from db.schema.aid import Helper
from db.schema.exchange import PackageLog
from db.schema.inspection import Round


def add(commands: Commands) -> None:
    one = command(commands, "print-paper", "打印卡片、台账、公示、签到表、四净两规范各表（PDF）", _print)
    one.add_argument("paper", metavar="PAPER", help="哪一种；写 list 列出全部")
    one.add_argument("out", nargs="?", metavar="OUT.pdf|OUTDIR/", help="一个 PDF 文件，或每户一个文件的文件夹")
    one.add_argument("--household", nargs="+", default=[], metavar="CODE", help="户编号；不写就是全部在册户")
    one.add_argument("--round", default="", metavar="TITLE|ID", help="轮次；不写就是最近一轮")
    one.add_argument("--helper", default="", metavar="NAME|ID", help="帮扶联系人")
    one.add_argument("--package", type=int, default=0, metavar="N", help="数据交换记录的序号；不写就是最近一次")
    one.add_argument("--title", default="", help="标题")
    one.add_argument("--phone", default="", help="公示的监督电话")
    one.add_argument("--days", type=int, default=7, help="公示几天")
    one.add_argument("--year", type=int, default=0, metavar="YYYY", help="只印这一年的")
    one.add_argument("--full", action="store_true", help="证件号码和电话印全，不写就只印头尾")
    one.add_argument("--blank", action="store_true", help="印空表，回来手填")
    one.add_argument("--spell-missing", action="store_true", help="没有字形的字印成〔U+编码〕，而不是拒绝打印")


def _print(given: argparse.Namespace) -> None:
    from app.archive.papers import paper, papers
    from app.archive.printing import print_papers

    if given.paper == "list":
        for one in papers():
            print(f"{one.name}\t{one.about}\t{one.group}\t{one.title}")
        return
    try:
        wanted = paper(given.paper)
    except KeyError:
        raise OfficeError(f"没有“{given.paper}”这种纸样。写 print-paper BOOK list 可以看到全部。") from None
    if not given.out:
        raise OfficeError("请写明存到哪个文件或文件夹。")
    with opened(given) as workbook:
        abouts = _abouts(workbook, wanted.about, given)
        made = finish(print_papers(workbook, wanted.name, abouts, Path(given.out), spell_missing=given.spell_missing))
    print(f"已打印“{wanted.title}”{made.households} 份，{made.pages} 页，{len(made.files)} 个文件。")


def _abouts(workbook: Workbook, about: str, given: argparse.Namespace) -> list[About]:
    chosen = tuple(households_of(workbook, given.household)) if given.household or about == "household" else ()
    whole = About(
        households=chosen,
        round=_round(workbook, given.round) if about == "round" else "",
        helper=_helper(workbook, given.helper) if about == "helper" else "",
        package=_package(workbook, given.package) if about == "package" else 0,
        title=given.title,
        phone=given.phone,
        days=given.days,
        year=given.year,
        full=given.full,
        blank=given.blank,
    )
    return [replace(whole, households=(one,)) for one in chosen] if about == "household" else [whole]


def _round(workbook: Workbook, said: str) -> str:
    """The round of this title or id; the last one if nothing is said, "" where there is none."""
    with workbook.reading() as session:
        kept = select(Round.id).where(~Round.withdrawn).order_by(Round.started_on.desc(), Round.id)
        found = session.scalars(kept.where((Round.title == said) | (Round.id == said)) if said else kept).first()
    if said and not found:
        raise OfficeError(f"没有“{said}”这一轮检查。请核对轮次名称。")
    return found or ""


def _helper(workbook: Workbook, said: str) -> str:
    with workbook.reading() as session:
        wanted = select(Helper.id).where(~Helper.withdrawn, (Helper.name == said) | (Helper.id == said))
        found = session.scalars(wanted).all()
    if len(found) != 1:
        raise OfficeError(f"帮扶联系人“{said}”在本册里有 {len(found)} 位。请核对姓名，或改写记录编号。")
    return found[0]


def _package(workbook: Workbook, said: int) -> int:
    with workbook.reading() as session:
        found = said or session.scalar(select(PackageLog.n).order_by(PackageLog.n.desc()).limit(1))
    return found or 0
