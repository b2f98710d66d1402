"""Commands on the workbook itself: new, info, dump, set, backup, restore, verify, log."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.commands import Commands, add_command, passphrase
from app.errors import UserError
from app.progress import run_to_completion
from app.workbook import access, backup, files
from app.workbook.audit_log import logged_exports
from app.workbook.restore_preview import preview_restore
from app.workbook.roles import MANAGE, REVEAL
from app.workbook.synchronised_folder import synchronisation_warning
from app.workbook.workbook import Workbook
from resources.overlay import used_overlay


@contextmanager
def open_workbook(args: argparse.Namespace) -> Iterator[Workbook]:
    """The workbook of a command, closed whatever happens."""
    workbook = access.unlock(args.book, passphrase(args))
    _warn_of_synchronisation(args.book)
    with contextlib.closing(workbook), used_overlay(workbook.overlay):
        if args.operator and args.operator != workbook.operator:
            workbook.require(MANAGE, f"以“{args.operator}”的名义操作")
            workbook.operator = args.operator
        yield workbook


def _warn_of_synchronisation(book: Path) -> None:
    if warning := synchronisation_warning(book):
        print(f"注意：{warning}", file=sys.stderr)


def print_json(result: Any) -> None:
    """A result as JSON on stdout, keys sorted, Chinese as it is."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False, sort_keys=True, indent=2) + "\n")


def add(commands: Commands) -> None:
    new = add_command(commands, "new", "建一个新的工作簿", _new)
    new.add_argument("--village", required=True, metavar="NAME", help="行政村名称")
    new.add_argument("--code", required=True, metavar="12DIGITS", help="12 位区划代码")
    for part, label in (("province", "省"), ("city", "市"), ("county", "县（市、区）"), ("township", "乡（镇）")):
        new.add_argument(f"--{part}", default="", metavar="NAME", help=label)
    new.add_argument("--sample", action="store_true", help="装入虚构的示例户")
    info = add_command(commands, "info", "工作簿里有什么", _info)
    info.add_argument("--json", action="store_true")
    dump = add_command(commands, "dump", "导出全部记录（JSON，含完整证件号，注意保管）", _dump)
    dump.add_argument("--json", type=Path, required=True, metavar="OUT")
    set_command = add_command(commands, "set", "改一个字段", _set)
    for argument in ("table", "id", "column", "value"):
        set_command.add_argument(argument, metavar=argument.upper())
    backup_command = add_command(commands, "backup", "备份到一个新文件", _backup)
    backup_command.add_argument("out", type=Path, metavar="OUT")
    restore = add_command(commands, "restore", "用备份恢复工作簿（原文件保留在旁边）", _restore, needs_workbook=False)
    restore.add_argument("copy", type=Path, metavar="BACKUP")
    restore.add_argument("book", type=Path, metavar="BOOK")
    restore.add_argument("--dry-run", action="store_true", help="只看会改变什么，不恢复")
    add_command(commands, "verify", "检查工作簿是否完好", _verify)
    log = add_command(commands, "log", "谁在什么时候导出、打印过什么，写全号码的事由", _log)
    log.add_argument("--limit", type=int, default=200, metavar="N", help="最近几条")
    log.add_argument("--json", action="store_true")


def _new(args: argparse.Namespace) -> None:
    village = access.NewVillage(args.village, args.code, args.province, args.city, args.county, args.township)
    workbook, recovery = access.create(args.book, passphrase(args), args.operator or "操作员", village)
    with contextlib.closing(workbook):
        # first of all: whatever fails afterwards, the workbook is there and its code is known
        print(f"已建立：{args.book.name}")
        print(f"恢复码（只显示这一次，请抄下来锁好）：{recovery}", flush=True)
        _warn_of_synchronisation(args.book)
        if args.sample:
            from app.sample import fill

            run_to_completion(fill(workbook))


