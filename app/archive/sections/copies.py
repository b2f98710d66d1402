"""C03: copies of papers: photographs of documents two on a page, and places for what is still to be pasted in."""

from sqlalchemy.orm import Session

from app.archive.blocks import Block, Gap, Heading, Title, Whole
from app.archive.paper import CELL, LABEL
from app.archive.subject import Subject, picture, subject
from app.archive.tables import Cell, Row, Shown, Table
from db.schema.photo import Photo

ORDER = 72
TITLE = "证件复印件粘贴页"
DOCUMENTS = "证件资料"  # of dictionary photo_kind
_CARD = (85.6, 54.0)  # millimetres of an ID card (GB/T 14916)
_PAGE = (140, 98)


def section(session: Session, household_id: str) -> list[Block]:
    """The pictures there are; below them places for the household register, and the cards of those who have one."""
    home = subject(session, household_id)
    if not home.members and not any(one.kind == DOCUMENTS for one in home.photos):
        return []
    blocks: list[Block] = [Title(TITLE), home.heading()]
    for one in home.photos:
        if one.kind == DOCUMENTS:
            blocks += [Whole([_pictured(session, one)], photographs=1), Gap(4)]
    if len(blocks) > 2:
        blocks.append(Heading("其余证件在此粘贴"))
    return [*blocks, _places(home)]


def _pictured(session: Session, one: Photo) -> Table:
    said = "，".join(text for text in (one.people, one.caption) if text) or "证件"
    shown = Shown(picture(session, one), _PAGE, "（照片还没有收到或不能显示）")
    return Table((170,), [Row([Cell(said, LABEL, shaded=True)]), Row([Cell(shown)], least=_PAGE[1] + 4)], joined=True)


def _places(home: Subject) -> Table:
    """Two places side by side, each as large as a card and a little more."""
    wanted = ["户口簿首页", "户口簿户主页"]
    head = home.head
    if head:
        wanted += [f"身份证正面（{head.name or '户主'}）", f"身份证背面（{head.name or '户主'}）"]
    wanted += [f"残疾证（{one.name}）" for one in home.members if "残疾" in (one.health or ())]
    ill = {"长期慢性病", "患有大病"}
    wanted += [f"慢性病证（{one.name}）" for one in home.members if not ill.isdisjoint(one.health or ())]
    wanted += [""] * (len(wanted) % 2)
    rows = []
    for n in range(0, len(wanted), 2):
        pair = [Shown(None, _CARD, f"（{text}粘贴处）" if text else "") for text in wanted[n : n + 2]]
        rows.append(Row([Cell(one, CELL) for one in pair], least=_CARD[1] + 3))
    return Table((85, 85), rows)
