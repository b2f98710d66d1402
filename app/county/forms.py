"""表单: the questions of a paper form, as a whole text.

Entries that were filled in keep the form that they were filled in by.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import resources
from app.county.sheet import TICKED, CountySheet, EntryColumn, EntryRow
from app.county.storage import AmendmentCells, stored_cells
from app.county.toml_text import toml_text
from app.errors import UserError
from app.forms.definition import CELL_SEPARATOR, InvalidForm, load_form, parse_form
from db.schema.form import FormEntry
from resources.overlay import cached, current_overlay

KIND, TITLE, TITLE_COLUMN = "forms", "表单", "label"
QUESTION, COLUMN = "题目", "列"
_ADDED = "x"  # a question that a county adds is called x1, x2 …
_KINDS = (
    ("text", "一行文字"), ("long", "多行文字"), ("number", "数字"), ("money", "金额"), ("date", "日期"),
    ("year", "年度"), ("yes_no", "是或否"), ("choice", "单选"), ("choices", "多选"),
    ("rows", "表格"), ("photo", "照片"),
)  # fmt: skip
_SIMPLE = tuple(one for one in _KINDS if one[0] not in ("rows", "photo"))
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_HEAD = (EntryColumn("title", "名称"), EntryColumn("headline", "纸上的标题"), EntryColumn("hidden", "停用", "tick"))


@cached
def names() -> list[tuple[str, str]]:
    """All forms, the county's own too."""
    return [(name, load_form(name).title) for name in resources.names(KIND)]


def load(session: Session, name: str) -> CountySheet:
    """The questions, each table with its columns below."""
    raw, own = tomllib.loads(load_form(name).text), stored_cells(session, KIND, name)
    rows = []
    for question in raw["questions"]:
        rows.append(_row(question["key"], question, QUESTION, own=bool(own)))
        for column in question.get("columns", ()):
            key = f"{question['key']}{CELL_SEPARATOR}{column['key']}"
            rows.append(_row(key, column, COLUMN, own=bool(own)))
    head = {
        "title": raw["title"],
        "headline": raw.get("headline", ""),
        "hidden": TICKED if current_overlay().is_hidden(KIND, name) else "",
    }
    note = f"依据：{raw.get('source', '')}。已填写的表单按填写时的样式显示和打印，改动只影响以后新填的"
    return CountySheet(
        KIND, name, raw["title"], note, _columns(), tuple(rows), _HEAD, head, (QUESTION,), bool(own),
        ordered=True, whole=True, only_here=name not in resources.program_names(KIND),
    )  # fmt: skip


def amend(session: Session, edited: CountySheet) -> dict[str, AmendmentCells | None]:
    """The whole text.

    Raises:
        UserError: a question has no wording
    """
    model = edited.name if edited.name in resources.names(KIND) else edited.head_cells["model"]
    raw = tomllib.loads(load_form(model).text)
    built = raw | {
        "title": edited.head_cells["title"].strip(),
        "headline": edited.head_cells["headline"].strip(),
        "questions": list(_questions(edited, {one["key"]: one for one in raw["questions"]})),
    }
    if not built["headline"] and "headline" not in raw:
        del built["headline"]
    hidden = edited.head_cells.get("hidden") == TICKED
    kept = stored_cells(session, KIND, edited.name).get("")
    text = toml_text(built) if built != raw or model != edited.name else kept.text if kept else None
    wanted = AmendmentCells(built["title"], TITLE, hidden=hidden or None, text=text)
    return {"": None if wanted.is_empty else wanted}


def check(session: Session, name: str) -> None:
    """The loader can ask and print it.

    Raises:
        UserError: it cannot
    """
    text = current_overlay().text(KIND, name)
    if text is None:
        return
    form = parse_form(name, text)
    if not form.title:
        raise InvalidForm("表单应填写名称。")
    labels = [question.label for question in form.questions]
    for label in labels:
        if labels.count(label) > 1:
            raise InvalidForm(f"表单“{form.title}”有两个“{label}”，导出时分不清。请改成不同的题目。")
    if name in resources.program_names(KIND):
        _check_placeholders(name, text, {question.key for question in form.questions})


