"""Commands of the exchange: card, trust, export, import, undo-import, conflicts, settle, fold."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.commands import Commands, command
from app.commands.books import opened, printed
from app.errors import OfficeError
from app.exchange import compaction, conflicts, incoming, outgoing, peers, undo
from app.progress import finish
from app.records.field import field


def add(commands: Commands) -> None:
    card = command(commands, "card", "保存本机的名片，交给同事", _card)
    card.add_argument("out", type=Path, metavar="OUT")
    trust = command(commands, "trust", "加入同事的名片（先当面核对指纹）", _trust)
    trust.add_argument("card", type=Path, metavar="CARD")
    trust.add_argument("--yes", action="store_true", help="指纹已经核对过")
    export = command(commands, "export", "导出给一位同事的数据包", _export)
    export.add_argument("out", type=Path, metavar="OUT")
    export.add_argument("--to", required=True, metavar="CARD|NAME", help="同事的名片文件，或名单里的名称")
    import_ = command(commands, "import", "导入数据包", _import)
    import_.add_argument("package", type=Path, metavar="PACKAGE")
    import_.add_argument("--dry-run", action="store_true", help="只看会改什么，不写入")
    import_.add_argument("--json", action="store_true")
    undo_import = command(commands, "undo-import", "撤销一次导入；不写编号就列出能不能撤销", _undo_import)
    undo_import.add_argument("n", nargs="?", type=int, metavar="N", help="导入的编号")
    undo_import.add_argument("--json", action="store_true")
    listed = command(commands, "conflicts", "还没有处理的冲突", _conflicts)
    listed.add_argument("--json", action="store_true")
    settle = command(commands, "settle", "处理一处冲突", _settle)
    settle.add_argument("conflict", metavar="CONFLICT", help="conflicts 列出的编号")
    settle.add_argument("--take", required=True, metavar="ours|theirs|VALUE", help="用我方、用对方，或第三个值")
    folding = command(commands, "fold", "归并旧历史（先自动备份）", _fold)
    folding.add_argument("--dry-run", action="store_true", help="只看能归并多少，不写入")
    folding.add_argument("--json", action="store_true")


def _card(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        card = peers.save_card(workbook, given.out)
    print(f"名片已保存：{given.out.name}，指纹 {card.fingerprint}")


def _trust(given: argparse.Namespace) -> None:
    card = peers.read_card(given.card)
    if not given.yes:
        print(f"“{card.name}”的指纹：{card.fingerprint}")
        if not sys.stdin.isatty():
            raise OfficeError("请与对方当面核对上面的指纹，一致后加 --yes 再运行。")
        if input("与对方屏幕上的一致吗？输入 是 确认：").strip() not in ("是", "y", "yes"):
            raise OfficeError("没有加入。指纹不一致时，请对方重新保存名片。")
    with opened(given) as workbook:
        entry = peers.trust(workbook, card)
    print(f"已加入同事名单：{entry.name}")


def _export(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        sent = finish(outgoing.write_package(workbook, peers.find(workbook, given.to).sign_key, given.out))
    print(sent.sentence)


def _import(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        if given.dry_run:
            result: Any = finish(incoming.verify(workbook, given.package))
        else:
            result = finish(incoming.apply(workbook, given.package))
    if given.json:
        said = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(result).items()}
        printed(said | {"sentence": result.sentence})
    else:
        print(result.sentence)


def _undo_import(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        if given.n is not None:
            done = finish(undo.undo(workbook, given.n))
            printed(asdict(done) | {"sentence": done.sentence}) if given.json else print(done.sentence)
            return
        found = finish(undo.possible(workbook))
    if given.json:
        printed([asdict(one) for one in found])
        return
    for one in found:
        print(f"{one.n}\t{one.at}\t{one.peer}\t{one.changes}\t{one.reason or '可以撤销'}")
    if not found:
        print("没有导入过有修改的包。")


def _conflicts(given: argparse.Namespace) -> None:
    with opened(given) as workbook, workbook.reading() as session:
        found = conflicts.open_ones(session, workbook.replica)
    if given.json:
        printed([asdict(one) | {"ours": one.ours.text, "theirs": one.theirs.text} for one in found])
        return
    for one in found:
        print(f"{one.id}\t{one.household}\t{one.field_label}\t{one.ours.text}\t{one.theirs.text}")
    if not found:
        print("没有冲突。")


def _settle(given: argparse.Namespace) -> None:
    take = given.take
    if take not in ("ours", "theirs"):
        table, _, column = [*given.conflict.split(":"), "", ""][:3]
        try:
            take = field(table, column).taken(take)
        except KeyError as error:
            raise OfficeError(f"没有“{given.conflict}”这一处冲突。编号请照 conflicts 列出的写。") from error
    with opened(given) as workbook:
        finish(conflicts.settle(workbook, given.conflict, take))
    print("已处理。")


def _fold(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        result: Any = finish(compaction.measure(workbook) if given.dry_run else compaction.fold(workbook))
    printed(asdict(result) | {"sentence": result.sentence}) if given.json else print(result.sentence)
