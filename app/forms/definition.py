"""Paper forms as data: resources/forms/*.toml → Form. The keys of such a file are described at Form and Question."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Literal, cast, get_args

import resources
from app.errors import FieldRefused, OfficeError
from app.records.field import Field, Value
from app.records.rules import RULES
from db.column import Declared, Kind

About = Literal["household", "member", "village"]
Repeats = Literal["once", "yearly", "dated"]

_KINDS: dict[str, Kind] = {
    "text": "text",
    "long": "long",
    "number": "decimal",
    "money": "money",
    "date": "date",
    "year": "year",
    "yes_no": "yes_no",
    "choice": "choice",
    "choices": "choices",
}
RESERVED = ("year", "filled_on", "filled_by", "note")  # columns of the entry itself
CELL = "/"  # between the question, the line and the column of one cell of a table


class BadForm(OfficeError):
    """A form file that cannot be filled in; the sentence says which part to put right."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that the form itself prints: `given` texts by column. Two laptops fill in the same line."""

    key: str
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        kind: a key of the file: text, long, number, money, date, year, yes_no, choice, choices, photo or rows
        field: how an answer is typed, checked and written; of "photo" and "rows" only its label
        group: heading over it on screen and paper
        fills: where its first answer is known from (app/forms/prefill.py), "" for nowhere
        columns: of "rows"; each a question of a simple kind
        lines: of "rows": those that are printed; none where lines are added as needed
        households: of "rows": each line is a household
        sums: of "rows": columns with a sum below
        spare: of "rows": so many empty lines are printed at least, to be written on by hand
        width: of a column, in millimetres
        blank: of a column: left white on paper where it is empty, to be signed
    """

    kind: str
    field: Field
    group: str = ""
    fills: str = ""
    columns: tuple["Question", ...] = ()
    lines: tuple[Line, ...] = ()
    households: bool = False
    sums: tuple[str, ...] = ()
    spare: int = 0
    width: float = 20
    blank: bool = False

    @property
    def key(self) -> str:
        return self.field.name

    @property
    def label(self) -> str:
        return self.field.label


@dataclass(frozen=True, slots=True)
class Sign:
    """A place to sign: with the print of a finger, or under a seal."""

    label: str
    finger: bool = False
    seal: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A paper form, as one file of resources/forms says it.

    Keys of the file: title, about (household, member, village), repeats (once, yearly, dated), source, headline (what
    stands over the paper instead of the title), opening and closing (paragraphs; {key} is the answer to a question,
    {head} {size} {place} … what is known of the household), [[questions]] key, label, kind, options (a dictionary),
    unit, range, places, required, hint, rule, mask, group, fills, and of kind "rows" columns = [{ key, label, kind,
    width, blank … }], lines = [{ key, column = text … }] or of = "households", sums, spare; [[signs]] label, finger,
    seal.
    """

    code: str
    title: str
    about: About
    repeats: Repeats
    source: str
    headline: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    questions: tuple[Question, ...]
    signs: tuple[Sign, ...]
    text: str

    def plain(self) -> Iterator[Question]:
        """The questions with one answer."""
        return (one for one in self.questions if one.kind not in ("rows", "photo"))

    def question(self, key: str) -> Question:
        """One question; KeyError where this form has none of that key."""
        for one in self.questions:
            if one.key == key:
                return one
        raise KeyError(key)

    def field(self, name: str) -> Field:
        """How the answer of this name is kept: a question's key, or `key/line/column` of one cell.

        Raises:
            KeyError: the form asks for no such thing
        """
        key, *cell = name.split(CELL)
        question = self.question(key)
        if not cell and question.kind not in ("rows", "photo"):
            return question.field
        if len(cell) == 2 and question.kind == "rows":
            for column in question.columns:
                if column.key == cell[1]:
                    return replace(column.field, name=name)
        raise KeyError(name)


@cache
def forms() -> tuple[Form, ...]:
    """Every form of resources/forms, by title."""
    return tuple(sorted((form(name) for name in resources.names("forms")), key=lambda one: (one.about, one.title)))


