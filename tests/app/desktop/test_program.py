"""The program's folder: no workbook in it, and a newer version that was put beside it."""

import json
from pathlib import Path

import pytest

from app.desktop import program
from app.desktop.file_kinds import CARD, PACKAGE, WORKBOOK, kind_of
from app.desktop.program import VERSION_FILE, newer_beside, refuse_program_folder
from app.errors import UserError


def put_version(folder: Path, version: object, *, executable: bool = True) -> Path:
    folder.mkdir()
    (folder / VERSION_FILE).write_text(json.dumps({"version": version, "executable": "hudang"}), encoding="utf-8")
    if executable:
        (folder / "hudang").touch(mode=0o755)
    return folder


def test_the_newest_folder_beside_is_found_by_numbers_not_letters(tmp_path: Path) -> None:
    own = put_version(tmp_path / "hudang-0.9.0", "0.9.0")
    put_version(tmp_path / "hudang-0.8.0", "0.8.0")
    assert newer_beside(own, "0.9.0") is None
    put_version(tmp_path / "新版", "0.9.1")
    put_version(tmp_path / "hudang-0.10.0", "0.10.0")
    newer = newer_beside(own, "0.9.0")
    assert newer is not None
    assert (newer.version, newer.executable) == ("0.10.0", tmp_path / "hudang-0.10.0" / "hudang")


@pytest.mark.parametrize("content", ["", "[]", '{"version": "x.y", "executable": "hudang"}', '{"version": "9.0"}'])
def test_what_is_no_program_is_passed_over(tmp_path: Path, content: str) -> None:
    own = put_version(tmp_path / "own", "0.1.0")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / VERSION_FILE).write_text(content, encoding="utf-8")
    (tmp_path / "other" / "hudang").touch(mode=0o755)
    put_version(tmp_path / "incomplete", "8.0", executable=False)
    assert newer_beside(own, "0.1.0") is None


def test_a_version_file_names_nothing_outside_its_folder(tmp_path: Path) -> None:
    own = put_version(tmp_path / "own", "0.1.0")
    other = put_version(tmp_path / "other", "9.0")
    stated = {"version": "9.0", "executable": "../../bin/sh"}
    (other / VERSION_FILE).write_text(json.dumps(stated), encoding="utf-8")
    assert newer_beside(own, "0.1.0") is None


def test_no_workbook_is_kept_in_the_programs_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="软件所在的文件夹"):
        refuse_program_folder(program.program_folder() / "村" / "石桥村.hdb")
    refuse_program_folder(tmp_path / "石桥村.hdb")


def test_the_version_is_that_of_the_project() -> None:
    assert program.version_key(program.version()) >= (0, 1, 0)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("石桥村.hdb", WORKBOOK), ("a/b.HDPACK", PACKAGE), ("王.hdcard", CARD), ("名册.xlsx", None), ("hdb", None)],
)
def test_a_file_is_known_by_the_end_of_its_name(name: str, kind: object) -> None:
    assert kind_of(name) is kind
