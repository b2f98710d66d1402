"""`self-check`: whether this program is complete. A built program may lack what is found only by walking folders."""

import argparse
import json
import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import resources
from app.commands import Commands, add_command
from app.desktop.program import build_manifest
from app.errors import UserError
from app.help.manual import MANUAL_DIR
from app.progress import run_to_completion

# packages whose modules are found by walking their folder
WALKED_PACKAGES = (
    "app.commands",
    "app.reports.village",
    "app.reports.sections",
    "app.issues.rules",
    "app.registers",
    "db.schema",
    "ui.household.parts",
    "ui.pages",
)


def add(commands: Commands) -> None:
    add_command(commands, "self-check", "检查程序本身是否完整", _self_check, needs_workbook=False)


def count_source_files(root: Path) -> dict[str, int]:
    """The contents of the source folder, by package and by kind of data.

    Build.spec stores them in the built program.
    """
    counts = {
        package: sum(path.name != "__init__.py" for path in (root / package.replace(".", "/")).glob("*.py"))
        for package in WALKED_PACKAGES
    }
    counts |= _count_data(root / "resources")
    counts["db/migrations"] = len(list((root / "db/migrations/versions").glob("v*.py")))
    counts["docs/manual"] = len(list((root / "docs/manual").glob("*.md")))
    return counts


def count_available() -> dict[str, int]:
    """What this program can actually find and load."""
    from db.migrate import SCRIPTS

    counts = {}
    for package in WALKED_PACKAGES:
        module_names = [module.name for module in iter_modules(import_module(package).__path__)]
        for name in module_names:
            if not package.startswith("ui"):  # loading pages needs Qt; that they open is what the window shows
                import_module(f"{package}.{name}")
        counts[package] = len(module_names)
    counts |= _count_data(resources.ROOT)
    counts["db/migrations"] = len(list((SCRIPTS / "versions").glob("v*.py")))
    counts["docs/manual"] = len(list(MANUAL_DIR.glob("*.md")))
    return counts


def _count_data(folder: Path) -> dict[str, int]:
    """How many files of data each folder of resources has."""
    return {
        f"resources/{kind.name}": sum(path.is_file() and path.suffix != ".py" for path in kind.iterdir())
        for kind in folder.iterdir()
        if kind.is_dir() and kind.name != "__pycache__"
    }


def _self_check(args: argparse.Namespace) -> None:
    is_source = not build_manifest().is_file()
    expected_counts = (
        count_source_files(resources.ROOT.parent)
        if is_source
        else json.loads(build_manifest().read_text(encoding="utf-8"))["counts"]
    )
    actual_counts = count_available()
    missing = [
        f"{name}（应有 {count}，只有 {actual_counts.get(name, 0)}）"
        for name, count in expected_counts.items()
        if actual_counts.get(name, 0) < count
    ]
    if missing:
        raise UserError(f"程序不完整，缺少：{'、'.join(missing)}。请重新安装。")
    _smoke_test()
    for name, count in sorted(actual_counts.items()):
        print(f"{name}\t{count}")
    print("程序完整。")


def _smoke_test() -> None:
    """The sample village made (all migrations), read back from a sheet, checked and printed."""
    from sqlalchemy import select

    from app import sample
    from app.printing.archive_job import ArchiveJob
    from app.printing.pipeline import print_to_path
    from app.printing.verify import verify
    from app.records.field import fields
    from app.sheets.reader import read
    from app.sheets.writer import write_template
    from app.workbook.integrity import check_integrity
    from app.workbook.keyring import TEST_COST
    from db.schema.household import Household

    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        workbook = run_to_completion(sample.make(folder / "示例.hdb", sample.PASSPHRASE, cost=TEST_COST))
        try:
            integrity_errors = run_to_completion(check_integrity(workbook))
            if integrity_errors:
                raise UserError(f"示例工作簿不完好：{integrity_errors[0]}。")
            with workbook.reading() as session:
                household_ids = list(session.scalars(select(Household.id).order_by(Household.household_no).limit(10)))
            run_to_completion(print_to_path(workbook, ArchiveJob(household_ids[:1]), folder / "示例.pdf"))
            if not run_to_completion(verify(workbook, folder / "示例.pdf")).matches:
                raise UserError("刚打印的档案与记录对不上。")
            run_to_completion(
                print_to_path(workbook, ArchiveJob(household_ids, ["cover"]), folder / "档案")
            )  # by processes of their own
            write_template("member", folder / "模板.xlsx")
            header_texts = {
                str(cell)
                for sheet in run_to_completion(read(folder / "模板.xlsx"))
                for row in sheet.rows
                for cell in row
            }
            if not {field.label for field in fields("member")} & header_texts:
                raise UserError("读不出自己写的 Excel 模板。")
        finally:
            workbook.close()
