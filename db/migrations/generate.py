"""Writes the next migration: what db/schema says against what the migrations make. `python3 dev.py migration NAME`.

The file is a proposal to be read. It spells out plain column types, so that it stays what it is when db/schema goes on.
Triggers need no line in it: db/migrate.py makes them all anew after each migration.
"""

import re
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import create_engine
from sqlalchemy.types import TypeDecorator

from db import migrate


class MigrationNameError(Exception):
    """The name is no name of a module, or nothing in db/schema differs."""


def generate(name: str, scripts: Path = migrate.SCRIPTS) -> Path:
    """The file of the next revision, v0005_NAME.py.

    Raises:
        MigrationNameError: NAME is not of small letters, digits and _; or there is nothing to migrate
    """
    from alembic import command
    from alembic.config import Config

    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise MigrationNameError(f"“{name}”: a migration is called by small letters, digits and _")
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.attributes["render_item"] = _render_item
    next_id = f"{max(int(revision) for revision in migrate.known_revisions()) + 1:04}"
    with create_engine("sqlite://").connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        config.attributes["process_revision_directives"] = _refuse_empty
        with redirect_stdout(StringIO()):  # Alembic tells the path of the file on this machine
            script: Any = command.revision(config, name.replace("_", " "), autogenerate=True, rev_id=next_id)
    path = Path(script.path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if "# ###" not in line) + "\n", encoding="utf-8")
    return path


def _render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Our own column types as what they are stored as."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{type(item.impl_instance).__name__}()"
    return False


def _refuse_empty(_: Any, __: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        raise MigrationNameError("db/schema says nothing that the migrations do not make")
    directives[0].message = directives[0].message.capitalize() + "."


if __name__ == "__main__":
    try:
        print(generate(sys.argv[1] if len(sys.argv) > 1 else "").name)
    except MigrationNameError as error:
        sys.exit(str(error))
