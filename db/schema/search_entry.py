"""The search index: a stable number for each record that can be found."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from db.schema.record import LocalTable


class SearchEntry(LocalTable):
    """Row numbers of the full-text table `search`; `household_id` is what a hit opens."""

    __tablename__ = "searchable"

    n: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[str] = mapped_column(String(32), unique=True)
    household_id: Mapped[str] = mapped_column(String(32), index=True)
