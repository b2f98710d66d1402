"""`python -m tests.structure`: one line for each violation; the exit status says whether there are any."""

import sys
from pathlib import Path

from tests.structure.rules import violations
from tests.structure.tree import Tree


def main() -> int:
    lines = list(violations(Tree.tracked(Path(__file__).resolve().parents[2])))
    print("\n".join([*lines, f"own rules: {len(lines)} violations"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
