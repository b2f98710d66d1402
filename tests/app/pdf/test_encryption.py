"""Files with a password open with it and with nothing else."""

from pathlib import Path

import pikepdf
import pytest

from app.errors import UserError
from app.printing.archive_job import ArchiveJob
from app.printing.pipeline import print_to_path
from app.printing.print_job import PrintOptions
from app.progress import run_to_completion
from tests import pdf_reader
from tests.app.conftest import SampleHouseholds

PASSWORD = "青山绿水 2018"


@pytest.mark.parametrize("folder", [False, True])
def test_it_opens_with_its_password_only(sample_households: SampleHouseholds, tmp_path: Path, folder: bool) -> None:
    out = tmp_path / ("档案" if folder else "册.pdf")
    printed = run_to_completion(
        print_to_path(
            sample_households.workbook,
            ArchiveJob([sample_households.empty, sample_households.full], ["cover", "income"]),
            out,
            PrintOptions(password=PASSWORD),
        )
    )
    assert len(printed.files) == (2 if folder else 1)
    for file in printed.files:
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(file)
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(file, password="青山绿水 2019")
        with pikepdf.open(file, password=PASSWORD) as pdf:
            assert (pdf.encryption.R, pdf.encryption.bits) == (6, 256)
            assert "aesv3" in str(pdf.encryption.stream_method)
            pdf.save(tmp_path / "open.pdf")
        assert "一户一档" in pdf_reader.full_text(tmp_path / "open.pdf")
        assert "陈卫国".encode("utf-16-be") not in file.read_bytes()


def test_a_short_password_is_refused_before_anything_is_printed(
    sample_households: SampleHouseholds, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="至少 6 个"):
        run_to_completion(
            print_to_path(
                sample_households.workbook,
                ArchiveJob([sample_households.full]),
                tmp_path / "x.pdf",
                PrintOptions(password="12345"),
            )
        )
    assert list(tmp_path.iterdir()) == []
