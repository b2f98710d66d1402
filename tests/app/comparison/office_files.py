"""A village with people of every kind, and lists of other offices about them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from app.workbook.workbook import Workbook
from db.schema.household import Member
from tests import builders

VILLAGE = builders.VILLAGE.code
BIRTHS = {name: date(1960 + n, 3, 1 + n) for n, name in enumerate(("张一", "王二", "李三", "赵四", "钱五"))}
NUMBERS = {name: builders.id_number(birth, n + 1) for n, (name, birth) in enumerate(BIRTHS.items())}


def fill(book: Workbook, **flags: dict[str, Any]) -> None:
    """Five people of two households, with these cells, name → column → value."""
    with book.writing() as session:
        households = [builders.household(session, 0, number=n + 1).id for n in range(2)]
        for n, (name, birth) in enumerate(BIRTHS.items()):
            cells: dict[str, Any] = {"id_no": NUMBERS[name], "birth": birth} | flags.get(name, {})
            relation = "户主" if n in (0, 3) else "之子"
            session.add(
                Member(
                    id=member_id(name), village=VILLAGE, household_id=households[n // 3], name=name, relation=relation,
                    **cells,
                )
            )  # fmt: skip


def member_id(name: str) -> str:
    return f"{list(BIRTHS).index(name) + 1:032x}"


def members(book: Workbook) -> dict[str, Member]:
    """Name → the member as it is now."""
    with book.reading() as session:
        found = {name: session.get(Member, member_id(name)) for name in BIRTHS}
        session.expunge_all()
    return {name: one for name, one in found.items() if one is not None}


def office_list(
    folder: Path, headers: Sequence[str], *rows: Sequence[Any], title: str = "", name: str = "名单.xlsx"
) -> Path:
    """An .xlsx of one sheet, under a title if there is one."""
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
    for row in (headers, *rows):
        sheet.append(list(row))
    path = folder / name
    book.save(path)
    return path
