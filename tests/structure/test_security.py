"""SECURITY.md promises nothing that no test holds."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_each_promise_names_a_test_that_exists():
    section = (
        (ROOT / "SECURITY.md")
        .read_text(encoding="utf-8")
        .partition("## What is promised")[2]
        .partition("## What is not")[0]
    )
    rows = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("| |")]
    assert len(rows) > 10
    for row in rows:
        named = _TEST.findall(row)
        assert named, row
        for path, name in named:
            module = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert name in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}, row
