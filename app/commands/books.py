"""Commands on the workbook itself: new, info, dump, set, backup, restore, verify."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.commands import Commands, command, passphrase
from app.errors import OfficeError
from app.progress import finish
from app.workbook import access, backup, files
from app.workbook.workbook import Workbook


@contextmanager
def opened(given: argparse.Namespace) -> Iterator[Workbook]:
    """The workbook of a command, closed whatever happens."""
    workbook = access.unlock(given.book, passphrase(given))
    if given.operator:
        workbook.operator = given.operator
    with contextlib.closing(workbook):
        yield workbook


def printed(result: Any) -> None:
    """A result as JSON on stdout, keys sorted, Chinese as it is."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False, sort_keys=True, indent=2) + "\n")


def add(commands: Commands) -> None:
    new = command(commands, "new", "建一个新的工作簿", _new)
    new.add_argument("--village", required=True, metavar="NAME", help="行政村名称")
    new.add_argument("--code", required=True, metavar="12DIGITS", help="12 位区划代码")
    for part, what in (("province", "省"), ("city", "市"), ("county", "县（市、区）"), ("township", "乡（镇）")):
        new.add_argument(f"--{part}", default="", metavar="NAME", help=what)
    new.add_argument("--sample", action="store_true", help="装入虚构的示例户")
    info = command(commands, "info", "工作簿里有什么", _info)
    info.add_argument("--json", action="store_true")
    dump = command(commands, "dump", "导出全部记录（JSON，含完整证件号，注意保管）", _dump)
    dump.add_argument("--json", type=Path, required=True, metavar="OUT")
    set_ = command(commands, "set", "改一个字段", _set)
    for argument in ("table", "id", "column", "value"):
        set_.add_argument(argument, metavar=argument.upper())
    copy = command(commands, "backup", "备份到一个新文件", _backup)
    copy.add_argument("out", type=Path, metavar="OUT")
    restore = command(commands, "restore", "用备份恢复工作簿（原文件保留在旁边）", _restore, book=False)
    restore.add_argument("copy", type=Path, metavar="BACKUP")
    restore.add_argument("book", type=Path, metavar="BOOK")
    command(commands, "verify", "检查工作簿是否完好", _verify)


def _new(given: argparse.Namespace) -> None:
    village = access.NewVillage(given.village, given.code, given.province, given.city, given.county, given.township)
    workbook, recovery = access.create(given.book, passphrase(given), given.operator or "操作员", village)
    with contextlib.closing(workbook):
        # first of all: whatever fails afterwards, the workbook is there and its code is known
        print(f"已建立：{given.book.name}")
        print(f"恢复码（只显示这一次，请抄下来锁好）：{recovery}", flush=True)
        if given.sample:
            from app.sample import fill

            finish(fill(workbook))


def _info(given: argparse.Namespace) -> None:
    from sqlalchemy import func, select

    from db.merge import vector
    from db.schema import records

    with opened(given) as workbook, workbook.reading() as session:
        counts = {
            table: session.scalar(select(func.count()).select_from(model).where(~model.withdrawn))
            for table, model in records().items()
        }
        known: dict[str, dict[str, int]] = {}
        for (village, replica), last in vector(session).items():
            known.setdefault(village, {})[replica] = last
        result = {
            "counts": counts,
            "replica": workbook.replica,
            "vector": known,
            "operator": workbook.operator,
            "villages": [{"code": village.code, "name": village.name} for village in workbook.villages],
        }
    if given.json:
        printed(result)
        return
    print("、".join(f"{village.name}（{village.code}）" for village in workbook.villages))
    for table, count in counts.items():
        print(f"{records()[table].LABEL}\t{count}")


def _dump(given: argparse.Namespace) -> None:
    from sqlalchemy import select

    from db.schema import records

    whole: dict[str, list[dict[str, Any]]] = {}
    with opened(given) as workbook, workbook.reading() as session:
        for table, model in records().items():
            columns = model.__table__.columns
            rows = session.execute(select(*columns).order_by(model.id))
            whole[table] = [
                {column.name: _plain(value) for column, value in zip(columns, row, strict=True)} for row in rows
            ]
        workbook_rows = sum(len(rows) for rows in whole.values())
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    try:
        with files.whole(given.json) as part:
            part.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OfficeError(f"不能写入“{given.json}”：文件夹不存在、没有权限或磁盘已满。") from error
    print(f"已导出 {workbook_rows} 条记录。")


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    return list(value) if isinstance(value, tuple) else str(value)


def _set(given: argparse.Namespace) -> None:
    from app.records.draft import open_draft, save_draft
    from app.records.field import field
    from db.schema import records

    if given.table not in records():
        raise OfficeError(f"没有“{given.table}”这种记录。有：{'、'.join(records())}。")
    try:
        one = field(given.table, given.column)
    except KeyError as error:
        raise OfficeError(f"“{given.table}”没有“{given.column}”这一列。") from error
    with opened(given) as workbook:
        with workbook.reading() as session:
            draft = open_draft(session, given.table, given.id)
        finish(save_draft(workbook, draft.with_values(**{given.column: one.taken(given.value)})))


def _backup(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        finish(backup.backup(workbook, given.out))
    print(f"已备份到：{given.out.name}")


def _restore(given: argparse.Namespace) -> None:
    finish(backup.restore(given.copy, given.book, passphrase(given)))
    print(f"已恢复：{given.book.name}")


def _verify(given: argparse.Namespace) -> None:
    from app.workbook.soundness import faults

    with opened(given) as workbook:
        found = finish(faults(workbook))
    if found:
        raise OfficeError(f"工作簿有 {len(found)} 处不完好：{found[0]}。请用最近的备份恢复，或与同事交换后再查。")
    print("工作簿完好。")
