"""What an operator may do: 负责人, 审核, 录入 or 只读 (docs/decisions/0034-roles.md).

The role belongs to whoever opened the workbook, by the slot of the keyring, not to a name that is typed. It is kept in
the encrypted file, so that nobody changes it who has no key.
"""

from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import NotPermitted, UserError
from app.workbook.keyring import RECOVERY_SLOT
from db.schema.operator_role import OperatorRole

Role = Literal["owner", "reviewer", "entry", "reader"]
Duty = Literal["enter", "reveal", "review", "manage"]
OWNER: Role = "owner"
REVIEWER: Role = "reviewer"
ENTRY: Role = "entry"
READER: Role = "reader"
ENTER: Duty = "enter"  # write records, send and receive packages
REVEAL: Duty = "reveal"  # see numbers of persons in full, take copies of the file
REVIEW: Duty = "review"  # withdraw, restore, settle, merge, approve, trust, settings
MANAGE: Duty = "manage"  # operators, roles, the recovery code
ROLE_LABELS: dict[Role, str] = {OWNER: "负责人", REVIEWER: "审核", ENTRY: "录入", READER: "只读"}
_DUTIES: dict[Role, frozenset[Duty]] = {
    OWNER: frozenset((ENTER, REVEAL, REVIEW, MANAGE)),
    REVIEWER: frozenset((ENTER, REVEAL, REVIEW)),
    ENTRY: frozenset((ENTER, REVEAL)),
    READER: frozenset(),
}
_WHO: dict[Duty, str] = {
    ENTER: "录入、审核人员或负责人",
    REVEAL: "录入、审核人员或负责人",
    REVIEW: "审核人员或负责人",
    MANAGE: "负责人",
}


def may(role: Role, duty: Duty) -> bool:
    """Whether a role includes a duty."""
    return duty in _DUTIES[role]


def refusal(role: Role, duty: Duty, what: str) -> str:
    """Why somebody may not do something, and who may."""
    return f"您的角色是“{ROLE_LABELS[role]}”，不能{what}。需要时请由{_WHO[duty]}办理。"


def require(role: Role, duty: Duty, what: str) -> None:
    """Refuse what a role does not include.

    Args:
        what: e.g. "恢复记录"

    Raises:
        NotPermitted: it does not
    """
    if not may(role, duty):
        raise NotPermitted(refusal(role, duty, what))


def role_of(session: Session, slot: str) -> Role:
    """The role of whoever opened a slot; the recovery code is the owner's.

    Without any stored role everybody is the owner, as before there were roles; with some, who has none may only read.
    """
    if slot == RECOVERY_SLOT:
        return OWNER
    stored = stored_roles(session)
    return stored.get(slot, READER) if stored else OWNER


def stored_roles(session: Session) -> dict[str, Role]:
    """Operator → role; empty while nobody was given one."""
    rows = session.execute(select(OperatorRole.name, OperatorRole.role))
    known = {role: role for role in ROLE_LABELS}
    return {name: known.get(role, READER) for name, role in rows}  # type: ignore[call-overload]


def store_role(session: Session, operators: list[str], name: str, role: Role) -> None:
    """Give an operator a role; from the first time on each of the others has one too: that of the owner, as before.

    Raises:
        UserError: nobody would be the owner any more
    """
    stored = stored_roles(session) or dict.fromkeys(operators, OWNER)
    wanted = {**stored, name: role}
    if not any(wanted.get(one) == OWNER for one in operators):
        raise UserError(f"“{name}”是最后一位负责人，不能改为“{ROLE_LABELS[role]}”。请先把别人设为负责人。")
    session.execute(delete(OperatorRole))
    session.add_all(OperatorRole(name=one, role=given) for one, given in wanted.items())


def forget_role(session: Session, name: str) -> None:
    """Of an operator who was removed: should the slot come back, it may only read while others have roles."""
    session.execute(delete(OperatorRole).where(OperatorRole.name == name))
