"""The tables in the database: made and extended to what this program publishes, in one transaction of the server.

Nothing is ever dropped or renamed: columns and tables are added, views are replaced, comments follow the labels. What
a county adds beside them (its own views, indexes, grants) stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.errors import NewerVersion, UserError
from app.publishing.columns import KEY, WRITTEN_BY, published_columns
from db import migrate
from db.schema import records, relations

if TYPE_CHECKING:
    from app.publishing.target import Connection

SCHEMA = "hudang"
LAYOUT = 1  # of the tables below; counted up where a program of before would write them wrongly
SCHEMA_LOCK = "SELECT pg_advisory_xact_lock(340828, 0)"
CURRENT = "_current"  # the end of the name of a view of the living rows
# what publishing itself keeps: table → (comment, primary key, column → (type, comment)). All but the first and the log
# belong to a village and are distributed with it
BOOKKEEPING: dict[str, tuple[str, str, dict[str, tuple[str, str]]]] = {
    "published_schema": (
        "由哪一版程序建的",
        "layout",
        {
            "layout": ("bigint NOT NULL", "布局的版本"),
            "revision": ("text NOT NULL", "记录表的版本"),
        },
    ),
    "published_log": (
        "每次发布一行",
        "id",
        {
            "id": ("bigint GENERATED ALWAYS AS IDENTITY", f"发布的编号；各表的 {WRITTEN_BY} 指它"),
            "village": ("text NOT NULL", "村代码"),
            "published_at": ("timestamp with time zone NOT NULL DEFAULT now()", "什么时候"),
            "operator": ("text NOT NULL", "操作员"),
            "knowledge": ("text NOT NULL", "发布的工作簿当时知道的修改（各数据流的编号和校验值）"),
            "is_full": ("boolean NOT NULL", "号码是否写全"),
            "reason": ("text NOT NULL", "写全号码的事由"),
            "written": ("bigint NOT NULL DEFAULT 0", "写入的行数"),
            "pictures": ("bigint NOT NULL", "工作簿里本村照片的张数；照片本身不发布"),
        },
    ),
    "published_position": (
        "每个村发布到哪里",
        "village",
        {
            "village": ("text NOT NULL", "村代码"),
            "knowledge": ("text NOT NULL", "库里包含的修改（各数据流的编号和校验值）"),
            "is_full": ("boolean NOT NULL", "号码是否写全"),
            "revision": ("text NOT NULL", "按哪一版记录表发布的"),
            "options": ("text NOT NULL", "选项表的校验值"),
            WRITTEN_BY: ("bigint NOT NULL", "最近一次发布"),
        },
    ),
    "published_waiting": (
        "两台电脑各自改过、还要等一份都知道的工作簿再发布一次的行",
        "village, table_name, row_id",
        {
            "village": ("text NOT NULL", "村代码"),
            "table_name": ("text NOT NULL", "表"),
            "row_id": ("text NOT NULL", "行的编号"),
        },
    ),
    "published_option": (
        "选项表：各列里存的值怎样显示",
        "village, list, value",
        {
            "village": ("text NOT NULL", "村代码；县里改过说法的，各村按自己的"),
            "list": ("text NOT NULL", "选项表的名称，见各列的注释"),
            "value": ("text NOT NULL", "存的值"),
            "label": ("text NOT NULL", "显示的说法"),
            "code": ("text NOT NULL", "国家或行业的代码，没有的为空"),
            "place": ("bigint NOT NULL", "次序"),
            "is_retired": ("boolean NOT NULL", "是否已停用"),
        },
    ),
}
_FOUND = """
SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), of_column.description,
       of_table.description
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_description of_column
    ON of_column.classoid = 'pg_class'::regclass AND of_column.objoid = c.oid AND of_column.objsubid = a.attnum
LEFT JOIN pg_description of_table
    ON of_table.classoid = 'pg_class'::regclass AND of_table.objoid = c.oid AND of_table.objsubid = 0
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'f', 'v', 'm') ORDER BY c.relname, a.attnum
"""


@dataclass(slots=True)
class _Found:
    """A table or view of the database. `columns`: name → (type, comment)."""

    is_table: bool
    comment: str = ""
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A table as this program publishes it. `columns`: name → (definition, comment)."""

    name: str
    comment: str
    key: str
    columns: dict[str, tuple[str, str]]


def quoted(name: str) -> str:
    """A name of our own in SQL of the server."""
    return f'"{name}"'


def qualified(table: str) -> str:
    return f"{SCHEMA}.{quoted(table)}"


