"""Attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.add_column(sa.Column("archive_part", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("pages", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("before_id", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_photo_before_id"), ["before_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_photo_before_id_photo"),
            "photo",
            ["before_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
