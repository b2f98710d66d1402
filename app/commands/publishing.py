"""The command that writes the records into a county's PostgreSQL."""

import argparse
import sys
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.errors import UserError

if TYPE_CHECKING:
    from app.progress import Task
    from app.publishing.publish import PublishedVillage

_FRESH_LINE = "\r\033[K"


def add(commands: Commands) -> None:
    publish = add_command(commands, "publish", "把记录发布到县里的 PostgreSQL 数据库，再发布只写改过的", _publish)
    publish.add_argument("url", metavar="postgresql://…", help="数据库地址；口令最好放在 PGPASSFILE 指的文件里")
    publish.add_argument("--full", action="store_true", help="证件号码、银行卡号和电话写全，不写就只写头尾")
    publish.add_argument("--reason", default="", metavar="TEXT", help="为什么要写全，记入日志")
    publish.add_argument("--json", action="store_true")


def _publish(args: argparse.Namespace) -> None:
    from app.publishing.publish import publish
    from app.publishing.target import target_of

    reason = args.reason.strip()
    if args.full and not reason:
        raise UserError("要写完整号码（--full），请用 --reason 写明事由；事由会记入日志。")
    target = target_of(args.url)
    with (
        open_workbook(args) as workbook,
        closing(publish(workbook, target, reason=reason if args.full else "")) as task,
    ):
        published = _watch(task)
    if args.json:
        print_json([asdict(village) for village in published])
        return
    for village in published:
        print(_describe(village))


def _watch(task: "Task[list[PublishedVillage]]") -> "list[PublishedVillage]":
    """Run it; how far it is stands in one line of the terminal, and nowhere if stderr goes to a file."""
    shows = sys.stderr.isatty()
    try:
        while True:
            progress = next(task)
            if shows:
                share = progress.done * 100 // max(progress.total, 1)
                print(f"{_FRESH_LINE}{progress.message} {share}%", end="", file=sys.stderr, flush=True)
    except StopIteration as stop:
        published: list[PublishedVillage] = stop.value
        return published
    finally:  # also before the sentence that says why it ended
        if shows:
            print(_FRESH_LINE, end="", file=sys.stderr, flush=True)


def _describe(village: "PublishedVillage") -> str:
    told = {
        "first": f"第一次发布，写入 {village.written} 行。",
        "whole": f"全部重发，写入 {village.written} 行。",
        "changes": f"写入 {village.written} 行。",
        "nothing": "没有新的修改。",
        "older": "库里的比这份工作簿新，没有写入。",
    }[village.outcome]
    waiting = f"还有 {village.waiting} 行另一台电脑也改过，交换数据包以后再发布一次就齐了。" if village.waiting else ""
    return f"{village.name}（{village.code}）：{told}{waiting}"