def prepare(connection: "Connection") -> None:
    """Make the tables, or bring them to what this program publishes; call it in a transaction.

    Raises:
        NewerVersion: a newer program published here
        UserError: the schema holds tables that are not ours
    """
    connection.execute(SCHEMA_LOCK)
    found = _found(connection)
    revision = migrate.known_revisions()[-1]
    is_new = "published_schema" not in found
    if is_new and found:
        raise UserError(
            f"数据库里已经有一个模式“{SCHEMA}”，里面的表（{'、'.join(sorted(found)[:3])}）不是本程序建的，没有写入。"
            "请换一个数据库，或请管理员把那个模式改名。"
        )
    if not is_new:
        _refuse_newer(connection, revision)
    statements = [] if is_new is False else [f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"]
    statements += [statement for wanted in _wanted_tables() for statement in _table_statements(wanted, found)]
    for table in records():
        statements += _view_statements(table, found)
    if statements:
        connection.execute("; ".join(statements))
    connection.execute(
        f"DELETE FROM {SCHEMA}.published_schema WHERE (layout, revision) <> (%s, %s)", (LAYOUT, revision)
    )
    connection.execute(
        f"INSERT INTO {SCHEMA}.published_schema (layout, revision) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (LAYOUT, revision),
    )


def _refuse_newer(connection: "Connection", revision: str) -> None:
    stated = connection.execute(f"SELECT layout, revision FROM {SCHEMA}.published_schema").fetchone()
    if stated and (stated[0] > LAYOUT or stated[1] > revision):
        raise NewerVersion("这个数据库由更新版本的程序发布过，没有写入。请先升级这台电脑上的程序，再发布。")


def _found(connection: "Connection") -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for name, kind, column, type_name, label, comment in connection.execute(_FOUND, (SCHEMA,)):
        one = found.setdefault(name, _Found(kind in "rp"))
        one.comment = comment or one.comment
        if column:
            one.columns[column] = (type_name, label or "")
    return found


def _wanted_tables() -> Iterator[_Wanted]:
    for name, (comment, key, columns) in BOOKKEEPING.items():
        yield _Wanted(name, comment, key, columns)
    for table in records():
        columns = {
            column.name: (f"{column.type} NOT NULL" if column.name in KEY else column.type, column.comment)
            for column in published_columns(table)
        }
        columns[WRITTEN_BY] = ("bigint NOT NULL", "写入这一行的发布（published_log.id）")
        label = f"{relations.record_label(table)}：全部，含已撤回、已并入的；现行的看 {table}{CURRENT}"
        yield _Wanted(table, label, ", ".join(KEY), columns)


def _table_statements(wanted: _Wanted, found: dict[str, _Found]) -> Iterator[str]:
    """What makes a table, or adds what it lacks.

    Raises:
        UserError: a table or column of this name is of another kind
    """
    here, name = found.get(wanted.name), qualified(wanted.name)
    if here is None:
        columns = ", ".join(f"{quoted(column)} {definition}" for column, (definition, _) in wanted.columns.items())
        yield f"CREATE TABLE {name} ({columns}, PRIMARY KEY ({wanted.key}))"
    elif not here.is_table:
        raise _foreign(wanted.name)
    if here is None or here.comment != wanted.comment:
        yield f"COMMENT ON TABLE {name} IS {_text(wanted.comment)}"
    for column, (definition, comment) in wanted.columns.items():
        type_name, label = here.columns.get(column, ("", "")) if here else (_type_of(definition), "")
        if not type_name:
            yield f"ALTER TABLE {name} ADD COLUMN {quoted(column)} {definition}"
        elif _type_of(definition) != type_name:
            raise _foreign(f"{wanted.name}.{column}")
        if label != comment:
            yield f"COMMENT ON COLUMN {name}.{quoted(column)} IS {_text(comment)}"


def _view_statements(table: str, found: dict[str, _Found]) -> Iterator[str]:
    """The living rows of a table: neither withdrawn nor merged into another, of a record that lives itself.

    A view keeps its columns in their order and gets new ones at the end: the server replaces no other.
    """
    name, here, stored = table + CURRENT, found.get(table + CURRENT), found.get(table)
    if here is not None and here.is_table:
        raise _foreign(name)
    names = [*(here.columns if here else ()), *(stored.columns if stored else ())]
    names += [column.name for column in published_columns(table)]
    columns = list(dict.fromkeys(column for column in names if column != WRITTEN_BY))
    if here is None or list(here.columns) != columns:
        selected = ", ".join(f"t.{quoted(column)}" for column in columns)
        lives = 'NOT t."withdrawn" AND t."merged_into" IS NULL'
        parent, owner = relations.parent_column(table), relations.parent_table(table)
        if owner not in ("", table):
            lives += (
                f" AND (t.{quoted(parent)} IS NULL OR EXISTS (SELECT FROM {qualified(owner + CURRENT)} p "
                f"WHERE p.village = t.village AND p.id = t.{quoted(parent)}))"
            )
        yield f"CREATE OR REPLACE VIEW {qualified(name)} AS SELECT {selected} FROM {qualified(table)} t WHERE {lives}"
    comment = f"{relations.record_label(table)}：现行的"
    if here is None or here.comment != comment:
        yield f"COMMENT ON VIEW {qualified(name)} IS {_text(comment)}"


def _foreign(name: str) -> UserError:
    return UserError(
        f"数据库的“{SCHEMA}.{name}”与本程序的不一致，可能有人手工改过，没有写入。"
        "请技术人员把它改名（本程序会另建），或换一个数据库。"
    )


def _type_of(definition: str) -> str:
    return definition.partition(" NOT ")[0].partition(" GENERATED ")[0]


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
