"""`dev.py audit`: a licence that may not be shipped and a known vulnerability are named and fail."""

import json
from pathlib import Path

import pytest

from app.help.components import Component, accepted_licences, environment_components
from release import audit

_CLEAN = {"name": "openpyxl", "version": "3.1.5", "vulns": []}
_SKIPPED = {"name": "pyrage", "skip_reason": "Dependency not found"}
_KNOWN = {"name": "pillow", "version": "9.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["9.1", "10.0"]}]}


def _report(folder: Path, *packages: object) -> str:
    path = folder / "report.json"
    path.write_text(json.dumps({"dependencies": packages, "fixes": []}))
    return str(path)


def test_every_package_that_is_shipped_has_a_licence_that_is_accepted():
    shipped = environment_components(audit.LOCK)
    assert len(shipped) > 20
    assert audit.refused_licences(shipped, accepted_licences()) == []


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", ""])
def test_another_licence_or_none_is_refused(licence):
    component = Component("x", "1", licence)
    assert audit.refused_licences([component], accepted_licences()) == [component]


def test_packages_without_data_are_counted_and_do_not_fail(tmp_path, capsys):
    assert audit.main([_report(tmp_path, _CLEAN, _SKIPPED)]) == 0
    assert "2 packages, 0 vulnerabilities; without data: 1" in capsys.readouterr().out


def test_a_known_vulnerability_is_named_and_fails(tmp_path, capsys):
    assert audit.main([_report(tmp_path, _CLEAN, _KNOWN)]) == 1
    assert "pillow 9.0: PYSEC-1, mended in 9.1, 10.0" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", '{"dependencies": 1}', "no JSON"])
def test_what_is_no_report_is_said(tmp_path, capsys, text):
    path = tmp_path / "report.json"
    path.write_text(text)
    assert audit.main([str(path)]) == 1
    assert "no report on vulnerabilities" in capsys.readouterr().err
