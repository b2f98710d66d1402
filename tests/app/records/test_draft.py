"""An open form and what comes in behind it."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import update

from app.records.draft import open_draft, save_draft
from app.sync.conflicts import list_conflicts
from db.schema.household import Household
from tests import builders
from tests.replicas import make_replicas, sync


def test_what_a_colleague_wrote_behind_an_open_form_is_not_overwritten_unseen(tmp_path: Path) -> None:
    first = builders.workbook(tmp_path)
    with first.operation("新建户") as session:
        household_id = builders.household(session, number=1).id
    first.close()
    (tmp_path / "replicas").mkdir()
    ours, theirs = make_replicas(first.path, tmp_path / "replicas", "甲乙")
    with closing(ours), closing(theirs):
        with ours.reading() as session:
            draft = open_draft(session, "household", household_id)
        with theirs.operation("修改户") as session:
            session.execute(update(Household).values(phone="13800000001"))
        sync(theirs, ours)
        save_draft(ours, draft.with_values(phone="13800000002"))
        [conflict] = list_conflicts(ours)
        assert {side.value for side in conflict.sides} == {"13800000001", "13800000002"}
