"""材料用语: what papers of an era call things: the cover, the booklet, the number to call, the parts of the archive."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

import resources
from app.county.sheet import TICKED, CountySheet, EntryColumn, EntryRow
from app.county.storage import AmendmentCells, stored_cells
from app.errors import UserError
from app.records.field import options
from app.reports.catalogue import parts
from app.reports.era import SUBJECT, Era, Standing, eras
from resources.overlay import cached, current_overlay, used_overlay

KIND, TITLE, TITLE_COLUMN = "eras", "材料用语", "called"
WORD, PART = "用语", "标题"
_SUBJECT_TYPED = "{对象}"
_TITLES = "titles/"  # where the paths of titles begin
_MOST_LETTERS = 30
_STANDINGS: tuple[Standing, ...] = ("monitored", "ordinary")  # that may have words of their own
_COLUMNS = (
    EntryColumn("called", "", read_only=True, width=18),
    EntryColumn("registered", "建档立卡户的材料", width=18),
    EntryColumn("monitored", "监测户的", only_level=WORD, width=14),
    EntryColumn("ordinary", "一般农户的", only_level=WORD, width=12),
)
_HEAD = (EntryColumn("confirmed", "没有选定材料用语的村也用", "tick"),)


@cached
def names() -> list[tuple[str, str]]:
    """Each era, those of the county too."""
    return [(option.value, option.label) for option in options("era")]


def load(session: Session, name: str) -> CountySheet:
    """The words, then the parts of the archive; a title that is empty is the one of 档案标题."""
    era, own = _era(name), stored_cells(session, KIND, name)
    rows = [
        EntryRow(
            f"words/{key}",
            {"called": label, **{column: _word(era, column, key) for column in ("registered", *_STANDINGS)}},
            level=WORD,
            own=any(path.endswith(f"/{key}") for path in own),
        )
        for key, label in _labels().items()
    ]
    rows += [
        EntryRow(
            f"{_TITLES}{part.name}",
            {"called": part.title, "registered": era.titles.get(part.name, "").replace(SUBJECT, _SUBJECT_TYPED)},
            level=PART,
            own=f"{_TITLES}{part.name}" in own,
        )
        for part in parts()
        if not part.bare
    ]
    note = (
        f"{era.first_year} 年起的材料用。监测户、一般农户不填的，同前一栏。下面是各部分的标题：不填的照“档案标题”，"
        f"{_SUBJECT_TYPED} 印成对象称呼。起始年度在选项“材料用语”里改，也在那里增加"
    )
    head_cells = {"confirmed": TICKED if era.confirmed else ""}
    label = dict(names())[name]
    return CountySheet(KIND, name, label, note, _COLUMNS, tuple(rows), _HEAD, head_cells, changed=bool(own))


def amend(session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
    """What differs from the era as the list of options has it.

    Raises:
        UserError: a wording is too long, or has braces that stand for nothing
    """
    own, plain = stored_cells(session, KIND, edited.name), _plain_era(edited.name)
    cells: dict[str, AmendmentCells | None] = {}
    for path, called, typed in _typed(edited):
        usual, text = _at(plain, path), typed.strip()
        if path.startswith(_TITLES):
            text = text.replace(_SUBJECT_TYPED, SUBJECT)
        _refuse(called, text, may_name_subject=path.startswith(_TITLES))
        if text not in ("", usual):
            cells[path] = AmendmentCells(edited.title, called, label=text)
        elif path in own:
            cells[path] = None
    confirmed = edited.head_cells.get("confirmed") == TICKED
    if confirmed != plain.confirmed:
        cells["confirmed"] = AmendmentCells(edited.title, _HEAD[0].label, amount=Decimal(confirmed))
    elif "confirmed" in own:
        cells["confirmed"] = None
    return cells


def check(session: Session, name: str) -> None:
    """The era is one of the list, its words can be printed, and some era is used where a village has chosen none.

    Raises:
        UserError: one of these is not so
    """
    if name not in dict(names()):
        raise UserError(f"选项“材料用语”里没有“{name}”，它的用语没有保存。请先增加这个选项。")
    if not any(era.confirmed for era in eras()):
        raise UserError(f"至少有一个时期的材料用语要勾选“{_HEAD[0].label}”，否则没有选定的村不知道用哪一个。")
    era = _era(name)
    for words in (era.words, era.titles, *era.words_of.values()):
        for text in words.values():
            _refuse(era.value, text, may_name_subject=words is era.titles)


def knows(name: str, item: str) -> bool:
    """Whether this program has such a word or part; the era may be new."""
    table, _, key = item.partition("/")
    if table == "titles":
        return key in {part.name for part in parts()}
    return item == "confirmed" or (table in ("words", *_STANDINGS) and key in _labels())


def _typed(edited: CountySheet) -> Iterator[tuple[str, str, str]]:
    """Path, what it is called, and text of each cell."""
    for row in edited.rows:
        yield row.key, row.cells["called"], row.cells.get("registered", "")
        key = row.key.partition("/")[2]
        for column in edited.columns:
            if row.level == WORD and column.key in _STANDINGS:
                yield f"{column.key}/{key}", f"{row.cells['called']}（{column.label}）", row.cells.get(column.key, "")


def _refuse(called: str, text: str, *, may_name_subject: bool) -> None:
    """Titles alone may name whom the file is about: words are what is put there."""
    if len(text) > _MOST_LETTERS:
        raise UserError(f"“{called}”写成“{text[:20]}…”，太长，纸上印不下。最多 {_MOST_LETTERS} 个字，请写短一些。")
    if any(sign in (text.replace(SUBJECT, "") if may_name_subject else text) for sign in "{}"):
        allowed = f"花括号里只能是 {_SUBJECT_TYPED}，印成对象称呼" if may_name_subject else "这里不能有花括号"
        raise UserError(f"“{called}”写成“{text}”，{allowed}。请改正。")


def _at(era: Era, path: str) -> str:
    table, _, key = path.partition("/")
    if table == "titles":
        return era.titles.get(key, "")
    return _word(era, "registered" if table == "words" else table, key)


def _word(era: Era, column: str, key: str) -> str:
    """A word of one kind of household, "" where it has none of its own."""
    if column == "registered":
        return era.words[key]
    return next((words.get(key, "") for standing, words in era.words_of.items() if standing == column), "")


def _labels() -> Mapping[str, str]:
    called: Mapping[str, str] = resources.program_data("dictionaries", "era")["called"]
    return called


def _era(name: str) -> Era:
    return next(era for era in eras() if era.value == name)


def _plain_era(name: str) -> Era:
    """An era without the words of this county."""
    with used_overlay(current_overlay().without(KIND, name)):
        return _era(name)
