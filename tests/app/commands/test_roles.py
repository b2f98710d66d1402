"""Commands in the name of somebody who may only read: reading ones work, masked; all others refuse in one sentence."""

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from app.__main__ import main
from app.workbook import access
from app.workbook.keyring import TEST_COST
from app.workbook.roles import READER
from db.schema.household import Household
from tests import builders

_SECRET = "晨雾梯田 2018"
_HOUSEHOLD = Household.id_of(f"{builders.VILLAGE.code}001")
Hudang = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUDANG_STATE", str(tmp_path_factory.mktemp("state")))
        book = builders.workbook(tmp_path_factory.mktemp("book"))
        with book.writing() as session:
            builders.household(session, phone="13856430011")
        access.add_operator(book, "李督查", _SECRET, proof=builders.PASSPHRASE, role=READER, cost=TEST_COST)
        book.close()
    return book.path


@pytest.fixture
def hudang(stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hudang:
    """Run a command on a copy of the workbook; FILE in its words is a sheet, OUT a place to write to."""
    book, sheet = tmp_path / "石桥村.hdb", tmp_path / "名册.xlsx"
    shutil.copy(stored, book)
    excel = openpyxl.Workbook()
    for row in (
        ("户编号", "姓名", "证件号码", "与户主关系"),
        (f"{builders.VILLAGE.code}009", "孙二", builders.id_number(), "户主"),
    ):
        excel.active.append(row)  # type: ignore[union-attr]
    excel.save(sheet)

    def run(command: str, *words: str, secret: str = _SECRET) -> tuple[int, str, str]:
        monkeypatch.setenv("HUDANG_PASSPHRASE", secret)
        capsys.readouterr()
        places = {"FILE": str(sheet), "OUT": str(tmp_path / "out")}
        status = main([command, str(book), *(places.get(word, word.replace("OUT", places["OUT"])) for word in words)])
        output = capsys.readouterr()
        return status, output.out, output.err

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("set", "household", _HOUSEHOLD, "phone", "13856430012"),
        ("import-roster", "FILE"),
        ("common-policies",),
        ("make-report", "月报"),
        ("set-role", "李督查", "owner"),
        ("backup", "OUT.hdb"),
        ("dump", "--json", "OUT.json"),
        ("list", "member", "--full", "--reason", "看看", "--json"),
        ("list", "member", "--out", "OUT.xlsx", "--full", "--reason", "看看"),
        ("info", "--operator", "王书记"),
    ],
    ids=lambda words: " ".join(words[:1] + words[3:4]),
)
def test_what_writes_or_shows_whole_numbers_is_refused(hudang: Hudang, tmp_path: Path, words: tuple[str, ...]) -> None:
    before = hudang("dump", "--json", "OUT.before", secret=builders.PASSPHRASE)[0]
    status, out, error = hudang(*words)
    assert (before, status, out) == (0, 1, "")
    assert error.startswith("您的角色是“只读”，不能")
    assert error.count("\n") == 1
    assert {path.name for path in tmp_path.glob("out*")} == {"out.before"}
    hudang("dump", "--json", "OUT.after", secret=builders.PASSPHRASE)
    assert (tmp_path / "out.before").read_bytes() == (tmp_path / "out.after").read_bytes()


@pytest.mark.parametrize(
    "words",
    [
        ("info",),
        ("list", "member", "--json"),
        ("doubts",),
        ("entitlements",),
        ("conflicts",),
        ("operators",),
        ("verify",),
        ("list", "household", "--out", "OUT.xlsx"),
        ("print-paper", "people_ledger", "OUT.pdf", "--full"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_reads_works_and_shows_no_whole_number(hudang: Hudang, words: tuple[str, ...]) -> None:
    status, out, error = hudang(*words)
    assert (status, error) == (0, "")
    assert "13856430011" not in out
    assert builders.id_number() not in out


def test_the_owner_sets_a_role_by_a_command(hudang: Hudang) -> None:
    assert hudang("set-role", "李督查", "entry", secret=builders.PASSPHRASE)[1].startswith("“李督查”的角色已设为“录入”")
    assert hudang("operators", "--json")[1].replace("\n", "") == '{  "李督查": "entry",  "王书记": "owner"}'
    assert hudang("set", "household", _HOUSEHOLD, "phone", "13856430012")[0] == 0
