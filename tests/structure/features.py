"""docs/features.md: every feature is there, with a test that exists."""

from collections.abc import Iterator

from tests.structure.tree import Tree

FEATURES = "docs/features.md"
_HERE = "yes"


def feature_is_there_with_its_test(tree: Tree) -> Iterator[str]:
    """No row says anything but yes, and the last cell of each names a test that is in the tree."""
    if FEATURES not in tree.files:
        return
    known = set(tree.files)
    for line, row in enumerate(tree.text(FEATURES).splitlines(), 1):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if not row.startswith("| ") or cells[0] == "feature":
            continue
        if cells[2] != _HERE:
            yield f"{FEATURES}:{line}: {cells[0]} is not there"
        if cells[-1].strip("`") not in known or not cells[-1].startswith("`tests/"):
            yield f"{FEATURES}:{line}: {cells[-1]} is no test"
