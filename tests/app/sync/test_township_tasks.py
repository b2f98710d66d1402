"""The township gives a task in a package; the village does it, and what came of it goes back, to its filing."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import UserError
from app.issues.row_remarks import row_remarks
from app.records.draft import open_draft
from app.registers.engine.new_row import save_row, start_row
from app.registers.engine.progress import FINISHED
from app.registers.engine.rows import RowQuery, load_rows, row_ids
from app.registers.engine.steps import complete_step
from app.registers.work_task import REGISTER, send_back
from app.sync import conflicts, peers
from app.workbook.workbook import Workbook
from db.schema.work_task import WorkTask
from tests import builders
from tests.app.sync.peers import exchange_cards, send

VILLAGE = builders.VILLAGE.code


@pytest.fixture
def books(tmp_path: Path) -> Iterator[tuple[Workbook, Workbook]]:
    """The township and the village, who know each other."""
    with ExitStack() as opened:
        made = []
        for name, operator in (("乡", "宋文娟"), ("村", "沈一鸣")):
            (tmp_path / name).mkdir()
            book = builders.workbook(tmp_path / name, operator=operator, village=builders.VILLAGE)
            made.append(opened.enter_context(closing(book)))
        town, village = made
        peers.update_own_card(town, "响水镇扶贫站", "township")
        exchange_cards(town, village)
        with village.writing() as session:
            builders.household(session)
        send(village, town)
        yield town, village


def label(book: Workbook, task_id: str, today: date) -> str:
    with book.reading() as session:
        return load_rows(session, REGISTER, [task_id], today)[0].progress.label


def extend(book: Workbook, task_id: str, reason: str | None) -> None:
    with book.reading() as session:
        draft = open_draft(session, "work_task", task_id)
    save_row(
        book,
        draft.with_values(extended_to=date(2018, 10, 31), extension_reason=reason, extension_approved_by="宋文娟"),
    )


def test_a_task_goes_to_the_village_and_its_result_comes_back(books: tuple[Workbook, Workbook]) -> None:
    town, village = books
    task = start_row(
        REGISTER, VILLAGE, operator="宋文娟", title="报送低保名单", list_kind="村两委清单", source="上级交办",
        responsible="储全胜", assigned_on=date(2018, 10, 8), due_on=date(2018, 10, 20),
    )  # fmt: skip
    save_row(town, task)
    send(town, village)
    assert label(village, task.id, date(2018, 10, 9)) == "待签收"
    for step, day, values in (
        ("签收", 9, {}), ("办理", 15, {}), ("反馈", 16, {"result": "报了 32 户"}),
    ):  # fmt: skip
        complete_step(village, REGISTER, task.id, step, date(2018, 10, day), values)
    send(village, town)
    assert label(town, task.id, date(2018, 10, 16)) == "待审核"
    send_back(town, task.id, "少两户的证明", date(2018, 10, 17))
    extend(town, task.id, "民政所周末不上班")
    send(town, village)
    with village.reading() as session:
        row = load_rows(session, REGISTER, [task.id], date(2018, 10, 25))[0]
        assert (row.progress.label, row.progress.due_on) == ("待办理", date(2018, 10, 31))
        assert row.texts["return_reason"] == "少两户的证明"
        assert row.texts["extension_reason"] == "民政所周末不上班"
        assert row.texts["result"] == "报了 32 户"
    for step, day, values in (("办理", 26, {}), ("反馈", 27, {"result": "报了 34 户"})):
        complete_step(village, REGISTER, task.id, step, date(2018, 10, day), values)
    send(village, town)
    for step, values in (("审核", {"reviewed_by": "宋文娟"}), ("销号", {}), ("归档", {})):
        complete_step(town, REGISTER, task.id, step, date(2018, 10, 29), values)
    send(town, village)
    for book in books:
        assert conflicts.list_conflicts(book) == ()
        with book.reading() as session:
            assert row_ids(session, REGISTER, RowQuery(step=FINISHED)) == [task.id]
            assert session.scalars(select(WorkTask.result)).one() == "报了 34 户"


def test_neither_an_extension_nor_a_return_goes_without_its_reason(books: tuple[Workbook, Workbook]) -> None:
    town, _ = books
    task = start_row(
        REGISTER, VILLAGE, title="报送低保名单", list_kind="村两委清单", responsible="储全胜",
        assigned_on=date(2018, 10, 8), due_on=date(2018, 10, 20),
    )  # fmt: skip
    save_row(town, task)
    extend(town, task.id, None)
    with town.reading() as session:
        remarks = row_remarks(session, REGISTER, open_draft(session, "work_task", task.id))
    assert remarks == {"extended_to": "填了“延期至”，还要填“延期原因”。"}
    for step in ("签收", "办理"):
        complete_step(town, REGISTER, task.id, step, date(2018, 10, 10))
    with pytest.raises(UserError, match="退回的原因"):
        send_back(town, task.id, "", date(2018, 10, 11))
    with town.reading() as session:
        stored = session.get_one(WorkTask, task.id)
        assert (stored.handled_on, stored.returned_on) == (date(2018, 10, 10), None)
