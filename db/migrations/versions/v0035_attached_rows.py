"""Attached rows."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_table", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("about_id", sa.String(), nullable=True))
        batch_op.create_index(
            "ix_photo_about_id", ["about_id"], unique=False, sqlite_where=sa.text("about_id IS NOT NULL")
        )
