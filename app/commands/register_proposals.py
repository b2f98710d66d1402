"""从台账带入: what the registers have otherwise than the accounts of a year and the members."""

import argparse
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.errors import UserError
from app.register_proposals.proposal import CardProposal
from app.register_proposals.taking import proposals, take
from db.schema.household import Household


def add(commands: Commands) -> None:
    command = add_command(commands, "take-from-registers", "收入和家庭成员里与台账不一致的，按台账写进户档", _take)
    command.add_argument("--year", type=int, default=date.today().year, metavar="YYYY", help="哪一年的收入")
    command.add_argument("--household", default="", metavar="NO", help="只看这一户（户编号）")
    command.add_argument("--doubtful", action="store_true", help="有疑点的也写")
    command.add_argument("--dry-run", action="store_true", help="只看会怎样，不写入")
    command.add_argument("--json", action="store_true")


def _take(args: argparse.Namespace) -> None:
    today = date.today()
    with open_workbook(args) as workbook:
        with workbook.reading() as session:
            found = proposals(session, args.year, today, _households(session, args.household))
        chosen = [one for one in found if args.doubtful or not one.doubt]
        written = take(workbook, chosen, args.year, today).written if chosen and not args.dry_run else 0
    if args.json:
        print_json([_as_json(one) for one in found])
        return
    for one in found:
        print("\t".join((one.head, one.label, one.now_text, one.proposed_text or "（空）", one.doubt, one.basis)))
    doubtful = sum(bool(one.doubt) for one in found)
    ending = "没有写入（只预览）。" if args.dry_run else f"已写入 {written} 项。"
    print(f"与台账不一致的 {len(found)} 项，其中有疑点 {doubtful} 项。{ending}")


def _households(session: Session, number: str) -> list[str] | None:
    if not number:
        return None
    found = list(session.scalars(select(Household.id).where(Household.household_no == number, ~Household.withdrawn)))
    if not found:
        raise UserError(f"没有户编号是“{number}”的户。")
    return found


def _as_json(one: CardProposal) -> dict[str, object]:
    return {
        "household": one.household_id,
        "head": one.head,
        "label": one.label,
        "now": one.now_text,
        "proposed": one.proposed_text,
        "doubt": one.doubt,
        "sources": [{"register": row.register, "table": row.table, "id": row.record_id} for row in one.sources],
    }
