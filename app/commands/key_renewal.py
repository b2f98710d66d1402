"""The command that gives a workbook a new file key."""

import argparse

from app.commands import Commands, add_command, passphrase
from app.progress import run_to_completion
from app.workbook import key_renewal


def add(commands: Commands) -> None:
    add_command(commands, "renew-key", "换文件密钥（先备份）：删除过操作员以后，他以前知道的口令和密钥都打不开", _renew)


def _renew(args: argparse.Namespace) -> None:
    print(run_to_completion(key_renewal.renew(args.book, passphrase(args))).message)
