"""What a county may change is asked for when it is needed: docs/decisions/0021-county-data.md."""

import ast
import tomllib
from collections.abc import Iterator

from tests.structure.tree import PRODUCTION, Tree

# what depends on the workbook that is read
_ASKED = frozenset({
    "options", "values_with_role", "values_without_role", "threshold", "flag_values", "household_limit",
    "limits", "parts", "all_forms", "offered_forms", "load_form", "checklist", "income_items", "income_item", "aliases",
})  # fmt: skip
_FOLDERS = frozenset({"dictionaries", "thresholds", "checklists", "forms", "rosters", "archive"})
_EXCEPT = ("app/sample/", "resources/")  # the sample village is the program's; resources decides itself


def county_value_is_not_kept(tree: Tree) -> Iterator[str]:
    """No constant of a module, and nothing that functools.cache keeps, holds what a county may change.

    Values of a closed list may be kept: nobody adds to it.
    """
    rules = "resources/county/options.toml"
    closed = frozenset(tomllib.loads(tree.text(rules))["closed"]) if rules in tree.files else frozenset()
    for name in tree.python(*PRODUCTION):
        if name.startswith(_EXCEPT):
            continue
        module = tree.module(name)
        for statement in module.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and (asked := _asked_in(statement, closed)):
                yield f"{name}:{statement.lineno}: a constant asks “{asked}”; a county may change it, ask when needed"
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef) and _is_kept(function) and (asked := _asked_in(function, closed)):
                yield f"{name}:{function.lineno}: what “{asked}” says is the county's; use resources.overlay.cached"


def _is_kept(function: ast.FunctionDef) -> bool:
    names = (one.func if isinstance(one, ast.Call) else one for one in function.decorator_list)
    return any(isinstance(one, ast.Name) and one.id in ("cache", "lru_cache") for one in names)


def _asked_in(node: ast.AST, closed: frozenset[str]) -> str:
    """The first such question that is asked outright, not in a function written there to be called later."""
    if isinstance(node, ast.Lambda):
        return ""
    if isinstance(node, ast.Call):
        called = node.func
        folder = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if isinstance(called, ast.Name) and called.id in _ASKED and folder not in closed:
            return called.id
        is_read = isinstance(called, ast.Attribute) and called.attr in ("read", "text", "names")
        if is_read and isinstance(called.value, ast.Name) and called.value.id == "resources" and folder in _FOLDERS:
            return f"resources.{called.attr}"
    return next((asked for child in ast.iter_child_nodes(node) if (asked := _asked_in(child, closed))), "")
