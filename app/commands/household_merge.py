"""Commands for households that have two records: same, join, part."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.errors import UserError
from resources.option_roles import value_of

if TYPE_CHECKING:
    from app.records.household_merge import DuplicateCandidate
    from app.records.merge_comparison import MergeComparison


def add(commands: Commands) -> None:
    duplicates = add_command(commands, "same", "可能是同一户的两条户记录", _duplicates)
    duplicates.add_argument("--json", action="store_true")
    merge = add_command(commands, "join", "把两条户记录合并成一户", _merge)
    merge.add_argument("kept", metavar="KEPT", help="保留的户，记录编号")
    merge.add_argument("other", metavar="OTHER", help="并入的户，记录编号")
    merge.add_argument("--take", nargs="+", default=[], metavar="WHAT=kept|other", help="逐项选用哪一边")
    merge.add_argument(
        "--relation", default=value_of("relation", "other"), metavar="RELATION", help="另一位户主与保留的户主的关系"
    )
    merge.add_argument("--dry-run", action="store_true", help="只看两户有什么不同，不合并")
    merge.add_argument("--json", action="store_true")
    unmerge = add_command(commands, "part", "拆开并错的户", _unmerge)
    unmerge.add_argument("other", metavar="OTHER", help="当初并入的户，记录编号")


def _duplicates(args: argparse.Namespace) -> None:
    from app.records import household_merge

    with open_workbook(args) as workbook:
        candidates = household_merge.find_duplicates(workbook)
    if args.json:
        print_json([_candidate_json(candidate) for candidate in candidates])
        return
    for candidate in candidates:
        print(
            f"{candidate.first}\t{candidate.first_name}\t{candidate.second}\t{candidate.second_name}\t{'、'.join(candidate.reasons)}"
        )
    if not candidates:
        print("没有看起来重复的户。")


def _candidate_json(candidate: "DuplicateCandidate") -> dict[str, Any]:
    """As docs/commands.md documents it."""
    fields = asdict(candidate)
    return {"why": fields.pop("reasons"), **fields}


def _comparison_json(comparison: "MergeComparison") -> dict[str, Any]:
    """As docs/commands.md documents it."""
    fields = asdict(comparison)
    fields["yearly"] = fields.pop("other_duplicates")
    for pair in (*fields["people"], *fields["yearly"]):
        pair["what"] = pair.pop("title")
    return fields


def _merge(args: argparse.Namespace) -> None:
    from app.records import household_merge

    choices: dict[str, Any] = dict(_parse_choice(choice) for choice in args.take)
    with open_workbook(args) as workbook:
        comparison = household_merge.compare_for_merge(workbook, args.kept, args.other)
        result = None if args.dry_run else household_merge.merge(workbook, comparison, choices, args.relation)
    if args.json:
        print_json(_comparison_json(comparison) | {"joined": result is not None})
        return
    for row in (*comparison.differing, *comparison.only_other):
        print(f"{row.column}\t{row.label}\t{row.kept}\t{row.other}")
    for pair in (*comparison.people, *comparison.other_duplicates):
        print(f"{pair.key}\t{pair.label}\t{pair.title}")
    if result:
        print(
            f"已合并：{comparison.other.name}并入{comparison.kept.name}，"
            f"补填 {result.cells} 处，重复的 {result.withdrawn} 条已撤回。"
        )
    else:
        print("没有合并（只核对）。")


def _parse_choice(choice: str) -> tuple[str, str]:
    item, separator, side = choice.rpartition("=")
    if not separator or side not in ("kept", "other"):
        raise UserError(f"“{choice}”看不懂。请写成 项目=kept 或 项目=other。")
    return item, side


def _unmerge(args: argparse.Namespace) -> None:
    from app.records import household_merge

    with open_workbook(args) as workbook:
        result = household_merge.unmerge(workbook, args.other)
    skipped_note = f"，{result.not_restored} 处合并以后又改过，没有动" if result.not_restored else ""
    print(f"已拆开，{result.cells} 处恢复成合并以前的样子{skipped_note}。")
