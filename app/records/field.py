"""Field: what db/schema says of a column, as forms, tables, sheets and pages need it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import resources
from app.errors import FieldRefused
from app.records.masking import masked
from app.records.rules import FULL_WIDTH, RULES, this_day
from db.column import Declared, Kind
from db.schema import records

Value = str | int | bool | Decimal | date | tuple[str, ...] | None

_YES = {"是", "有", "1", "true", "y", "yes", "√", "已参加", "享受"}
_NO = {"否", "无", "0", "false", "n", "no", "×", "未参加", "未享受"}
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:\s+0{1,2}:00(:00)?)?|(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})[-./年]?(\d{1,2})月?(?:[-./]?\d{1,2}日?)?")


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of an option list. `value` is kept, `label` is shown, `aliases` are read."""

    value: str
    label: str
    code: str
    aliases: tuple[str, ...]
    retired: bool
    more: Mapping[str, Any]


@cache
def options(name: str) -> tuple[Option, ...]:
    """The list resources/dictionaries/<name>.toml, in its order, retired ones included."""
    known = {"value", "label", "code", "aliases", "retired"}
    return tuple(
        Option(
            value=raw["value"],
            label=raw.get("label", raw["value"]),
            code=str(raw.get("code", "")),
            aliases=tuple(raw.get("aliases", ())),
            retired=raw.get("retired", False),
            more={key: value for key, value in raw.items() if key not in known},
        )
        for raw in resources.read("dictionaries", name)["options"]
    )


@cache
def _spellings(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for option in options(name):
        for spelling in (option.value, option.label, *option.aliases):
            found.setdefault(_folded(spelling), option.value)
    return found


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(FULL_WIDTH)).lower()


