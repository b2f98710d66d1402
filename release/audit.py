"""`python -m release.audit [REPORT]`: the licences of what is shipped, and what is known against it.

Without a network, or where the index has no data on vulnerabilities, the packages nothing is known of are counted and
the licences are checked all the same. REPORT is what `pip-audit -f json` wrote on a machine that has the data.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.help.components import Component, accepted_licences, environment_components

LOCK = Path(__file__).resolve().parents[1] / "requirements-ocr.lock"  # with the component that may be left out
_ASK = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
_PATIENCE = 600  # seconds


def main(words: Sequence[str] | None = None) -> int:
    """Print what was found; 1 if a licence may not be shipped or a vulnerability is known, else 0."""
    parser = argparse.ArgumentParser(prog="audit", description="Licences and known vulnerabilities of what is shipped.")
    parser.add_argument("report", nargs="?", type=Path, help="what `pip-audit -f json` wrote elsewhere")
    arguments = parser.parse_args(words)
    refused = refused_licences(environment_components(LOCK), accepted_licences())
    for component in refused:
        print(f"licence not accepted: {component.name} {component.version}: {component.licence or 'none stated'}")
    try:
        packages = read_report(arguments.report.read_text(encoding="utf-8") if arguments.report else _ask())
    except (OSError, ValueError) as error:
        print(f"no report on vulnerabilities: {error}", file=sys.stderr)
        return 1 if refused or arguments.report else 0
    known = known_vulnerabilities(packages)
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    print(*known, sep="\n", end="\n" if known else "")
    print(f"{len(packages)} packages, {len(known)} vulnerabilities; without data: {len(unknown)}")
    return 1 if refused or known else 0


def refused_licences(components: Iterable[Component], accepted: frozenset[str]) -> list[Component]:
    """The components whose licence is not among those accepted, or that state none."""
    return [component for component in components if component.licence not in accepted]


def read_report(text: str) -> list[Mapping[str, Any]]:
    """The packages of a report of pip-audit in its JSON form.

    Raises:
        ValueError: it is no such report
    """
    report = json.loads(text)
    packages = report.get("dependencies") if isinstance(report, dict) else None
    if not isinstance(packages, list) or not all(isinstance(one, dict) and "name" in one for one in packages):
        raise ValueError("this is no report of pip-audit in its JSON form")
    return packages


def known_vulnerabilities(packages: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line for each: the package, its version, the vulnerability and the versions that are free of it."""
    return [
        f"{one['name']} {one.get('version', '')}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none'}"
        for one in packages
        for found in one.get("vulns", ())
    ]


def _ask() -> str:
    """What pip-audit says about the lock file now. Raises OSError where it could not ask."""
    words = (sys.executable, "-m", "pip_audit", *_ASK, "--requirement", str(LOCK))
    try:
        answer = subprocess.run(words, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise OSError(f"no answer within {_PATIENCE} seconds") from error
    if not answer.stdout:
        raise OSError((answer.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1])
    return answer.stdout


if __name__ == "__main__":
    sys.exit(main())
