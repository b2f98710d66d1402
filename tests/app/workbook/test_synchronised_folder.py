"""Folders that a cloud program keeps alike on several machines."""

import pytest

from app.__main__ import main
from app.errors import LocalCopyAdvised
from app.workbook.synchronised_folder import cloud_program, refuse_synchronised_folder, synchronisation_warning
from tests.builders import PASSPHRASE, workbook


@pytest.mark.parametrize(
    ("folder", "mark", "program"),
    [
        ("OneDrive/文档", "", "OneDrive"),
        ("onedrive - 县乡村振兴局/文档", "", "OneDrive"),
        ("我的坚果云", "", "坚果云"),
        ("BaiduSyncdisk/驻村", "", "百度网盘"),
        ("WPS云盘", "", "WPS 云盘"),
        ("资料/驻村", "资料/.stfolder", "Syncthing"),
        ("资料/驻村", "资料/.sync_3f2a.db", "Nextcloud"),
        ("资料", "资料/.dropbox.cache", "Dropbox"),
        ("OneDriver", "", ""),
        ("文档/网盘", "", ""),
        ("资料", "别处/.stfolder", ""),
    ],
)
def test_a_folder_is_known_by_its_name_or_by_what_lies_in_it(tmp_path, monkeypatch, folder, mark, program):
    monkeypatch.delenv("OneDrive", raising=False)
    (tmp_path / folder).mkdir(parents=True)
    if mark:
        (tmp_path / mark).parent.mkdir(exist_ok=True)
        (tmp_path / mark).touch()
    assert cloud_program(tmp_path / folder / "石桥村.hdb") == program


def test_a_folder_of_any_name_is_known_by_what_its_program_says(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDrive", str(tmp_path / "云上文件"))
    (tmp_path / "云上文件/文档").mkdir(parents=True)
    assert cloud_program(tmp_path / "云上文件/文档/石桥村.hdb") == "OneDrive"
    assert cloud_program(tmp_path / "石桥村.hdb") == ""


def test_who_opens_a_workbook_there_is_told_which_program_and_what_to_do(tmp_path):
    folder = tmp_path / "OneDrive"
    folder.mkdir()
    with pytest.raises(LocalCopyAdvised, match=r"“石桥村\.hdb”在“OneDrive”同步的文件夹里.*请放在不同步的文件夹里"):
        refuse_synchronised_folder(folder / "石桥村.hdb")
    refuse_synchronised_folder(tmp_path / "石桥村.hdb")


def test_a_command_warns_and_goes_on(tmp_path, capsys, monkeypatch):
    (tmp_path / "OneDrive").mkdir()
    book = workbook(tmp_path / "OneDrive")
    book.close()
    monkeypatch.setenv("HUDANG_PASSPHRASE", PASSPHRASE)
    assert main(["info", str(book.path)]) == 0
    out, err = capsys.readouterr()
    assert "石桥村" in out
    assert err == f"注意：{synchronisation_warning(book.path)}\n"
