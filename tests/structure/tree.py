"""The files that the rules read, each parsed at most once."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

PRODUCTION = ("app", "db", "ui", "resources")
_TEXT_SUFFIXES = {".py", ".toml", ".md", ".lock", ".spec", ".txt", ".yml"}
_GENERATED = "db/migrations/versions/"


@dataclass
class Tree:
    """The tracked files below `root`, as paths with slashes."""

    root: Path
    files: tuple[str, ...]
    _texts: dict[str, str] = field(default_factory=dict)
    _modules: dict[str, ast.Module] = field(default_factory=dict)

    @classmethod
    def tracked(cls, root: Path) -> "Tree":
        """The files that git tracks and that have not been deleted from the working tree."""
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True)
        return cls(root, tuple(name for name in listing.stdout.split("\0") if name and (root / name).is_file()))

    @classmethod
    def of_folder(cls, root: Path) -> "Tree":
        """Every file of a folder that is not a repository."""
        return cls(root, tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())))

    def text(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = (self.root / name).read_text(encoding="utf-8")
        return self._texts[name]

    def module(self, name: str) -> ast.Module:
        if name not in self._modules:
            self._modules[name] = ast.parse(self.text(name))
        return self._modules[name]

    def text_files(self) -> Iterator[str]:
        """What people write: code, data and documents."""
        return (name for name in self.files if Path(name).suffix in _TEXT_SUFFIXES or name == ".ci/run")

    def python(self, *folders: str) -> list[str]:
        """The Python modules below these folders."""
        below = tuple(f"{folder}/" for folder in folders)
        return [name for name in self.files if name.endswith(".py") and name.startswith(below)]

    def handwritten(self) -> list[str]:
        """Production modules except the generated bodies of migrations."""
        return [name for name in self.python(*PRODUCTION) if not name.startswith(_GENERATED)]

    def schema(self) -> Iterator[ast.Module]:
        """The modules that declare tables."""
        return (self.module(name) for name in self.python("db/schema"))

    @cached_property
    def columns(self) -> list[tuple[str, ast.Call]]:
        """The columns that db/schema declares: the name of each and its call of `column`."""
        return [
            (node.target.id, node.value)
            for module in self.schema()
            for node in ast.walk(module)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
            if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
            if node.value.func.id == "column" and node.value.args
        ]

    @cached_property
    def tables(self) -> dict[str, str]:
        """The classes of db/schema that are tables, each with its table."""
        return {
            node.name: str(line.value.value)
            for module in self.schema()
            for node in module.body
            if isinstance(node, ast.ClassDef)
            for line in node.body
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
            if isinstance(line.targets[0], ast.Name) and line.targets[0].id == "__tablename__"
        }


Rule = Callable[[Tree], Iterator[str]]


def string_constants(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string constant of a module with its line."""
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def words(identifier: str) -> list[str]:
    """The lower-case words of an identifier in snake_case or CamelCase."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)]
