"""Preferences of this copy of the workbook; each is declared in app/workbook/preferences.py."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.record import LocalTable


class Setting(LocalTable):
    """`value` is JSON."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[str] = mapped_column(String)
