"""Two laptops that take in the same pictures have each of them once after they exchanged packages, in either order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from app.certificate_intake.kind import certificate_kind
from app.certificate_intake.matching import CertificateOwner
from app.certificate_intake.scanning import ReadPicture
from app.certificate_intake.taking_in import ConfirmedCertificate, take_in_certificates
from app.errors import UserError
from app.photo_intake.sorting import Target
from app.photo_intake.taking_in import ChosenPhoto, take_in
from app.progress import run_to_completion
from app.sync import conflicts
from app.sync.import_undo import undo_import
from app.workbook.operations import undo
from app.workbook.workbook import Workbook
from db.schema.aid import Visit
from db.schema.household import Household
from db.schema.photo import Photo
from tests import builders
from tests.app.sync.peers import make_team, send

CODE = builders.VILLAGE.code
HOME = Household.id_of(f"{CODE}001")
VISIT = f"{1:032x}"


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workbook, Workbook]]:
    """Two laptops that have the household and a visit to it."""
    monkeypatch.setenv("HUDANG_STATE", str(tmp_path / "state"))
    first, second = make_team(tmp_path, "甲", "乙")
    with first.writing() as session:
        builders.household(session, members=1)
        session.add(Visit(id=VISIT, village=CODE, household_id=HOME, visitors="甲"))
    send(first, second)
    send(second, first)
    yield first, second
    first.close()
    second.close()


def _take_in(book: Workbook, folder: Path, visit_id: str = "") -> None:
    """A photograph and the copy of a certificate, each as one operation."""
    Image.new("RGB", (400, 300), "green").save(folder / "gate.jpg")
    Image.new("RGB", (400, 300), "gray").save(folder / "card.jpg")
    run_to_completion(take_in(book, [ChosenPhoto(folder / "gate.jpg", Target(HOME, "", visit_id), "走访")]))
    owner = CertificateOwner(HOME, "", name="陈卫国")
    certificate = ConfirmedCertificate(
        ReadPicture(folder / "card.jpg"), certificate_kind("id_card"), owner, "陈卫国", {}
    )
    run_to_completion(take_in_certificates(book, [certificate]))


def _shown(book: Workbook) -> list[tuple[str | None, str | None]]:
    """Kind and visit of the photographs."""
    with book.reading() as session:
        kept = select(Photo.kind, Photo.visit_id).where(~Photo.withdrawn).order_by(Photo.kind)
        return [(kind, visit_id) for kind, visit_id in session.execute(kept)]


@pytest.mark.parametrize("turned", [False, True])
def test_each_is_there_once_and_undone_by_itself(team: tuple[Workbook, Workbook], tmp_path: Path, turned: bool) -> None:
    first, second = team
    for book in team:
        _take_in(book, tmp_path, VISIT)
    sender, receiver = (second, first) if turned else (first, second)
    send(sender, receiver)
    taken = send(receiver, sender)
    for book in team:
        assert _shown(book) == [("证件资料", None), ("走访", VISIT)]
        assert conflicts.count(book) == 0
    run_to_completion(undo_import(sender, taken.n))
    assert len(_shown(sender)) == 2, "its own are as they were"
    run_to_completion(undo(sender))
    assert [kind for kind, _ in _shown(sender)] == ["走访"]
    with pytest.raises(UserError, match="请先在“数据交换”里撤销那次导入"):
        run_to_completion(undo(receiver))  # what a colleague has taken in as well is not taken away from both


def test_where_they_chose_otherwise_a_person_is_asked(team: tuple[Workbook, Workbook], tmp_path: Path) -> None:
    first, second = team
    _take_in(first, tmp_path, VISIT)
    _take_in(second, tmp_path)
    send(first, second)
    send(second, first)
    for book in team:
        assert len(_shown(book)) == 2
        assert [(one.table, one.column) for one in conflicts.list_conflicts(book)] == [("photo", "visit_id")]
