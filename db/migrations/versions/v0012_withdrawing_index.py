"""An index of the changes that withdrew records, in the order of time."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index(
            "ix_change_withdrawing",
            ["stamp"],
            unique=False,
            sqlite_where=sa.text(
                "(column_name = 'withdrawn' AND value = 1) OR (column_name = '' AND json_extract(value, '$.withdrawn') = 1)"
            ),
        )
