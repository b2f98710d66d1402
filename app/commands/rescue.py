"""The command that rescues a damaged workbook into a new one."""

import argparse
from dataclasses import asdict
from pathlib import Path

from app.commands import Commands, add_command, passphrase
from app.commands.workbook import print_json
from app.progress import run_to_completion
from app.sync import rescue


def add(commands: Commands) -> None:
    command = add_command(commands, "rescue", "抢救损坏的工作簿：读得出的放进一个新的", _rescue)
    command.add_argument("out", type=Path, metavar="OUT")
    command.add_argument("--json", action="store_true")


def _rescue(args: argparse.Namespace) -> None:
    report = run_to_completion(rescue.rescue(args.book, args.out, passphrase(args)))
    if args.json:
        print_json(asdict(report) | {"path": str(report.path), "sentence": report.message})
        return
    print(report.message)
