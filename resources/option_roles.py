"""What an option stands for: code asks for the role that a dictionary gives it, never for its wording.

An option of resources/dictionaries/<name>.toml may say `roles = ["head"]`. A county can then change the wording, and
every rule, list and figure goes along.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

import resources
from resources.overlay import cached

__all__ = ["RoleError", "flag_values", "value_of", "values_with_role", "values_without_role", "yes_no"]


class RoleError(LookupError):
    """A dictionary does not give a role as the program needs it; the message names both."""


@cached
def values_with_role(dictionary: str, role: str) -> frozenset[str]:
    """The values of all options with a role, e.g. values_with_role("health", "ill").

    Raises:
        RoleError: no option has it
    """
    return _of_role(_by_role(dictionary), dictionary, role)


@cached
def values_without_role(dictionary: str, role: str) -> frozenset[str]:
    """The values of all other options. A blank is none of them.

    Raises:
        RoleError: no option has it
    """
    return _all_values(dictionary) - values_with_role(dictionary, role)


@cache
def value_of(dictionary: str, role: str, *more: str) -> str:
    """The value of the one option with a role, or with several at once, e.g. value_of("relation", "head").

    It is the program's own: an option that a county adds is never the one that stands for a role.

    Raises:
        RoleError: no option has it, or more than one
    """
    by_role = _program_roles(dictionary)
    found = frozenset.intersection(*(_of_role(by_role, dictionary, one) for one in (role, *more)))
    if len(found) != 1:
        wanted = "”, “".join((role, *more))
        raise RoleError(
            f"resources/dictionaries/{dictionary}.toml: {len(found)} options have the role “{wanted}”, not one"
        )
    return next(iter(found))


@cached
def flag_values(dictionary: str, flag: str) -> Mapping[str, Any]:
    """Option → value of one of its flags: flag_values("relation", "sex") is {"之子": "男", …}."""
    options = resources.read("dictionaries", dictionary)["options"]
    return {option["value"]: option[flag] for option in options if flag in option}


def yes_no(value: bool) -> str:
    """How a truth is written: 是 or 否."""
    return value_of("yes_no", "yes" if value else "no")


def _of_role(by_role: Mapping[str, frozenset[str]], dictionary: str, role: str) -> frozenset[str]:
    found = by_role.get(role)
    if not found:
        raise RoleError(f"resources/dictionaries/{dictionary}.toml: no option has the role “{role}”")
    return found


@cached
def _all_values(dictionary: str) -> frozenset[str]:
    return frozenset(option["value"] for option in resources.read("dictionaries", dictionary)["options"])


@cached
def _by_role(dictionary: str) -> Mapping[str, frozenset[str]]:
    return _collect_roles(resources.read("dictionaries", dictionary))


@cache
def _program_roles(dictionary: str) -> Mapping[str, frozenset[str]]:
    return _collect_roles(resources.program_data("dictionaries", dictionary))


def _collect_roles(raw: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for option in raw["options"]:
        for role in option.get("roles", ()):
            found[role].add(option["value"])
    return {role: frozenset(values) for role, values in found.items()}
