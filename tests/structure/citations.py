"""What code and documents cite is in the repository."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.structure.tree import PRODUCTION, Tree

# a path below one of the project's folders, or of the former `domain/`; `*` and `NAME` stand for any name
_PATH = re.compile(r"(?<![\w./-])(?:app|db|ui|resources|tests|docs|domain)/(?:[\w.*-]+/)*[\w*-]+(?:\.\w+)?")
_SECTION = re.compile(r"(docs/domain/[\w-]+\.md)((?:[ ,–§]+(?:[A-Z]-?)?\d[\d.-]*\b)+)")
_NUMBER = re.compile(r"(?:[A-Z]-?)?\d(?:[\d.-]*\d)?")
_MARKDOWN_LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
# what these documents say of the past is not changed afterwards
_HISTORY = ("CHANGELOG.md",)


def cited_file_exists(tree: Tree) -> Iterator[str]:
    """In docstrings, comments, TOML and Markdown; a path with `*` must match something."""
    known = set(tree.files) | {str(parent) for name in tree.files for parent in PurePosixPath(name).parents}
    for name, line, text in _prose(tree):
        for path in _PATH.findall(text):
            if not _exists(path.rstrip("/"), known):
                yield f"{name}:{line}: {path} does not exist"


def cited_section_exists(tree: Tree) -> Iterator[str]:
    """A number cited with a page of docs/domain is one of its headings, or the first cell of a row of its tables."""
    for name, line, text in _prose(tree):
        for page, numbers in _SECTION.findall(text):
            if page not in tree.files:
                continue  # the rule above names it
            anchors = set(re.findall(r"^(?:#+|\|) *([\w.-]+)", tree.text(page), re.MULTILINE))
            for number in _NUMBER.findall(numbers):
                if number not in anchors:
                    yield f"{name}:{line}: {page} has no section {number}"


def link_target_exists(tree: Tree) -> Iterator[str]:
    """Relative links of Markdown."""
    folders = {str(parent) for name in tree.files for parent in PurePosixPath(name).parents}
    for name in tree.files:
        if name.endswith(".md"):
            for target in _MARKDOWN_LINK.findall(tree.text(name)):
                path = _normalized(PurePosixPath(name).parent / target)
                if path not in tree.files and path not in folders:
                    yield f"{name}: the link to {target} leads nowhere"


def _exists(path: str, known: set[str]) -> bool:
    if "*" in path:
        pattern = re.compile(re.escape(path).replace(r"\*", "[^/]*"))
        return any(pattern.fullmatch(name) for name in known)
    return path in known or f"{path}.py" in known


def _normalized(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."


def _prose(tree: Tree) -> Iterator[tuple[str, int, str]]:
    """Docstrings and comments of code, and each line of TOML and Markdown: file, line, text."""
    for name in tree.files:
        if name.endswith((".toml", ".md")) and name not in _HISTORY:
            yield from ((name, line, text) for line, text in enumerate(tree.text(name).splitlines(), 1))
    for name in tree.python(*PRODUCTION, "tests"):
        if not name.startswith("tests/structure/"):
            yield from ((name, line, text) for line, text in _docstrings_and_comments(tree, name))


def _docstrings_and_comments(tree: Tree, name: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree.module(name)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.lineno, str(first.value.value)
    for token in tokenize.generate_tokens(io.StringIO(tree.text(name)).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
