"""An event from what an officer says to what is written: planned, shown, and recorded as one operation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.life_events.effects import EFFECTS
from app.life_events.event_kind import DECISION_STEPS, EventKind, event_kinds, publicity_days
from app.life_events.planning import EventPlan, EventRequest, PlannedChanges
from app.records.assignment import is_in_force
from app.records.draft import Draft, is_taken, new_draft, open_draft, validation_errors, write_draft
from app.records.field import Value, field
from app.registers.engine.steps import step_error
from app.registers.life_event import REGISTER
from app.workbook.workbook import Workbook, running_operation
from db.schema import relations
from db.schema.aid import Assignment, Helper, Measure
from db.schema.archive import ArchivePrint
from db.schema.household import Household
from db.schema.life_event import LifeEvent

_CHANGED_SINCE = "这一户在预览以后又有改动。请重新预览后再登记。"


def plan_event(session: Session, request: EventRequest, *, needs_basis: bool = True) -> EventPlan:
    """All that an event would write.

    Args:
        needs_basis: it is refused without a proof; else the proof may follow

    Raises:
        UserError: something is missing or does not fit; the sentence says what
    """
    kind = _kind(session, request)
    _check_request(request, kind, needs_basis)
    changes = PlannedChanges(session, request)
    EFFECTS[kind.role](changes)
    changes.remarks += _touched(session, request.household_id)
    plan = changes.plan()
    for draft in plan.drafts:
        _check_draft(session, draft)
    if not plan.lines:
        raise UserError("同现在一样，没有要改的。")
    return plan


def record_event(workbook: Workbook, request: EventRequest, shown: EventPlan) -> str:
    """Write an event with all that it changes, as it was shown; returns its id.

    Raises:
        UserError: something changed since it was shown, or it is recorded already
    """
    with workbook.operation(f"动态管理：{request.kind} {shown.people}".rstrip()) as session:
        plan = plan_event(session, request)
        if plan.lines != shown.lines:
            raise UserError(_CHANGED_SINCE)
        return _write(session, request, plan)


def record_at_once(workbook: Workbook, request: EventRequest) -> EventPlan:
    """Write a small event of one person without a preview; its proof may follow. Returns what was written.

    What is done, corrected and done again on one day is one event: of what it changed the last is told.

    Raises:
        UserError: as `plan_event`, or it was recorded and withdrawn
    """
    with workbook.operation(f"动态管理：{request.kind}") as session:
        plan = plan_event(session, request, needs_basis=False)
        running_operation(session).title = f"动态管理：{request.kind} {plan.people}".rstrip()
        former = session.get(LifeEvent, _event_id(request, plan.people))
        if former is not None and not former.withdrawn:
            request = replace(request, waiting=former.id)
        _write(session, request, plan)
    return plan


def keep_waiting(workbook: Workbook, request: EventRequest) -> str:
    """Write down an event that must be decided above, and nothing of what it will change; returns its id.

    Its steps are reminded of like those of every register. When all are done, `record_event` with `waiting` writes it.

    Raises:
        UserError: it is of a kind that nobody decides, its basis is missing, or it waits already
    """
    with workbook.operation(f"动态管理：{request.kind}（等审批）") as session:
        _kind(session, request)
        if publicity_days(request.kind) is None:
            raise UserError(f"{request.kind}不用审批，请直接登记。")
        _check_day_and_basis(request, needs_basis=True)
        event = _event_draft(session, request, people="", cause="", other_household_id="", effect="")
        waiting = select(LifeEvent.id).where(
            LifeEvent.household_id == request.household_id, LifeEvent.kind == request.kind, is_waiting()
        )
        others = [id for id in session.scalars(waiting) if id != request.waiting]
        if others or (event.new and is_taken(session, event.table, event.id)):
            raise UserError(f"这一户已经有一件“{request.kind}”在等审批，请在动态管理里接着办。")
        write_draft(session, event)
    return event.id


def is_waiting() -> ColumnElement[bool]:
    """SQL: an event that is to be decided and of which nothing was written yet."""
    return ~LifeEvent.withdrawn & LifeEvent.publicity_days.is_not(None) & LifeEvent.effect.is_(None)


def waiting_request(session: Session, event_id: str) -> EventRequest:
    """What is known by now of an event that waits for its decision.

    Raises:
        UserError: it does not wait
    """
    row = session.scalars(select(LifeEvent).where(LifeEvent.id == event_id, is_waiting())).first()
    if row is None or row.happened_on is None:
        raise UserError("请选一件在等审批的变更。已经写进户档的、不用审批的，不用再写。")
    return EventRequest(
        row.kind or "",
        row.household_id or "",
        row.happened_on,
        row.basis or "",
        row.basis_note or "",
        decision={name: getattr(row, name) for name in DECISION_STEPS},
        waiting=row.id,
    )


def _kind(session: Session, request: EventRequest) -> EventKind:
    kind = event_kinds().get(request.kind)
    if kind is None:
        raise UserError("请选变更类型。")
    if session.get(Household, request.household_id) is None:
        raise UserError("这一户已不在名单里，请刷新后再试。")
    return kind


def _write(session: Session, request: EventRequest, plan: EventPlan) -> str:
    for draft in plan.drafts:
        write_draft(session, draft)
    event = _event_draft(
        session,
        request,
        people=plan.people,
        cause=plan.cause,
        other_household_id=plan.other_household_id,
        effect=plan.effect,
    )
    if event.new and is_taken(session, event.table, event.id):
        raise UserError("这次变更已经登记过，请在动态管理里核对。")
    write_draft(session, event)
    return event.id


def _check_day_and_basis(request: EventRequest, *, needs_basis: bool) -> None:
    if request.happened_on > date.today():
        raise UserError(f"变更日期 {request.happened_on} 还没有到，请核对。")
    if needs_basis and not request.basis:
        raise UserError("请选变更依据。")


def _check_request(request: EventRequest, kind: EventKind, needs_basis: bool) -> None:
    _check_day_and_basis(request, needs_basis=needs_basis)
    for table, name in kind.asks:
        one, value = field(table, name), request.values.get(name)
        if name in kind.required and not value:
            raise UserError(f"请填写“{one.label}”。")
        if value is not None and (error := one.check(value)):
            raise UserError(error)
    days = publicity_days(request.kind)
    if days is not None:
        _check_decision(request.decision, days)


def _check_decision(decision: Mapping[str, Value], days: int) -> None:
    """Posted long enough and decided above, each step after the one before."""
    values = {**dict.fromkeys(REGISTER.columns), **decision, "publicity_days": days}
    draft = new_draft(REGISTER.key, "", "", **{name: values.get(name) for name in (*DECISION_STEPS, "publicity_days")})
    for step in REGISTER.steps:
        if step.column in DECISION_STEPS and (error := step_error(REGISTER, draft, step)):
            raise UserError(f"还不能写进户档：{error}")
    begun, ended = decision["notice_on"], decision["notice_until"]
    assert isinstance(begun, date)
    assert isinstance(ended, date)
    if (ended - begun).days < days:
        raise UserError(f"公示不足 {days} 天（{begun} 至 {ended}）。请按实际公示日期填写，不足的先公示满。")


def _check_draft(session: Session, draft: Draft) -> None:
    if draft.new and is_taken(session, draft.table, draft.id):
        title = relations.record_title(session, draft.table, draft.id)
        raise UserError(f"“{title}”已经登记过，请核对户编号或证件号码。")
    for name, error in validation_errors(draft).items():
        if draft.new or draft.values[name] != draft.original.get(name):
            raise UserError(error)


def _touched(session: Session, household_id: str) -> list[str]:
    """What hangs on the household and is not changed, to be thought of."""
    helpers = select(Helper.name).join(Assignment, Assignment.helper_id == Helper.id)
    in_force = (Assignment.household_id == household_id, is_in_force())
    names = list(session.scalars(helpers.where(*in_force).distinct().order_by(Helper.name)))
    measures = session.scalar(
        select(func.count()).select_from(Measure).where(
            Measure.household_id == household_id, ~Measure.withdrawn, Measure.year == date.today().year
        )
    )  # fmt: skip
    printed = session.scalar(select(func.max(ArchivePrint.printed_at)).where(ArchivePrint.household_id == household_id))
    told = []
    if names:
        told.append(f"帮扶联系人：{'、'.join(name or '' for name in names)}")
    if measures:
        told.append(f"本年帮扶措施 {measures} 项，请看还合不合适")
    if printed:
        told.append(f"档案 {str(printed)[:10]} 印过，户主、成员有变的材料要重印")
    return told


def _event_draft(
    session: Session, request: EventRequest, *, people: str, cause: str, other_household_id: str, effect: str
) -> Draft:
    """The event itself: a new one, or the one that waited."""
    said: dict[str, Value] = {
        "household_id": request.household_id,
        "other_household_id": other_household_id or None,
        "kind": request.kind,
        "people": people or None,
        "cause": cause or None,
        "happened_on": request.happened_on,
        "basis": request.basis or None,
        "basis_note": request.basis_note or None,
        "effect": effect or None,
        "publicity_days": publicity_days(request.kind),
        **{name: request.decision.get(name) for name in DECISION_STEPS},
    }
    if request.waiting:
        return open_draft(session, REGISTER.key, request.waiting).with_values(**said)
    village = session.get_one(Household, request.household_id).village
    return new_draft(REGISTER.key, village, _event_id(request, people), **said)


def _event_id(request: EventRequest, people: str) -> str:
    return LifeEvent.id_of(request.household_id, request.kind, request.happened_on, people or None)
