"""What a household answered wrong on the telephone, handed over as a problem (docs/coverage.md 3.1-11)."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.records.draft import is_taken, write_draft
from app.records.field import field
from app.rectifications.rectification import helpers_of, start_problem
from app.registers.rectification import DEFAULT_DEADLINE, due_date
from app.workbook.workbook import Workbook
from db.schema.household import Household
from db.schema.record import derived_id
from db.schema.supervision import PhoneAnswer, PhoneCheck
from resources.option_roles import value_of


def hand_over_call(workbook: Workbook, call_id: str) -> str:
    """Open one rectification for all that was answered wrong in a call; returns its id.

    The id follows from the call, so that two laptops open one problem.

    Raises:
        UserError: nothing was answered wrong, it was handed over before, or call or household are gone
    """
    id = derived_id("rectification", call_id)
    with workbook.operation("按电话抽查列入整改") as session:
        call = session.get(PhoneCheck, call_id)
        household = session.get(Household, call.household_id) if call else None
        if call is None or call.withdrawn or household is None or household.withdrawn:
            raise UserError("这次抽查或这一户已不在名单里，请刷新后再试。")
        if is_taken(session, "rectification", id):
            raise UserError("这次抽查已经列入整改，请在“问题整改”里接着办；撤回了的，在“已撤回”里恢复。")
        wrong = _wrong_answers(session, call_id)
        if not wrong:
            raise UserError("这次抽查没有答错的问题。请先在下面的问答里填“是否答对”。")
        assert call.called_on is not None
        draft = start_problem(
            household,
            f"电话抽查没有答对：{'；'.join(wrong)}",
            call.called_on,
            due_date(call.called_on, DEFAULT_DEADLINE),
            number=f"{call.called_on.year}-{id[:4].upper()}",
            call_id=call_id,
            source=value_of("rectification_source", "call"),
            issued_by=call.unit,
            responsible=helpers_of(session, household.id, call.called_on),
        )
        write_draft(session, replace(draft, id=id))
    return id


def _wrong_answers(session: Session, call_id: str) -> list[str]:
    """Question and answer of each, in the order of the questions."""
    found = session.scalars(
        select(PhoneAnswer).where(
            PhoneAnswer.call_id == call_id, PhoneAnswer.is_right.is_(False), ~PhoneAnswer.withdrawn
        )
    )
    order = [option.value for option in field("phone_answer", "question").options]
    ordered = sorted(found, key=lambda one: order.index(one.question) if one.question in order else len(order))
    return [f"{one.question}（答：{one.answer}）" if one.answer else one.question or "" for one in ordered]
