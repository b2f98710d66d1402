"""The process that reads pictures, and the command that lists what it read."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.certificate_intake.reader import CertificateReader, is_installed
from app.commands import run
from app.errors import UserError
from app.progress import run_to_completion
from app.workbook import access
from db.schema.household import Member
from db.schema.journal import Change
from tests import builders
from tests.certificate_pictures import Person, id_card, photographed, save_photograph

ROOT = Path(__file__).parents[3]
_CONNECT = """
from app.certificate_intake.reading_process import _restrict_process
_restrict_process()
import socket
for reach in (lambda: socket.socket().connect(("127.0.0.1", 9)), lambda: socket.getaddrinfo("localhost", 80)):
    try:
        reach()
    except PermissionError as error:
        print(error)
"""
WRONG = "340888197001020018"  # its last digit should be another


def test_the_reading_process_reaches_no_network():
    ran = subprocess.run([sys.executable, "-c", _CONNECT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [
        f"the reading process reaches no network: {event}" for event in ("socket.connect", "socket.getaddrinfo")
    ]


@pytest.mark.skipif(not is_installed() or sys.platform != "linux", reason="no component, or no such limit")
def test_a_picture_that_takes_too_much_memory_is_a_sentence_and_the_next_is_read():
    with closing(CertificateReader()) as reader:
        with pytest.raises(UserError, match="内存超过 600 MB。请只拍证件本身"):
            run_to_completion(reader.read(Image.new("RGB", (7000, 7000))))
        assert run_to_completion(reader.read(Image.new("RGB", (100, 60), "white"))) == []


@pytest.mark.skipif(not is_installed(), reason="the dependency group “ocr” is not installed")
def test_the_command_lists_what_was_read_masked_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HUDANG_PASSPHRASE", builders.PASSPHRASE)
    with closing(builders.workbook(tmp_path)) as book:
        with book.writing() as session:
            builders.household(session, members=1, number=1)
        with book.reading() as session:
            before = session.scalar(select(func.count()).select_from(Change))
    chen = Person("陈卫国", "男", "汉", (1970, 1, 2), "下屋组12号", WRONG)
    picture = save_photograph(photographed(id_card(chen), 1, angle=-3, noise=8), tmp_path / "a.jpg")
    assert run(["read-certificates", str(book.path), str(picture), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["member"]) == ("id_card", Member.id_of(f"{builders.VILLAGE.code}00101"))
    number = next(one for one in told["columns"] if one["column"] == "member.id_no")
    assert (number["read"], number["certain"]) == ("340888********0018", False)
    assert "校验码不对" in number["doubt"]
    assert WRONG not in json.dumps(told)
    with closing(access.unlock(book.path, builders.PASSPHRASE)) as again, again.reading() as session:
        assert session.scalar(select(func.count()).select_from(Change)) == before
