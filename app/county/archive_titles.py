"""档案标题: what the parts of an archive are called and numbered in its table of contents."""

from sqlalchemy.orm import Session

from app.county.ordering import order_cells
from app.county.sheet import CountySheet, EntryColumn, EntryRow
from app.county.storage import AmendmentCells, stored_cells
from app.errors import UserError
from app.reports.catalogue import LISTING, parts
from resources.overlay import ORDER, PROGRAM, Overlay, current_overlay, used_overlay

KIND, TITLE, TITLE_COLUMN = "archive", "档案标题", "program"
_MOST_LETTERS = 30
_COLUMNS = (
    EntryColumn("program", "程序的标题", read_only=True, width=24),
    EntryColumn("label", "标题", width=24),
    EntryColumn("code", "编号", width=8),
)


def names() -> list[tuple[str, str]]:
    """One table of contents."""
    return [(LISTING, "一户一档目录")]


def load(session: Session, name: str) -> CountySheet:
    """Each part in filing order."""
    own, program = stored_cells(session, KIND, name), _program_titles()
    rows = [
        EntryRow(
            part.name,
            {"program": program.get(part.name, ("", ""))[0], "label": part.title, "code": part.code},
            own=part.name in own,
        )
        for part in parts()
    ]
    note = "标题和编号印在卷内文件目录上，打印时也按它选择。次序就是装订的次序，可以上移、下移"
    return CountySheet(KIND, name, "一户一档目录", note, _COLUMNS, tuple(rows), changed=bool(own), ordered=True)


def amend(session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
    """What differs from the program.

    Raises:
        UserError: a title is too long
    """
    program, kept = _program_titles(), stored_cells(session, KIND, edited.name)
    cells: dict[str, AmendmentCells | None] = {}
    for row in edited.rows:
        title, code = row.cells["label"].strip(), row.cells["code"].strip()
        usual_title, usual_code = program[row.key]
        if len(title) > _MOST_LETTERS or len(code) > _MOST_LETTERS:
            raise UserError(f"“{title[:20]}…”太长，目录里印不下。标题最多 {_MOST_LETTERS} 个字，请写短一些。")
        written = AmendmentCells(
            edited.title,
            usual_title,
            label=title if title not in ("", usual_title) else None,
            code=code if code not in ("", usual_code) else None,
        )
        if not written.is_empty:
            cells[row.key] = written
        elif row.key in kept:
            cells[row.key] = None
    usual = current_overlay().without(KIND, edited.name, ORDER)
    return {**cells, **order_cells(edited.title, _names(), _names(usual), [row.key for row in edited.rows])}


def check(session: Session, name: str) -> None:
    """Two parts must not be called the same, and the covers lie outside.

    Raises:
        UserError: they are, or something lies outside the covers
    """
    order, usual = _names(), _names(PROGRAM)
    if (order[0], order[-1]) != (usual[0], usual[-1]):
        titles = _program_titles()
        raise UserError(
            f"“{titles[usual[0]][0]}”应排在最前，“{titles[usual[-1]][0]}”应排在最后。请把它们移回去再保存。"
        )
    seen: dict[str, str] = {}
    for part in parts():
        if seen.setdefault(part.title, part.name) != part.name and part.title not in _doubled():
            raise UserError(f"目录里有两个“{part.title}”，分不清是哪一份。请改成不同的标题。")


def knows(name: str, item: str) -> bool:
    """Whether this program has such a part."""
    return name == LISTING and (item == ORDER or item in _program_titles())


def _names(overlay: Overlay | None = None) -> list[str]:
    """The parts in filing order."""
    with used_overlay(overlay or current_overlay()):
        return [part.name for part in parts()]


def _program_titles() -> dict[str, tuple[str, str]]:
    with used_overlay(PROGRAM):
        return {part.name: (part.title, part.code) for part in parts()}


def _doubled() -> set[str]:
    """Titles that the program itself gives twice."""
    titles = [title for title, _ in _program_titles().values()]
    return {title for title in titles if titles.count(title) > 1}
