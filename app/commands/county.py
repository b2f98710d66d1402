"""Commands on what the county sets: county, county-export, county-import."""

import argparse
from pathlib import Path

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json


def add(commands: Commands) -> None:
    listing = add_command(commands, "county", "县里的规定：列出全部，或其中一项的内容", _list)
    listing.add_argument("entry", nargs="?", default="", metavar="KIND/NAME", help="哪一项，如 thresholds/aid")
    listing.add_argument("--changed", action="store_true", help="只要本县改过的")
    listing.add_argument("--json", action="store_true")
    export = add_command(commands, "county-export", "导出县级资料包，给本县别的村", _export)
    export.add_argument("out", type=Path, metavar="OUT.hdcounty")
    import_file = add_command(commands, "county-import", "导入县级资料包", _import)
    import_file.add_argument("file", type=Path, metavar="FILE.hdcounty")
    import_file.add_argument("--dry-run", action="store_true", help="只看会改什么，不写入")
    import_file.add_argument("--json", action="store_true")


def _list(args: argparse.Namespace) -> None:
    from app.county.editing import list_entries, load_sheet

    kind, _, name = args.entry.partition("/")
    with open_workbook(args) as workbook, workbook.reading() as session:
        if not args.entry:
            entries = [one for one in list_entries(session) if one.changed or not args.changed]
            if args.json:
                print_json([{"entry": f"{one.kind}/{one.name}", "title": one.title, "changed": one.changed}
                            for one in entries])  # fmt: skip
                return
            for one in entries:
                print(f"{one.kind}/{one.name}\t{one.title}\t{'本县' if one.changed else ''}")
            return
        sheet = load_sheet(session, kind, name)
    if args.json:
        print_json({"title": sheet.title, "rows": [{"key": row.key} | dict(row.cells) for row in sheet.rows]})
        return
    print("\t".join(column.label for column in sheet.columns))
    for row in sheet.rows:
        print("\t".join(row.cells.get(column.key, "") for column in sheet.columns))


def _export(args: argparse.Namespace) -> None:
    from app.county.county_file import export_county

    with open_workbook(args) as workbook:
        count = export_county(workbook, args.out)
    print(f"已导出 {count} 项到“{args.out.name}”。")


def _import(args: argparse.Namespace) -> None:
    from app.county.county_file import import_county, read_county

    with open_workbook(args) as workbook:
        file = read_county(workbook, args.file)
        written = 0 if args.dry_run else import_county(workbook, args.file)
    if args.json:
        lines = [{"what": line.what, "before": line.before, "after": line.after} for line in file.lines]
        print_json({"county": file.county, "author": file.author, "made_on": file.made_on, "changes": lines,
                    "written": written})  # fmt: skip
        return
    for line in file.lines:
        print(f"{line.what}：{line.before or '（无）'} → {line.after or '（无）'}")
    print(f"{len(file.lines)} 项与本机不同，没有写入。" if args.dry_run else f"已导入 {written} 项。")
