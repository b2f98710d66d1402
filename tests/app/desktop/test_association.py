"""Telling the desktop which files the program opens."""

import configparser
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.desktop import association
from app.desktop.file_kinds import FILE_KINDS
from app.errors import UserError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share"


def entry(home: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(home / association.DESKTOP_ENTRY, encoding="utf-8")
    return parser["Desktop Entry"]


@pytest.mark.skipif(not shutil.which("sh"), reason="a desktop of files")
def test_registering_writes_an_entry_types_and_icons_once(home: Path) -> None:
    assert association.register(Path("/opt/户 档/hudang"))
    described = entry(home)
    assert described["Exec"] == '"/opt/户 档/hudang" %F'
    assert described["MimeType"].rstrip(";").split(";") == [kind.mime for kind in FILE_KINDS]
    types = ElementTree.parse(home / association.MIME_TYPES).getroot()
    patterns = {glob.attrib["pattern"] for glob in types.iter() if glob.tag.endswith("glob")}
    assert patterns == {"*.hdb", "*.hdpack", "*.hdcard", "*.hdreceipt", "*.hdcounty"}
    assert (home / association.APP_ICON).read_text(encoding="utf-8").startswith("<svg")
    assert not association.register(Path("/opt/户 档/hudang"))
    assert association.register(Path("/opt/hudang-0.2.0/hudang"))  # a newer folder takes over
    assert entry(home)["Exec"] == '"/opt/hudang-0.2.0/hudang" %F'
    association.unregister()
    assert not (home / association.DESKTOP_ENTRY).exists()


@pytest.mark.skipif(not shutil.which("update-mime-database"), reason="no tool of the desktop's here")
def test_the_desktop_knows_the_types_afterwards(home: Path) -> None:
    association.register(Path("/opt/hudang/hudang"))
    assert "application/x-hudang-package:*.hdpack" in (home / "mime" / "globs").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(UserError, match="打开…"):
        association.register(Path("/opt/hudang/hudang"))


def test_windows_opens_each_kind_with_the_file_quoted() -> None:
    values = association.windows_values("D:\\户 档\\hudang.exe")
    for kind in FILE_KINDS:
        name = values[f"Software\\Classes\\{kind.suffix}"]
        assert values[f"Software\\Classes\\{name}"] == kind.label
        assert values[f"Software\\Classes\\{name}\\shell\\open\\command"] == '"D:\\户 档\\hudang.exe" "%1"'
    assert all(key.startswith("Software\\Classes\\") for key in values)


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="no tool of the desktop's here")
def test_the_entry_is_valid(home: Path) -> None:
    association.register(Path("/opt/户 档/hudang"))
    checked = subprocess.run(
        ["desktop-file-validate", home / association.DESKTOP_ENTRY], capture_output=True, text=True
    )
    assert (checked.returncode, checked.stdout) == (0, "")
