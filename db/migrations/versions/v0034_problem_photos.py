"""Problem photos."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rectification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("before_photo_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("after_photo_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_rectification_after_photo_id"), ["after_photo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_before_photo_id"), ["before_photo_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_rectification_before_photo_id_photo"),
            "photo",
            ["before_photo_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_rectification_after_photo_id_photo"),
            "photo",
            ["after_photo_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
