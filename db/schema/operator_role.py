"""What an operator of this copy of the workbook may do (docs/decisions/0034-roles.md)."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.record import LocalTable


class OperatorRole(LocalTable):
    """The role of whoever opens a slot of the keyring; `name` as the slot has it, `role` of app/workbook/roles.py.

    Without any row everybody is the owner, as before there were roles.
    """

    __tablename__ = "operator_role"

    name: Mapped[str] = mapped_column(String, primary_key=True)
    role: Mapped[str] = mapped_column(String)
