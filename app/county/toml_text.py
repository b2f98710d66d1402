"""A checklist or form as TOML again, which a workbook keeps. Python reads TOML but does not write it."""

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any


def toml_text(raw: Mapping[str, Any]) -> str:
    """The text of a file: plain values first, then [[tables]], each with its own tables in one line."""
    plain = {key: value for key, value in raw.items() if not _is_tables(value)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items() if value is not None]
    for key, tables in raw.items():
        for table in tables if _is_tables(tables) else ():
            lines += ["", f"[[{_key(key)}]]"]
            lines += [f"{_key(name)} = {_value(value)}" for name, value in table.items() if value is not None]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else json.dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction | Decimal):
        return f"{float(value):g}"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items() if one is not None) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    # DEL and the like are not allowed as they are, in JSON they are
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
