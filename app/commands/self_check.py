"""`self-check`: whether this program is whole. A built program may lack what is found only by walking folders."""

import argparse
import json
import tempfile
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import resources
from app.commands import Commands, command
from app.errors import OfficeError
from app.progress import finish

# packages whose modules are found by walking their folder
WALKED = (
    "app.commands",
    "app.archive.papers",
    "app.archive.sections",
    "app.quality.rules",
    "db.schema",
    "ui.pages",
)
DATA = ("archive", "checklists", "dictionaries", "fonts", "icons", "rosters", "thresholds")
BUILT = "built.json"


def add(commands: Commands) -> None:
    command(commands, "self-check", "检查程序本身是否完整", _self_check, book=False)


def counted_files(root: Path) -> dict[str, int]:
    """What lies in the source folder, by package and by kind of data; build.spec keeps it in the built program."""
    counts = {
        package: sum(path.name != "__init__.py" for path in (root / package.replace(".", "/")).glob("*.py"))
        for package in WALKED
    }
    for kind in DATA:
        counts[f"resources/{kind}"] = sum(
            path.is_file() and path.suffix != ".py" for path in (root / "resources" / kind).iterdir()
        )
    counts["db/migrations"] = len(list((root / "db/migrations/versions").glob("v*.py")))
    return counts


def counted_here() -> dict[str, int]:
    """What this program can really find and load."""
    from db.migrate import SCRIPTS

    counts = {}
    for package in WALKED:
        found = [module.name for module in iter_modules(import_module(package).__path__)]
        for name in found:
            if not package.startswith("ui"):  # loading pages needs Qt; that they open is what the window shows
                import_module(f"{package}.{name}")
        counts[package] = len(found)
    for kind in DATA:
        folder = resources.ROOT / kind
        counts[f"resources/{kind}"] = sum(path.is_file() and path.suffix != ".py" for path in folder.iterdir())
    counts["db/migrations"] = len(list((SCRIPTS / "versions").glob("v*.py")))
    return counts


def _self_check(given: argparse.Namespace) -> None:
    built = resources.ROOT / BUILT
    wanted = json.loads(built.read_text()) if built.is_file() else counted_files(resources.ROOT.parent)
    here = counted_here()
    lacking = [
        f"{name}（应有 {count}，只有 {here.get(name, 0)}）"
        for name, count in wanted.items()
        if here.get(name, 0) < count
    ]
    if lacking:
        raise OfficeError(f"程序不完整，缺少：{'、'.join(lacking)}。请重新安装。")
    _work_once()
    for name, count in sorted(here.items()):
        print(f"{name}\t{count}")
    print("程序完整。")


def _work_once() -> None:
    """The sample village made (all migrations), read back from a sheet, checked and printed."""
    from sqlalchemy import select

    from app import sample
    from app.archive.binder import print_archives
    from app.archive.verifying import verify
    from app.records.field import fields
    from app.sheets.reading import read
    from app.sheets.writing import write_template
    from app.workbook.keyring import TEST
    from app.workbook.soundness import faults
    from db.schema.household import Household

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        workbook = finish(sample.make(folder / "示例.hdb", sample.PASSPHRASE, cost=TEST))
        try:
            found = finish(faults(workbook))
            if found:
                raise OfficeError(f"示例工作簿不完好：{found[0]}。")
            with workbook.reading() as session:
                homes = list(session.scalars(select(Household.id).order_by(Household.household_no).limit(10)))
            finish(print_archives(workbook, homes[:1], folder / "示例.pdf"))
            if not finish(verify(workbook, folder / "示例.pdf")).equal:
                raise OfficeError("刚打印的档案与记录对不上。")
            finish(print_archives(workbook, homes, folder / "档案", ["cover"]))  # by processes of their own
            finish(write_template("member", folder / "模板.xlsx"))
            heading = {str(cell) for sheet in finish(read(folder / "模板.xlsx")) for row in sheet.rows for cell in row}
            if not {field.label for field in fields("member")} & heading:
                raise OfficeError("读不出自己写的 Excel 模板。")
        finally:
            workbook.close()
