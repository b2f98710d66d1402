"""Commands for deciding about a colleague's card: revoking it, or keeping it though others have revoked it."""

import argparse

from app.commands import Commands, add_command
from app.commands.workbook import open_workbook
from app.sync import peers


def add(commands: Commands) -> None:
    revoke = add_command(commands, "revoke", "停用一位同事的名片（电脑丢失、人员离任）", _revoke)
    revoke.add_argument("who", metavar="CARD|NAME")
    keep = add_command(commands, "keep", "别的同事停用了他的名片，本机仍然信任", _keep)
    keep.add_argument("who", metavar="CARD|NAME")


def _revoke(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        entry = peers.revoke(workbook, peers.find_peer(workbook, args.who).sign_key)
    print(f"已停用“{entry.name}”的名片。")


def _keep(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        entry = peers.keep(workbook, peers.find_peer(workbook, args.who).sign_key)
    print(f"仍然信任“{entry.name}”的名片。")
