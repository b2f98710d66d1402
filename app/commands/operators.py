"""Who can open a workbook, and what each may do."""

import argparse

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.workbook import access
from app.workbook.roles import ROLE_LABELS, Role


def add(commands: Commands) -> None:
    listing = add_command(commands, "operators", "谁能打开工作簿，各是什么角色", _list)
    listing.add_argument("--json", action="store_true")
    setting = add_command(commands, "set-role", "设置操作员的角色（负责人才能设）", _set)
    setting.add_argument("name", metavar="NAME", help="操作员姓名")
    setting.add_argument("role", choices=[*ROLE_LABELS], help="、".join(ROLE_LABELS.values()))


def _list(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        roles = access.roles(workbook)
    if args.json:
        print_json(roles)
        return
    for name, role in roles.items():
        print(f"{name}\t{ROLE_LABELS[role]}")


def _set(args: argparse.Namespace) -> None:
    role: Role = args.role
    with open_workbook(args) as workbook:
        access.set_role(workbook, args.name, role)
    print(f"“{args.name}”的角色已设为“{ROLE_LABELS[role]}”，下次打开工作簿时生效。")
