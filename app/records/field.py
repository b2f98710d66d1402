"""Field: what db/schema says of a column, as forms, tables, sheets and pages need it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import resources
from app.errors import ValidationError
from app.records.validators import FULL_WIDTH, VALIDATORS, current_date
from app.workbook.masking import mask_numbers, mask_text
from db.schema import records
from db.schema.column import ColumnSpec, Kind
from resources.option_roles import yes_no
from resources.overlay import cached

Value = str | int | bool | Decimal | date | tuple[str, ...] | None

_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:\s+0{1,2}:00(:00)?)?|(\d{4})(\d{2})(\d{2})")
_GROUPED = re.compile(
    r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"
)  # commas between thousands; any other comma may be a decimal one
_MONTH = re.compile(r"(\d{4})[-./年]?(\d{1,2})月?(?:[-./]?\d{1,2}日?)?")


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of an option list. `value` is stored, `label` is shown, `aliases` are recognised."""

    value: str
    label: str
    code: str
    aliases: tuple[str, ...]
    retired: bool
    extra: Mapping[str, Any]


@cached
def options(name: str) -> tuple[Option, ...]:
    """The list resources/dictionaries/<name>.toml, in its order, retired ones included."""
    standard_keys = {"value", "label", "code", "aliases", "retired", "roles"}
    return tuple(
        Option(
            value=raw["value"],
            label=raw.get("label", raw["value"]),
            code=str(raw.get("code", "")),
            aliases=tuple(raw.get("aliases", ())),
            retired=raw.get("retired", False),
            extra={key: value for key, value in raw.items() if key not in standard_keys},
        )
        for raw in resources.read("dictionaries", name)["options"]
    )