@cache
def form(code: str) -> Form:
    """The form resources/forms/<code>.toml.

    Raises:
        BadForm: when the file cannot be filled in
    """
    return from_text(code, (resources.ROOT / "forms" / f"{code}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=128)
def from_text(code: str, text: str) -> Form:
    """The form that a text describes, e.g. the one a workbook kept with an entry.

    Raises:
        BadForm: when it cannot be filled in
    """
    try:
        made = _made(code, text, tomllib.loads(text))
    except KeyError as error:
        raise BadForm(f"表单“{code}”缺少“{error.args[0]}”一项，请补上后再用。") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BadForm(f"表单“{code}”有一处写法不对：{error}。请改正后再用。") from error
    if fault := _fault(made):
        raise BadForm(f"表单“{made.title}”{fault}，请改正后再用。")
    return made


def as_text(value: Value) -> str | None:
    """A value as an answer is kept."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def as_value(field: Field, text: str | None) -> Value:
    """A kept answer as the field's own kind; its text where the field cannot take it (another version of the form)."""
    try:
        return field.parse(text)
    except FieldRefused:
        return text


def _made(code: str, text: str, raw: dict[str, Any]) -> Form:
    return Form(
        code=code,
        title=raw["title"],
        about=cast(About, raw["about"]),
        repeats=cast(Repeats, raw["repeats"]),
        source=raw.get("source", ""),
        headline=raw.get("headline", ""),
        opening=tuple(raw.get("opening", ())),
        closing=tuple(raw.get("closing", ())),
        questions=tuple(_question(one) for one in raw["questions"]),
        signs=tuple(Sign(**one) for one in raw.get("signs", ())),
        text=text,
    )


def _question(raw: dict[str, Any]) -> Question:
    kind = raw["kind"]
    if kind not in (*_KINDS, "rows", "photo"):
        raise ValueError(f"没有“{kind}”这种题目")
    least, most = raw.get("range", (None, None))
    declared = Declared(
        label=raw["label"],
        kind=_KINDS.get(kind, "text"),
        options=raw.get("options", ""),
        unit=raw.get("unit", "元" if kind == "money" else ""),
        rule=raw.get("rule", ""),
        mask=raw.get("mask", ""),
        sensitive=True,
        least=None if least is None else Decimal(str(least)),
        most=None if most is None else Decimal(str(most)),
        required=raw.get("required", False),
        hint=raw.get("hint", ""),
    )
    return Question(
        kind=kind,
        field=Field("form_answer", raw["key"], declared, raw.get("places", 2)),
        group=raw.get("group", ""),
        fills=raw.get("fills", ""),
        columns=tuple(_question(one) for one in raw.get("columns", ())),
        lines=tuple(Line(one["key"], {k: v for k, v in one.items() if k != "key"}) for one in raw.get("lines", ())),
        households=raw.get("of") == "households",
        sums=tuple(raw.get("sums", ())),
        spare=raw.get("spare", 0),
        width=raw.get("width", 20),
        blank=raw.get("blank", False),
    )


def _fault(made: Form) -> str:
    """What makes a form unfit, to follow its title in a sentence; empty when it is fit."""
    keys = [one.key for one in made.questions]
    if made.about not in get_args(About) or made.repeats not in get_args(Repeats):
        return "的 about 或 repeats 写得不对"
    if not keys or len(set(keys)) < len(keys):
        return "没有题目，或题目的 key 有重复"
    if set(keys) & set(RESERVED) or any(CELL in key for key in keys):
        return f"的题目不能叫 {'、'.join(RESERVED)}，也不能含“{CELL}”"
    for one in made.questions:
        columns = [column.key for column in one.columns]
        if (one.kind == "rows") != bool(columns) or len(set(columns)) < len(columns):
            return f"的“{one.label}”要有不重复的列"
        lines = [line.key for line in one.lines]
        if len(set(lines)) < len(lines) or any(not line.given.keys() <= set(columns) for line in one.lines):
            return f"的“{one.label}”有重复的行，或行里写了没有的列"
        for asked in (one, *one.columns):
            declared = asked.field.declared
            if declared.rule and declared.rule not in RULES:
                return f"的“{asked.label}”用了没有的检查规则“{declared.rule}”"
            if (declared.kind in ("choice", "choices")) != bool(declared.options):
                return f"的“{asked.label}”要写选项表"
            if declared.options and declared.options not in resources.names("dictionaries"):
                return f"的“{asked.label}”用了没有的选项表“{declared.options}”"
    return ""
