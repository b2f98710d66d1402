"""The sample village: sixty-eight invented homes with all kinds of records, to try things out and to take pictures of.

The story ends on `STORY_DAY` in 2018. Every record has a derived id and the dice are seeded, so that two samples of one
village code hold the same records. What is told is data: resources/sample_village.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from app.errors import OfficeError
from app.progress import Progress, Work
from app.sample.homes import STORY_DAY, Place, Row
from app.workbook import access, keyring
from app.workbook.access import NewVillage
from app.workbook.keyring import STANDARD, Cost
from app.workbook.workbook import Workbook
from db.schema import records
from db.schema.household import Household
from db.schema.photo import Picture
from db.schema.village import Village

PASSPHRASE = "示例村 2018"
SAMPLE_VILLAGE = NewVillage("柳树沟村", "340888100203", "安徽省", "安庆市", "岳西县", "响水镇")

__all__ = ["PASSPHRASE", "SAMPLE_VILLAGE", "STORY_DAY", "fill", "make"]


def make(path: Path, passphrase: str, operator: str = "示例用户", *, cost: Cost = STANDARD) -> Work[Workbook]:
    """A new workbook of the sample village, open. Nothing is left behind where it fails or is cancelled.

    Nobody is given its recovery code: it holds nothing that could be lost.

    Raises:
        OfficeError: as `access.create`
    """
    yield Progress(0, 0, "正在建立示例村")
    workbook, _ = access.create(path, passphrase, operator, SAMPLE_VILLAGE, cost=cost)
    try:
        yield from fill(workbook)
    except BaseException:
        workbook.close()
        path.unlink(missing_ok=True)
        keyring.beside(path).unlink(missing_ok=True)
        raise
    return workbook


def fill(workbook: Workbook) -> Work[None]:
    """Write the sample into a workbook's first village, in one transaction.

    Raises:
        OfficeError: the village has households already
    """
    if not workbook.villages:
        raise OfficeError("工作簿里还没有行政村，不能装入示例户。")
    village = workbook.villages[0]
    place = Place(village.code, village.name)
    with workbook.reading() as session:
        _refuse_used(session, place)
    yield Progress(0, 0, "正在编写示例户")
    tables, pictures = _told(place)
    total = sum(len(rows) for rows in tables.values())
    done = 0
    with workbook.writing() as session:
        _refuse_used(session, place)
        _team(session, place, tables["helper"])
        session.execute(insert(Picture).prefix_with("OR IGNORE"), pictures)
        for table, model in records().items():
            if rows := tables.get(table):
                session.execute(insert(model), _even(rows))
                done += len(rows)
                yield Progress(done, total, f"正在写入{model.LABEL}")


def _refuse_used(session: Session, place: Place) -> None:
    if session.scalar(select(exists().where(Household.village == place.code))):
        raise OfficeError(f"“{place.name}”已经有户了，示例户只能装入还没有户的村。请新建一个工作簿。")


def _told(place: Place) -> tuple[dict[str, list[Row]], list[Row]]:
    """All rows by table, and the pictures."""
    from app.sample import aid, forms, homes, households, inspections, livelihood, photos, visits

    all_homes = homes.homes(place)
    helpers = aid.helper_rows(place)
    bonds = aid.bonds(all_homes, helpers)
    came = visits.visit_rows(all_homes, bonds)
    looked = inspections.rounds(place, all_homes)
    years, lines = livelihood.income_rows(all_homes)
    filled = forms.form_rows(place, all_homes)
    pictured, pictures = photos.photo_rows(all_homes, came, looked)
    return {
        "household": households.household_rows(all_homes),
        "member": households.member_rows(all_homes),
        "living_condition": livelihood.condition_rows(all_homes),
        "income_year": years,
        "income_line": lines,
        "helper": helpers,
        "assignment": [bond.row for bond in bonds],
        "measure": aid.measure_rows(all_homes),
        "visit": came,
        "checklist_used": looked.checklist_used,
        "round": looked.round,
        "inspection": looked.inspection,
        "answer": looked.answer,
        "form_used": filled.form_used,
        "form_entry": filled.form_entry,
        "form_answer": filled.form_answer,
        "rectification": forms.problem_rows(all_homes),
        "photo": pictured,
    }, pictures


def _even(rows: Sequence[Row]) -> list[Row]:
    """All rows with the same columns, so that one statement writes them."""
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column) for column in columns} for row in rows]


def _team(session: Session, place: Place, helpers: Sequence[Row]) -> None:
    """Who leads the work team, where the village does not say it yet."""
    village = session.get_one(Village, Village.id_of(place.code))
    leader = next(helper for helper in helpers if helper["is_first_secretary"])
    known = {"team_leader": leader["name"], "team_phone": leader["phone"], "sponsor_unit": leader["unit"]}
    for column, value in (known | {"archive_class": place.code[6:]}).items():
        if getattr(village, column) is None:
            setattr(village, column, value)