@cached
def _value_by_spelling(name: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for option in options(name):
        for spelling in (option.value, option.label, *option.aliases):
            values.setdefault(_normalize(spelling), option.value)
    return values


def _normalize(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(FULL_WIDTH)).lower()


@dataclass(frozen=True, slots=True)
class Field:
    """One column of one table.

    `parse` turns what was typed or read into the stored value, `check` says whether a stored value may be saved, `text`
    formats it for people.
    """

    table: str
    name: str
    spec: ColumnSpec
    places: int

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def kind(self) -> Kind:
        return self.spec.kind

    @property
    def unit(self) -> str:
        return self.spec.unit

    @property
    def is_number(self) -> bool:
        """Whether its values can be added up, and stand at the right."""
        return self.kind in ("integer", "decimal", "money")

    @property
    def options(self) -> tuple[Option, ...]:
        """What may be chosen now; empty for fields without a list."""
        return tuple(o for o in options(self.spec.options) if not o.retired) if self.spec.options else ()

    def parse(self, raw: object) -> Value:
        """The value to keep for something typed, read from a sheet, or already of the right kind.

        Empty text is None. Options are recognised by label and alias; full-width digits and letters become half-width
        in numbers, dates, codes and choices.

        Raises:
            ValidationError: with a sentence that names the field and what it takes
        """
        if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == ():
            return None
        match self.kind:
            case "text" | "long" | "reference":
                text = str(raw).strip()
                rule = VALIDATORS.get(self.spec.rule)
                return rule.normalize(text) if rule else text
            case "integer" | "year":
                return self._parse_integer(raw)
            case "decimal" | "money":
                return self._parse_decimal(raw)
            case "date":
                return self._parse_date(raw)
            case "month":
                return self._parse_month(raw)
            case "yes_no":
                return self._parse_bool(raw)
            case "choice":
                return self._parse_option(str(raw))
            case "choices":
                parts = raw if isinstance(raw, tuple | list) else re.split(r"[,，、;；/\s]+", str(raw).strip())
                selected = {self._parse_option(str(part)) for part in parts if str(part).strip()}
                return tuple(o.value for o in options(self.spec.options) if o.value in selected) or None

    def check(self, value: Value) -> str:
        """The sentence that refuses a parsed value, or "" when it may be stored. Required fields are asked for here."""
        if value is None:
            return f"请填写“{self.label}”。" if self.spec.required else ""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            minimum, maximum = self.spec.minimum, self.spec.maximum
            if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
                return (
                    f"“{self.label}”应在 {_format_number(minimum)} 到 {_format_number(maximum)}"
                    f"{self.unit} 之间，现在是 {_format_number(value)}。"
                )
        if self.spec.past and isinstance(value, int) and value > current_date().year:
            return f"{value} 年还没有到，不能先填。请核对“{self.label}”。"
        if self.kind == "year" and isinstance(value, int) and not 1900 <= value <= current_date().year + 5:
            return f"“{self.label}”应是四位年份，现在是 {value}。"
        if isinstance(value, tuple) and self.spec.maximum is not None and len(value) > self.spec.maximum:
            return f"“{self.label}”最多选 {self.spec.maximum} 项，现在选了 {len(value)} 项。"
        rule = VALIDATORS.get(self.spec.rule)
        return rule.error(self.label, value) if rule and isinstance(value, str) else ""

    def warn(self, value: Value) -> str:
        """A sentence about a value that may be stored but looks wrong, or ""."""
        rule = VALIDATORS.get(self.spec.rule)
        return rule.warning(self.label, value) if rule and isinstance(value, str) else ""

    def parse_and_validate(self, raw: object) -> Value:
        """`parse` and `check` in one.

        Raises:
            ValidationError: if either refuses
        """
        value = self.parse(raw)
        error = self.check(value)
        if error:
            raise ValidationError(error)
        return value

    def text(self, value: object, *, hide: bool = False) -> str:
        """A stored value as people read it, without its unit; `hide` masks personal numbers, in remarks too."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return yes_no(value)
        if isinstance(value, tuple):
            return "、".join(self._option_label(part) for part in value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return f"{value:,.2f}" if self.kind == "money" else _format_number(value)
        if self.kind == "choice":
            return self._option_label(str(value))
        if hide and self.spec.mask:
            return mask_text(str(value), self.spec.mask)
        return mask_numbers(str(value)) if hide and self.kind == "long" else str(value)

    def _option_label(self, value: str) -> str:
        return next((o.label for o in options(self.spec.options) if o.value == value), value)

    def _parse_error(self, raw: object, requirement: str) -> ValidationError:
        return ValidationError(f"“{self.label}”{requirement}，“{str(raw)[:30]}”不符合要求。")

    def _parse_decimal(self, raw: object) -> Decimal:
        text = str(raw).translate(FULL_WIDTH).replace(" ", "").removesuffix(self.unit)
        if "," in text:
            if not _GROUPED.fullmatch(text):
                raise self._parse_error(raw, "里的逗号分不清是小数点还是千分位，要填不带逗号的数字")
            text = text.replace(",", "")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise self._parse_error(raw, "要填数字") from None
        if not number.is_finite() or abs(number) >= 10**12:
            raise self._parse_error(raw, "要填不超过十二位的数字")
        rounded = round(number, self.places)
        if isinstance(raw, str) and rounded != number:
            raise self._parse_error(raw, f"最多 {self.places} 位小数")
        return rounded

    def _parse_integer(self, raw: object) -> int:
        text = str(raw).translate(FULL_WIDTH).strip().removesuffix("年" if self.kind == "year" else self.unit)
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise self._parse_error(raw, "要填整数") from None
        if not number.is_finite() or number != number.to_integral_value() or abs(number) >= 10**9:
            raise self._parse_error(raw, "要填整数")
        return int(number)

    def _parse_date(self, raw: object) -> date:
        if isinstance(raw, date):
            return date(raw.year, raw.month, raw.day)
        match = _DATE.fullmatch(str(raw).translate(FULL_WIDTH).strip())
        if match:
            parts = [part for part in match.groups() if part and part.isdigit()]
            try:
                return date(*(int(part) for part in parts[:3]))
            except ValueError:
                pass
        raise self._parse_error(raw, "要填日期，如 2018-08-10")

    def _parse_month(self, raw: object) -> str:
        if isinstance(raw, date):
            return f"{raw.year:04}-{raw.month:02}"
        match = _MONTH.fullmatch(str(raw).translate(FULL_WIDTH).strip())
        if match and 1900 <= int(match[1]) <= 2100 and 1 <= int(match[2]) <= 12:
            return f"{match[1]}-{int(match[2]):02}"
        raise self._parse_error(raw, "要填年月，如 2018-08")

    def _parse_bool(self, raw: object) -> bool:
        if isinstance(raw, bool):
            return raw
        told = _value_by_spelling("yes_no").get(_normalize(str(raw)))
        if told is None:
            raise self._parse_error(raw, f"要填“{yes_no(True)}”或“{yes_no(False)}”")
        return told == yes_no(True)

    def _parse_option(self, raw: str) -> str:
        value = _value_by_spelling(self.spec.options).get(_normalize(raw))
        if value is None:
            examples = "、".join(o.label for o in self.options[:6])
            raise self._parse_error(raw, f"要从选项里选({examples}{'…' if len(self.options) > 6 else ''})")
        return value


def _format_number(number: Decimal | int | None) -> str:
    if number is None:
        return "…"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def fields(table: str) -> tuple[Field, ...]:
    """All fields of a table in the order of db/schema, without those that every record has."""
    columns = records()[table].__table__.columns
    return tuple(
        Field(table, column.name, column.info["declared"], getattr(column.type, "places", 0))
        for column in columns
        if "declared" in column.info and column.name not in ("village", "withdrawn", "merged_into")
    )


@cache
def field(table: str, name: str) -> Field:
    """One field, e.g. field("member", "id_no").

    Raises:
        KeyError: no such table or column
    """
    for candidate in fields(table):
        if candidate.name == name:
            return candidate
    raise KeyError(f"{table}.{name}")


def field_label(table: str, name: str) -> str:
    """The Chinese label of a column: field_label("member", "id_no") is "证件号码"."""
    return field(table, name).label


def table_label(table: str) -> str:
    """The Chinese name of a kind of record, e.g. "家庭成员"."""
    return records()[table].LABEL
