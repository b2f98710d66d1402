"""Observed values."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "observed_values",
        sa.Column("household_id", sa.String(length=32), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("observed_at", sa.String(), nullable=True),
        sa.Column("observed_by", sa.String(), nullable=True),
        sa.Column("basis", sa.String(), nullable=True),
        sa.Column("held", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village", sa.String(length=12), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("merged_into", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_observed_values_household_id_household"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["observed_values.id"],
            name=op.f("fk_observed_values_merged_into_observed_values"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observed_values")),
    )
    with op.batch_alter_table("observed_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observed_values_household_id"), ["household_id"], unique=False)
        batch_op.create_index(
            "ix_observed_values_merged_into",
            ["merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
        )
