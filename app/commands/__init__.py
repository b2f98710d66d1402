"""The same doors without a window, for tests and for township staff. Stable, described in docs/commands.md.

One file a family of commands; each has `add(commands)`, which declares its commands with the function that runs them.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NoReturn

from app.errors import OfficeError

Commands = Any  # argparse keeps the type of its sub-parsers private
Run = Callable[[argparse.Namespace], None]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"用法不对：{message}\n")


def run(arguments: list[str]) -> int:
    """Run one command; what it prints is its result, what it refuses is one sentence on stderr."""
    try:
        given = _parser().parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    try:
        given.run(given)
    except OfficeError as refusal:
        logging.getLogger(__name__).info("refused: %s", type(refusal).__name__, exc_info=refusal.__cause__)
        print(" ".join(str(refusal).split()), file=sys.stderr)
        return 1
    except Exception as fault:
        # no traceback reaches an officer; HUDANG_DEBUG shows it to whoever mends the program
        if os.environ.get("HUDANG_DEBUG"):
            raise
        print(f"程序出错了（{type(fault).__name__}），已保存的都在。请把这句话告诉技术人员。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断，已保存的都在。", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="hudang", description="驻村户档：不开窗口的命令。不带命令就打开窗口。")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for found in sorted(iter_modules(__path__), key=lambda module: module.name):
        import_module(f"{__name__}.{found.name}").add(commands)
    return parser


def command(commands: Commands, name: str, what: str, run_it: Run, *, book: bool = True) -> argparse.ArgumentParser:
    """Declare a command; one on a workbook gets BOOK and the ways to give a passphrase."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=what, description=what)
    parser.set_defaults(run=run_it)
    if book:
        parser.add_argument("book", type=Path, metavar="BOOK", help="工作簿文件")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="口令所在的文件（第一行）")
    parser.add_argument("--operator", default="", metavar="NAME", help="以哪位操作员的身份")
    return parser


def passphrase(given: argparse.Namespace) -> str:
    """From `--passphrase-file` or the variable HUDANG_PASSPHRASE.

    Raises:
        OfficeError: neither is there
    """
    if given.passphrase_file:
        try:
            lines = given.passphrase_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise OfficeError(f"读不了口令文件“{given.passphrase_file.name}”。") from error
        if lines and lines[0]:
            return str(lines[0])
        raise OfficeError(f"口令文件“{given.passphrase_file.name}”的第一行是空的。")
    if "HUDANG_PASSPHRASE" in os.environ:
        return os.environ["HUDANG_PASSPHRASE"]
    raise OfficeError("没有给口令。请用 --passphrase-file 文件，或设置环境变量 HUDANG_PASSPHRASE。")