@dataclass(frozen=True, slots=True)
class Field:
    """One column of one table.

    `parse` turns what was typed or read into the kept value, `check` says whether a kept value may be saved, `text`
    writes it for people.
    """

    table: str
    name: str
    declared: Declared
    places: int

    @property
    def label(self) -> str:
        return self.declared.label

    @property
    def kind(self) -> Kind:
        return self.declared.kind

    @property
    def unit(self) -> str:
        return self.declared.unit

    @property
    def options(self) -> tuple[Option, ...]:
        """What may be chosen now; empty for fields without a list."""
        return tuple(o for o in options(self.declared.options) if not o.retired) if self.declared.options else ()

    def parse(self, raw: object) -> Value:
        """The value to keep for something typed, read from a sheet, or already of the right kind.

        Empty text is None. Options are recognised by label and alias; full-width digits and letters become half-width
        in numbers, dates, codes and choices.

        Raises:
            FieldRefused: with a sentence that names the field and what it takes
        """
        if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == ():
            return None
        match self.kind:
            case "text" | "long" | "reference":
                text = str(raw).strip()
                rule = RULES.get(self.declared.rule)
                return rule.tidy(text) if rule else text
            case "integer" | "year":
                return self._whole(raw)
            case "decimal" | "money":
                return self._number(raw)
            case "date":
                return self._day(raw)
            case "month":
                return self._month(raw)
            case "yes_no":
                return self._yes_no(raw)
            case "choice":
                return self._option(str(raw))
            case "choices":
                parts = raw if isinstance(raw, tuple | list) else re.split(r"[,，、;；/\s]+", str(raw).strip())
                chosen = {self._option(str(part)) for part in parts if str(part).strip()}
                return tuple(o.value for o in options(self.declared.options) if o.value in chosen) or None

    def check(self, value: Value) -> str:
        """The sentence that refuses a parsed value, or "" when it may be kept. Required fields are asked for here."""
        if value is None:
            return f"请填写“{self.label}”。" if self.declared.required else ""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            least, most = self.declared.least, self.declared.most
            if (least is not None and value < least) or (most is not None and value > most):
                return f"“{self.label}”应在 {_plain(least)} 到 {_plain(most)}{self.unit} 之间，现在是 {_plain(value)}。"
        if self.kind == "year" and isinstance(value, int) and not 1900 <= value <= this_day().year + 5:
            return f"“{self.label}”应是四位年份，现在是 {value}。"
        if isinstance(value, tuple) and self.declared.most is not None and len(value) > self.declared.most:
            return f"“{self.label}”最多选 {self.declared.most} 项，现在选了 {len(value)} 项。"
        rule = RULES.get(self.declared.rule)
        return rule.refuse(self.label, value) if rule and isinstance(value, str) else ""

    def warn(self, value: Value) -> str:
        """A sentence about a value that may be kept but looks wrong, or ""."""
        rule = RULES.get(self.declared.rule)
        return rule.warn(self.label, value) if rule and isinstance(value, str) else ""

    def taken(self, raw: object) -> Value:
        """`parse` and `check` in one.

        Raises:
            FieldRefused: if either refuses
        """
        value = self.parse(raw)
        sentence = self.check(value)
        if sentence:
            raise FieldRefused(sentence)
        return value

    def text(self, value: object, *, hide: bool = False) -> str:
        """How a kept value is written for people, without its unit; `hide` masks personal numbers."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, tuple):
            return "、".join(self._label(part) for part in value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return f"{value:,.2f}" if self.kind == "money" else _plain(value)
        if self.kind == "choice":
            return self._label(str(value))
        return masked(str(value), self.declared.mask) if hide and self.declared.mask else str(value)

    def _label(self, value: str) -> str:
        return next((o.label for o in options(self.declared.options) if o.value == value), value)

    def _refused(self, raw: object, takes: str) -> FieldRefused:
        return FieldRefused(f"“{self.label}”{takes}，“{str(raw)[:30]}”不行。")

    def _number(self, raw: object) -> Decimal:
        text = str(raw).translate(FULL_WIDTH).replace(",", "").replace(" ", "").removesuffix(self.unit or "\0")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise self._refused(raw, "要填数字") from None
        if not number.is_finite() or abs(number) >= 10**12:
            raise self._refused(raw, "要填不超过十二位的数字")
        kept = round(number, self.places)
        if isinstance(raw, str) and kept != number:
            raise self._refused(raw, f"最多 {self.places} 位小数")
        return kept

    def _whole(self, raw: object) -> int:
        text = str(raw).translate(FULL_WIDTH).strip().removesuffix("年" if self.kind == "year" else self.unit or "\0")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise self._refused(raw, "要填整数") from None
        if not number.is_finite() or number != number.to_integral_value() or abs(number) >= 10**9:
            raise self._refused(raw, "要填整数")
        return int(number)

    def _day(self, raw: object) -> date:
        if isinstance(raw, date):
            return date(raw.year, raw.month, raw.day)
        found = _DATE.fullmatch(str(raw).translate(FULL_WIDTH).strip())
        if found:
            parts = [part for part in found.groups() if part and part.isdigit()]
            try:
                return date(*(int(part) for part in parts[:3]))
            except ValueError:
                pass
        raise self._refused(raw, "要填日期，如 2018-08-10")

    def _month(self, raw: object) -> str:
        if isinstance(raw, date):
            return f"{raw.year:04}-{raw.month:02}"
        found = _MONTH.fullmatch(str(raw).translate(FULL_WIDTH).strip())
        if found and 1900 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12:
            return f"{found[1]}-{int(found[2]):02}"
        raise self._refused(raw, "要填年月，如 2018-08")

    def _yes_no(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        text = _folded(str(raw))
        if text in _YES or text in _NO:
            return text in _YES
        raise self._refused(raw, "要填“是”或“否”")

    def _option(self, raw: str) -> str:
        value = _spellings(self.declared.options).get(_folded(raw))
        if value is None:
            offered = "、".join(o.label for o in self.options[:6])
            raise self._refused(raw, f"要从选项里选({offered}{'…' if len(self.options) > 6 else ''})")
        return value


def _plain(number: Decimal | int | None) -> str:
    if number is None:
        return "…"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def fields(table: str) -> tuple[Field, ...]:
    """All fields of a table in the order of db/schema, without id, village and withdrawn."""
    columns = records()[table].__table__.columns
    return tuple(
        Field(table, column.name, column.info["declared"], getattr(column.type, "places", 0))
        for column in columns
        if "declared" in column.info and column.name not in ("village", "withdrawn")
    )


@cache
def field(table: str, name: str) -> Field:
    """One field, e.g. field("member", "id_no").

    Raises:
        KeyError: no such table or column
    """
    for one in fields(table):
        if one.name == name:
            return one
    raise KeyError(f"{table}.{name}")


def label_of(table: str, name: str) -> str:
    """The Chinese name of a column, e.g. label_of("member", "id_no") is "证件号码": nobody writes it a second time."""
    return field(table, name).label


def table_label(table: str) -> str:
    """The Chinese name of a kind of record, e.g. "家庭成员"."""
    return records()[table].LABEL
