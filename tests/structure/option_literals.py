"""Code asks for the role of an option (resources/option_roles.py); its wording is the county's business."""

import ast
import re
from collections.abc import Iterator
from tomllib import loads

from tests.structure.tree import Tree

# options that are also ordinary words of the interface; nothing is compared with them and no field is filled with them
_ORDINARY = {
    "户主": "head of the column with the head's name, and who signs",
    "年度": "head of the column with a year, label of columns, and of a year's records",
    "省": "a level of the administration",
    "县": "a level of the administration",
    "其他": "what is left over: a group of printouts, the last bar of a chart",
    "公示": "title and group of a printout",
    "整改清单": "title of a printout",
    "草稿": "watermark of a printout",
    "符合": "a verdict of the check on basic needs",
    "走访": "title of a part of the household's page and of a part of a form",
    "健康": "title of a part of a form",
    "问题整改": "title of a page and label of its records",
    "达标": "head of the column, and whether a household passed a round",
    "务工": "a verb in sentences",
    "季度": "in the title of a round",
    "半年": "in the title of a round",
    "电话": "head of the column with a number",
    "是": "a comparison of a filter",
    "A": "a channel of a picture, a key",
    "B": "conformance of PDF/A",
}

# declarations call kinds of records, groups and steps by their names, which may be options of something else as well
_DECLARATIONS = ("db/schema/", "app/registers/")


def option_is_no_literal(tree: Tree) -> Iterator[str]:
    """No module of app, db or ui names an option by its wording; docstrings and migrations may."""
    values = set(_option_values(tree))
    choices = {name for name, call in tree.columns if any(word.arg == "options" for word in call.keywords)}
    for name in tree.python("app", "db", "ui"):
        if not name.startswith("db/migrations/"):
            for line, value in _literals(tree.module(name), values, choices, name.startswith(_DECLARATIONS)):
                yield f"{name}:{line}: “{value}” is an option; ask for its role (resources/option_roles.py)"


def _option_values(tree: Tree) -> Iterator[str]:
    for name in tree.files:
        if name.startswith("resources/dictionaries/") and name.endswith(".toml"):
            yield from (option["value"] for option in loads(tree.text(name))["options"])


def _literals(
    module: ast.Module, values: set[str], choices: set[str], is_declaration: bool
) -> Iterator[tuple[int, str]]:
    """An ordinary word is a literal only where it is compared, matched, in SQL, or put into a column of options.

    In a declaration every word counts as ordinary.
    """
    nodes = list(ast.walk(module))
    prose = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    meant = {id(part) for node in nodes for operand in _operands(node, choices) for part in ast.walk(operand)}
    for node in nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in prose:
            continue
        if node.value in values and ((node.value not in _ORDINARY and not is_declaration) or id(node) in meant):
            yield node.lineno, node.value
        yield from ((node.lineno, quoted) for quoted in re.findall(r"'([^']+)'", node.value) if quoted in values)


def _operands(node: ast.AST, choices: set[str]) -> list[ast.expr]:
    """The expressions of a node that are compared with a value, or become the value of a column of options."""
    match node:
        case ast.Compare():
            return [node.left, *node.comparators]
        case ast.MatchValue():
            return [node.value]
        case ast.keyword(arg=name) if name in choices:
            return [node.value]
        case ast.Dict():
            pairs = zip(node.keys, node.values, strict=True)
            return [value for key, value in pairs if isinstance(key, ast.Constant) and key.value in choices]
        case ast.Assign(targets=[ast.Attribute(attr=name)]) if name in choices:
            return [node.value]
        case ast.arguments():
            named = node.args[len(node.args) - len(node.defaults) :]
            defaults = [*zip(named, node.defaults, strict=True), *zip(node.kwonlyargs, node.kw_defaults, strict=True)]
            return [value for argument, value in defaults if value is not None and argument.arg in choices]
    return []
