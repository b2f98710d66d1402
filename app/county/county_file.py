"""县级资料包: what one village entered for its county, as a file for the other villages. No personal data is in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.county import yearly_standards
from app.county.amounts import finite
from app.county.editing import KINDS, check_changes
from app.county.sheet import ChangeLine, plain_number
from app.county.storage import AmendmentCells, overlay_with, stored_cells, write_cells
from app.errors import UnrecognizedFile, UserError
from app.records.field import field
from app.records.standards import load_standards
from app.workbook.workbook import Workbook
from resources.overlay import used_overlay

FORMAT, VERSION, SUFFIX = "hudang-county", 1, ".hdcounty"
_MOST_BYTES = 8 * 2**20
_MOST_ENTRIES = 5000  # of each kind; a county enters some hundreds
_NOT_ONE = "“{}”不是县级资料包，或已损坏。请向给你的人重新要一份。"
Changes = dict[tuple[str, str], dict[str, AmendmentCells | None]]
Lines = dict[tuple[int, str], tuple[Decimal, str]]  # year and kind → amount and document


@dataclass(frozen=True, slots=True)
class CountyFile:
    """What a file says, checked; `lines`: what taking it in would change here."""

    county: str
    author: str
    made_on: str
    changes: Changes
    standards: Lines
    lines: tuple[ChangeLine, ...]


def export_county(workbook: Workbook, path: Path) -> int:
    """Write the file; returns how many entries it has.

    Raises:
        UserError: nothing was entered, the village names no county, or the file cannot be written
    """
    village = workbook.villages[0]
    if not village.county:
        raise UserError("本工作簿的村没有填写县（市、区），别的村无法核对。请先在“村”里填写，再导出。")
    with workbook.reading() as session:
        amendments = [
            {"kind": kind, "name": name, "item": item} | _as_json(cells)
            for kind, about in KINDS.items()
            for name, _ in about.names()
            for item, cells in stored_cells(session, kind, name).items()
        ]
        standards = [
            {"year": line.year, "kind": line.kind, "amount": str(line.amount), "source": line.source}
            for _, line in sorted(load_standards(session).entered.items())
        ]
    if not amendments and not standards:
        raise UserError("还没有录入县里的规定，没有可以导出的内容。")
    content = {
        "format": FORMAT, "version": VERSION, "province": village.province, "city": village.city,
        "county": village.county, "author": workbook.operator, "made_on": date.today().isoformat(),
        "amendments": amendments, "standards": standards,
    }  # fmt: skip
    try:
        path.write_text(json.dumps(content | {"digest": _digest(content)}, ensure_ascii=False, indent=1), "utf-8")
    except OSError as error:
        raise UserError(f"“{path.name}”写不了，U 盘可能已满或已拔出。请检查后重新导出。") from error
    workbook.audit("导出县级资料包", len(amendments) + len(standards))
    return len(amendments) + len(standards)


def read_county(workbook: Workbook, path: Path) -> CountyFile:
    """Read and check a file whole; nothing is written.

    Raises:
        UnrecognizedFile: it is no such file, or damaged
        UserError: of a newer program, of another county, or something in it cannot be kept; the sentence says what
    """
    raw = _read(path)
    _check_county(workbook, path, str(raw.get("county") or ""))
    with workbook.reading() as session:
        changes, standards = _changes(raw, path), _standards(raw, path)
        check_changes(session, changes)
        lines = (*_changed_standards(session, standards), *_changed_lines(session, changes))
    return CountyFile(raw["county"], str(raw.get("author", "")), str(raw.get("made_on", "")), changes, standards, lines)


def import_county(workbook: Workbook, path: Path) -> int:
    """Take a file in, whole or not at all, as one operation; returns how many entries it changed. What is entered here
    and not in the file stays.

    Raises:
        UserError: as `read_county`
    """
    file = read_county(workbook, path)
    if not file.lines:
        return 0
    with workbook.operation(f"导入县级资料包：{path.name}") as session:
        check_changes(session, file.changes)
        for (kind, name), cells in file.changes.items():
            write_cells(session, kind, name, cells)
        for (year, kind), (amount, source) in file.standards.items():
            yearly_standards.write_line(session, year, kind, amount, source)
    return len(file.lines)


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnrecognizedFile(_NOT_ONE.format(path.name))
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UnrecognizedFile(_NOT_ONE.format(path.name)) from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT or not isinstance(raw.get("version"), int):
        raise UnrecognizedFile(_NOT_ONE.format(path.name))
    if raw["version"] > VERSION:
        raise UserError(f"“{path.name}”由较新版本的程序导出，本机还读不懂。请先更新程序，再导入；现有内容没有改动。")
    if raw.pop("digest", "") != _digest(raw):
        raise UnrecognizedFile(f"“{path.name}”的内容在导出以后被改动或损坏。请向给你的人重新要一份。")
    return raw


def _check_county(workbook: Workbook, path: Path, county: str) -> None:
    own = next((village.county for village in workbook.villages if village.county), "")
    if not own:
        raise UserError("本工作簿的村没有填写县（市、区），无法核对资料包是不是本县的。请先在“村”里填写，再导入。")
    if county.strip() != own.strip():
        raise UserError(
            f"“{path.name}”是“{county or '（没有写明县）'}”的，本工作簿的村在“{own}”，没有导入。请换用本县的资料包。"
        )


def _entries(raw: Mapping[str, Any], name: str, path: Path) -> list[Any]:
    """One of the lists of a file, no longer than a county would have it; KeyError where there is none."""
    entries = raw[name]
    if not isinstance(entries, list) or len(entries) > _MOST_ENTRIES:
        raise UnrecognizedFile(_NOT_ONE.format(path.name))
    return entries


def _changes(raw: Mapping[str, Any], path: Path) -> Changes:
    changes: Changes = {}
    names = {field.name for field in fields(AmendmentCells)}
    try:
        for one in _entries(raw, "amendments", path):
            kind, name, item = str(one["kind"]), str(one["name"]), str(one["item"])
            if kind not in KINDS or not KINDS[kind].knows(name, item):
                raise UserError(
                    f"“{path.name}”里的“{one.get('subject') or name}”本机的程序没有。"
                    "请先更新程序，再导入；现有内容没有改动。"
                )
            cells = {key: one[key] for key in names & one.keys()}
            if cells.get("amount") is not None:
                cells["amount"] = finite(cells["amount"])
                if cells["amount"] is None:
                    raise UnrecognizedFile(_NOT_ONE.format(path.name))
            texts = {key: value for key, value in cells.items() if key not in ("amount", "hidden")}
            if not all(isinstance(value, str) for value in texts.values()) or cells.get("hidden") not in (
                None,
                True,
                False,
            ):
                raise UnrecognizedFile(_NOT_ONE.format(path.name))
            changes.setdefault((kind, name), {})[item] = AmendmentCells(**cells)
    except (KeyError, TypeError, AttributeError) as error:
        raise UnrecognizedFile(_NOT_ONE.format(path.name)) from error
    return changes


def _standards(raw: Mapping[str, Any], path: Path) -> Lines:
    found: Lines = {}
    try:
        for one in _entries(raw, "standards", path):
            values = {
                name: field("standard", name).parse_and_validate(one[name]) for name in ("year", "kind", "amount")
            }
            year, kind, amount = values["year"], values["kind"], values["amount"]
            if not isinstance(year, int) or not isinstance(kind, str) or not isinstance(amount, Decimal):
                raise UnrecognizedFile(_NOT_ONE.format(path.name))
            found[year, kind] = amount, str(one.get("source") or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise UnrecognizedFile(_NOT_ONE.format(path.name)) from error
    return found


def _changed_standards(session: Session, standards: Lines) -> list[ChangeLine]:
    entered = {(line.year, line.kind): line.amount for line in load_standards(session).entered.values()}
    return [
        ChangeLine(f"{year} 年{kind}", plain_number(entered.get((year, kind))), plain_number(amount))
        for (year, kind), (amount, _) in sorted(standards.items(), reverse=True)
        if entered.get((year, kind)) != amount
    ]


def _changed_lines(session: Session, changes: Changes) -> list[ChangeLine]:
    lines = []
    with used_overlay(overlay_with(session, {})):
        for (kind, name), cells in changes.items():
            kept = stored_cells(session, kind, name)
            for item, wanted in cells.items():
                if wanted is not None and kept.get(item) != wanted:
                    before = _told(kept[item]) if item in kept else ""
                    lines.append(ChangeLine(f"{wanted.subject}：{wanted.entry}", before, _told(wanted)))
    return lines


def _told(cells: AmendmentCells) -> str:
    """The cells in a few words; of a whole text only that there is one."""
    parts = [
        f"{field('amendment', name).label} {field('amendment', name).text(getattr(cells, name))}"
        for name in ("label", "code", "aliases", "model", "hidden", "amount")
        if getattr(cells, name) not in (None, "")
    ]
    return "，".join([*parts, *(["已改写"] if cells.text else [])])


def _as_json(cells: AmendmentCells) -> dict[str, Any]:
    found = {one.name: getattr(cells, one.name) for one in fields(cells)}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in found.items() if value is not None
    }


def _digest(content: Mapping[str, Any]) -> str:
    """Says that a file is as it was written; it is no signature."""
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
