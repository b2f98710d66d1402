"""What the cleaning rules find: issues."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.issues.issues import SEVERITIES, Issue, village_issues
from app.progress import run_to_completion


def add(commands: Commands) -> None:
    issues = add_command(commands, "doubts", "核对数据质量，列出疑点", _issues)
    issues.add_argument("--out", type=Path, metavar="OUT.xlsx", help="存成 Excel")
    issues.add_argument("--settled", action="store_true", help="已核实无误的也列出来")
    issues.add_argument("--json", action="store_true")


def _issues(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        issues = run_to_completion(village_issues(workbook, include_dismissed=args.settled))
        if args.out:
            from app.sheets.issue_export import write_issues

            run_to_completion(write_issues(workbook, issues, args.out))
    if args.json:
        print_json([_issue_json(issue) for issue in issues])
        return
    for issue in issues:
        print(
            f"{issue.severity}　{issue.household_name}　{issue.record_title}"
            f"：{issue.message}{'（已核实无误）' if issue.dismissal else ''}"
        )
    counts = Counter(issue.severity for issue in issues)
    household_count = len({issue.household_id for issue in issues})
    print("，".join(f"{severity} {counts[severity]} 条" for severity in SEVERITIES) + f"，涉及 {household_count} 户。")


def _issue_json(issue: Issue) -> dict[str, Any]:
    return {
        "rule": issue.rule,
        "severity": issue.severity,
        "source": issue.source,
        "household": issue.household_id,
        "head": issue.household_name,
        "about": issue.record_id,
        "called": issue.record_title,
        "sentence": issue.message,
        "fields": [f"{cell.table}.{cell.column}" for cell in issue.cells],
        "settled": issue.dismissal.reason if issue.dismissal else None,
    }
