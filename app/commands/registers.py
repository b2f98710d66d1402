"""Commands on registers: list, import-list."""

import argparse
from dataclasses import asdict
from pathlib import Path

from app.commands import Commands, add_command
from app.commands.archive import resolve_household_ids
from app.commands.workbook import open_workbook, print_json
from app.errors import UserError
from app.progress import run_to_completion
from app.registers import all_registers, get_register
from app.registers.engine.progress import FINISHED
from app.registers.engine.register import Register
from app.registers.engine.rows import RowQuery, load_rows, row_ids

_PAGE = 500  # rows read at a time while they are printed


def add(commands: Commands) -> None:
    listing = add_command(commands, "list", "列出一种台账，或存成 Excel、CSV、JSON", _list)
    listing.add_argument(
        "register", nargs="?", default="", metavar="REGISTER", help="台账的代号或名称；不写列出全部台账"
    )
    listing.add_argument("--out", type=Path, metavar="FILE.xlsx|.csv|.json", help="存成文件")
    listing.add_argument("--household", default="", metavar="CODE", help="只要这一户的")
    listing.add_argument("--year", type=int, default=0, metavar="YYYY", help="只要这一年的")
    listing.add_argument("--step", default="", metavar="NAME", help=f"只要等着办这一步的；办完的写 {FINISHED}")
    listing.add_argument("--overdue", action="store_true", help="只要超期的")
    listing.add_argument("--full", action="store_true", help="证件号码和电话写全，不写就只写头尾")
    listing.add_argument("--json", action="store_true")
    import_list = add_command(commands, "import-list", "从 Excel 或 CSV 导入一种台账", _import_list)
    import_list.add_argument("file", type=Path, metavar="FILE")
    import_list.add_argument("--as", dest="register", default="", metavar="REGISTER", help="哪种台账；不写就按表头认")
    import_list.add_argument("--dry-run", action="store_true", help="只看会怎样，不写入")
    import_list.add_argument("--json", action="store_true")


def _list(args: argparse.Namespace) -> None:
    from app.sheets.register_export import json_rows, write_register

    register = _find(args.register) if args.register else None
    with open_workbook(args) as workbook:
        if register is None:
            with workbook.reading() as session:
                counts = [(one, len(row_ids(session, one))) for one in all_registers()]
            if args.json:
                print_json([{"register": one.key, "title": one.title, "rows": count} for one, count in counts])
                return
            for one, count in counts:
                print(f"{one.key}\t{one.group}\t{one.title}\t{count}")
            return
        household_id = resolve_household_ids(workbook, [args.household])[0] if args.household else ""
        query = RowQuery(household_id=household_id, year=args.year, step=args.step, overdue=args.overdue)
        with workbook.reading() as session:
            ids = row_ids(session, register, query)
            if args.json:
                print_json(json_rows(session, register, load_rows(session, register, ids, hide=not args.full)))
                return
            if not args.out:
                for start in range(0, len(ids), _PAGE):
                    for row in load_rows(session, register, ids[start : start + _PAGE], hide=not args.full):
                        texts = [row.texts[one.name] for one in register.fields()]
                        print("\t".join([str(row.subject), *texts, row.progress.label]))
                return
        count = run_to_completion(write_register(workbook, register, ids, args.out, hide=not args.full))
    print(f"已导出“{register.title}”{count} 条。")


def _import_list(args: argparse.Namespace) -> None:
    from app.sheets.register_import import apply_import, preview

    register = _find(args.register) if args.register else None
    with open_workbook(args) as workbook:
        shown = run_to_completion(preview(workbook, args.file, register))
        written = 0 if args.dry_run else run_to_completion(apply_import(workbook, shown))
    if args.json:
        refused = [
            {"sheet": one.sheet, "row": one.row, "cell": one.cell, "reason": one.reason} for one in shown.refused
        ]
        both = [{"sheet": one.sheet, "cell": one.cell, "label": one.label} for one in shown.conflicts]
        remarks = [asdict(one) for one in shown.remarks]
        named = {"register": shown.register, "written": not args.dry_run}
        print_json({**shown.counts(), **named, "refused_rows": refused, "both_changed": both, "remark_list": remarks})
        return
    counts = shown.counts()
    title = get_register(shown.register).title
    print(f"{title}：新增 {counts['new']}，变更 {counts['changed']}，不变 {counts['unchanged']}")
    for one in shown.refused:
        print(f"没有收：{one}")
    for duplicate in shown.duplicates:
        print(f"重复：“{duplicate.sheet}”第 {duplicate.row} 行 {duplicate.title}，与{duplicate.of}相同")
    for conflict in shown.conflicts:
        print(
            f"两边都改了：“{conflict.sheet}”{conflict.cell} {conflict.title}的“{conflict.label}”，"
            f"本册是“{conflict.here}”，没有改"
        )
    for remark in shown.remarks:
        print(f"提醒：“{remark.sheet}”{f'第 {remark.row} 行 ' if remark.row else ''}{remark.describe()}")
    print("没有写入（只预览）。" if args.dry_run else f"已写入 {written} 条。")


def _find(name: str) -> Register:
    try:
        return get_register(name)
    except KeyError:
        titles = "、".join(f"{one.key}（{one.title}）" for one in all_registers())
        raise UserError(f"没有“{name}”这种台账。有：{titles}。") from None
