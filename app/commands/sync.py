"""Commands for exchanging changes: cards, peers, packages, undoing an import, receipts, conflicts, compaction."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.errors import UserError
from app.picture_file import PICTURE_SUFFIXES
from app.progress import run_to_completion
from app.records.field import field
from app.sync import (
    compaction,
    conflicts,
    import_undo,
    package_export,
    package_import,
    peers,
    receipts,
)
from app.workbook.roles import REVEAL
from resources.option_roles import yes_no


def add(commands: Commands) -> None:
    card = add_command(commands, "card", "保存本机的名片，交给同事", _card)
    card.add_argument("out", type=Path, metavar="OUT", nargs="?")
    card.add_argument("--text", action="store_true", help="写成一行文字，与二维码里的一样")
    trust = add_command(commands, "trust", "加入同事的名片（先当面核对指纹）", _trust)
    trust.add_argument("card", metavar="CARD|PICTURE|TEXT", help="名片文件、有名片二维码的图片，或 HDCARD1: 开头的文字")
    trust.add_argument("--yes", action="store_true", help="指纹已经核对过")
    export = add_command(commands, "export", "导出给一位同事的数据包", _export)
    export.add_argument("out", type=Path, metavar="OUT")
    export.add_argument("--to", required=True, metavar="CARD|NAME", help="同事的名片文件，或名单里的名称")
    export.add_argument("--everything", action="store_true", help="他的工作簿是新的或丢过，全部重发")
    export.add_argument("--most-bytes", type=int, metavar="N", help="照片最多装多少字节，装不下的留给下一个包")
    import_ = add_command(commands, "import", "导入数据包", _import)
    import_.add_argument("package", type=Path, metavar="PACKAGE")
    import_.add_argument("--dry-run", action="store_true", help="只看会改什么，不写入")
    import_.add_argument("--accept-revoked", action="store_true", help="名片已停用的人写的也看过了，一并收下")
    import_.add_argument("--json", action="store_true")
    undo_import = add_command(commands, "undo-import", "撤销一次导入；不写编号就列出能不能撤销", _undo_import)
    undo_import.add_argument("n", nargs="?", type=int, metavar="N", help="导入的编号")
    undo_import.add_argument("--json", action="store_true")
    _add_receipts(commands)
    conflicts_command = add_command(commands, "conflicts", "还没有处理的冲突", _conflicts)
    conflicts_command.add_argument("--json", action="store_true")
    resolve = add_command(commands, "settle", "处理一处冲突", _resolve)
    resolve.add_argument("conflict", metavar="CONFLICT", help="conflicts 列出的编号")
    resolve.add_argument("--take", required=True, metavar="ours|theirs|VALUE", help="用我方、用对方，或第三个值")
    compact = add_command(commands, "fold", "归并旧历史（先自动备份）", _compact)
    compact.add_argument("--dry-run", action="store_true", help="只看能归并多少，不写入")
    compact.add_argument("--json", action="store_true")


def _add_receipts(commands: Commands) -> None:
    log = add_command(commands, "packages", "导出和导入过的包，新的在前", _packages)
    log.add_argument("--json", action="store_true")
    peers_command = add_command(commands, "peers", "同事名单；给出名称就逐村列出他有什么、还差什么", _peers)
    peers_command.add_argument("who", nargs="?", metavar="CARD|NAME")
    peers_command.add_argument("--json", action="store_true")
    receipt = add_command(commands, "receipt", "给一次导入写回执，交给发包的同事", _receipt)
    receipt.add_argument("n", type=int, metavar="N", help="packages 列出的编号")
    receipt.add_argument("out", type=Path, metavar="OUT")
    receipt_code = add_command(commands, "receipt-code", "一次导入的回执码，在电话里念给发包的同事", _receipt_code)
    receipt_code.add_argument("n", type=int, metavar="N", help="packages 列出的编号")
    acknowledge = add_command(commands, "acknowledge", "收下同事的回执，或他在电话里念的回执码", _acknowledge)
    acknowledge.add_argument("receipt", metavar="RECEIPT|CODE", help="回执文件，或 12 位数字")
    acknowledge.add_argument("--from", dest="who", metavar="CARD|NAME", help="回执码是谁念的")


def _card(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        if args.text:
            print(peers.card_text(peers.load_own_card(workbook)))
            return
        if args.out is None:
            raise UserError("请写明名片存到哪个文件，或加 --text。")
        card = peers.save_card(workbook, args.out)
    print(f"名片已保存：{args.out.name}，指纹 {card.fingerprint}")


def _trust(args: argparse.Namespace) -> None:
    card = _load_card(args.card)
    if not args.yes:
        print(f"“{card.name}”的指纹：{card.fingerprint}")
        if not sys.stdin.isatty():
            raise UserError("请与对方当面核对上面的指纹，一致后加 --yes 再运行。")
        yes = yes_no(True)
        if input(f"与对方屏幕上的一致吗？输入 {yes} 确认：").strip() not in (yes, "y", "yes"):
            raise UserError("没有加入。指纹不一致时，请对方重新保存名片。")
    with open_workbook(args) as workbook:
        entry = peers.trust(workbook, card)
    print(f"已加入同事名单：{entry.name}")


def _load_card(card_source: str) -> peers.Card:
    if card_source.upper().startswith("HDCARD"):
        return peers.card_from_text(card_source)
    path = Path(card_source)
    return peers.card_from_image(path) if path.suffix.lower() in PICTURE_SUFFIXES else peers.read_card(path)


def _export(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        recipient = peers.find_peer(workbook, args.to).sign_key
        options = {"full": args.everything, "max_photo_bytes": args.most_bytes}
        result = run_to_completion(package_export.write_package(workbook, recipient, args.out, **options))
    print(result.message)


def _packages(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        log = peers.list_packages(workbook)
    if args.json:
        print_json([asdict(entry) for entry in log])
        return
    for entry in log:
        direction = "导出给" if entry.way == "out" else "导入自"
        acknowledged = entry.acknowledged_at and f"对方已收到 {entry.acknowledged_at}"
        print(
            f"{entry.n}\t{entry.at}\t{direction}{entry.peer}\t{entry.changes}\t{entry.pictures}\t{entry.file_name}\t{acknowledged}"
        )


def _peers(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        if args.who is None:
            result: Any = peers.list_peers(workbook)
        else:
            result = [peers.peer_detail(workbook, peers.find_peer(workbook, args.who).sign_key)]
    if args.json:
        print_json([asdict(peer) for peer in result] if args.who is None else asdict(result[0]))
    elif args.who is None:
        for peer in result:
            print(
                f"{peer.name}\t{peers.ROLES.get(peer.role, peer.role)}\t"
                f"{peer.waiting}\t{peer.photographs}\t{peer.last_heard}"
            )
    else:
        for village in result[0].villages:
            print(f"{village.name}\t{village.has}/{village.of}\t{village.percent}%\t{village.photographs}")


def _receipt(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        receipts.write(workbook, args.n, args.out)
    print(f"回执已保存：{args.out.name}")


def _receipt_code(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        print(receipts.code_for_import(workbook, args.n))


def _acknowledge(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        if args.who is None:
            result = receipts.accept(workbook, Path(args.receipt))
        else:
            result = receipts.accept_code(workbook, peers.find_peer(workbook, args.who).sign_key, args.receipt)
    print(result.message)


def _import(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        if args.dry_run:
            result: Any = run_to_completion(package_import.verify_package(workbook, args.package))
        else:
            task = package_import.import_package(workbook, args.package, accept_unseen=args.accept_revoked)
            result = run_to_completion(task)
    if args.json:
        fields = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(result).items()}
        print_json(fields | {"sentence": result.message})
    else:
        print(result.message)


def _undo_import(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        if args.n is not None:
            result = run_to_completion(import_undo.undo_import(workbook, args.n))
            print_json(asdict(result) | {"sentence": result.message}) if args.json else print(result.message)
            return
        imports = run_to_completion(import_undo.list_undoable(workbook))
    if args.json:
        print_json([asdict(entry) for entry in imports])
        return
    for entry in imports:
        print(f"{entry.n}\t{entry.at}\t{entry.peer}\t{entry.changes}\t{entry.reason or '可以撤销'}")
    if not imports:
        print("没有导入过有修改的包。")


def _conflicts(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook, workbook.reading() as session:
        open_conflicts = conflicts.load_conflicts(session, workbook.replica, hide=not workbook.may(REVEAL))
    if args.json:
        print_json(
            [
                asdict(conflict) | {"ours": conflict.ours.text, "theirs": conflict.theirs.text}
                for conflict in open_conflicts
            ]
        )
        return
    for conflict in open_conflicts:
        print(
            f"{conflict.id}\t{conflict.household}\t{conflict.field_label}\t{conflict.ours.text}\t{conflict.theirs.text}"
        )
    if not open_conflicts:
        print("没有冲突。")


def _resolve(args: argparse.Namespace) -> None:
    choice = args.take
    if choice not in ("ours", "theirs"):
        table, _, column = [*args.conflict.split(":"), "", ""][:3]
        try:
            choice = field(table, column).parse_and_validate(choice)
        except KeyError as error:
            raise UserError(f"没有“{args.conflict}”这一处冲突。编号请照 conflicts 列出的写。") from error
    with open_workbook(args) as workbook:
        conflicts.resolve(workbook, args.conflict, choice)
    print("已处理。")


def _compact(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        result: Any = run_to_completion(compaction.estimate(workbook) if args.dry_run else compaction.compact(workbook))
    print_json(asdict(result) | {"sentence": result.message}) if args.json else print(result.message)
