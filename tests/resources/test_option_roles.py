"""What code asks of the options: every role is there, and is understood as it stands in the dictionaries."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

import resources
from resources.option_roles import RoleError, value_of, values_with_role, values_without_role, yes_no

ROOT = Path(resources.__file__).parent.parent
ASKED = {"value_of": value_of, "values_with_role": values_with_role, "values_without_role": values_without_role}


@cache
def nodes() -> tuple[ast.Call | ast.Constant, ...]:
    """Every call and every constant of the program."""
    return tuple(
        node
        for room in ("app", "db", "ui")
        for path in sorted((ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call | ast.Constant)
    )


def asked() -> list[tuple[str, tuple[str, ...]]]:
    """Which function code calls with which words."""
    return [
        (node.func.id, tuple(one.value for one in node.args))
        for node in nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKED
        if all(isinstance(one, ast.Constant) for one in node.args)
    ]


def test_every_role_that_code_asks_for_is_in_its_dictionary() -> None:
    found = asked()
    assert len(found) > 60
    for function, words in found:
        assert ASKED[function](*words)


def texts(part: object) -> Iterator[str]:
    """All texts in a part of a resource."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        yield from chain.from_iterable(map(texts, part.values()))
    elif isinstance(part, Sequence):
        yield from chain.from_iterable(map(texts, part))


def test_every_role_of_a_dictionary_is_asked_for() -> None:
    words = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    told = resources.read("sample_village", "households")["words"]
    words |= set(told["health"].values()) | set(told["types"].values())
    standards = resources.read("thresholds", "aid_standards")
    words |= set(standards["highest"]) | set(texts(standards["most"]))
    for folder in ("comparisons", "packs"):
        for name in resources.names(folder):
            words |= {text for part in resources.read(folder, name).values() for text in texts(part)}
    words |= {one["task_force"] for one in resources.read("dictionaries", "measure_kind")["options"]}
    roles = {
        (name, role)
        for name in resources.names("dictionaries")
        for option in resources.read("dictionaries", name)["options"]
        for role in option.get("roles", ())
    }
    assert {(name, role) for name, role in roles if role not in words} == set()


def test_what_is_true_or_false_of_an_option_is_a_role() -> None:
    options = [
        one for name in resources.names("dictionaries") for one in resources.read("dictionaries", name)["options"]
    ]
    flags = {key for option in options for key, value in option.items() if isinstance(value, bool)}
    assert flags <= {"retired"}
    assert all(role.isascii() and role.replace("_", "").islower() for o in options for role in o.get("roles", ()))


def test_every_policy_of_a_measure_has_its_rows() -> None:
    measures = resources.read("dictionaries", "measure_kind")
    assert {option["policy"] for option in measures["options"] if "policy" in option} <= set(measures["policies"])


def test_a_role_is_answered_by_values() -> None:
    assert value_of("relation", "head") == "户主"
    assert value_of("household_attribute", "tekun", "exited") == "特困供养脱贫户"
    assert values_with_role("health", "ill") == {"长期慢性病", "患有大病"}
    assert values_without_role("danger_level", "danger") == {"A", "B"}
    assert (yes_no(True), yes_no(False)) == ("是", "否")


def test_a_role_that_is_missing_or_doubled_is_named_with_its_dictionary() -> None:
    with pytest.raises(RoleError, match=r"dictionaries/relation\.toml: no option has the role “grandfather”"):
        value_of("relation", "grandfather")
    with pytest.raises(RoleError, match=r"dictionaries/relation\.toml: no option has the role “grandfather”"):
        values_with_role("relation", "grandfather")
    with pytest.raises(RoleError, match=r"dictionaries/health\.toml: 2 options have the role “ill”, not one"):
        value_of("health", "ill")
    with pytest.raises(RoleError, match=r"relation\.toml: 0 options have the role “head”, “spouse”, not one"):
        value_of("relation", "head", "spouse")
