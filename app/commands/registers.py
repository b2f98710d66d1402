"""Commands on registers: list, import-list."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.commands import Commands, add_command
from app.commands.archive import resolve_household_ids
from app.commands.workbook import open_workbook, print_json
from app.errors import UserError
from app.progress import run_to_completion
from app.records.household_list import HouseholdQuery, listed
from app.registers.engine.progress import FINISHED
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, ids_of_households, load_rows, row_ids
from app.registers.lists import all_lists, get_list, is_about_households, own_lists
from app.workbook.roles import REVEAL
from app.workbook.workbook import Workbook

if TYPE_CHECKING:
    from app.sheets.register_preview import RegisterPreview

_PAGE = 500  # rows read at a time while they are printed


def add(commands: Commands) -> None:
    listing = add_command(commands, "list", "列出一种台账或名单，或存成 Excel、CSV、JSON", _list)
    listing.add_argument(
        "register", nargs="?", default="", metavar="REGISTER", help="台账或名单的代号或名称；不写列出全部"
    )
    listing.add_argument("--out", type=Path, metavar="FILE.xlsx|.csv|.json", help="存成文件")
    listing.add_argument("--household", default="", metavar="CODE", help="只要这一户的")
    listing.add_argument("--year", type=int, default=0, metavar="YYYY", help="只要这一年的")
    listing.add_argument("--step", default="", metavar="NAME", help=f"只要等着办这一步的；办完的写 {FINISHED}")
    listing.add_argument("--overdue", action="store_true", help="只要超期的")
    listing.add_argument("--full", action="store_true", help="证件号码和电话写全，不写就只写头尾")
    listing.add_argument("--reason", default="", metavar="TEXT", help="为什么要写全，记入日志")
    listing.add_argument("--national", action="store_true", help="按国家系统的列序（人口、农户）")
    listing.add_argument("--json", action="store_true")
    import_list = add_command(commands, "import-list", "从 Excel 或 CSV 导入一种台账或名单", _import_list)
    import_list.add_argument("file", type=Path, metavar="FILE")
    import_list.add_argument("--as", dest="register", default="", metavar="REGISTER", help="哪种台账；不写就按表头认")
    import_list.add_argument(
        "--take-sheet", action="store_true", help="导出以后两边都改了的格，用表里的；不写就留本工作簿的"
    )
    import_list.add_argument("--dry-run", action="store_true", help="只看会怎样，不写入")
    import_list.add_argument("--json", action="store_true")


def _list(args: argparse.Namespace) -> None:
    from app.sheets.register_export import write_register

    if args.full and not args.reason.strip():
        raise UserError("要写完整号码（--full），请用 --reason 写明事由；事由会记入日志。")
    register = _find(args.register) if args.register else None
    with open_workbook(args) as workbook:
        if args.full:
            workbook.require(REVEAL, "写出完整号码")
        if register is None:
            _print_lists(workbook, as_json=args.json)
            return
        household_id = resolve_household_ids(workbook, [args.household])[0] if args.household else ""
        query = RowQuery(household_id=household_id, year=args.year, step=args.step, overdue=args.overdue)
        with workbook.reading() as session:
            ids = _ids(session, register, query)
        if not args.out:
            _print_rows(workbook, register, ids, args)
            return
        chosen = register.sheet.national if args.national else ()
        task = write_register(workbook, register, ids, args.out, chosen=chosen, hide=not args.full, reason=args.reason)
        count = run_to_completion(task)
    print(f"已导出“{register.title}”{count} 条。")


def _ids(session: Session, register: Register, query: RowQuery) -> list[str]:
    """The rows in their order; where the list has none of its own, as the list of households stands."""
    if register in own_lists() and is_about_households(register):
        return ids_of_households(session, register, listed(session, HouseholdQuery()).ids, query)
    return row_ids(session, register, query)


def _print_lists(workbook: Workbook, *, as_json: bool) -> None:
    with workbook.reading() as session:
        counts = [(one, len(row_ids(session, one))) for one in all_lists()]
    if as_json:
        print_json([{"register": one.key, "title": one.title, "rows": count} for one, count in counts])
        return
    for one, count in counts:
        print(f"{one.key}\t{one.topic.group if one.topic else ''}\t{one.title}\t{count}")


def _print_rows(workbook: Workbook, register: Register, ids: Sequence[str], args: argparse.Namespace) -> None:
    from app.sheets.register_export import json_rows

    with workbook.reading() as session:
        if args.json:
            print_json(json_rows(session, register, load_rows(session, register, ids, hide=not args.full)))
        for start in () if args.json else range(0, len(ids), _PAGE):
            for row in load_rows(session, register, ids[start : start + _PAGE], hide=not args.full):
                texts = [row.texts[one.name] for one in register.fields()]
                print("\t".join([str(row.subject), *texts, row.progress.label]))
    if args.full:
        workbook.audit(f"列出{register.title}（完整号码，事由：{args.reason.strip()}）", len(ids))


def _import_list(args: argparse.Namespace) -> None:
    from app.sheets.register_import import apply_import, preview, take_sheet_values

    register = _find(args.register) if args.register else None
    with open_workbook(args) as workbook:
        shown = run_to_completion(preview(workbook, args.file, register))
        if args.take_sheet:
            shown = take_sheet_values(shown, shown.conflicts)
        written = 0 if args.dry_run else run_to_completion(apply_import(workbook, shown))
    if args.json:
        print_json({**_import_as_json(shown), "written": not args.dry_run})
        return
    counts = shown.counts()
    print(f"{shown.title}：新增 {counts['new']}，变更 {counts['changed']}，不变 {counts['unchanged']}")
    for one in shown.refused:
        print(f"没有收：{one}")
    for duplicate in shown.duplicates:
        print(f"重复：“{duplicate.sheet}”第 {duplicate.row} 行 {duplicate.title}，与{duplicate.of}相同")
    for conflict in shown.conflicts:
        print(
            f"两边都改了：“{conflict.sheet}”{conflict.cell} {conflict.title}的“{conflict.label}”，"
            f"导出时“{conflict.left}”，本工作簿现在“{conflict.here}”，表里“{conflict.there}”；没有改"
        )
    for remark in shown.remarks:
        print(f"提醒：“{remark.sheet}”{f'第 {remark.row} 行 ' if remark.row else ''}{remark.describe()}")
    print("没有写入（只预览）。" if args.dry_run else f"已写入 {written} 条。")


def _import_as_json(shown: "RegisterPreview") -> dict[str, object]:
    """Counts under stable keys, and everything that was not taken as it is, in full."""
    return {
        **shown.counts(),
        "register": shown.register,
        "refused_rows": [
            {"sheet": one.sheet, "row": one.row, "cell": one.cell, "reason": one.reason} for one in shown.refused
        ],
        "both_changed": [
            {"sheet": one.sheet, "cell": one.cell, "label": one.label, "left": one.left, "here": one.here}
            | {"there": one.there}
            for one in shown.conflicts
        ],
        "remark_list": [asdict(one) for one in shown.remarks],
    }


def _find(name: str) -> Register:
    try:
        return get_list(name)
    except KeyError:
        titles = "、".join(f"{one.key}（{one.title}）" for one in all_lists())
        raise UserError(f"没有“{name}”这种台账。有：{titles}。") from None
