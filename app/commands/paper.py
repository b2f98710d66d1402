"""Commands between paper, sheets and the workbook: import-roster, archive, check-print."""

import argparse
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.commands import Commands, command
from app.commands.books import opened, printed
from app.errors import OfficeError
from app.progress import finish
from app.workbook.workbook import Workbook
from db.schema.household import Household


def add(commands: Commands) -> None:
    roster = command(commands, "import-roster", "从 Excel 或 CSV 导入花名册", _import_roster)
    roster.add_argument("file", type=Path, metavar="FILE")
    roster.add_argument("--year", type=int, metavar="YYYY", help="数据的年度；不写就按表头里的导出时间")
    roster.add_argument("--dry-run", action="store_true", help="只看会怎样，不写入")
    roster.add_argument("--refused", type=Path, metavar="OUT.xlsx", help="把拒收的行和原因存成 Excel")
    roster.add_argument("--json", action="store_true")
    archive = command(commands, "archive", "打印一户一档（PDF）", _archive)
    archive.add_argument("out", metavar="OUT.pdf|OUTDIR/", help="一个 PDF 文件，或每户一个文件的文件夹")
    which = archive.add_mutually_exclusive_group()
    which.add_argument("--household", nargs="+", default=[], metavar="CODE", help="户编号（或记录编号），可写几个")
    which.add_argument("--all", action="store_true", help="全部户（不写 --household 也是全部）")
    archive.add_argument("--spell-missing", action="store_true", help="没有字形的字印成〔U+编码〕，而不是拒绝打印")
    archive.add_argument("--reason", default="", metavar="TEXT", help="有错误也不印“草稿”的理由")
    check = command(commands, "check-print", "核对打印的档案与记录是否一致", _check_print)
    check.add_argument("what", metavar="CODE|FILE", help="封面上的校验码，或封面照片、档案 PDF")


def _import_roster(given: argparse.Namespace) -> None:
    from app.sheets.taking_in import preview, take_in
    from app.sheets.writing import write_refused

    with opened(given) as workbook:
        found = finish(preview(workbook, given.file, year=given.year))
        if given.refused:
            finish(write_refused(found, given.refused))
        if not given.dry_run:
            finish(take_in(workbook, found))
    if given.json:
        printed(found.counts() | {"written": not given.dry_run})
        return
    for kind, label in (("households", "户"), ("members", "人"), ("helpers", "帮扶联系人"), ("assignments", "结对")):
        share = found.counts()[kind]
        if isinstance(share, dict):
            print(f"{label}：新增 {share['new']}，变更 {share['changed']}，不变 {share['unchanged']}")
    print(f"拒收 {found.counts()['refused']} 行，提醒 {found.counts()['remarks']} 处。")
    print("没有写入（只预览）。" if given.dry_run else "已写入。")


def _archive(given: argparse.Namespace) -> None:
    from app.archive.binder import print_archives

    out = Path(given.out)
    with opened(given) as workbook:
        households = households_of(workbook, given.household)
        made = finish(print_archives(workbook, households, out, spell_missing=given.spell_missing, reason=given.reason))
    drafts = f"其中 {made.drafts} 户有错误没有改，印成草稿。" if made.drafts else ""
    print(f"已打印 {made.households} 户，{made.pages} 页，{len(made.files)} 个文件。{drafts}")


def _check_print(given: argparse.Namespace) -> None:
    from app.archive.verifying import verify

    with opened(given) as workbook:
        found = finish(verify(workbook, Path(given.what) if Path(given.what).is_file() else given.what))
    print(found.sentence)
    for line in found.changes:
        print(f"{line.at:%Y-%m-%d %H:%M} {line.operator} {line.about}：{line.label} {line.before}→{line.after}")


def households_of(workbook: Workbook, codes: list[str]) -> list[str]:
    """Ids of the households with these numbers, in that order; of all, by group and number, if none is named."""
    with workbook.reading() as session:
        if not codes:
            every = select(Household.id).where(~Household.withdrawn, Household.merged_into.is_(None))
            return list(session.scalars(every.order_by(Household.group_name, Household.household_no)))
        return [_household(session, code) for code in codes]


def _household(session: Session, code: str) -> str:
    wanted = or_(Household.household_no == code, Household.id == code)
    own = func.coalesce(Household.merged_into, Household.id)
    found = session.scalars(select(own).where(wanted, ~Household.withdrawn).distinct()).all()
    if len(found) != 1:
        raise OfficeError(f"户编号“{code}”在本册里有 {len(found)} 户。请核对户编号。")
    return found[0]
