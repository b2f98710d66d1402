"""What fields can be compared by, and why a condition is refused.

An empty field fits no comparison but 为空 and those that deny (不是, 不包含, 不属于), which fit whatever their
counterpart does not.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.errors import ValidationError
from app.list_views.definition import CHOSEN, Condition
from app.records.field import Field, Value
from db.schema.column import Kind

MANY = -1  # any number of values
_SEPARATORS = re.compile(r"[,，、;；\n]+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison.

    Attributes:
        name: what is stored; never changes
        label: between the field and its value
        values: how many it takes, `MANY` for any number
        denies: the comparison of which it is the opposite
    """

    name: str
    label: str
    values: int = 1
    denies: str = ""


COMPARISONS: Mapping[str, Comparison] = {
    one.name: one
    for one in (
        Comparison("is", "是"),
        Comparison("is_not", "不是", denies="is"),
        Comparison("contains", "包含"),
        Comparison("not_contains", "不包含", denies="contains"),
        Comparison("one_of", "属于", MANY),
        Comparison("not_one_of", "不属于", MANY, denies="one_of"),
        Comparison("greater", "大于"),
        Comparison("less", "小于"),
        Comparison("at_least", "不小于"),
        Comparison("at_most", "不大于"),
        Comparison("between", "之间", 2),
        Comparison("filled", "不为空", 0),
        Comparison("empty", "为空", 0, denies="filled"),
    )
}
_DATE_LABELS = {"greater": "晚于", "less": "早于", "at_least": "不早于", "at_most": "不晚于"}
_ORDERED_KINDS: tuple[Kind, ...] = ("date", "month", "year", "integer", "decimal", "money")
_TEXT = ("is", "is_not", "contains", "not_contains", "one_of", "not_one_of", "empty", "filled")
_ORDERED = (
    "is", "is_not", "greater", "less", "at_least", "at_most", "between", "one_of", "not_one_of", "empty", "filled",
)  # fmt: skip
_BY_KIND: Mapping[Kind, tuple[str, ...]] = {
    "text": _TEXT,
    "long": _TEXT,
    "choice": ("is", "is_not", "one_of", "not_one_of", "empty", "filled"),
    "choices": ("contains", "not_contains", "is", "is_not", "one_of", "not_one_of", "empty", "filled"),
    "yes_no": ("is", "is_not", "empty", "filled"),
    **dict.fromkeys(_ORDERED_KINDS, _ORDERED),
}


def comparisons_of(field: Field) -> tuple[Comparison, ...]:
    """What a field can be compared by, the usual one first."""
    return tuple(COMPARISONS[name] for name in _BY_KIND.get(field.kind, ()))


def comparison_label(field: Field, comparison: Comparison) -> str:
    """What stands between a field and its value: dates are 晚于 others, not 大于."""
    return _DATE_LABELS.get(comparison.name, comparison.label) if field.kind in ("date", "month") else comparison.label


def parse_condition(field: Field, key: str, comparison: str, typed: Sequence[str]) -> Condition:
    """The condition of what an officer typed.

    Args:
        key: of the field in its list
        typed: one text for each value; several values of one text stand with 、 between them where any number is taken

    Raises:
        ValidationError: the field cannot be compared so, or a value is missing or not of its kind
    """
    if comparison not in _BY_KIND.get(field.kind, ()):
        label = COMPARISONS[comparison].label if comparison in COMPARISONS else comparison
        raise ValidationError(f"“{field.label}”不能用“{label}”来筛选。")
    taken = COMPARISONS[comparison].values
    texts = [text for one in typed for text in (_SEPARATORS.split(one) if taken == MANY else (one,))]
    values = [_stored_text(field, comparison, text) for text in texts if text.strip()]
    if len(values) < abs(taken):
        raise ValidationError(f"“{field.label}”的条件还没有填完。")
    condition = Condition(key, comparison, tuple(values[:taken] if taken >= 0 else values))
    if comparison == "between":
        low, high = condition_values(field, condition)
        if low > high:  # type: ignore[operator]
            raise ValidationError(f"“{field.label}”的范围写反了：前面的要小，后面的要大。")
    return condition


def condition_values(field: Field, condition: Condition) -> tuple[Value, ...]:
    """The values of a condition as they are stored in a column.

    Raises:
        ValidationError: the condition does not fit the field: another comparison, not enough values, another kind
    """
    comparison = COMPARISONS.get(condition.comparison)
    if comparison is None or comparison.name not in _BY_KIND.get(field.kind, ()):
        raise ValidationError(f"“{field.label}”的条件“{condition.comparison}”这个版本的程序不认识，没有用上。")
    if len(condition.values) < abs(comparison.values):
        raise ValidationError(f"“{field.label}”的条件还没有填完。")
    return tuple(_value(field, condition.comparison, text) for text in condition.values)


def condition_text(field: Field, condition: Condition) -> str:
    """A condition as people read it, e.g. “贷款金额 大于 50,000.00”. One that does not fit says so."""
    try:
        values = condition_values(field, condition)
    except ValidationError as error:
        return str(error)
    if field.name == CHOSEN:
        return f"{field.label} {len(values)} 条"
    label = comparison_label(field, COMPARISONS[condition.comparison])
    texts = [field.text(value, hide=True) for value in values]
    if condition.comparison == "between":
        return f"{field.label} 在 {' 到 '.join(texts)} 之间"
    return " ".join(part for part in (field.label, label, "、".join(texts)) if part)


def _value(field: Field, comparison: str, text: str) -> Value:
    if field.kind in ("text", "long") and comparison in ("contains", "not_contains"):
        return text.strip()  # a part of a number is no number
    value = field.parse(text)
    if value is None:
        raise ValidationError(f"“{field.label}”的条件还没有填完。")
    return value


def _stored_text(field: Field, comparison: str, typed: str) -> str:
    value = _value(field, comparison, typed)
    if isinstance(value, tuple):
        return ",".join(value)
    return field.text(value) if isinstance(value, bool) else str(value)
