"""What dev.py does for a new kind of record, in a copy of the project: its migration, and what is wrong with it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db import migrate

ROOT = Path(__file__).parents[1]
_COPIED = ("app", "db", "resources/dictionaries", "resources/thresholds", "resources/yearly",
           "resources/__init__.py", "resources/limits.py", "resources/option_roles.py", "resources/overlay.py",
           "resources/yearly_limits.py", "dev.py",
           "pyproject.toml", "requirements.lock", "requirements-ocr.lock", "requirements-publish.lock",
           "requirements-dev.lock")  # fmt: skip
_SCHEMA = '''"""Snow that was cleared."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Mapped

from db.schema.column import column
from db.schema.record import Record, reference


class SnowClearing(Record):
    """除雪: a road that a member cleared."""

    __tablename__ = "snow_clearing"
    LABEL = "除雪"
    TITLE = ("cleared_on",)
    PARENT = "member_id"
    KEY = ("member_id", "cleared_on")
    PRINTED = ("snow_clearing",)

    member_id: Mapped[str | None] = reference("除雪人", "member")
    cleared_on: Mapped[date | None] = column("日期", "date", required=True)
    length: Mapped[Decimal | None] = column("长度", "decimal", unit="米")
    paid: Mapped[Decimal | None] = column("补助", "money")
'''
_REGISTER = '''"""除雪."""

from app.registers.engine.register import Register, Step
from app.registers.engine.topic import Topic
from db.schema.snow import SnowClearing

REGISTER = Register(
    record=SnowClearing,
    topic=Topic.FACILITIES,
    subject="member",
    order=98,
    columns=("cleared_on", "length"),
    steps=(Step("除雪", "cleared_on", needs=("shovel",)),),
)
'''
_DIFFERENCES = """
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from db import migrate
from db.schema import Base
with create_engine("sqlite://").connect() as connection:
    migrate._run_alembic(connection)
    differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
    print([one for one in differences if not (one[0] == "remove_table" and one[1].name.startswith("search"))])
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program's own files with what is compiled of them, in the environment of the tests."""
    for name in _COPIED:
        source, to = ROOT / name, tmp_path / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, to)
        else:
            shutil.copy(source, to)
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, *words), cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.skipif(not (Path(sys.prefix) / "installed").is_file(), reason="dev.py did not make this environment")
def test_a_migration_is_written_for_a_new_class_and_makes_what_the_class_says(copy: Path) -> None:
    (copy / ".venv").symlink_to(sys.prefix)
    (copy / "db" / "schema" / "snow.py").write_text(_SCHEMA, encoding="utf-8")
    made = run(copy, "dev.py", "migration", "snow")
    number = f"{int(migrate.known_revisions()[-1]) + 1:04}"
    assert (made.returncode, made.stdout.strip()) == (0, f"v{number}_snow.py"), made.stderr
    written = (copy / "db" / "migrations" / "versions" / f"v{number}_snow.py").read_text(encoding="utf-8")
    assert f'down_revision = "{migrate.known_revisions()[-1]}"' in written
    assert 'sa.Column("paid", sa.Integer(), nullable=True)' in written  # plain types: money is kept as fen
    assert run(copy, "-c", _DIFFERENCES).stdout.strip() == "[]"
    again = run(copy, "dev.py", "migration", "snow")
    assert (again.returncode, again.stderr.strip()) == (1, "db/schema says nothing that the migrations do not make")
    assert run(copy, "dev.py", "migration", "Snow!").returncode == 1


def test_a_register_that_cannot_work_fails_the_check_with_a_sentence(copy: Path) -> None:
    (copy / "db" / "schema" / "snow.py").write_text(_SCHEMA, encoding="utf-8")
    (copy / "app" / "registers" / "snow_clearing.py").write_text(_REGISTER, encoding="utf-8")
    checked = run(copy, "-m", "app.registers.engine.validation")  # a step of `dev.py check`
    assert checked.returncode == 1
    assert (
        "register snow_clearing: step 除雪 needs a column “shovel” that SnowClearing does not have"
        in checked.stdout.splitlines()
    )
    broken = copy / "app" / "registers" / "snow_clearing.py"
    broken.write_text(_REGISTER.replace('needs=("shovel",)', 'needs=("length",)'), encoding="utf-8")
    assert run(copy, "-m", "app.registers.engine.validation").returncode == 0
