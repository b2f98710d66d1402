"""Commands on households that have two records: same, join, part."""

import argparse
from dataclasses import asdict
from typing import Any

from app.commands import Commands, command
from app.commands.books import opened, printed
from app.errors import OfficeError
from app.progress import finish


def add(commands: Commands) -> None:
    same = command(commands, "same", "可能是同一户的两条户记录", _same)
    same.add_argument("--json", action="store_true")
    join = command(commands, "join", "把两条户记录合并成一户", _join)
    join.add_argument("kept", metavar="KEPT", help="保留的户，记录编号")
    join.add_argument("other", metavar="OTHER", help="并入的户，记录编号")
    join.add_argument("--take", nargs="+", default=[], metavar="WHAT=kept|other", help="逐项选用哪一边")
    join.add_argument("--relation", default="其他", metavar="RELATION", help="另一位户主与保留的户主的关系")
    join.add_argument("--dry-run", action="store_true", help="只看两户有什么不同，不合并")
    join.add_argument("--json", action="store_true")
    part = command(commands, "part", "拆开并错的户", _part)
    part.add_argument("other", metavar="OTHER", help="当初并入的户，记录编号")


def _same(given: argparse.Namespace) -> None:
    from app.records import joining

    with opened(given) as workbook:
        found = finish(joining.likely(workbook))
    if given.json:
        printed([asdict(one) for one in found])
        return
    for one in found:
        print(f"{one.first}\t{one.first_name}\t{one.second}\t{one.second_name}\t{'、'.join(one.why)}")
    if not found:
        print("没有看起来重复的户。")


def _join(given: argparse.Namespace) -> None:
    from app.records import joining

    take: dict[str, Any] = dict(_choice(word) for word in given.take)
    with opened(given) as workbook:
        shown = joining.compare(workbook, given.kept, given.other)
        done = None if given.dry_run else finish(joining.join(workbook, shown, take, given.relation))
    if given.json:
        printed(asdict(shown) | {"joined": done is not None})
        return
    for one in (*shown.differing, *shown.only_other):
        print(f"{one.column}\t{one.label}\t{one.kept}\t{one.other}")
    for twin in (*shown.people, *shown.yearly):
        print(f"{twin.key}\t{twin.label}\t{twin.what}")
    if done:
        print(
            f"已合并：{shown.other.name}并入{shown.kept.name}，补填 {done.cells} 处，重复的 {done.withdrawn} 条已撤回。"
        )
    else:
        print("没有合并（只核对）。")


def _choice(word: str) -> tuple[str, str]:
    what, equals, side = word.rpartition("=")
    if not equals or side not in ("kept", "other"):
        raise OfficeError(f"“{word}”看不懂。请写成 项目=kept 或 项目=other。")
    return what, side


def _part(given: argparse.Namespace) -> None:
    from app.records import joining

    with opened(given) as workbook:
        done = finish(joining.part(workbook, given.other))
    left = f"，{done.left} 处合并以后又改过，没有动" if done.left else ""
    print(f"已拆开，{done.cells} 处恢复成合并以前的样子{left}。")
