"""Paper forms as data: resources/forms/*.toml → Form. The keys of such a file are described at Form and Question."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, cast, get_args

import resources
from app.errors import UserError, ValidationError
from app.records.field import Field, Value
from app.records.validators import VALIDATORS
from db.schema.column import ColumnSpec, Kind
from resources.option_roles import yes_no
from resources.overlay import cached, current_overlay

FormSubject = Literal["household", "member", "village"]
Repetition = Literal["once", "yearly", "dated"]

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
RESERVED_NAMES = ("year", "filled_on", "filled_by", "note")  # columns of the entry itself
CELL_SEPARATOR = "/"  # between the question, the line and the column of one cell of a table


class InvalidForm(UserError):
    """A form file that cannot be filled in; the message names the part to fix."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line that the form itself prints: `given` texts by column. Two laptops fill in the same line."""

    key: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        kind: a key of the file: text, long, number, money, date, year, yes_no, choice, choices, photo or rows
        field: how an answer is typed, checked and written; of "photo" and "rows" only its label
        group: heading over it on screen and paper
        prefill_source: what its answer is prefilled from (app/forms/prefill.py), "" for nothing
        columns: of "rows"; each a question of a simple kind
        lines: of "rows": those that are printed; none where lines are added as needed
        households: of "rows": each line is a household
        sum_columns: of "rows": columns with a sum below
        spare_lines: of "rows": so many empty lines are printed at least, to be written on by hand
        width: of a column, in millimetres
        left_blank: of a column: left white on paper where it is empty, to be signed
    """

    kind: str
    field: Field
    group: str = ""
    prefill_source: str = ""
    columns: tuple["Question", ...] = ()
    lines: tuple[PrintedLine, ...] = ()
    households: bool = False
    sum_columns: tuple[str, ...] = ()
    spare_lines: int = 0
    width: float = 20
    left_blank: bool = False

    @property
    def key(self) -> str:
        return self.field.name

    @property
    def label(self) -> str:
        return self.field.label


@dataclass(frozen=True, slots=True)
class SignaturePlace:
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
    subject: FormSubject
    repetition: Repetition
    source: str
    headline: str
    opening: tuple[str, ...]
    closing: tuple[str, ...]
    questions: tuple[Question, ...]
    signature_places: tuple[SignaturePlace, ...]
    text: str

    def simple_questions(self) -> Iterator[Question]:
        """The questions with one answer."""
        return (question for question in self.questions if question.kind not in ("rows", "photo"))

    def question(self, key: str) -> Question:
        """One question; KeyError where this form has none of that key."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)

    def field(self, name: str) -> Field:
        """The field of an answer: a question's key, or `key/line/column` for one cell.

        Raises:
            KeyError: the form has no such question
        """
        key, *cell = name.split(CELL_SEPARATOR)
        question = self.question(key)
        if not cell and question.kind not in ("rows", "photo"):
            return question.field
        if len(cell) == 2 and question.kind == "rows":
            for column in question.columns:
                if column.key == cell[1]:
                    return replace(column.field, name=name)
        raise KeyError(name)


@cached
def all_forms() -> tuple[Form, ...]:
    """Every form of resources/forms, by title."""
    return tuple(
        sorted(
            (load_form(name) for name in resources.names("forms")),
            key=lambda definition: (definition.subject, definition.title),
        )
    )


def offered_forms() -> tuple[Form, ...]:
    """Every form that can be filled in anew, by title."""
    return tuple(form for form in all_forms() if not current_overlay().is_hidden("forms", form.code))


@cached
def load_form(code: str) -> Form:
    """The form resources/forms/<code>.toml.

    Raises:
        InvalidForm: when the file cannot be filled in
    """
    try:
        return parse_form(code, resources.text("forms", code))
    except InvalidForm:
        if code not in resources.program_names("forms"):
            raise
        # the county's text is a newer program's
        return parse_form(code, resources.program_text("forms", code))


@lru_cache(maxsize=128)
def parse_form(code: str, text: str) -> Form:
    """The form that a text describes, e.g. the one a workbook kept with an entry.

    Raises:
        InvalidForm: when it cannot be filled in
    """
    try:
        definition = _build(code, text, tomllib.loads(text))
    except KeyError as error:
        raise InvalidForm(f"表单“{code}”缺少“{error.args[0]}”一项，请补上后再用。") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidForm(f"表单“{code}”有一处写法不对：{error}。请改正后再用。") from error
    if problem := _definition_error(definition):
        raise InvalidForm(f"表单“{definition.title}”{problem}，请改正后再用。")
    return definition


