"""Command line, for tests and for township staff. Stable; described in docs/commands.md.

One module per family of commands; each has `add(commands)`, which declares its commands with the function that runs
them.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NoReturn

from app.errors import UserError
from app.workbook import temporary_files

Commands = Any  # argparse keeps the type of its sub-parsers private
Handler = Callable[[argparse.Namespace], None]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"用法不对：{message}\n")


def run(arguments: list[str]) -> int:
    """Run one command; what it prints is its result, what it refuses is one sentence on stderr."""
    try:
        args = parser().parse_args(arguments)
    except SystemExit as system_exit:
        return int(system_exit.code or 0)
    temporary_files.remove_leftovers()
    try:
        args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read what was printed has seen enough (`… | head`); what is left must not fail at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except UserError as error:
        logging.getLogger(__name__).info("refused: %s", type(error).__name__, exc_info=error.__cause__)
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    except Exception as error:
        # no traceback reaches an officer; HUDANG_DEBUG shows it to whoever fixes the program
        if os.environ.get("HUDANG_DEBUG"):
            raise
        print(f"程序出错了（{type(error).__name__}），已保存的都在。请把这句话告诉技术人员。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断，已保存的都在。", file=sys.stderr)
        return 1
    return 0


@cache
def parser() -> argparse.ArgumentParser:
    """Of all commands, which are imported for it; to declare them takes longer than many of them take."""
    found = _Parser(prog="hudang", description="驻村户档：不开窗口的命令。不带命令就打开窗口。")
    commands = found.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for module_info in sorted(iter_modules(__path__), key=lambda module: module.name):
        import_module(f"{__name__}.{module_info.name}").add(commands)
    return found


def add_command(
    commands: Commands, name: str, description: str, handler: Handler, *, needs_workbook: bool = True
) -> argparse.ArgumentParser:
    """Declare a command; one on a workbook gets BOOK and the ways to give a passphrase."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=description, description=description)
    parser.set_defaults(run=handler)
    if needs_workbook:
        parser.add_argument("book", type=Path, metavar="BOOK", help="工作簿文件")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="口令所在的文件（第一行）")
    parser.add_argument("--operator", default="", metavar="NAME", help="以哪位操作员的身份")
    return parser


def passphrase(args: argparse.Namespace) -> str:
    """From `--passphrase-file` or the variable HUDANG_PASSPHRASE.

    Raises:
        UserError: neither is there
    """
    if args.passphrase_file:
        try:
            lines = args.passphrase_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"读不了口令文件“{args.passphrase_file.name}”。") from error
        if lines and lines[0]:
            return str(lines[0])
        raise UserError(f"口令文件“{args.passphrase_file.name}”的第一行是空的。")
    if "HUDANG_PASSPHRASE" in os.environ:
        return os.environ["HUDANG_PASSPHRASE"]
    raise UserError("没有给口令。请用 --passphrase-file 文件，或设置环境变量 HUDANG_PASSPHRASE。")
