"""Does the paper still equal the record? Asked with the code on a cover: typed, scanned, photographed, in a PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.archive import catalogue, drawing, imprint, sign
from app.archive.imprint import Imprint
from app.archive.sign import Sign
from app.archive.subject import subject
from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.history import HistoryLine, history
from app.workbook.workbook import Workbook
from db.schema.household import Household

_DOING = "正在核对"
_MOST_BYTES = 60 << 20


@dataclass(frozen=True, slots=True)
class Differing:
    """A part that no longer says what was printed; `title` as the table of contents calls it."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Verified:
    """One printing held against the record of today.

    Attributes:
        printed_at: local time, "YYYY-MM-DD hh:mm:ss.mmm"
        printed_by: operator
        latest: when the household was printed last, if that is later than this printing; "" otherwise
        differing: parts that say something else now; none where paper and record are equal
        since: when the record was first changed after that printing, if the journal tells
        changes: what was changed since that printing, the newest first
    """

    household_id: str
    head: str
    file_no: str
    printed_at: str
    printed_by: str
    draft: bool
    latest: str
    differing: tuple[Differing, ...]
    since: datetime | None
    changes: tuple[HistoryLine, ...]

    @property
    def equal(self) -> bool:
        """Whether the paper says what the record says."""
        return not self.differing

    @property
    def sentence(self) -> str:
        """What the officer is told."""
        printed = f"{self.head}户档案（{self.file_no}）{self.printed_at[:16]} 由{self.printed_by}打印"
        kind = "，是草稿" if self.draft else ""
        if self.equal:
            return f"{printed}{kind}，与工作簿里的记录一致。"
        parts = "、".join(one.title for one in self.differing)
        since = f"，{self.since:%Y-%m-%d %H:%M} 起" if self.since else ""
        newer = f"{self.latest[:16]} 已重新打印过，请用新的一份。" if self.latest else "请重新打印有变化的部分。"
        return f"{printed}{kind}，与记录已不一致{since}：{parts}。{newer}"


def verify(workbook: Workbook, what: str | Path) -> Work[Verified]:
    """Hold a print against the record.

    Args:
        what: the text of the code or the short code beside it, or a file: a photograph of the cover or the PDF itself

    Raises:
        OfficeError: no code is found, it was altered, or it belongs to a household or printing that is not known here
    """
    yield Progress(0, 2, _DOING)
    asked = sign.read(_text_in(what) if isinstance(what, Path) else what)
    yield Progress(1, 2, _DOING)
    with workbook.reading() as session:
        return _held(session, asked, _known(session, asked))


def _known(session: Session, asked: Sign) -> Imprint:
    found = imprint.prints_of(session, asked.content)
    found = [one for one in found if not asked.file_no or one.file_no == asked.file_no] or found
    if not found:
        raise OfficeError(
            "这个校验码在本工作簿里没有打印记录：可能是别的村的档案，或在另一台电脑上打印、还没有交换过来。"
            "请先与同事交换数据，再核对。"
        )
    if asked.file_no and found[0].file_no != asked.file_no:
        raise OfficeError(f"码上的档号“{asked.file_no}”与打印记录“{found[0].file_no}”对不上，码可能被改动过。")
    return found[0]


def _held(session: Session, asked: Sign, then: Imprint) -> Verified:
    home = session.get(Household, then.household_id)
    if home is None or home.withdrawn:
        raise OfficeError(f"档号“{then.file_no}”的户已不在名单里，无法核对。请到“户”页查看已撤回的户。")
    now = drawing.said(session, then.household_id, list(then.parts))
    titles = {part.name: part.title for part in catalogue.parts()}
    differing = tuple(Differing(name, titles.get(name, name)) for name in imprint.changed_parts(then.parts, now))
    changes = tuple(_since(session, then)) if differing else ()
    last = imprint.last_print(session, then.household_id)
    return Verified(
        household_id=then.household_id,
        head=subject(session, then.household_id).head_name,
        file_no=then.file_no,
        printed_at=then.at,
        printed_by=then.by,
        draft=then.draft,
        latest=last.at if last and last.at > then.at else "",
        differing=differing,
        since=changes[-1].at if changes else None,
        changes=changes,
    )


def _since(session: Session, then: Imprint) -> Iterator[HistoryLine]:
    try:
        printed = datetime.fromisoformat(then.at)
    except ValueError:
        return
    for line in history(session, then.household_id):
        if line.at > printed and line.table != "archive_print":
            yield line


def _text_in(file: Path) -> str:
    """The code in a PDF of ours, or on a photograph."""
    try:
        if file.stat().st_size > _MOST_BYTES and file.suffix.lower() != ".pdf":
            raise OfficeError(f"“{file.name}”太大，不像一张照片。请选封面的照片或档案的 PDF。")
        with file.open("rb") as content:
            begins = content.read(5)
    except OSError as error:
        raise OfficeError(f"读不了文件“{file.name}”。请确认它还在原处，再试一次。") from error
    return _of_pdf(file) if begins == b"%PDF-" else _of_photograph(file)


def _of_pdf(file: Path) -> str:
    import pikepdf

    try:
        with pikepdf.open(file) as pdf:
            text = str(pdf.docinfo.get("/Keywords", ""))
    except pikepdf.PasswordError as error:
        raise OfficeError(f"“{file.name}”有密码。请打开它，输入封面上的 12 位校验码来核对。") from error
    except (pikepdf.PdfError, OSError) as error:
        raise OfficeError(f"“{file.name}”已损坏，读不出来。请输入封面上的 12 位校验码来核对。") from error
    if not text:
        raise OfficeError(f"“{file.name}”里没有单户的校验码。装订成册的，请用各户封面上的校验码分别核对。")
    return text


def _of_photograph(file: Path) -> str:
    import zxingcpp
    from PIL import Image

    try:
        with Image.open(file) as image:
            image.draft("L", (2000, 2000))
            grey = image.convert("L")
        grey.thumbnail((3000, 3000))
        found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise OfficeError(f"“{file.name}”不是照片，也不是档案的 PDF。请选封面的照片，或直接输入校验码。") from error
    texts = [one.text for one in found if one.text]
    if not texts:
        raise OfficeError("照片上没有找到封面的码。请在亮处把码拍正、拍大一些，或直接输入码旁的 12 位校验码。")
    return next((text for text in texts if text.startswith("HD1")), texts[0])
