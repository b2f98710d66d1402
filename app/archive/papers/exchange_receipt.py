"""交接回执: on paper what one package carried, from whom to whom, signed by both."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.about import About
from app.archive.blocks import Block, Gap, Signature, Slot, Text, Title
from app.archive.listed import listed
from app.archive.paper import BODY, CELL, LABEL
from app.archive.tables import Cell, Row, Table
from app.errors import OfficeError
from app.exchange import receipts
from db.schema.exchange import PackageLog, Peer

TITLE = "数据交接回执"
GROUP = "其他"
ORDER = 50
ABOUT = "package"
EDGE = "plain"
_COUNTS = (("known", "早已有的变更"), ("conflicts", "写得不一样的地方"))
_AGREED = "双方核对文件校验码一致后签字，各存一份。数据包用完请当面删除。"
_TOLD = "请把回执码念给交出方，他在“数据交换”里输入，就知道已经收到。"
_CODE = 16  # digits of the file's digest that are read out and compared


def paper(session: Session, about: About) -> Sequence[Block]:
    """Way, day, file, counts and the code that shows that both sides have the same file.

    Raises:
        OfficeError: no package is chosen
    """
    log = session.get(PackageLog, about.package) if about.package else None
    if log is None:
        raise OfficeError("请先选择一次数据交换。")
    peer = session.scalar(select(Peer).where((Peer.sign_key == log.peer) | (Peer.name == log.peer)))
    other, here = (peer.name if peer else log.peer) or wording.EMPTY, log.operator
    out = log.way == "out"
    rows = [
        ("方向", "交出" if out else "收进"),
        ("时间", _moment(log.at)),
        ("交出方", here if out else other),
        ("接收方", other if out else here),
        ("文件名", log.file_name),
        ("变更条数", f"{log.changes:,}"),
        ("照片张数", f"{log.pictures:,}"),
        ("结果", _result(log)),
        ("对方回执", _moment(log.acknowledged_at) if log.acknowledged_at else "还没有收到" if out else wording.EMPTY),
        ("文件校验码", _grouped(log.digest or log.package)),
    ]
    if not out and (code := _receipt_code(session, log)):
        rows.append(("回执码", code))
    return [
        Title(TITLE, listed(session, about).place),
        Table((38, 132), [Row([Cell(a, LABEL, shaded=True), Cell(b or "—", CELL)], 10) for a, b in rows]),
        Gap(4),
        Text(_AGREED if out else f"{_AGREED}{_TOLD}", BODY),
        Signature([Slot("交出人签字"), Slot("接收人签字")]),
    ]


def _result(log: PackageLog) -> str:
    """What an import wrote into its line of the log, in words."""
    if log.undone_at:
        return f"{_moment(log.undone_at)} 已撤销"
    try:
        said = json.loads(log.result or "{}")
    except ValueError:
        said = {}
    words = [f"{label} {said[key]}" for key, label in _COUNTS if isinstance(said, dict) and key in said]
    return "，".join(words) or ("已生成" if log.way == "out" else "已收进")


def _moment(text: str) -> str:
    """An ISO moment as 2018年8月10日 09:30."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text or wording.EMPTY
    return f"{wording.day(moment.date())} {moment:%H:%M}"


def _receipt_code(session: Session, log: PackageLog) -> str:
    """What the sender types to learn that the package has arrived; "" where there is none."""
    try:
        return receipts.code_of(session, log.n)
    except OfficeError:
        return ""


def _grouped(digest: str) -> str:
    code = digest[:_CODE].upper()
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))
