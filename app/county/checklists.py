"""评分标准: items with their points, and the points to look at, as a whole text with a number of its version."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import resources
from app.checklists.template import InvalidChecklist, checklist_text, parse_checklist
from app.county.sheet import TICKED, CountySheet, EntryColumn, EntryRow
from app.county.storage import AmendmentCells, stored_cells
from app.county.toml_text import toml_text
from app.errors import UserError
from app.records.validators import FULL_WIDTH
from db.schema.inspection import ChecklistVersion, Round
from resources.overlay import cached, current_overlay

KIND, TITLE, TITLE_COLUMN = "checklists", "评分标准", "label"
FULL_POINTS = 100
ITEM, CHECK = "项目", "要点"
_COLUMNS = (
    EntryColumn("level", "", read_only=True, width=5),
    EntryColumn("label", "项目和检查要点", width=28),
    EntryColumn("points", "分值", "number", only_level=ITEM, width=6),
    EntryColumn("photo", "要拍照", "tick", only_level=CHECK, width=6),
    EntryColumn("hard_fail", "一票否决时怎么办", only_level=CHECK, width=14),
)
_HEAD = (
    EntryColumn("title", "名称"),
    EntryColumn("pass_total", "达标总分", "number"),
    EntryColumn("pass_item_share", "每项至少得分（%）", "number"),
    EntryColumn("hidden", "停用", "tick"),
)


@cached
def names() -> list[tuple[str, str]]:
    """All checklists, the county's own too."""
    return [(name, parse_checklist(checklist_text(name)).title) for name in resources.names(KIND)]


def load(session: Session, name: str) -> CountySheet:
    """The items, each with its points to look at below."""
    raw, own = tomllib.loads(checklist_text(name)), stored_cells(session, KIND, name)
    rows = []
    for item in raw["items"]:
        cells = {"level": ITEM, "label": item["label"], "points": f"{item['points']:g}"}
        rows.append(EntryRow(item["code"], cells, level=ITEM, own=bool(own), removable=True))
        rows += [
            EntryRow(
                one["code"],
                {
                    "level": CHECK,
                    "label": one["label"],
                    "photo": TICKED if one.get("photo") else "",
                    "hard_fail": one.get("hard_fail", ""),
                },
                level=CHECK,
                own=bool(own),
                removable=True,
            )
            for one in item["checks"]
        ]
    head = {
        "title": raw["title"],
        "pass_total": f"{raw['pass_total']:g}",
        "pass_item_share": f"{raw['pass_item_share'] * 100:g}",
        "hidden": TICKED if current_overlay().is_hidden(KIND, name) else "",
    }
    note = (
        f"第 {raw['version']} 版。依据：{raw.get('source', '')}。改动只影响以后新建的轮次，已建的轮次按原来的版本计分"
    )
    return CountySheet(
        KIND, name, raw["title"], note, _COLUMNS, tuple(rows), _HEAD, head, (ITEM, CHECK), bool(own),
        ordered=True, whole=True, only_here=name not in resources.program_names(KIND),
    )  # fmt: skip


def amend(session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
    """The whole text, one version on where anything of it differs.

    Raises:
        UserError: a number is none, or the weights do not add up
    """
    model = edited.name if edited.name in resources.names(KIND) else edited.head_cells["model"]
    raw = tomllib.loads(checklist_text(model))
    built = raw | {
        "title": edited.head_cells["title"].strip(),
        "pass_total": _number("达标总分", edited.head_cells["pass_total"]),
        "pass_item_share": _number("每项至少得分", edited.head_cells["pass_item_share"]) / 100,
        "items": list(_items(edited)),
    }
    if edited.name != model:
        built |= {"code": edited.name, "version": 0, "preset": ""}
    hidden = edited.head_cells.get("hidden") == TICKED
    if built != raw:
        built["version"] += 1
    kept = stored_cells(session, KIND, edited.name).get("")
    text = toml_text(built) if built != raw else kept.text if kept else None
    wanted = AmendmentCells(built["title"], TITLE, hidden=hidden or None, text=text)
    return {"": None if wanted.is_empty else wanted}


def check(session: Session, name: str) -> None:
    """The loader can score with it, and its weights add up.

    Raises:
        UserError: neither
    """
    text = current_overlay().text(KIND, name)
    if text is None:
        return
    definition = parse_checklist(text)
    total = sum((item.points for item in definition.items), Fraction(0))
    if total != FULL_POINTS:
        raise InvalidChecklist(
            f"评分标准“{definition.title}”各项目分值合计 {float(total):g} 分，应为 {FULL_POINTS} 分。"
            "请调整分值后再保存。"
        )
    if not 0 <= definition.pass_total <= FULL_POINTS or not 0 <= definition.pass_item_share <= 1:
        raise InvalidChecklist(f"评分标准“{definition.title}”的达标线应在 0 到 {FULL_POINTS} 之间。请改正后再保存。")
    if not definition.title:
        raise InvalidChecklist("评分标准应填写名称。")


def refuse_removal(session: Session, name: str) -> None:
    """A checklist that only this county has stays while rounds name it.

    Raises:
        UserError: with the count
    """
    used = session.scalar(
        select(func.count())
        .join_from(Round, ChecklistVersion, Round.checklist_id == ChecklistVersion.id)
        .where(~Round.withdrawn, ChecklistVersion.code == name)
    )
    if used:
        raise UserError(f"已有 {used} 轮检查用这份评分标准，不能删除。请勾选“停用”：已建的轮次照常，新建时不再出现。")


def knows(name: str, item: str) -> bool:
    """Any checklist can be taken in as a whole."""
    return item == ""


def _items(edited: CountySheet) -> Iterator[Mapping[str, Any]]:
    """Rows as items with their points to look at; a new one gets a code that was never used."""
    taken = {row.key for row in edited.rows}
    items: list[dict[str, Any]] = []
    for row in edited.rows:
        label = row.cells.get("label", "").strip()
        if not label:
            raise UserError(f"“{edited.title}”有一行没有填写名称。请填写，或删除这一行。")
        code = row.key if not row.is_new else _new_code("J" if row.level == ITEM else "Y", taken)
        if row.level == ITEM:
            items.append({"code": code, "label": label, "points": _number(label, row.cells["points"]), "checks": []})
        elif not items:
            raise UserError(f"要点“{label}”前面没有项目。请先新增项目，或把它移到项目下面。")
        else:
            found: dict[str, Any] = {"code": code, "label": label}
            if row.cells.get("photo") == TICKED:
                found["photo"] = True
            if row.cells.get("hard_fail", "").strip():
                found["hard_fail"] = row.cells["hard_fail"].strip()
            items[-1]["checks"].append(found)
    yield from items


def _new_code(letter: str, taken: set[str]) -> str:
    number = next(n for n in range(1, 1000) if f"{letter}{n}" not in taken)
    taken.add(f"{letter}{number}")
    return f"{letter}{number}"


def _number(label: str, typed: str) -> int | float:
    try:
        number = Decimal(typed.strip().translate(FULL_WIDTH))
    except InvalidOperation as error:
        raise UserError(f"“{label}”的分值应填写数字，“{typed.strip()[:20]}”不符合要求。") from error
    if not number.is_finite() or not 0 <= number <= 1000:
        raise UserError(f"“{label}”的分值应在 0 到 1000 之间，现在是 {typed.strip()[:20]}。")
    return int(number) if number == number.to_integral_value() else float(number)
