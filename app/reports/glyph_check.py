"""Which characters of which households no font can print, known before anything is printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.pdf import fonts
from app.progress import Progress, Task
from app.records.field import fields, table_label
from app.reports.household_context import load_context
from app.workbook.workbook import Workbook
from db.schema import records

_EXCLUDED_TABLES = {"village", "round", "checklist_used", "archive_print"}


@dataclass(frozen=True, slots=True)
class MissingGlyph:
    """Characters of one field that no font has; `about` names the record, e.g. "家庭成员 陈卫国"."""

    household_id: str
    household_name: str
    record: str
    label: str
    characters: tuple[str, ...]


class MissingGlyphsError(UserError):
    """Something to be printed has characters that no font has; `found` says where."""

    def __init__(self, missing: Sequence[MissingGlyph]) -> None:
        details = "；".join(
            f"{item.household_name}：{item.record}的“{item.label}”有"
            + "、".join(f"“{character}”(U+{ord(character):04X})" for character in item.characters)
            for item in missing[:5]
        )
        more = f" 等 {len(missing)} 处" if len(missing) > 5 else ""
        super().__init__(f"有字打印不出来：{details}{more}。请核对这些字，或选择用〔U+编码〕代替后再打印。")
        self.missing = tuple(missing)


def find_missing_glyphs(workbook: Workbook, households: Sequence[str]) -> Task[list[MissingGlyph]]:
    """Everything in these households that cannot be printed as it is written; empty when all can.

    Raises:
        UserError: one of the households is gone
    """
    missing: list[MissingGlyph] = []
    for n, household_id in enumerate(households):
        if n % 20 == 0:
            yield Progress(n, len(households), "正在检查生僻字")
        with workbook.reading() as session:
            missing += _check_household(session, household_id)
    return missing


def require_glyphs(workbook: Workbook, households: Sequence[str]) -> Task[None]:
    """Refuse what `preflight` finds.

    Raises:
        MissingGlyphsError: a character cannot be printed
        UserError: one of the households is gone
    """
    missing = yield from find_missing_glyphs(workbook, households)
    if missing:
        raise MissingGlyphsError(missing)


def _check_household(session: Session, household_id: str) -> Iterator[MissingGlyph]:
    context = load_context(session, household_id)
    ids_by_table: dict[str, list[str]] = {"household": [household_id]}
    for table, model in records().items():
        if table in _EXCLUDED_TABLES:
            continue
        rows = [context.household] if table == "household" else _related_records(session, table, model, ids_by_table)
        ids_by_table[table] = [row.id for row in rows]
        text_fields = [
            text_field
            for text_field in fields(table)
            if text_field.kind in ("text", "long") and not text_field.spec.derived
        ]
        for row in rows:
            for text_field in text_fields:
                missing = fonts.missing_characters(getattr(row, text_field.name) or "")
                if missing:
                    record = f"{table_label(table)}{_record_name(row)}"
                    yield MissingGlyph(household_id, context.head_name, record, text_field.label, tuple(missing))


def _related_records(session: Session, table: str, model: Any, ids_by_table: dict[str, list[str]]) -> list[Any]:
    """Records that hang on the household, directly or through another; helpers through their assignments."""
    if table == "helper":
        assignment = records()["assignment"]
        helper_ids: Any = select(getattr(assignment, "helper_id")).where(  # noqa: B009 - Record itself has no such column
            getattr(assignment, "household_id").in_(ids_by_table["household"])  # noqa: B009
        )
        return list(session.scalars(select(model).where(model.id.in_(helper_ids))))
    for reference in fields(table):
        parent_ids = ids_by_table.get(reference.spec.refers, []) if reference.kind == "reference" else []
        if parent_ids:
            column = getattr(model, reference.name)
            return list(session.scalars(select(model).where(column.in_(parent_ids), ~model.withdrawn)))
    return []


def _record_name(row: Any) -> str:
    name = getattr(row, "name", None) or getattr(row, "title", None)
    return f" {name} " if isinstance(name, str) and row.__tablename__ != "household" else ""
