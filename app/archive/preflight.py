"""Which characters of which households no font can print, known before anything is printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.archive import fonts
from app.archive.subject import subject
from app.errors import OfficeError
from app.progress import Progress, Work
from app.records.field import fields, table_label
from app.workbook.workbook import Workbook
from db.schema import records

_UNPRINTED = {"village", "round", "checklist_used", "archive_print"}


@dataclass(frozen=True, slots=True)
class Missing:
    """Characters of one field that no font has; `about` names the record, e.g. "家庭成员 陈卫国"."""

    household_id: str
    household: str
    about: str
    label: str
    characters: tuple[str, ...]


class MissingCharacters(OfficeError):
    """Something to be printed has characters that no font has; `found` says where."""

    def __init__(self, found: Sequence[Missing]) -> None:
        said = "；".join(
            f"{one.household}：{one.about}的“{one.label}”有"
            + "、".join(f"“{character}”(U+{ord(character):04X})" for character in one.characters)
            for one in found[:5]
        )
        more = f" 等 {len(found)} 处" if len(found) > 5 else ""
        super().__init__(f"有字打印不出来：{said}{more}。请核对这些字，或选择用〔U+编码〕代替后再打印。")
        self.found = tuple(found)


def preflight(workbook: Workbook, households: Sequence[str]) -> Work[list[Missing]]:
    """Everything in these households that cannot be printed as it is written; empty when all can.

    Raises:
        OfficeError: one of the households is gone
    """
    found: list[Missing] = []
    for n, household in enumerate(households):
        if n % 20 == 0:
            yield Progress(n, len(households), "正在检查生僻字")
        with workbook.reading() as session:
            found += _of_household(session, household)
    return found


def printable(workbook: Workbook, households: Sequence[str]) -> Work[None]:
    """Refuse what `preflight` finds.

    Raises:
        MissingCharacters: a character cannot be printed
        OfficeError: one of the households is gone
    """
    lacking = yield from preflight(workbook, households)
    if lacking:
        raise MissingCharacters(lacking)


def _of_household(session: Session, household: str) -> Iterator[Missing]:
    home = subject(session, household)
    reached: dict[str, list[str]] = {"household": [household]}
    for table, model in records().items():
        if table in _UNPRINTED:
            continue
        rows = [home.household] if table == "household" else _below(session, table, model, reached)
        reached[table] = [row.id for row in rows]
        texts = [one for one in fields(table) if one.kind in ("text", "long") and not one.declared.derived]
        for row in rows:
            for one in texts:
                lacking = fonts.missing(getattr(row, one.name) or "")
                if lacking:
                    about = f"{table_label(table)}{_name(row)}"
                    yield Missing(household, home.head_name, about, one.label, tuple(lacking))


def _below(session: Session, table: str, model: Any, reached: dict[str, list[str]]) -> list[Any]:
    """Records that hang on the household, directly or through another; helpers through their assignments."""
    if table == "helper":
        model_of = records()["assignment"]
        helping: Any = select(getattr(model_of, "helper_id")).where(  # noqa: B009 - Record itself has no such column
            getattr(model_of, "household_id").in_(reached["household"])  # noqa: B009
        )
        return list(session.scalars(select(model).where(model.id.in_(helping))))
    for one in fields(table):
        parents = reached.get(one.declared.refers, []) if one.kind == "reference" else []
        if parents:
            column = getattr(model, one.name)
            return list(session.scalars(select(model).where(column.in_(parents), ~model.withdrawn)))
    return []


def _name(row: Any) -> str:
    name = getattr(row, "name", None) or getattr(row, "title", None)
    return f" {name} " if isinstance(name, str) and row.__tablename__ != "household" else ""