def refuse_removal(session: Session, name: str) -> None:
    """A form that only this county has stays while entries of it are kept.

    Raises:
        UserError: with the count
    """
    used = session.scalar(select(func.count()).where(~FormEntry.withdrawn, FormEntry.form == name))
    if used:
        raise UserError(f"已有 {used} 份填写的表用这张表单，不能删除。请勾选“停用”：已填的照常，新填时不再出现。")


def knows(name: str, item: str) -> bool:
    """Any form can be taken in as a whole."""
    return item == ""


def _columns() -> tuple[EntryColumn, ...]:
    names_of_lists = resources.program_names("dictionaries")
    titles = ((one, resources.program_data("dictionaries", one)["title"]) for one in names_of_lists)
    dictionaries = sorted(titles, key=lambda one: one[1])
    return (
        EntryColumn("level", "", read_only=True, width=5),
        EntryColumn("label", "题目", width=16),
        EntryColumn("kind", "填写方式", "choice", _KINDS, only_new=True, width=6),
        EntryColumn(
            "options", "选项表", "choice", (("", ""), *((b, a) for a, b in dictionaries)), only_new=True, width=14
        ),
        EntryColumn("required", "必填", "tick", only_level=QUESTION, width=5),
        EntryColumn("hint", "提示", only_level=QUESTION, width=10),
        EntryColumn("group", "分组标题", only_level=QUESTION, width=8),
    )


def _row(key: str, raw: Mapping[str, Any], level: str, *, own: bool) -> EntryRow:
    cells = {
        "level": level,
        "label": raw["label"],
        "kind": raw["kind"],
        "options": raw.get("options", ""),
        "required": TICKED if raw.get("required") else "",
        "hint": raw.get("hint", ""),
        "group": raw.get("group", ""),
    }
    return EntryRow(key, cells, level=level, own=own, removable=level == QUESTION)


def _questions(edited: CountySheet, kept: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows as questions, with everything of theirs that the sheet does not show."""
    columns = {row.key: row.cells["label"].strip() for row in edited.rows if row.level == COLUMN}
    taken = {row.key for row in edited.rows}
    for row in edited.rows:
        if row.level == COLUMN:
            continue
        label = row.cells.get("label", "").strip()
        if not label:
            raise UserError(f"“{edited.title}”有一道题没有填写题目。请填写，或删除这一行。")
        question = dict(kept.get(row.key, {}))
        if row.is_new:
            key = next(f"{_ADDED}{n}" for n in range(1, 1000) if f"{_ADDED}{n}" not in taken)
            taken.add(key)
            kind = row.cells.get("kind") or "text"
            if kind not in dict(_SIMPLE):
                raise UserError(f"新增的题目“{label}”不能是表格或照片。请选别的填写方式。")
            question = {"key": key, "label": label, "kind": kind}
            if kind in ("choice", "choices"):
                question["options"] = row.cells.get("options", "")
        question["label"] = label
        for name in ("hint", "group"):
            question = _with(question, name, row.cells.get(name, "").strip())
        question = _with(question, "required", row.cells.get("required") == TICKED)
        if "columns" in question:
            prefix = f"{row.key}{CELL_SEPARATOR}"
            question["columns"] = [one | {"label": columns.get(prefix + one["key"]) or one["label"]}
                                   for one in question["columns"]]  # fmt: skip
        yield question


def _with(question: dict[str, Any], name: str, value: str | bool) -> dict[str, Any]:
    """The question with this, without the key where it is empty."""
    return {key: one for key, one in question.items() if key != name} | ({name: value} if value else {})


def _check_placeholders(name: str, text: str, keys: set[str]) -> None:
    """A paragraph of the paper must not speak of a question that was taken out."""
    program = tomllib.loads(resources.program_text(KIND, name))
    asked = {question["key"]: question["label"] for question in program["questions"]}
    raw = tomllib.loads(text)
    for paragraph in (*raw.get("opening", ()), *raw.get("closing", ())):
        for key in _PLACEHOLDER.findall(paragraph):
            if key in asked and key not in keys:
                raise InvalidForm(f"题目“{asked[key]}”印在表单“{raw['title']}”的正文里，不能删除。")
