"""C01-3: how the household lives and what it works with: the latest year in full, former years beside each other."""

from sqlalchemy.orm import Session

from app.archive import wording
from app.archive.blocks import Block, Heading, Signature, Slot, Title
from app.archive.paper import SMALL, SMALL_LABEL
from app.archive.subject import rows, subject
from app.archive.tables import Cell, Row, Table
from app.records.field import field, fields
from db.schema.household import LivingCondition

ORDER = 60
TITLE = "贫困户信息采集表（生产生活条件）"
_FORMER = (
    "land_farm",
    "house_area",
    "house_structure",
    "danger_level",
    "water_safe",
    "toilet",
    "road_kind",
    "fuel",
    "coop",
)


def section(session: Session, household_id: str) -> list[Block]:
    """Nothing where no year is known."""
    home = subject(session, household_id)
    years = rows(session, LivingCondition, household_id)
    if not years:
        return []
    years.sort(key=lambda one: (-(one.year or 0), one.id))
    latest, *former = years
    names = [one.name for one in fields("living_condition") if one.name not in ("household_id", "year")]
    form: list[Block] = [
        Title(TITLE),
        home.heading(f"年度：{latest.year or '—'}年"),
        Table((35, 50, 35, 50), wording.grid("living_condition", latest, names)),
        Signature([Slot("填表人"), Slot("户主签字", finger=True)]),
    ]
    return form + ([Heading("历年情况"), _table(former)] if former else [])


def _table(former: list[LivingCondition]) -> Table:
    named = [field("living_condition", name) for name in _FORMER]
    heads = [Row([Cell(text, SMALL_LABEL, shaded=True) for text in ("年度", *(one.label for one in named))])]
    body = [
        Row(
            [Cell(str(one.year or wording.EMPTY), SMALL.at("center"))]
            + [Cell(wording.said(about, getattr(one, about.name)), SMALL.at("center")) for about in named]
        )
        for one in former
    ]
    return Table((14, *(17 for _ in named)), body, heads, padding=0.7)
