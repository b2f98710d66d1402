"""An index of the people who live in a household: lists name its head and count them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(
            "ix_member_present",
            ["household_id", "relation", "name", "left", "withdrawn"],
            unique=False,
            sqlite_where=sa.text('"left" IS NULL AND withdrawn = 0'),
        )