def _info(args: argparse.Namespace) -> None:
    from sqlalchemy import func, select

    from db.journal.merge import version_vector
    from db.schema import records

    with open_workbook(args) as workbook, workbook.reading() as session:
        counts = {
            table: session.scalar(select(func.count()).select_from(model).where(~model.withdrawn))
            for table, model in records().items()
        }
        last_seq_by_village: dict[str, dict[str, int]] = {}
        for (village, replica), last in version_vector(session).items():
            last_seq_by_village.setdefault(village, {})[replica] = last
        result = {
            "counts": counts,
            "replica": workbook.replica,
            "vector": last_seq_by_village,
            "operator": workbook.operator,
            "villages": [{"code": village.code, "name": village.name} for village in workbook.villages],
        }
    if args.json:
        print_json(result)
        return
    print("、".join(f"{village.name}（{village.code}）" for village in workbook.villages))
    for table, count in counts.items():
        print(f"{records()[table].LABEL}\t{count}")


def _log(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook, workbook.reading() as session:
        exports = logged_exports(session, limit=args.limit)
    if args.json:
        print_json([asdict(export) for export in exports])
        return
    for export in exports:
        print(f"{export.at}\t{export.operator}\t{export.what}\t{export.count}")


def _dump(args: argparse.Namespace) -> None:
    from sqlalchemy import select

    from db.schema import records

    rows_by_table: dict[str, list[dict[str, Any]]] = {}
    with open_workbook(args) as workbook:
        workbook.require(REVEAL, "导出全部记录")
        with workbook.reading() as session:
            for table, model in records().items():
                columns = model.__table__.columns
                rows = session.execute(select(*columns).order_by(model.id))
                rows_by_table[table] = [
                    {column.name: _json_value(value) for column, value in zip(columns, row, strict=True)}
                    for row in rows
                ]
        row_count = sum(len(rows) for rows in rows_by_table.values())
        text = json.dumps(rows_by_table, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        try:
            with files.atomic_write(args.json) as part_path:
                part_path.write_text(text, encoding="utf-8")
                workbook.audit("导出全部记录（完整号码）", row_count)  # before the file gets its name
        except OSError as error:
            raise UserError(f"不能写入“{args.json}”：文件夹不存在、没有权限或磁盘已满。") from error
    print(f"已导出 {row_count} 条记录。")


def _json_value(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    return list(value) if isinstance(value, tuple) else str(value)


def _set(args: argparse.Namespace) -> None:
    from app.records.draft import open_draft, save_draft
    from app.records.field import field
    from db.schema import records

    if args.table not in records():
        raise UserError(f"没有“{args.table}”这种记录。有：{'、'.join(records())}。")
    try:
        field_spec = field(args.table, args.column)
    except KeyError as error:
        raise UserError(f"“{args.table}”没有“{args.column}”这一列。") from error
    with open_workbook(args) as workbook:
        with workbook.reading() as session:
            draft = open_draft(session, args.table, args.id)
        save_draft(workbook, draft.with_values(**{args.column: field_spec.parse_and_validate(args.value)}))


def _backup(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        run_to_completion(backup.backup(workbook, args.out))
    print(f"已备份到：{args.out.name}")


def _restore(args: argparse.Namespace) -> None:
    if args.dry_run:
        preview = run_to_completion(preview_restore(args.copy, args.book, passphrase(args)))
        print("\n".join([preview.message, *preview.lost]))
        return
    run_to_completion(backup.restore(args.copy, args.book, passphrase(args)))
    print(f"已恢复：{args.book.name}")


def _verify(args: argparse.Namespace) -> None:
    from app.workbook.integrity import check_integrity

    with open_workbook(args) as workbook:
        integrity_errors = run_to_completion(check_integrity(workbook))
    if integrity_errors:
        raise UserError(
            f"工作簿有 {len(integrity_errors)} 处不完好："
            f"{integrity_errors[0]}。请用最近的备份恢复，或与同事交换后再查。"
        )
    print("工作簿完好。")
