"""Commands of the exchange: cards, peers, packages, receipts, conflicts."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.commands import Commands, command
from app.commands.books import opened, printed
from app.errors import OfficeError
from app.exchange import conflicts, incoming, outgoing, peers, receipts
from app.progress import finish
from app.records.field import field

_PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")


def add(commands: Commands) -> None:
    card = command(commands, "card", "保存本机的名片，交给同事", _card)
    card.add_argument("out", type=Path, metavar="OUT", nargs="?")
    card.add_argument("--text", action="store_true", help="写成一行文字，与二维码里的一样")
    trust = command(commands, "trust", "加入同事的名片（先当面核对指纹）", _trust)
    trust.add_argument("card", metavar="CARD|PICTURE|TEXT", help="名片文件、有名片二维码的图片，或 HDCARD1: 开头的文字")
    trust.add_argument("--yes", action="store_true", help="指纹已经核对过")
    export = command(commands, "export", "导出给一位同事的数据包", _export)
    export.add_argument("out", type=Path, metavar="OUT")
    export.add_argument("--to", required=True, metavar="CARD|NAME", help="同事的名片文件，或名单里的名称")
    export.add_argument("--everything", action="store_true", help="他的工作簿是新的或丢过，全部重发")
    export.add_argument("--most-bytes", type=int, metavar="N", help="照片最多装多少字节，装不下的留给下一个包")
    import_ = command(commands, "import", "导入数据包", _import)
    import_.add_argument("package", type=Path, metavar="PACKAGE")
    import_.add_argument("--dry-run", action="store_true", help="只看会改什么，不写入")
    import_.add_argument("--json", action="store_true")
    _add_receipts(commands)
    listed = command(commands, "conflicts", "还没有处理的冲突", _conflicts)
    listed.add_argument("--json", action="store_true")
    settle = command(commands, "settle", "处理一处冲突", _settle)
    settle.add_argument("conflict", metavar="CONFLICT", help="conflicts 列出的编号")
    settle.add_argument("--take", required=True, metavar="ours|theirs|VALUE", help="用我方、用对方，或第三个值")


def _add_receipts(commands: Commands) -> None:
    log = command(commands, "packages", "导出和导入过的包，新的在前", _packages)
    log.add_argument("--json", action="store_true")
    about = command(commands, "peers", "同事名单；给出名称就逐村列出他有什么、还差什么", _peers)
    about.add_argument("who", nargs="?", metavar="CARD|NAME")
    about.add_argument("--json", action="store_true")
    receipt = command(commands, "receipt", "给一次导入写回执，交给发包的同事", _receipt)
    receipt.add_argument("n", type=int, metavar="N", help="packages 列出的编号")
    receipt.add_argument("out", type=Path, metavar="OUT")
    spoken = command(commands, "receipt-code", "一次导入的回执码，在电话里念给发包的同事", _receipt_code)
    spoken.add_argument("n", type=int, metavar="N", help="packages 列出的编号")
    known = command(commands, "acknowledge", "收下同事的回执，或他在电话里念的回执码", _acknowledge)
    known.add_argument("receipt", metavar="RECEIPT|CODE", help="回执文件，或 12 位数字")
    known.add_argument("--from", dest="who", metavar="CARD|NAME", help="回执码是谁念的")


def _card(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        if given.text:
            print(peers.card_text(peers.my_card(workbook)))
            return
        if given.out is None:
            raise OfficeError("请写明名片存到哪个文件，或加 --text。")
        card = peers.save_card(workbook, given.out)
    print(f"名片已保存：{given.out.name}，指纹 {card.fingerprint}")


def _trust(given: argparse.Namespace) -> None:
    card = _card_given(given.card)
    if not given.yes:
        print(f"“{card.name}”的指纹：{card.fingerprint}")
        if not sys.stdin.isatty():
            raise OfficeError("请与对方当面核对上面的指纹，一致后加 --yes 再运行。")
        if input("与对方屏幕上的一致吗？输入 是 确认：").strip() not in ("是", "y", "yes"):
            raise OfficeError("没有加入。指纹不一致时，请对方重新保存名片。")
    with opened(given) as workbook:
        entry = peers.trust(workbook, card)
    print(f"已加入同事名单：{entry.name}")


def _card_given(said: str) -> peers.Card:
    if said.upper().startswith("HDCARD"):
        return peers.card_from_text(said)
    path = Path(said)
    return peers.card_from_picture(path) if path.suffix.lower() in _PICTURES else peers.read_card(path)


def _export(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        to = peers.find(workbook, given.to).sign_key
        how = {"everything": given.everything, "most_bytes": given.most_bytes}
        sent = finish(outgoing.write_package(workbook, to, given.out, **how))
    print(sent.sentence)


def _packages(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        log = peers.packages(workbook)
    if given.json:
        printed([asdict(entry) for entry in log])
        return
    for entry in log:
        way = "导出给" if entry.way == "out" else "导入自"
        told = entry.acknowledged_at and f"对方已收到 {entry.acknowledged_at}"
        print(f"{entry.n}\t{entry.at}\t{way}{entry.peer}\t{entry.changes}\t{entry.pictures}\t{entry.file_name}\t{told}")


def _peers(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        if given.who is None:
            found: Any = peers.listed(workbook)
        else:
            found = [peers.detail(workbook, peers.find(workbook, given.who).sign_key)]
    if given.json:
        printed([asdict(one) for one in found] if given.who is None else asdict(found[0]))
    elif given.who is None:
        for one in found:
            print(
                f"{one.name}\t{peers.ROLES.get(one.role, one.role)}\t{one.waiting}\t{one.photographs}\t{one.last_heard}"
            )
    else:
        for share in found[0].villages:
            print(f"{share.name}\t{share.has}/{share.of}\t{share.percent}%\t{share.photographs}")


def _receipt(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        finish(receipts.write(workbook, given.n, given.out))
    print(f"回执已保存：{given.out.name}")


def _receipt_code(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        print(receipts.code(workbook, given.n))


def _acknowledge(given: argparse.Namespace) -> None:
    with opened(given) as workbook:
        if given.who is None:
            taken = finish(receipts.read(workbook, Path(given.receipt)))
        else:
            taken = finish(receipts.take_code(workbook, peers.find(workbook, given.who).sign_key, given.receipt))
    print(taken.sentence)


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