def kept_form(code: str, title: str, text: str) -> Form:
    """The form that a workbook kept with its entries.

    Raises:
        InvalidForm: it is a newer program's
    """
    try:
        return parse_form(code, text)
    except InvalidForm as error:
        raise InvalidForm(f"表单“{title or code}”是新版本的程序填写的，请先升级本程序。") from error


def answer_text(value: Value) -> str | None:
    """A value as an answer stores it."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def answer_value(field: Field, text: str | None) -> Value:
    """A stored answer as the field's own kind.

    Its text where the field cannot take it (another version of the form).
    """
    try:
        return field.parse(text)
    except ValidationError:
        return text


def _build(code: str, text: str, raw: dict[str, Any]) -> Form:
    return Form(
        code=code,
        title=raw["title"],
        subject=cast(FormSubject, raw["about"]),
        repetition=cast(Repetition, raw["repeats"]),
        source=raw.get("source", ""),
        headline=raw.get("headline", ""),
        opening=tuple(raw.get("opening", ())),
        closing=tuple(raw.get("closing", ())),
        questions=tuple(_question(entry) for entry in raw["questions"]),
        signature_places=tuple(SignaturePlace(**entry) for entry in raw.get("signs", ())),
        text=text,
    )


def _question(raw: dict[str, Any]) -> Question:
    kind = raw["kind"]
    if kind not in (*_KINDS, "rows", "photo"):
        raise ValueError(f"没有“{kind}”这种题目")
    minimum, maximum = raw.get("range", (None, None))
    spec = ColumnSpec(
        label=raw["label"],
        kind=_KINDS.get(kind, "text"),
        options=raw.get("options", ""),
        unit=raw.get("unit", "元" if kind == "money" else ""),
        rule=raw.get("rule", ""),
        mask=raw.get("mask", ""),
        sensitive=True,
        minimum=None if minimum is None else Decimal(str(minimum)),
        maximum=None if maximum is None else Decimal(str(maximum)),
        required=raw.get("required", False),
        hint=raw.get("hint", ""),
    )
    return Question(
        kind=kind,
        field=Field("form_answer", raw["key"], spec, raw.get("places", 2)),
        group=raw.get("group", ""),
        prefill_source=raw.get("fills", ""),
        columns=tuple(_question(entry) for entry in raw.get("columns", ())),
        lines=tuple(
            PrintedLine(entry["key"], {k: v for k, v in entry.items() if k != "key"}) for entry in raw.get("lines", ())
        ),
        households=raw.get("of") == "households",
        sum_columns=tuple(raw.get("sums", ())),
        spare_lines=raw.get("spare", 0),
        width=raw.get("width", 20),
        left_blank=raw.get("blank", False),
    )


def _definition_error(definition: Form) -> str:
    """What makes a form unfit, to follow its title in a sentence; empty when it is fit."""
    keys = [question.key for question in definition.questions]
    if definition.subject not in get_args(FormSubject) or definition.repetition not in get_args(Repetition):
        return "的 about 或 repeats 写得不对"
    if not keys or len(set(keys)) < len(keys):
        return "没有题目，或题目的 key 有重复"
    if set(keys) & set(RESERVED_NAMES) or any(CELL_SEPARATOR in key for key in keys):
        return f"的题目不能叫 {'、'.join(RESERVED_NAMES)}，也不能含“{CELL_SEPARATOR}”"
    for question in definition.questions:
        columns = [column.key for column in question.columns]
        if (question.kind == "rows") != bool(columns) or len(set(columns)) < len(columns):
            return f"的“{question.label}”要有不重复的列"
        lines = [line.key for line in question.lines]
        if len(set(lines)) < len(lines) or any(not line.texts.keys() <= set(columns) for line in question.lines):
            return f"的“{question.label}”有重复的行，或行里写了没有的列"
        for checked in (question, *question.columns):
            spec = checked.field.spec
            if spec.rule and spec.rule not in VALIDATORS:
                return f"的“{checked.label}”用了没有的检查规则“{spec.rule}”"
            if (spec.kind in ("choice", "choices")) != bool(spec.options):
                return f"的“{checked.label}”要写选项表"
            if spec.options and spec.options not in resources.names("dictionaries"):
                return f"的“{checked.label}”用了没有的选项表“{spec.options}”"
    return ""
