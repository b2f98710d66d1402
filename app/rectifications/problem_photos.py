"""Photographs of a problem before and after it was put right: taken in, and read to stand side by side."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import open_draft, write_draft
from app.records.field import field_label
from app.records.photo import prepare_photo, store_picture, thumbnail
from app.records.photo_pair import pair
from app.workbook.masking import mask_numbers
from app.workbook.workbook import Workbook
from db.schema.photo import Photo
from db.schema.rectification import Rectification
from resources.option_roles import value_of

Side = Literal["before", "after"]
COLUMNS: dict[Side, str] = {"before": "before_photo_id", "after": "after_photo_id"}


@dataclass(frozen=True, slots=True)
class ProblemPictures:
    """The two photographs of a problem as JPEG, b"" where there is none, or its picture has not arrived."""

    problem_id: str
    before: bytes
    after: bytes


def add_problem_photo(workbook: Workbook, problem_id: str, path: Path, side: Side) -> str:
    """Take a photograph in as that of before or after; returns its id.

    It stands among the photographs of the household too, those of a pair beside each other. A picture that the
    household has already is not kept twice.

    Raises:
        UserError: the problem is gone, or the file is no photograph (`prepare_photo`)
    """
    picture = prepare_photo(path)
    kind = value_of("photo_kind", side)
    label = field_label(Rectification.__tablename__, COLUMNS[side])
    with workbook.operation(f"添加{label}") as session:
        problem = session.get(Rectification, problem_id)
        if problem is None or problem.withdrawn:
            raise UserError("这个问题已不在台账里，请刷新后再试。")
        photo_id = _same_picture(session, problem, picture.sha256) or store_picture(
            session,
            problem.village,
            picture.sha256,
            picture.jpeg,
            {
                "household_id": problem.household_id,
                "kind": kind,
                "taken_at": picture.taken_at or None,
                "caption": mask_numbers(problem.problem or "") or None,
            },
        )
        draft = open_draft(session, Rectification.__tablename__, problem_id)
        draft = draft.with_values(**{COLUMNS[side]: photo_id})
        write_draft(session, draft)
        before_id, after_id = (str(draft.values[column] or "") for column in COLUMNS.values())
        if before_id and after_id and before_id != after_id:
            pair(session, before_id, after_id)
    return photo_id


def problem_pictures(session: Session, problem_id: str, side: int) -> ProblemPictures:
    """Small pictures of both; `side`: pixels of the longer one."""
    problem = session.get(Rectification, problem_id)
    before, after = (getattr(problem, column, None) for column in COLUMNS.values())  # the problem may be gone by now
    return ProblemPictures(problem_id, *(thumbnail(session, id, side) if id else b"" for id in (before, after)))


def _same_picture(session: Session, problem: Rectification, sha256: str) -> str:
    same = select(Photo.id).where(
        Photo.household_id == problem.household_id, Photo.content == sha256, Photo.pages.is_(None), ~Photo.withdrawn
    )
    return session.scalars(same).first() or "" if problem.household_id else ""
