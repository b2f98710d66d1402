"""The sample village: sixty-eight invented households with all kinds of records, for trials and screenshots.

The story ends on `STORY_DAY` in 2018. Every record has a derived id and the dice are seeded, so that two samples of one
village code hold the same records. The contents are data: resources/sample_village.
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.progress import Progress, Task
from app.sample.families import STORY_DAY, Row, SampleVillage
from app.sample.village_reports import freeze_reports
from app.workbook import access, keyring
from app.workbook.access import NewVillage
from app.workbook.keyring import STANDARD_COST, KdfCost
from app.workbook.workbook import Workbook
from db.schema import records
from db.schema.household import Household
from db.schema.photo import Picture
from db.schema.village import Village

PASSPHRASE = "示例村 2018"
SAMPLE_VILLAGE = NewVillage("柳树沟村", "340888100203", "安徽省", "安庆市", "岳西县", "响水镇")

__all__ = ["PASSPHRASE", "SAMPLE_VILLAGE", "STORY_DAY", "fill", "make"]


def make(path: Path, passphrase: str, operator: str = "示例用户", *, cost: KdfCost = STANDARD_COST) -> Task[Workbook]:
    """A new workbook of the sample village, open. Nothing is left behind where it fails or is cancelled.

    Nobody is given its recovery code: it holds nothing that could be lost.

    Raises:
        UserError: as `access.create`
    """
    yield Progress(0, 0, "正在建立示例村")
    workbook, _ = access.create(path, passphrase, operator, SAMPLE_VILLAGE, cost=cost, public=True)
    try:
        yield from fill(workbook)
    except BaseException:
        workbook.close()
        path.unlink(missing_ok=True)
        keyring.sidecar_path(path).unlink(missing_ok=True)
        raise
    return workbook


def fill(workbook: Workbook) -> Task[None]:
    """Write the sample into a workbook's first village, in one transaction.

    Raises:
        UserError: the village has households already
    """
    if not workbook.villages:
        raise UserError("工作簿里还没有行政村，不能装入示例户。")
    village = workbook.villages[0]
    sample_village = SampleVillage(village.code, village.name)
    with workbook.reading() as session:
        _require_empty_village(session, sample_village)
    yield Progress(0, 0, "正在编写示例户")
    tables, pictures = _build_rows(sample_village)
    total = sum(len(rows) for rows in tables.values())
    done = 0
    with workbook.operation("生成示例数据") as session:
        _require_empty_village(session, sample_village)
        _set_work_team(session, sample_village, tables["helper"])
        session.execute(insert(Picture).prefix_with("OR IGNORE"), pictures)
        for table, model in records().items():
            if rows := tables.get(table):
                session.execute(insert(model), _with_same_columns(rows))
                done += len(rows)
                yield Progress(done, total, f"正在写入{model.LABEL}")
        freeze_reports(session)
    workbook.first_operation = 0  # Ctrl+Z takes back what the officer does, not this


def _require_empty_village(session: Session, village: SampleVillage) -> None:
    if session.scalar(select(exists().where(Household.village == village.code))):
        raise UserError(f"“{village.name}”已经有户了，示例户只能装入还没有户的村。请新建一个工作簿。")


def _build_rows(village: SampleVillage) -> tuple[dict[str, list[Row]], list[Row]]:
    """All rows by table, and the pictures."""
    from app.sample import (
        assistance,
        families,
        forms,
        households,
        income,
        inspections,
        monitoring,
        photos,
        registers,
        visits,
    )

    all_households = families.build_households(village)
    helpers = assistance.helper_rows(village)
    assignment_seeds = assistance.assignment_seeds(all_households, helpers)
    visit_rows = visits.visit_rows(all_households, assignment_seeds)
    inspection_rows = inspections.build_rounds(village, all_households)
    income_years, income_lines = income.income_rows(all_households)
    form_rows = forms.form_rows(village, all_households)
    measure_rows = assistance.measure_rows(all_households)
    photo_rows, pictures = photos.photo_rows(all_households, visit_rows, inspection_rows)
    register_rows = registers.register_rows(
        village, all_households, helpers, measure_rows, visit_rows, assignment_seeds
    )
    papers, pages = photos.attachment_rows(all_households, register_rows)
    return {
        "household": households.household_rows(all_households),
        "member": households.member_rows(all_households),
        "living_condition": income.condition_rows(all_households),
        "income_year": income_years,
        "income_line": income_lines,
        "helper": helpers,
        "assignment": [seed.row for seed in assignment_seeds],
        "monitoring": monitoring.monitoring_rows(all_households),
        "measure": measure_rows,
        "visit": visit_rows,
        "checklist_used": inspection_rows.checklist_used,
        "round": inspection_rows.round,
        "inspection": inspection_rows.inspection,
        "answer": inspection_rows.answer,
        "form_used": form_rows.form_used,
        "form_entry": form_rows.form_entry,
        "form_answer": form_rows.form_answer,
        "rectification": list(forms.problem_rows(village, all_households, photo_rows)),
        "photo": [*photo_rows, *papers],
        **register_rows,
    }, [*pictures, *pages]


def _with_same_columns(rows: Sequence[Row]) -> list[Row]:
    """All rows with the same columns, so that one statement writes them."""
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column) for column in columns} for row in rows]


def _set_work_team(session: Session, sample_village: SampleVillage, helpers: Sequence[Row]) -> None:
    """Who leads the work team, where the village does not say it yet."""
    village = session.get_one(Village, Village.id_of(sample_village.code))
    leader = next(helper for helper in helpers if helper["is_first_secretary"])
    details = {"team_leader": leader["name"], "team_phone": leader["phone"], "sponsor_unit": leader["unit"]}
    for column, value in (details | {"archive_class": sample_village.code[6:]}).items():
        if getattr(village, column) is None:
            setattr(village, column, value)
