"""Indexes: births by their row with all that names them, households in the order of their list."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index(op.f("ix_change_cell"), table_name="change")
    op.create_index(op.f("ix_change_cell"), "change", ["row_id", "column_name", "stream", "number"], unique=False)
    op.create_index(
        op.f("ix_household_listed"),
        "household",
        ["village", "group_name", "household_no", "id"],
        unique=False,
        sqlite_where=sa.text("withdrawn = 0 AND merged_into IS NULL"),
    )
