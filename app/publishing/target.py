"""The database that is published into: its address, the connection, and its errors as sentences.

The driver is an optional dependency. What the server or the driver says is never shown or logged: it may hold the
password of the address, or the row that was refused.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.errors import UserError

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

_SCHEMES = ("postgresql://", "postgres://")
_CONNECT_SECONDS = 10
_SETTINGS = "-c lock_timeout=60s -c client_min_messages=error"  # who waits longer than that for a lock is told so
_log = logging.getLogger(__name__)

_NO_DRIVER = (
    "这台电脑没有装连接 PostgreSQL 的组件（psycopg），不能发布；别的功能不受影响。"
    "请用“python3 dev.py run publish …”运行一次，会自动装上；或者运行“python3 -m pip install 'psycopg[binary]'”。"
)
_NOT_AN_ADDRESS = (
    "数据库地址要写成 postgresql://用户@主机:端口/数据库。"
    "口令可以放在 PGPASSFILE 指的文件里，或环境变量 PGPASSWORD 里。"
)
_AGAIN = "已发布完的村都在库里；再运行一次，会从没有发布完的村接着发。"
# by the beginning of SQLSTATE, the longest first
_REFUSALS = {
    "28": "数据库“{where}”不让登录：用户名或口令不对，或者不许从这台电脑登录。请向数据库管理员核对。",
    "3D000": "没有“{where}”这个数据库。请核对地址里的数据库名，或请管理员先建好。",
    "53100": "数据库“{where}”的磁盘满了，正在发布的村没有写进去。请管理员腾出空间。" + _AGAIN,
    "53300": "数据库“{where}”的连接数用完了。请稍后再试。",
    "53": "数据库“{where}”的资源不够，正在发布的村没有写进去。请告诉管理员。" + _AGAIN,
    "25006": "数据库“{where}”是只读的（可能是备用库），不能发布。请管理员给出可以写入的地址。",
    "42501": "在数据库“{where}”里没有写入的权限。请管理员授权：要能在库里建模式“hudang”，或能写入它的各张表。",
    "55P03": "数据库“{where}”里的表被别的程序占着，等了一分钟还没有放开，正在发布的村没有写进去。请稍后再试。",
    "40": "数据库“{where}”里有别的程序同时在写，正在发布的村没有写进去。请再运行一次。",
    "57": "数据库“{where}”中断了连接，正在发布的村没有写进去。" + _AGAIN,
    "22": "“{doing}”里有一项的内容数据库不收，这个村没有写进去。请在工作簿里运行“检查工作簿”，再与技术人员联系。",
    "23": "“{doing}”在库里已有的行与发布位置对不上，可能有人手工改过“hudang”里的表，这个村没有写进去。请技术人员核对。",
}
_LOST = "与数据库“{where}”的连接断了，正在发布的村没有写进去。请检查网络。" + _AGAIN
_UNREACHABLE = "连不上数据库“{where}”。请检查地址、网络，以及数据库是否在运行。"
_OTHER = "数据库“{where}”没有收下（错误码 {state}），正在发布的村没有写进去。请把这句话告诉技术人员。"


@dataclass(frozen=True, slots=True)
class PublicationTarget:
    """Where to publish. `where`: host and database, as sentences and the log name it."""

    conninfo: str
    where: str

    def __repr__(self) -> str:
        return f"PublicationTarget({self.where})"


def target_of(url: str) -> PublicationTarget:
    """The database that an address names; what it leaves out comes from the environment (PGHOST, PGPASSFILE …).

    Raises:
        UserError: the driver is not installed, or this is no address
    """
    driver = _driver()
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    if not url.startswith(_SCHEMES):
        raise UserError(_NOT_AN_ADDRESS)
    try:
        parts = conninfo_to_dict(url)
    except driver.ProgrammingError:
        raise UserError(_NOT_AN_ADDRESS) from None  # what the driver says of it repeats the address
    host, database = (str(parts.get(name) or "") for name in ("host", "dbname"))
    own: dict[str, Any] = {"connect_timeout": _CONNECT_SECONDS, "application_name": "hudang"} | parts
    own |= {"client_encoding": "UTF8", "options": f"{parts.get('options') or ''} {_SETTINGS}".strip()}
    return PublicationTarget(make_conninfo("", **own), f"{host or '本机'}/{database or '默认库'}")


@contextmanager
def connected(target: PublicationTarget) -> Iterator["Connection"]:
    """A connection whose transactions are all said (`transaction()`), closed whatever happens.

    Raises:
        UserError: the database is not reached, or does not let us in
    """
    driver = _driver()
    try:
        connection = driver.connect(target.conninfo, autocommit=True)
    except driver.Error as error:
        raise _refusal(error, target, "", _UNREACHABLE) from None
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def translate_server_errors(target: PublicationTarget, doing: str) -> Iterator[None]:
    """Errors of the server as sentences.

    Args:
        doing: what is being written, e.g. "石桥村"

    Raises:
        UserError: with what is wrong and what to do
    """
    driver = _driver()
    try:
        yield
    except driver.Error as error:
        raise _refusal(error, target, doing, _LOST) from None


def _refusal(error: "psycopg.Error", target: PublicationTarget, doing: str, unknown: str) -> UserError:
    state = error.sqlstate or ""
    _log.warning("the database refused: %s %s", type(error).__name__, state or "no state")
    if not state:
        return UserError(_sentence_without_state(error, unknown).format(where=target.where))
    found = next((_REFUSALS[state[:length]] for length in (5, 2) if state[:length] in _REFUSALS), _OTHER)
    return UserError(found.format(where=target.where, doing=doing or "记录", state=state))


def _sentence_without_state(error: "psycopg.Error", unknown: str) -> str:
    """While it connects the driver gives no code: the server's words are all that tells why."""
    said = str(error)
    for words, state in (("authentication failed", "28"), ("no password supplied", "28"), ("no pg_hba.conf", "28")):
        if words in said:
            return _REFUSALS[state]
    return _REFUSALS["3D000"] if "database" in said and "does not exist" in said else unknown


def _driver() -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise UserError(_NO_DRIVER) from error
    return psycopg
