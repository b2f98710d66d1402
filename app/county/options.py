"""选项: wording, further spellings, what is not offered any more, and options that only this county has."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import resources
from app.county.amounts import parse_amount
from app.county.ordering import order_cells
from app.county.sheet import TICKED, CountySheet, EntryColumn, EntryRow
from app.county.storage import AmendmentCells, overlay_with, stored_cells
from app.errors import UserError
from app.forms.definition import all_forms
from app.records.validators import FULL_WIDTH
from db.schema import records
from db.schema.form import FormAnswer, FormEntry
from resources.overlay import ORDER, Overlay, cached, current_overlay, used_overlay

KIND, TITLE, TITLE_COLUMN = "dictionaries", "选项", "label"
_OWN_KEYS = {"value", "label", "code", "aliases", "retired"}
_MOST_LETTERS = 40
_MOST_LETTERS_TYPED = 6
_FORBIDDEN = "、，,;；/|"


@cached
def names() -> list[tuple[str, str]]:
    """All lists that a county may change, by title."""
    internal = set(_rules()["internal"])
    found = [(name, resources.program_data(KIND, name)["title"]) for name in resources.program_names(KIND)]
    return sorted((one for one in found if one[0] not in internal), key=lambda one: one[1])


def load(session: Session, name: str) -> CountySheet:
    """Each option with how many records hold it."""
    raw, program, own = (
        resources.read(KIND, name),
        resources.program_data(KIND, name),
        stored_cells(session, KIND, name),
    )
    used, models = usage(session, name), _needs_model(program)
    shipped = {option["value"]: option for option in program["options"]}
    rows = []
    for option in raw["options"]:
        cells, kept = own.get(option["value"]), shipped.get(option["value"])
        rows.append(
            EntryRow(
                option["value"],
                {
                    "label": option.get("label", option["value"]),
                    "code": str(option.get("code", "")),
                    "aliases": (cells.aliases or "") if cells else "",
                    "known": "、".join(kept.get("aliases", ())) if kept else "",
                    "model": (cells.model or "") if cells else "",
                    "hidden": TICKED if option.get("retired") else "",
                    "typed": str(option.get(raw["typed"]["key"], "")) if "typed" in raw else "",
                    "amount": str(option.get(raw["limit"]["key"], "")) if "limit" in raw else "",
                    "used": str(used.get(option["value"], 0) or ""),
                },
                own=cells is not None,
                removable=kept is None,
            )
        )
    why_closed = _rules()["closed"].get(name, "")
    closed = bool(why_closed)
    note = f"依据：{program['source']}"
    note += f"。{why_closed}：可以改名称、写法和次序，不能增加" if why_closed else ""
    return CountySheet(
        KIND, name, program["title"], note, _columns(program, models, closed), tuple(rows),
        levels=() if closed else ("选项",), changed=bool(own), ordered=True, new_last=True,
    )  # fmt: skip


def amend(session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
    """What differs from the program.

    Raises:
        UserError: an option has no name, or one that cannot be kept; a number is none
    """
    program = resources.program_data(KIND, edited.name)
    shipped = {option["value"]: option for option in program["options"]}
    limit = program.get("limit")
    cells: dict[str, AmendmentCells | None] = {}
    for row in edited.rows:
        label = row.cells.get("label", "").strip()
        value = label if row.is_new else row.key
        if not label or len(label) > _MOST_LETTERS or any(sign in label for sign in _FORBIDDEN if value not in shipped):
            raise UserError(
                f"“{edited.title}”里有一个选项的名称“{label[:20]}”不能用："
                f"应填写 1 到 {_MOST_LETTERS} 个字，不含顿号、逗号、分号和斜线。"
            )
        kept = shipped.get(value, {})
        if row.is_new and not row.cells.get("model") and _needs_model(program):
            raise UserError(f"新增的选项“{label}”要选“比照”：程序按所比照的选项统计和判断。")
        if value in cells:
            raise UserError(f"“{edited.title}”里已有“{value}”这个选项。请换一个名称，或者在原来的一行上改。")
        cells[value] = AmendmentCells(
            edited.title,
            value,
            label=None if label == kept.get("label", value) else label,
            code=_changed(row.cells.get("code", ""), str(kept.get("code", ""))),
            aliases=_split(row.cells.get("aliases", "")),
            model=(row.cells.get("model") or (None if kept else "")) if not kept else None,
            hidden=_changed_tick(row, bool(kept.get("retired")), own=not kept),
            amount=_amount(row, limit, kept) if limit else None,
            text=_typed(row, program, kept or shipped.get(row.cells.get("model", ""), {})),
        )
    own = {value: one for value, one in stored_cells(session, KIND, edited.name).items() if value != ORDER}
    written = {value: one for value, one in cells.items() if one is not None and (value in own or not one.is_empty)}
    missing = [value for value in shipped if value not in cells]
    if missing:
        raise UserError(f"“{missing[0]}”是程序自带的选项，不能删除。不再使用的，请勾选“停用”。")
    usual = current_overlay().without(KIND, edited.name, ORDER)
    order = order_cells(edited.title, _values(edited.name), _values(edited.name, usual), list(cells))
    return {**dict.fromkeys(value for value in own if value not in cells), **written, **order}


def check(session: Session, name: str) -> None:
    """Each wording means one option.

    Raises:
        UserError: two options are written alike, or an option is like one that there is not
    """
    raw, seen = resources.read(KIND, name), dict[str, str]()
    shipped = {option["value"] for option in resources.program_data(KIND, name)["options"]}
    added = [option["value"] for option in raw["options"] if option["value"] not in shipped]
    if added and name in _rules()["closed"]:
        why = _rules()["closed"][name]
        raise UserError(f"“{raw['title']}”不能增加“{added[0]}”：{why}。可以修改名称、写法和次序。")
    for option in raw["options"]:
        for spelling in dict.fromkeys((option["value"], option.get("label", ""), *option.get("aliases", ()))):
            folded = "".join(spelling.translate(FULL_WIDTH).split()).lower()
            other = seen.setdefault(folded, option["value"]) if folded else option["value"]
            if other != option["value"]:
                raise UserError(
                    f"“{raw['title']}”里“{option['value']}”和“{other}”都写成“{spelling}”，导入时分不清。请改成不同的写法。"
                )
    if all(option.get("retired") for option in raw["options"]):
        raise UserError(f"“{raw['title']}”的选项全部停用了，填写时无可选择。请至少保留一项。")
    limit: Mapping[str, Any] = raw.get("limit", {})
    for option in raw["options"] if limit else ():
        number = option.get(limit["key"], limit["least"])
        if not limit["least"] <= number <= limit["most"]:
            raise UserError(
                f"“{option['value']}”的“{limit['label']}”应在 {limit['least']} 到 {limit['most']} {limit['unit']}之间，"
                f"现在是 {number}。"
            )


def knows(name: str, item: str) -> bool:
    """Whether this program has such a list; options may be new."""
    return name in dict(names())


def refuse_unknown_values(session: Session, name: str, cells: Mapping[str, AmendmentCells | None]) -> None:
    """An option that goes away while records hold it would leave values that nobody knows.

    Raises:
        UserError: with the option and the count
    """
    gone = set(_values(name)) - set(_values(name, overlay_with(session, {(KIND, name): cells})))
    used = usage(session, name) if gone else {}
    for value in sorted(gone & used.keys()):
        raise UserError(
            f"“{value}”已有 {used[value]} 条记录使用，不能删除。请勾选“停用”：旧记录照常显示，新填写时不再出现。"
        )


def usage(session: Session, name: str) -> dict[str, int]:
    """How many cells of records and answers of forms hold each option."""
    counts: dict[str, int] = {}
    for column, several in _columns_with(name):
        for value, count in session.execute(
            select(column, func.count()).where(column.is_not(None)).group_by(column)
        ).all():
            for one in value if several else (value,):
                counts[one] = counts.get(one, 0) + count
    for value, count in _answers(session, name):
        for one in (value or "").split(","):
            counts[one] = counts.get(one, 0) + count
    return counts


def _values(name: str, overlay: Overlay | None = None) -> list[str]:
    """The options in the order of the list."""
    with used_overlay(overlay or current_overlay()):
        return [option["value"] for option in resources.read(KIND, name)["options"]]


def _columns_with(name: str) -> Iterator[tuple[Any, bool]]:
    for record in records().values():
        for column in record.__table__.columns:
            spec = column.info.get("declared")
            if spec is not None and spec.options == name:
                yield column, spec.kind == "choices"


def _answers(session: Session, name: str) -> Iterator[tuple[str | None, int]]:
    for form in all_forms():
        for question in form.questions:
            paths = [question.key] if question.field.spec.options == name else []
            paths += [f"{question.key}/%/{one.key}" for one in question.columns if one.field.spec.options == name]
            for path in paths:
                held = (
                    select(FormAnswer.value, func.count())
                    .join(FormEntry, FormAnswer.entry_id == FormEntry.id)
                    .where(FormEntry.form == form.code, FormAnswer.question.like(path), FormAnswer.value.is_not(None))
                    .group_by(FormAnswer.value)
                )
                yield from ((value, count) for value, count in session.execute(held).all())


def _columns(program: Mapping[str, Any], models: bool, closed: bool) -> tuple[EntryColumn, ...]:
    choices = tuple((option["value"], option.get("label", option["value"])) for option in program["options"])
    limit = program.get("limit")
    found = [EntryColumn("label", "名称", width=15)]
    if any("code" in option for option in program["options"]):
        found.append(EntryColumn("code", "代码", width=4))
    if models and not closed:
        found.append(EntryColumn("model", "比照", "choice", (("", ""), *choices), only_new=True, width=10))
    if "typed" in program:
        found.append(EntryColumn("typed", program["typed"]["label"], width=5))
    if limit:
        found.append(EntryColumn("amount", f"{limit['label']}（{limit['unit']}）", "number", width=8))
    if not closed:
        found.append(EntryColumn("hidden", "停用", "tick", width=4))
    return (
        *found,
        EntryColumn("used", "已用", "number", read_only=True, width=4),
        EntryColumn("aliases", "增加的写法", width=14),
        EntryColumn("known", "程序认得的写法", read_only=True, width=14),
    )


def _needs_model(program: Mapping[str, Any]) -> bool:
    """Whether the program takes more from an option than its wording."""
    return any(option.keys() - _OWN_KEYS for option in program["options"])


def _changed(typed: str, program: str) -> str | None:
    return typed.strip() if typed.strip() not in ("", program) else None


def _changed_tick(row: EntryRow, program: bool, *, own: bool) -> bool | None:
    """An option of the county says whether it is hidden, so that its row is never empty."""
    hidden = row.cells.get("hidden") == TICKED
    return hidden if own or hidden != program else None


def _typed(row: EntryRow, program: Mapping[str, Any], kept: Mapping[str, Any]) -> str | None:
    """What the list lets a county write beside each option, e.g. its unit; None where it is the program's or model's.

    Raises:
        UserError: it is too long
    """
    if "typed" not in program:
        return None
    text = _changed(row.cells.get("typed", ""), str(kept.get(program["typed"]["key"], "")))
    if text and len(text) > _MOST_LETTERS_TYPED:
        label = program["typed"]["label"]
        raise UserError(f"“{label}”写成“{text[:20]}”，太长。最多 {_MOST_LETTERS_TYPED} 个字，请写短一些。")
    return text


def _amount(row: EntryRow, limit: Mapping[str, Any], kept: Mapping[str, Any]) -> Decimal | None:
    amount = parse_amount(limit["label"], row.cells.get("amount", ""), whole=isinstance(kept.get(limit["key"]), int))
    return None if amount is None or amount == kept.get(limit["key"]) else amount


def _split(typed: str) -> str | None:
    parts = typed.replace("，", "、").replace(",", "、").split("、")
    return "、".join(dict.fromkeys(part.strip() for part in parts if part.strip())) or None


def _rules() -> Mapping[str, Any]:
    return resources.program_data("county", "options")
