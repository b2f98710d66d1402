"""Docstrings: every production module has one, and what a docstring names exists."""

import ast
import builtins
import re
from collections.abc import Iterator

from tests.structure.tree import PRODUCTION, Tree


def module_has_docstring(tree: Tree) -> Iterator[str]:
    for name in tree.python(*PRODUCTION):
        text = tree.text(name)
        if text.splitlines() and not text.lstrip().startswith('"""'):
            yield f"{name}: no docstring says what the module is for"


def documented_name_exists(tree: Tree) -> Iterator[str]:
    """Names under `Args:` are parameters of the function, those under `Attributes:` are attributes of the class."""
    for name in tree.python(*PRODUCTION):
        for node in ast.walk(tree.module(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                section, known = "Args", _parameters(node)
            elif isinstance(node, ast.ClassDef):
                section, known = "Attributes", _attributes(node)
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                        yield from _unknown(name, node, "Args", _parameters(method))
            else:
                continue
            yield from _unknown(name, node, section, known)


def documented_error_exists(tree: Tree) -> Iterator[str]:
    """Exceptions under `Raises:` are classes of this project, or built in."""
    modules = {name: tree.module(name) for name in tree.python(*PRODUCTION)}
    classes = {node.name for module in modules.values() for node in ast.walk(module) if isinstance(node, ast.ClassDef)}
    for name, module in modules.items():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for raised in _raised(ast.get_docstring(node) or ""):
                    if raised not in classes and not hasattr(builtins, raised):
                        yield f"{name}:{node.lineno}: {node.name} raises {raised}, which does not exist"


def _raised(docstring: str) -> list[str]:
    """The names in the left column of the section, without those of other libraries (`package.Error`)."""
    match = re.search(r"^Raises:\n((?: .*\n?|\n)+)", docstring, re.MULTILINE)
    entries = re.findall(r"^    ((?:[A-Z]\w+)(?:, [A-Z]\w+)*)(?=[:;]|$)", match[1] if match else "", re.MULTILINE)
    return [name for entry in entries for name in entry.split(", ")]


def _unknown(
    name: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, section: str, known: set[str]
) -> Iterator[str]:
    match = re.search(rf"^{section}:\n((?: .*\n?|\n)+)", ast.get_docstring(node) or "", re.MULTILINE)
    for names in re.findall(r"^    (\w+(?:, \w+)*):", match[1] if match else "", re.MULTILINE):
        for word in names.split(", "):
            if word not in known:
                yield f"{name}:{node.lineno}: {node.name} has no {word}, which its docstring explains"


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    arguments = node.args
    optional = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *optional)}


def _attributes(node: ast.ClassDef) -> set[str]:
    names = {child.attr for child in ast.walk(node) if isinstance(child, ast.Attribute)}
    names |= {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    return names | {child.name for child in node.body if isinstance(child, ast.FunctionDef)}
