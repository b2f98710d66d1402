"""应享未享: who may have which policy and has no record."""

import argparse
from pathlib import Path

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.issues.policy_lines import PolicyLine, policy_lines
from app.policies.common_policies import add_common_policies
from app.progress import run_to_completion


def add(commands: Commands) -> None:
    lines = add_command(commands, "entitlements", "核对政策，列出应享未享和享受而不符合条件的", _lines)
    lines.add_argument("--out", type=Path, metavar="OUT.xlsx", help="存成 Excel")
    lines.add_argument("--settled", action="store_true", help="已核实的也列出来")
    lines.add_argument("--json", action="store_true")
    add_command(commands, "common-policies", "把常见政策（示例）载入政策库", _add_common)


def _lines(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        with workbook.reading() as session:
            lines = [line for line in policy_lines(session) if args.settled or line.is_open]
        if args.out:
            from app.sheets.policy_export import write_policy_lines

            run_to_completion(write_policy_lines(workbook, lines, args.out))
    if args.json:
        print_json([_line_json(line) for line in lines])
        return
    for line in lines:
        policy = line.entitlement.policy.name
        print(f"{line.state}　{line.household}　{line.whom}　{policy}：{line.entitlement.reasons}")
    print(f"共 {len(lines)} 项，涉及 {len({line.entitlement.household_id for line in lines})} 户。")


def _line_json(line: PolicyLine) -> dict[str, str]:
    one = line.entitlement
    return {
        "state": one.state,
        "policy": one.policy.name,
        "household": one.household_id,
        "head": line.household,
        "member": one.member_id,
        "called": one.member,
        "reasons": one.reasons,
        "settled": line.note,
    }


def _add_common(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        print(f"已载入常见政策 {add_common_policies(workbook)} 项，请按县里的文件核对。")
