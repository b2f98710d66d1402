"""交接回执: the printed receipt of one package: content, sender and recipient, signed by both."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf.flowables import Flowable, Paragraph, SignatureBlock, SignatureField, Spacer, Title
from app.pdf.page_style import BODY, CELL, LABEL
from app.pdf.table import Cell, Table, TableRow
from app.reports import formatting
from app.reports.household_selection import select_households
from app.reports.parameters import ReportParameters
from app.sync import receipts
from db.schema.exchange import PackageLog, Peer

TITLE = "数据交接回执"
GROUP = "其他"
ORDER = 50
SUBJECT = "package"
FRAME = "plain"
_RESULT_COUNTS = (("known", "早已有的变更"), ("conflicts", "内容不一致的地方"))
_AGREEMENT = "双方核对文件校验码一致后签字，各存一份。数据包用完请当面删除。"
_CODE_INSTRUCTION = "请把回执码念给交出方，他在“数据交换”里输入，就知道已经收到。"
_CODE_DIGITS = 16  # of the file's digest, read out and compared


def build(session: Session, parameters: ReportParameters) -> Sequence[Flowable]:
    """Direction, date, file, counts, and the code that shows that both sides have the same file.

    Raises:
        UserError: no package is chosen
    """
    log = session.get(PackageLog, parameters.package) if parameters.package else None
    if log is None:
        raise UserError("请先选择一次数据交换。")
    peer = session.scalar(select(Peer).where((Peer.sign_key == log.peer) | (Peer.name == log.peer)))
    peer_name, own_name = (peer.name if peer else log.peer) or formatting.EMPTY, log.operator
    is_export = log.way == "out"
    facts = [
        ("方向", "交出" if is_export else "收进"),
        ("时间", _format_moment(log.at)),
        ("交出方", own_name if is_export else peer_name),
        ("接收方", peer_name if is_export else own_name),
        ("文件名", log.file_name),
        ("变更条数", f"{log.changes:,}"),
        ("照片张数", f"{log.pictures:,}"),
        ("结果", _result_text(log)),
        (
            "对方回执",
            _format_moment(log.acknowledged_at)
            if log.acknowledged_at
            else "还没有收到"
            if is_export
            else formatting.EMPTY,
        ),
        ("文件校验码", _group_digits(log.digest or log.package)),
    ]
    if not is_export and (code := _receipt_code(session, log)):
        facts.append(("回执码", code))
    return [
        Title(TITLE, select_households(session, parameters).place),
        Table(
            (38, 132),
            [TableRow([Cell(label, LABEL, shaded=True), Cell(text or "—", CELL)], 10) for label, text in facts],
        ),
        Spacer(4),
        Paragraph(_AGREEMENT if is_export else f"{_AGREEMENT}{_CODE_INSTRUCTION}", BODY),
        SignatureBlock([SignatureField("交出人签字"), SignatureField("接收人签字")]),
    ]


def _result_text(log: PackageLog) -> str:
    """The stored result of an import in words."""
    if log.undone_at:
        return f"{_format_moment(log.undone_at)} 已撤销"
    try:
        result = json.loads(log.result or "{}")
    except ValueError:
        result = {}
    counts = [f"{label} {result[key]}" for key, label in _RESULT_COUNTS if isinstance(result, dict) and key in result]
    return "，".join(counts) or ("已生成" if log.way == "out" else "已收进")


def _format_moment(text: str) -> str:
    """An ISO moment as 2018年8月10日 09:30."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text or formatting.EMPTY
    return f"{formatting.day(moment.date())} {moment:%H:%M}"


def _receipt_code(session: Session, log: PackageLog) -> str:
    """The code that tells the sender of the package's arrival; "" if there is none."""
    try:
        return receipts.compute_code(session, log.n)
    except UserError:
        return ""


def _group_digits(digest: str) -> str:
    code = digest[:_CODE_DIGITS].upper()
    return " ".join(code[n : n + 4] for n in range(0, len(code), 4))
